"""Why a claim has its status: every claim is explained, fully, in words and as JSON."""

import json
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from calcinosis_kg.claims import Curation
from calcinosis_kg.errors import InputError
from calcinosis_kg.explanations import Explainer

GOLDEN = Path(__file__).parent / "explanations"


@pytest.fixture(scope="module")
def explainer(quads: list[ox.Quad]) -> Explainer:
    return Explainer(quads)


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.txt")), ids=lambda path: path.stem)
def test_explanation_is_the_golden_one(path: Path, explainer: Explainer) -> None:
    assert explainer.explain(path.stem).to_text() == path.read_text(encoding="utf-8")


def test_every_claim_is_explained_in_full(explainer: Explainer, curated: Curation) -> None:
    assert explainer.ids == (
        *sorted((claim.id for claim in curated.claims), key=lambda name: int(name[5:])),
        *(claim.id for claim in curated.literature),
    )
    for claim in curated.claims:
        found = explainer.explain(claim.id)
        assert found.status == claim.status
        assert f"{claim.span.start}-{claim.span.end} (SHA-256 {claim.span.sha256[:12]}" in found.place
        assert found.place.startswith(f"section {claim.section}, ")
        assert len(found.hedges) == len(claim.hedges)
        assert all(any(hedge.cue in said for said in found.hedges) for hedge in claim.hedges)
        assert found.negation == claim.negation_cue
        assert len(found.qualifiers) == len(claim.qualifiers)
        assert sorted(line.summary for line in found.evidence) == sorted(line.summary for line in claim.evidence)
        assert sorted(line.level or 0 for line in found.evidence) == sorted(line.level or 0 for line in claim.evidence)
        assert all(line.citations for line in found.evidence)
        assert found.rule
        assert found.rule_detail
        assert found.reason == claim.status_reason
        assert bool(found.reason) == (found.computed != found.status)


def test_claims_of_the_literature_are_told_apart(explainer: Explainer, curated: Curation) -> None:
    for claim in curated.literature:
        found = explainer.explain(claim.id)
        assert (found.source, found.place, found.hedges, found.reason) == ("literature", "", (), "")
        assert len(found.evidence) == len(claim.evidence)
        assert "not by the document" in found.to_text()


def test_lines_fit_a_terminal_but_for_addresses(explainer: Explainer) -> None:
    for name in explainer.ids:
        for row in explainer.explain(name).to_text().splitlines():
            assert len(row) <= 100 or " " not in row.strip(), row
            assert row == row.rstrip()


def test_evidence_for_comes_before_evidence_against(explainer: Explainer) -> None:
    directions = [line.direction for line in explainer.explain("CKG-C192").evidence]
    order = ["supports", "qualifies", "disputes"]
    assert directions == sorted(directions, key=order.index)
    assert set(directions) == set(order)


@pytest.mark.parametrize("name", ["CKG-C082", "ckg-c82", "C082", " c82 "])
def test_an_id_may_be_written_short(name: str, explainer: Explainer) -> None:
    assert explainer.explain(name).id == "CKG-C082"


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("C9999", "Did you mean CKG-C299?"), ("warfarin", "Claims are called CKG-C001 or CKG-L001."), ("", "Claims are")],
)
def test_an_unknown_claim_is_told(name: str, remedy: str, explainer: Explainer) -> None:
    with pytest.raises(InputError, match="is no claim of this dataset") as caught:
        explainer.explain(name)
    assert caught.value.remedy.startswith(remedy)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the verb."""
    command = [sys.executable, "-m", "calcinosis_kg", "why", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_verb() -> None:
    two = run("c217", "CKG-C258")
    assert (two.returncode, two.stderr) == (0, "")
    assert two.stdout.count("\nstatus      refuted\n") == 2
    one = json.loads(run("C217", "--format", "json").stdout)
    assert one["id"] == "CKG-C217"
    assert one["evidence"][-1]["direction"] == "disputes"
    for wrong in ([], ["--all", "C217"], ["C217", "c9999"], ["--format", "yaml", "C217"]):
        done = run(*wrong)
        assert (done.returncode, done.stdout) == (2, ""), wrong
        assert "Traceback" not in done.stderr


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    case = Path(__file__).parent / "shapes" / "claim" / "valid.kept-with-reason.ttl"
    done = run("C901", "--data", case)
    assert done.returncode == 0, done.stderr
    assert "but kept    reported, not accepted: The source speaks of another thing altogether." in done.stdout
    assert run("C901", "--data", tmp_path / "missing.ttl").returncode == 2
