"""Tables between two steps of a merge: in memory while there is room, else on disk, read a batch at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa

from calcinosis_kg.merging import columns
from calcinosis_kg.merging.packed import Packed, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_GROUP = 1_000_000
"""Rows on disk that are given one list of values; what is done for each value is then done once for all of them."""


class Room:
    """Memory for tables between two steps.

    Args:
        size: Bytes.
    """

    def __init__(self, size: int = 0) -> None:
        self._left = size

    def take(self, size: int) -> bool:
        """Take so many bytes; return whether there were as many."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def give(self, size: int) -> None:
        """Give bytes back."""
        self._left += size


class Spool:
    """Coded tables of one schema; coded columns may have other values in each table.

    Args:
        path: Where is kept what finds no room; made when the first such table is added.
        room: Memory that may be used.
    """

    def __init__(self, path: Path, room: Room | None = None) -> None:
        self._path = path
        self._room = room or Room()
        self._kept: list[Packed] = []
        self._stream: pa.ipc.RecordBatchStreamWriter | None = None
        self.rows = 0

    def add(self, table: pa.Table) -> None:
        """Keep a coded table."""
        if not table.num_rows:
            return
        self.rows += table.num_rows
        packed = Packed.of(table)
        if self._room.take(packed.size):
            self._kept.append(packed)
            return
        table = columns.trimmed(table)
        if self._stream is None:
            self._stream = pa.ipc.new_stream(self._path, table.schema)
        for batch in table.combine_chunks().to_batches():
            self._stream.write_batch(batch)

    def close(self) -> Self:
        """End writing."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        return self

    def read(self, rows: int = 1, *, last: bool = False) -> Iterator[pa.Table]:
        """Yield the rows, so many or some more at a time; the order of tables is not that in which they were added.

        Tables share their lists of values where they can, so what is done for each value is done less often.

        Args:
            rows: How many rows.
            last: Whether they are not read again; they are forgotten then as they are yielded.
        """
        self.close()
        share(self._kept)
        if last:
            yield from _sized(self._drained(), rows)
        else:
            yield from _sized((packed.table() for packed in self._kept), rows)
        if self._path.exists():
            with pa.OSFile(str(self._path)) as file, pa.ipc.open_stream(file) as stream:
                for group in _grouped((pa.Table.from_batches([batch]) for batch in stream), max(rows, _GROUP)):
                    yield from _sized(columns.unified(group), rows)
        if last:
            self.delete()

    def _drained(self) -> Iterator[pa.Table]:
        while self._kept:
            packed = self._kept.pop()
            self._room.give(packed.size)
            yield packed.table()

    @property
    def size(self) -> int:
        """Bytes on disk."""
        self.close()
        return self._path.stat().st_size if self._path.exists() else 0

    def delete(self) -> None:
        """Forget the tables."""
        self.close()
        self._path.unlink(missing_ok=True)
        self._room.give(sum(packed.size for packed in self._kept))
        self._kept = []


class Partitions:
    """Spools by the first bits of an id, so that one after the other fits into memory and their order is that of ids.

    Args:
        folder: Where they are kept.
        name: How their files start.
        bits: How many bits; there are 2 to the power of that many partitions.
        room: Memory that may be used.
    """

    def __init__(self, folder: Path, name: str, bits: int, room: Room | None = None) -> None:
        self._bits = bits
        self._spools = [Spool(folder / f"{name}-{number}.arrow", room) for number in range(2**bits)]

    def add(self, table: pa.Table, high: columns.Words) -> None:
        """Share a table's rows out by the first word of their ids."""
        if not self._bits:
            self._spools[0].add(table)
            return
        place = (high >> np.uint64(64 - self._bits)).astype(np.uint16)  # so few bits are sorted without comparing
        order = np.argsort(place, kind="stable")
        ends = np.cumsum(np.bincount(place, minlength=len(self._spools)))
        ordered = table.take(pa.array(order))
        start = 0
        for spool, end in zip(self._spools, ends.tolist(), strict=True):
            spool.add(ordered.slice(start, end - start))
            start = end

    def read(self) -> Iterator[pa.Table]:
        """Yield each partition as one table; it is deleted then."""
        for spool in self._spools:
            tables = list(spool.read(spool.rows, last=True))
            if tables:
                yield columns.together(tables)


def _grouped(tables: Iterable[pa.Table], rows: int) -> Iterator[list[pa.Table]]:
    """Yield tables in groups of so many rows or some more."""
    waiting: list[pa.Table] = []
    number = 0
    for table in tables:
        waiting.append(table)
        number += table.num_rows
        if number >= rows:
            yield waiting
            waiting, number = [], 0
    if waiting:
        yield waiting


def _sized(tables: Iterable[pa.Table], rows: int) -> Iterator[pa.Table]:
    for group in _grouped(tables, rows):
        yield columns.together(group)
