"""The verbs of the merge as people meet them: append, why, what is refused, what a kill or a full disk leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

import calcinosis_kg as ckg
import merge_records as made
from calcinosis_kg.cli_progress import Progress
from calcinosis_kg.merging import appending, front, merges, reasons, results, store
from calcinosis_kg.merging.statements import statement_id

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "calcinosis_kg"]
HEAD = "id\tsubject\tpredicate\tobject\tnegated\tpublications\n"
OLD = HEAD + "e1\tMIM:5\tbiolink:causes\tHP:1\tfalse\tPMID:1\ne2\tMIM:6\tbiolink:causes\tHP:2\tfalse\t\n"
NEW = HEAD + "n1\tOMIM:5\tbiolink:causes\tHP:1\ttrue\t\nn2\tOMIM:6\tbiolink:causes\tHP:2\tfalse\t\n"
MAPPINGS = (
    "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    "OMIM:5\tskos:exactMatch\tORPHA:7\tsemapv:ManualMappingCuration\n"
    "ORPHA:7\tskos:exactMatch\tMONDO:9\tsemapv:ManualMappingCuration\n"
    "ORPHA:7\tskos:exactMatch\tMESH:D1\tsemapv:ManualMappingCuration\n"
)


def run(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "100"}
    command = [*COMMAND, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=cwd)


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    (tmp_path / "old_edges.tsv").write_text(OLD, encoding="utf-8")
    (tmp_path / "new_edges.tsv").write_text(NEW, encoding="utf-8")
    (tmp_path / "m.sssom.tsv").write_text(MAPPINGS, encoding="utf-8")
    files = [tmp_path / "old_edges.tsv"]
    ckg.merge(files, mappings=[tmp_path / "m.sssom.tsv"], out=tmp_path / "out", shipped=False, formats=["nq"])
    return tmp_path / "out"


def test_append_tells_what_is_new_known_and_contradicted(merged: Path) -> None:
    done = run("append", merged, f"mine={merged.parent / 'new_edges.tsv'}")
    denied = statement_id("MONDO:9", "biolink:causes", "HP:1", negated=True)
    table = merged / "segments" / "0001" / "contradictions.tsv"
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{merged}: mine added as segment 0001",
        "           2 edges",
        "           2 statements",
        "           1 of these known before",
        "           1 of these contradicted",
        "           0 of these refuted before",
        "           4 nodes",
        "           0 rows in quarantine",
        f"What is contradicted, with both sides and their sources, stands in {table}.",
    ]
    assert denied in table.read_text(encoding="utf-8")
    assert run("append", merged, f"mine={merged.parent / 'new_edges.tsv'}").stdout.endswith("nothing was added.\n")
    assert len(list(front.dataset(merged).quads())) > 40
    refused = run("append", merged, merged.parent / "m.sssom.tsv", f"x={merged.parent / 'm.sssom.tsv'}")
    assert refused.returncode == 2
    assert "m.sssom.tsv:2: is an exactMatch row" in refused.stderr
    assert f"calcinosis-kg merge {merged} m.sssom.tsv --no-shipped --out {merged}." in refused.stderr
    assert run("append", merged.parent, merged.parent / "new_edges.tsv").returncode == 2


def test_append_reports_what_it_could_not_read(merged: Path) -> None:
    bad = merged.parent / "bad_edges.tsv"
    bad.write_text(HEAD + "1\t\tx\ty\t\t\n", encoding="utf-8")
    done = run("append", merged, bad)
    assert done.returncode == 1
    assert str(merged / "segments" / "0001" / "quarantine.tsv") in done.stderr


KILLERS = {
    "while it reads": "settings = merges.Settings(told=lambda stage, *_: kill() if 'reading' in stage else None)",
    "while it writes": "settings = merges.Settings(told=lambda stage, *_: kill() if 'manifest' in stage else None)",
    "before the manifest": "store.extend = lambda *_: kill()",
    "between manifest and rename": "import pathlib; pathlib.Path.replace = lambda *_: kill()",
}


@pytest.mark.parametrize("how", KILLERS)
def test_a_killed_append_leaves_the_earlier_result_whole(how: str, merged: Path) -> None:
    before, kept = made.contents(merged), made.kept(merged)
    code = (
        "import os, signal\nfrom calcinosis_kg.merging import front, merges, store\n"
        "def kill(): os.kill(os.getpid(), signal.SIGKILL)\nsettings = None\n"
        f"{KILLERS[how]}\nfront.append({str(merged)!r}, [{str(merged.parent / 'new_edges.tsv')!r}], settings=settings)"
    )
    died = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    after = made.contents(merged)
    assert {name: after[name] for name in before} == before
    assert made.kept(merged) == kept
    again = front.append(merged, [merged.parent / "new_edges.tsv"])
    assert again["counts"]["statements"] == 2
    assert len(store.manifest(merged)["segments"]) == 1
    whole = made.merged([results.as_input(merged)], merged.parent / "whole", formats=("nq",))
    inputs = [merged.parent / "old_edges.tsv", merged.parent / "new_edges.tsv"]
    front.merge(
        inputs, mappings=[merged.parent / "m.sssom.tsv"], out=merged.parent / "all", shipped=False, formats=["nq"]
    )
    assert made.different(whole, made.contents(merged.parent / "all")) == []


def test_append_after_an_append_compares_with_both(merged: Path) -> None:
    front.append(merged, [merged.parent / "new_edges.tsv"])
    more = merged.parent / "more_edges.tsv"
    more.write_text(NEW.replace("n1", "m1"), encoding="utf-8")
    assert front.append(merged, [more])["counts"]["known before"] == 2
    assert [entry["name"] for entry in store.manifest(merged)["segments"]] == ["0001", "0002"]


def test_why_shows_place_mapping_rows_and_standing(merged: Path) -> None:
    name = statement_id("MONDO:9", "biolink:causes", "HP:1")
    done = run("why", name, "--in", merged)
    assert done.stdout.splitlines() == [
        f"statement {name}",
        "  subject    MONDO:9",
        "  predicate  biolink:causes",
        "  object     HP:1",
        "  polarity   affirmed",
        "  standing   asserted by its sources",
        "",
        "evidence (1)",
        "  1. source old_edges, old_edges.tsv:2",
        "     written there as MIM:5 biolink:causes HP:1",
        "     id there: e1; publications: PMID:1",
        "",
        "why identifiers of the sources stand as others here",
        "  OMIM:5 skos:exactMatch ORPHA:7 (m, m.sssom.tsv:2; semapv:ManualMappingCuration)",
        "  ORPHA:7 skos:exactMatch MONDO:9 (m, m.sssom.tsv:3; semapv:ManualMappingCuration)",
        "",
        "conflicts (0)",
    ]
    for ends in (("MIM:5", "HP:1"), ("ORPHA:7", "http://purl.obolibrary.org/obo/HP_1")):
        assert run("why", ends[0], "biolink:causes", ends[1], "--in", merged).stdout == done.stdout
    told = json.loads(run("why", name, "--in", merged, "--format", "json").stdout)
    assert [row["line"] for row in told["mappings"]] == [2, 3]


def test_why_says_what_is_wrong_with_a_question(merged: Path) -> None:
    for words, problem in (
        (["00"], "is not the id of a statement"),
        (["MIM:5", "biolink:causes", "HP:9"], "has no statement MONDO:9 biolink:causes HP:9"),
        ([], "name a statement by its id"),
        (["--all"], "give ids of statements"),
    ):
        done = run("why", *words, "--in", merged)
        assert done.returncode == 2
        assert problem in done.stderr
    assert "is not the result of a merge" in run("why", "00" * 16, "--in", merged.parent).stderr


def test_why_names_standing_conflicts_and_obsolete_terms(tmp_path: Path) -> None:
    edge = {"line": 2, "subject": "DOID:1", "predicate": "biolink:causes", "object": "HP:1", "standing": "refuted"}
    node = {"line": 4, "id": "DOID:1", "name": "old", "deprecated": True, "replaced_by": "DOID:2"}
    merges.merge([made.as_input("a", {"edges": [edge], "nodes": [node]})], tmp_path / "out")
    name = statement_id("DOID:2", "biolink:causes", "HP:1", standing="refuted")
    found = reasons.explain(tmp_path / "out", name)
    found["conflicts"] = [{"severity": "error", "kind": "polarity", "left": "a " * 90, "right": "b"}]
    text = reasons.to_text(found)
    assert "standing   refuted: the evidence is against it; it is no plain edge and no plain triple" in text
    assert "DOID:1 is obsolete, replaced by DOID:2 (a, a.tsv:4)" in text
    assert "  error: polarity: a a" in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_summary_of_a_merge_fits_a_screen(tmp_path: Path) -> None:
    (tmp_path / "old_edges.tsv").write_text(OLD, encoding="utf-8")
    done = run("merge", tmp_path / "old_edges.tsv", "--out", tmp_path / "out", "--format", "nq", "--format", "jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) <= 25
    assert max(map(len, lines[1:])) <= 100
    for words in (
        "2 sources (calcinosis-kg, old_edges)",
        "records read",
        "statements",
        "mappings refused",
        "quarantine",
    ):
        assert words in done.stdout


def test_a_folder_that_is_no_result_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine", encoding="utf-8")
    done = run("merge", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.endswith("exists and is not the result of a merge. Choose another folder for the result.\n")
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "thesis.txt"]


@pytest.mark.parametrize(
    "words", [["merge"], ["merge", "--out", "x", "--formt", "nq"], ["merge", "--out", "x", "--format", "ttl"]]
)
def test_wrong_flags_are_named(words: list[str], tmp_path: Path) -> None:
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert "Usage: calcinosis-kg merge" in done.stderr
    assert "Error: " in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("verb", ["merge", "unmerge", "append", "why"])
def test_help_has_examples(verb: str) -> None:
    done = run(verb, "--help")
    assert f"  calcinosis-kg {verb} " in done.stdout.partition("Examples:")[2]
    assert max(map(len, done.stdout.splitlines())) <= 100


@pytest.mark.parametrize("later", [0.0, 0.06, 0.2])
def test_ctrl_c_leaves_nothing_half(later: float, tmp_path: Path) -> None:
    """A stop within the first calls of a library was swallowed by it, or ended in its own error."""
    big = tmp_path / "big_edges.tsv"
    with big.open("w", encoding="utf-8") as file:
        file.write("id\tsubject\tpredicate\tobject\n")
        file.writelines(f"{n}\tOMIM:{n}\tbiolink:causes\tHP:{n % 99}\n" for n in range(1, 400_000))
    child = subprocess.Popen(
        [*COMMAND, "merge", str(big), "--no-shipped", "--format", "nq", "--out", str(tmp_path / "out")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for _ in range(600):
        if (tmp_path / "out.unfinished").exists():
            break
        time.sleep(0.01)
    time.sleep(later)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130
    assert said.endswith("Stopped. Files that were there before are unchanged.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["big_edges.tsv"]


def test_a_full_disk_leaves_the_earlier_result(merged: Path) -> None:
    before = made.contents(merged)
    more = merged.parent / "more_edges.tsv"
    rows = [f"{n}\tOMIM:{n}\tbiolink:causes\tHP:{n}\tfalse\tPMID:{n}\n" for n in range(20_000)]
    more.write_text(HEAD + "".join(rows), encoding="utf-8")
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "import sys; from calcinosis_kg.cli import main\n"
        f"sys.argv = ['calcinosis-kg', 'merge', {str(more)!r}, '--no-shipped', '--out', {str(merged)!r}]; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        f"{merged}: cannot be written to its end: file too large. "
        "Free some space or choose another place; what was there is unchanged.\n"
    )
    assert made.contents(merged) == before
    assert not merged.with_name("out.unfinished").exists()


def test_progress_has_rate_and_time_left(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    times = iter([0.0, 2.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(times))
    with Progress() as told:
        told("writing statements", 0, 4000)
        told("writing statements", 1000, 4000)
    assert "writing statements: 1,000 of 4,000, 500/s, 6 s left" in capsys.readouterr().err


def test_append_is_not_called_for_nothing(merged: Path) -> None:
    assert appending.append(merged, [results.as_input(merged)]) == {}
