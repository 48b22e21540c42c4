"""The evidence of statements: many lines to one cell, and as JSON where it matters which values belong together."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calcinosis_kg.merging import columns, groups, kgx_names, records
from calcinosis_kg.merging.lines import hexadecimal
from calcinosis_kg.merging.outputs_properties import UNFIT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Numbers = NDArray[np.int64]

SEVERAL = frozenset({kgx_names.PROVIDED, *(kgx_names.DETAILS[name] for name in ("knowledge_source", *kgx_names.LISTS))})
"""Columns of which the cell of one line may hold several values."""
_LISTED = frozenset({kgx_names.PROVIDED, *(kgx_names.DETAILS[name] for name in kgx_names.LISTS)})
"""Those of them that are lists in a record, and not texts."""
_SPECIAL = r'["\\\x00-\x1f|]'
_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Ids that sources give to edges, one for each line: almost all are different, so they are not coded.

    Attributes:
        texts: The ids; the empty text where there is none.
        special: Which of them have a sign that JSON or a list escapes.
    """

    texts: pa.Array
    special: Flags

    @classmethod
    def of(cls, texts: pa.Array) -> Identifiers:
        """Look for special signs in ids, once."""
        special = pc.match_substring_regex(texts, _SPECIAL)
        return cls(texts, special.to_numpy(zero_copy_only=False))


class Lines:
    """The evidence of some statements.

    Args:
        table: The lines, coded.
        counts: How many each statement has; theirs follow each other.
    """

    def __init__(self, table: pa.Table, counts: NDArray[np.int64]) -> None:
        self._table = table
        self.counts = counts
        self.begin = np.cumsum(counts) - counts
        self._many = np.flatnonzero(counts > 1)
        self._rows = self.rows_of(self._many)
        self._starts = np.cumsum(counts[self._many]) - counts[self._many]

    def __getitem__(self, name: str) -> pa.Array:
        return columns.whole(self._table[name])

    def rows_of(self, statements: Numbers) -> Numbers:
        """Return the lines of some statements."""
        counts = self.counts[statements]
        first = np.repeat(self.begin[statements] - (np.cumsum(counts) - counts), counts)
        found: Numbers = first + np.arange(len(first))
        return found

    def differing(self, column: pa.DictionaryArray) -> Numbers:
        """Return the statements whose lines have different values."""
        if len(column.dictionary) < 2 or not len(self._many):  # noqa: PLR2004 - one value is never different
            return self._many[:0]
        numbers = columns.codes(column)
        other = numbers[self._rows] != np.repeat(numbers[self.begin[self._many]], self.counts[self._many])
        return self._many[np.logical_or.reduceat(other, self._starts)]

    def united(self, column: pa.DictionaryArray, *, several: bool = False) -> pa.DictionaryArray:
        """Return one cell for each statement: the distinct values of its lines, joined.

        Texts may be listed twice in what is returned.
        """
        values = column.dictionary if several else groups.escaped(column.dictionary)
        numbers = columns.codes(column)[self.begin]
        some = self.differing(column)
        if len(some):
            counts = self.counts[some]
            told = groups.united(column.take(pa.array(self.rows_of(some))), counts.cumsum() - counts, several=several)
            numbers[some] = columns.codes(told) + len(values)
            values = pa.concat_arrays([values, told.dictionary])
        return pa.DictionaryArray.from_arrays(pa.array(numbers), values)

    def agreed(self, column: pa.DictionaryArray) -> pa.DictionaryArray:
        """Return one cell for each statement: the value of its lines if all have the same, else none."""
        numbers = columns.codes(column)[self.begin]
        numbers[self.differing(column)] = len(column.dictionary)
        values = pa.concat_arrays([column.dictionary, pa.array([""])])
        return pa.DictionaryArray.from_arrays(pa.array(numbers), values)

    def listed(self, given: Identifiers) -> pa.Array:
        """Return one text for each statement: those of its lines that are not empty, with bars between."""
        texts = given.texts
        if given.special.any():
            texts = pc.replace_substring_regex(texts, UNFIT, " ")
        if not len(self._many):
            return texts
        made = pc.binary_join(_grouped(texts.take(pa.array(self._rows)), self.counts[self._many]), "|")
        made = pc.utf8_trim(pc.replace_substring_regex(made, r"\|{2,}", "|"), "|")
        place = self.begin.copy()
        place[self._many] = len(texts) + np.arange(len(self._many))
        return pa.concat_arrays([texts, made]).take(pa.array(place))

    def any_of(self, flags: Flags) -> Flags:
        """Return for each statement whether a flag is set on one of its lines."""
        found: Flags = flags[self.begin]
        if len(self._many):
            found[self._many] = np.logical_or.reduceat(flags[self._rows], self._starts)
        return found


def _grouped(texts: pa.Array, counts: NDArray[np.int64]) -> pa.ListArray:
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), texts)


def providers(lines: Lines, given: Sequence[str]) -> pa.DictionaryArray:
    """Return for each line the source, beside those that an input names.

    Args:
        lines: The lines.
        given: For each distinct `rest` the providers that it names, joined.
    """
    source, rest = lines["source"], lines["rest"]
    pairs = columns.codes(source).astype(np.int64) * len(given) + columns.codes(rest)
    used, numbers = _distinct(pairs, len(source.dictionary) * len(given))
    names = source.dictionary.to_pylist()
    cells = [records.join([names[pair // len(given)], *records.split(given[pair % len(given)])]) for pair in used]
    return columns.coded(numbers.astype(np.int32), cells)


def _distinct(numbers: NDArray[np.int64], size: int) -> tuple[list[int], NDArray[np.int64]]:
    """Return the distinct numbers below a size, and for each number its place among them."""
    if size > 2 * len(numbers) + 1_000:
        used, places = np.unique(numbers, return_inverse=True)
        return used.tolist(), places
    met = np.zeros(size, bool)
    met[numbers] = True
    used = np.flatnonzero(met)
    place = np.zeros(size, np.int64)
    place[used] = np.arange(len(used))
    return used.tolist(), place[numbers]


def original(end: str, final: pa.DictionaryArray, lines: Lines, given: Sequence[str]) -> pa.DictionaryArray:
    """Return for each line how its source has an end, where that is not as the statement has it.

    Args:
        end: Subject, predicate or object.
        final: What the statements have.
        lines: The lines.
        given: For each distinct `rest` what it says of that: it counts first, as it comes from farther back.
    """
    written = lines[end]
    place = pc.fill_null(pc.index_in(written.dictionary, value_set=final.dictionary), -1).to_numpy()
    same = place[columns.codes(written)] == np.repeat(columns.codes(final), lines.counts)
    if not any(given):
        numbers = np.where(same, 0, columns.codes(written) + 1).astype(np.int32)
        values = pa.array([""]) if same.all() else pa.concat_arrays([pa.array([""]), written.dictionary])
        return pa.DictionaryArray.from_arrays(pa.array(numbers), values)
    told = np.array([bool(text) for text in given], bool)
    rest = columns.codes(lines["rest"])
    numbers = np.where(same, 0, columns.codes(written) + 1)
    numbers = np.where(told[rest], rest + 1 + len(written.dictionary), numbers)
    values = pa.concat_arrays([pa.array([""]), written.dictionary, pa.array(list(given), pa.string())])
    return columns.coded(numbers.astype(np.int32), values)


def identifiers(lines: Lines, given: Sequence[str]) -> Identifiers:
    """Return for each line the id that its source gives to the edge, unless that is the statement's own.

    Args:
        lines: The lines.
        given: For each distinct `rest` the id that it names: it counts first, as it comes from farther back.
    """
    found = lines["record_id"].cast(pa.string())
    if any(given):
        told = columns.coded(columns.codes(lines["rest"]), list(given)).cast(pa.string())
        found = pc.if_else(pc.equal(told, ""), found, told)
    if pc.any(pc.equal(pc.binary_length(found), _DIGITS)).as_py():
        found = pc.if_else(pc.equal(found, hexadecimal(lines["id"])), "", found)
    return Identifiers.of(found)


@dataclass(frozen=True, slots=True)
class Bundles:
    """What a line of evidence says, a column for each part.

    Attributes:
        cells: Column of KGX to its coded column.
        identifiers: Ids that sources give.
        properties: Coded column of JSON objects of all the rest.
    """

    cells: Mapping[str, pa.DictionaryArray]
    identifiers: Identifiers
    properties: pa.DictionaryArray

    def of(self, lines: Lines, unfit: Flags, unsaid: Flags) -> pa.Array:
        """Return one text for each statement: a JSON list of its lines where columns do not say it all, else empty.

        A line has what the lines differ in; what is the same in all stands in the columns, if they can hold it.

        Args:
            lines: The lines.
            unfit: Which of them have properties that columns cannot hold.
            unsaid: Which of them have a count and no frequency, though a reader would take the one for the other.
        """
        bad = {name: _unfit(name, column) for name, column in self.cells.items()}
        bad[kgx_names.PROPERTIES] = unfit
        bad["frequency"] = bad["frequency"] | unsaid
        odd = self.identifiers.special
        wanted = (lines.counts > 1) | lines.any_of(np.logical_or.reduce([odd, *bad.values()]))
        some = np.flatnonzero(wanted)
        rows = lines.rows_of(some)
        if not len(rows):
            return pa.array([""] * len(wanted), pa.string())
        pieces = [self._identified(lines, some, rows)]
        for name, column in {**self.cells, kgx_names.PROPERTIES: self.properties}.items():
            told = np.zeros(len(wanted), bool)
            told[lines.differing(column)] = True
            if bad[name].any():
                told |= lines.any_of(bad[name])
            pieces.append(_piece(name, column, rows, np.repeat(told[some], lines.counts[some])))
        each = pc.binary_join_element_wise(*(piece for piece in pieces if piece is not None), "}", "")
        each = pc.binary_join_element_wise("{", pc.utf8_ltrim(each, ","), "")
        listed = pc.binary_join(_grouped(each, lines.counts[some]), ",")
        whole = pc.binary_join_element_wise("[", listed, "]", "")
        return pa.concat_arrays([pa.array([""], pa.string()), whole]).take(
            pa.array(np.where(wanted, wanted.cumsum(), 0))
        )

    def _identified(self, lines: Lines, some: Numbers, rows: Numbers) -> pa.Array:
        """Return the member `original_id` of each line, of statements of which any line has one."""
        texts = self.identifiers.texts.take(pa.array(rows))
        members = _quoted(kgx_names.ORIGINAL_ID, texts, self.identifiers.special[rows])
        counts = lines.counts[some]
        given = np.logical_or.reduceat(pc.not_equal(texts, "").to_numpy(zero_copy_only=False), counts.cumsum() - counts)
        return members if given.all() else pc.if_else(pa.array(np.repeat(given, counts)), members, "")


def _piece(name: str, column: pa.DictionaryArray, rows: Numbers, told: Flags) -> pa.Array | None:
    """Return a member of a JSON object for each row, with a comma before it; None if no row has one."""
    if not told.any():
        return None
    column = columns.compact(column.take(pa.array(rows)))
    texts = [_member(name, text) for text in column.dictionary.to_pylist()]
    place = np.where(told, columns.codes(column) + 1, 0)
    return pa.array(["", *texts], pa.string()).take(pa.array(place))


def _member(name: str, text: str) -> str:
    if name == kgx_names.PROPERTIES:
        return f',"{name}":{text or "{}"}'
    value = records.split(text) if name in _LISTED else text
    return f',"{name}":' + json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("|", "\\u007c")


def _quoted(name: str, texts: pa.Array, special: Flags) -> pa.Array:
    """Return members of JSON objects as `_member` does, for texts that are almost all different."""
    members = pc.binary_join_element_wise(f',"{name}":"', texts, '"', "")
    if not special.any():
        return members
    mask = pa.array(special)
    mended = [_member(name, text) for text in texts.filter(mask).to_pylist()]
    return pc.replace_with_mask(members, mask, pa.array(mended, pa.string()))


def flags(column: pa.DictionaryArray, test: Callable[[pa.Array], pa.Array]) -> Flags:
    """Return for each row whether its value passes a test, which is given the distinct values."""
    passed = test(column.dictionary).to_numpy(zero_copy_only=False)
    found: Flags = passed[columns.codes(column)] if passed.any() else np.zeros(len(column), bool)
    return found


def _unfit(name: str, column: pa.DictionaryArray) -> Flags:
    """Return which cells do not come back alike from a column of KGX."""
    bad = "|%7C" if name in _LISTED else "|%25|%7C" if name in SEVERAL else r"|\|"
    return flags(column, lambda texts: pc.match_substring_regex(texts, UNFIT + bad))
