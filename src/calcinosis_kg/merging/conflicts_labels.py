"""Identifiers that have different labels in different sources."""

from __future__ import annotations

import json
import re
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

NODE_EVIDENCE = "node-evidence.parquet"
_SYNONYM = re.compile(r'"((?:[^"\\]|\\.)*)"\s+EXACT')


def labels(folder: Path) -> Iterator[Finding]:
    """Yield identifiers of which two sources have no label in common; case and spaces do not count.

    It is about identifiers as sources write them, not about those mapped to them: that two vocabularies have
    their own words for a thing is no conflict.
    """
    for rows in _candidates(folder / NODE_EVIDENCE):
        by_name: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            by_name.setdefault(normal(row["id"]), []).append(row)
        for name in sorted(by_name):
            yield from _of(name, by_name[name])


def _of(name: str, rows: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    said: dict[str, set[str]] = {}
    for row in rows:
        said.setdefault(row["source"], set()).add(key(row["name"]))
    sources = sorted(said)
    pairs = [
        (one, other) for place, one in enumerate(sources) for other in sources[place + 1 :] if not said[one] & said[other]
    ]
    for one, other in pairs:
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


def _candidates(file: Path) -> Iterator[list[dict[str, Any]]]:
    """Yield the records with a name of each node whose names differ."""
    names = ["key", "id", "name", "source", "file", "line"]
    table = pq.read_table(file, columns=names, read_dictionary=["id", "name", "source", "file"])
    if not table.num_rows:
        return
    name = columns.whole(table["name"])
    keys = columns.coded(columns.codes(name), [key(text) for text in name.dictionary.to_pylist()])
    named = np.flatnonzero(pc.not_equal(keys.cast(pa.string()), "").to_numpy(zero_copy_only=False))
    spelt = columns.codes(keys)[named]
    high, low = columns.words(columns.whole(table["key"]))
    high, low = high[named], low[named]
    new = np.concatenate([np.ones(min(len(named), 1), bool), (high[1:] != high[:-1]) | (low[1:] != low[:-1])])
    starts = np.flatnonzero(new)
    if not len(starts):
        return
    differ = np.minimum.reduceat(spelt, starts) != np.maximum.reduceat(spelt, starts)
    group = np.cumsum(new) - 1
    kept = named[differ[group]]
    ends = group[differ[group]]
    some = table.take(pa.array(kept)).append_column("rest", _rest(file, kept)).to_pylist()
    at = 0
    for end in [*(np.flatnonzero(np.diff(ends)) + 1).tolist(), len(some)]:
        if some[at:end]:
            yield some[at:end]
        at = end


def _rest(file: Path, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.ChunkedArray:
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
