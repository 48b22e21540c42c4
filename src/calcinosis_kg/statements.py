"""Says a curation in RDF: one function per kind of node, each giving quads.

No blank node is minted here: the parts of a claim have IRIs made from its id, and a span's from its
offsets, so that a diff of two builds shows what changed and nothing else. The shape of a claim is
`model.md` of the modelling contract, retold in CONTRIBUTING.md ("How a claim is modelled").
"""

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from calcinosis_kg.claims import Claim, Curation, Document, Entity, Evidence, LiteratureClaim, NonClaim
from calcinosis_kg.evidence import evidence_quads
from calcinosis_kg.mappings import Mapping as MappingRow
from calcinosis_kg.namespaces import BASE, compress, expand
from calcinosis_kg.sheets import Sheet, Value, decimal, iri, moment, text, truth, value, whole
from calcinosis_kg.spans import checksum_quads, span_node, span_quads

EXTRACTION = ox.NamedNode(BASE + "activity/extraction-1")
CURATORS = ox.NamedNode(BASE + "agent/curators")

_ASSOCIATION = {
    "biolink:has_phenotype": "biolink:DiseaseToPhenotypicFeatureAssociation",
    "biolink:disease_has_location": "biolink:DiseaseOrPhenotypicFeatureToLocationAssociation",
    "biolink:has_mode_of_inheritance": "biolink:DiseaseOrPhenotypicFeatureToGeneticInheritanceAssociation",
}
_THERAPEUTIC = "biolink:ChemicalOrDrugOrTreatmentToDiseaseOrPhenotypicFeatureAssociation"
_THERAPIES = {
    f"biolink:{name}"
    for name in (
        "ameliorates_condition", "applied_to_treat", "preventative_for_condition", "studied_to_treat", "treats",
        "treats_or_applied_or_studied_to_treat",
    )
}  # fmt: skip
"""The predicates of claims that Biolink allows in the association above."""
_CONDITIONS = ("biolink:Disease", "biolink:PhenotypicFeature", "biolink:PathologicalProcess")
_GENES = ("biolink:Gene", "biolink:Protein")
_CHEMICALS = ("biolink:ChemicalEntity", "biolink:Drug")
_BODILY = (
    *_CONDITIONS, *_GENES, "biolink:AnatomicalEntity", "biolink:BiologicalProcess", "biolink:Cell",
    "biolink:CellularComponent", "biolink:MolecularActivity", "biolink:PathologicalAnatomicalStructure",
)  # fmt: skip
_OF_GENES = {
    f"biolink:{name}": "biolink:GeneToDiseaseAssociation" for name in ("affects", "associated_with", "contributes_to")
} | {"biolink:causes": "biolink:CausalGeneToDiseaseAssociation"}
_OF_ENTITIES = {
    "biolink:Disease": "biolink:EntityToDiseaseAssociation",
    "biolink:PhenotypicFeature": "biolink:EntityToPhenotypicFeatureAssociation",
}
"""Category of the object to the association that takes any predicate and the qualifiers of the others."""
_QUALIFIER = {
    "direction": "biolink:object_direction_qualifier",
    "population": "biolink:population_context_qualifier",
    "approval": "biolink:clinical_approval_status",
    "max_percentage": "ckgv:maxPercentage",
    "min_percentage": "ckgv:minPercentage",
    "severity": "ckgv:severityContext",
    "scope": "ckgv:scope",
    "regulatory_context": "ckgv:regulatoryContext",
    "route": "ckgv:routeContext",
    "condition": "ckgv:underCondition",
    "context": "ckgv:context",
    "stage": "ckgv:stage",
    "location": "ckgv:locationContext",
    "target": "ckgv:target",
    "aspect": "ckgv:aspect",
    "recommendation": "ckgv:recommendation",
    "detail": "ckgv:detail",
}


def association(claim: Claim | LiteratureClaim, entities: dict[str, Entity] | None = None) -> str:
    """Return the Biolink association class of a claim, by its predicate, qualifiers and the kinds of its two ends.

    Each class allows some predicates and qualifiers alone (Biolink Model 4.4, `slot_usage` of the class); a claim is
    of the narrowest that allows its own.
    """
    ends = [entities[end].category if entities and end in entities else "" for end in (claim.subject, claim.object)]
    of_gene = ends[0] in _GENES
    of_therapy = claim.kind in ("treatment", "lifestyle") and ends[1] in _CONDITIONS
    found = "biolink:Association"
    if claim.predicate in _ASSOCIATION:
        found = _ASSOCIATION[claim.predicate]
    elif of_gene and ends[1] == "biolink:Disease" and claim.predicate in _OF_GENES:
        found = _OF_GENES[claim.predicate]
    elif of_therapy and claim.predicate in _THERAPIES:
        found = _THERAPEUTIC
    elif claim.predicate == "biolink:affects" and ends[0] in _CHEMICALS and ends[1] in _BODILY:
        found = "biolink:ChemicalAffectsBiologicalEntityAssociation"
    elif of_gene and ends[1] in _GENES:
        found = "biolink:GeneToGeneAssociation"
    elif of_gene or of_therapy or claim.qualifiers.keys() & {"direction", "population"}:
        found = _OF_ENTITIES.get(ends[1], found)
    return found


def sentence(claim: Claim | LiteratureClaim, labels: dict[str, str]) -> str:
    """Return a claim in words that are made from labels, never from the document.

    >>> from calcinosis_kg.claims import Span
    >>> claim = Claim("CKG-C1", "s", Span(0, 1, ""), "A:1", "biolink:affects", "A:2", "cause", "x", "refuted")
    >>> sentence(claim, {"A:1": "warfarin", "A:2": "calcification", "biolink:affects": "affects"})
    'warfarin affects calcification'
    """
    plain = claim.predicate.partition(":")[2].replace("_", " ")
    said = labels.get(claim.relation) or labels.get(claim.predicate) or plain
    return " ".join((labels[claim.subject], *(["NOT"] if claim.negated else []), said, labels[claim.object]))


def claim_quads(
    claim: Claim, document: Document, entities: dict[str, Entity], labels: dict[str, str]
) -> Iterator[ox.Quad]:
    """Yield the claim's node, its hedges, its proposition and its evidence."""
    sheet = Sheet("graph:claims")
    yield from _said(claim, sheet, entities, labels)
    yield from sheet.write(
        claim.id,
        ("rdf:type", iri("ckgv:Claim")),
        ("ckgv:modality", value(claim.modality)),
        ("ckgv:claimStatus", value(claim.status)),
        ("ckgv:verdict", value(claim.verdict)),
        ("ckgv:section", ox.Literal(claim.section)),
        # The page names neither author nor source, so its own basis is unknown.
        ("biolink:knowledge_level", ox.Literal("not_provided")),
        ("biolink:agent_type", ox.Literal("not_provided")),
        ("prov:wasDerivedFrom", iri(document.id)),
        ("prov:wasGeneratedBy", EXTRACTION),
        ("oa:hasTarget", span_node(claim.span)),
    )
    for key, content in (("ckgv:negationCue", claim.negation_cue), ("ckgv:searched", claim.searched)):
        if content:
            yield from sheet.write(claim.id, (key, text(content)))
    if claim.repeats:
        yield from sheet.write(claim.id, ("ckgv:repeats", iri(claim.repeats)))
    for number, hedge in enumerate(claim.hedges, 1):
        node = f"{claim.id}-hedge{number}"
        facts = (("ckgv:hedgeType", value(hedge.type)), ("ckgv:hedgeCue", text(hedge.cue)))
        yield from sheet.write(claim.id, ("ckgv:hedge", iri(node)), *facts)
        yield from sheet.write(node, ("rdf:type", iri("ckgv:Hedge")), *facts)
    yield from span_quads(claim.span, document, sheet)
    page = Evidence("supports", "direct", "page", (document.id,), "The document says so and names no source.")
    for number, line in enumerate((page, *claim.evidence)):
        node = f"{claim.id}-ev{number}"
        yield from sheet.write(claim.id, ("biolink:has_evidence", iri(node)))
        yield from evidence_quads(node, line)


def _said(
    claim: Claim | LiteratureClaim, sheet: Sheet, entities: dict[str, Entity], labels: dict[str, str]
) -> Iterator[ox.Quad]:
    """Yield what a claim says, whoever makes it: its ends, its polarity, its qualifiers, its proposition."""
    yield from sheet.write(
        claim.id,
        ("rdf:type", iri(association(claim, entities))),
        ("dcterms:identifier", ox.Literal(claim.id)),
        ("rdfs:label", text(sentence(claim, labels))),
        ("rdf:subject", iri(claim.subject)),
        ("rdf:predicate", iri(claim.predicate)),
        ("rdf:object", iri(claim.object)),
        ("biolink:negated", truth(claim.negated)),
        ("ckgv:claimKind", value(claim.kind)),
        ("ckgv:proposition", iri(f"prop:{claim.proposition}")),
    )
    if claim.relation:
        yield from sheet.write(claim.id, ("ckgv:relation", iri(claim.relation)))
    for key, content in claim.qualifiers.items():
        yield from sheet.write(claim.id, (_QUALIFIER[key], _qualifier(key, content)))
    if claim.note:
        yield from sheet.write(claim.id, ("rdfs:comment", text(claim.note)))
    yield from sheet.write(
        f"prop:{claim.proposition}",
        ("rdf:type", iri("ckgv:Proposition")),
        ("dcterms:identifier", ox.Literal(claim.proposition)),
    )


def literature_quads(claim: LiteratureClaim, entities: dict[str, Entity], labels: dict[str, str]) -> Iterator[ox.Quad]:
    """Yield a claim of the literature, in a graph of its own; its status comes from `statuses`.

    It derives from the publications that support it, never from the document.
    """
    sheet = Sheet("graph:literature")
    yield from _said(claim, sheet, entities, labels)
    yield from sheet.write(
        claim.id,
        ("rdf:type", iri("ckgv:LiteratureClaim")),
        ("ckgv:topic", ox.Literal(claim.topic)),
        # Published findings, gathered with software and not yet reviewed by a second person.
        ("biolink:knowledge_level", ox.Literal("knowledge_assertion")),
        ("biolink:agent_type", ox.Literal("automated_agent")),
    )
    for number, line in enumerate(claim.evidence, 1):
        node = f"{claim.id}-ev{number}"
        yield from sheet.write(claim.id, ("biolink:has_evidence", iri(node)))
        yield from evidence_quads(node, line, "graph:literature")
        if line.direction == "supports":
            for reference in line.references:
                yield from sheet.write(claim.id, ("prov:wasDerivedFrom", iri(reference)))


def _qualifier(key: str, content: str) -> Value:
    if key in ("population", "severity"):
        return iri(content)
    if key in ("max_percentage", "min_percentage"):
        return decimal(content)
    if key == "scope":
        return iri("ckgv:someSubclasses")
    if key in ("direction", "approval", "regulatory_context", "route"):
        return ox.Literal(content)
    return text(content)


def duplicate_quads(span: NonClaim, document: Document) -> Iterator[ox.Quad]:
    """Yield a repeated definition as one more place of the claims that it repeats."""
    sheet = Sheet("graph:claims")
    for claim in span.repeats:
        yield from sheet.write(claim, ("oa:hasTarget", span_node(span.span)))
    if span.repeats:
        yield from span_quads(span.span, document, sheet)


def provenance_quads(curation: Curation) -> Iterator[ox.Quad]:
    """Yield the document, the act of reading it, and its spans that claim nothing."""
    sheet, document = Sheet("graph:provenance"), curation.document
    checksum = ox.NamedNode(BASE + "document/checksum")
    yield from sheet.write(
        document.id,
        ("rdf:type", iri("ckgv:SourceDocument")),
        ("rdf:type", iri("prov:Entity")),
        ("dcterms:identifier", ox.Literal(document.id)),
        ("rdfs:label", text(document.label)),
        ("ckgv:byteLength", whole(document.bytes)),
        ("ckgv:codePoints", whole(document.code_points)),
        ("spdx:checksum", checksum),
    )
    yield from checksum_quads(checksum, document.sha256, sheet)
    yield from sheet.write(
        EXTRACTION,
        ("rdf:type", iri("prov:Activity")),
        ("rdfs:label", text("reading of claims out of the source document")),
        ("dcterms:description", text(document.method)),
        ("prov:endedAtTime", moment(document.date)),
        ("prov:used", iri(document.id)),
        ("prov:wasAssociatedWith", CURATORS),
    )
    yield from sheet.write(CURATORS, ("rdf:type", iri("prov:Agent")), ("rdfs:label", text(document.agent)))
    for span in curation.non_claims:
        yield from sheet.write(
            span.id,
            ("rdf:type", iri("ckgv:NonClaimSpan")),
            ("dcterms:identifier", ox.Literal(span.id)),
            ("ckgv:spanType", ox.Literal(span.type)),
            ("ckgv:section", ox.Literal(span.section)),
            ("oa:hasTarget", span_node(span.span)),
        )
        for claim in span.repeats:
            yield from sheet.write(span.id, ("ckgv:duplicateOf", iri(claim)))
        if span.note:
            yield from sheet.write(span.id, ("rdfs:comment", text(span.note)))
        yield from span_quads(span.span, document, sheet)


def mapping_node(subject: str, predicate: str, target: str, *, negated: bool) -> ox.NamedNode:
    """Return the node of a mapping, which is named after what it says.

    >>> mapping_node("DOID:182", "skos:exactMatch", "MONDO:0018891", negated=True).value
    'https://w3id.org/calcinosis-kg/mapping/DOID_182-skos_exactMatch-MONDO_0018891-not'
    """
    name = "-".join((subject, predicate, target, "not" if negated else "is"))
    return iri("mapping:" + name.replace(":", "_"))


def mapping_quads(rows: Sequence[MappingRow]) -> Iterator[ox.Quad]:
    """Yield each mapping as a node; a plain triple too, unless the row says `Not`."""
    sheet = Sheet("graph:mappings")
    for row in rows:
        node = mapping_node(compress(expand(row.subject)), row.predicate, row.object, negated=row.negated)
        yield from sheet.write(
            node,
            ("rdf:type", iri("sssom:Mapping")),
            ("sssom:subject_id", iri(row.subject)),
            ("sssom:predicate_id", iri(row.predicate)),
            ("sssom:object_id", iri(row.object)),
            ("sssom:mapping_justification", iri(row.justification)),
        )
        optional = (
            ("sssom:subject_label", row.subject_label),
            ("sssom:object_label", row.object_label),
            ("rdfs:comment", row.comment),
        )
        for key, content in optional:
            if content:
                yield from sheet.write(node, (key, text(content)))
        if row.source:
            yield from sheet.write(node, ("sssom:mapping_provider", iri(row.source)))
        if row.negated:
            yield from sheet.write(node, ("sssom:predicate_modifier", ox.Literal("Not")))
        else:
            yield from sheet.write(row.subject, (row.predicate, iri(row.object)))
