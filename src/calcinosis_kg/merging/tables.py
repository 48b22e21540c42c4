"""The tables of a result, read back a few rows at a time, each row with the records under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

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
            cells = [_cells(column) for column in table.slice(start, _ROWS).columns]
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
