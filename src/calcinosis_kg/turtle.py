"""Writes Turtle and TriG that a person likes to read, the same bytes for the same graph.

Sections, types and labels first, one value a line, and the label of what an identifier names as a comment
beside it. No library does this deterministically and with labels; any library reads the result.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.namespaces import compress, expand, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE, _FIRST, _REST = (ox.NamedNode(_RDF + name) for name in ("type", "first", "rest"))
_NIL = ox.NamedNode(_RDF + "nil")
_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_BARE = {"boolean": re.compile("true|false"), "integer": re.compile("[+-]?[0-9]+"), "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+")}
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


def write(quads: Iterable[ox.Quad], *, named_graphs: bool) -> str:
    """Return Turtle, or TriG if named graphs are wanted, of quads in canonical order.

    >>> quad = ox.Quad(ox.NamedNode(expand("DOID:182")), _LABEL, ox.Literal("calcinosis", language="en"))
    >>> print(write([quad], named_graphs=False))
    @prefix DOID: <http://purl.obolibrary.org/obo/DOID_> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    <BLANKLINE>
    DOID:182
        rdfs:label "calcinosis"@en .
    <BLANKLINE>
    """
    graphs: dict[object, list[ox.Quad]] = defaultdict(list)
    given = list(quads)
    for quad in given:
        graphs[quad.graph_name if named_graphs else ox.DefaultGraph()].append(quad)
    labels = {quad.subject: quad.object.value for quad in reversed(given) if quad.predicate == _LABEL}
    used: set[str] = set()
    blocks: list[str] = []
    for name in sorted(graphs, key=str):
        page = _Page(graphs[name], labels, used)
        if isinstance(name, ox.DefaultGraph):
            blocks += page.blocks("")
        else:
            blocks.append("\n".join((f"{page.name(name)} {{", "", "\n\n".join(page.blocks("    ")), "}")))
    head = "\n".join(f"@prefix {prefix}: <{iri}> ." for prefix, iri in sorted(prefixes().items()) if prefix in used)
    return "\n\n".join((head, *blocks)) + "\n"


class _Page:
    """One graph on paper."""

    def __init__(self, quads: list[ox.Quad], labels: dict[object, str], used: set[str]) -> None:
        self._facts: dict[Node, dict[ox.NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._labels = labels
        self._used = used
        references: dict[Term, int] = defaultdict(int)
        for quad in quads:
            values = self._facts[quad.subject][quad.predicate]
            if quad.object not in values:
                values.append(quad.object)
                references[quad.object] += 1
        self._inline = {node for node in self._facts if isinstance(node, ox.BlankNode) and references[node] == 1}

    def blocks(self, indent: str) -> list[str]:
        """Return the blocks of the graph, a comment line before each section."""
        sections: dict[str, list[Node]] = defaultdict(list)
        for subject in self._facts:
            if subject not in self._inline:
                sections[self._section(subject)].append(subject)
        names = [*(name for name, _ in _SECTIONS), _LAST]
        found = []
        for name in (name for name in names if name in sections):
            if len(sections) > 1:
                found.append(f"{indent}# ---- {name} ----")
            found += [self._block(subject, indent) for subject in sorted(sections[name], key=self._order)]
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
        prefix, colon, local = compress(iri).partition(":")
        if iri.startswith(expand("claim:")):
            prefix, colon, local = "claim", ":", iri.removeprefix(expand("claim:"))
        if colon and prefix in prefixes() and _LOCAL.match(local):
            self._used.add(prefix)
            return f"{prefix}:{local}"
        return f"<{iri}>"

    def _section(self, subject: Node) -> str:
        types = {term.value for term in self._facts[subject].get(_TYPE, ()) if isinstance(term, ox.NamedNode)}
        for name, curies in _SECTIONS:
            if any(expand(curie) in types for curie in curies):
                return name
        return _LAST

    def _order(self, subject: Node) -> list[tuple[int, str]]:
        parts = re.split(r"(\d+)", compress(subject.value) if isinstance(subject, ox.NamedNode) else str(subject))
        return [(int(part), "") if part.isdigit() else (0, part) for part in parts]

    def _block(self, subject: Node, indent: str) -> str:
        lines = list(self._lines(subject, indent + "    "))
        head = indent + self.name(subject)
        if _LABEL not in self._facts[subject] and subject in self._labels:
            head += f"  # {' '.join(self._labels[subject].split())}"
        return "\n".join((head, *lines))

    def _lines(self, subject: Node, indent: str) -> Iterator[str]:
        """Yield a line for each fact, the last one closed with a full stop."""
        facts = [(predicate, value) for predicate in self._predicates(subject) for value in self._values(subject, predicate)]
        for number, (predicate, value) in enumerate(facts):
            last = number == len(facts) - 1
            verb = "a" if predicate == _TYPE else self._iri(predicate.value)
            yield f"{indent}{verb} {self._object(value)} {'.' if last else ';'}{self._remark(predicate, value)}"

    def _remark(self, predicate: ox.NamedNode, value: Term) -> str:
        """Return the label of a value as a comment, after that of a predicate whose name says nothing."""
        named = [self._labels.get(value, "")]
        if re.search(r"_\d+\Z", predicate.value) and not isinstance(value, ox.Literal):
            named.insert(0, self._labels.get(predicate, ""))
        shown = ": ".join(" ".join(label.split()) for label in named if label)
        return f"  # {shown}" if shown else ""

    def _predicates(self, subject: Node) -> list[ox.NamedNode]:
        first = {_TYPE: 0, _LABEL: 1}
        return sorted(self._facts[subject], key=lambda predicate: (first.get(predicate, 2), compress(predicate.value)))

    def _values(self, subject: Node, predicate: ox.NamedNode) -> list[Term]:
        values = self._facts[subject][predicate]
        return sorted(values, key=lambda value: (isinstance(value, ox.BlankNode), self._object(value)))

    def _object(self, value: Term) -> str:
        if value not in self._inline:
            return self.name(value)
        items = self._items(value)
        if items is not None:
            return f"( {' '.join(self._object(item) for item in items)} )"
        facts = [
            f"{'a' if predicate == _TYPE else self._iri(predicate.value)} {self._object(inner)}"
            for predicate in self._predicates(value)
            for inner in self._values(value, predicate)
        ]
        return f"[ {' ; '.join(facts)} ]"

    def _items(self, node: Term) -> list[Term] | None:
        """Return the members of a well-formed list whose cells are all inline, else None."""
        items: list[Term] = []
        while node != _NIL:
            facts = self._facts.get(node, {}) if node in self._inline else {}
            if set(facts) != {_FIRST, _REST} or len(facts[_FIRST]) != 1 or len(facts[_REST]) != 1:
                return None
            items.append(facts[_FIRST][0])
            node = facts[_REST][0]
        return items
