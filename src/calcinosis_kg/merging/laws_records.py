"""Records as `merge-check` counts them: one number and a place for each, and the few that differ in full."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from calcinosis_kg.merging import records
from calcinosis_kg.merging.laws_digests import Bag, Places, digests, frame, pl, surplus
from calcinosis_kg.merging.laws_identity import Known
from calcinosis_kg.merging.prefixes import normal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from calcinosis_kg.merging.laws_digests import Digests

    Batches = Callable[[], Iterable[records.Batch]]

NOTE = "note: "
MOST = 200_000
"""How many rows that differ are looked at in full."""


class Kept:
    """The records of inputs, or of a result, as digests.

    Args:
        least: The least stated confidence with which a mapping row may join.
    """

    def __init__(self, least: float) -> None:
        self._least = least
        self.bags = {kind: Bag() for kind in records.COLUMNS}
        self.places = {kind: Places() for kind in records.COLUMNS}
        self.counts: Counter[tuple[str, str]] = Counter()
        self.known = Known()
        self.described: set[str] = set()
        self.unread = 0

    def add(self, batch: records.Batch) -> None:
        """Count the records of a batch."""
        cells = frame(batch.table.select(records.COLUMNS[batch.kind]))
        self.bags[batch.kind].add(whole=whole(cells))
        self.places[batch.kind].add(cells["file"], cells["line"])
        for source, number in cells["source"].value_counts().iter_rows():
            self.counts[source, batch.kind] += number
        if batch.kind == records.MAPPINGS:
            for row in cells.iter_rows(named=True):
                self.known.mapping(row, f"{row['file']}:{row['line']}", self._least)
        elif batch.kind == records.NODES:
            self.described.update(map(normal, cells["id"].unique().to_list()))
            for name, category in cells.select("id", "category").unique().iter_rows():
                self.known.category(name, category)
            for row in cells.filter(pl.col("deprecated")).iter_rows(named=True):
                self.known.node(row["id"], row["replaced_by"])
        elif batch.kind == records.QUARANTINE:
            self.unread += cells.filter(~pl.col("reason").str.starts_with(NOTE)).height

    def lacking(self, kind: str, other: Kept) -> Digests:
        """Return the sorted digests of what the other does not have, or not so often."""
        mine = self.bags[kind]["whole"]
        return np.sort(mine[surplus(mine, other.bags[kind]["whole"])])


def whole(cells: pl.DataFrame) -> Digests:
    """Return a digest of each row, all its cells together."""
    found = np.zeros(cells.height, np.uint64)
    for name in cells.columns:
        found += digests(cells[name], name)
    return found


def picked(batches: Iterable[records.Batch], kind: str, wanted: Digests) -> pl.DataFrame:
    """Return the rows of a kind whose digests are wanted, not more than `MOST`."""
    found: list[pl.DataFrame] = []
    rows = 0
    for batch in batches if len(wanted) else ():
        if batch.kind == kind and rows < MOST:
            cells = frame(batch.table.select(records.COLUMNS[kind]))
            place = np.searchsorted(wanted, number := whole(cells))
            hit = (place < len(wanted)) & (wanted[np.minimum(place, len(wanted) - 1)] == number)
            if hit.any():
                found.append(cells.filter(pl.Series(hit)))
                rows += found[-1].height
    schema = pl.DataFrame(pl.from_arrow(records.SCHEMAS[kind].empty_table()))
    return pl.concat(found).head(MOST) if found else schema


def shown(cells: pl.DataFrame, what: Callable[[dict[str, str]], str]) -> Iterator[str]:
    """Yield an example for each row: its place and what is said of it."""
    for row in cells.iter_rows(named=True):
        yield f"{row['file']}:{row['line']}: {what(row)}"


def triple(row: dict[str, str]) -> str:
    """Return an edge in words.

    >>> triple({"subject": "A:1", "predicate": "p", "object": "A:2", "negated": True, "standing": "refuted"})
    'A:1 NOT p A:2 (refuted)'
    """
    denied = "NOT " if row["negated"] else ""
    standing = f" ({row['standing']})" if row.get("standing") else ""
    return f"{row['subject']} {denied}{row['predicate']} {row['object']}{standing}"
