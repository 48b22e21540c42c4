"""Identifiers that have different labels in different sources."""

from __future__ import annotations

import json
import re
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calcinosis_kg.merging import columns
from calcinosis_kg.merging.conflicts_kinds import INFO, LABEL, WARNING, Finding, Line
from calcinosis_kg.merging.prefixes import normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

NODE_EVIDENCE = "node-evidence.parquet"
_SYNONYM = re.compile(r'"((?:[^"\\]|\\.)*)"\s+EXACT')


def labels(folder: Path) -> Iterator[Finding]:
    """Yield identifiers of which two sources have no label in common; case and spaces do not count.

    It is about identifiers as sources write them, not about those mapped to them: that two vocabularies have
    their own words for a thing is no conflict.
    """
    for name, rows in _candidates(folder / NODE_EVIDENCE):
        yield from _of(name, rows)


def _of(name: str, rows: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    said: dict[str, set[str]] = {}
    for row in rows:
        said.setdefault(row["source"], set()).add(key(row["name"]))
    for one, other in combinations(sorted(said), 2):
        if said[one] & said[other]:
            continue
        sides = [sorted(_line(name, row) for row in rows if row["source"] == source) for source in (one, other)]
        known = _synonyms(rows)
        also = any(said[source] <= known for source in (one, other))
        detail = f"{name}: {_quoted(sides[0])} against {_quoted(sides[1])}"
        detail += "; one is an exact synonym of the other" if also else ""
        yield Finding(LABEL, tuple(sides[0]), tuple(sides[1]), detail, INFO if also else WARNING)


def _quoted(lines: Sequence[Line]) -> str:
    return ", ".join(f"'{text}'" for text in sorted({line.words for line in lines}))


def _line(name: str, row: dict[str, Any]) -> Line:
    return Line("", row["name"], row["source"], row["file"], row["line"], subject=row["id"], object=name)


def _synonyms(rows: Sequence[dict[str, Any]]) -> set[str]:
    """Return the exact synonyms that OBO files give to a term."""
    found: set[str] = set()
    for row in rows:
        if '"synonym"' in row["rest"]:
            texts = json.loads(row["rest"])["synonym"]
            found |= {key(match[1]) for text in texts if (match := _SYNONYM.match(text))}
    return found


def key(label: str) -> str:
    """Return a label without what does not count.

    >>> key("Tumoral  Calcinosis ")
    'tumoral calcinosis'
    """
    return " ".join(label.casefold().split())


def _candidates(file: Path) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return identifiers with different names, each with its records."""
    names = ["key", "id", "name", "source", "file", "line"]
    table = pq.read_table(file, columns=names, read_dictionary=["id", "name", "source", "file"])
    if not table.num_rows:
        return []
    name = columns.whole(table["name"])
    rows = np.flatnonzero(pc.not_equal(name.cast(pa.string()), "").to_numpy(zero_copy_only=False))
    high, _ = columns.words(columns.whole(table["key"]))
    rows = rows[_differing(high[rows], columns.codes(name)[rows])]  # nodes first: of those few, each name and id
    said = columns.compact(name.take(pa.array(rows)))
    spelt = columns.codes(columns.coded(columns.codes(said), [key(text) for text in said.dictionary.to_pylist()]))
    found = columns.whole(table["id"]).take(pa.array(rows)).cast(pa.string()).dictionary_encode()
    ids = columns.coded(columns.codes(found), [normal(text) for text in found.dictionary.to_pylist()])
    kept = _differing(columns.codes(ids), spelt)
    rows = rows[kept]
    some = table.take(pa.array(rows)).append_column("rest", _rest(file, rows)).to_pylist()
    by_name: dict[str, list[dict[str, Any]]] = {}
    for identifier, row in zip(ids.filter(pa.array(kept)).to_pylist(), some, strict=True):
        by_name.setdefault(identifier, []).append(row)
    return sorted(by_name.items())


def _differing(group: NDArray[Any], value: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which rows are of a group with more than one value."""
    _, numbers = np.unique(group, return_inverse=True)
    low = np.full(len(group), np.iinfo(np.int64).max)
    high = np.full(len(group), -1, np.int64)
    np.minimum.at(low, numbers, value)
    np.maximum.at(high, numbers, value)
    found: NDArray[np.bool_] = (low != high)[numbers]
    return found


def _rest(file: Path, rows: NDArray[np.int64]) -> pa.ChunkedArray:
    """Return the cells of the longest column, for some rows, one row group at a time."""
    parts, start = [], 0
    with pq.ParquetFile(file) as parquet:
        for number in range(parquet.num_row_groups):
            count = parquet.metadata.row_group(number).num_rows
            inside = rows[(rows >= start) & (rows < start + count)] - start
            if len(inside):
                table = parquet.read_row_group(number, columns=["rest"], use_threads=False)
                parts += table["rest"].take(pa.array(inside)).chunks
            start += count
    return pa.chunked_array(parts, pa.string())
