"""schema.org: only what is accepted, in terms that are really there; readers that are not ours read it."""

import json
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from calcinosis_kg import formats, oxigraph, shipped
from calcinosis_kg.claims import STATUSES
from calcinosis_kg.errors import FormatError
from calcinosis_kg.interchange import contents, restored, schemaorg
from calcinosis_kg.interchange.associations import Contents, Entity
from calcinosis_kg.namespaces import expand
from calcinosis_kg.sheets import iri

SCHEMA = "http://schema.org/"
FORM = formats.choose(Path("a.schemaorg.jsonld"))
TERMS = {term.name for term in schemaorg.PROPERTIES}


def written(quads: list[ox.Quad]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(schemaorg.write(quads)[schemaorg.ENDING])
    return found


@cache
def document(*views: str) -> dict[str, Any]:
    """The JSON of views of the shipped dataset."""
    content = formats.contents(shipped.quads(), FORM, views, Path("a.schemaorg.jsonld"))
    return dict(json.loads(next(iter(content.values())) or b""))


@cache
def vocabulary() -> dict[str, dict[str, Any]]:
    """The vocabulary of schema.org as RO-Crate's library carries it."""
    found = find_spec("rocrate")
    assert found is not None
    assert found.origin is not None
    text = (Path(found.origin).parent / "data" / "schema.jsonld").read_text(encoding="utf-8")
    return {node["@id"].removeprefix("schema:"): node for node in json.loads(text)["@graph"]}


def names(term: str, key: str) -> set[str]:
    """What a property of a term of the vocabulary names."""
    value = vocabulary()[term].get(key, [])
    return {node["@id"].removeprefix("schema:") for node in (value if isinstance(value, list) else [value])}


def above(kind: str) -> set[str]:
    """A class with all above it."""
    found = {kind}
    for parent in names(kind, "rdfs:subClassOf") & vocabulary().keys():
        found |= above(parent)
    return found


def said(node: dict[str, Any], term: str) -> set[str]:
    return {value["@id"] for value in node.get(term, ())}


def nodes(value: object) -> list[dict[str, Any]]:
    """All nodes of a document that have a type."""
    if isinstance(value, list):
        return [node for part in value for node in nodes(part)]
    if not isinstance(value, dict):
        return []
    inner = [node for key, part in value.items() if key != "@context" for node in nodes(part)]
    return [value, *inner] if "@type" in value else inner


def condition(found: dict[str, Any], curie: str) -> dict[str, Any]:
    return next(node for node in found["@graph"] if node["@id"] == expand(curie))


def test_every_term_is_in_the_vocabulary_and_fits_its_domain_and_range() -> None:
    found = document("accepted", "literature")
    kinds = {node["@id"]: node["@type"] for node in nodes(found) if "@id" in node}
    used = set()
    for node in nodes(found):
        assert node["@type"] in vocabulary(), node["@type"]
        for term, value in node.items():
            if term.startswith("@"):
                continue
            used.add(term)
            assert "schema:supersededBy" not in vocabulary()[term], term
            assert names(term, "schema:domainIncludes") & above(node["@type"]), (node["@type"], term)
            ranges = names(term, "schema:rangeIncludes")
            for single in value if isinstance(value, list) else [value]:
                if isinstance(single, dict):
                    kind = single.get("@type") or kinds.get(single["@id"], "Thing")
                    assert ranges & above(kind), (term, kind)
                elif isinstance(single, bool):
                    assert "Boolean" in ranges, term
                else:
                    assert ranges & {"Text", "URL", "Date", "CreativeWork", "Number"}, (term, single)
    assert {*TERMS, "drug"} - used == {"drug"}


def test_a_wrong_term_would_be_found() -> None:
    assert "possibleTreatments" not in vocabulary()
    assert not names("signOrSymptom", "schema:domainIncludes") & above("Drug")


def test_the_context_is_read_without_the_network() -> None:
    found = document("accepted")

    def refuse(url: str, _: object) -> None:
        raise AssertionError(url)

    expanded = jsonld.expand(found, {"documentLoader": refuse})
    keys = {key for node in nodes_of(expanded) for key in node if not key.startswith("@")}
    assert {key.removeprefix(SCHEMA) for key in keys} <= set(vocabulary())
    assert all(key.startswith(SCHEMA) for key in keys)


def nodes_of(value: object) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [node for part in value for node in nodes_of(part)]
    return [value, *nodes_of(list(value.values()))] if isinstance(value, dict) else []


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own reader uses it
def test_rdflib_reads_the_same() -> None:
    text = json.dumps(document("accepted"))
    graph = rdflib.Graph().parse(data=text, format="json-ld")
    treatments = set(graph.objects(rdflib.URIRef(expand("DOID:182")), rdflib.URIRef(SCHEMA + "possibleTreatment")))
    assert {str(node) for node in treatments} == said(condition(document("accepted"), "DOID:182"), "possibleTreatment")
    assert (None, rdflib.RDF.type, rdflib.URIRef(SCHEMA + "DefinedTermSet")) in graph


def test_only_what_is_accepted_is_a_treatment() -> None:
    found = document("all")
    calcinosis = condition(found, "DOID:182")
    assert said(calcinosis, "possibleTreatment") >= {expand("CHEBI:101278"), expand("CHEBI:132112")}
    named = {node["@id"] for node in found["@graph"] for node in node.get("possibleTreatment", ())}
    # Warfarin (refuted), nanoparticles (artefact) and alendronic acid (reported) are none.
    assert not named & {expand("CHEBI:10033"), expand("MESH:D000068397"), expand("CHEBI:2567")}
    assert expand("MESH:D016756") not in named, "immunoglobulins are only studied"


@pytest.mark.parametrize(
    ("name", "said_of"),
    [("CKG-C258", ""), ("CKG-C009", ""), ("CKG-C046", ""), ("CKG-C288", ""), ("CKG-L009", ""), ("CKG-L032", "cause")],
)
def test_a_claim_is_followed(name: str, said_of: str) -> None:
    """A refuted, a denied, a hedged contested, an artefact: nowhere. Of the literature, one denied and one said."""
    claim = next(claim for claim in contents.of(shipped.quads()).associations if claim.id == name)
    found = document("all")
    assert (name in json.dumps(found)) is bool(said_of)
    one, two = (iri(end).value for end in (claim.subject, claim.object))
    at = {(node["@id"], term, value) for node in found["@graph"] for term in TERMS for value in said(node, term)}
    assert {term for node, term, value in at if {node, value} == {one, two}} == ({said_of} if said_of else set())


def test_placeholders_are_no_conditions_and_no_terms() -> None:
    placeholders = {str(quad.subject)[1:-1] for quad in shipped.quads() if quad.predicate == iri("ckgv:placeholder")}
    assert expand("CKG:0000016") in placeholders
    assert not placeholders & {node.get("@id") for node in nodes(document("all"))}


def test_each_statement_has_its_claim() -> None:
    found = document("accepted", "literature")
    accepted = {claim.id for claim in contents.of(shipped.quads()).associations if claim.status == "accepted"}
    for node in found["@graph"][2:]:
        claims = {claim["identifier"]: {end["@id"] for end in claim["about"]} for claim in node["subjectOf"]}
        assert set(claims) <= accepted
        for term in TERMS:
            for value in said(node, term):
                assert {node["@id"], value} in claims.values()


def test_a_view_without_accepted_claims_is_refused() -> None:
    with pytest.raises(FormatError, match=r"a\.schemaorg\.jsonld: schema\.org has no word for a status"):
        document("refuted")
    assert [node["@type"] for node in document("tbox")["@graph"]] == ["Dataset", "DefinedTermSet"]


def test_no_label_ends_the_script_element_of_a_page() -> None:
    quad = ox.Quad(iri("CKG:0000001"), iri("rdfs:label"), ox.Literal("</script><script>alert(1)"), iri("graph:tbox"))
    content = schemaorg.write([*oxigraph.canonical(shipped.quads()), quad])[schemaorg.ENDING].decode()
    assert "</" not in content
    assert "</script><script>alert(1)" in json.dumps(json.loads(content))


def test_definitions_are_terms_of_ours_alone() -> None:
    terms = document("accepted")["@graph"][1]["hasDefinedTerm"]
    assert len(terms) > 50
    assert all(term["@id"].startswith(expand("CKG:")) and term["description"] for term in terms)


def test_there_is_no_way_back(tmp_path: Path) -> None:
    import calcinosis_kg as ckg  # noqa: PLC0415 - for this test alone

    with pytest.raises(FormatError, match="has no way back"):
        ckg.read(tmp_path / "a.schemaorg.jsonld")


ENTITIES = (
    Entity("DOID:0000001", "one disease", ("biolink:Disease",)),
    Entity("CHEBI:0000002", "a drug", ("biolink:Drug",)),
    Entity("HP:0000003", "a sign", ("biolink:PhenotypicFeature",)),
    Entity("CKG:0000004", "grown out of nothing", ("biolink:Drug",), artefact=True),
)
PREDICATES = {
    "biolink:has_phenotype": "RO:0002200",
    "biolink:treats": "RO:0002606",
    "biolink:ameliorates_condition": "RO:0003307",
    "biolink:studied_to_treat": "",
    "biolink:causes": "RO:0003303",
}


HARMLESS, RESTRICTING = ("ckgv:detail", "visible"), ("ckgv:stage", "late")
TEMPLATE = next(claim for claim in contents.of(shipped.quads()).associations if claim.id == "CKG-C258")


@st.composite
def _claims(draw: st.DrawFn) -> Contents:
    """Claims on few entities with predicates that schema.org has words for; all that decides is random."""
    claims = []
    for number in range(draw(st.integers(1, 12))):
        predicate = draw(st.sampled_from(sorted(PREDICATES)))
        claims.append(
            replace(
                TEMPLATE,
                id=f"CKG-C{number:03}",
                subject=draw(st.sampled_from(ENTITIES)).id,
                predicate=predicate,
                object=draw(st.sampled_from(ENTITIES)).id,
                relation=PREDICATES[predicate],
                status=draw(st.sampled_from(("accepted", "accepted", "accepted", *STATUSES))),
                negated=draw(st.integers(0, 7)) == 0,
                hedges=draw(st.sampled_from(((), (("may", "possibility"),)))),
                qualifiers=draw(st.sampled_from(((), (), (HARMLESS,), (RESTRICTING,), (HARMLESS, RESTRICTING)))),
            )
        )
    return Contents(ENTITIES, tuple(claims))


@settings(max_examples=60, deadline=None)
@given(_claims())
def test_law_nothing_but_whole_accepted_positive_claims_is_said(found: Contents) -> None:
    """Whatever the statuses: each value stands for a claim that may be said, and each such claim is said."""
    accepted = [claim for claim in found.associations if claim.status == "accepted"]
    denied = [(claim.subject, claim.object) for claim in accepted if claim.negated]
    wanted = set()
    for claim in accepted:
        pair = (claim.subject, claim.object)
        if claim.negated or pair in denied or "CKG:0000004" in pair:
            continue
        if any(key not in schemaorg.HARMLESS for key, _ in claim.qualifiers):
            continue
        if claim.predicate == "biolink:has_phenotype":
            if pair[0] != "CHEBI:0000002" and pair[1] == "HP:0000003":
                wanted.add(("signOrSymptom", *pair))
        elif pair[1] != "CHEBI:0000002":
            if claim.predicate in ("biolink:treats", "biolink:ameliorates_condition"):
                wanted.add(("possibleTreatment", *pair[::-1]))
            elif claim.predicate == "biolink:causes" and not claim.hedges:
                wanted.add(("cause", *pair[::-1]))
    if not accepted:
        with pytest.raises(FormatError, match="has no word for a status"):
            written(list(restored.quads(found)))
        return
    graph = written(list(restored.quads(found)))["@graph"][2:]
    said_now = {(term, node["@id"], value) for node in graph for term in TERMS for value in said(node, term)}
    assert said_now == {(term, iri(one).value, iri(two).value) for term, one, two in wanted}
