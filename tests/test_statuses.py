"""The rules that give a claim its status: each bites, they are asked in order, and differences need a reason."""

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from calcinosis_kg import statuses
from calcinosis_kg.claims import Claim, Curation, Evidence, Hedge, Span
from calcinosis_kg.errors import InputError, SourceError
from calcinosis_kg.graph import quads as build_quads
from calcinosis_kg.resources import folder
from calcinosis_kg.sheets import iri
from calcinosis_kg.statements import claim_quads

RULES = statuses.read(folder("ontology") / statuses.FOLDER)
LABELS = {"CHEBI:10033": "warfarin", "DOID:182": "calcinosis"}

FOR, BUT, AGAINST = "supports", "qualifies", "disputes"


def line(direction: str, basis: str, *, level: int | None = None, directness: str = "direct") -> Evidence:
    """A line of evidence; on the page it cites another claim."""
    return Evidence(direction, directness, basis, ("CKG-C001" if basis == "page" else "PMID:1",), "It says so.", level)


def judged(curated: Curation, *evidence: Evidence, **changes: object) -> statuses.Rule:
    """The rule that takes a toy claim with this evidence."""
    toy = Claim(
        "CKG-C901", "toy", Span(0, 1, "0" * 64), "CHEBI:10033", "biolink:affects", "DOID:182", "cause", "supported",
        "accepted", evidence=evidence,
    )  # fmt: skip
    claim = replace(toy, **changes)  # type: ignore[arg-type] # the fields of a claim
    found = list(claim_quads(claim, curated.document, dict(curated.entities), LABELS))
    return statuses.compute(found, RULES)[iri(claim.id)]


TREATMENT = {"kind": "treatment"}
HEDGED = {"hedges": (Hedge("may", "possibility"),)}
NEGATED = {"negation_cue": "not"}
# What is claimed; the evidence; the rule that the words of ontology/status make of it.
CASES = [
    ("nothing", {}, (), "10-its-own-word"),
    ("reference", {}, (line(FOR, "ontology"),), "08-directly-supported"),
    ("expert-opinion", {}, (line(FOR, "review", level=5),), "08-directly-supported"),
    ("case-report-alone", {}, (line(FOR, "case_report", level=5),), "10-its-own-word"),
    ("indirect", {}, (line(FOR, "study", level=4, directness="indirect"),), "09-supported-indirectly"),
    (
        "indirect-but-qualified",
        {},
        (line(FOR, "study", level=4, directness="indirect"), line(BUT, "study", level=4, directness="indirect")),
        "10-its-own-word",
    ),
    ("page-supports-itself", {}, (line(FOR, "page"),), "10-its-own-word"),
    ("one-reference-against", {}, (line(AGAINST, "ontology"),), "03-disputed"),
    ("two-references-against", {}, (line(AGAINST, "ontology"), line(AGAINST, "annotation")), "02-strongly-disputed"),
    ("trial-against", {}, (line(AGAINST, "study", level=1),), "02-strongly-disputed"),
    ("level-2-against", {}, (line(AGAINST, "review", level=2),), "02-strongly-disputed"),
    ("level-3-against", {}, (line(AGAINST, "study", level=3),), "03-disputed"),
    ("trial-against-indirectly", {}, (line(AGAINST, "study", level=1, directness="indirect"),), "03-disputed"),
    ("trial-against-opinion-for", {}, (line(AGAINST, "study", level=1), line(FOR, "review", level=5)), "03-disputed"),
    ("page-against-itself", {}, (line(AGAINST, "page"), line(AGAINST, "page")), "03-disputed"),
    ("qualified-alone", {}, (line(BUT, "review", level=5),), "04-only-qualified"),
    ("qualified-alone-indirectly", {}, (line(BUT, "review", level=5, directness="indirect"),), "10-its-own-word"),
    (
        "benefit-qualified-indirectly-twice",
        TREATMENT,
        (line(BUT, "review", level=5, directness="indirect"), line(BUT, "study", level=4, directness="indirect")),
        "04-only-qualified",
    ),
    ("benefit-on-opinion", TREATMENT, (line(FOR, "review", level=5),), "10-its-own-word"),
    ("benefit-on-opinion-qualified", TREATMENT, (line(FOR, "review", level=5), line(BUT, "page")), "05-weak-benefit"),
    ("benefit-on-cohort", TREATMENT, (line(FOR, "study", level=4),), "08-directly-supported"),
    ("benefit-by-reference", TREATMENT, (line(FOR, "annotation"),), "08-directly-supported"),
    ("benefit-indirect", TREATMENT, (line(FOR, "study", level=1, directness="indirect"),), "10-its-own-word"),
    ("no-benefit-claimed", {**TREATMENT, **NEGATED}, (line(FOR, "review", level=5),), "08-directly-supported"),
    (
        "only-studied",
        {**TREATMENT, "predicate": "biolink:studied_to_treat"},
        (line(FOR, "review", level=5),),
        "08-directly-supported",
    ),
    (
        "flat-benefit-on-cohort-qualified",
        TREATMENT,
        (line(FOR, "study", level=4), line(BUT, "study", level=4)),
        "06-overstated",
    ),
    (
        "hedged-benefit-on-cohort-qualified",
        {**TREATMENT, **HEDGED},
        (line(FOR, "study", level=4), line(BUT, "study", level=4)),
        "08-directly-supported",
    ),
    (
        "flat-benefit-on-trial-qualified",
        TREATMENT,
        (line(FOR, "study", level=1), line(BUT, "study", level=4)),
        "08-directly-supported",
    ),
    ("flat-more-qualified", {}, (line(FOR, "study", level=3), line(BUT, "page"), line(BUT, "page")), "06-overstated"),
    (
        "phenotype-of-some",
        {"predicate": "biolink:has_phenotype", "qualifiers": {"scope": "some_subclasses"}},
        (line(FOR, "ontology"),),
        "07-over-general",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_evidence_gives_the_status_that_the_words_of_the_rules_give(
    case: tuple[str, dict[str, object], tuple[Evidence, ...], str], curated: Curation
) -> None:
    _, changes, evidence, rule = case
    assert judged(curated, *evidence, **changes).name == rule
    assert judged(curated, *reversed(evidence), **changes).name == rule


def test_what_grew_out_of_a_missing_value_is_an_artefact_whatever_else_is_known(curated: Curation) -> None:
    missing = Evidence("disputes", "direct", "page", (curated.document.id,), "The value is missing.")
    assert judged(curated, missing, line(FOR, "study", level=1)).status == "artefact"


def test_every_rule_takes_a_claim_of_the_document(curated: Curation, quads: list[ox.Quad]) -> None:
    fired = statuses.compute(quads, RULES)
    assert {rule.name for rule in fired.values()} == {rule.name for rule in RULES}
    assert {iri(claim.id) for claim in curated.claims} <= set(fired)
    assert {case[3] for case in CASES} | {"01-missing-value"} == {rule.name for rule in RULES}


def test_rules_see_evidence_and_not_the_opinion_on_it(quads: list[ox.Quad]) -> None:
    """Without any status, verdict or computed status in the graph the rules say the same."""
    opinions = {
        iri(f"ckgv:{name}") for name in ("claimStatus", "verdict", "computedStatus", "firedRule", "statusReason")
    }
    blind = [quad for quad in quads if quad.predicate not in opinions]
    assert len(blind) < len(quads) - 900
    assert statuses.compute(blind, RULES) == statuses.compute(quads, RULES)


def test_the_rules_reproduce_the_curated_statuses(curated: Curation, quads: list[ox.Quad]) -> None:
    fired = statuses.compute(quads, RULES)
    different = [claim.id for claim in curated.claims if fired[iri(claim.id)].status != claim.status]
    assert len(different) <= 0.05 * len(curated.claims), different
    assert different == [claim.id for claim in curated.claims if claim.status_reason]


def test_a_status_against_the_evidence_is_told(curated: Curation, quads: list[ox.Quad]) -> None:
    fired = statuses.compute(quads, RULES)
    claim = next(claim for claim in curated.claims if claim.id == "CKG-C258")
    (problem,) = statuses.differences([replace(claim, status="accepted")], fired)
    assert str(problem).startswith(
        f"{claim.place}: CKG-C258 is accepted, but its evidence makes it refuted (rule 02-st"
    )
    assert list(statuses.differences([replace(claim, status="accepted", status_reason="It is.")], fired)) == []
    (problem,) = statuses.differences([replace(claim, status_reason="It is.")], fired)
    assert problem.remedy == "Delete the reason."


def test_a_build_stops_at_it(tmp_path: Path) -> None:
    import shutil  # noqa: PLC0415 - here alone

    copy = tmp_path / "ontology"
    shutil.copytree(folder("ontology"), copy, ignore=shutil.ignore_patterns("*.trig"))
    path = copy / "claims" / "repurposable-drugs.yaml"
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace("        level: 1\n", ""), encoding="utf-8")
    with pytest.raises(
        SourceError, match=r"repurposable-drugs\.yaml:\d+: CKG-C258 is refuted, but its evidence makes it"
    ):
        build_quads(copy)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("SELECT ?claim {}", r"1: has no '#\+ status:'"),
        ("#+ status: doubtful\n#+ rule: A.\n#+ detail: B.\nSELECT ?claim {}", "1: 'doubtful' is no status"),
    ],
)
def test_a_bad_rule_is_told(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "01-toy.rq").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        statuses.read(tmp_path)


@pytest.mark.parametrize("query", ["SELECT ?claim {", "SELECT ?other { ?other ?p ?o }", "ASK {}"])
def test_a_rule_that_selects_no_claim_is_told(query: str, quads: list[ox.Quad]) -> None:
    rule = statuses.Rule("01-toy", "accepted", "A toy.", "Always.", query)
    with pytest.raises(InputError, match=r"01-toy\.rq: is no query that selects \?claim"):
        statuses.compute(quads, [rule])


def test_no_rules(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no rules"):
        statuses.read(tmp_path)
