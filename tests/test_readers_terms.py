"""Terms as JSON, in both shapes: what they become, and what becomes of what is wrong. All terms are invented."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import front, readers_kinds
from test_readers_formats import faults, read, said

TOLD: dict[str, Any] = {
    "T:1": {"label": "calcified", "deprecated": False, "ancestors": {"T:2": 1, "T:3": 2}, "synonyms": ["chalky"]},
    "T:2": {"label": "hardened", "deprecated": False, "ancestors": {"T:3": 1}, "description": "Gone hard."},
    "T:3": {"label": "thing", "deprecated": False, "ancestors": {}},
    "T:4": {"label": "old", "deprecated": True, "ancestors": {}, "replaced_by": "T:1"},
    "T:5": {"label": "older", "deprecated": True, "ancestors": {}, "consider": ["obo.T_0002", "T:3", "nowhere"]},
}
LISTED: list[dict[str, Any]] = [
    {"id": "T:1", "name": "calcified", "namespace": "t", "relations": {"is_a": ["T:2"], "has_role": ["U:1"]},
     "xrefs": [{"id": "D002114", "namespace": "MESH"}], "synonyms": ["chalky"]},
    {"id": "2", "name": "hardened", "namespace": "t", "alt_ids": ["T:9"]},
    {"id": "T:4", "name": "old", "namespace": "t", "obsolete": True},
]  # fmt: skip


def test_an_object_of_terms(tmp_path: Path) -> None:
    found = read(tmp_path / "a.json", json.dumps(TOLD))
    assert [(row["subject"], row["predicate"], row["object"], row["line"]) for row in found["edges"]] == [
        ("T:1", "skos:broader", "T:2", 1),
        ("T:2", "skos:broader", "T:3", 2),
    ]
    first, second, _, old, older = map(said, found["nodes"])
    assert first == {"id": "T:1", "category": "owl:Class", "name": "calcified", "rest": '{"synonyms":["chalky"]}'}
    assert json.loads(second["rest"]) == {"description": "Gone hard."}
    assert (old["deprecated"], old["replaced_by"]) == (True, "T:1")
    assert older["consider"] == "T:0002|T:3"
    assert json.loads(older["rest"]) == {"consider": ["nowhere"]}
    assert not found["quarantine"]


@pytest.mark.parametrize(
    ("prefix", "predicate"), [("MONDO", "rdfs:subClassOf"), ("CHEBI", "rdfs:subClassOf"), ("UBERON", "skos:broader")]
)
def test_a_step_up_is_said_to_be_no_more_than_it_is(prefix: str, predicate: str, tmp_path: Path) -> None:
    found = read(tmp_path / "a.json", json.dumps(TOLD).replace("T:", f"{prefix}:"))
    assert {row["predicate"] for row in found["edges"]} == {predicate}


def test_a_list_of_terms(tmp_path: Path) -> None:
    found = read(tmp_path / "a.json", json.dumps(LISTED))
    assert [(row["subject"], row["predicate"], row["object"]) for row in found["edges"]] == [
        ("T:1", "rdfs:subClassOf", "T:2"),
        ("T:1", "http://purl.obolibrary.org/obo/t#has_role", "U:1"),
    ]
    nodes = {row["id"]: said(row) for row in found["nodes"]}
    assert nodes["T:1"]["rest"] == '{"synonyms":["chalky"]}'
    assert nodes["T:2"]["name"] == "hardened"
    assert (nodes["T:9"]["deprecated"], nodes["T:9"]["replaced_by"]) == (True, "T:2")
    assert nodes["T:4"]["deprecated"] is True
    assert [said(row) for row in found["mappings"]] == [
        {
            "subject_id": "T:1", "predicate_id": "oboInOwl:hasDbXref", "object_id": "MESH:D002114",
            "mapping_justification": "semapv:UnspecifiedMatching",
        }
    ]  # fmt: skip
    assert not found["quarantine"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (TOLD | {"no curie": {}}, (6, "'no curie' is no CURIE")),
        (TOLD | {"T:6": "x"}, (6, "a term is no object")),
        (TOLD | {"T:6": {"label": 1}}, (6, "'label' is no text")),
        (TOLD | {"T:6": {"label": "a", "deprecated": "no"}}, (6, "'deprecated' is no true or false")),
        (TOLD | {"T:6": {"label": "a", "ancestors": {"up there": 1}}}, (6, "'up there' is no CURIE")),
        ([*LISTED, {"name": "nameless", "namespace": "t"}], (4, "'T:' is no CURIE")),
        ([*LISTED, {"id": "T:6", "relations": []}], (4, "'relations' is no object")),
        ([*LISTED, {"id": "T:6", "relations": {"is_a": [1]}}], (4, "'is_a' is no list of texts")),
    ],
)
def test_a_bad_term_costs_itself_alone(
    content: dict[str, Any] | list[Any], told: tuple[int, str], tmp_path: Path
) -> None:
    found = read(tmp_path / "a.json", json.dumps(content))
    assert faults(found) == [told]
    assert len(found["nodes"]) == (5 if isinstance(content, dict) else 4)
    assert "T:6" not in {row["id"] for row in found["nodes"]}
    assert found["quarantine"][0]["text"]


def test_a_bad_reference_costs_itself_alone(tmp_path: Path) -> None:
    bad = [{"id": "a b", "namespace": "X"}, "X:1", {"id": "1", "namespace": "X"}]
    found = read(tmp_path / "a.json", json.dumps([LISTED[0] | {"xrefs": bad}]))
    assert faults(found) == [(1, "'X:a b' is no CURIE"), (1, "a cross-reference is no object")]
    assert [row["object_id"] for row in found["mappings"]] == ["X:1"]
    assert len(found["nodes"]) == 1


def test_an_ancestor_that_no_step_leads_to_stays_with_its_term(tmp_path: Path) -> None:
    terms = TOLD | {
        "T:6": {"label": "loose", "deprecated": False, "ancestors": {"T:2": 1, "T:3": 2, "T:4": 5, "T:5": "1"}}
    }
    node = next(row for row in read(tmp_path / "a.json", json.dumps(terms))["nodes"] if row["id"] == "T:6")
    assert json.loads(node["rest"]) == {"ancestors": {"T:4": 5, "T:5": "1"}}


def test_a_reference_stays_as_it_is_written(tmp_path: Path) -> None:
    xref = {"id": "231662", "namespace": "Orphanet", "said by": "me"}
    (row,) = read(tmp_path / "a.json", json.dumps([LISTED[0] | {"xrefs": [xref]}]))["mappings"]
    assert (row["object_id"], row["rest"]) == ("Orphanet:231662", '{"said by":"me"}')


def test_a_document_that_breaks_off_is_told(tmp_path: Path) -> None:
    found = read(tmp_path / "a.json", json.dumps(TOLD)[:-3])
    ((line, reason),) = faults(found)
    assert line == 1
    assert reason.startswith("is no JSON")
    assert not found["nodes"]


@pytest.mark.parametrize("content", ['{"T:1": {"label": "x"}}', '[{"id": "T:1", "name": "x"}]'])
def test_what_is_neither_shape_is_refused(content: str) -> None:
    with pytest.raises(InputError, match="is JSON of no known form"):
        readers_kinds.recognised(content.encode(), "a.json")


TERM = st.integers(0, 30).map(lambda number: f"T:{number}")
TERMS = st.dictionaries(TERM, st.dictionaries(TERM, st.integers(1, 3), max_size=4), min_size=1, max_size=12)


@given(TERMS)
def test_law_terms_and_steps_are_all_there(tmp_path_factory: pytest.TempPathFactory, terms: dict[str, Any]) -> None:
    place = tmp_path_factory.mktemp("terms")
    told = {name: {"label": name, "deprecated": False, "ancestors": steps} for name, steps in terms.items()}
    listed = [
        {"id": name, "name": name, "namespace": "t", "relations": {"is_a": [up for up in steps if steps[up] == 1]}}
        for name, steps in terms.items()
    ]
    edges = {(name, up) for name, steps in terms.items() for up, step in steps.items() if step == 1}
    for content in (told, listed):
        found = read(place / "a.json", json.dumps(content))
        assert {row["id"] for row in found["nodes"]} == set(terms)
        assert {(row["subject"], row["object"]) for row in found["edges"]} == edges
        assert not found["quarantine"]


def test_an_obsolete_term_is_its_successor_after_a_merge(tmp_path: Path) -> None:
    (tmp_path / "terms.json").write_text(json.dumps(TOLD))
    (tmp_path / "edges.tsv").write_text("subject\tpredicate\tobject\nA:1\tbiolink:related_to\tT:4\n")
    done = front.merge([tmp_path / "terms.json", tmp_path / "edges.tsv"], out=tmp_path / "merged", shipped=False)
    assert done["counts"]["statements"] == 3
    rows = (tmp_path / "merged" / "kgx" / "edges.tsv").read_text().splitlines()
    assert [row.split("\t")[3] for row in rows if "\tA:1\t" in row] == ["T:1"]
