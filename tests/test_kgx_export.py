"""KGX, as TSV and as JSON Lines: nothing lost on the way there and back, nothing denied or refuted among the edges."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import networkx as nx
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import calcinosis_kg as ckg
from calcinosis_kg import oxigraph, shipped, views
from calcinosis_kg.errors import InputError
from calcinosis_kg.interchange import contents, kgx, kgx_jsonl, restored, rows
from calcinosis_kg.interchange.associations import QUALIFIERS, Contents
from calcinosis_kg.interchange.catalogue import CATALOGUE
from calcinosis_kg.interchange.escapes import escaped, joined, parted, unescaped
from calcinosis_kg.merging import readers, records
from given_contents import CONTENTS

ROOMS = {"kgx": kgx, "kgx-jsonl": kgx_jsonl}
ALLOWED = {
    "CausalGeneToDiseaseAssociation": {"causes"},
    "ChemicalAffectsBiologicalEntityAssociation": {"affects"},
    "ChemicalOrDrugOrTreatmentToDiseaseOrPhenotypicFeatureAssociation": {
        "ameliorates_condition", "applied_to_treat", "preventative_for_condition", "studied_to_treat", "treats",
        "treats_or_applied_or_studied_to_treat",
    },
    "DiseaseOrPhenotypicFeatureToGeneticInheritanceAssociation": {"has_mode_of_inheritance"},
    "GeneToDiseaseAssociation": {"affects", "associated_with", "contributes_to"},
}  # fmt: skip
"""Association class to the predicates that Biolink 4.4.6 allows in it, as far as claims use them."""
FOLLOWED = {
    "CKG-C258": ("refuted_claims", "refuted", False, "hedged"),
    "CKG-C009": ("negated_claims", "accepted", True, "asserted"),
    "CKG-C301": ("refuted_claims", "artefact", False, "hedged"),
    "CKG-C082": ("edges", "accepted", False, "hedged"),
    "CKG-C217": ("refuted_claims", "refuted", False, "asserted"),
}
"""Claim to the file it stands in, its status, polarity and modality."""


EXAMPLES = settings(max_examples=40, deadline=None)
dataset = cache(shipped.quads)


@cache
def written(form: str) -> dict[str, bytes]:
    return CATALOGUE[form].open().write(dataset())


def table(content: bytes) -> list[dict[str, str]]:
    lines = content.decode().rstrip("\n").split("\n")
    return [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]]


@pytest.fixture(scope="module")
def tsv() -> dict[str, list[dict[str, str]]]:
    return {ending: table(content) for ending, content in written("kgx").items()}


# ---- laws ----


@pytest.mark.parametrize("form", ROOMS)
@EXAMPLES
@given(found=CONTENTS)
def test_contents_come_back_whole(form: str, found: Contents) -> None:
    files = ROOMS[form].write(list(restored.quads(found)))
    assert contents.of(ROOMS[form].read(files, "x")) == found


@pytest.mark.parametrize("form", ROOMS)
@pytest.mark.parametrize("view", ["accepted", "refuted", "all"])
def test_a_view_comes_back_whole(form: str, view: str) -> None:
    found = contents.of(views.select(dataset(), [view]))
    assert contents.of(ROOMS[form].read(ROOMS[form].write(list(restored.quads(found))), "x")) == found


@pytest.mark.parametrize("form", ROOMS)
def test_through_files(form: str, tmp_path: Path) -> None:
    graph = oxigraph.to_dataset(views.select(dataset(), ["refuted", "contested"]))
    ending = CATALOGUE[form].endings[1]
    ckg.write(graph, tmp_path / f"a{ending}", view="all")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"a{end}" for end in CATALOGUE[form].endings)
    ckg.write(ckg.read(tmp_path / f"a{ending}"), tmp_path / f"b{ending}", view="all")
    for end in CATALOGUE[form].endings:
        assert (tmp_path / f"a{end}").read_bytes() == (tmp_path / f"b{end}").read_bytes()


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1)))
def test_escapes_come_back(values: list[str]) -> None:
    assert parted(joined(values)) == values
    for value in values:
        assert unescaped(escaped(value)) == value
        assert not set("|\t\n\r") & set(escaped(value))


@pytest.mark.parametrize("form", ROOMS)
@EXAMPLES
@given(found=CONTENTS)
def test_what_is_denied_or_refuted_is_no_edge(form: str, found: Contents) -> None:
    files = ROOMS[form].write(list(restored.quads(found)))
    edges = next(content for ending, content in files.items() if "_edges." in ending).decode()
    for claim in found.associations:
        plain = not claim.negated and claim.status in ("accepted", "reported", "contested")
        assert (f"{claim.id}\t" in edges or f'"{claim.id}"' in edges) == plain


# ---- what stands where ----


def test_every_claim_stands_once_and_where_it_belongs(tsv: dict[str, list[dict[str, str]]]) -> None:
    places = {row["claim"]: ending for ending, part in tsv.items() if ending != "_nodes.tsv" for row in part}
    found = contents.of(dataset()).associations
    assert len(found) == len(places) == sum(len(part) for ending, part in tsv.items() if ending != "_nodes.tsv")
    for claim, (part, status, negated, modality) in FOLLOWED.items():
        row = next(row for row in tsv[f"_{part}.tsv"] if row["claim"] == claim)
        assert (row["claim_status"], row["negated"] == "true", row["modality"]) == (status, negated, modality)
    assert {row["negated"] for row in tsv["_edges.tsv"]} == {""}
    assert {row["negated"] for row in tsv["_negated_claims.tsv"]} == {"true"}
    assert {row["claim_status"] for row in tsv["_refuted_claims.tsv"]} == {"refuted", "artefact"}


def test_who_speaks_against_is_no_supporting_publication(tsv: dict[str, list[dict[str, str]]]) -> None:
    warfarin = next(row for row in tsv["_refuted_claims.tsv"] if row["claim"] == "CKG-C258")
    assert warfarin["publications"] == ""
    assert "PMID:31302187" in warfarin["evidence_against"].split("|")
    assert (warfarin["hedge_cues"], warfarin["hedge_types"]) == ("may", "possibility")
    assert (warfarin["span_starts"], warfarin["span_ends"]) == ("10851", "11002")
    assert len(warfarin["span_sha256"]) == 64


def test_only_what_biolink_calls_a_predicate_is_one(tsv: dict[str, list[dict[str, str]]]) -> None:
    rows_ = [row for row in tsv["_edges.tsv"] if row["original_predicate"]]
    assert {(row["predicate"], row["original_predicate"]) for row in rows_} == {
        ("biolink:related_to", "biolink:has_attribute")
    }
    assert "biolink:has_attribute" not in {row["predicate"] for row in tsv["_edges.tsv"]}


def test_ids_are_digests_of_what_is_said(tsv: dict[str, list[dict[str, str]]]) -> None:
    ids = [row["id"] for ending, part in tsv.items() if ending != "_nodes.tsv" for row in part]
    assert len(set(ids)) == len(ids) == 390
    assert all(name.startswith("sha256:") and len(name) == 71 for name in ids)
    found = contents.of(dataset())
    assert [row["id"] for row in rows.edges(found)] == [row["id"] for row in rows.edges(found)]


def test_ends_and_qualifier_nodes_are_nodes(tsv: dict[str, list[dict[str, str]]]) -> None:
    known = {row["id"] for row in tsv["_nodes.tsv"]}
    for ending in ("_edges.tsv", "_negated_claims.tsv", "_refuted_claims.tsv"):
        for row in tsv[ending]:
            named = {row["subject"], row["object"], row["population_context_qualifier"], row["ckg_severity_qualifier"]}
            assert named - {""} <= known


def test_each_claim_is_of_a_class_that_allows_its_predicate() -> None:
    found = contents.of(dataset()).associations
    used: dict[str, set[str]] = {}
    for claim in found:
        used.setdefault(claim.category.removeprefix("biolink:"), set()).add(claim.predicate.removeprefix("biolink:"))
    assert used.keys() >= ALLOWED.keys()
    for name, allowed in ALLOWED.items():
        assert used[name] <= allowed, name
    lacking = [
        claim.id
        for claim in found
        if claim.category == "biolink:Association" and any("biolink:" in key for key, _ in claim.qualifiers)
    ]
    assert len(lacking) == 17  # no class has these qualifiers for such ends


def test_every_qualifier_has_its_column() -> None:
    assert tuple(rows.SLOTS) == QUALIFIERS
    assert len(set(rows.SLOTS.values())) == len(QUALIFIERS)


# ---- readers that are not ours ----


def test_data_frames_read_every_row(tmp_path: Path) -> None:
    (path := tmp_path / "x_edges.tsv").write_bytes(written("kgx")["_edges.tsv"])
    wanted = path.read_bytes().count(b"\n") - 1
    polar = pl.read_csv(path, separator="\t", quote_char=None, infer_schema_length=0)
    assert len(pd.read_csv(path, sep="\t")) == len(pd.read_csv(path, sep="\t", quoting=3)) == len(polar) == wanted


def test_networkx_gets_the_accepted_edges() -> None:
    accepted = views.select(dataset(), ["accepted"])
    lines = kgx_jsonl.write(accepted)["_edges.jsonl"].decode().splitlines()
    graph = nx.MultiDiGraph((row["subject"], row["object"], row["claim"]) for row in map(json.loads, lines))
    assert graph.number_of_edges() == 139
    assert not graph.has_edge("CHEBI:10033", "CKG:0000021")


@pytest.mark.parametrize("form", ROOMS)
def test_our_merge_takes_status_polarity_and_qualifiers(form: str, tmp_path: Path) -> None:
    for ending, content in written(form).items():
        (tmp_path / f"a{ending}").write_bytes(content)
    found: Counter[tuple[str, bool]] = Counter()
    scoped = 0
    for path in sorted(tmp_path.iterdir()):
        for batch in readers.read(path):
            assert batch.kind in (records.EDGES, records.NODES)
            if batch.kind == records.EDGES:
                for row in batch.table.to_pylist():
                    found[row["standing"], row["negated"]] += 1
                    scoped += "ckg_scope_qualifier" in row["qualifiers"]
    wanted = Counter(
        ("" if claim.status == "accepted" else claim.status, claim.negated)
        for claim in contents.of(dataset()).associations
    )
    assert found == wanted
    assert scoped == 5


# ---- files that are not as written ----


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\taccepted\t", "\tsettled\t", r"x_edges\.tsv:2: unknown claim_status 'settled'. Write one of: accepted"),
        ("CKG-C002", "CKG-C001", r"x_edges\.tsv:3: CKG-C001 stands in x_edges\.tsv:2 already"),
        ("DOID:182\tbiolink", "NOPE:182\tbiolink", r"x_edges\.tsv:2: unknown prefix 'NOPE'"),
        ("\tbiolink:", "\t\tbiolink:", r"x_edges\.tsv:2: 58 cells stand below 57 columns"),
        ("[{", "[", r"x_edges\.tsv:2: evidence_lines is not JSON"),
        (
            "\tCKG-C001\t",
            "\t\t",
            r"x_edges\.tsv:2: claim is missing or empty. Read KGX of others with calcinosis-kg mer",
        ),
    ],
)
def test_a_row_that_was_not_written_here_is_named(old: str, new: str, message: str) -> None:
    files = dict(written("kgx"))
    files["_edges.tsv"] = files["_edges.tsv"].decode().replace(old, new, 1).encode()
    with pytest.raises(InputError, match=message):
        kgx.read(files, "x_edges.tsv")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"x_edges\.jsonl:1: not JSON"),
        ("[]", r"x_edges\.jsonl:1: not a JSON object"),
        ('{"subject": ["A:1"]}', r"x_edges\.jsonl:1: subject is missing or empty"),
    ],
)
def test_a_line_that_was_not_written_here_is_named(line: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        kgx_jsonl.read({"_nodes.jsonl": b"", "_edges.jsonl": line.encode()}, "x_nodes.jsonl")
