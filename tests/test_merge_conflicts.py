"""Conflicts between sources: for each kind a hit and a clean twin, on records invented for the purpose."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

import merge_records as made
from calcinosis_kg.merging import frequencies, merges, results
from calcinosis_kg.merging.conflicts_kinds import KINDS

YES = {"line": 2, "subject": "OMIM:1", "predicate": "biolink:has_phenotype", "object": "X:1", "negated": False}
NO = YES | {"line": 3, "negated": True}
GENE = YES | {"subject": "NCBIGene:7", "qualifiers": '{"disease_context_qualifier":"OMIM:1"}'}
IS_A = {"line": 9, "subject": "X:2", "predicate": "rdfs:subClassOf", "object": "X:1", "negated": False}
DRUG = {"line": 2, "subject": "CHEBI:1", "predicate": "biolink:treats", "object": "MONDO:1", "negated": False}
MODE = {
    "line": 2, "subject": "MONDO:1", "predicate": "biolink:has_mode_of_inheritance", "object": "HP:0000006",
    "negated": False,
}  # fmt: skip
RECESSIVE = MODE | {"object": "HP:0000007"}
NODE = {"line": 4, "id": "X:1", "name": "stiff  Knee"}


def merged(folder: Path, **sources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Merge sources of edges, nodes (those with an id) and mappings, and return the report."""
    given_inputs = []
    for name, rows in sources.items():
        kinds = {
            "edges": [row for row in rows if "subject" in row],
            "nodes": [row for row in rows if "id" in row],
            "mappings": [row for row in rows if "subject_id" in row],
        }
        whole = {
            kind: [{name: "" for row in some for name in row} | row for row in some] for kind, some in kinds.items()
        }
        given_inputs.append(made.as_input(name, whole))
    merges.merge(given_inputs, folder / "result")
    found: list[dict[str, Any]] = json.loads((folder / "result" / "conflicts.json").read_text(encoding="utf-8"))
    return found


def mapping(one: str, predicate: str, other: str) -> dict[str, Any]:
    return {"line": 5, "subject_id": one, "predicate_id": predicate, "object_id": other}


QUALIFIED = '{"object_aspect_qualifier":"activity","object_direction_qualifier":"%s"}'
AFFECTS = DRUG | {"predicate": "biolink:affects", "object": "HGNC:1"}
HITS: dict[str, tuple[str, str, list[dict[str, Any]], list[dict[str, Any]]]] = {
    "yes and NOT": ("yes-not", "error", [YES], [NO]),
    "a NOT without reserve covers a yes for one sex": (
        "yes-not", "error", [YES | {"qualifiers": '{"sex_qualifier":"female"}'}], [NO],
    ),
    "a yes that is reported only": ("yes-not", "warning", [YES | {"standing": "reported"}], [NO]),
    "one line of two is a yes": ("yes-not", "error", [YES | {"frequency": "0/4"}, YES | {"frequency": "3/4"}], [NO]),
    "a yes of 0 of n agrees": ("absence-agrees-with-not", "info", [YES | {"frequency": "0/4"}], [NO]),
    "a yes below a NOT": ("yes-not-below", "error", [YES | {"object": "X:2"}], [NO, IS_A]),
    "a yes below the subject of a NOT": (
        "yes-not-below", "warning", [YES | {"subject": "OMIM:2"}],
        [NO, IS_A | {"subject": "OMIM:2", "object": "OMIM:1"}],
    ),
    "0 of n": ("absence-as-yes", "info", [YES | {"frequency": "0/4"}], [YES | {"object": "X:9"}]),
    "excluded": ("absence-as-yes", "info", [YES | {"frequency": "HP:0040285"}], [YES | {"object": "X:9"}]),
    "0 of n beside a yes": ("absence-as-yes", "warning", [YES | {"frequency": "0/4"}], [YES]),
    "a count far below its class": (
        "frequencies-exclude", "warning", [YES | {"frequency": "2/90"}], [YES | {"frequency": "HP:0040281"}],
    ),
    "two classes": (
        "frequencies-exclude", "warning", [YES | {"frequency": "HP:0040284"}], [YES | {"frequency": "HP:0040282"}],
    ),
    "a small count": (
        "frequencies-exclude", "info", [YES | {"frequency": "1/2"}], [YES | {"frequency": "HP:0040281"}],
    ),
    "per cent against a class": (
        "frequencies-exclude", "warning", [YES | {"frequency": "12%"}], [YES | {"frequency": "HP:0040281"}],
    ),
    "two that agree": (
        "several-frequencies", "info", [YES | {"frequency": "85%"}], [YES | {"frequency": "HP:0040281"}],
    ),
    "treats and contraindicated": (
        "treats-contraindicated", "error", [DRUG], [DRUG | {"predicate": "biolink:contraindicated_in"}],
    ),
    "any rung, and the other way round": (
        "treats-contraindicated", "error", [DRUG | {"predicate": "biolink:applied_to_treat"}],
        [DRUG | {"subject": "MONDO:1", "predicate": "biolink:has_contraindication", "object": "CHEBI:1"}],
    ),
    "treats what is refuted on another rung": (
        "asserted-refuted", "warning", [DRUG], [DRUG | {"predicate": "RO:0003307", "standing": "refuted"}],
    ),
    "a plain edge and an artefact": (
        "asserted-refuted", "warning", [YES], [YES | {"standing": "artefact"}],
    ),
    "positively and negatively": (
        "opposite-directions", "error", [AFFECTS | {"predicate": "RO:0002213"}],
        [AFFECTS | {"predicate": "RO:0002630"}],
    ),
    "increased and decreased": (
        "opposite-directions", "error", [AFFECTS | {"qualifiers": QUALIFIED % "increased"}],
        [AFFECTS | {"qualifiers": QUALIFIED % "downregulated"}],
    ),
    "dominant and recessive": ("opposite-inheritance", "warning", [MODE], [RECESSIVE]),
    "both by one source": ("opposite-inheritance", "info", [MODE, RECESSIVE], [YES]),
    "by a class of diseases": (
        "opposite-inheritance", "warning", [MODE], [IS_A | {"subject": "MONDO:1", "object": "MONDO:0006025"}],
    ),
    "a refuted mode": ("opposite-inheritance", "info", [MODE | {"standing": "refuted"}], [RECESSIVE]),
    "a form and its group": (
        "opposite-inheritance-below", "warning", [MODE | {"subject": "MONDO:2"}],
        [RECESSIVE, IS_A | {"subject": "MONDO:2", "object": "MONDO:1"}],
    ),
    "two terms that a mapping relates": (
        "opposite-inheritance-near", "info", [MODE | {"subject": "DOID:9"}],
        [RECESSIVE, mapping("DOID:9", "skos:closeMatch", "MONDO:1")],
    ),
    "each under the other": ("hierarchy-disagrees", "error", [IS_A], [IS_A | {"subject": "X:1", "object": "X:2"}]),
    "a circle of three": (
        "hierarchy-circle", "error", [IS_A, IS_A | {"subject": "X:1", "object": "X:3"}],
        [IS_A | {"subject": "X:3", "object": "X:2"}],
    ),
    "under itself once mapped": (
        "hierarchy-circle", "error", [IS_A | {"subject": "Y:2"}], [mapping("Y:2", "skos:exactMatch", "X:1")],
    ),
    "two labels": ("label-differs", "warning", [NODE], [NODE | {"name": "stiff elbow"}]),
    "a label that is a synonym": (
        "label-differs", "info", [NODE | {"rest": '{"synonym":["\\"Stiff elbow\\" EXACT []"]}'}],
        [NODE | {"name": "stiff elbow"}],
    ),
    "what rests on a NOT": ("doubtful", "warning", [GENE], [NO]),
    "what rests on a NOT and 0 of n": ("doubtful", "warning", [GENE], [NO, YES | {"frequency": "0/3"}]),
}  # fmt: skip
CLEAN: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "yes twice": ([YES], [YES]),
    "a NOT for one sex and a yes for the other": (
        [YES | {"qualifiers": '{"sex_qualifier":"female"}'}], [NO | {"qualifiers": '{"sex_qualifier":"male"}'}],
    ),
    "a refuted yes agrees with a NOT": ([YES | {"standing": "refuted"}], [NO]),
    "a yes above a NOT": ([YES], [NO | {"object": "X:2"}, IS_A]),
    "a hierarchy that is only reported": ([YES | {"object": "X:2"}], [NO, IS_A | {"standing": "reported"}]),
    "one frequency twice": ([YES | {"frequency": "3/4"}], [YES | {"frequency": "3/4"}]),
    "frequencies of two statements": (
        [YES | {"frequency": "1%"}], [YES | {"frequency": "90%", "qualifiers": '{"sex_qualifier":"male"}'}],
    ),
    "a frequency that cannot be read": ([YES | {"frequency": "rarely"}], [YES | {"frequency": ""}]),
    "contraindicated in another disease": (
        [DRUG], [DRUG | {"predicate": "biolink:contraindicated_in", "object": "MONDO:2"}],
    ),
    "does not treat and contraindicated": (
        [DRUG | {"negated": True}], [DRUG | {"predicate": "biolink:contraindicated_in"}],
    ),
    "a refuted NOT and a plain yes": ([DRUG], [DRUG | {"negated": True, "standing": "refuted"}]),
    "increased in activity, decreased in abundance": (
        [AFFECTS | {"qualifiers": QUALIFIED % "increased"}],
        [AFFECTS | {"qualifiers": QUALIFIED.replace("activity", "abundance") % "decreased"}],
    ),
    "up and increased": (
        [AFFECTS | {"qualifiers": QUALIFIED % "increased"}], [AFFECTS | {"qualifiers": QUALIFIED % "upregulated"}],
    ),
    "one mode in two vocabularies": ([MODE], [MODE | {"object": "GENO:0000147"}]),
    "a gene with two diseases": (
        [MODE | {"subject": "NCBIGene:7", "qualifiers": '{"disease_context_qualifier":"OMIM:1"}'}],
        [RECESSIVE | {"subject": "NCBIGene:7", "qualifiers": '{"disease_context_qualifier":"OMIM:2"}'}],
    ),
    "a group of both modes": (
        [MODE | {"subject": "MONDO:2"}, MODE | {"subject": "MONDO:2", "object": "GENO:0000147"}],
        [MODE, IS_A | {"subject": "MONDO:2", "object": "MONDO:1"}],
    ),
    "a diamond": (
        [IS_A, IS_A | {"subject": "X:3", "object": "X:1"}],
        [IS_A | {"subject": "X:4", "object": "X:2"}, IS_A | {"subject": "X:4", "object": "X:3"}],
    ),
    "one label in other case and spaces": ([NODE], [NODE | {"name": "Stiff knee"}]),
    "labels of two identifiers": ([NODE], [NODE | {"id": "X:2", "name": "stiff elbow"}]),
    "a label in common": ([NODE, NODE | {"name": "stiff elbow"}], [NODE | {"name": "stiff elbow"}]),
    "a gene's edge with a yes": ([GENE], [YES]),
    "a gene's edge in another disease": ([GENE], [NO | {"subject": "OMIM:2"}]),
}  # fmt: skip


@pytest.mark.parametrize("case", HITS)
def test_a_conflict_is_found_with_both_sides(case: str, tmp_path: Path) -> None:
    kind, severity, one, other = HITS[case]
    found = [row for row in merged(tmp_path, a=one, b=other) if row["kind"] == kind]
    assert [row["severity"] for row in found] == [severity]
    sides = {line["source"] for row in found for side in ("left", "right") for line in row[side]}
    assert sides <= {"a", "b"}
    assert "a" in sides
    places = [(line["file"], line["line"]) for line in found[0]["left"]]
    assert set(places) <= {(f"{name}.tsv", row["line"]) for name, rows in (("a", one), ("b", other)) for row in rows}


@pytest.mark.parametrize("case", CLEAN)
def test_what_agrees_is_no_conflict(case: str, tmp_path: Path) -> None:
    one, other = CLEAN[case]
    assert merged(tmp_path, a=one, b=other) == []


def test_every_kind_has_a_hit() -> None:
    assert {kind for kind, *_ in HITS.values()} == set(KINDS)


def test_a_genuine_yes_is_told_from_an_absence(tmp_path: Path) -> None:
    rows = [YES | {"frequency": "0/4"}, YES | {"line": 7, "frequency": "3/4"}]
    found = {row["kind"]: row for row in merged(tmp_path, a=rows, b=[NO])}
    assert [line["line"] for line in found["yes-not"]["left"]] == [7]
    assert [line["frequency"] for line in found["absence-as-yes"]["left"]] == ["0/4"]
    assert "absence-agrees-with-not" not in found


def test_the_hierarchy_used_is_named(tmp_path: Path) -> None:
    rows = [NO, IS_A, IS_A | {"line": 10, "subject": "X:3", "object": "X:2"}, NODE]
    (found,) = merged(tmp_path, a=[YES | {"object": "X:3"}], b=rows)
    assert found["through"] == [
        "X:3 rdfs:subClassOf X:2 [b.tsv:10]",
        "X:2 rdfs:subClassOf X:1 (stiff  Knee) [b.tsv:9]",
    ]


def test_a_gene_that_repeats_a_frequency_of_its_disease_is_counted_with_it(tmp_path: Path) -> None:
    rows = [YES | {"frequency": "0/4"}, GENE | {"frequency": "0/4"}]
    (found,) = merged(tmp_path, a=rows)
    assert found["detail"] == "1 of 1 lines; repeated in its context: 1"
    (alone,) = merged(tmp_path, a=rows[1:])
    assert alone["left"][0]["subject"] == "NCBIGene:7"


def test_what_rests_on_a_not_is_no_plain_edge(tmp_path: Path) -> None:
    merged(tmp_path, a=[GENE, GENE | {"object": "X:5"}], b=[NO])
    out = tmp_path / "result"
    assert [row["object"] for row in lines(out / "kgx" / "edges.tsv") if row["subject"] == "NCBIGene:7"] == ["X:5"]
    (claim,) = lines(out / "kgx" / "claims.tsv")
    assert (claim["object"], claim["standing"]) == ("X:1", "doubtful")
    assert all(not row["standing"] for row in made.table(out, merges.EVIDENCE))
    (found,) = json.loads((out / "conflicts.json").read_text(encoding="utf-8"))
    assert found["right"][0]["words"] == "OMIM:1 NOT biolink:has_phenotype X:1"


def doubted(folder: Path, *rows: dict[str, Any]) -> set[str]:
    """Return the objects of what is doubtful."""
    merged(folder, a=[GENE | {"line": 20 + number, "object": f"X:{number}"} for number in range(1, 5)], b=list(rows))
    statements = made.table(folder / "result", merges.STATEMENTS)
    return {row["object"] for row in statements if row["standing"] == "doubtful"}


def under(low: str, high: str) -> dict[str, Any]:
    return IS_A | {"subject": low, "object": high}


def test_what_is_above_a_not_and_rests_on_nothing_else_is_doubtful(tmp_path: Path) -> None:
    tree = [under("X:1", "X:2"), under("X:2", "X:3"), under("X:4", "X:3")]
    assert doubted(tmp_path / "1", NO, *tree) == {"X:1", "X:2", "X:3"}
    assert doubted(tmp_path / "2", NO, *tree, YES | {"object": "X:4"}) == {"X:1", "X:2"}
    assert doubted(tmp_path / "3", NO, *tree, YES | {"object": "X:4", "frequency": "0/3"}) == {"X:1", "X:2", "X:3"}
    assert doubted(tmp_path / "4", NO, *tree, YES | {"object": "X:2"}) == {"X:1"}
    assert doubted(tmp_path / "5", NO, *tree, YES) == set()
    assert doubted(tmp_path / "6", NO, *tree, YES | {"object": "X:4", "subject": "OMIM:2"}) == {"X:1", "X:2", "X:3"}
    assert doubted(tmp_path / "7", NO, *(step | {"standing": "reported"} for step in tree)) == {"X:1"}
    assert doubted(tmp_path / "8", NO, *(step | {"negated": True} for step in tree)) == {"X:1"}
    assert doubted(tmp_path / "9", *tree) == set()
    assert doubted(tmp_path / "10", NO, under("X:1", "X:2"), under("X:2", "X:1")) == {"X:1", "X:2"}


def test_the_not_under_what_is_doubtful_is_named_with_the_way(tmp_path: Path) -> None:
    (found,) = [
        row
        for row in merged(tmp_path, a=[GENE | {"object": "X:2"}], b=[NO, under("X:1", "X:2")])
        if row["kind"] == "doubtful"
    ]
    assert found["detail"] == "all that is said of OMIM:1 and X:2 or a term under it is NOT"
    assert [line["words"] for line in found["right"]] == ["OMIM:1 NOT biolink:has_phenotype X:1"]
    assert found["through"] == ["X:1 rdfs:subClassOf X:2 [b.tsv:9]"]


def test_identity_decides_on_what_is_doubtful(tmp_path: Path) -> None:
    same = mapping("OMIM:1", "skos:exactMatch", "MONDO:1")
    yes = YES | {"subject": "MONDO:1"}
    assert {row["kind"] for row in merged(tmp_path, a=[GENE], b=[NO | {"subject": "MONDO:1"}, same])} == {"doubtful"}
    assert {row["kind"] for row in merged(tmp_path, a=[GENE], b=[NO, yes, same])} == {"yes-not"}


def test_taking_the_not_out_takes_the_doubt_out(tmp_path: Path) -> None:
    given_inputs = [made.as_input("a", {"edges": [GENE]}), made.as_input("b", {"edges": [NO]})]
    merges.merge(given_inputs, tmp_path / "both")
    without = made.merged(given_inputs[:1], tmp_path / "without")
    results.unmerge(tmp_path / "both", "b", tmp_path / "both")
    assert not made.different(without, made.contents(tmp_path / "both"))
    (statement,) = made.table(tmp_path / "both", merges.STATEMENTS)
    assert not statement["standing"]


few = settings(max_examples=15, deadline=None)
EDGES = st.lists(
    st.fixed_dictionaries(
        {
            "line": st.integers(1, 4),
            "subject": st.sampled_from(["OMIM:1", "MIM:1", "MONDO:1", "NCBIGene:7"]),
            "predicate": st.sampled_from(["biolink:has_phenotype", "rdfs:subClassOf", "biolink:related_to"]),
            "object": st.sampled_from(["X:1", "X:2", "HP:0000006", "HP:0000007", "MONDO:1"]),
            "negated": st.booleans(),
            "qualifiers": st.sampled_from(["", '{"disease_context_qualifier":"MIM:1"}', '{"sex_qualifier":"male"}']),
            "standing": st.sampled_from(["", "", "refuted", "reported"]),
            "frequency": st.sampled_from(["", "0/3", "1/3", "90%", "HP:0040281"]),
        }
    ),
    max_size=12,
)


@few
@given(st.lists(EDGES, min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_the_report_depends_on_the_records_alone(found: list[list[dict[str, Any]]], random: Any) -> None:  # noqa: ANN401 - hypothesis gives it no public type
    names = "abc"[: len(found)]
    inputs = [made.as_input(name, {"edges": rows}) for name, rows in zip(names, found, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        first = made.merged(inputs, Path(folder, "1"), threads=1)
        for rows in found:
            random.shuffle(rows)
        others = [made.as_input(name, {"edges": rows}, slices=2) for name, rows in zip(names, found, strict=True)]
        others.reverse()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(merges.Settings, "bits", lambda _self, _rows: 2)
            assert not made.different(first, made.merged(others, Path(folder, "2"), threads=2))
        again = made.merged([results.as_input(Path(folder, "1"))], Path(folder, "3"))
        assert not made.different(first, again)
        without = made.merged(inputs[1:], Path(folder, "4"))
        results.unmerge(Path(folder, "1"), "a", Path(folder, "1"))
        assert not made.different(without, made.contents(Path(folder, "1")))


def upward(low: str, tree: set[tuple[str, str]]) -> set[str]:
    """Return a term and all above it."""
    found = {low}
    while more := {high for one, high in tree if one in found} - found:
        found |= more
    return found


@few
@given(EDGES)
def test_no_plain_edge_rests_on_a_not_alone(rows: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        merges.merge([made.as_input("a", {"edges": rows})], Path(folder, "1"))
        statements = made.table(Path(folder, "1"), merges.STATEMENTS)
        about = {"biolink:has_phenotype", "biolink:related_to"}
        plain = [row for row in statements if not row["standing"] and row["predicate"] in about]
        context = '{"disease_context_qualifier":"OMIM:1"}'
        denied = {(row["subject"], row["object"]) for row in plain if row["negated"] and row["qualifiers"] != context}
        evidence = made.table(Path(folder, "1"), merges.EVIDENCE)
        found = {row["id"] for row in evidence if not frequencies.is_absence(row["frequency"])}
        affirmed = {
            (row["subject"], row["object"])
            for row in plain
            if not row["negated"] and row["qualifiers"] != context and row["id"] in found
        }
        tree = {
            (row["subject"], row["object"])
            for row in statements
            if (row["predicate"], row["negated"], row["standing"], row["qualifiers"]) == ("rdfs:subClassOf", 0, "", "")
        }
        above = {(pair[0], high) for pair in denied for high in upward(pair[1], tree)}
        above -= {(pair[0], high) for pair in affirmed for high in upward(pair[1], tree)}
        doubted = denied - affirmed | above
        for row in plain:
            if not row["negated"] and row["qualifiers"] == context:
                assert ("OMIM:1", row["object"]) not in doubted
        for row in statements:
            if row["standing"] == "doubtful":
                assert ("OMIM:1", row["object"]) in doubted


def test_all_forms_of_the_report_say_the_same(tmp_path: Path) -> None:
    found = merged(
        tmp_path, a=[YES | {"publications": "PMID:1|PMID:2", "record_id": 'r"1'}, MODE], b=[NO, RECESSIVE, NODE]
    )
    out = tmp_path / "result"
    table = lines(out / "conflicts.tsv")
    assert [row["id"] for row in table] == [row["id"] for row in found]
    assert [row["id"] for row in made.table(out, "conflicts.parquet")] == [row["id"] for row in found]
    assert table[0]["left_publications"] == "PMID:1|PMID:2"
    assert table[0]["left_places"] == "a.tsv:2"
    graph = rdflib.Graph().parse(out / "conflicts.ttl")
    finding = rdflib.URIRef(f"https://w3id.org/calcinosis-kg/finding/yes-not-{found[0]['id']}")
    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    assert graph.value(finding, shacl.resultSeverity) == shacl.Violation
    focus = graph.value(finding, shacl.focusNode)
    assert str(focus) == f"https://w3id.org/calcinosis-kg/statement/{found[0]['left'][0]['statement']}"


def test_no_conflict_is_a_report_too(tmp_path: Path) -> None:
    assert merged(tmp_path, a=[YES]) == []
    assert made.table(tmp_path / "result", "conflicts.parquet") == []
    assert len(lines(tmp_path / "result" / "conflicts.tsv")) == 0


def test_the_terminal_shows_the_counts(tmp_path: Path) -> None:
    head = "id\tsubject\tpredicate\tobject\tnegated\n"
    tmp_path.joinpath("a_edges.tsv").write_text(head + "e1\tX:1\tbiolink:treats\tY:1\tfalse\n", encoding="utf-8")
    tmp_path.joinpath("b_edges.tsv").write_text(head + "e2\tX:1\tbiolink:treats\tY:1\ttrue\n", encoding="utf-8")
    files = [str(tmp_path / name) for name in ("a_edges.tsv", "b_edges.tsv")]
    command = [sys.executable, "-m", "calcinosis_kg", "merge", *files, "--out", str(tmp_path / "out"), "--no-shipped"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "1 conflicts (1 error, 0 warning, 0 info; both sides of each in conflicts.tsv)" in run.stdout
    assert "1   yes-not" in run.stdout


@pytest.mark.parametrize("text", ["5/3", "0/0", "120%", "60-50%", "often", "HP:0040279"])
def test_a_frequency_that_is_none_is_none(text: str) -> None:
    assert frequencies.parse(text) is None


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
