"""KGX TSV of a result: nodes, edges without a standing, and in a file of their own the claims that have one.

A refuted or reported statement is thus never read as a plain edge. An edge is a statement: the lists in its
cells say what its evidence holds, and which of it belongs together stands in `evidence.parquet`, by `id`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calcinosis_kg.merging import columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

_EDGE = {
    "id": "id", "subject": "subject", "predicate": "predicate", "object": "object", "negated": "negated",
    "qualifiers": "qualifiers", "standing": "standing", "provided_by": "sources",
    "knowledge_source": "knowledge_sources", "publications": "publications", "has_evidence": "evidence_codes",
    "frequency": "frequencies",
}  # fmt: skip
_NODE = {
    "id": "node", "category": "category", "name": "name", "synonym": "names", "same_as": "same_as",
    "provided_by": "sources", "deprecated": "deprecated",
}  # fmt: skip
_LISTS = frozenset(
    {"sources", "knowledge_sources", "publications", "evidence_codes", "frequencies", "names", "same_as"}
)
_BREAKS = r"[\t\r\n]"
NAMED = "biolink:NamedThing"
"""The category of a node that no input gives one."""


class Kgx:
    """Writes the tables of a merge as KGX TSV while they pass by.

    Args:
        folder: Where to write; made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        plain = [name for name in _EDGE if name != "standing"]
        self._edges = _Lines(folder / "edges.tsv", plain, _EDGE)
        self._claims = _Lines(folder / "claims.tsv", list(_EDGE), _EDGE)
        self._nodes = _Lines(folder / "nodes.tsv", list(_NODE), _NODE)
        self._open: list[AbstractContextManager[object]] = [self._edges, self._claims, self._nodes]

    def statements(self, table: pa.Table) -> None:
        """Write statements, each to the file of its standing."""
        plain = pc.equal(table["standing"].cast(pa.string()), "")
        if pc.all(plain).as_py():
            self._edges.add(table)
        else:
            self._edges.add(table.filter(plain))
            self._claims.add(table.filter(pc.invert(plain)))

    def nodes(self, table: pa.Table) -> None:
        """Write nodes."""
        category = columns.whole(table["category"])
        named = [text or NAMED for text in category.dictionary.to_pylist()]
        place = table.column_names.index("category")
        self._nodes.add(table.set_column(place, "category", columns.coded(columns.codes(category), named)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._open:
            file.__exit__(None, None, None)


class _Lines:
    """A file of tab-separated lines."""

    def __init__(self, path: Path, shown: Sequence[str], sources: dict[str, str]) -> None:
        self._file = path.open("wb")
        self._names = [sources[name] for name in shown]
        self._file.write(("\t".join(shown) + "\n").encode())

    def add(self, table: pa.Table) -> None:
        if not table.num_rows:
            return
        cells = [_cells(columns.whole(table[name]), several=name in _LISTS) for name in self._names]
        ends = pa.repeat(pa.scalar("\n"), table.num_rows)
        lines = pc.binary_join_element_wise(*cells[:-1], pc.binary_join_element_wise(cells[-1], ends, ""), "\t")
        self._file.write(_octets(lines))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _octets(lines: pa.Array) -> pa.Buffer:
    """Return texts one after the other."""
    wide = pa.types.is_large_string(lines.type)
    offsets = np.frombuffer(lines.buffers()[1], np.int64 if wide else np.int32)
    first, last = offsets[lines.offset], offsets[lines.offset + len(lines)]
    return lines.buffers()[2].slice(int(first), int(last - first))


def _cells(column: pa.Array, *, several: bool) -> pa.Array:
    if column.type == columns.ID:
        return hexadecimal(column)
    if pa.types.is_boolean(column.type):
        return column.cast(pa.string())
    values = column.dictionary
    if pc.any(pc.match_substring_regex(values, _BREAKS)).as_py():
        values = pc.replace_substring_regex(values, _BREAKS, " ")
    if several:
        values = pc.replace_substring(values, "%25", "%")
    return values.take(column.indices)


def hexadecimal(column: pa.Array) -> pa.Array:
    """Return ids as text of 32 hexadecimal digits.

    >>> hexadecimal(columns.ids(np.array([10], np.uint64), np.array([1], np.uint64))).to_pylist()
    ['000000000000000a0000000000000001']
    """
    width = columns.ID.byte_width
    octets = column.buffers()[1].slice(column.offset * width, len(column) * width).to_pybytes()
    offsets = np.arange(0, (len(column) + 1) * width * 2, width * 2, dtype=np.int32)
    return pa.Array.from_buffers(
        pa.string(), len(column), [None, pa.py_buffer(offsets), pa.py_buffer(octets.hex().encode())]
    )
