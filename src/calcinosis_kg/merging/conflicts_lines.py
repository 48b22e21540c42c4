"""The evidence of findings: which records say it, where they stand, and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calcinosis_kg.merging.conflicts_kinds import Line, Pick
from calcinosis_kg.merging.conflicts_ledger import EVIDENCE, STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from calcinosis_kg.merging.conflicts_kinds import Finding
    from calcinosis_kg.merging.conflicts_ledger import Ledger, Numbers

_NODES = "nodes.parquet"
_COLUMNS = ("source", "file", "line", "record_id", "publications", "frequency", "subject", "object")


class Lines:
    """Gives the lines of evidence that findings are about.

    Args:
        folder: The result.
        ledger: Its statements.
        findings: Of which statements evidence is wanted.
    """

    def __init__(self, folder: Path, ledger: Ledger, findings: Iterable[Finding]) -> None:
        self._ledger = ledger
        met = {part.row for one in findings for part in (*one.left, *one.right) if isinstance(part, Pick)}
        met |= {row for one in findings for row in one.through}
        rows = np.array(sorted(met), np.int64)
        self._ids = dict(zip(rows.tolist(), _ids(folder / STATEMENTS, rows), strict=True))
        self._names = self._labels(folder, rows)
        self._words = {row: self._said(row) for row in rows.tolist()}
        self._lines = self._read(folder, rows)

    def of(self, parts: Sequence[Pick | Line]) -> list[Line]:
        """Return the lines of a side, sorted."""
        found = {part for part in parts if isinstance(part, Line)}
        for part in parts:
            if isinstance(part, Pick):
                found |= {
                    line for line in self._lines[part.row] if part.only is None or line.frequency in part.only
                }
        return sorted(found)

    def step(self, row: int) -> str:
        """Return a step of the hierarchy in words, with where it stands."""
        places = sorted({f"{line.file}:{line.line}" for line in self._lines[row]})
        return f"{self._words[row]} [{', '.join(places)}]"

    def _said(self, row: int) -> str:
        """Return a statement in words: identifiers with their labels."""
        ledger = self._ledger
        subject, end = (self._named(ledger.name(int(column[row]))) for column in (ledger.subject, ledger.object))
        predicate = ("NOT " if ledger.negated[row] else "") + ledger.predicates[ledger.predicate[row]]
        qualifiers, standing = ledger.qualifiers[ledger.qualifier[row]], ledger.standings[ledger.standing[row]]
        return " ".join(filter(None, (subject, predicate, end, qualifiers, standing and f"[{standing}]")))

    def _named(self, identifier: str) -> str:
        label = self._names.get(identifier, "")
        return f"{identifier} ({label})" if label else identifier

    def _labels(self, folder: Path, rows: Numbers) -> Mapping[str, str]:
        ends = np.unique(np.concatenate([self._ledger.subject[rows], self._ledger.object[rows]]))
        wanted = self._ledger.entities.take(pa.array(ends))
        table = pq.read_table(folder / _NODES, columns=["node", "name"])
        table = table.filter(pc.is_in(table["node"], value_set=wanted))
        return dict(zip(table["node"].to_pylist(), table["name"].to_pylist(), strict=True))

    def _read(self, folder: Path, rows: Numbers) -> Mapping[int, list[Line]]:
        """Return the lines of evidence of each statement, one row group in memory at a time."""
        ledger = self._ledger
        lengths = ledger.lines[rows]
        owners = np.repeat(rows, lengths)
        shifts = np.arange(len(owners)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        places = ledger.first[owners] + shifts
        found: dict[int, list[Line]] = {row: [] for row in rows.tolist()}
        for begin, end, table in _taken(folder / EVIDENCE, places, _COLUMNS):
            cells = zip(*(table[name].to_pylist() for name in _COLUMNS), strict=True)
            for row, (source, file, line, record, publications, frequency, subject, other) in zip(
                owners[begin:end].tolist(), cells, strict=True
            ):
                found[row].append(
                    Line(
                        self._ids[row], self._words[row], source, file, line, record, publications, frequency,
                        subject, other,
                    )
                )  # fmt: skip
        return found


def _ids(file: Path, rows: Numbers) -> list[str]:
    return [
        octets.hex() for _, _, table in _taken(file, rows, ["id"]) for octets in table["id"].to_pylist()
    ]


def _taken(file: Path, rows: Numbers, names: Sequence[str]) -> Iterator[tuple[int, int, pa.Table]]:
    """Yield some rows of a Parquet file, given in order, with where they begin and end among those wanted."""
    text = [name for name in names if name not in ("line", "id")]
    with pq.ParquetFile(file, read_dictionary=text) as parquet:
        start = 0
        for number in range(parquet.num_row_groups):
            stop = start + parquet.metadata.row_group(number).num_rows
            begin, end = np.searchsorted(rows, [start, stop]).tolist()
            if end > begin:
                table = parquet.read_row_group(number, columns=list(names), use_threads=False)
                yield begin, end, table.take(pa.array(rows[begin:end] - start))
            start = stop
