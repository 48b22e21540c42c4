"""OBO 1.4: terms and relations as stanzas, as OBO tools read them.

The format: https://owlcollab.github.io/oboformat/doc/obo-syntax.html. pronto writes it too, but turns axioms of
equivalence into something weaker, so this room writes the lines itself. `obo_reader` is the way back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from calcinosis_kg.errors import FormatError
from calcinosis_kg.interchange import ontology_contents
from calcinosis_kg.namespaces import prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyoxigraph as ox

    from calcinosis_kg.interchange.ontologies import Ontology, Term

ENDING = ".obo"
NAMESPACE = "calcinosis-kg"
"""The namespace of terms that name no other."""

_REMEDY = "Use owl, ofn or ttl, which hold any axiom."
_WRITTEN = re.compile(r"[\w.~/#:%&=?+@;<>()*$'-]+\Z")
"""What an identifier may hold unescaped here; the grammar takes a little more, its readers do not."""

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r"})
_QUOTES = str.maketrans({'"': '\\"'})
_LINE = str.maketrans({"{": "\\{", "}": "\\}", "!": "\\!"})
_KINDS = {"class": "Term", "relation": "Typedef", "annotation": "Typedef"}
_CHAIN = 2
"""How many relations a chain of OBO has."""


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return the file.

    Raises:
        FormatError: OBO has no words for an axiom, or cannot write an identifier.
    """
    return {ENDING: render(ontology_contents.of(quads)).encode()}


def read(files: Mapping[str, bytes], place: str) -> list[ox.Quad]:
    """Return what a file says; any file of OBO 1.2 or 1.4 that keeps to the grammar.

    Raises:
        InputError: It does not keep to the grammar.
        MissingExtraError: fastobo is not installed.
    """
    from calcinosis_kg.interchange import obo_reader, ontology_restored  # noqa: PLC0415 - writing does without them

    return list(ontology_restored.quads(obo_reader.parse(files[ENDING], place)))


def render(ontology: Ontology) -> str:
    """Return an ontology as OBO 1.4.

    >>> from calcinosis_kg.interchange.ontologies import Ontology, Term
    >>> term = Term("CKG:0000001", "class", "calcinosis cutis", "A calcinosis of the skin.", ("HP:0025520",))
    >>> print(render(Ontology(terms=(term,))).partition("[Term]")[2])
    <BLANKLINE>
    id: CKG:0000001
    name: calcinosis cutis
    def: "A calcinosis of the skin." [HP:0025520]
    <BLANKLINE>

    Raises:
        FormatError: OBO has no words for an axiom, or cannot write an identifier.
    """
    labels = ontology.labels()
    stanzas = [list(_header(ontology))]
    stanzas += [[f"[{_KINDS[term.kind]}]", *_stanza(term, labels)] for term in ontology.terms]
    return "\n\n".join("\n".join(lines) for lines in stanzas) + "\n"


def _header(ontology: Ontology) -> Iterator[str]:
    yield "format-version: 1.4"
    if ontology.version:
        yield f"data-version: {_text(ontology.version)}"
    yield f"default-namespace: {NAMESPACE}"
    said = {prefix for name in _identifiers(ontology) for prefix in [name.partition(":")[0]] if not _IRI.match(name)}
    for prefix, start in prefixes().items():
        if prefix in said:
            yield f"idspace: {prefix} {start}"
    yield from (f"remark: {_text(remark)}" for remark in ontology.remarks if remark.strip())
    if ontology.iri:
        yield f"ontology: {_text(ontology.iri)}"
    properties = ontology.properties
    if ontology.version_iri:
        properties = (*properties, ("owl:versionIRI", ontology.version_iri, ""))
    yield from _values(properties)


def _identifiers(ontology: Ontology) -> Iterator[str]:
    """Yield every identifier that the file will hold."""
    yield "xsd:string"
    yield from (name for value in (*ontology.properties, *(("owl:", "", ""),)) for name in value)
    for term in ontology.terms:
        yield from (term.id, *term.sources, *term.xrefs, *term.parents, *term.equivalents, *term.disjoint)
        yield from (*term.domains, *term.ranges, *term.inverses, *term.replaced_by, *term.considered)
        yield from term.alternatives
        yield from (name for pair in term.relationships for name in pair)
        yield from (name for one in term.definitions for name in one.genera)
        yield from (name for one in term.definitions for pair in one.differences for name in pair)
        yield from (name for chain in term.chains for name in chain)
        yield from (name for value in term.properties for name in (value[0], value[2] or value[1]))


def _stanza(term: Term, labels: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of a stanza, in the order that the format's guide gives to tags."""
    _check(term)

    def line(tag: str, *names: str) -> str:
        shown = " ".join(_identifier(name) for name in names)
        remark = (
            " ".join(labels[name] for name in names if name in labels) if len(names) == 1 else labels.get(names[-1])
        )
        return f"{tag}: {shown} ! {' '.join(remark.split())}" if remark else f"{tag}: {shown}"

    yield f"id: {_identifier(term.id)}"
    if term.label.strip():
        yield f"name: {_text(term.label)}"
    yield from (f"alt_id: {_identifier(name)}" for name in term.alternatives)
    if term.definition:
        sources = ", ".join(_identifier(name, inside=True) for name in term.sources)
        yield f"def: {_quoted(term.definition)} [{sources}]"
    yield from (f"comment: {_text(comment)}" for comment in term.comments[:1] if comment.strip())
    yield from (f"synonym: {_quoted(said)} {scope} []" for scope, said in term.synonyms)
    yield from (f"xref: {_identifier(name)}" for name in term.xrefs)
    others = ((("rdfs:comment", comment, "xsd:string")) for comment in term.comments[1:])
    yield from _values((*term.properties, *others))
    yield from (line("domain", name) for name in term.domains)
    yield from (line("range", name) for name in term.ranges)
    yield from (f"holds_over_chain: {' '.join(_identifier(name) for name in chain)}" for chain in term.chains)
    yield from (f"{trait}: true" for trait in term.traits)
    yield from (line("is_a", name) for name in term.parents)
    for definition in term.definitions:
        yield from (line("intersection_of", name) for name in definition.genera)
        yield from (line("intersection_of", *pair) for pair in definition.differences)
    yield from (line("equivalent_to", name) for name in term.equivalents)
    yield from (line("disjoint_from", name) for name in term.disjoint)
    yield from (line("inverse_of", name) for name in term.inverses)
    yield from (line("relationship", *pair) for pair in term.relationships)
    if term.obsolete:
        yield "is_obsolete: true"
    yield from (line("replaced_by", name) for name in term.replaced_by)
    yield from (line("consider", name) for name in term.considered)
    if term.kind == "annotation":
        yield "is_metadata_tag: true"


def _check(term: Term) -> None:
    """Find what the format does not allow."""
    name = term.id
    if len(term.definitions) > 1:
        raise FormatError(f"{name} is defined by several intersections, and OBO holds one", _REMEDY)
    for definition in term.definitions:
        if len(definition.genera) + len(definition.differences) < _CHAIN:
            raise FormatError(f"{name} is defined by an intersection of one class", _REMEDY)
    for chain in term.chains:
        if len(chain) != _CHAIN:
            raise FormatError(f"a chain of {name} has {len(chain)} relations, and OBO holds two", _REMEDY)
    if term.obsolete and (term.parents or term.relationships or term.definitions):
        raise FormatError(f"{name} is obsolete and has parents, which OBO forbids", "Take out its axioms, or use owl.")


def _values(properties: tuple[tuple[str, str, str], ...]) -> Iterator[str]:
    for predicate, value, datatype in sorted(properties):
        said = f"{_quoted(value)} {_identifier(datatype)}" if datatype else _identifier(value)
        yield f"property_value: {_identifier(predicate)} {said}"


def _identifier(name: str, *, inside: bool = False) -> str:
    r"""Return an identifier as OBO writes it; inside a list, a comma would end it.

    >>> _identifier("DOI:10.1/a:b")
    'DOI:10.1/a\\:b'
    """
    written = name.replace("\\", "\\\\").replace(" ", "\\ ").replace(",", "\\,") if not _IRI.match(name) else name
    if not _WRITTEN.match(written.replace("\\", "").replace(" ", "").replace(",", "")) or (inside and "," in name):
        raise FormatError(f"OBO cannot write the identifier '{name}'", "Write one of letters, digits and ._-/:.")
    if _IRI.match(name):
        return written
    prefix, colon, local = written.partition(":")
    return prefix + colon + local.replace(":", "\\:")


def _quoted(text: str) -> str:
    """Return a quoted text; fastobo, and so pronto, finds no end of one whose last sign is a backslash."""
    if text.endswith("\\"):
        problem = f"readers of OBO do not understand a text that ends in a backslash: {text[-40:]!r}"
        raise FormatError(problem, "End it otherwise, or use owl, ofn or ttl.")
    return f'"{text.translate(_ESCAPES).translate(_QUOTES)}"'


def _text(text: str) -> str:
    r"""Return an unquoted text; a sign that starts a comment or a modifier is escaped, and no other.

    Quotation marks need it by no rule, and OAK would show the sign before them.

    >>> _text("a {b} ! c")
    'a \\{b\\} \\! c'
    """
    return text.strip().translate(_ESCAPES).translate(_LINE)
