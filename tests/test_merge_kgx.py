"""KGX files of a result: every column that KGX has, and a merge of them that gives the same again."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import merge_records as made
from calcinosis_kg.merging import front, kgx_names, merges, predicates, readers, records, tables
from calcinosis_kg.merging.outputs_properties import MOST

SLOW = (HealthCheck.too_slow,)
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
EDGE = {"line": 2, "subject": "OMIM:5", "predicate": "biolink:causes", "object": "HP:1"}
ODD = ("", "a", "a|b", "50%", "a%25b", "a%7Cb", "tab\there", 'say "so"', '"open', '"whole"', "line\nend", " a ", "é[1]")
QUALIFIERS: tuple[dict[str, Any], ...] = (
    {},
    {"sex_qualifier": "female", "modality": "asserted"},
    {"sex_qualifier": "tab\there", "onset_qualifier": "MIM:5"},
    {"sex_qualifier": ["a", "b|c"], "qualified_predicate": "biolink:causes"},
    {"qualifiers": "HP:1|HP:2"},
    {"qualifiers": '{"sex_qualifier":"male"'},
    {"a:b": "x", "Sex_qualifier": '"open', "frequency_qualifier": "often"},
)
REST: tuple[dict[str, Any], ...] = (
    {},
    {"category": "biolink:Association", "provided_by": "x|y"},
    {"agent_type": "manual_agent", "knowledge_level": "knowledge_assertion", "score": 0.5},
    {"biolink:agent_type": ["manual_agent"], "original_subject": "HOUSE:1", "original_id": "h|1"},
    {"note": 'a|b "c"', "relation": "RO:0002200", "a b": "x", "deep": {"a": [1, {"b": "|"}]}},
    {"note": "tab\there", "has_count": "1", "has_total": "2", "qualifiers": "x", "evidence_lines": "[{}]"},
    {"k:": "v", 'q"': 'w":"', "provided_by": ["z"], "other_properties": '{"a":"b"}'},
)
PREDICATES = ("biolink:has_phenotype", "RO:0002200", "rdfs:subClassOf", "RO:1")


def _edges() -> st.SearchStrategy[dict[str, Any]]:
    cell = st.sampled_from(ODD)
    lists = st.lists(cell, max_size=2).map(records.join)
    return st.fixed_dictionaries(
        {
            "line": st.integers(1, 4),
            "subject": st.sampled_from(("OMIM:5", "MIM:5", "X:1")),
            "predicate": st.sampled_from(PREDICATES),
            "object": st.sampled_from(("Y:1", "Y:2")),
            "negated": st.booleans(),
            "qualifiers": st.sampled_from([records.canonical(one) for one in QUALIFIERS]),
            "standing": st.sampled_from(("", "", "refuted")),
            "publications": lists,
            "evidence_codes": lists,
            "knowledge_source": cell,
            "curator": cell,
            "frequency": cell,
            "record_id": cell,
            "rest": st.sampled_from([records.canonical(one) for one in REST]),
        }
    )


SOURCES = st.dictionaries(st.sampled_from(["a", "b"]), st.lists(_edges(), max_size=4), min_size=1)


def facts(out: Path) -> Counter[tuple[Any, ...]]:
    """Return what a result says: each statement with each line of evidence, as it was in the sources."""
    return Counter(
        (*(row[name] for name in ("id", "subject", "predicate", "object", "negated", "qualifiers", "standing")),
         *_line(row, line))
        for row, lines in tables.with_records(out / merges.STATEMENTS, out / merges.EVIDENCE) for line in lines
    )  # fmt: skip


def _line(row: tables.Row, line: tables.Row) -> tuple[Any, ...]:
    rest = json.loads(line["rest"]) if line["rest"] else {}
    if isinstance(rest.get("biolink:agent_type"), list):  # RDF's way to write it
        rest["agent_type"] = rest.pop("biolink:agent_type")[0]
    given_names = rest.pop("provided_by", "")
    given_names = given_names.split("|") if isinstance(given_names, str) else given_names
    providers = {name for name in (line["source"], *given_names) if name} - {"edges", "claims"}
    identifier = rest.pop("original_id", "") or line["record_id"]
    originals = [
        rest.pop(f"original_{end}", "") or ("" if line[end] == row[end] else line[end])
        for end in ("subject", "predicate", "object")
    ]
    cells = ("publications", "evidence_codes", "knowledge_source", "curator", "frequency")
    return (
        *(line[name] for name in cells), "" if identifier == row["id"] else identifier, *originals,
        frozenset(providers), records.canonical(rest),
    )  # fmt: skip


def result(folder: Path, found: dict[str, list[dict[str, Any]]]) -> Path:
    given_inputs = [made.as_input(name, {"edges": rows}) for name, rows in found.items()]
    merges.merge(given_inputs, folder / "result", merges.Settings(formats=("jsonl",)))
    return folder / "result"


def lines(path: Path) -> list[dict[str, str]]:
    head, *rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize("form", ["tsv", "jsonl"])
@given(SOURCES)
@settings(max_examples=20, deadline=None, phases=NO_SHRINKING, suppress_health_check=SLOW)
def test_merging_our_own_kgx_gives_the_same(form: str, found: dict[str, list[dict[str, Any]]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        out = result(Path(name), found)
        files = [out / "kgx" / f"{kind}.{form}" for kind in ("edges", "claims")]
        rows = [file for file in files if len(file.read_text(encoding="utf-8").splitlines()) > (form == "tsv")]
        if rows:
            front.merge(rows, out=Path(name) / "again", shipped=False)
            assert facts(Path(name) / "again") == facts(out)


def test_columns_are_those_of_kgx(tmp_path: Path) -> None:
    out = result(
        tmp_path,
        {
            "a": [
                EDGE | {
                    "subject": "MIM:5", "predicate": "RO:0002200",
                    "qualifiers": '{"modality":"asserted","sex_qualifier":"female"}',
                    "publications": "PMID:1|PMID:2", "evidence_codes": "ECO:1", "knowledge_source": "infores:x",
                    "curator": "ann", "frequency": "3/7", "record_id": "r1",
                    "rest": '{"agent_type":"manual_agent","aggregator_knowledge_source":"infores:y|infores:z"}',
                }
            ]
        },
    )  # fmt: skip
    (row,) = lines(out / "kgx" / "edges.tsv")
    shown = {name: cell for name, cell in row.items() if cell and name != "id"}
    assert shown == {
        "subject": "OMIM:5", "predicate": "biolink:has_phenotype", "object": "HP:1", "relation": "RO:0002200",
        "qualifiers": '{"modality":"asserted"}', "sex_qualifier": "female", "primary_knowledge_source": "infores:x",
        "publications": "PMID:1|PMID:2", "has_evidence": "ECO:1", "frequency": "3/7", "curator": "ann",
        "provided_by": "a", "original_id": "r1", "original_subject": "MIM:5", "agent_type": "manual_agent",
        "aggregator_knowledge_source": "infores:y|infores:z",
    }  # fmt: skip
    edge = json.loads((out / "kgx" / "edges.jsonl").read_text(encoding="utf-8"))
    assert edge["publications"] == ["PMID:1", "PMID:2"]
    assert edge["aggregator_knowledge_source"] == ["infores:y", "infores:z"]
    assert (edge["sex_qualifier"], edge["negated"], edge["primary_knowledge_source"]) == ("female", False, "infores:x")


def test_lines_of_evidence_hold_what_they_differ_in(tmp_path: Path) -> None:
    one = EDGE | {"curator": "ann", "publications": "PMID:1", "frequency": "1/2"}
    out = result(tmp_path, {"a": [one], "b": [one | {"publications": "PMID:2"}]})
    (row,) = lines(out / "kgx" / "edges.tsv")
    assert (row["publications"], row["curator"], row["provided_by"]) == ("PMID:1|PMID:2", "ann", "a|b")
    assert json.loads(row["evidence_lines"]) == [
        {"provided_by": ["a"], "publications": ["PMID:1"]},
        {"provided_by": ["b"], "publications": ["PMID:2"]},
    ]


def test_edges_of_another_tool_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "other_edges.tsv"
    cells = {"id": "e1", "subject": "OMIM:5", "predicate": "biolink:has_phenotype", "object": "HP:1"}
    cells |= {"relation": "RO:0002200", "qualifiers": "HP:1|HP:2", "evidence_lines": "[1]", "other_properties": "{x"}
    file.write_text("\n".join("\t".join(row) for row in (cells, cells.values())) + "\n", encoding="utf-8")
    (batch,) = readers.read(file)
    (record,) = batch.table.to_pylist()
    assert (record["predicate"], record["qualifiers"]) == ("biolink:has_phenotype", '{"qualifiers":"HP:1|HP:2"}')
    assert json.loads(record["rest"]) == {
        "relation": "RO:0002200", "evidence_lines": "[1]", "other_properties": "{x",
    }  # fmt: skip


def test_what_a_tool_adds_to_our_edges_is_kept_with_each_line(tmp_path: Path) -> None:
    out = result(tmp_path, {"a": [EDGE | {"publications": "PMID:1"}], "b": [EDGE | {"publications": "PMID:2"}]})
    text = (out / "kgx" / "edges.tsv").read_text(encoding="utf-8").replace("\ta|b\t", "\tours\t")
    head, row = text.splitlines()
    file = tmp_path / "tool_edges.tsv"
    file.write_text(f"{head}\tchecked\n{row}\tyes\n", encoding="utf-8")
    (batch,) = readers.read(file)
    assert [(line["publications"], json.loads(line["rest"])) for line in batch.table.to_pylist()] == [
        ("PMID:1", {"checked": "yes", "provided_by": "a|ours"}),
        ("PMID:2", {"checked": "yes", "provided_by": "b|ours"}),
    ]


def test_predicates_are_exact_and_each_relation_has_one() -> None:
    table = predicates.of_biolink()
    rows = [line.split("\t") for line in predicates.TABLE.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert len(rows) == len(table)
    assert table["rdfs:subClassOf"] == "biolink:subclass_of"
    assert not {"BFO:0000055", "RO:0002448", "RO:0003303", "skos:exactMatch"} & table.keys()


def test_many_properties_keep_to_a_bound(tmp_path: Path) -> None:
    rest = {f"p{number:03}": "x" for number in range(MOST + 5)}
    out = result(tmp_path, {"a": [EDGE | {"rest": records.canonical(rest)}]})
    (row,) = lines(out / "kgx" / "edges.tsv")
    assert [name for name in row if name.startswith(("p0", "p1"))] == sorted(rest)[:MOST]
    assert json.loads(row[kgx_names.OTHERS]) == dict.fromkeys(sorted(rest)[MOST:], "x")
