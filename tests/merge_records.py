"""Small records for tests of the merge, and what can be seen of a result."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
from hypothesis import strategies as st

from calcinosis_kg.merging import inputs, merges, records, results

if TYPE_CHECKING:
    from pathlib import Path

IDS = ("X:1", "X:2", "Y:1", "Y:2", "Z:1", "Z:2", "MIM:5", "OMIM:5", "http://purl.obolibrary.org/obo/DOID_4", "DOID:4")
EXACT = "skos:exactMatch"


def _cells(**columns: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"line": st.integers(1, 4), **columns})


def _one(*values: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - of whatever type
    return st.sampled_from(values)


EDGES = _cells(
    subject=_one(*IDS),
    predicate=_one("biolink:treats", "RO:1", "biolink:has_phenotype"),
    object=_one(*IDS),
    negated=st.booleans(),
    qualifiers=_one(
        "",
        '{"disease":"MIM:5"}',
        '{"disease":"OMIM:5"}',
        '{"sex":"f"}',
        '{"disease_context_qualifier":"MIM:5"}',
    ),
    standing=_one("", "", "refuted", "reported"),
    publications=_one("", "PMID:1", "PMID:1|PMID:2", "a%7Cb"),
    frequency=_one("", "0/2", "1/2", "45%", "a|b"),
    curator=_one("", "ann"),
    record_id=_one("", "r1"),
)
NODES = _cells(
    id=_one(*IDS),
    category=_one("", "biolink:Disease", "biolink:PhenotypicFeature"),
    name=_one("", "name", "tab\there"),
    deprecated=st.booleans(),
    replaced_by=_one("", "X:2", "Y:1", "X:1|X:2"),
)
MAPPINGS = _cells(
    subject_id=_one(*IDS),
    predicate_id=_one(EXACT, EXACT, EXACT, "skos:broadMatch"),
    object_id=_one(*IDS),
    predicate_modifier=_one("", "", "", "Not"),
    mapping_justification=_one("semapv:ManualMappingCuration", "semapv:LexicalMatching", ""),
    confidence=_one("", "0.9", "0.5", "high"),
)
CARRIED = _cells(quad=_one("<a:1> <a:2> <a:3> .", '<a:1> <a:2> "x" .'))
QUARANTINE = _cells(reason=_one("no subject"), text=_one("\\xFF", "a\tb"))
KINDS = {"edges": EDGES, "nodes": NODES, "mappings": MAPPINGS, "carried": CARRIED, "quarantine": QUARANTINE}

Rows = dict[str, list[dict[str, Any]]]


def rows(size: int = 6) -> st.SearchStrategy[Rows]:
    """Return a strategy of records by kind."""
    return st.fixed_dictionaries({kind: st.lists(some, max_size=size) for kind, some in KINDS.items()})


def sources(most: int = 3) -> st.SearchStrategy[dict[str, Rows]]:
    """Return a strategy of named sources."""
    return st.dictionaries(st.sampled_from(["a", "b", "c"]), rows(), min_size=1, max_size=most)


def as_input(source: str, found: Rows, *, slices: int = 1) -> inputs.Input:
    """Return a source as an input, its records in some batches."""
    batches = []
    for kind, cells in found.items():
        for start in range(slices):
            some = cells[start::slices]
            names = sorted({name for row in some for name in row})
            columns = {name: [row[name] for row in some] for name in names}
            columns |= {"source": [source] * len(some), "file": [f"{source}.tsv"] * len(some)}
            batches.append(records.batch(kind, columns))
    return inputs.of_tables(source, batches)


def merged(given: list[inputs.Input], out: Path, **options: Any) -> dict[str, bytes]:  # noqa: ANN401 - passed on
    """Merge, and return the bytes of all files of the result."""
    merges.merge(given, out, merges.Settings(**options))
    return contents(out)


def contents(out: Path) -> dict[str, bytes]:
    """Return the bytes of all files of a result."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def bag(given: list[inputs.Input]) -> Counter[tuple[Any, ...]]:
    """Return all records of inputs, counted."""
    names = frozenset(origin.source for one in given for origin in one.origins)
    return Counter(
        (batch.kind, *row.values()) for one in given for batch in one.read(names) for row in batch.table.to_pylist()
    )


def kept(out: Path) -> Counter[tuple[Any, ...]]:
    """Return all records that a result holds, counted."""
    return bag([results.as_input(out)])


def table(out: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of a Parquet file of a result."""
    found: list[dict[str, Any]] = pq.read_table(out / name).to_pylist()
    return found


def different(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Return the names of the files that differ."""
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
