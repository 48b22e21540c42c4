"""Tables as tab-separated lines, a column at a time: what a cell may not hold is looked for in distinct values only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calcinosis_kg.merging import columns
from calcinosis_kg.merging.lists import holds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_BREAKS = r"[\t\r\n\x00]"


class Lines:
    """A file of tab-separated lines.

    Tabs and line ends in cells become spaces: the format cannot hold them, the Parquet files do. A column of one value
    costs nothing: it is put after the values of the column before it.

    Args:
        path: The file.
        shown: Name of a column in the file to its name in the tables.
        lists: Columns of the tables whose cells hold joined values.
        head: What stands above the names.
        quoted: Whether a cell that starts with a quote is quoted, as CSV does; else it stands as it is.
    """

    def __init__(
        self,
        path: Path,
        shown: Mapping[str, str],
        lists: frozenset[str] = frozenset(),
        head: str = "",
        *,
        quoted: bool = False,
    ) -> None:
        self._file = path.open("wb")
        self._names = list(shown.values())
        self._lists = lists
        self._quoted = quoted
        self._file.write((head + "\t".join(shown) + "\n").encode())

    def add(self, table: pa.Table) -> None:
        """Write a coded table."""
        if not table.num_rows:
            return
        table = columns.trimmed(table.select(list(dict.fromkeys(self._names))))
        pieces: list[pa.Array | str] = []
        after = ""
        for number, name in enumerate(reversed(self._names)):
            column = columns.whole(table[name])
            after = ("\t" if number else "\n") + after
            if not pa.types.is_dictionary(column.type):
                pieces += [after, self._texts(column)]
                after = ""
            elif len(column.dictionary) == 1:
                after = self._values(column, several=name in self._lists)[0].as_py() + after
            else:
                values = pc.binary_join_element_wise(self._values(column, several=name in self._lists), after, "")
                pieces.append(values.take(column.indices))
                after = ""
        if after:
            pieces.append(pa.array([after]).take(pa.array(np.zeros(table.num_rows, np.int32))))
        self._file.write(_octets(pc.binary_join_element_wise(*reversed(pieces), "")))

    def _texts(self, column: pa.Array) -> pa.Array:
        if column.type == columns.ID:
            return hexadecimal(column)
        texts = column.cast(pa.string())
        return _quoted(texts) if self._quoted and column.type == pa.string() else texts

    def _values(self, column: pa.DictionaryArray, *, several: bool) -> pa.Array:
        """Return the distinct values of a column as they stand in cells."""
        values = column.dictionary
        if holds(values, b"\t\r\n\0"):
            values = pc.replace_substring_regex(values, _BREAKS, " ")
        if several and holds(values, b"%"):
            values = pc.replace_substring(values, "%25", "%")
        return _quoted(values) if self._quoted and holds(values, b'"') else values

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _quoted(texts: pa.Array) -> pa.Array:
    """Return texts, those that start with a quote in quotes."""
    found = pc.starts_with(texts, '"')
    if not pc.any(found).as_py():
        return texts
    return pc.if_else(found, pc.binary_join_element_wise('"', pc.replace_substring(texts, '"', '""'), '"', ""), texts)


def _octets(lines: pa.Array) -> pa.Buffer:
    """Return texts one after the other."""
    wide = pa.types.is_large_string(lines.type)
    offsets = np.frombuffer(lines.buffers()[1], np.int64 if wide else np.int32)
    first, last = offsets[lines.offset], offsets[lines.offset + len(lines)]
    return lines.buffers()[2].slice(int(first), int(last - first))


def hexadecimal(column: pa.Array) -> pa.Array:
    """Return ids as text of 32 hexadecimal digits.

    >>> hexadecimal(columns.ids(np.array([10], np.uint64), np.array([1], np.uint64))).to_pylist()
    ['000000000000000a0000000000000001']
    """
    width = columns.ID.byte_width
    octets = column.buffers()[1].slice(column.offset * width, len(column) * width).to_pybytes()
    offsets = np.arange(0, (len(column) + 1) * width * 2, width * 2, dtype=np.int32)
    texts = [None, pa.py_buffer(offsets), pa.py_buffer(octets.hex().encode())]
    return pa.Array.from_buffers(pa.string(), len(column), texts)
