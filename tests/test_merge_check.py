"""`merge-check`: a clean result keeps every law; each law, broken by hand, is found broken."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

import merge_records as made
from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import appending, front, laws, merges, store
from calcinosis_kg.merging.laws_report import BROKEN, HOLDS, LAWS, UNTOLD

if TYPE_CHECKING:
    from collections.abc import Callable

    from calcinosis_kg.merging.laws_report import Verdict, Verdicts

EDGES = """id\tsubject\tpredicate\tobject\tnegated\tstanding\tsex_qualifier\tpublications\tprovided_by
e1\tX:1\tbiolink:treats\tY:1\tfalse\t\t\tPMID:1\ta
e2\tX:1\tbiolink:treats\tY:1\tfalse\t\t\tPMID:2\tb
e3\tX:1\tbiolink:treats\tY:2\ttrue\t\t\tPMID:1\ta
e4\tX:2\tbiolink:treats\tY:1\tfalse\trefuted\t\t\ta
e5\tZ:1\tbiolink:treats\tY:3\tfalse\t\tfemale\t\ta
e6\tX:9\tbiolink:treats\tY:9\tfalse\t\t\t\ta
"""
NODES = "id\tcategory\tname\n" + "".join(
    f"{name}\tbiolink:NamedThing\tone\n" for name in ("X:1", "X:2", "Y:1", "Y:2", "Y:3", "Z:1", "W:1")
)
MAPS = """subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tconfidence
W:1\tskos:exactMatch\t\tZ:1\tsemapv:ManualMappingCuration\t
W:2\tskos:exactMatch\tNot\tX:2\tsemapv:ManualMappingCuration\t
V:1\tskos:broadMatch\t\tY:1\tsemapv:ManualMappingCuration\t
"""


def written(folder: Path) -> list[str]:
    """Write the inputs, and return their paths."""
    folder.mkdir(exist_ok=True)
    texts = {"my_edges.tsv": EDGES, "my_nodes.tsv": NODES, "my.sssom.tsv": MAPS}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [str(folder / name) for name in texts]


@pytest.fixture
def merged(tmp_path: Path) -> tuple[list[str], Path]:
    files = written(tmp_path / "in")
    front.merge(files, out=tmp_path / "out", shipped=False)
    return files, tmp_path / "out"


def of(verdicts: Verdicts) -> dict[str, Verdict]:
    return {verdict.law: verdict for verdict in verdicts.laws}


def broken(verdicts: Verdicts) -> set[str]:
    return {verdict.law for verdict in verdicts.laws if verdict.verdict == BROKEN}


def change(out: Path, name: str, edit: Callable[[list[dict[str, Any]]], object]) -> None:
    """Change rows of a Parquet file of a result, and make the manifest fit: only the law itself can tell."""
    table = pq.read_table(out / name)
    rows = table.to_pylist()
    edit(rows)
    pq.write_table(pa.Table.from_pylist(rows, table.schema), out / name)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    store.describe(out, {key: value for key, value in manifest.items() if key not in ("format", "files", "digest")})


def put(column: str, value: object, **where: object) -> Callable[[list[dict[str, Any]]], None]:
    """Return an edit: a new value in the rows that have some cells."""

    def edit(rows: list[dict[str, Any]]) -> None:
        found = [row for row in rows if all(row[key] == cell for key, cell in where.items())]
        assert found
        for row in found:
            row[column] = value

    return edit


def test_a_clean_result_keeps_every_law(merged: tuple[list[str], Path], tmp_path: Path) -> None:
    files, out = merged
    front.merge(files[::-1], out=tmp_path / "twin", shipped=False, threads=1)
    verdicts = laws.check(files, out, twin=tmp_path / "twin")
    assert [(verdict.law, verdict.verdict) for verdict in verdicts.laws] == [(law, HOLDS) for law in LAWS]
    assert all(verdict.checked for verdict in verdicts.laws)
    assert of(laws.check(files, out))["bytes"].verdict == UNTOLD


def first(rows: list[dict[str, Any]]) -> None:
    rows.pop(0)


def drop(rows: list[dict[str, Any]], column: str, value: str) -> None:
    rows.remove(next(row for row in rows if row[column] == value))


def again(rows: list[dict[str, Any]]) -> None:
    rows.append(rows[0])


@pytest.mark.parametrize(
    ("name", "edit", "law"),
    [
        ("evidence.parquet", first, "zero-loss"),
        ("evidence.parquet", put("record_id", "", record_id="e1"), "zero-loss"),
        ("evidence.parquet", put("subject", "W:1", subject="Z:1"), "zero-loss"),
        ("evidence.parquet", put("qualifiers", "", record_id="e5"), "zero-loss"),
        ("evidence.parquet", put("source", "other", record_id="e1"), "zero-loss"),
        ("evidence.parquet", put("publications", "PMID:2", record_id="e1"), "pairing"),
        ("evidence.parquet", again, "pairing"),
        ("evidence.parquet", put("negated", value=False, negated=True), "polarity"),
        ("evidence.parquet", put("standing", "", standing="refuted"), "standing"),
        ("evidence.parquet", lambda rows: drop(rows, "record_id", "e6"), "dangling"),
        ("evidence.parquet", lambda rows: drop(rows, "record_id", "e6"), "silence"),
        ("statements.parquet", put("negated", value=False, negated=True), "polarity"),
        ("statements.parquet", put("standing", "", standing="refuted"), "standing"),
        ("statements.parquet", put("object", "Y:2", object="Y:3"), "rewiring"),
        ("statements.parquet", put("subject", "Z:1", subject="W:1"), "alias"),
        ("statements.parquet", put("qualifiers", "", object="Y:3"), "zero-loss"),
        ("statements.parquet", put("publications", "PMID:1", publications="PMID:1|PMID:2"), "zero-loss"),
        ("statements.parquet", put("publications", "PMID:7", publications="PMID:1"), "pairing"),
        ("statements.parquet", put("evidence", 1, evidence=2), "silence"),
        ("statements.parquet", first, "zero-loss"),
        ("statements.parquet", again, "duplicates"),
        ("nodes.parquet", put("node", "Z:1", node="W:1"), "alias"),
        ("nodes.parquet", lambda rows: drop(rows, "node", "X:9"), "dangling"),
        ("nodes.parquet", again, "duplicates"),
        ("node-evidence.parquet", first, "zero-loss"),
        ("mappings.parquet", first, "zero-loss"),
        ("mappings.parquet", put("predicate_modifier", "", subject_id="W:2"), "pairing"),
        ("aliases.parquet", lambda rows: rows.append({"alias": "X:2", "leader": "X:1"}), "rewiring"),
        ("aliases.parquet", lambda rows: rows.append({"alias": "X:2", "leader": "W:2"}), "cliques"),
        ("aliases.parquet", lambda rows: rows.append({"alias": "HP:1", "leader": "DOID:1"}), "cliques"),
        ("aliases.parquet", lambda rows: rows.clear(), "alias"),
    ],
)  # fmt: skip
def test_a_change_of_a_table_breaks_its_law(
    merged: tuple[list[str], Path], name: str, edit: Callable[[list[dict[str, Any]]], object], law: str
) -> None:
    files, out = merged
    change(out, name, edit)
    verdict = of(laws.check(files, out))[law]
    assert verdict.verdict == BROKEN
    assert verdict.count
    assert verdict.notes


def test_an_example_names_file_and_line(merged: tuple[list[str], Path]) -> None:
    files, out = merged
    change(out, "evidence.parquet", put("negated", value=False, negated=True))
    verdict = of(laws.check(files, out))["polarity"]
    assert verdict.examples[0] == "my_edges.tsv:4: X:1 NOT biolink:treats Y:2"
    assert verdict.notes[0].endswith("Merge again")


def test_a_merge_may_doubt_what_is_asserted_and_never_the_other_way(tmp_path: Path) -> None:
    head = "subject\tpredicate\tobject\tnegated\tdisease_context_qualifier\n"
    rows = "OMIM:1\tbiolink:has_phenotype\tHP:1\ttrue\t\nNCBIGene:1\tbiolink:has_phenotype\tHP:1\tfalse\tOMIM:1\n"
    file = tmp_path / "my_edges.tsv"
    file.write_text(head + rows, encoding="utf-8")
    front.merge([file], out=tmp_path / "out", shipped=False)
    assert "doubtful" in {row["standing"] for row in made.table(tmp_path / "out", "statements.parquet")}
    assert not broken(laws.check([file], tmp_path / "out"))
    change(tmp_path / "out", "statements.parquet", put("standing", "reported", standing="doubtful"))
    assert "standing" in broken(laws.check([file], tmp_path / "out"))


def kgx(out: Path, name: str, edit: Callable[[str], str]) -> None:
    file = out / "kgx" / name
    text = file.read_text(encoding="utf-8")
    assert edit(text) != text
    file.write_text(edit(text), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "edit", "law"),
    [
        ("edges.tsv", lambda text: text.replace("\ttrue\t", "\tfalse\t"), "polarity"),
        ("edges.tsv", lambda text: text[: text.rstrip().rindex("\n") + 1], "zero-loss"),
        ("edges.tsv", lambda text: text.replace("\tY:3\t", "\tY:2\t"), "rewiring"),
        ("claims.tsv", lambda text: text.replace("\trefuted\t", "\t\t"), "standing"),
        ("edges.tsv", lambda text: text.replace("\tfemale\t", "\t\t"), "zero-loss"),
        ("edges.tsv", lambda text: text + "0" * 32 + "".join(text.splitlines(keepends=True)[1:2])[32:], "pairing"),
    ],
)
def test_a_change_of_a_kgx_file_of_ours_breaks_its_law(
    merged: tuple[list[str], Path], name: str, edit: Callable[[str], str], law: str
) -> None:
    files, out = merged
    kgx(out, name, edit)
    assert {law, "silence"} <= broken(laws.check(files, out))  # the manifest's digest tells too


def test_counts_that_do_not_add_up_are_silence_broken(merged: tuple[list[str], Path]) -> None:
    files, out = merged
    Path(files[0]).write_text(EDGES + "e7\tX:1\tbiolink:treats\tY:3\tfalse\t\t\t\ta\n", encoding="utf-8")
    verdict = of(laws.check(files, out))["silence"]
    assert verdict.verdict == BROKEN
    assert "my_edges: 7 edges, the manifest says 6" in verdict.examples


def test_a_row_in_quarantine_is_not_silent_until_it_goes(tmp_path: Path) -> None:
    files = written(tmp_path / "in")
    Path(files[0]).write_text(EDGES + "e7\tX:1\ttoo few cells\n", encoding="utf-8")
    front.merge(files, out=tmp_path / "out", shipped=False)
    assert of(laws.check(files, tmp_path / "out"))["silence"].verdict == HOLDS
    change(tmp_path / "out", "quarantine.parquet", first)
    assert of(laws.check(files, tmp_path / "out"))["silence"].verdict == BROKEN


def test_a_result_with_a_segment_keeps_every_law(merged: tuple[list[str], Path], tmp_path: Path) -> None:
    files, out = merged
    more = tmp_path / "more_edges.tsv"
    more.write_text(EDGES.replace("e1\t", "n1\t").replace("Y:2\ttrue", "Y:2\tfalse"), encoding="utf-8")
    appending.append(out, [front.opened(str(more), {}, strict=False)])
    verdicts = laws.check([*files, str(more)], out)
    assert not verdicts.broken
    assert "zero-loss" in broken(
        laws.check([*files, str(more)], tmp_path / "merged-again" if False else _twin(files, tmp_path))
    )


def _twin(files: list[str], tmp_path: Path) -> Path:
    front.merge(files, out=tmp_path / "without", shipped=False)
    return tmp_path / "without"


@settings(max_examples=25, deadline=None)
@given(made.sources())
def test_whatever_is_merged_keeps_every_law(found: dict[str, made.Rows]) -> None:
    inputs = [made.as_input(name, rows) for name, rows in found.items()]
    with tempfile.TemporaryDirectory() as folder:
        merges.merge(inputs, Path(folder, "out"))
        verdicts = laws.check(inputs, Path(folder, "out"))
        assert not verdicts.broken, verdicts.to_text()


def foreign(folder: Path, edges: str, nodes: str = NODES) -> Path:
    """Write what another tool may have written."""
    folder.mkdir()
    (folder / "kg_edges.tsv").write_text(edges, encoding="utf-8")
    (folder / "kg_nodes.tsv").write_text(nodes, encoding="utf-8")
    return folder


GOOD = EDGES.replace("Z:1", "W:1")
GOOD_NODES = NODES.replace("Z:1\tbiolink:NamedThing\tone\n", "")


def test_another_tools_output_that_keeps_the_laws(tmp_path: Path) -> None:
    files = written(tmp_path / "in")
    verdicts = of(laws.check(files, foreign(tmp_path / "out", GOOD, GOOD_NODES)))
    assert {law for law, verdict in verdicts.items() if verdict.verdict == BROKEN} == {"duplicates"}  # e1 and e2
    assert verdicts["cliques"].verdict == UNTOLD


@pytest.mark.parametrize(
    ("old", "new", "law"),
    [
        ("e3\tX:1\tbiolink:treats\tY:2\ttrue", "e3\tX:1\tbiolink:treats\tY:2\tfalse", "polarity"),
        ("\trefuted\t", "\t\t", "standing"),
        ("\tfemale\t", "\t\t", "zero-loss"),
        ("PMID:2\tb", "PMID:2\ta", "zero-loss"),
        ("e2\t", "e1\t", "zero-loss"),
        ("PMID:2\tb", "PMID:2\ta", "pairing"),
        ("PMID:2\tb", "PMID:3\tb", "pairing"),
        ("e4\tX:2", "e4\tW:2", "rewiring"),
        ("Y:1\tfalse\t\t\tPMID:1", "V:1\tfalse\t\t\tPMID:1", "rewiring"),
        ("e5\tW:1", "e5\tZ:1", "alias"),
        ("e6\tX:9\tbiolink:treats\tY:9\tfalse\t\t\t\ta\n", "", "dangling"),
        ("e3\tX:1\tbiolink:treats\tY:2\ttrue\t\t\tPMID:1\ta\n", "", "silence"),
        ("e3\tX:1\tbiolink:treats\tY:2\ttrue\t\t\tPMID:1\ta\n", "e3\tX:1\n", "silence"),
    ],
)
def test_another_tools_output_that_breaks_a_law(tmp_path: Path, old: str, new: str, law: str) -> None:
    assert old in GOOD
    files = written(tmp_path / "in")
    verdict = of(laws.check(files, foreign(tmp_path / "out", GOOD.replace(old, new), GOOD_NODES)))[law]
    assert verdict.verdict == BROKEN
    assert verdict.examples


def test_nodes_of_another_tool_that_are_gone_or_stand_twice(tmp_path: Path) -> None:
    files = written(tmp_path / "in")
    lost = GOOD_NODES.replace("Y:2\tbiolink:NamedThing\tone\n", "")
    assert "zero-loss" in broken(laws.check(files, foreign(tmp_path / "lost", GOOD, lost)))
    twice = GOOD_NODES + "Y:2\tbiolink:NamedThing\tone\n"
    notes = of(laws.check(files, foreign(tmp_path / "twice", GOOD, twice)))["duplicates"]
    assert "kg_nodes.tsv:8: Y:2 stands at kg_nodes.tsv:5 too" in notes.examples


def test_edges_that_another_tool_sets_aside_are_seen(tmp_path: Path) -> None:
    files = written(tmp_path / "in")
    row = "e6\tX:9\tbiolink:treats\tY:9\tfalse\t\t\t\ta\n"
    out = foreign(tmp_path / "out", GOOD.replace(row, ""), GOOD_NODES)
    (out / "dangling_edges.tsv").write_text(EDGES.splitlines(keepends=True)[0] + row, encoding="utf-8")
    verdicts = of(laws.check(files, out))
    assert {verdicts["dangling"].verdict, verdicts["silence"].verdict, verdicts["zero-loss"].verdict} == {HOLDS}


def test_lists_of_another_tool_leave_the_pairing_untold(tmp_path: Path) -> None:
    files = written(tmp_path / "in")
    lines = GOOD.splitlines(keepends=True)
    lines[1:3] = ["e1|e2\tX:1\tbiolink:treats\tY:1\tfalse\t\t\tPMID:1|PMID:2\ta|b\n"]
    verdicts = of(laws.check(files, foreign(tmp_path / "out", "".join(lines), GOOD_NODES)))
    assert verdicts["pairing"].verdict == UNTOLD
    assert verdicts["zero-loss"].verdict == verdicts["duplicates"].verdict == HOLDS


def test_json_lines_of_another_tool(tmp_path: Path) -> None:
    files = written(tmp_path / "in")
    out = tmp_path / "out"
    out.mkdir()
    names, *rows = [line.split("\t") for line in GOOD.splitlines()]
    edges: list[dict[str, Any]] = [{key: cell for key, cell in zip(names, row, strict=True) if cell} for row in rows]
    for edge in edges:
        edge["negated"] = edge["negated"] == "true"
    nodes = [{"id": line.split("\t")[0], "category": ["biolink:NamedThing"]} for line in GOOD_NODES.splitlines()[1:]]
    for name, objects in (("edges", edges), ("nodes", nodes)):
        (out / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")
    assert broken(laws.check(files, out)) == {"duplicates"}


def test_the_judge_does_not_use_what_it_judges() -> None:
    made_by = (
        "identity",
        "cliques",
        "equivalences",
        "successors",
        "statements",
        "groups",
        "columns",
        "nodes",
        "outputs",
    )
    for path in Path(laws.__file__).parent.glob("laws*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [name for name in made_by if f"merging.{name}" in text or f"import {name}" in text], path.name


def test_bad_input(tmp_path: Path) -> None:
    files = written(tmp_path / "in")
    with pytest.raises(InputError, match="is not a folder"):
        laws.check(files, tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="neither a manifest"):
        laws.check(files, tmp_path / "empty")
    with pytest.raises(InputError, match="nothing to hold it against"):
        laws.check([], foreign(tmp_path / "out", GOOD))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "calcinosis_kg", "merge-check", *arguments], capture_output=True, text=True, check=False
    )


def test_the_verb_and_its_exit_codes(merged: tuple[list[str], Path], tmp_path: Path) -> None:
    files, out = merged
    done = run(*files, "--result", str(out))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("holds           zero-loss")
    assert len([line for line in done.stdout.splitlines() if not line.startswith(" ")]) == len(LAWS)
    bad = foreign(tmp_path / "bad", GOOD.replace("\ttrue\t", "\tfalse\t"), GOOD_NODES)
    done = run(*files, "--result", str(bad), "--format", "json")
    assert done.returncode == 1
    assert {one["law"]: one["verdict"] for one in json.loads(done.stdout)}["polarity"] == BROKEN
    done = run(*files, "--result", str(tmp_path / "nowhere"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
