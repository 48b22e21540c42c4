"""Says terms in RDF again, as OBO or OBO Graphs gave them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.interchange.ontologies import SCOPES, TRAITS, TYPES
from calcinosis_kg.interchange.ontology_contents import full
from calcinosis_kg.sheets import iri, truth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from calcinosis_kg.interchange.ontologies import Ontology, Term

_FIRST, _REST, _NIL = (iri(f"rdf:{name}") for name in ("first", "rest", "nil"))


def quads(ontology: Ontology) -> Iterator[ox.Quad]:
    """Yield an ontology as OWL, in the default graph; `ontology_contents.of` gives the ontology again."""
    writer = _Writer()
    if ontology.iri:
        node = ox.NamedNode(ontology.iri)
        yield ox.Quad(node, iri("rdf:type"), iri("owl:Ontology"))
        yield from (ox.Quad(node, iri("rdfs:comment"), ox.Literal(remark)) for remark in ontology.remarks)
        if ontology.version:
            yield ox.Quad(node, iri("owl:versionInfo"), ox.Literal(ontology.version))
        if ontology.version_iri:
            yield ox.Quad(node, iri("owl:versionIRI"), ox.NamedNode(ontology.version_iri))
        for predicate, value, datatype in ontology.properties:
            yield ox.Quad(node, _node(predicate), _value(value, datatype))
    for term in ontology.terms:
        yield from writer.term(term)


def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(full(name))


def _value(value: str, datatype: str) -> ox.NamedNode | ox.Literal:
    return ox.Literal(value, datatype=_node(datatype)) if datatype else _node(value)


class _Writer:
    """Writes terms; numbers the expressions that have no name."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def term(self, term: Term) -> Iterator[ox.Quad]:
        """Yield what a term says."""
        node = _node(term.id)
        yield ox.Quad(node, iri("rdf:type"), iri(TYPES[term.kind]))
        texts = [("rdfs:label", term.label), ("IAO:0000115", term.definition)]
        texts += [("rdfs:comment", comment) for comment in term.comments]
        texts += [(SCOPES[scope], said) for scope, said in term.synonyms]
        texts += [("oboInOwl:hasDbXref", name) for name in term.xrefs]
        texts += [("oboInOwl:hasAlternativeId", name) for name in term.alternatives]
        texts += [("oboInOwl:consider", name) for name in term.considered]
        yield from (ox.Quad(node, iri(key), ox.Literal(said)) for key, said in texts if said)
        above = "rdfs:subClassOf" if term.kind == "class" else "rdfs:subPropertyOf"
        nodes = [(above, name) for name in term.parents]
        nodes += [("rdf:type", TRAITS[trait]) for trait in term.traits]
        for key, names in (
            ("IAO:0000119", term.sources), ("owl:equivalentClass", term.equivalents), ("rdfs:domain", term.domains),
            ("owl:disjointWith", term.disjoint), ("rdfs:range", term.ranges), ("owl:inverseOf", term.inverses),
            ("IAO:0100001", term.replaced_by),
        ):  # fmt: skip
            nodes += [(key, name) for name in names]
        yield from (ox.Quad(node, iri(key), _node(name)) for key, name in nodes)
        yield from (ox.Quad(node, _node(key), _value(value, datatype)) for key, value, datatype in term.properties)
        if term.obsolete:
            yield ox.Quad(node, iri("owl:deprecated"), truth(True))  # noqa: FBT003 - it is the value itself
        for relation, filler in term.relationships:
            yield from self._restriction(node, iri("rdfs:subClassOf"), relation, filler)
        for definition in term.definitions:
            same = self._new()
            yield ox.Quad(node, iri("owl:equivalentClass"), same)
            yield ox.Quad(same, iri("rdf:type"), iri("owl:Class"))
            yield from self._list(same, iri("owl:intersectionOf"), (*definition.genera, *definition.differences))
        for chain in term.chains:
            yield from self._list(node, iri("owl:propertyChainAxiom"), chain)

    def _new(self) -> ox.BlankNode:
        return ox.BlankNode(f"x{next(self._numbers)}")

    def _restriction(
        self, subject: ox.NamedNode | ox.BlankNode, predicate: ox.NamedNode, relation: str, filler: str
    ) -> Iterator[ox.Quad]:
        node = self._new()
        yield ox.Quad(subject, predicate, node)
        yield ox.Quad(node, iri("rdf:type"), iri("owl:Restriction"))
        yield ox.Quad(node, iri("owl:onProperty"), _node(relation))
        yield ox.Quad(node, iri("owl:someValuesFrom"), _node(filler))

    def _list(
        self, subject: ox.NamedNode | ox.BlankNode, predicate: ox.NamedNode, items: tuple[str | tuple[str, str], ...]
    ) -> Iterator[ox.Quad]:
        for item in items:
            cell = self._new()
            yield ox.Quad(subject, predicate, cell)
            if isinstance(item, str):
                yield ox.Quad(cell, _FIRST, _node(item))
            else:
                yield from self._restriction(cell, _FIRST, *item)
            subject, predicate = cell, _REST
        yield ox.Quad(subject, predicate, _NIL)
