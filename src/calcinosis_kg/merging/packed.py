"""Coded tables in little memory: numbers in as few bytes as they need, and one number for a column of one value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from calcinosis_kg.merging import columns
from calcinosis_kg.merging.lists import place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.integer]


@dataclass(slots=True)
class _Column:
    """A column; `numbers` has one element if all rows have the same, `values` are the texts that they count."""

    numbers: Numbers
    values: pa.Array | None


@dataclass(slots=True)
class Packed:
    """A coded table.

    Attributes:
        schema: Its columns.
        rows: How many rows it has.
        size: Bytes that it takes, without lists of values that are shorter than itself.
    """

    schema: pa.Schema
    rows: int
    size: int
    _columns: list[_Column | pa.Array]

    @classmethod
    def of(cls, table: pa.Table) -> Packed:
        """Pack a coded table.

        >>> table = pa.table({"a": columns.constant("x", 3), "b": pa.array([1, 2, 3]), "c": ["p", "q", "r"]})
        >>> Packed.of(table).table().to_pydict()
        {'a': ['x', 'x', 'x'], 'b': [1, 2, 3], 'c': ['p', 'q', 'r']}
        """
        made = [_packed(columns.whole(column)) for column in table.columns]
        size = 0
        for column in made:
            if isinstance(column, _Column):
                size += column.numbers.nbytes
                if column.values is not None and len(column.values) < table.num_rows:
                    size += column.values.nbytes
            else:
                size += column.nbytes
        return cls(table.schema, table.num_rows, size, made)

    def table(self) -> pa.Table:
        """Return the table."""
        return pa.table(
            [
                _unpacked(column, self.rows, field.type) if isinstance(column, _Column) else column
                for column, field in zip(self._columns, self.schema, strict=True)
            ],
            schema=self.schema,
        )


def _packed(column: pa.Array) -> _Column | pa.Array:
    if pa.types.is_dictionary(column.type):
        return _Column(_narrow(columns.codes(column)), column.dictionary)
    if pa.types.is_integer(column.type):
        return _Column(_narrow(column.to_numpy(zero_copy_only=False)), None)
    return column


def _narrow(numbers: Numbers) -> Numbers:
    least, most = int(numbers.min()), int(numbers.max())
    if least == most:
        return numbers[:1].copy()
    return numbers.astype(np.promote_types(np.min_scalar_type(least), np.min_scalar_type(most)))


def _unpacked(column: _Column, rows: int, kind: pa.DataType) -> pa.Array:
    wide = np.dtype(np.int32 if column.values is not None else kind.to_pandas_dtype())
    numbers = column.numbers
    numbers = np.full(rows, numbers[0], wide) if len(numbers) == 1 else numbers.astype(wide, copy=False)
    if column.values is None:
        return pa.array(numbers)
    return pa.DictionaryArray.from_arrays(pa.array(numbers), column.values, safe=False)


_COMMON = ("subject", "object")
"""Columns that hold the same kind of texts and share one list, too."""


def share(tables: Sequence[Packed]) -> None:
    """Give packed tables of one schema one list of values for each coded column; only the lists are gone through."""
    if not tables:
        return
    names = tables[0].schema.names
    common = [number for number, name in enumerate(names) if name in _COMMON]
    for numbers in [*([number] for number in range(len(names)) if number not in common), common]:
        found = [table._columns[number] for table in tables for number in numbers]  # noqa: SLF001 - a function of the class
        coded = [column for column in found if isinstance(column, _Column) and column.values is not None]
        lists = [_each_once(column.values) for column in coded]
        if len(set(map(place, lists))) < 2:  # noqa: PLR2004 - shared already
            continue
        for column, one in zip(coded, pa.chunked_array(lists).unify_dictionaries().chunks, strict=True):
            column.numbers = columns.codes(one)[column.numbers]
            column.numbers = _narrow(column.numbers)
            column.values = one.dictionary


def _each_once(values: pa.Array) -> pa.DictionaryArray:
    return columns.joined(np.arange(len(values), dtype=np.int32), values)
