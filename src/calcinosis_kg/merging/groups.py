"""Rows with one id become a group: their order, where groups start, and one cell out of many."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calcinosis_kg.errors import CalcinosisKGError
from calcinosis_kg.merging import columns
from calcinosis_kg.merging.lists import holds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]


def ordered(table: pa.Table, first: Sequence[str] = ()) -> pa.Table:
    """Return a coded table in the one order of its content: by `id`, `first`, then place, then all other cells.

    Only rows whose id stands more than once are compared by more than their id.

    Args:
        table: With the columns `id` (16 bytes), `source`, `file` and `line`.
        first: Whole-number columns that count before the place.
    """
    high, low = columns.words(table["id"].chunk(0))
    order = np.argsort(high)
    repeated = np.flatnonzero(_in_runs(high[order]))
    if len(repeated):
        rows = order[repeated]
        some = table.take(pa.array(rows))
        keys = [some["line"].to_numpy(), *(columns.ranks(columns.whole(some[name])) for name in ("file", "source"))]
        keys += [some[name].to_numpy() for name in reversed(first)]
        keys += [low[rows], high[rows]]
        inner = np.lexsort(keys)
        same = np.ones(max(len(rows) - 1, 0), bool)
        for key in keys:
            same &= key[inner][1:] == key[inner][:-1]
        order[repeated] = rows[_by_all_cells(some, inner, same)]
    return table.take(pa.array(order))


def _in_runs(values: columns.Words) -> NDArray[np.bool_]:
    same = values[1:] == values[:-1]
    found = np.zeros(len(values), bool)
    found[1:] |= same
    found[:-1] |= same
    return found


def _by_all_cells(table: pa.Table, order: Numbers, same: NDArray[np.bool_]) -> Numbers:
    """Put rows that are alike in id and place into the order of all their cells."""
    tied = np.flatnonzero(np.concatenate([same, [False]]) | np.concatenate([[False], same]))
    if not len(tied):
        return order
    cells = table.take(pa.array(order[tied]))
    names = [name for name in cells.column_names if pa.types.is_dictionary(cells[name].type)]
    runs = np.cumsum(~np.concatenate([[True], same]))[tied]
    plain = {name: cells[name].cast(pa.string()) for name in names}
    plain |= {
        name: cells[name].cast(pa.int64())
        for name in cells.column_names
        if pa.types.is_boolean(cells[name].type) or pa.types.is_integer(cells[name].type)
    }
    plain |= {name: cells[name] for name in cells.column_names if pa.types.is_string(cells[name].type)}
    keyed = pa.table({"run": pa.array(runs), **plain})
    inner = pc.sort_indices(keyed, sort_keys=[(name, "ascending") for name in keyed.column_names]).to_numpy()
    order = order.copy()
    order[tied] = order[tied][inner]
    return order


def starts(table: pa.Table, key: Sequence[str]) -> Numbers:
    """Return at which rows of an ordered table a new id begins.

    Raises:
        CalcinosisKGError: Two different keys have the same id.
    """
    high, low = columns.words(columns.whole(table["id"]))
    new = np.ones(len(high), bool)
    new[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
    for name in key:
        column = columns.whole(table[name])
        cells = columns.codes(column) if pa.types.is_dictionary(column.type) else column.to_numpy(zero_copy_only=False)
        if np.any((cells[1:] != cells[:-1]) & ~new[1:]):
            raise CalcinosisKGError(f"two different records have the same id ({name} differs)", "Please report this.")
    return np.flatnonzero(new)


def united(column: pa.DictionaryArray, begin: Numbers, *, several: bool = False) -> pa.DictionaryArray:
    """Return one cell for each group: its distinct values, joined.

    Only groups with more than one value are looked at one by one, and each combination of values once.

    Args:
        column: A column of an ordered table.
        begin: Where groups start.
        several: Whether a cell may itself hold several values, joined.

    >>> column = columns.coded(np.array([0, 1, 1, 2], np.int32), ["a", "b", "c"])
    >>> united(column, np.array([0, 2])).to_pylist()
    ['a|b', 'b|c']
    """
    if len(column.dictionary) > len(column):
        column = columns.compact(column)
    cells = columns.codes(column).astype(np.int64)
    texts = _Joined(column.dictionary, several=several)
    if len(begin) == len(cells):
        return columns.joined(cells.astype(np.int32), texts.single())
    least = np.minimum.reduceat(cells, begin)
    most = np.maximum.reduceat(cells, begin)
    lengths = np.diff(np.append(begin, len(cells)))
    of_two = (cells == np.repeat(least, lengths)) | (cells == np.repeat(most, lengths))
    two = (least != most) & np.logical_and.reduceat(of_two, begin)
    many = (least != most) & ~two
    found = least.copy()
    width = len(column.dictionary) + 1
    pairs, which = np.unique(least[two] * width + most[two], return_inverse=True)
    found[two] = np.array([texts.of(divmod(pair, width)) for pair in pairs.tolist()], np.int64)[which]
    rows = cells[np.repeat(many, lengths)]
    edges = np.append(0, np.cumsum(lengths[many])).tolist()
    found[many] = [texts.of(sorted(set(rows[left:right].tolist()))) for left, right in pairwise(edges)]
    if not texts.more:
        return columns.joined(found.astype(np.int32), texts.single())
    return columns.coded(found.astype(np.int32), pa.concat_arrays([texts.single(), pa.array(texts.more, pa.string())]))


class _Joined:
    """Texts by number: the values of a column, then the combinations of them that were met."""

    def __init__(self, values: pa.Array, *, several: bool) -> None:
        self._escaped = values if several else escaped(values)
        self._values: list[str] = []
        self._several = several
        self._met: dict[tuple[int, ...], int] = {}
        self.more: list[str] = []

    def single(self) -> pa.Array:
        return self._escaped

    def of(self, cells: Iterable[int]) -> int:
        key = tuple(cells)
        number = self._met.get(key)
        if number is None:
            self._values = self._values or self._escaped.to_pylist()
            texts = [self._values[cell] for cell in key]
            parts = {part for text in texts for part in text.split("|")} if self._several else set(texts)
            parts.discard("")
            number = self._met[key] = len(self._values) + len(self.more)
            self.more.append("|".join(sorted(parts)))
        return number


def escaped(values: pa.Array) -> pa.Array:
    """Return values as `records.join` writes each alone."""
    if holds(values, b"%"):
        values = pc.replace_substring(values, "%", "%25")
    return pc.replace_substring(values, "|", "%7C") if holds(values, b"|") else values
