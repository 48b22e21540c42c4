"""Builds the dataset out of the curation.

| named graph | holds |
|---|---|
| `graph:tbox` | our classes and vocabulary (OWL 2 EL) |
| `graph:bridge` | axioms on classes of other ontologies |
| `graph:imports` | slices of other ontologies, and the label and category of every entity |
| `graph:mappings` | SSSOM mappings |
| `graph:claims` | every claim as a node, with its hedges and spans |
| `graph:evidence` | what speaks for and against each claim |
| `graph:literature` | what publications claim beyond the document, with its evidence |
| `graph:provenance` | the document, how it was read, spans that claim nothing; publications cited; status rules |
| `graph:accepted`, `graph:reported`, `graph:contested` | plain triples made from positive claims of that status |

The default graph is empty. Refuted and artefact claims, and all negated ones, make no plain triple.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import evidence, mappings, oxigraph, source, statements, statuses, terms
from calcinosis_kg.claims import SHORTCUT_STATUSES, Claim, Curation, Entity
from calcinosis_kg.errors import InputError, SourceError
from calcinosis_kg.resources import folder
from calcinosis_kg.sheets import Sheet, iri, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    import rdflib

_TBOX = ("calcinosis.ttl", "vocabulary.ttl")
_PLACEHOLDER = "ckgv:placeholder"


def curation(ontology: Path | None = None) -> Curation:
    """Read the hand-edited files.

    Raises:
        SourceError: Mistakes in them, all at once.
        InputError: A file or folder is missing.
    """
    return _read(ontology or folder("ontology"))[0]


def build(ontology: Path | None = None) -> rdflib.Dataset:
    """Build the dataset from the files of an ontology folder (default: the shipped one).

    Raises:
        SourceError: Mistakes in the hand-edited files, all at once.
        InputError: A file or folder is missing or badly written.

    >>> len(build().graph("https://w3id.org/calcinosis-kg/graph/artefact"))
    0
    """
    return oxigraph.to_dataset(quads(ontology))


def quads(ontology: Path | None = None, step: Callable[[str], None] = lambda _: None) -> list[ox.Quad]:
    """Build the dataset as quads in canonical order.

    Args:
        ontology: The ontology folder (default: the shipped one).
        step: Called with the name of each step as it begins.

    Raises:
        SourceError: Mistakes in the hand-edited files, all at once.
        InputError: A file or folder is missing or badly written.
    """
    root = ontology or folder("ontology")
    step("reading terms, entities and claims")
    curated, own, slices = _read(root)
    artefacts: set[ox.NamedNode | ox.BlankNode | ox.Triple] = {
        iri(entity.id) for entity in curated.entities.values() if entity.role == "artefact"
    }
    found = [_placed(quad, "graph:tbox") for quad in own]
    found += [_placed(quad, "graph:bridge") for quad in terms.read([root / "bridge.ttl"])]
    found += [_placed(quad, "graph:imports") for quad in slices if quad.subject not in artefacts]
    step("reading mappings")
    found += statements.mapping_quads(mappings.read(root / "mappings.sssom.tsv"))
    step(f"saying {len(curated.claims)} claims in RDF")
    labels = {term.curie: term.label for term in terms.index((*own, *slices))}
    labels.update({entity.id: entity.label for entity in curated.entities.values()})
    found += _identifiers(curated, own, slices)
    entities = dict(curated.entities)
    for claim in curated.claims:
        found += statements.claim_quads(claim, curated.document, entities, labels)
    for span in curated.non_claims:
        found += statements.duplicate_quads(span, curated.document)
    for beyond in curated.literature:
        found += statements.literature_quads(beyond, entities, labels)
    found += statements.provenance_quads(curated)
    found += evidence.publication_quads(curated.publications.values())
    step("computing statuses")
    found += _judged(root, curated, found)
    placeholders = {quad.subject for quad in own if quad.predicate == iri(_PLACEHOLDER)}
    found += shortcuts(curated, artefacts.union(placeholders))
    step("putting everything in order")
    return oxigraph.canonical(found)


def _read(root: Path) -> tuple[Curation, list[ox.Quad], list[ox.Quad]]:
    if not root.is_dir():
        raise InputError("is not a folder", "Give the ontology folder of this project, or a copy of it.", str(root))
    own = terms.read([root / name for name in _TBOX])
    slices = terms.read(terms.slices(root))
    return source.read(root, terms.index((*own, *slices))), own, slices


def _judged(root: Path, curated: Curation, found: list[ox.Quad]) -> list[ox.Quad]:
    """Return what the status rules say; a curated status that differs needs its reason."""
    rules = statuses.read(root / statuses.FOLDER)
    fired = statuses.compute(found, rules)
    problems = list(statuses.differences(curated.claims, fired))
    if problems:
        raise SourceError(problems)
    return list(statuses.quads(rules, fired, curated.claims, curated.literature))


def _placed(quad: ox.Quad, graph: str) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object, iri(graph))


def _identifiers(curated: Curation, own: list[ox.Quad], slices: list[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield CURIE, label and category where an entity needs them; every labelled term gets its CURIE."""
    known: set[str] = set()
    for graph, source_quads in (("graph:tbox", own), ("graph:imports", slices)):
        sheet = Sheet(graph)
        for term in terms.index(source_quads):
            known.add(term.curie)
            entity = curated.entities.get(term.curie)
            if entity is None or entity.role != "artefact" or graph == "graph:tbox":
                yield from sheet.write(term.curie, ("dcterms:identifier", ox.Literal(term.curie)))
    for entity in curated.entities.values():
        if entity.id != curated.document.id:
            yield from _entity(entity, labelled=entity.id in known)


def _entity(entity: Entity, *, labelled: bool) -> Iterator[ox.Quad]:
    """Yield an entity, with its label unless a slice or our ontology has it.

    An artefact stands with the claims that made it up, and nowhere else.
    """
    own = entity.id.startswith("CKG:")
    graph = "graph:claims" if entity.role == "artefact" else "graph:tbox" if own else "graph:imports"
    sheet = Sheet(graph)
    yield from sheet.write(
        entity.id, ("biolink:category", iri(entity.category)), ("dcterms:identifier", ox.Literal(entity.id))
    )
    if entity.role == "artefact":
        yield from sheet.write(entity.id, ("rdf:type", iri("ckgv:ArtefactEntity")))
    if not labelled or (entity.role == "artefact" and not own):
        yield from sheet.write(entity.id, ("rdfs:label", text(entity.label)))


def shortcuts(curated: Curation, excluded: AbstractSet[ox.NamedNode | ox.BlankNode | ox.Triple]) -> Iterator[ox.Quad]:
    """Yield a plain triple for each positive claim of a status that has them.

    Args:
        curated: The claims.
        excluded: Nodes that stand in no plain triple: placeholders and artefacts.
    """
    for claim in curated.claims:
        if claim.negated or claim.status not in SHORTCUT_STATUSES:
            continue
        if excluded & {iri(claim.subject), iri(claim.object)}:
            continue
        for predicate, target in _plain(claim, curated):
            yield ox.Quad(iri(claim.subject), iri(predicate), iri(target), iri(f"graph:{claim.status}"))


def _plain(claim: Claim, curated: Curation) -> Iterator[tuple[str, str]]:
    """Yield predicate and object: the OBO relation if there is one, and a SYMP twin for a phenotype.

    The Disease Ontology keeps RO:0002200 for HP and RO:0002452 for SYMP (its CI rules).
    """
    yield claim.relation or claim.predicate, claim.object
    twin = curated.entities[claim.object].symptom
    if claim.relation == "RO:0002200" and twin:
        yield "RO:0002452", twin
