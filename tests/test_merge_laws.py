"""The laws of the merge, on records made at random: what holds for all inputs holds for yours."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import merge_records as made
from calcinosis_kg.merging import merges, results
from calcinosis_kg.merging.columns import ID
from calcinosis_kg.merging.doubts import DOUBTFUL

few = settings(max_examples=15, deadline=None)


@few
@given(made.sources(), st.randoms(use_true_random=False), st.integers(1, 3))
def test_order_batches_threads_and_memory_do_not_show(found: dict[str, made.Rows], random: object, slices: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first = made.merged([made.as_input(name, rows) for name, rows in found.items()], Path(folder, "1"), threads=1)
        for rows in found.values():
            for cells in rows.values():
                random.shuffle(cells)  # type: ignore[attr-defined] # as random.Random
        others = [made.as_input(name, rows, slices=slices) for name, rows in found.items()]
        random.shuffle(others)  # type: ignore[attr-defined] # as random.Random
        again = made.merged(others, Path(folder, "2"), threads=2, memory=2**28)
        assert not made.different(first, again)


@few
@given(made.sources(), st.integers(1, 3))
def test_partitions_do_not_show(found: dict[str, made.Rows], bits: int) -> None:
    inputs = [made.as_input(name, rows) for name, rows in found.items()]
    with tempfile.TemporaryDirectory() as folder:
        first = made.merged(inputs, Path(folder, "1"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(merges.Settings, "bits", lambda _self, _rows: bits)
            assert not made.different(first, made.merged(inputs, Path(folder, "2")))


@few
@given(made.sources())
def test_nothing_is_lost_and_nothing_added(found: dict[str, made.Rows]) -> None:
    inputs = [made.as_input(name, rows) for name, rows in found.items()]
    with tempfile.TemporaryDirectory() as folder:
        done = merges.merge(inputs, Path(folder, "1"))
        assert made.kept(Path(folder, "1")) == made.bag(inputs)
        told = sum(number for entry in done["inputs"] for number in entry["records"].values())
        assert told == sum(made.bag(inputs).values())


@few
@given(made.sources())
def test_idempotent_and_associative(found: dict[str, made.Rows]) -> None:
    inputs = [made.as_input(name, rows) for name, rows in found.items()]
    with tempfile.TemporaryDirectory() as folder:
        whole = made.merged(inputs, Path(folder, "whole"))
        part = Path(folder, "part")
        merges.merge(inputs[:1], part)
        again = made.merged([*inputs[1:], results.as_input(part)], Path(folder, "2"))
        assert not made.different(whole, again)
        again = made.merged([results.as_input(Path(folder, "whole")), *inputs], Path(folder, "3"))
        assert not made.different(whole, again)


@few
@given(made.sources(), made.rows())
def test_unmerge_is_as_if_never_merged(found: dict[str, made.Rows], more: made.Rows) -> None:
    inputs = [made.as_input(name, rows) for name, rows in found.items()]
    with tempfile.TemporaryDirectory() as folder:
        without = made.merged(inputs, Path(folder, "without"))
        both = Path(folder, "both")
        merges.merge([*inputs, made.as_input("more", more)], both)
        results.unmerge(both, "more", both)
        assert not made.different(without, made.contents(both))


@few
@given(made.sources())
def test_polarity_and_standing_are_identity(found: dict[str, made.Rows]) -> None:
    inputs = [made.as_input(name, rows) for name, rows in found.items()]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "1")
        merges.merge(inputs, out)
        statements = {row["id"]: row for row in made.table(out, merges.STATEMENTS)}
        evidence = made.table(out, merges.EVIDENCE)
        assert {row["id"] for row in evidence} == set(statements)
        for row in evidence:
            own = statements[row["id"]]
            assert own["negated"] == row["negated"]
            doubtful = own["standing"] == DOUBTFUL and not row["standing"] and not row["negated"]
            assert own["standing"] == row["standing"] or doubtful
        keys = [tuple(row[name] for name in made_key()) for row in statements.values()]
        assert len(keys) == len(set(keys))
        plain = lines(out / "kgx" / "edges.tsv")
        claims = lines(out / "kgx" / "claims.tsv")
        standing = {row["id"].hex(): row["standing"] for row in statements.values()}
        assert {line["id"]: "" for line in plain} | {line["id"]: line["standing"] for line in claims} == standing
        assert all(line["standing"] for line in claims)


@few
@given(made.sources())
def test_no_alias_is_left_and_no_end_lacks_a_node(found: dict[str, made.Rows]) -> None:
    inputs = [made.as_input(name, rows) for name, rows in found.items()]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "1")
        merges.merge(inputs, out)
        aliases = {row["alias"]: row["leader"] for row in made.table(out, "aliases.parquet")}
        nodes = {row["node"] for row in made.table(out, merges.NODES)}
        ends = {row[end] for row in made.table(out, merges.STATEMENTS) for end in ("subject", "object")}
        assert not (ends | nodes | set(aliases.values())) & aliases.keys()
        assert ends <= nodes
        assert len(nodes) == len(made.table(out, merges.NODES))


def made_key() -> tuple[str, ...]:
    return ("subject", "predicate", "object", "negated", "qualifiers", "standing")


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_ids_are_sixteen_bytes() -> None:
    assert ID.byte_width == 16
