"""schema.org in JSON-LD, for search engines and web pages: conditions, the dataset, our terms.

A search engine drops every caution, so only what stands without one is said: claims that are accepted, positive, on no
placeholder or artefact, restricted by no qualifier, and denied by no accepted claim; and hedged ones only where the
property itself says no more than "possible". schema.org has no word for polarity, status or hedge; each statement's
claim stands beside it as `Claim`, with its hedges and its publications.

Source of the terms: https://schema.org/, vocabulary of 2025; a test holds each with its domain and range against a
release of it. The context is written out, so nothing is fetched to read the file.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from calcinosis_kg.errors import FormatError
from calcinosis_kg.interchange import contents
from calcinosis_kg.namespaces import BASE, compress, expand
from calcinosis_kg.sheets import iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from calcinosis_kg.interchange.associations import Association, Entity

ENDING = ".schemaorg.jsonld"
CONTEXT = {
    "@vocab": "http://schema.org/",
    "license": {"@type": "@id"},
    "sameAs": {"@type": "@id"},
}
"""schema.org's own namespace, and which of the terms used here have addresses as values."""

Node = dict[str, Any]
"""A node of JSON-LD."""


@dataclass(frozen=True, slots=True)
class Property:
    """How claims of a kind are said in schema.org.

    Attributes:
        name: The property of `MedicalCondition`.
        of_subject: Whether the condition is the claim's subject; else its object.
        predicates: Biolink predicates that say so.
        relation: The OBO relation that the claim must have, or empty.
        mild: Whether it says no more than that something may be, so that a hedged claim is not overstated.
    """

    name: str
    of_subject: bool
    predicates: tuple[str, ...]
    relation: str = ""
    mild: bool = False


PROPERTIES = (
    Property("signOrSymptom", of_subject=True, predicates=("biolink:has_phenotype",), relation="RO:0002200", mild=True),
    Property("associatedAnatomy", of_subject=True, predicates=("biolink:disease_has_location",), relation="RO:0004026"),
    Property("cause", of_subject=False, predicates=("biolink:causes",), relation="RO:0003303"),
    Property("riskFactor", of_subject=False, predicates=("biolink:associated_with_increased_likelihood_of",)),
    Property(
        "possibleTreatment",
        of_subject=False,
        predicates=(
            "biolink:treats",
            "biolink:applied_to_treat",
            "biolink:ameliorates_condition",
            "biolink:treats_or_applied_or_studied_to_treat",
        ),
        mild=True,
    ),
)
"""Which claims have a word in schema.org. Left out are claims on what is only studied to treat (no treatment yet), on
what is merely associated, and those of *causes or contributes to*, which is neither `cause` nor `riskFactor`."""

HARMLESS = (
    "biolink:object_direction_qualifier",
    "biolink:clinical_approval_status",
    "ckgv:maxPercentage",
    "ckgv:minPercentage",
    "ckgv:regulatoryContext",
    "ckgv:recommendation",
    "ckgv:detail",
)
"""Qualifiers that add to a claim and do not restrict it; a claim with any other is left out."""

_CONDITIONS = ("biolink:Disease", "biolink:PhenotypicFeature")
_DRUGS = ("biolink:Drug", "biolink:ChemicalEntity", "biolink:SmallMolecule", "biolink:ChemicalRole")
_PLACEHOLDER = iri("ckgv:placeholder")
_ONTOLOGY = ox.NamedNode(BASE + "calcinosis.ttl")
_SUMMARY = (
    "What one published page on calcinosis claims and references support, as linked data: signs, causes, risk factors "
    "and possible treatments, each with the claim it comes from. Not medical advice."
)


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return JSON-LD: the dataset, our terms, and a node for each condition that accepted claims speak of.

    Raises:
        FormatError: There are claims, and none of them is accepted.
    """
    facts = _facts(quads)
    conditions = _conditions(quads)
    graph = [_dataset(facts, conditions), _terms(facts), *conditions]
    document = {"@context": CONTEXT, "@graph": graph}
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return {ENDING: text.replace("</", "<\\/").encode()}  # so that no label ends the script element of a page


def _conditions(quads: Iterable[ox.Quad]) -> list[Node]:
    """Return a node for each condition, with what is said of it."""
    given = list(quads)
    found = contents.of(given)
    entities = {entity.id: entity for entity in found.entities}
    unfit = {
        compress(quad.subject.value)
        for quad in given
        if quad.predicate == _PLACEHOLDER and isinstance(quad.subject, ox.NamedNode)
    }
    unfit |= {entity.id for entity in found.entities if entity.artefact}
    accepted = [claim for claim in found.associations if claim.status == "accepted"]
    if found.associations and not accepted:
        raise FormatError("schema.org has no word for a status", "Use --graph accepted, or a format that has one.")
    denied = {(claim.subject, claim.object) for claim in accepted if claim.negated}
    said: dict[str, dict[str, dict[str, Node]]] = defaultdict(lambda: defaultdict(dict))
    claims: dict[str, list[Node]] = defaultdict(list)
    for claim in accepted:
        ends = (claim.subject, claim.object)
        if ends in denied or unfit & {*ends} or not _is_whole(claim):
            continue
        for term in PROPERTIES:
            condition, value = (entities[end] for end in (ends if term.of_subject else ends[::-1]))
            if _says(claim, term) and _fits(condition, value, term):
                said[condition.id][term.name][value.id] = _value(value, term, claim)
                claims[condition.id].append(_claim(claim))
    return [_condition(entities[name], said[name], claims[name]) for name in sorted(said)]


def _is_whole(claim: Association) -> bool:
    """Whether no qualifier restricts a claim."""
    return all(key in HARMLESS for key, _ in claim.qualifiers)


def _says(claim: Association, term: Property) -> bool:
    fits = claim.predicate in term.predicates and term.relation in ("", claim.relation)
    return fits and (term.mild or not claim.hedges)


def _fits(condition: Entity, value: Entity, term: Property) -> bool:
    """Whether the two ends of a claim are what the property joins."""
    kinds = {"signOrSymptom": ("biolink:PhenotypicFeature",), "associatedAnatomy": ("biolink:AnatomicalEntity",)}
    wanted = kinds.get(term.name)
    return any(kind in _CONDITIONS for kind in condition.categories) and (
        wanted is None or any(kind in wanted for kind in value.categories)
    )


def _condition(entity: Entity, said: Mapping[str, Mapping[str, Node]], claims: Sequence[Node]) -> Node:
    kind = "MedicalCondition" if "biolink:Disease" in entity.categories else "MedicalSignOrSymptom"
    node = _entity(entity, kind)
    for term in PROPERTIES:
        if term.name in said:
            node[term.name] = [value for _, value in sorted(said[term.name].items())]
    node["subjectOf"] = list({claim["@id"]: claim for claim in claims}.values())
    return node


def _entity(entity: Entity, kind: str) -> Node:
    """Return what an entity is called, with its codes."""
    codes = [entity.id, *(other for key, other in entity.mappings if key == "skos:exactMatch" and other != entity.id)]
    node: Node = {"@type": kind, "@id": iri(entity.id).value}
    if entity.label:
        node["name"] = entity.label
    if entity.synonyms:
        node["alternateName"] = list(entity.synonyms)
    if entity.definition:
        node["description"] = entity.definition
    node["code"] = [_code(curie) for curie in codes]
    return node


def _code(curie: str) -> Node:
    return {"@type": "MedicalCode", "codeValue": curie, "codingSystem": curie.partition(":")[0]}


def _value(entity: Entity, term: Property, claim: Association) -> Node:
    """Return what stands at the end of a property."""
    kinds = {
        "signOrSymptom": "MedicalSignOrSymptom",
        "associatedAnatomy": "AnatomicalStructure",
        "cause": "MedicalCause",
        "riskFactor": "MedicalRiskFactor",
    }
    if term.name in kinds:
        return _entity(entity, kinds[term.name])
    if any(kind in _DRUGS for kind in entity.categories):
        return _entity(entity, "Drug")
    return _entity(entity, "LifestyleModification" if claim.kind == "lifestyle" else "MedicalTherapy")


def _claim(claim: Association) -> Node:
    """Return the claim behind a statement: in words, with its hedges, and what supports it."""
    remarks = [f"hedged: {cue}" for cue, _ in claim.hedges]
    remarks += [f"{key.rpartition(':')[2]}: {value}" for key, value in claim.qualifiers]
    references = {name: None for line in claim.evidence if line.direction == "supports" for name in line.references}
    node: Node = {
        "@type": "Claim",
        "@id": iri(claim.id).value,
        "identifier": claim.id,
        "name": claim.label,
        "about": [{"@id": iri(end).value} for end in (claim.subject, claim.object)],
    }
    if remarks:
        node["description"] = "; ".join(remarks)
    articles = [name for name in references if name.startswith(("PMID:", "PMC:", "DOI:"))]
    if articles:
        node["citation"] = [
            {"@type": "ScholarlyArticle", "@id": iri(name).value, "identifier": name} for name in articles
        ]
    return node


_Facts = dict[ox.NamedNode, dict[str, list[ox.NamedNode | ox.Literal]]]


def _facts(quads: Iterable[ox.Quad]) -> _Facts:
    """Return what is said of our terms and of the ontology that holds them."""
    found: _Facts = defaultdict(lambda: defaultdict(list))
    for quad in sorted(quads, key=str):
        subject, value = quad.subject, quad.object
        if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode | ox.Literal):
            continue
        if subject == _ONTOLOGY or subject.value.startswith(expand("CKG:")):
            found[subject][compress(quad.predicate.value)].append(value)
    return found


def _dataset(facts: _Facts, conditions: Sequence[Node]) -> Node:
    return {
        "@type": "Dataset",
        "@id": BASE,
        "name": "calcinosis-kg",
        "description": _SUMMARY,
        **_published(facts),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "keywords": ["calcinosis", "DOID:182", "calcification", "knowledge graph"],
        "about": [{"@id": condition["@id"]} for condition in conditions],
        "hasPart": {"@id": _ONTOLOGY.value},
    }


def _published(facts: _Facts) -> Node:
    """Return who published when, and under which licence, as the ontology says."""
    said = facts.get(_ONTOLOGY, {})
    keys = {"dcterms:license": "license", "owl:versionInfo": "version", "dcterms:created": "datePublished"}
    node: Node = {key: said[name][0].value for name, key in keys.items() if said.get(name)}
    makers = said.get("dcterms:creator")
    if makers:
        node["creator"] = {"@type": "Organization", "name": makers[0].value}
    return node


def _terms(facts: _Facts) -> Node:
    """Return our own terms as a glossary; artefacts are none of them."""
    said = facts.get(_ONTOLOGY, {})
    terms = [
        {
            "@type": "DefinedTerm",
            "@id": node.value,
            "termCode": compress(node.value),
            "name": about["rdfs:label"][0].value,
            "description": about["IAO:0000115"][0].value,
            "inDefinedTermSet": {"@id": _ONTOLOGY.value},
        }
        for node, about in sorted(facts.items(), key=lambda pair: pair[0].value)
        if about.get("IAO:0000115") and about.get("rdfs:label") and iri("owl:Class") in about.get("rdf:type", ())
        if not {iri("ckgv:ArtefactEntity"), iri("owl:Ontology")} & {*about["rdf:type"]}
        and not about.get("ckgv:placeholder")
    ]
    texts = {"dcterms:title": "name", "dcterms:description": "description"}
    return {
        "@type": "DefinedTermSet",
        "@id": _ONTOLOGY.value,
        **{key: said[name][0].value for name, key in texts.items() if said.get(name)},
        **_published(facts),
        "hasDefinedTerm": terms,
    }
