"""The evidence of findings: which records say it, where they stand, and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calcinosis_kg.merging import columns
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
        self._named = self._labels(folder, rows)
        self._words = {row: self._said(row) for row in rows.tolist()}
        self._lines = self._read(folder, rows)

    def of(self, parts: Sequence[Pick | Line]) -> list[Line]:
        """Return the lines of a side, sorted."""
        found: list[Line] = []
        for part in parts:
            if isinstance(part, Line):
                found.append(part)
            elif part.only is None:
                found += self._lines[part.row]
            else:
                found += [line for line in self._lines[part.row] if line.frequency in part.only]
        return sorted(set(found)) if len(found) > 1 else found

    def step(self, row: int) -> str:
        """Return a step of the hierarchy in words, with where it stands."""
        places = sorted({f"{line.file}:{line.line}" for line in self._lines[row]})
        return f"{self._words[row]} [{', '.join(places)}]"

    def _said(self, row: int) -> str:
        """Return a statement in words: identifiers with their labels."""
        ledger = self._ledger
        subject, end = self._named[int(ledger.subject[row])], self._named[int(ledger.object[row])]
        predicate = ("NOT " if ledger.negated[row] else "") + ledger.predicates[ledger.predicate[row]]
        qualifiers, standing = ledger.qualifiers[ledger.qualifier[row]], ledger.standings[ledger.standing[row]]
        return " ".join(filter(None, (subject, predicate, end, qualifiers, standing and f"[{standing}]")))

    def _labels(self, folder: Path, rows: Numbers) -> Mapping[int, str]:
        """Return the ends of statements, each with its label."""
        ends = np.unique(np.concatenate([self._ledger.subject[rows], self._ledger.object[rows]]))
        wanted = self._ledger.entities.take(pa.array(ends))
        table = pq.read_table(folder / _NODES, columns=["node", "name"])
        table = table.filter(pc.is_in(table["node"], value_set=wanted))
        names = dict(zip(_texts(table["node"]), _texts(table["name"]), strict=True))
        said = ((name, names.get(name, "")) for name in wanted.to_pylist())
        return dict(zip(ends.tolist(), (f"{name} ({label})" if label else name for name, label in said), strict=True))

    def _read(self, folder: Path, rows: Numbers) -> Mapping[int, list[Line]]:
        """Return the lines of evidence of each statement, one row group in memory at a time."""
        ledger = self._ledger
        lengths = ledger.lines[rows]
        owners = np.repeat(rows, lengths)
        shifts = np.arange(len(owners)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        places = ledger.first[owners] + shifts
        found: dict[int, list[Line]] = {row: [] for row in rows.tolist()}
        for begin, end, table in _taken(folder / EVIDENCE, places, _COLUMNS):
            cells = zip(*(_texts(table[name]) for name in _COLUMNS), strict=True)
            for row, cell in zip(owners[begin:end].tolist(), cells, strict=True):
                found[row].append(Line(self._ids[row], self._words[row], *cell))
        return found


def _ids(file: Path, rows: Numbers) -> list[str]:
    return [text for _, _, table in _taken(file, rows, ["id"]) for text in _hex(table["id"])]


def _hex(column: pa.ChunkedArray) -> list[str]:
    octets = np.stack(columns.words(columns.whole(column)), axis=1).astype(">u8").tobytes().hex()
    return [octets[start : start + 32] for start in range(0, len(octets), 32)]


def _texts(column: pa.ChunkedArray) -> list[Any]:
    """Return the cells of a column; several times as fast as asking for them one by one."""
    plain = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
    return list(plain.to_numpy(zero_copy_only=False).tolist())


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
