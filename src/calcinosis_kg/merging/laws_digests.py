"""Rows as numbers of 64 bits, so that millions can be compared in bounded memory; and where each row stands.

Digests of a row's cells are added, so that a row without one of its cells is a subtraction. Two different rows
share a digest with a chance of some 10**-7 in two million; such a pair could hide a loss, never invent one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from calcinosis_kg.errors import MissingExtraError

try:
    import polars as pl
except ImportError as error:  # pragma: no cover - the extra is installed where tests run
    raise MissingExtraError("polars", "merge") from error

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    Digests = NDArray[np.uint64]
    Rows = NDArray[np.int64]

__all__ = ["Bag", "Places", "changed", "digests", "distinct", "frame", "member", "pl", "surplus"]


def frame(table: pa.Table) -> pl.DataFrame:
    """Return a pyarrow table as a polars frame, coded columns as text."""
    found = pl.DataFrame(pl.from_arrow(table))
    return found.with_columns(pl.col(pl.Categorical).cast(pl.String))


def digests(values: pl.Series, role: str) -> Digests:
    """Return a digest of each cell; the same cell in two roles has two digests.

    >>> one, other = digests(pl.Series(["a", "a"]), "subject"), digests(pl.Series(["a"]), "object")
    >>> bool(one[0] == one[1]), bool(one[0] == other[0])
    (True, False)
    """
    if values.dtype == pl.Categorical:
        values = values.cast(pl.String)
    seed = int(pl.Series([role]).hash(7)[0]) % 2**63
    found: Digests = values.hash(seed).to_numpy()
    return found


def changed(values: pl.Series, change: Callable[[list[str]], Sequence[str]]) -> pl.Series:
    """Return a column of text with each distinct text changed once."""
    old = values.unique()
    return values.replace_strict(old, pl.Series(change(old.to_list()), dtype=pl.String), return_dtype=pl.String)


def surplus(one: Digests, other: Digests) -> Rows:
    """Return the rows of one bag that the other does not have, or not so often.

    >>> surplus(np.array([5, 5, 7], np.uint64), np.array([5, 9], np.uint64)).tolist()
    [1, 2]
    """
    order = np.argsort(one, kind="stable")
    mine, theirs = one[order], np.sort(other)
    left = np.searchsorted(theirs, mine, "left")
    there = np.searchsorted(theirs, mine, "right") - left
    new = np.ones(len(mine), bool)
    new[1:] = mine[1:] != mine[:-1]
    starts = np.flatnonzero(new)
    occurrence = np.arange(len(mine)) - np.repeat(starts, np.diff(np.append(starts, len(mine))))
    found: Rows = np.sort(order[occurrence >= there])
    return found


def member(one: Digests, other: Digests) -> NDArray[np.bool_]:
    """Return for each number whether it is among the others: by a hash table, ten times as fast as numpy's way.

    >>> member(np.array([5, 7], np.uint64), np.array([7], np.uint64)).tolist()
    [False, True]
    """
    found: NDArray[np.bool_] = pl.Series(one).is_in(pl.Series(other).implode()).to_numpy()
    return found


def distinct(numbers: Digests) -> Digests:
    """Return numbers, each once, in any order."""
    found: Digests = pl.Series(numbers).unique().to_numpy()
    return found


class Bag:
    """Columns of numbers that grow by batches."""

    def __init__(self) -> None:
        self._parts: dict[str, list[NDArray[np.generic]]] = {}
        self._whole: dict[str, NDArray[np.generic]] = {}
        self.rows = 0

    def add(self, **columns: NDArray[np.generic]) -> None:
        """Add rows."""
        for name, values in columns.items():
            self._parts.setdefault(name, []).append(values)
        self.rows += len(next(iter(columns.values())))
        self._whole.clear()

    def __getitem__(self, name: str) -> Digests:
        if name not in self._whole:
            parts = self._parts.get(name, [])
            whole = np.concatenate(parts) if parts else np.zeros(0, np.uint64)
            self._parts[name] = [whole]
            self._whole[name] = whole
        return self._whole[name]  # type: ignore[return-value]


class Places:
    """Where rows stand: file and line, or what stands in for it."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}
        self._bag = Bag()

    def add(self, files: pl.Series, lines: pl.Series) -> Rows:
        """Add rows; return their numbers, which go on from those before."""
        names = files.unique().to_list()
        numbers = [self._files.setdefault(name, len(self._files)) for name in names]
        code = files.replace_strict(names, numbers, return_dtype=pl.Int32) if names else pl.Series([], dtype=pl.Int32)
        first = self._bag.rows
        self._bag.add(file=code.to_numpy().astype(np.int32), line=lines.to_numpy().astype(np.int64))
        return np.arange(first, self._bag.rows)

    def __getitem__(self, row: int) -> str:
        names = list(self._files)
        return f"{names[int(self._bag['file'][row])]}:{int(self._bag['line'][row])}"
