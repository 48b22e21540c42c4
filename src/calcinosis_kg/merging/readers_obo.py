"""OBO 1.2 and 1.4, line by line: terms, hierarchy, relationships and cross-references, with their lines.

The tags that say something between terms become edges and mappings; all others are kept with the term as they
stand. Grammar and meaning: https://owlcollab.github.io/oboformat/doc/GO.format.obo-1_4.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from calcinosis_kg.merging import records
from calcinosis_kg.merging.readers_cells import curie
from calcinosis_kg.merging.readers_sheaf import Sheaf
from calcinosis_kg.merging.readers_streams import Fault, Stream, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from calcinosis_kg.merging.readers_cells import Origin

OBO = "http://purl.obolibrary.org/obo/"
MATCHING = "semapv:UnspecifiedMatching"
"""Why a cross-reference is there: nobody says."""

_CATEGORIES = {"Term": "owl:Class", "Typedef": "owl:ObjectProperty", "Instance": "owl:NamedIndividual"}
_TAG = re.compile(r"([A-Za-z_][\w-]*):[ \t]*(.*)\Z", re.DOTALL)
_MODIFIERS = re.compile(r'\s*\{((?:[^{}"]|"(?:[^"\\]|\\.)*")*)\}\s*\Z')
_MODIFIER = re.compile(r'([\w:.-]+)=("(?:[^"\\]|\\.)*"|[^,\s]+)')
_COMMENT = re.compile(r'((?:[^"!\\]|\\.|"(?:[^"\\]|\\.)*"|!(?=\S)|(?<=\S)!)*?)\s+!(\s.*|)\Z', re.DOTALL)
_SAID = ("gci_relation", "gci_filler", "cardinality", "minCardinality", "maxCardinality", "all_only", "all_some")
"""Modifiers that are part of what a relationship says; the others are evidence for it."""

_MATCHES = {f"skos:{name}Match" for name in ("exact", "close", "broad", "narrow", "related")}
_ESCAPES = {"n": "\n", "t": "\t", "W": " "}


@dataclass
class Stanza:
    """A stanza as it stands.

    Attributes:
        kind: Term, Typedef, Instance; empty for the header of the file.
        line: Its first line.
        tags: Line, tag and value of each row.
    """

    kind: str
    line: int
    tags: list[tuple[int, str, str]] = field(default_factory=list)

    def values(self, tag: str) -> list[str]:
        """Return the values of a tag, without modifiers and comments."""
        return [core(value)[0] for _, name, value in self.tags if name == tag]


def core(value: str) -> tuple[str, dict[str, str]]:
    r"""Return a value without its comment and modifiers, and the modifiers.

    >>> core('DOID:4 {source="a ! b"} ! disease')
    ('DOID:4', {'source': 'a ! b'})
    """
    if "!" not in value and "{" not in value:
        return value.strip(), {}
    commented = _COMMENT.match(value) if "!" in value else None
    bare = commented[1] if commented else value
    found = _MODIFIERS.search(bare)
    if not found:
        return bare.strip(), {}
    modifiers = {name: _unquoted(text) for name, text in _MODIFIER.findall(found[1])}
    return bare[: found.start()].strip(), modifiers


def read(stream: Stream, origin: Origin) -> Iterator[records.Batch]:
    """Yield the records of an OBO file; it is read twice, as relations are declared at its end."""
    shorthands, ontology = _declared(Stream(stream.path))
    sheaf = Sheaf(origin)
    for stanza in stanzas(stream):
        _stanza(stanza, shorthands, ontology, sheaf, stream.faults)
        yield from sheaf.full()
    yield from sheaf.all()


def stanzas(stream: Stream, only: str = "") -> Iterator[Stanza]:
    """Yield the header, then each stanza, or those of one kind; rows that are no tag become faults."""
    current = Stanza("", 1)
    skipped = False
    for first, block in stream.lines():
        for number, raw in enumerate(block.split(b"\n")[:-1], first):
            if skipped and not raw.startswith(b"["):
                continue
            if not raw.strip() or raw.lstrip().startswith(b"!"):
                continue
            text, why = _decoded(raw)
            if not why and text.startswith("[") and text.rstrip().endswith("]"):
                if not skipped:
                    yield current
                current = Stanza(text.strip()[1:-1], number)
                skipped = bool(only) and current.kind != only
                continue
            tag = None if why else _TAG.match(text)
            if tag:
                current.tags.append((number, tag[1], tag[2]))
            else:
                stream.faults.append(Fault(number, why or "is no 'tag: value'. Mend it.", shown(raw)))
    if not skipped:
        yield current


def _decoded(raw: bytes) -> tuple[str, str]:
    for sign, name in ((b"\0", "a NUL character"), (b"\r", "a lone carriage return")):
        if sign in raw:
            return "", f"holds {name}. Fetch the file again."
    try:
        return raw.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        return "", f"is not UTF-8 (byte {error.start + 1}). Save the file as UTF-8."


def _declared(stream: Stream) -> tuple[dict[str, str], str]:
    """Return the identifiers behind the short names of relations, and the name of the ontology."""
    found: dict[str, str] = {}
    name = ""
    for stanza in stanzas(stream, only="Typedef"):
        if not stanza.kind:
            name = next(iter(stanza.values("ontology")), "")
        for own in stanza.values("id"):
            meant = [value.partition(" ")[0] for value in stanza.values("xref")]
            if not curie(own):
                found[own] = next(filter(curie, meant), f"{_address(name or 'unknown')}#{own}")
    return found, name


def _address(ontology: str) -> str:
    """Return what the identifiers of an ontology start with; its name may be an address already."""
    return ontology if "://" in ontology else OBO + ontology


def _stanza(stanza: Stanza, shorthands: dict[str, str], ontology: str, sheaf: Sheaf, faults: list[Fault]) -> None:
    rest: dict[str, list[str]] = {}
    own = stanza.values("id")
    if not stanza.kind:
        _header(stanza, ontology, sheaf)
        return
    relation = stanza.kind == "Typedef"
    if len(own) != 1 or not (curie(own[0]) or (relation and own[0])):
        _unnamed(stanza, "several ids" if own[1:] else "no id that is a CURIE", faults)
        return
    subject = shorthands.get(own[0], own[0])
    row = _Row(subject, relation, shorthands, ontology, sheaf)
    obsolete = False
    for line, tag, value in stanza.tags:
        why = row.say(line, tag, value)
        if tag == "is_obsolete":
            obsolete = core(value)[0] == "true"
            why = "" if core(value)[0] in ("true", "false") else "is_obsolete is neither true nor false. Write one."
        if why is None and tag not in ("id", "name", "replaced_by", "consider"):
            rest.setdefault(tag, []).append(value)
        elif why:
            faults.append(Fault(line, why, f"{tag}: {value}"))
    if own[0] != subject:
        rest["id"] = own
    names = [_unescaped(value) for _, tag, value in stanza.tags if tag == "name"]
    if names[1:]:
        rest["name"] = names[1:]
    sheaf.add(
        records.NODES,
        stanza.line,
        id=subject,
        category=_CATEGORIES.get(stanza.kind, stanza.kind),
        name=names[0] if names else "",
        deprecated=obsolete,
        replaced_by=records.join(stanza.values("replaced_by")),
        consider=records.join(stanza.values("consider")),
        rest=records.canonical(rest),
    )


def _header(stanza: Stanza, ontology: str, sheaf: Sheaf) -> None:
    """Add what the header says of the file, as of a node for the ontology."""
    rest: dict[str, list[str]] = {}
    for _, tag, value in stanza.tags:
        rest.setdefault(tag, []).append(value)
    if rest:
        name = ontology or sheaf.origin.source
        node = name if "://" in name else f"{_address(name)}.owl"
        sheaf.add(records.NODES, 1, id=node, category="owl:Ontology", rest=records.canonical(rest))


def _unnamed(stanza: Stanza, what: str, faults: list[Fault]) -> None:
    """Report a stanza that is about nothing: each of its rows is lost with it."""
    reason = f"a stanza [{stanza.kind}] has {what}. Give it one."
    faults.extend(Fault(line, reason, f"{tag}: {value}") for line, tag, value in stanza.tags)
    if not stanza.tags:
        faults.append(Fault(stanza.line, reason))


@dataclass
class _Row:
    """Says what a row of a stanza says between terms."""

    subject: str
    relation: bool
    shorthands: dict[str, str]
    ontology: str
    sheaf: Sheaf

    def say(self, line: int, tag: str, value: str) -> str | None:
        """Add the records of a row; return why it makes none, or None where it is a matter of the term alone."""
        bare, modifiers = core(value)
        if tag == "is_a":
            return self._edge(line, "rdfs:subPropertyOf" if self.relation else "rdfs:subClassOf", bare, modifiers)
        if tag == "relationship":
            short, _, other = bare.partition(" ")
            predicate = self.shorthands.get(short, short if curie(short) else self._short(short))
            return self._edge(line, predicate, other.strip(), modifiers)
        if tag == "alt_id":
            return self._alternative(line, bare)
        if tag == "xref" and not self.relation:
            other, _, comment = bare.partition(" ")
            return self._mapping(line, "oboInOwl:hasDbXref", other, modifiers, comment.strip())
        if tag == "property_value" and bare.split(" ")[0] in _MATCHES:
            parts = bare.split()
            return self._mapping(line, parts[0], parts[1].strip('"') if len(parts) > 1 else "", modifiers, "")
        return None

    def _short(self, name: str) -> str:
        """Return the IRI that OBO gives to a short name which is declared nowhere."""
        return f"{_address(self.ontology or 'unknown')}#{name}"

    def _edge(self, line: int, predicate: str, other: str, modifiers: dict[str, str]) -> str:
        target = self.shorthands.get(other, other)
        if self.relation and other and not curie(target) and " " not in other:
            target = self._short(other)
        if not curie(target):
            return f"'{other}' is no CURIE. Write prefix:identifier." if other else "names no other term. Add it."
        said = {name: text for name, text in modifiers.items() if name in _SAID}
        rest = {name: text for name, text in modifiers.items() if name not in _SAID}
        self.sheaf.add(
            records.EDGES,
            line,
            subject=self.subject,
            predicate=predicate,
            object=target,
            qualifiers=records.canonical(said),
            rest=records.canonical(rest),
        )
        return ""

    def _mapping(self, line: int, predicate: str, other: str, modifiers: dict[str, str], comment: str) -> str:
        target = re.sub(r"\\(.)", r"\1", other)
        if not curie(target):
            return f"'{target}' is no CURIE. Write prefix:identifier."
        self.sheaf.add(
            records.MAPPINGS,
            line,
            subject_id=self.subject,
            predicate_id=predicate,
            object_id=target,
            mapping_justification=MATCHING,
            rest=records.canonical({**modifiers, "comment": comment}),
        )
        return ""

    def _alternative(self, line: int, other: str) -> str:
        """An alternative id is an obsolete term that this one replaces."""
        if not curie(other):
            return f"'{other}' is no CURIE. Write prefix:identifier."
        rest = records.canonical({"alt_id_of": self.subject})
        self.sheaf.add(records.NODES, line, id=other, deprecated=True, replaced_by=self.subject, rest=rest)
        return ""


def _unescaped(value: str) -> str:
    r"""Return a text with its escapes resolved; a comment sign in a name is part of it.

    >>> _unescaped("a\\, b")
    'a, b'
    """
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), value).strip()


def _unquoted(text: str) -> str:
    return _unescaped(text[1:-1] if text.startswith('"') else text)
