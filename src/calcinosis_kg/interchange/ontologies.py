"""An ontology as terms: what OBO and OBO Graphs hold of it.

`ontology_contents.of` takes these values out of quads, `ontology_restored.quads` says them in RDF again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

SCOPES = {
    "EXACT": "oboInOwl:hasExactSynonym",
    "BROAD": "oboInOwl:hasBroadSynonym",
    "NARROW": "oboInOwl:hasNarrowSynonym",
    "RELATED": "oboInOwl:hasRelatedSynonym",
}
"""How near a synonym is, to the property that says so."""

TRAITS = {
    "is_transitive": "owl:TransitiveProperty",
    "is_symmetric": "owl:SymmetricProperty",
    "is_asymmetric": "owl:AsymmetricProperty",
    "is_reflexive": "owl:ReflexiveProperty",
    "is_functional": "owl:FunctionalProperty",
    "is_inverse_functional": "owl:InverseFunctionalProperty",
}
"""What a relation can be, by the tag of OBO."""

TYPES = {"class": "owl:Class", "relation": "owl:ObjectProperty", "annotation": "owl:AnnotationProperty"}
"""Kind of a term to what OWL calls it."""

Kind = Literal["class", "relation", "annotation"]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a class is the same as: all these classes at once, and related so to those.

    Attributes:
        genera: CURIEs of classes.
        differences: Relation and class of each.
    """

    genera: tuple[str, ...]
    differences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property. Identifiers are CURIEs, or IRIs where no prefix fits.

    Attributes:
        id: What it is called.
        kind: `class`, `relation` (object property) or `annotation` (annotation property).
        label: Its name, or empty.
        definition: In words, or empty.
        sources: What the definition rests on.
        comments: Remarks.
        synonyms: Scope (`SCOPES`) and text of each.
        xrefs: Cross-references, which say nothing of how near the other term is.
        parents: Classes that it is a kind of, or properties that it implies.
        relationships: Relation and class of each: all members are so related to some member of that class.
        definitions: What it is the same as.
        equivalents: Classes that are the same.
        disjoint: Classes with which it has no member in common.
        domains: Classes of its subjects.
        ranges: Classes of its objects.
        inverses: Relations that are its inverse.
        traits: Tags of `TRAITS`.
        chains: Relations that, one after the other, imply it.
        obsolete: Whether it is not to be used any more.
        replaced_by: What to use instead.
        considered: What one might use instead.
        alternatives: What else it was called.
        properties: Predicate, value and datatype of any other annotation; an empty datatype means a node.
    """

    id: str
    kind: Kind
    label: str = ""
    definition: str = ""
    sources: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    xrefs: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    relationships: tuple[tuple[str, str], ...] = ()
    definitions: tuple[Definition, ...] = ()
    equivalents: tuple[str, ...] = ()
    disjoint: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    inverses: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    chains: tuple[tuple[str, ...], ...] = ()
    obsolete: bool = False
    replaced_by: tuple[str, ...] = ()
    considered: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    properties: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ontology:
    """Terms, and what the ontology says of itself.

    Attributes:
        iri: What it is called, or empty.
        version: Its version, or empty.
        version_iri: What this version is called, or empty.
        remarks: Remarks on it.
        properties: Predicate, value and datatype of any other annotation on it, as of a term.
        terms: In the order of their identifiers, classes first.
    """

    iri: str = ""
    version: str = ""
    version_iri: str = ""
    remarks: tuple[str, ...] = ()
    properties: tuple[tuple[str, str, str], ...] = ()
    terms: tuple[Term, ...] = field(default=())

    def labels(self) -> dict[str, str]:
        """Return the label of each term that has one."""
        return {term.id: term.label for term in self.terms if term.label}
