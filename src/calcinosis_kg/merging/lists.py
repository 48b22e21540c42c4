"""The list of distinct texts that a coded column counts: whether two are one, and what is worked out for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

Found = TypeVar("Found")


def place(column: pa.DictionaryArray) -> tuple[int, int, int]:
    """Return where in memory the list of a column is: two columns share a list if it is the same."""
    return of_list(column.dictionary)


def of_list(values: pa.StringArray) -> tuple[int, int, int]:
    """Return where in memory some texts are."""
    offsets = values.buffers()[1]
    return offsets.address if offsets else 0, values.offset, len(values)


class Once(Generic[Found]):
    """What is worked out from the list of a coded column, and anew only where a column has another list.

    >>> import pyarrow as pa
    >>> lengths = Once(lambda values: [len(value) for value in values.to_pylist()])
    >>> lengths.of(pa.array(["ab", "c"]).dictionary_encode())
    [2, 1]
    """

    def __init__(self, work: Callable[[pa.Array], Found]) -> None:
        self._work = work
        self._met: tuple[tuple[int, int, int], pa.Array, Found] | None = None

    def of(self, column: pa.DictionaryArray) -> Found:
        """Return what was found for the list of a column."""
        key = place(column)
        if self._met is None or self._met[0] != key:
            self._met = None
            self._met = key, column.dictionary, self._work(column.dictionary)
        return self._met[2]


def holds(values: pa.StringArray, marks: bytes) -> bool:
    """Whether any of some texts has one of some characters of ASCII.

    >>> import pyarrow as pa
    >>> holds(pa.array(["ab", "c"]), b"xb"), holds(pa.array(["ab", "c"])[1:], b"xb")
    (True, False)
    """
    if not len(values):
        return False
    offsets = np.frombuffer(values.buffers()[1], np.int32)
    first, last = int(offsets[values.offset]), int(offsets[values.offset + len(values)])
    texts = values.buffers()[2].slice(first, last - first).to_pybytes() if last > first else b""
    return any(mark in texts for mark in marks)
