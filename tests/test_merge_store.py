"""The result folder: whole or not at all; what is asked of it; a segment beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

import calcinosis_kg as ckg
import merge_records as made
from calcinosis_kg.errors import CalcinosisKGError, InputError
from calcinosis_kg.merging import appending, columns, inputs, merges, records, results, spool, store
from calcinosis_kg.merging.statements import statement_id

EDGE = {"line": 2, "subject": "MIM:5", "predicate": "RO:1", "object": "Y:1", "negated": False}


def source(name: str, *edges: dict[str, Any], **more: list[dict[str, Any]]) -> inputs.Input:
    return made.as_input(name, {"edges": list(edges), **more})


def result(folder: Path, *given_inputs: inputs.Input) -> Path:
    merges.merge(list(given_inputs), folder / "result")
    return folder / "result"


def test_the_same_edge_is_one_statement_with_two_lines_of_evidence(tmp_path: Path) -> None:
    out = result(tmp_path, source("a", EDGE), source("b", EDGE | {"subject": "OMIM:5", "publications": "PMID:1"}))
    (statement,) = made.table(out, merges.STATEMENTS)
    assert (statement["subject"], statement["sources"], statement["publications"]) == ("OMIM:5", "a|b", "PMID:1")
    evidence = made.table(out, merges.EVIDENCE)
    assert [(row["source"], row["subject"], row["publications"]) for row in evidence] == [
        ("a", "MIM:5", ""),
        ("b", "OMIM:5", "PMID:1"),
    ]
    assert statement["id"].hex() == statement_id("OMIM:5", "RO:1", "Y:1")


def test_a_killed_merge_leaves_the_earlier_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = result(tmp_path, source("a", EDGE))
    before = made.contents(out)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "describe", killed)
    with pytest.raises(KeyboardInterrupt):
        merges.merge([source("b", EDGE)], out)
    assert made.contents(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["result"]


def test_a_kill_between_the_two_renames_is_mended(tmp_path: Path) -> None:
    out = result(tmp_path, source("a", EDGE))
    before = made.contents(out)
    out.rename(tmp_path / "result.earlier")
    assert store.is_result(out)
    assert store.manifest(out)["counts"]["statements"] == 1
    assert made.contents(out) == before


def test_work_left_by_a_kill_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "result.unfinished" / "work").mkdir(parents=True)
    (tmp_path / "result.unfinished" / "work" / "edges.arrow").write_text("half")
    result(tmp_path, source("a", EDGE))
    assert [path.name for path in tmp_path.iterdir()] == ["result"]


def test_what_is_no_result_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "result").mkdir()
    (tmp_path / "result" / "thesis.tex").write_text("years of work")
    with pytest.raises(InputError, match="exists and is not the result of a merge"):
        result(tmp_path, source("a", EDGE))
    assert (tmp_path / "result" / "thesis.tex").exists()


def test_one_name_for_two_sources_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two inputs are called 'a'"):
        result(tmp_path, source("a", EDGE), source("a", EDGE | {"object": "Y:2"}))


def test_two_keys_of_one_id_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns.Part, "_digest", lambda _self, _text: bytes(16))
    with pytest.raises(CalcinosisKGError, match="two different records have the same id"):
        result(tmp_path, source("a", EDGE, EDGE | {"object": "Y:2"}))


def test_explain_names_lines_and_mapping_rows(tmp_path: Path) -> None:
    row = {"line": 7, "subject_id": "MIM:5", "predicate_id": "skos:exactMatch", "object_id": "MONDO:1"}
    unused = row | {"line": 8, "subject_id": "Z:1", "object_id": "MONDO:9"}
    out = result(tmp_path, source("a", EDGE), source("m", mappings=[row, unused]))
    name = statement_id("MONDO:1", "RO:1", "Y:1")
    told = results.explain(out, name)
    assert told["statement"]["subject"] == "MONDO:1"
    assert [(line["file"], line["line"], line["subject"]) for line in told["evidence"]] == [("a.tsv", 2, "MIM:5")]
    assert [line["line"] for line in told["mappings"]] == [7]
    for wrong in ("x", "00" * 16):
        with pytest.raises(InputError, match="statement"):
            results.explain(out, wrong)


def test_unmerge_names_the_sources_it_knows(tmp_path: Path) -> None:
    out = result(tmp_path, source("a", EDGE))
    with pytest.raises(InputError, match=r"has no source 'b'\. Its sources are: a"):
        results.unmerge(out, "b", out)


def test_a_step_writes_beside_the_tables_and_is_in_the_manifest(tmp_path: Path) -> None:
    def step(folder: Path) -> dict[str, int]:
        rows = len(made.table(folder, merges.STATEMENTS))
        (folder / "report.txt").write_text(f"{rows}\n")
        return {"reported": rows}

    done = merges.merge([source("a", EDGE)], tmp_path / "1", merges.Settings(steps=(step,)))
    assert done["counts"]["reported"] == 1
    assert "report.txt" in done["files"]
    again = results.unmerge(
        result(tmp_path, source("a", EDGE), source("b", EDGE)), "b", tmp_path / "2", merges.Settings(steps=(step,))
    )
    assert again["digest"] == done["digest"]


def test_unmerge_keeps_the_options(tmp_path: Path) -> None:
    one = source(
        "m", mappings=[{"line": 1, "subject_id": "X:1", "predicate_id": "skos:exactMatch", "object_id": "Y:1"}]
    )
    options: dict[str, Any] = {"leaders": ("Y",), "confidence": 0.1}
    merges.merge([source("a", EDGE), one], tmp_path / "1", merges.Settings(**options))
    expected = made.merged([one], tmp_path / "2", **options)
    results.unmerge(tmp_path / "1", "a", tmp_path / "1")
    assert not made.different(expected, made.contents(tmp_path / "1"))


def contradictions(out: Path, segment: str = "0001") -> list[dict[str, str]]:
    """Return what an appended segment contradicts."""
    text = (out / "segments" / segment / "contradictions.tsv").read_text(encoding="utf-8")
    head, *rows = [line.split("\t") for line in text.splitlines()]
    return [dict(zip(head, row, strict=True)) for row in rows]


PHENOTYPE = {"predicate": "biolink:has_phenotype", "object": "HP:1"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"negated": True}, {}, "the same statement"),
        ({}, {"negated": True}, "the same statement"),
        ({"negated": True}, {"qualifiers": '{"sex_qualifier":"female"}'}, "the yes is about some cases only"),
        ({"qualifiers": '{"sex_qualifier":"female"}'}, {"negated": True}, "the yes is about some cases only"),
        ({"qualifiers": '{"modality":"hedged"}'}, {"negated": True}, "the same statement"),
        ({"negated": True, "qualifiers": '{"sex_qualifier":"female"}'}, {}, ""),
        ({"negated": True}, {"frequency": "0/9"}, ""),
        ({"frequency": "0/9"}, {"negated": True}, ""),
        ({"negated": True}, {"standing": "refuted"}, ""),
        ({"standing": "reported"}, {"negated": True}, "the same statement"),
        ({"standing": "refuted"}, {}, "the other one is refuted"),
        ({"standing": "refuted", "qualifiers": '{"modality":"asserted"}'}, {}, "the other one is refuted"),
        ({"standing": "refuted"}, {"standing": "reported"}, ""),
        ({}, {}, ""),
        ({"object": "HP:2"}, {"negated": True}, ""),
        ({"predicate": "rdfs:subClassOf"}, {"predicate": "rdfs:subClassOf", "negated": True}, ""),
    ],
)
def test_what_is_appended_is_held_against_all_of_the_result(
    tmp_path: Path, old: dict[str, Any], new: dict[str, Any], expected: str
) -> None:
    out = result(tmp_path, source("a", EDGE | PHENOTYPE | old), source("b", EDGE | {"subject": "X:9"}))
    told = appending.append(out, [source("new", EDGE | PHENOTYPE | new)])
    assert [row["detail"] for row in contradictions(out)] == [expected] * bool(expected)
    refuted = expected.startswith("the other one")
    assert told["counts"]["refuted before"] == int(refuted)
    assert told["counts"]["contradicted"] == int(bool(expected) and not refuted)


def test_what_is_appended_is_held_against_what_was_appended_before(tmp_path: Path) -> None:
    out = result(tmp_path, source("a", EDGE))
    appending.append(out, [source("b", EDGE | PHENOTYPE)])
    appending.append(out, [source("c", EDGE | PHENOTYPE | {"negated": True})])
    (row,) = contradictions(out, "0002")
    assert (row["sources"], row["other_sources"]) == ("c", "b")


def test_append_counts_what_is_known_and_what_it_contradicts(tmp_path: Path) -> None:
    row = {"line": 7, "subject_id": "MIM:5", "predicate_id": "skos:exactMatch", "object_id": "MONDO:1"}
    base = [source("a", EDGE, EDGE | {"object": "Y:2"}), source("m", mappings=[row])]
    new = source("new", EDGE, EDGE | {"line": 3, "object": "Y:2", "negated": True}, EDGE | {"line": 4, "object": "Z:1"})
    out = result(tmp_path, *base)
    digest = store.manifest(out)["digest"]
    told = appending.append(out, [new])
    counts = told["counts"]
    assert (counts["statements"], counts["known before"], counts["contradicted"]) == (3, 1, 1)
    (denied,) = contradictions(out)
    assert denied["id"] == statement_id("MONDO:1", "RO:1", "Y:2", negated=True)
    assert (denied["other_id"], denied["other_sources"]) == (statement_id("MONDO:1", "RO:1", "Y:2"), "a")
    assert store.manifest(out)["digest"] != digest
    assert [line["source"] for line in results.explain(out, statement_id("MONDO:1", "RO:1", "Y:1"))["evidence"]] == [
        "a",
        "new",
    ]
    assert appending.append(out, [new]) == {}
    with pytest.raises(InputError, match="exactMatch row, which can change what is the same"):
        appending.append(out, [source("more", mappings=[row])])
    with pytest.raises(InputError, match="two inputs are called 'new'"):
        appending.append(out, [source("new", EDGE)])
    expected = made.merged([*base, new], tmp_path / "whole")
    merges.merge([results.as_input(out)], out)
    assert not made.different(expected, made.contents(out))


@settings(max_examples=10, deadline=None)
@given(made.rows(), made.rows())
def test_a_merge_after_an_append_is_a_merge_of_all(first: made.Rows, second: made.Rows) -> None:
    import tempfile  # noqa: PLC0415 - a folder for each example

    second = {kind: rows for kind, rows in second.items() if kind not in ("mappings", "nodes")}
    given_inputs = [made.as_input("a", first), made.as_input("b", second)]
    with tempfile.TemporaryDirectory() as folder:
        out = result(Path(folder), given_inputs[0])
        appending.append(out, given_inputs[1:])
        assert made.kept(out) == made.bag(given_inputs)
        expected = made.merged(given_inputs, Path(folder, "whole"))
        merges.merge([results.as_input(out)], out)
        assert not made.different(expected, made.contents(out))


@pytest.mark.parametrize("library", ["numpy", "pyarrow"])
def test_what_is_not_installed_is_named(library: str, tmp_path: Path) -> None:
    code = (
        f"import sys; sys.modules['{library}'] = None; from calcinosis_kg.cli import main\n"
        f"sys.argv = ['calcinosis-kg', 'merge', '--out', {str(tmp_path / 'out')!r}]; main()"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr == f"{library} is not installed. Run: pip install 'calcinosis-kg[merge]'\n"


def test_the_command_line_merges_and_unmerges(tmp_path: Path) -> None:
    edges, out = tmp_path / "my_edges.tsv", tmp_path / "out"
    edges.write_text("id\tsubject\tpredicate\tobject\n1\tDOID:182\tbiolink:related_to\tMESH:D002114\n2\t\tx\ty\n")
    command = [sys.executable, "-m", "calcinosis_kg"]
    run = subprocess.run(
        [*command, "merge", f"mine={edges}", "--out", out], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "quarantine.tsv" in run.stderr
    run = subprocess.run([*command, "unmerge", out, "mine"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert "1 sources" in run.stdout
    run = subprocess.run([*command, "unmerge", out, "mine"], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "has no source 'mine'" in run.stderr
    run = subprocess.run(
        [*command, "merge", "--out", out, "--memory", "1"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert "is too little" in run.stderr


def test_files_are_named_and_read(tmp_path: Path) -> None:
    edges = tmp_path / "my_edges.tsv"
    edges.write_text("id\tsubject\tpredicate\tobject\n1\tDOID:182\tbiolink:related_to\tMESH:D002114\n2\t\tx\ty\n")
    done = ckg.merge([f"mine={edges}"], out=tmp_path / "out", shipped=False)
    assert done["inputs"][0]["source"] == "mine"
    assert (done["counts"]["statements"], done["inputs"][0]["records"]["quarantine"]) == (1, 1)
    assert json.loads((tmp_path / "out" / store.MANIFEST).read_text())["digest"] == done["digest"]
    again = ckg.merge([tmp_path / "out"], out=tmp_path / "again", shipped=False)
    assert again["digest"] == done["digest"]
    with pytest.raises(InputError, match="there is nothing to merge"):
        ckg.merge([], out=tmp_path / "none", shipped=False)
    with pytest.raises(InputError, match="no input called 'other'"):
        ckg.merge([edges], out=tmp_path / "none", columns={"other": "x.yaml"}, shipped=False)


def test_the_shipped_graph_keeps_its_refuted_claims_out_of_the_edges(tmp_path: Path) -> None:
    done = ckg.merge([], out=tmp_path / "out")
    assert done["counts"]["statements"] > 500
    statements = made.table(tmp_path / "out", merges.STATEMENTS)
    standings = {row["standing"] for row in statements}
    assert {"", "reported", "contested", "refuted", "artefact"} <= standings
    edges = (tmp_path / "out" / "kgx" / "edges.tsv").read_text(encoding="utf-8")
    for row in statements:
        if row["standing"]:
            assert row["id"].hex() not in edges
    assert records.EDGES in done["inputs"][0]["records"]


def test_tables_come_back_from_memory_and_disk_as_they_went_in(tmp_path: Path) -> None:
    """Lists of values longer than the rows, shared and own ones, constant columns, and a room that fills up."""
    values = pa.array([f"X:{number}" for number in range(500)])
    wide = [columns.joined(np.arange(start, start + 5, dtype=np.int32) % 500, values) for start in range(0, 600, 7)]
    own = [columns.coded(np.array([0, 1, 0, 1, 1], np.int32), [f"A:{n}", f"B:{n % 3}"]) for n in range(len(wide))]
    given = [
        pa.table({"subject": one, "object": two, "file": columns.constant("f", 5), "line": pa.array(range(n, n + 5))})
        for n, (one, two) in enumerate(zip(wide, own, strict=True))
    ]
    wanted = sorted(str(row) for table in given for row in table.to_pylist())
    for size in (0, 300, 2**20):
        room = spool.Room(size)
        kept = spool.Spool(tmp_path / f"{size}.arrow", room)
        for table in given:
            kept.add(table)
        for rows, last in ((1, False), (64, False), (10**6, True)):
            assert sorted(str(row) for table in kept.read(rows, last=last) for row in table.to_pylist()) == wanted
        assert not list(kept.read())
        assert room.take(size)
    parts = spool.Partitions(tmp_path, "parts", 2, spool.Room(900))
    for table in given:
        parts.add(table, np.arange(5, dtype=np.uint64) << np.uint64(62))
    found = [str(row) for table in parts.read() for row in table.to_pylist()]
    assert sorted(found) == wanted
