"""The statements of a result as numbers: what the search for conflicts works on.

A statement takes some 40 bytes here, and each distinct text is held once, so that millions of statements can be
looked through in one piece.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calcinosis_kg.merging import columns, records
from calcinosis_kg.merging.frequencies import is_absence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Flags = NDArray[np.bool_]
    Numbers = NDArray[np.int64]

STATEMENTS, EVIDENCE = "statements.parquet", "evidence.parquet"
ASSERTED = ("", "reported", "contested")
"""The standings of what somebody says is so; `refuted`, `artefact` and `doubtful` are not among them."""
NOT_SO = frozenset({"refuted", "artefact"})
"""The standings of what is known not to be so."""


class Ledger:
    """The statements of a result, in the order of the file.

    Args:
        folder: The result.

    Attributes:
        entities: The distinct subjects and objects.
        subject: Number in `entities`, for each statement.
        object: Likewise.
        predicates: The distinct predicates; `predicate` has their numbers. So too for the columns below.
        negated: Whether it is denied.
        asserted: Whether its standing is one of `ASSERTED`.
        plain: Whether it has no standing.
        disproved: Whether it is refuted or an artefact.
        lines: How many lines of evidence it has.
        first: The number of its first line of evidence.
        absent: How many of its lines have a frequency that is an absence.
    """

    def __init__(self, folder: Path) -> None:
        self._file = file = folder / STATEMENTS
        subject, objects = (_column(file, name) for name in ("subject", "object"))
        self.entities: pa.Array = pa.concat_arrays([subject.dictionary, objects.dictionary]).unique()
        self.subject = _renumbered(subject, self.entities)
        self.object = _renumbered(objects, self.entities)
        self.predicate, self.predicates = _taken(_column(file, "predicate"))
        self.qualifier, self.qualifiers = _taken(_column(file, "qualifiers"))
        self.frequency, self.frequencies = _taken(_column(file, "frequencies"))
        standing, self.standings = _taken(_column(file, "standing"))
        self.standing = standing
        self.asserted = self._is(standing, ASSERTED)
        self.plain = self._is(standing, {""})
        self.disproved = self._is(standing, NOT_SO)
        rest = pq.read_table(file, columns=["negated", "evidence"])
        self.negated: Flags = rest["negated"].to_numpy().astype(bool)
        self.lines: Numbers = rest["evidence"].to_numpy().astype(np.int64)
        self.first: Numbers = np.cumsum(self.lines) - self.lines
        self.absent = self._absent(folder)

    def __len__(self) -> int:
        return len(self.subject)

    def _is(self, standing: Codes, wanted: Collection[str]) -> Flags:
        return flags(self.standings, wanted.__contains__)[standing]

    def _absent(self, folder: Path) -> Numbers:
        """Return how many lines of evidence of each statement say that it was never found."""
        frequency, values = _taken(_column(folder / EVIDENCE, "frequency"))
        absent = flags(values, is_absence)
        if not absent.any():
            return np.zeros(len(self), np.int64)
        found: Numbers = np.add.reduceat(absent[frequency].astype(np.int64), self.first)
        return found

    def numbers(self, names: Sequence[str]) -> list[int]:
        """Return the numbers of identifiers; -1 for those that the result does not have."""
        found = pc.index_in(pa.array(names, pa.string()), value_set=self.entities)
        return list(pc.fill_null(found, -1).to_pylist())

    def name(self, number: int) -> str:
        """Return the identifier of a number."""
        return str(self.entities[number].as_py())

    def of_predicates(self, wanted: Collection[str]) -> Flags:
        """Return which statements have one of some predicates."""
        return flags(self.predicates, wanted.__contains__)[self.predicate]

    def yes(self) -> Flags:
        """Return which statements assert something that was not looked for in vain each time."""
        return self.asserted & ~self.negated & (self.absent < self.lines)

    def said_by(self, row: int) -> set[str]:
        """Return the sources of a statement."""
        source, sources = self._sources
        return set(records.split(sources[source[row]]))

    @cached_property
    def _sources(self) -> tuple[Codes, list[str]]:
        return _taken(_column(self._file, "sources"))


def flags(texts: Iterable[str], test: Callable[[str], object]) -> Flags:
    """Return which texts pass a test."""
    return np.array([bool(test(text)) for text in texts], bool)


def groups(keys: Numbers) -> list[Numbers]:
    """Return the places of equal keys, for keys that stand more than once.

    >>> [group.tolist() for group in groups(np.array([5, 3, 5]))]
    [[0, 2]]
    """
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate([np.ones(min(len(keys), 1), bool), ordered[1:] != ordered[:-1]]))
    lengths = np.diff(np.append(starts, len(keys)))
    several = lengths > 1
    ends = zip(starts[several].tolist(), (starts + lengths)[several].tolist(), strict=True)
    return [order[start:end] for start, end in ends]


def _column(file: Path, name: str) -> pa.DictionaryArray:
    column = pq.read_table(file, columns=[name], read_dictionary=[name])[name]
    if not column.num_chunks:
        return pa.array([], columns.TEXT)
    return columns.whole(column)


def _taken(column: pa.DictionaryArray) -> tuple[Codes, list[str]]:
    return columns.codes(column), column.dictionary.to_pylist()


def _renumbered(column: pa.DictionaryArray, entities: pa.Array) -> Codes:
    places: Codes = pc.index_in(column.dictionary, value_set=entities).to_numpy(zero_copy_only=False).astype(np.int32)
    found: Codes = places[columns.codes(column)]
    return found
