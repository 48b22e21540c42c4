"""Says entities and associations in RDF again, as a format of another tool gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.interchange.associations import CLASSES, NODES
from calcinosis_kg.namespaces import BASE
from calcinosis_kg.sheets import Sheet, iri, text, truth, whole
from calcinosis_kg.spans import checksum_quads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from calcinosis_kg.claims import Span
    from calcinosis_kg.interchange.associations import Association, Contents, Entity, Line

_PERCENTAGES = ("ckgv:maxPercentage", "ckgv:minPercentage")
_CODES = (
    "biolink:object_direction_qualifier",
    "biolink:clinical_approval_status",
    "ckgv:regulatoryContext",
    "ckgv:routeContext",
)
_DECIMAL = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")


def quads(contents: Contents) -> Iterator[ox.Quad]:
    """Yield contents as RDF: claims and evidence in their named graphs, entities in the default graph.

    `of(quads(contents))` gives the contents again; a plain triple is never made, so no status is lost.
    """
    for entity in contents.entities:
        for quad in _entity_quads(entity):
            yield ox.Quad(quad.subject, quad.predicate, quad.object)
    for association in contents.associations:
        yield from _association_quads(association)


def _entity_quads(entity: Entity) -> Iterator[ox.Quad]:
    sheet = Sheet("graph:tbox")
    facts = [("biolink:category", iri(category)) for category in entity.categories]
    facts += [(predicate, iri(other)) for predicate, other in entity.mappings if predicate.startswith("skos:")]
    yield from sheet.write(entity.id, *facts)
    texts = [("rdfs:label", entity.label), ("IAO:0000115", entity.definition)]
    texts += [("skos:altLabel", name) for name in entity.synonyms]
    yield from sheet.write(entity.id, *((key, text(content)) for key, content in texts if content))
    for predicate, other in entity.mappings:
        if not predicate.startswith("skos:"):
            yield from sheet.write(entity.id, (predicate, ox.Literal(other)))
    if entity.artefact:
        yield from sheet.write(entity.id, ("rdf:type", iri("ckgv:ArtefactEntity")))


def _association_quads(claim: Association) -> Iterator[ox.Quad]:
    of_page = claim.source == "document"
    sheet, lines = (Sheet("graph:claims"), Sheet("graph:evidence")) if of_page else (Sheet("graph:literature"),) * 2
    nodes = {
        "rdf:type": claim.category,
        "rdf:subject": claim.subject,
        "rdf:predicate": claim.predicate,
        "rdf:object": claim.object,
        "ckgv:relation": claim.relation,
        "ckgv:repeats": claim.repeats,
        "ckgv:proposition": claim.proposition and f"prop:{claim.proposition}",
        "ckgv:firedRule": claim.rule and f"{BASE}status-rule/{claim.rule}",
        "ckgv:modality": claim.modality and f"ckgv:{claim.modality}",
        "ckgv:claimStatus": claim.status and f"ckgv:{claim.status}",
        "ckgv:computedStatus": claim.computed_status and f"ckgv:{claim.computed_status}",
        "ckgv:verdict": claim.verdict and f"ckgv:{claim.verdict}",
        "ckgv:claimKind": claim.kind and f"ckgv:{claim.kind}",
    }
    codes = {
        "dcterms:identifier": claim.id,
        "biolink:knowledge_level": claim.knowledge_level,
        "biolink:agent_type": claim.agent_type,
        "ckgv:section" if of_page else "ckgv:topic": claim.section,
    }
    texts = {
        "rdfs:label": claim.label,
        "rdfs:comment": claim.note,
        "ckgv:negationCue": claim.negation_cue,
        "ckgv:statusReason": claim.status_reason,
        "ckgv:searched": claim.searched,
    }
    yield from sheet.write(
        claim.id,
        ("rdf:type", iri(CLASSES[claim.source])),
        ("biolink:negated", truth(claim.negated)),
        *((key, iri(curie)) for key, curie in nodes.items() if curie),
        *((key, ox.Literal(code)) for key, code in codes.items() if code),
        *((key, text(content)) for key, content in texts.items() if content),
        *((key, _qualifier(key, said)) for key, said in claim.qualifiers),
        *(("prov:wasDerivedFrom", iri(source)) for source in claim.derived_from),
        *(("oa:hasTarget", iri(f"span:{span.start}-{span.end}")) for span in claim.spans),
        *(("biolink:has_evidence", iri(line.id)) for line in claim.evidence),
    )
    for number, (cue, kind) in enumerate(claim.hedges, 1):
        facts = (("ckgv:hedgeType", iri(f"ckgv:{kind}")), ("ckgv:hedgeCue", text(cue)))
        yield from sheet.write(claim.id, ("ckgv:hedge", iri(f"{claim.id}-hedge{number}")), *facts)
        yield from sheet.write(f"{claim.id}-hedge{number}", ("rdf:type", iri("ckgv:Hedge")), *facts)
    for span in claim.spans:
        yield from _span_quads(span, sheet)
    for line in claim.evidence:
        yield from _line_quads(line, lines)


def _span_quads(span: Span, sheet: Sheet) -> Iterator[ox.Quad]:
    node = f"span:{span.start}-{span.end}"
    selector, checksum = iri(f"{node}/selector"), iri(f"{node}/checksum")
    yield from sheet.write(node, ("rdf:type", iri("ckgv:DocumentSpan")), ("oa:hasSelector", selector))
    yield from sheet.write(selector, ("oa:start", whole(span.start)), ("oa:end", whole(span.end)))
    if span.sha256:
        yield from sheet.write(selector, ("spdx:checksum", checksum))
        yield from checksum_quads(checksum, span.sha256, sheet)


def _line_quads(line: Line, sheet: Sheet) -> Iterator[ox.Quad]:
    yield from sheet.write(
        line.id,
        ("rdf:type", iri("ckgv:EvidenceLine")),
        *(("rdf:type", iri(name)) for name in line.types),
        ("ckgv:direction", iri(f"ckgv:{line.direction}")),
        ("ckgv:directness", iri(f"ckgv:{line.directness}")),
        ("ckgv:basis", iri(f"ckgv:{line.basis}")),
        ("ckgv:summary", text(line.summary)),
        *(("cito:citesAsEvidence", iri(reference)) for reference in line.references),
    )
    if line.level is not None:
        yield from sheet.write(line.id, ("ckgv:level", whole(line.level)))


def _qualifier(key: str, said: str) -> ox.NamedNode | ox.Literal:
    if key in NODES:
        return iri(said)
    if key in _PERCENTAGES:
        return ox.Literal(said, datatype=_DECIMAL)
    return ox.Literal(said) if key in _CODES else text(said)
