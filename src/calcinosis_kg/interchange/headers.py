"""One ontology out of several: one header, and what was in the others said in it.

A dataset holds an ontology for each of its files, and they import each other. A file that holds them all is one
ontology: tools of OWL take one header a file, and fetch what it imports.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import oxigraph
from calcinosis_kg.namespaces import BASE, expand
from calcinosis_kg.sheets import iri, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Term = ox.NamedNode | ox.BlankNode | ox.Literal

_OURS = ox.NamedNode(BASE + "calcinosis.ttl")
IRI = ox.NamedNode(BASE + "calcinosis-kg.owl")
"""What our ontology is called as a whole, in whatever format."""

_TITLE = "calcinosis-kg: the ontology"
_DESCRIPTION = (
    "Classes and properties of calcinosis-kg, its axioms on classes of others, and the slices of the ontologies that "
    "it rests on. The claims stand elsewhere: they are no part of the ontology."
)
_TYPE, _ONTOLOGY, _IMPORTS, _VERSION_IRI = (
    iri(name) for name in ("rdf:type", "owl:Ontology", "owl:imports", "owl:versionIRI")
)
_REPLACED = {_VERSION_IRI, iri("dcterms:title"), iri("dcterms:description")}
_BUILT_IN = tuple(expand(name) for name in ("owl:", "rdf:", "rdfs:"))
_PROPERTIES = {
    iri(f"owl:{kind}Property") for kind in ("Annotation", "Datatype", "Object", "Transitive", "Symmetric", "Functional")
}
_ANNOTATION = iri("owl:AnnotationProperty")


@dataclass(frozen=True, slots=True)
class Header:
    """What an ontology says of itself.

    Attributes:
        node: What it is called; None where nothing is an ontology.
        facts: Property and value of each statement on it, in order; no types.
    """

    node: ox.NamedNode | ox.BlankNode | None
    facts: tuple[tuple[ox.NamedNode, Term], ...]

    def values(self, curie: str) -> list[str]:
        """Return what it says with a property, as texts and IRIs."""
        return [value.value for predicate, value in self.facts if predicate == iri(curie)]


def one(quads: Iterable[ox.Quad]) -> tuple[Header, list[ox.Quad]]:
    """Return the header of what quads hold as one ontology, and all of it, in canonical order in the default graph.

    The header is that of the ontology that builds on the most others; those are named in it, with version and
    licence. Ontologies that are there are not imported; nor are ours, which are nowhere to be fetched. Properties
    that nobody declares are annotation properties, as OWL tools take them to be.

    >>> from calcinosis_kg import shipped, views
    >>> header, found = one(views.ontology(shipped.quads()))
    >>> header.node.value, header.values("owl:versionInfo"), header.values("owl:imports")
    ('https://w3id.org/calcinosis-kg/calcinosis-kg.owl', ['2026-11-23'], [])
    """
    given = oxigraph.canonical(ox.Quad(*quad.triple) for quad in quads)
    about: dict[object, list[tuple[ox.NamedNode, Term]]] = {
        quad.subject: [] for quad in given if quad.predicate == _TYPE and quad.object == _ONTOLOGY
    }
    rest = []
    for quad in given:
        if quad.subject not in about or isinstance(quad.object, ox.Triple):
            rest.append(quad)
        elif quad.predicate != _TYPE:
            about[quad.subject].append((quad.predicate, quad.object))
    header = _header(about)
    if header.node is not None:
        rest.append(ox.Quad(header.node, _TYPE, _ONTOLOGY))
        rest += [ox.Quad(header.node, *fact) for fact in header.facts]
    rest += _declarations(rest)
    return header, oxigraph.canonical(rest)


def _header(about: Mapping[object, list[tuple[ox.NamedNode, Term]]]) -> Header:
    main = _OURS if _OURS in about else _topmost(about)
    if not isinstance(main, ox.NamedNode | ox.BlankNode):
        return Header(None, ())
    node, facts = main, about[main]
    if main == _OURS:
        version = next((value.value for key, value in facts if key == iri("owl:versionInfo")), "")
        node, facts = IRI, [fact for fact in facts if fact[0] not in _REPLACED]
        facts += [(iri("dcterms:title"), text(_TITLE)), (iri("dcterms:description"), text(_DESCRIPTION))]
        if version:
            facts.append((_VERSION_IRI, ox.NamedNode(f"{BASE}releases/{version}/calcinosis-kg.owl")))
    facts = [fact for fact in facts if fact[0] != _IMPORTS or not _is_here(fact[1], about)]
    facts += (part for other in about if other != main for part in _named(other, about[other]))
    return Header(node, tuple(sorted(set(facts), key=str)))


def _is_here(target: Term, about: Mapping[object, object]) -> bool:
    return target in about or target.value.startswith(BASE)


def _topmost(about: Mapping[object, list[tuple[ox.NamedNode, Term]]]) -> object:
    """Return the ontology that imports the most of the others, by way of others too; the first among equals."""

    def reached(start: object) -> set[object]:
        found, waiting = {start}, [start]
        while waiting:
            for predicate, value in about[waiting.pop()]:
                if predicate == _IMPORTS and value in about and value not in found:
                    found.add(value)
                    waiting.append(value)
        return found

    return max(sorted(about, key=str), key=lambda node: len(reached(node)), default=None)


def _named(node: object, facts: Iterable[tuple[ox.NamedNode, Term]]) -> Iterator[tuple[ox.NamedNode, Term]]:
    """Yield what the header of all says of one of its parts: its name, version, licence and source."""
    known: dict[str, list[str]] = {}
    for predicate, value in facts:
        known.setdefault(predicate.value, []).append(value.value)
        if predicate == iri("dcterms:source"):
            yield predicate, value
    title, version, licence = (
        next(iter(known.get(expand(name), ())), "") for name in ("dcterms:title", "owl:versionInfo", "dcterms:license")
    )
    name = getattr(node, "value", "") if isinstance(node, ox.NamedNode) else ""
    said = [title or name, version and f"version {version}", licence and f"licence {licence}"]
    if any(said):
        yield iri("rdfs:comment"), text("Contains " + "; ".join(part for part in said if part))


def _declarations(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    used: set[ox.NamedNode] = set()
    declared: set[object] = set()
    for quad in quads:
        used.add(quad.predicate)
        if quad.predicate == _TYPE and quad.object in _PROPERTIES:
            declared.add(quad.subject)
    wanted = [name for name in used - declared if not name.value.startswith(_BUILT_IN)]
    return [ox.Quad(name, _TYPE, _ANNOTATION) for name in wanted]
