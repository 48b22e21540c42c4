"""The laws of the dataset: of what is shipped, of every export, and of any claims that could be made.

What is doubtful is never handed out as if it were sure. A claim keeps its negation, its hedges, its status and its
place wherever it goes.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinosis_kg import formats, graph, oxigraph, shipped, statements, views
from calcinosis_kg.claims import SHORTCUT_STATUSES, STATUSES, Claim, Curation, Document, Entity, Evidence, Hedge, Span
from calcinosis_kg.namespaces import GRAPH, compress
from calcinosis_kg.sheets import Sheet, iri

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Statement = tuple[Term, Term, Term]
Quads = Iterable[ox.Quad]

GRAPHS = {
    "tbox", "bridge", "imports", "mappings", "claims", "evidence", "literature", "provenance", "accepted",
    "reported", "contested",
}  # fmt: skip
HELD = (iri("graph:claims"), iri("graph:evidence"))
TYPE, CLASS, ARTEFACT = iri("rdf:type"), iri("owl:Class"), iri("ckgv:ArtefactEntity")
HOLDING = [*(("claims", form) for form in formats.FORMATS if form != "jsonld"), ("all", "nq"), ("all", "jsonld")]
RENDERED = [*HOLDING, *(("accepted", form) for form in formats.FORMATS)]
RENDERED += [(view, "nq") for view in views.VIEWS if (view, "nq") not in RENDERED]


dataset = cache(shipped.quads)


@cache
def exported(view: str, form: str) -> tuple[ox.Quad, ...]:
    """Return what an export holds, read back from its bytes."""
    content = formats.render(dataset(), formats.FORMATS[form], [view])
    return tuple(ox.parse(content, format=oxigraph.RDF_FORMATS[f".{form}"]))


def values(quads: Quads) -> dict[Term, dict[Term, set[Term]]]:
    """Return predicate to subject to values."""
    found: dict[Term, dict[Term, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        found[quad.predicate][quad.subject].add(quad.object)
    return found


def forms(claim: Claim, entities: Mapping[str, Entity]) -> Iterator[Statement]:
    """Yield a claim as plain triples: by its relation or else its predicate, and the SYMP twin of a phenotype."""
    yield iri(claim.subject), iri(claim.relation or claim.predicate), iri(claim.object)
    if claim.relation == "RO:0002200" and entities[claim.object].symptom:
        yield iri(claim.subject), iri("RO:0002452"), iri(entities[claim.object].symptom)


def sayers(curated: Curation) -> dict[Statement, list[Claim]]:
    """Return who may say each plain triple: positive claims of a status that has them."""
    found: dict[Statement, list[Claim]] = defaultdict(list)
    for claim in curated.claims:
        if not claim.negated and claim.status in SHORTCUT_STATUSES:
            for statement in forms(claim, curated.entities):
                found[statement].append(claim)
    return found


def leaks(quads: Quads, curated: Curation) -> dict[str, list[str]]:
    """Return refuted, artefact and negated claims whose statement is a plain triple, and who else says it."""
    plain = {(quad.subject, quad.predicate, quad.object) for quad in quads}
    said = sayers(curated)
    found: dict[str, list[str]] = {}
    for claim in curated.claims:
        if not claim.negated and claim.status in SHORTCUT_STATUSES:
            continue
        for predicate in filter(None, (claim.predicate, claim.relation)):
            statement = (iri(claim.subject), iri(predicate), iri(claim.object))
            if statement in plain:
                found[claim.id] = [other.id for other in said.get(statement, [])]
    return found


def baseless(quads: Quads, curated: Curation) -> list[ox.Quad]:
    """Return the plain triples of a status graph that no positive claim of that status says."""
    said = {(*statement, f"{GRAPH}{claim.status}") for statement, claims in sayers(curated).items() for claim in claims}
    graphs = {f"{GRAPH}{status}" for status in STATUSES}
    return [
        quad
        for quad in quads
        if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value in graphs
        if (quad.subject, quad.predicate, quad.object, quad.graph_name.value) not in said
    ]


def mentions(quads: Quads, nodes: Iterable[str]) -> list[ox.Quad]:
    """Return the quads of the status graphs in which one of the nodes stands."""
    wanted = {iri(node) for node in nodes}
    graphs = {iri(f"graph:{status}") for status in STATUSES}
    placed = [quad for quad in quads if quad.graph_name in graphs]
    return [quad for quad in placed if wanted & {quad.subject, quad.predicate, quad.object}]


@dataclass(frozen=True)
class Record:
    """What must never be lost of a claim."""

    statement: Statement
    relation: str
    negated: str
    negation_cues: frozenset[str]
    hedges: frozenset[tuple[str, str]]
    status: str
    places: frozenset[tuple[str, str, str]]


def recorded(curated: Curation) -> dict[str, Record]:
    """Return what must be in an export for each claim, as the curation has it."""
    places: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for item, claims in [(claim, (claim.id,)) for claim in curated.claims] + [
        (span, span.repeats) for span in curated.non_claims
    ]:
        for claim_id in claims:
            places[claim_id].add((str(item.span.start), str(item.span.end), item.span.sha256))
    return {
        claim.id: Record(
            statement=(iri(claim.subject), iri(claim.predicate), iri(claim.object)),
            relation=claim.relation,
            negated="true" if claim.negated else "false",
            negation_cues=frozenset(filter(None, [claim.negation_cue])),
            hedges=frozenset((hedge.cue, f"ckgv:{hedge.type}") for hedge in claim.hedges),
            status=claim.status,
            places=frozenset(places[claim.id]),
        )
        for claim in curated.claims
    }


def records(quads: Quads) -> dict[str, Record]:
    """Return what an export says of each claim."""
    facts = values(quads)

    def every(predicate: str) -> dict[Term, set[Term]]:
        return facts[iri(predicate)]

    def texts(node: Term, predicate: str) -> list[str]:
        return [
            compress(found.value) if isinstance(found, ox.NamedNode) else str(getattr(found, "value", found))
            for found in every(predicate).get(node, ())
        ]

    def one(node: Term, predicate: str) -> Term:
        (found,) = every(predicate)[node]
        return found

    def text(node: Term, predicate: str) -> str:
        (found,) = texts(node, predicate)
        return found

    def place(node: Term) -> tuple[str, str, str]:
        selector = one(node, "oa:hasSelector")
        digest = text(one(selector, "spdx:checksum"), "spdx:checksumValue")
        return text(selector, "oa:start"), text(selector, "oa:end"), digest

    found = {}
    for node in (subject for subject, types in every("rdf:type").items() if iri("ckgv:Claim") in types):
        hedges = every("ckgv:hedge").get(node, ())
        found[text(node, "dcterms:identifier")] = Record(
            statement=(one(node, "rdf:subject"), one(node, "rdf:predicate"), one(node, "rdf:object")),
            relation="".join(texts(node, "ckgv:relation")),
            negated=text(node, "biolink:negated"),
            negation_cues=frozenset(texts(node, "ckgv:negationCue")),
            hedges=frozenset((text(hedge, "ckgv:hedgeCue"), text(hedge, "ckgv:hedgeType")) for hedge in hedges),
            status=text(node, "ckgv:claimStatus").removeprefix("ckgv:"),
            places=frozenset(place(target) for target in every("oa:hasTarget")[node]),
        )
        assert set(texts(node, "ckgv:hedgeCue")) == {text(hedge, "ckgv:hedgeCue") for hedge in hedges}
    return found


def handed_out(quads: Quads) -> dict[str, set[Term]]:
    """Return the nodes of claims and of their parts that are described in the claims and evidence graphs."""
    kinds = ("ckgv:Claim", "ckgv:Hedge", "ckgv:Proposition", "ckgv:EvidenceLine", "oa:SpecificResource",
             "oa:TextPositionSelector", "ckgv:ArtefactEntity")  # fmt: skip
    held = [quad for quad in quads if quad.graph_name in HELD]
    types: set[tuple[Term, Term]] = {(quad.subject, quad.object) for quad in held if quad.predicate == TYPE}
    subjects: set[Term] = {quad.subject for quad in held}
    found = {kind: {subject for subject, type_ in types if type_ == iri(kind)} for kind in kinds}
    found["claim parts"] = {node for node in subjects if str(node).startswith(f"<{iri('claim:').value}")}
    return found


def belonging(claims: Iterable[Claim], curated: Curation) -> dict[str, set[Term]]:
    """Return the nodes that belong to claims, and no others."""
    claims = list(claims)
    ids = {claim.id for claim in claims}
    spans = [claim.span for claim in claims]
    spans += [span.span for span in curated.non_claims if ids & set(span.repeats)]
    places = {iri(f"span:{span.start}-{span.end}") for span in spans}
    hedges = {iri(f"{claim.id}-hedge{n}") for claim in claims for n in range(1, len(claim.hedges) + 1)}
    evidence = {iri(f"{claim.id}-ev{n}") for claim in claims for n in range(len(claim.evidence) + 1)}
    nodes: dict[str, set[Term]] = {
        "ckgv:Claim": {iri(claim) for claim in ids},
        "ckgv:Hedge": set(hedges),
        "ckgv:Proposition": {iri(f"prop:{claim.proposition}") for claim in claims},
        "ckgv:EvidenceLine": set(evidence),
        "oa:SpecificResource": set(places),
        "oa:TextPositionSelector": {ox.NamedNode(f"{place.value}/selector") for place in places},
        "claim parts": {*(iri(claim) for claim in ids), *hedges, *evidence},
    }
    return nodes


@pytest.fixture(scope="module")
def artefacts(curated: Curation) -> set[str]:
    return {entity.id for entity in curated.entities.values() if entity.role == "artefact"}


@pytest.fixture(scope="module")
def placeholders(quads: list[ox.Quad]) -> set[str]:
    marked = {quad.subject for quad in quads if quad.predicate == iri("ckgv:placeholder")}
    return {compress(node.value) for node in marked if isinstance(node, ox.NamedNode)}


# ---- the shipped dataset ----


def test_named_graphs_are_those_of_the_model(quads: list[ox.Quad]) -> None:
    names = {quad.graph_name for quad in quads}
    assert ox.DefaultGraph() not in names
    assert names == {iri(f"graph:{name}") for name in GRAPHS}


def test_what_is_refuted_artefact_or_denied_is_no_plain_triple(quads: list[ox.Quad], curated: Curation) -> None:
    """CKG-C136 denies what CKG-C011 says: the denial is refuted, so the plain triple is that of CKG-C011."""
    assert leaks(quads, curated) == {"CKG-C136": ["CKG-C011"]}
    claims = {claim.id: claim for claim in curated.claims}
    assert claims["CKG-C136"].negated
    assert (claims["CKG-C136"].status, claims["CKG-C011"].status) == ("refuted", "accepted")


def test_every_plain_triple_has_a_claim_of_its_status(quads: list[ox.Quad], curated: Curation) -> None:
    assert baseless(quads, curated) == []


def test_every_claim_that_has_a_plain_triple_is_found_there(
    quads: list[ox.Quad], curated: Curation, artefacts: set[str], placeholders: set[str]
) -> None:
    there = {(quad.subject, quad.predicate, quad.object, quad.graph_name) for quad in quads}
    for statement, claims in sayers(curated).items():
        for claim in claims:
            silent = {claim.subject, claim.object} & (artefacts | placeholders)
            assert ((*statement, iri(f"graph:{claim.status}")) in there) != bool(silent), claim.place


def test_plain_triples_are_counted(quads: list[ox.Quad]) -> None:
    counts = {status: sum(quad.graph_name == iri(f"graph:{status}") for quad in quads) for status in STATUSES}
    assert counts == {"accepted": 127, "reported": 92, "contested": 26, "refuted": 0, "artefact": 0}


def test_artefacts_stand_with_their_claims_alone(quads: list[ox.Quad], artefacts: set[str]) -> None:
    assert artefacts == {"CHEBI:50803", "CKG:0000082", "CKG:0000083", "MESH:D000090783", "MESH:D036103"}
    nodes: set[Term] = {iri(artefact) for artefact in artefacts}
    typed = {quad.subject for quad in quads if quad.predicate == TYPE and quad.object == ARTEFACT}
    assert typed == nodes
    classes = {quad.subject for quad in quads if (quad.predicate, quad.object) == (TYPE, CLASS)}
    for quad in quads:
        if nodes & {quad.subject, quad.predicate, quad.object} and quad.graph_name != iri("graph:claims"):
            assert quad.graph_name in (iri("graph:tbox"), iri("graph:mappings")), quad
            assert quad.graph_name == iri("graph:tbox") or quad.predicate == iri("sssom:object_id"), quad
            assert quad.subject in classes, quad


def test_placeholders_stand_in_no_plain_triple(quads: list[ox.Quad], placeholders: set[str]) -> None:
    assert len(placeholders) == 4
    assert mentions(quads, placeholders) == []


# ---- what is exported ----


@pytest.mark.parametrize(("view", "form"), RENDERED)
def test_no_export_says_what_is_refuted(
    view: str, form: str, curated: Curation, artefacts: set[str], placeholders: set[str]
) -> None:
    quads = exported(view, form)
    assert set(leaks(quads, curated)) <= {"CKG-C136"}
    assert baseless(quads, curated) == []
    assert mentions(quads, artefacts | placeholders) == []


@pytest.mark.parametrize("form", formats.FORMATS)
def test_the_accepted_export_says_accepted_triples_alone(form: str, curated: Curation) -> None:
    there = {(quad.subject, quad.predicate, quad.object) for quad in exported("accepted", form)}
    for statement, claims in sayers(curated).items():
        if statement in there:
            assert any(claim.status == "accepted" for claim in claims), statement


@pytest.mark.parametrize(("view", "form"), HOLDING)
def test_every_claim_survives_the_export(view: str, form: str, curated: Curation) -> None:
    assert records(exported(view, form)) == recorded(curated)


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_hands_out_its_own_claims_alone(status: str, quads: list[ox.Quad], curated: Curation) -> None:
    seen = views.select(quads, [status])
    found = handed_out(seen)
    artefacts = found.pop("ckgv:ArtefactEntity")
    assert found == belonging((claim for claim in curated.claims if claim.status == status), curated)
    assert bool(artefacts) == (status == "artefact")
    assert {quad.graph_name for quad in seen} & {iri(f"graph:{name}") for name in STATUSES} <= {iri(f"graph:{status}")}


def test_a_status_leaves_no_loose_ends(quads: list[ox.Quad]) -> None:
    for status in STATUSES:
        seen = views.select(quads, [status])
        held = [quad for quad in seen if quad.graph_name in HELD]
        named = {quad.object for quad in held}
        starts = {quad.subject for quad in held if quad.object in (iri("ckgv:Claim"), ARTEFACT)}
        assert {quad.subject for quad in held} - named - starts == set(), status


def test_a_plain_graph_is_filtered_by_the_status_of_its_claims(curated: Curation) -> None:
    """A Turtle export of all claims, read as a user's own file, still hands out accepted claims alone."""
    merged = exported("claims", "ttl")
    assert set(records(views.select(merged, ["accepted"]))) == {c.id for c in curated.claims if c.status == "accepted"}
    assert set(records(views.select(merged, ["refuted", "artefact"]))) == {
        c.id for c in curated.claims if c.status in ("refuted", "artefact")
    }
    unclaimed = {q for q in merged if q.subject == iri("DOID:182")}
    assert unclaimed
    assert unclaimed <= set(views.select(merged, ["accepted"]))


# ---- any claims that could be made ----

DOCUMENT = Document("CKG:9000001", "a page", "0" * 64, 99, 99, "a curator", "by hand", "2026-01-01", ("one",))
ARTEFACT_ENTITY, PLACEHOLDER = "MESH:D900001", "CKG:9000009"
POOL = {
    entity.id: entity
    for entity in (
        Entity("DOID:182", "calcinosis", "biolink:Disease", "claim"),
        Entity("HP:0000001", "phenotype", "biolink:PhenotypicFeature", "claim", symptom="SYMP:0000001"),
        Entity("SYMP:0000001", "symptom", "biolink:PhenotypicFeature", "claim"),
        Entity("CHEBI:1", "drug", "biolink:Drug", "claim"),
        Entity(ARTEFACT_ENTITY, "nan", "biolink:InformationContentEntity", "artefact"),
        Entity(PLACEHOLDER, "some condition", "biolink:Disease", "claim"),
    )
}
LABELS = {curie: entity.label for curie, entity in POOL.items()}
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)


HEDGES = st.builds(Hedge, WORDS, st.sampled_from(["possibility", "frequency"]))
EVIDENCE = st.builds(
    Evidence,
    direction=st.just("disputes"),
    directness=st.just("direct"),
    basis=st.just("review"),
    references=st.sampled_from([("PMID:1",), ("PMID:1", "PMID:2"), ("CKG-C900",)]),
    summary=WORDS,
)
CLAIMS = st.builds(
    Claim,
    id=st.just("CKG-C900"),
    section=st.just("one"),
    span=st.integers(0, 3).map(lambda start: Span(start, start + 2, hashlib.sha256(bytes(start)).hexdigest())),
    subject=st.sampled_from(sorted(POOL)),
    predicate=st.sampled_from(["biolink:affects", "RO:0002452"]),
    object=st.sampled_from(sorted(POOL)),
    kind=st.just("treatment"),
    verdict=st.just("supported"),
    status=st.sampled_from(STATUSES),
    relation=st.sampled_from(["", "RO:0002200", "RO:0002452"]),
    hedges=st.lists(HEDGES, max_size=2, unique=True).map(tuple),
    negation_cue=st.sampled_from(["", "", "not"]),
    evidence=st.lists(EVIDENCE, max_size=2).map(tuple),
)


def numbered(made: list[Claim]) -> Curation:
    claims = tuple(replace(claim, id=f"CKG-C9{number:02}") for number, claim in enumerate(made))
    return Curation(DOCUMENT, claims, (), POOL)


CURATIONS = st.lists(CLAIMS, min_size=1, max_size=6).map(numbered)


def said(curated: Curation) -> list[ox.Quad]:
    """Return the claims as the build says them."""
    found = [quad for claim in curated.claims for quad in statements.claim_quads(claim, DOCUMENT, dict(POOL), LABELS)]
    found += Sheet("graph:claims").write(ARTEFACT_ENTITY, ("rdf:type", iri("ckgv:ArtefactEntity")))
    return found + list(graph.shortcuts(curated, {iri(ARTEFACT_ENTITY), iri(PLACEHOLDER)}))


@settings(deadline=None, max_examples=60)
@given(CURATIONS)
def test_laws_hold_for_any_claims(curated: Curation) -> None:
    quads = said(curated)
    assert all(others for others in leaks(quads, curated).values())
    assert baseless(quads, curated) == []
    assert mentions(quads, [ARTEFACT_ENTITY, PLACEHOLDER]) == []
    assert records(quads) == recorded(curated)


@settings(deadline=None, max_examples=60)
@given(CURATIONS, st.sets(st.sampled_from(STATUSES), min_size=1, max_size=3))
def test_views_hold_for_any_claims(curated: Curation, statuses: set[str]) -> None:
    seen = views.select(said(curated), statuses)
    kept = [claim for claim in curated.claims if claim.status in statuses]
    found = handed_out(seen)
    assert bool(found.pop("ckgv:ArtefactEntity")) == ("artefact" in statuses)
    assert found == belonging(kept, curated)
    assert records(seen) == {claim.id: recorded(curated)[claim.id] for claim in kept}


@settings(deadline=None, max_examples=15)
@given(CURATIONS, st.sampled_from(sorted(formats.FORMATS)))
def test_exports_hold_for_any_claims(curated: Curation, form: str) -> None:
    content = formats.render(said(curated), formats.FORMATS[form], ["claims"])
    assert records(ox.parse(content, format=oxigraph.RDF_FORMATS[f".{form}"])) == recorded(curated)


def test_the_literature_is_told_apart_from_the_document(quads: list[ox.Quad], curated: Curation) -> None:
    """A claim of the literature has its graph, its class and its sources, and shares none of them with the document."""
    beyond = {iri(claim.id) for claim in curated.literature}
    of_document = {iri(claim.id) for claim in curated.claims}
    document = iri(curated.document.id)
    assert beyond
    assert not beyond & of_document
    for quad in quads:
        here = quad.graph_name == iri("graph:literature")
        assert not (quad.subject in beyond and not here), quad
        assert not (quad.subject in of_document and here), quad
        assert not (here and quad.object in {document, iri("ckgv:Claim"), *of_document}), quad
        assert not (quad.object in beyond and not here), quad


def test_the_literature_makes_no_plain_triple(quads: list[ox.Quad], curated: Curation) -> None:
    """Whatever its status, it is reachable as a claim alone; a plain triple it shares is the document's own."""
    own = {(claim.subject, claim.relation or claim.predicate, claim.object) for claim in curated.claims}
    said = {
        (iri(claim.subject), iri(claim.relation or claim.predicate), iri(claim.object))
        for claim in curated.literature
        if (claim.subject, claim.relation or claim.predicate, claim.object) not in own
    }
    plain = {
        (quad.subject, quad.predicate, quad.object)
        for quad in quads
        if quad.graph_name not in {iri("graph:imports"), iri("graph:tbox"), iri("graph:bridge")}
    }
    assert len(said) > 50
    assert not said & plain
