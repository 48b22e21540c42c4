"""Columns as codes into a list of distinct values: what the merge works on, so that each text is met once.

Measured on 2 million edges, this is what makes the merge fast: a hash or a look-up is done for each distinct
text and carried to the rows by number.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Words = NDArray[np.uint64]

TEXT = pa.dictionary(pa.int32(), pa.string())
"""The type of a coded column."""
_OCTETS = 16
ID = pa.binary(_OCTETS)
"""The type of an id: 16 bytes."""
PLAIN = frozenset({"record_id"})
"""Columns that stay text: their cells differ from row to row, and a list of all of them would only be in the way."""
_CACHED = 500_000
_SHARE = 8
"""A column lists few values if there are so many rows for each."""


def encode(table: pa.Table) -> pa.Table:
    """Return a table with each text column but `PLAIN` coded, in one chunk; no value is listed that no row has."""
    made = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        if name in PLAIN:
            made.append(whole(column.cast(pa.string())))
        elif pa.types.is_dictionary(column.type):
            made.append(compact(whole(column)))
        elif pa.types.is_string(column.type):
            made.append(whole(column.dictionary_encode()))
        else:
            made.append(whole(column))
    return pa.table(made, names=table.column_names)


def named(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    """Return the columns of a table by name."""
    return dict(zip(table.column_names, table.columns, strict=True))


def whole(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array, the values of its chunks made one list."""
    if column.num_chunks == 1:
        return column.chunk(0)
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    return column.combine_chunks()


def kept(field: pa.Field) -> pa.DataType:
    """Return the type in which the merge keeps a column of records."""
    return TEXT if pa.types.is_string(field.type) and field.name not in PLAIN else field.type


def codes(column: pa.DictionaryArray) -> Codes:
    """Return the codes of a coded column."""
    found: Codes = column.indices.to_numpy(zero_copy_only=False)
    return found


def coded(numbers: Codes, values: Sequence[str] | pa.Array) -> pa.DictionaryArray:
    """Return a coded column of which values may be the same: they are made distinct."""
    distinct = (values if isinstance(values, pa.Array) else pa.array(values, pa.string())).dictionary_encode()
    if len(distinct.dictionary) < len(distinct):
        numbers = codes(distinct)[numbers]
    return pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), distinct.dictionary)


def compact(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return the same column with its values in the order in which they first stand, and no others.

    So the same cells are the same bytes, however the column came about.

    >>> compact(coded(np.array([2, 0, 2], np.int32), ["a", "b", "c"])).dictionary.to_pylist()
    ['c', 'a']
    """
    numbers = codes(column)
    first = np.full(len(column.dictionary), len(numbers), np.int64)
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    used = np.flatnonzero(first < len(numbers))
    order = used[np.argsort(first[used])]
    renumbered = np.empty(len(column.dictionary), np.int32)
    renumbered[order] = np.arange(len(order), dtype=np.int32)
    values = column.dictionary.take(pa.array(order))
    return pa.DictionaryArray.from_arrays(pa.array(renumbered[numbers], pa.int32()), values)


def trimmed(table: pa.Table) -> pa.Table:
    """Return a table of which no coded column lists many more values than it has: for what is only kept for a while."""
    made = []
    for column in map(whole, table.columns):
        long = pa.types.is_dictionary(column.type) and len(column.dictionary) * _SHARE > len(column)
        made.append(compact(column) if long else column)
    return pa.table(made, names=table.column_names)


def compacted(table: pa.Table) -> pa.Table:
    """Return a table with every coded column compact."""
    columns = [whole(column) for column in table.columns]
    made = [compact(column) if pa.types.is_dictionary(column.type) else column for column in columns]
    return pa.table(made, names=table.column_names)


def ranks(column: pa.DictionaryArray) -> NDArray[np.int64]:
    """Return for each row where its value stands among the sorted values."""
    place = np.empty(len(column.dictionary), np.int64)
    place[pc.sort_indices(column.dictionary).to_numpy()] = np.arange(len(place))
    found: NDArray[np.int64] = place[codes(column)]
    return found


class Part:
    """One part of a key, such as the subject: turns texts into their final form and digests them, each once.

    Args:
        role: Name of the part; the same text in two roles has two digests.
        form: What becomes of the texts before they are digested; given distinct texts, gives as many.
    """

    def __init__(self, role: str, form: Callable[[list[str]], Sequence[str]] | None = None) -> None:
        self._start = role.encode() + b"\x1f"
        self._form = form
        self._met: dict[str, tuple[str, bytes]] = {}

    def of(self, column: pa.DictionaryArray) -> tuple[pa.DictionaryArray, Words, Words]:
        """Return a column in its final form, and the two words of the digest of each row."""
        values = column.dictionary.to_pylist()
        if len(self._met) > _CACHED:
            self._met.clear()
        new = [value for value in values if value not in self._met]
        for value, final in zip(new, self._form(new) if self._form else new, strict=True):
            self._met[value] = (final, self._digest(final))
        met = [self._met[value] for value in values]
        digests = np.frombuffer(b"".join([digest for _, digest in met]), ">u8").astype(np.uint64).reshape(-1, 2)
        numbers = codes(column)
        final_column = coded(numbers, [final for final, _ in met]) if self._form else column
        return final_column, digests[numbers, 0], digests[numbers, 1]

    def _digest(self, text: str) -> bytes:
        return hashlib.sha256(self._start + text.encode()).digest()[:_OCTETS]


def ids(high: Words, low: Words) -> pa.Array:
    """Return two words of each row as an id of 16 bytes."""
    octets = np.stack([high, low], axis=1).astype(">u8").tobytes()
    return pa.Array.from_buffers(ID, len(high), [None, pa.py_buffer(octets)])


def words(column: pa.Array) -> tuple[Words, Words]:
    """Return the two words of each id.

    >>> [word.tolist() for word in words(ids(np.array([1], np.uint64), np.array([2], np.uint64)))]
    [[1], [2]]
    """
    pair = np.frombuffer(column.buffers()[1], ">u8")[2 * column.offset : 2 * (column.offset + len(column))]
    return pair[0::2].astype(np.uint64), pair[1::2].astype(np.uint64)
