"""What a result is written as: RDF that says what is so and no more, and KGX as JSON Lines."""

from __future__ import annotations

import json
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, Phase, given, settings

import calcinosis_kg as ckg
import merge_records as made
from calcinosis_kg import oxigraph, queries
from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import equivalences, front, inputs, merges, outputs_rdf, store, tables
from calcinosis_kg.merging.prefixes import _tables, normal, start_of
from calcinosis_kg.namespaces import GRAPH, SOURCE, STATEMENT

KNOWN = {"X": "MONDO", "Y": "HP", "Z": "CHEBI"}
EDGE = {
    "line": 2,
    "subject": "OMIM:5",
    "predicate": "biolink:causes",
    "object": "HP:1",
    "negated": False,
    "standing": "",
}
SLOW = (HealthCheck.too_slow,)
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)


def known(value: object) -> Any:  # noqa: ANN401 - of whatever type
    """Give invented identifiers prefixes that have an IRI."""
    if not isinstance(value, str):
        return value
    for short, prefix in KNOWN.items():
        value = value.replace(f"{short}:", f"{prefix}:")
    return value


def sources(found: dict[str, made.Rows]) -> list[inputs.Input]:
    """Return sources as inputs, without the quads to carry: those that the strategy makes are statements."""
    return [
        made.as_input(name, {kind: [{key: known(cell) for key, cell in row.items()} for row in cells]
                             for kind, cells in rows.items() if kind != "carried"})
        for name, rows in found.items()
    ]  # fmt: skip


def evidence(out: Path) -> Counter[tuple[Any, ...]]:
    """Return what a result says, each statement with each of its records."""
    pairs = tables.with_records(out / merges.STATEMENTS, out / merges.EVIDENCE)
    cells = ("publications", "evidence_codes", "knowledge_source", "curator", "frequency", "record_id")
    return Counter(
        (*(row[name] for name in ("id", "subject", "predicate", "object", "negated", "qualifiers", "standing")),
         *(line[name] for name in cells))
        for row, lines in pairs for line in lines
    )  # fmt: skip


def result(folder: Path, *given_inputs: inputs.Input, formats: tuple[str, ...] = ("nq",)) -> Path:
    merges.merge(list(given_inputs), folder / "result", merges.Settings(formats=formats))
    return folder / "result"


def triples(out: Path) -> set[tuple[str, str, str]]:
    return {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in oxigraph.parse(out / "merged.nq")
        if isinstance(quad.object, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode)
    }


@given(made.sources())
@settings(max_examples=12, deadline=None, phases=NO_SHRINKING, suppress_health_check=SLOW)
@pytest.mark.parametrize("form", ["nq", "trig"])
def test_statements_survive_the_way_through_rdf(form: str, found: dict[str, made.Rows]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        out = result(folder, *sources(found), formats=(form,))
        front.merge([out / f"merged.{form}"], out=folder / "again", shipped=False)
        assert evidence(folder / "again") == evidence(out)


@given(made.sources())
@settings(max_examples=12, deadline=None, phases=NO_SHRINKING, suppress_health_check=SLOW)
def test_a_plain_triple_is_never_denied_nor_of_a_standing(found: dict[str, made.Rows]) -> None:
    with tempfile.TemporaryDirectory() as name:
        out = result(Path(name), *sources(found))
        allowed = {
            tuple(map(iri, (row["subject"], row["predicate"], row["object"])))
            for row in tables.rows(out / merges.STATEMENTS)
            if not row["negated"] and not row["standing"] and not row["qualifiers"]
        }
        predicates = {iri(predicate) for predicate in ("biolink:treats", "RO:1")}
        assert {triple for triple in triples(out) if triple[1] in predicates} == allowed


@given(made.sources())
@settings(max_examples=12, deadline=None, phases=NO_SHRINKING, suppress_health_check=SLOW)
def test_the_formats_say_the_same_and_do_not_depend_on_order(found: dict[str, made.Rows]) -> None:
    with tempfile.TemporaryDirectory() as name:
        out = result(Path(name) / "1", *sources(found), formats=("nq", "trig", "jsonl"))
        again = result(Path(name) / "2", *reversed(sources(found)), formats=("trig", "jsonl", "nq"))
        assert made.different(made.contents(out), made.contents(again)) == []
        quads = {form: set(oxigraph.canonical(oxigraph.parse(out / f"merged.{form}"))) for form in ("nq", "trig")}
        assert quads["nq"] == quads["trig"]
        reading = rdflib.Dataset()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's reader uses what rdflib deprecates
            reading.parse(data=(out / "merged.nq").read_text(encoding="utf-8"), format="nquads")
        assert len(list(reading.quads())) == len(quads["nq"])


def iri(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return start_of(prefix) + local


def test_the_shipped_graph_as_rdf_has_its_accepted_triples_and_no_other_of_a_claim(tmp_path: Path) -> None:
    ckg.merge([], out=tmp_path / "out", formats=["nq"])
    leader = equivalences.aliases(tmp_path / "out")

    def led(triple: ox.Quad) -> tuple[str, ...]:
        ends = (normal(str(getattr(end, "value", end))) for end in (triple.subject, triple.predicate, triple.object))
        return tuple(leader.get(end, end) for end in ends)

    shipped = list(oxigraph.to_ox(ckg.load()))
    accepted = {led(quad) for quad in shipped if str(quad.graph_name) == f"<{GRAPH}accepted>"}
    source = f"<{SOURCE}calcinosis-kg>"
    plain = {
        led(quad) for quad in oxigraph.parse(tmp_path / "out" / "merged.nq")
        if str(quad.graph_name) == source and not str(quad.subject).startswith(f"<{STATEMENT}")
    }  # fmt: skip
    assert accepted
    assert accepted - plain == set()
    refused = set()
    for row, lines in tables.with_records(tmp_path / "out" / merges.STATEMENTS, tmp_path / "out" / merges.EVIDENCE):
        if any("ckgv:Claim" in line["rest"] for line in lines) and (row["standing"] or row["negated"]):
            refused.add((row["subject"], row["predicate"], row["object"]))
    assert refused
    assert (refused - accepted) & plain == set()
    assert len(list(front.dataset(tmp_path / "out").quads())) > 20_000


def test_a_statement_shows_its_evidence_where_it_came_from(tmp_path: Path) -> None:
    row = EDGE | {
        "subject": "MIM:5",
        "publications": "PMID:1|x y",
        "evidence_codes": "ECO:0000033|TAS",
        "curator": "ann",
    }
    out = result(
        tmp_path, made.as_input("my source", {"edges": [row]}), made.as_input("b", {"edges": [EDGE | {"line": 9}]})
    )
    (identifier,) = {line["id"] for line in tables.rows(out / merges.STATEMENTS)}
    node = f"<{STATEMENT}{identifier}/my%20source/2>"
    lines = [line for line in (out / "merged.nq").read_text().splitlines() if line.startswith(node)]
    assert all(line.endswith(f"<{SOURCE}my%20source> .") for line in lines)
    shown = " ".join(lines)
    for text in ('original_subject> "MIM:5"', 'line> "2"', "pubmed/1>", '"x y"', "ECO_0000033>", '"TAS"', '"ann"'):
        assert text in shown


def test_what_has_no_iri_is_left_out_and_reported(tmp_path: Path) -> None:
    edges = [EDGE, EDGE | {"subject": "house:1"}, EDGE | {"object": "DOID:a{b"}]
    out = result(tmp_path, made.as_input("a", {"edges": edges, "nodes": [{"line": 1, "id": "house:1", "name": "n"}]}))
    report = (out / outputs_rdf.LEFT_OUT).read_text().splitlines()
    assert sorted(line.split("\t")[0] + line.split("\t")[2] for line in report[1:]) == [
        "nodehouse:1", "statementDOID:a{b", "statementhouse:1",
    ]  # fmt: skip
    assert store.manifest(out)["counts"]["left out of RDF"] == 3
    assert "house" not in (out / "merged.nq").read_text()


@pytest.mark.parametrize("local", ["1234", "0000001"])
def test_an_expanded_prefix_comes_back(local: str) -> None:
    for prefix in sorted(set(_tables()[0].values())):
        assert normal(start_of(prefix) + local) == f"{prefix}:{local}"


def test_a_query_sees_what_is_asserted_and_nothing_of_a_standing(tmp_path: Path) -> None:
    edges = [EDGE, EDGE | {"object": "HP:2", "standing": "refuted"}, EDGE | {"object": "HP:3", "negated": True}]
    out = result(tmp_path, made.as_input("a", {"edges": edges}))
    quads = oxigraph.parse(out / "merged.nq")
    plain = queries.parse("plain", "SELECT ?o { ?s biolink:causes ?o } ORDER BY ?o")
    said = queries.parse("said", "SELECT ?o { ?s rdf:object ?o } ORDER BY ?o")

    def answers(query: queries.Query, view: str) -> list[str]:
        return [row[0][-1] for row in queries.ask(quads, query, view, {}).rows]

    assert answers(plain, "accepted") == answers(plain, "all") == ["1"]
    assert answers(said, "accepted") == ["1", "3"]
    assert answers(said, "all") == ["1", "2", "3"]
    for view in ("refuted", "claims"):
        assert answers(plain, view) == []


def test_kgx_as_json_lines(tmp_path: Path) -> None:
    row = EDGE | {"publications": "PMID:1|a%7Cb", "qualifiers": '{"hpoa_aspect":"C","sex_qualifier":"female"}'}
    out = result(tmp_path, made.as_input("a", {"edges": [row, row | {"standing": "refuted"}]}), formats=("jsonl",))
    (edge,), (claim,) = (
        [json.loads(line) for line in (out / "kgx" / name).read_text().splitlines()]
        for name in ("edges.jsonl", "claims.jsonl")
    )
    assert (edge["negated"], edge["publications"], edge["provided_by"]) == (False, ["PMID:1", "a|b"], ["a"])
    assert (edge["sex_qualifier"], edge["qualifiers"]) == ("female", '{"hpoa_aspect":"C"}')
    assert "standing" not in edge
    assert claim["standing"] == "refuted"
    nodes = [json.loads(line) for line in (out / "kgx" / "nodes.jsonl").read_text().splitlines()]
    assert {node["id"] for node in nodes} == {"OMIM:5", "HP:1"}
    assert all(node["category"] == ["biolink:NamedThing"] for node in nodes)


def test_an_unknown_format_and_a_result_without_rdf_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown format 'ttl'"):
        ckg.merge([], out=tmp_path / "out", formats=["ttl"])
    out = result(tmp_path, made.as_input("a", {"edges": [EDGE]}), formats=())
    with pytest.raises(InputError, match=r"has no merged\.nq"):
        front.dataset(out)


def test_no_cell_of_kgx_that_is_not_negated_has_a_text_that_kgx_takes_for_true(tmp_path: Path) -> None:
    out = result(tmp_path, made.as_input("a", {"edges": [EDGE, EDGE | {"negated": True}]}), formats=())
    head, *rows = [line.split("\t") for line in (out / "kgx" / "edges.tsv").read_text(encoding="utf-8").splitlines()]
    assert sorted(row[head.index("negated")] for row in rows) == ["", "true"]
    again = front.merge([out / "kgx" / "edges.tsv"], out=tmp_path / "again", shipped=False)
    assert again["counts"]["statements"] == 2
    kept = tables.rows(tmp_path / "again" / merges.STATEMENTS, ["id", "negated"])
    assert sorted((row["id"], row["negated"]) for row in kept) == sorted(
        (row["id"], row["negated"]) for row in tables.rows(out / merges.STATEMENTS, ["id", "negated"])
    )
