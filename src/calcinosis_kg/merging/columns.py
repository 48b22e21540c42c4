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

from calcinosis_kg.merging.lists import Once, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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
            text = whole(column)
            made.append(_constant(text) or text.dictionary_encode())
        else:
            made.append(whole(column))
    return pa.table(made, names=table.column_names)


def _constant(column: pa.StringArray) -> pa.DictionaryArray | None:
    """Return a column coded if all its cells are the same, as most columns of a file are; else None."""
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
    lengths = offsets[1:] - offsets[:-1]
    if not len(lengths) or (lengths != lengths[0]).any():
        return None
    first, last, width = int(offsets[0]), int(offsets[-1]), int(lengths[0])
    if width:
        octets = column.buffers()[2].slice(first, last - first).to_pybytes()
        if octets[:width] != octets[-width:] or octets[width:] != octets[:-width]:
            return None
    return constant(column[0].as_py(), len(column))


def constant(text: str, length: int) -> pa.DictionaryArray:
    """Return a coded column of one text.

    >>> constant("a", 2).to_pylist()
    ['a', 'a']
    """
    return joined(np.zeros(length, np.int32), pa.array([text], pa.string()))


def joined(numbers: Codes, values: pa.Array) -> pa.DictionaryArray:
    """Return codes with their list, without a look whether each is in it."""
    return pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), values, safe=False)


def named(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    """Return the columns of a table by name."""
    return dict(zip(table.column_names, table.columns, strict=True))


def whole(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array, the values of its chunks made one list."""
    if column.num_chunks == 1:
        return column.chunk(0)
    if pa.types.is_dictionary(column.type):
        chunks = column.chunks
        if chunks and _shared(column):
            indices = pa.concat_arrays([chunk.indices for chunk in chunks])
            return pa.DictionaryArray.from_arrays(indices, chunks[0].dictionary, safe=False)
        column = column.unify_dictionaries()
    return column.combine_chunks()


class Used:
    """Which texts stand in coded columns: told once for each list of values, when all its columns have been seen."""

    def __init__(self) -> None:
        self._flags = Once(lambda values: (values, np.zeros(len(values), bool)))
        self._last: tuple[pa.Array, NDArray[np.bool_]] | None = None

    def add(self, column: pa.DictionaryArray) -> pa.Array:
        """Note the texts of a column; return those of earlier columns if its list is another."""
        last, self._last = self._last, self._flags.of(column)
        self._last[1][codes(column)] = True
        return _used(last if last is not None and last[1] is not self._last[1] else None)

    def rest(self) -> pa.Array:
        """Return the texts that were not returned yet."""
        last, self._last = self._last, None
        return _used(last)


def _used(found: tuple[pa.Array, NDArray[np.bool_]] | None) -> pa.Array:
    return found[0].filter(pa.array(found[1])) if found else pa.array([], pa.string())


def unified(tables: Sequence[pa.Table]) -> list[pa.Table]:
    """Return coded tables of which all share one list of values in each column."""
    if len(tables) < 2:  # noqa: PLR2004 - one table shares with nobody
        return list(tables)
    made = []
    for name in tables[0].column_names:
        chunks = [whole(table[name]) for table in tables]
        if pa.types.is_dictionary(chunks[0].type) and len({place(chunk) for chunk in chunks}) > 1:
            chunks = pa.chunked_array(chunks).unify_dictionaries().chunks
        made.append(chunks)
    return [pa.table(list(row), names=tables[0].column_names) for row in zip(*made, strict=True)]


def together(tables: Iterable[pa.Table]) -> pa.Table:
    """Return coded tables as one, in one chunk."""
    table = pa.concat_tables(tables)
    return pa.table([whole(column) for column in table.columns], schema=table.schema)


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


def recoded(column: pa.DictionaryArray, values: pa.Array, numbers: Codes) -> pa.DictionaryArray:
    """Return a coded column with other distinct values, given the number of each old value among them."""
    return joined(numbers[codes(column)], values)


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
    made = []
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            # Lists are often much longer than the table: those of pieces are shortened before they are made one.
            pieces = [whole(column)] if _shared(column) else list(map(compact, column.chunks))
            made.append(compact(whole(pa.chunked_array(pieces, column.type))))
        else:
            made.append(whole(column))
    return pa.table(made, names=table.column_names)


def _shared(column: pa.ChunkedArray) -> bool:
    return column.num_chunks < 2 or len(set(map(place, column.chunks))) == 1  # noqa: PLR2004 - one shares with nobody


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

    def __init__(self, role: str, form: Callable[[pa.Array], list[str]] | None = None) -> None:
        self._start = role.encode() + b"\x1f"
        self._form = form
        self._once = Once(self._worked)

    def of(self, column: pa.DictionaryArray) -> tuple[pa.DictionaryArray, Words, Words]:
        """Return a column in its final form, and the two words of the digest of each row."""
        final, numbers, high, low = self._once.of(column)
        found = codes(column)
        if numbers is not None:
            found = numbers[found]
            column = joined(found, final)
        return column, high[found], low[found]

    def _worked(self, values: pa.Array) -> tuple[pa.Array, Codes | None, Words, Words]:
        """Return the distinct final texts, for each value the number of its final text, and their digests."""
        texts = values.to_pylist()
        numbers = None
        if self._form:
            formed = self._form(values)
            if formed != texts:
                distinct = pa.array(formed, pa.string()).dictionary_encode()
                values, numbers = distinct.dictionary, codes(distinct)
                texts = values.to_pylist()
        digests = np.frombuffer(b"".join(map(self._digest, texts)), ">u8").astype(np.uint64).reshape(-1, 2)
        return values, numbers, digests[:, 0].copy(), digests[:, 1].copy()

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
