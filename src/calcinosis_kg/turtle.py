"""Writes Turtle and TriG that a person likes to read, the same bytes for the same graph.

Sections, types and labels first, one value a line, and the label of what an identifier names as a comment
beside it. No library does this deterministically and with labels; any library reads the result.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from calcinosis_kg import nesting, oxigraph
from calcinosis_kg.namespaces import CLAIM, compress, expand, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from calcinosis_kg.nesting import Node, Term

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_READING = (
    "rdf:type", "rdfs:label", "rdf:subject", "ckgv:relation", "rdf:predicate", "rdf:object",
    "biolink:negated", "ckgv:modality", "ckgv:claimStatus", "oa:start", "oa:end",
)  # fmt: skip
"""The predicates that a reader looks for first; the others follow by name."""
_XSD = "http://www.w3.org/2001/XMLSchema#"
_BARE = {
    "boolean": re.compile("true|false"),
    "integer": re.compile("[+-]?[0-9]+"),
    "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
}
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")

_SECTIONS = (
    ("Ontologies", ("owl:Ontology",)),
    ("Classes", ("owl:Class",)),
    ("Properties", ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty", "rdf:Property")),
    ("Values of the vocabulary", ("skos:ConceptScheme", "skos:Concept")),
    ("The document", ("ckgv:SourceDocument", "prov:Activity", "prov:Agent")),
    ("Claims", ("ckgv:Claim",)),
    ("Hedges", ("ckgv:Hedge",)),
    ("Propositions", ("ckgv:Proposition",)),
    ("Evidence", ("ckgv:EvidenceLine",)),
    ("Spans that claim nothing", ("ckgv:NonClaimSpan",)),
    ("Places in the document", ("oa:SpecificResource", "oa:TextPositionSelector", "spdx:Checksum")),
    ("Mappings", ("sssom:Mapping",)),
)
_LAST = "Statements"


def write(
    quads: Iterable[ox.Quad],
    *,
    named_graphs: bool,
    own: Mapping[str, str] | None = None,
    names: Mapping[Term, str] | None = None,
    annotations: Mapping[ox.Triple, Sequence[str]] | None = None,
) -> str:
    """Return Turtle, or TriG if named graphs are wanted, of quads in canonical order.

    Args:
        quads: What to write.
        named_graphs: Whether to write TriG.
        own: Prefixes of this text alone, beside those of the prefix map; an IRI may be a prefix as it is.
        names: Labels for comments that the quads themselves do not have.
        annotations: What RDF 1.2 says of a triple, one text a reifier (`~ claim:CKG-C1 {| ... |}`).

    >>> quad = ox.Quad(ox.NamedNode(expand("DOID:182")), _LABEL, ox.Literal("calcinosis", language="en"))
    >>> print(write([quad], named_graphs=False))
    @prefix DOID: <http://purl.obolibrary.org/obo/DOID_> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    <BLANKLINE>
    DOID:182
        rdfs:label "calcinosis"@en .
    <BLANKLINE>

    Raises:
        FormatError: There are triple terms of RDF 1.2.
    """
    given = list(dict.fromkeys(quads if named_graphs else (ox.Quad(*quad.triple) for quad in quads)))
    graphs: dict[ox.NamedNode | ox.BlankNode | ox.DefaultGraph, list[ox.Quad]] = defaultdict(list)
    labels: dict[Term, str] = {}
    prefixed = sorted(((iri, prefix) for prefix, iri in (own or {}).items()), reverse=True)
    for quad in given:
        graphs[quad.graph_name].append(quad)
        if quad.predicate == _LABEL and isinstance(quad.object, ox.Literal):
            labels.setdefault(quad.subject, quad.object.value)
    beside = _Beside({**(names or {}), **labels}, prefixed, annotations or {})
    nested = nesting.find(given)
    used: set[str] = set()
    blocks: list[str] = []
    for name in sorted(graphs, key=str):
        page = _Page(graphs[name], beside, nested, used)
        if isinstance(name, ox.DefaultGraph):
            blocks += page.blocks("")
        else:
            blocks.append("\n".join((f"{page.name(name)} {{", "", "\n\n".join(page.blocks("    ")), "}")))
    known = {**prefixes(), **(own or {})}
    head = "\n".join(f"@prefix {prefix}: <{iri}> ." for prefix, iri in sorted(known.items()) if prefix in used)
    return "\n\n".join(part for part in (head, *blocks) if part) + "\n" * bool(blocks)


class _Beside(NamedTuple):
    """What stands on every page beside the quads: labels, prefixes of this text alone, notes of RDF 1.2 on triples."""

    labels: Mapping[Term, str]
    prefixes: Sequence[tuple[str, str]]
    annotations: Mapping[ox.Triple, Sequence[str]]


class _Page:
    """One graph on paper."""

    def __init__(self, quads: Sequence[ox.Quad], beside: _Beside, nested: nesting.Nesting, used: set[str]) -> None:
        self._facts: dict[Node, dict[ox.NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._labels = beside.labels
        self._nested = nested
        self._used = used
        self._own = beside.prefixes
        self._annotations = beside.annotations
        self._written: dict[Term, str] = {}
        for quad in quads:
            self._facts[quad.subject][quad.predicate].append(quad.object)

    def blocks(self, indent: str) -> list[str]:
        """Return the blocks of the graph, a comment line before each section."""
        sections: dict[str, list[Node]] = defaultdict(list)
        for subject in self._facts:
            if subject not in self._nested.inside:
                sections[self._section(subject)].append(subject)
        names = [*(name for name, _ in _SECTIONS), _LAST]
        found = []
        for name in (name for name in names if name in sections):
            if len(sections) > 1:
                found.append(f"{indent}# ---- {name} ----")
            found += [self._block(subject, indent) for subject in sorted(sections[name], key=oxigraph.natural)]
        return found

    def name(self, node: Term) -> str:
        """Return a node or literal as Turtle writes it."""
        if isinstance(node, ox.NamedNode):
            return self._iri(node.value)
        if isinstance(node, ox.Literal) and not node.language:
            datatype = node.datatype.value
            kind = datatype.removeprefix(_XSD)
            if kind in _BARE and datatype.startswith(_XSD) and _BARE[kind].fullmatch(node.value):
                return str(node.value)
            if kind != "string":
                return f"{ox.Literal(node.value)}^^{self._iri(datatype)}"
        return str(node)

    def _iri(self, iri: str) -> str:
        for start, prefix in self._own:
            local = iri.removeprefix(start)
            if iri.startswith(start) and (not local or _LOCAL.match(local)):
                self._used.add(prefix)
                return f"{prefix}:{local}"
        short = f"claim:{iri.removeprefix(CLAIM)}" if iri.startswith(CLAIM) else compress(iri)
        prefix, _, local = short.partition(":")
        if short != iri and _LOCAL.match(local):
            self._used.add(prefix)
            return short
        return f"<{iri}>"

    def _section(self, subject: Node) -> str:
        types = {term.value for term in self._facts[subject].get(_TYPE, ()) if isinstance(term, ox.NamedNode)}
        for name, curies in _SECTIONS:
            if any(expand(curie) in types for curie in curies):
                return name
        return _LAST

    def _block(self, subject: Node, indent: str) -> str:
        lines = list(self._lines(subject, indent + "    "))
        head = indent + self.name(subject)
        if _LABEL not in self._facts[subject] and subject in self._labels:
            head += f"  # {' '.join(self._labels[subject].split())}"
        return "\n".join((head, *lines))

    def _lines(self, subject: Node, indent: str) -> Iterator[str]:
        """Yield a line for each fact, the last one closed with a full stop."""
        predicates = self._predicates(subject)
        facts = [(predicate, value) for predicate in predicates for value in self._values(subject, predicate)]
        for number, (predicate, value) in enumerate(facts):
            last = number == len(facts) - 1
            verb = "a" if predicate == _TYPE else self._iri(predicate.value)
            said, end, remark = self._object(value), "." if last else ";", self._remark(predicate, value)
            notes = self._annotations.get(ox.Triple(subject, predicate, value), ()) if self._annotations else ()
            if not notes:
                yield f"{indent}{verb} {said} {end}{remark}"
                continue
            yield f"{indent}{verb} {said}{remark}"
            for place, note in enumerate(notes, 1):
                yield f"{indent}    {note}{f' {end}' if place == len(notes) else ''}"

    def _remark(self, predicate: ox.NamedNode, value: Term) -> str:
        """Return the label of a value as a comment, after that of a predicate whose name says nothing."""
        named = [", ".join(label for label in self._spoken(value) if label)]
        if re.search(r"_\d+\Z", predicate.value) and not isinstance(value, ox.Literal):
            named.insert(0, self._labels.get(predicate, ""))
        shown = ": ".join(" ".join(label.split()) for label in named if label)
        return f"  # {shown}" if shown else ""

    def _spoken(self, value: Term) -> Iterator[str]:
        """Yield the labels of what a value names: its own, or those inside a nested node, types left out."""
        if not isinstance(value, ox.BlankNode) or value not in self._nested.inside:
            label = self._labels.get(value, "")
            if not isinstance(value, ox.NamedNode) or _bare(label) != _bare(re.split("[/#]", value.value)[-1]):
                yield label  # a name that already reads like its label needs no comment
            return
        inside = self._nested.items(value)
        if inside is None:
            predicates = (predicate for predicate in self._predicates(value) if predicate != _TYPE)
            inside = [inner for predicate in predicates for inner in self._values(value, predicate)]
        for inner in inside:
            yield from self._spoken(inner)

    def _predicates(self, subject: Node) -> list[ox.NamedNode]:
        first = {expand(curie): place for place, curie in enumerate(_READING)}
        return sorted(
            self._facts[subject],
            key=lambda predicate: (first.get(predicate.value, len(first)), compress(predicate.value)),
        )

    def _values(self, subject: Node, predicate: ox.NamedNode) -> list[Term]:
        """Return values in order: IRIs and literals, then named blank nodes, then nested ones by what they say."""
        values = self._facts[subject][predicate]
        inside = self._nested.inside
        nested = sorted((value for value in values if value in inside), key=self._object)
        named = sorted(
            (value for value in values if value not in inside),
            key=lambda value: (isinstance(value, ox.BlankNode), oxigraph.natural(value)),
        )
        return [*named, *nested]

    def _object(self, value: Term) -> str:
        if not isinstance(value, ox.BlankNode) or value not in self._nested.inside:
            return self.name(value)
        if value not in self._written:
            self._written[value] = self._inside(value)
        return self._written[value]

    def _inside(self, value: Node) -> str:
        items = self._nested.items(value)
        if items is not None:
            return f"( {' '.join(self._object(item) for item in items)} )"
        facts = [
            f"{'a' if predicate == _TYPE else self._iri(predicate.value)} {self._object(inner)}"
            for predicate in self._predicates(value)
            for inner in self._values(value, predicate)
        ]
        return f"[ {' ; '.join(facts)} ]"


def _bare(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()
