"""The tables of a result, read back a few rows at a time, each row with the records under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from calcinosis_kg.merging import columns, parquet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

STATEMENTS, EVIDENCE = "statements.parquet", "evidence.parquet"
NODES, NODE_EVIDENCE = "nodes.parquet", "node-evidence.parquet"
MAPPINGS, CARRIED = "mappings.parquet", "carried.parquet"
_ROWS = 5_000

Row = dict[str, Any]


def rows(path: Path, names: Sequence[str] | None = None) -> Iterator[Row]:
    """Yield the rows of a table; an id is 32 hexadecimal digits."""
    for table in parquet.read(path, list(names) if names else None):
        for start in range(0, table.num_rows, _ROWS):
            yield from shown(table.slice(start, _ROWS))


def shown(table: pa.Table) -> Iterator[Row]:
    """Yield the rows of a table; an id is 32 hexadecimal digits."""
    cells = [_cells(column) for column in table.columns]
    for values in zip(*cells, strict=True):
        yield dict(zip(table.column_names, values, strict=True))


def _cells(column: pa.ChunkedArray) -> list[Any]:
    if column.type == columns.ID:
        return [octets.hex() for octets in column.to_pylist()]
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    found: list[Any] = column.to_pylist()
    return found


def with_records(whole: Path, lines: Path) -> Iterator[tuple[Row, list[Row]]]:
    """Yield each row of a table with its records: a row's `evidence` says how many of the next lines are its own."""
    waiting = rows(lines)
    for row in rows(whole):
        yield row, [next(waiting) for _ in range(row["evidence"])]


def grouped(whole: Path, lines: Path) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield some rows of a table, coded, with the records of all of them in the same order."""
    waiting = parquet.read(lines)
    rest: list[pa.Table] = []
    for table in parquet.read(whole):
        for start in range(0, table.num_rows, _ROWS):
            some = table.slice(start, _ROWS)
            wanted = pc.sum(some["evidence"]).as_py()
            while sum(part.num_rows for part in rest) < wanted:
                rest.append(next(waiting))
            every = pa.concat_tables(rest) if rest else None
            if every is not None:
                yield columns.compacted(some), columns.compacted(every.slice(0, wanted))
                rest = [every.slice(wanted)]
