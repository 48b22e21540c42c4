"""Tables on disk between two steps of a merge: written once, read once, one batch in memory at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa

from calcinosis_kg.merging import columns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Spool:
    """A file of coded tables of one schema; coded columns may have other values in each table.

    Args:
        path: Where it is kept; made when the first table is added.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: pa.ipc.RecordBatchStreamWriter | None = None
        self.rows = 0

    def add(self, table: pa.Table) -> None:
        """Write a coded table."""
        if not table.num_rows:
            return
        if self._stream is None:
            self._stream = pa.ipc.new_stream(self._path, table.schema)
        for batch in table.combine_chunks().to_batches():
            self._stream.write_batch(batch)
        self.rows += table.num_rows

    def close(self) -> Self:
        """End writing."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        return self

    def read(self, rows: int = 1) -> Iterator[pa.Table]:
        """Yield the rows in the order in which they were added, so many or some more at a time.

        Tables that are put together list their common values once, so what is done for each value is done less often.
        """
        self.close()
        if self._path.exists():
            with pa.OSFile(str(self._path)) as file, pa.ipc.open_stream(file) as stream:
                waiting: list[pa.RecordBatch] = []
                for batch in stream:
                    waiting.append(batch)
                    if sum(len(one) for one in waiting) >= rows:
                        yield _together(waiting)
                        waiting = []
                if waiting:
                    yield _together(waiting)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        self.close()
        return self._path.stat().st_size if self._path.exists() else 0

    def delete(self) -> None:
        """Delete the file."""
        self.close()
        self._path.unlink(missing_ok=True)


class Partitions:
    """Spools by the first bits of an id, so that one after the other fits into memory and their order is that of ids.

    Args:
        folder: Where they are kept.
        name: How their files start.
        bits: How many bits; there are 2 to the power of that many partitions.
    """

    def __init__(self, folder: Path, name: str, bits: int) -> None:
        self._bits = bits
        self._spools = [Spool(folder / f"{name}-{number}.arrow") for number in range(2**bits)]

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
            spool.add(columns.trimmed(ordered.slice(start, end - start)))
            start = end

    def read(self) -> Iterator[pa.Table]:
        """Yield each partition as one table; its file is deleted then."""
        for spool in self._spools:
            yield from spool.read(spool.rows)
            spool.delete()


def _together(batches: list[pa.RecordBatch]) -> pa.Table:
    table = pa.Table.from_batches(batches)
    return pa.table([columns.whole(column) for column in table.columns], schema=table.schema)
