"""Turtle of RDF 1.2: each accepted plain triple says, in annotation syntax, which claims make it.

    DOID:9074 RO:0003302 DOID:182
        ~ claim:CKG-C117 {| biolink:negated false ; ckgv:modality ckgv:hedged ; ckgv:claimStatus ckgv:accepted |} .

Source: RDF 1.2 Turtle, https://www.w3.org/TR/rdf12-turtle/. A claim is the reifier of its triple; all else that is said
of it stands with it, as in Turtle. No triple term is ever made of a claim that is not accepted, or that is negated.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import turtle
from calcinosis_kg.errors import FormatError, InputError
from calcinosis_kg.interchange import contents
from calcinosis_kg.namespaces import BASE, GRAPH, expand
from calcinosis_kg.sheets import iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ENDING = ".rdf12.ttl"
_ACCEPTED = ox.NamedNode(GRAPH + "accepted")
_UNSURE = {ox.NamedNode(GRAPH + status): status for status in ("reported", "contested")}
_IMPORTS = iri("owl:imports")
_REIFIES = ox.NamedNode(expand("rdf:reifies"))
_MODALITIES = ("asserted", "hedged")
_ID = re.compile("CKG-[A-Z]?[0-9]+")
_PHENOTYPE, _SYMPTOM = iri("RO:0002200"), iri("RO:0002452")


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return Turtle of RDF 1.2; all named graphs become one.

    Raises:
        FormatError: There are plain triples that are only reported or contested: Turtle would state them as facts.
    """
    unsure = sorted({_UNSURE[quad.graph_name] for quad in quads if quad.graph_name in _UNSURE})  # type: ignore[index]
    if unsure:
        problem = f"Turtle states every triple, also one that is only {' or '.join(unsure)}"
        raise FormatError(problem, "Use trig, nq or jsonld, or --graph accepted.")
    merged = [ox.Quad(*quad.triple) for quad in quads if not _is_own_import(quad)]
    text = turtle.write(sorted(merged, key=str), named_graphs=False, annotations=_annotations(quads))
    return {ENDING: f'VERSION "1.2"\n{text}'.encode()}


def read(files: Mapping[str, bytes], place: str) -> list[ox.Quad]:
    """Return the triples: those that a claim reifies in the graph of accepted triples, all others in the default graph.

    Raises:
        InputError: The file is badly written.
    """
    try:
        parsed = ox.parse(b"".join(files.values()), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        given = list(parsed)
    except SyntaxError as error:
        raise InputError(f"{error.msg}", "Mend the file.", f"{place}:{error.lineno or 1}") from error
    reified = {quad.object for quad in given if quad.predicate == _REIFIES}
    return [
        ox.Quad(quad.subject, quad.predicate, quad.object, _ACCEPTED) if quad.triple in reified else quad
        for quad in given
        if quad.predicate != _REIFIES
    ]


def _annotations(quads: Iterable[ox.Quad]) -> dict[ox.Triple, list[str]]:
    """Return what is said of each accepted plain triple: one text a claim, in the order of the claims."""
    given = list(quads)
    plain = {quad.triple for quad in given if quad.graph_name == _ACCEPTED}
    twins: dict[object, list[ox.NamedNode]] = defaultdict(list)
    for quad in given:
        if quad.predicate == iri("skos:exactMatch") and isinstance(quad.object, ox.NamedNode):
            twins[quad.subject].append(quad.object)
    found: dict[ox.Triple, list[str]] = defaultdict(list)
    for claim in contents.of(given).associations if plain else ():
        if claim.negated or claim.status != "accepted":
            continue
        subject, relation, object_ = iri(claim.subject), iri(claim.relation or claim.predicate), iri(claim.object)
        said = [ox.Triple(subject, relation, object_)]
        if relation == _PHENOTYPE:
            said += [ox.Triple(subject, _SYMPTOM, twin) for twin in twins[object_]]
        modality = f" ; ckgv:modality ckgv:{claim.modality}" if claim.modality in _MODALITIES else ""
        node = f"claim:{claim.id}" if _ID.fullmatch(claim.id) else str(iri(claim.id))
        note = f"~ {node} {{| biolink:negated false{modality} ; ckgv:claimStatus ckgv:accepted |}}"
        for triple in said:
            if triple in plain:
                found[triple].append(note)
    return found


def _is_own_import(quad: ox.Quad) -> bool:
    """Whether it imports another file of ours: what is there is here, and OWL tools would fetch it."""
    return quad.predicate == _IMPORTS and isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(BASE)
