"""What a release must have before it is written: its headers, terms and descriptions held against SHACL shapes.

The shapes stand in `shapes/release/`. They are of a release, not of the dataset: a header that is edited by hand has
no date of issue yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import shapes
from calcinosis_kg.flattened import SHAPE
from calcinosis_kg.namespaces import BASE, expand
from calcinosis_kg.releases.headers import MODULES
from calcinosis_kg.resources import folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from calcinosis_kg.releases.artefacts import Artefact
    from calcinosis_kg.reports import Report

OF_TERMS = MODULES[:2]
"""The files that have terms of their own; the bridge speaks of those of others."""

FOLDER = "release"
"""Where the shapes stand, below the folder of all shapes."""


def judged(artefacts: Iterable[Artefact], descriptions: Iterable[ox.Quad], *, rules: Path | None = None) -> Report:
    """Return what the shapes of a release find in our ontology and in what is said of the release.

    Args:
        artefacts: The files of the release; those of our ontology are looked at.
        descriptions: What VoID and DCAT say.
        rules: A folder of shapes; default: the shipped ones.
    """
    names = {f"ontology/{name}" for name in MODULES}
    found = list(descriptions)
    for artefact in artefacts:
        if artefact.path in names:
            found += ox.parse(artefact.content, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    found += _kinds(found)
    return shapes.validate(found, engine="pyshacl", shapes=rules or folder("shapes") / FOLDER)


def _kinds(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return what is a term of ours, and which ontology has such terms; those of others have no definition here."""
    kinds = {ox.NamedNode(expand(f"owl:{name}")) for name in ("Class", "ObjectProperty", "AnnotationProperty")}
    kinds |= {ox.NamedNode(expand("owl:DatatypeProperty")), ox.NamedNode(expand("owl:NamedIndividual"))}
    kind, ontology = ox.NamedNode(expand("rdf:type")), ox.NamedNode(expand("owl:Ontology"))
    term, of_terms = ox.NamedNode(SHAPE + "ReleasedTerm"), ox.NamedNode(SHAPE + "OntologyOfTerms")
    found = []
    for quad in quads:
        if quad.predicate == kind and isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(BASE):
            if quad.object in kinds:
                found.append(ox.Quad(quad.subject, kind, term))
            elif quad.object == ontology and quad.subject.value.removeprefix(BASE) in OF_TERMS:
                found.append(ox.Quad(quad.subject, kind, of_terms))
    return found
