"""RDF: statements between entities become edges, labels and the like nodes, matches mappings; all else is carried.

The file is read twice: first to learn which nodes are statements about statements and which properties only
annotate, then to say it all. Claims and their evidence are held in memory, all else streams.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.claims import STATUSES
from calcinosis_kg.merging import records
from calcinosis_kg.merging.readers_cells import curie, truth
from calcinosis_kg.merging.readers_obo import MATCHING
from calcinosis_kg.merging.readers_quads import Quads
from calcinosis_kg.merging.readers_reified import Statements
from calcinosis_kg.merging.readers_sheaf import Sheaf
from calcinosis_kg.merging.readers_streams import Fault, Stream
from calcinosis_kg.namespaces import GRAPH, VOCABULARY, expand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from calcinosis_kg.merging.readers_cells import Origin

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OBO_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
_TYPE, _LABEL, _SUBCLASS = _RDF + "type", _RDFS + "label", _RDFS + "subClassOf"
_DEPRECATED, _XREF = _OWL + "deprecated", _OBO_IN_OWL + "hasDbXref"
_CATEGORY = expand("biolink:category")
_REPLACED, _CONSIDER = expand("IAO:0100001"), _OBO_IN_OWL + "consider"
_MATCHES = frozenset(
    {_SKOS + name + "Match" for name in ("exact", "close", "broad", "narrow", "related")}
    | {_OWL + "sameAs", _OWL + "equivalentClass"}
)
_BETWEEN = frozenset({_SUBCLASS, _SKOS + "broader", _SKOS + "narrower", _SKOS + "related"})
_ABOUT = (
    _RDF, _RDFS, _OWL, _SKOS, _OBO_IN_OWL, VOCABULARY, "https://w3id.org/sssom/", "http://www.w3.org/ns/prov#",
    "http://purl.org/dc/terms/", "http://purl.org/dc/elements/1.1/", "http://xmlns.com/foaf/0.1/", "http://www.w3.org/ns/oa#",
    "http://rdfs.org/ns/void#", "http://purl.org/pav/", "http://purl.org/vocab/vann/", "http://www.w3.org/ns/shacl#",
    "http://spdx.org/rdf/terms#", "http://purl.org/spar/cito/", "http://www.w3.org/ns/dcat#",
)  # fmt: skip
"""Namespaces of properties that tell about terms, files and evidence, and state nothing between entities."""

_IS = ox.NamedNode(_TYPE)
_ANNOTATING = frozenset({ox.NamedNode(_OWL + "AnnotationProperty"), ox.NamedNode(_OWL + "Ontology")})
_OFTEN = 1000
"""Quads between two looks at whether there is enough for a batch."""

_PLAIN = "http://www.w3.org/2001/XMLSchema#string"


def read(stream: Stream, origin: Origin, kind: str) -> Iterator[records.Batch]:
    """Yield the records of an RDF file."""
    first = Quads(Stream(stream.path), kind, origin.source)
    statements, annotations = Statements(), set()
    for _, quad in first:
        statements.scan(quad)
        if quad.predicate == _IS and quad.object in _ANNOTATING:
            annotations.add(quad.subject)
    statements.settle()
    sheaf = Sheaf(origin)
    reader = _Reader(sheaf, annotations)
    number = 0
    for number, quad in Quads(stream, kind, origin.source):
        if not statements.takes(number, quad):
            reader.say(number, quad)
            if not number % _OFTEN:
                yield from sheaf.full()
    if not number:
        stream.note(f"as {kind} it states nothing")
    reader.finish()
    for number, why, text in statements.say(sheaf, first.doubtful, cut=first.cut):
        stream.faults.append(Fault(number, why, text))
    yield from sheaf.all()


@dataclass
class _Entity:
    """What a run of quads with one subject tells of it."""

    subject: str
    graph: str
    number: int
    category: list[str] = field(default_factory=list)
    name: str = ""
    language: str = ""
    deprecated: bool = False
    replaced_by: list[str] = field(default_factory=list)
    consider: list[str] = field(default_factory=list)


@dataclass
class _Reader:
    """Says quads that belong to no statement about a statement.

    Attributes:
        sheaf: Where records go.
        annotations: Properties that only annotate, and the ontologies themselves.
    """

    sheaf: Sheaf
    annotations: set[ox.NamedNode | ox.BlankNode | ox.Triple]
    entity: _Entity | None = None

    def say(self, number: int, quad: ox.Quad) -> None:
        """Add the record of a quad, or gather it for that of its subject."""
        subject, predicate, content, graph = quad.subject, quad.predicate.value, quad.object, quad.graph_name
        named = isinstance(subject, ox.NamedNode) and not isinstance(graph, ox.BlankNode)
        if not named or isinstance(content, ox.BlankNode | ox.Triple) or subject in self.annotations:
            self._carry(number, quad)
        elif isinstance(content, ox.Literal):
            self._literal(number, quad, content)
        elif predicate in (_TYPE, _CATEGORY):
            self._of(number, quad).category.append(content.value)
        elif predicate == _REPLACED:
            self._of(number, quad).replaced_by.append(content.value)
        elif predicate == _CONSIDER:
            self._of(number, quad).consider.append(content.value)
        elif predicate in _MATCHES or predicate == _XREF:
            self._mapping(number, quad, content.value)
        elif predicate not in _BETWEEN and (quad.predicate in self.annotations or predicate.startswith(_ABOUT)):
            self._carry(number, quad)
        else:
            ends = {"predicate": predicate, "object": content.value}
            self.sheaf.add(
                records.EDGES, number, subject=_iri(subject), **ends, standing=_standing(graph), rest=_rest(quad)
            )

    def finish(self) -> None:
        """Add the record of the last subject."""
        entity, self.entity = self.entity, None
        if entity:
            self.sheaf.add(
                records.NODES,
                entity.number,
                id=entity.subject,
                category=records.join(entity.category),
                name=entity.name,
                deprecated=entity.deprecated,
                replaced_by=records.join(entity.replaced_by),
                consider=records.join(entity.consider),
                rest=records.canonical({"graph": entity.graph, "language": entity.language}),
            )

    def _literal(self, number: int, quad: ox.Quad, content: ox.Literal) -> None:
        predicate = quad.predicate.value
        plain = content.language or content.datatype.value == _PLAIN
        if predicate == _LABEL and plain and content.value:
            entity = self._of(number, quad)
            if entity.name:
                self.finish()
                entity = self._of(number, quad)
            entity.name, entity.language = content.value, content.language or ""
        elif predicate == _DEPRECATED and truth(content.value) is not None:
            self._of(number, quad).deprecated |= bool(truth(content.value))
        elif predicate == _XREF and plain and curie(content.value):
            self._mapping(number, quad, content.value)
        elif predicate in (_REPLACED, _CONSIDER) and plain and curie(content.value):
            entity = self._of(number, quad)
            (entity.replaced_by if predicate == _REPLACED else entity.consider).append(content.value)
        else:
            self._carry(number, quad)

    def _of(self, number: int, quad: ox.Quad) -> _Entity:
        subject = _iri(quad.subject)
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        if self.entity is None or (self.entity.subject, self.entity.graph) != (subject, graph):
            self.finish()
            self.entity = _Entity(subject, graph, number)
        return self.entity

    def _mapping(self, number: int, quad: ox.Quad, other: str) -> None:
        subject = _iri(quad.subject)
        self.sheaf.add(
            records.MAPPINGS,
            number,
            subject_id=subject,
            predicate_id=quad.predicate.value,
            object_id=other,
            mapping_justification=MATCHING,
            rest=_rest(quad),
        )

    def _carry(self, number: int, quad: ox.Quad) -> None:
        self.sheaf.add(records.CARRIED, number, quad=f"{quad} .")


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _standing(graph: object) -> str:
    """Return the standing of a plain triple: that of our graph which it is in, else it is asserted."""
    name = graph.value.removeprefix(GRAPH) if isinstance(graph, ox.NamedNode) else ""
    return name if name in STATUSES and name != "accepted" else ""


def _rest(quad: ox.Quad) -> str:
    graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
    return records.canonical({"graph": graph})
