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
from calcinosis_kg.merging import front, kgx_names, merges, predicates, records, tables
from calcinosis_kg.merging.outputs_properties import MOST

SLOW = (HealthCheck.too_slow,)
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
EDGE = {"line": 2, "subject": "OMIM:5", "predicate": "biolink:causes", "object": "HP:1"}
ODD = ("", "a", "a|b", "50%", "a%25b", "a%7Cb", "tab\there", 'say "so"', '"open', '"whole"', "line\nend", " a ", "é[1]")
QUALIFIERS = (
    {},
    {"sex_qualifier": "female", "modality": "asserted"},
    {"sex_qualifier": "tab\there", "onset_qualifier": "MIM:5"},
    {"sex_qualifier": ["a", "b|c"], "qualified_predicate": "biolink:causes"},
    {"qualifiers": "HP:1|HP:2"},
    {"qualifiers": '{"sex_qualifier":"male"'},
    {"a:b": "x", "Sex_qualifier": '"open', "frequency_qualifier": "often"},
)
REST = (
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
        front.merge([file for file in files if "\n" in file.read_text(encoding="utf-8")], out=Path(name) / "again",
                    shipped=False) if any(found.values()) else None  # fmt: skip
        if any(found.values()):
            assert facts(Path(name) / "again") == facts(out)
