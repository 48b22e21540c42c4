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

SEVERAL = frozenset({kgx_names.PROVIDED, *(kgx_names.DETAILS[name] for name in ("knowledge_source", *kgx_names.LISTS))})
"""Columns of which the cell of one line may hold several values."""
_LISTED = frozenset({kgx_names.PROVIDED, *(kgx_names.DETAILS[name] for name in kgx_names.LISTS)})
"""Those of them that are lists in a record, and not texts."""
_ESCAPED = r'["\\\x00-\x1f]'
_DIGITS = 32


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

    def __getitem__(self, name: str) -> pa.Array:
        return columns.whole(self._table[name])

    def united(self, column: pa.DictionaryArray, *, several: bool = False) -> pa.DictionaryArray:
        """Return one cell for each statement: the distinct values of its lines, joined."""
        return groups.united(column, self.begin, several=several)

    def agreed(self, column: pa.DictionaryArray) -> pa.DictionaryArray:
        """Return one cell for each statement: the value of its lines if all have the same, else none."""
        numbers = columns.codes(column)
        values = pa.concat_arrays([column.dictionary, pa.array([""])])
        if not len(self.begin):
            return columns.coded(np.zeros(0, np.int32), values)
        least, most = np.minimum.reduceat(numbers, self.begin), np.maximum.reduceat(numbers, self.begin)
        return columns.coded(np.where(least == most, least, len(values) - 1).astype(np.int32), values)

    def listed(self, texts: pa.Array) -> pa.Array:
        """Return one text for each statement: those of its lines that are not empty, with bars between."""
        if pc.any(pc.match_substring_regex(texts, UNFIT)).as_py():
            texts = pc.replace_substring_regex(texts, UNFIT, " ")
        if len(self.counts) == len(texts):
            return texts
        made = pc.binary_join(_grouped(texts, self.counts), "|")
        return pc.utf8_trim(pc.replace_substring_regex(made, r"\|{2,}", "|"), "|")

    def any_of(self, flags: Flags) -> Flags:
        """Return for each statement whether a flag is set on one of its lines."""
        return np.logical_or.reduceat(flags, self.begin) if len(flags) else flags


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
    if same.all() and not any(given):
        return columns.coded(np.zeros(len(same), np.int32), [""])
    told = np.array([bool(text) for text in given], bool)
    rest = columns.codes(lines["rest"])
    numbers = np.where(same, 0, columns.codes(written) + 1)
    numbers = np.where(told[rest], rest + 1 + len(written.dictionary), numbers)
    values = pa.concat_arrays([pa.array([""]), written.dictionary, pa.array(list(given), pa.string())])
    return columns.coded(numbers.astype(np.int32), values)


def identifiers(lines: Lines, given: Sequence[str]) -> pa.Array:
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
    return found


@dataclass(frozen=True, slots=True)
class Bundles:
    """What a line of evidence says, a column for each part.

    Attributes:
        cells: Column of KGX to its coded column.
        identifiers: Ids that sources give.
        properties: Coded column of JSON objects of all the rest.
    """

    cells: Mapping[str, pa.DictionaryArray]
    identifiers: pa.Array
    properties: pa.DictionaryArray

    def of(self, lines: Lines, unfit: Flags) -> pa.Array:
        """Return one text for each statement: a JSON list of its lines where columns do not say it all, else empty.

        Args:
            lines: The lines.
            unfit: Which of them hold what a column cannot.
        """
        for name, column in self.cells.items():
            unfit = unfit | flags(column, lambda texts, name=name: _unfit(name, texts))  # type: ignore[misc]
        unfit = unfit | pc.match_substring_regex(self.identifiers, rf"{UNFIT}|\|").to_numpy(zero_copy_only=False)
        wanted = (lines.counts > 1) | lines.any_of(unfit)
        rows = pa.array(np.flatnonzero(np.repeat(wanted, lines.counts)))
        if not len(rows):
            return pa.array([""] * len(wanted), pa.string())
        pieces = [self._piece(name, column.take(rows)) for name, column in self.cells.items()]
        pieces += [_quoted(kgx_names.ORIGINAL_ID, self.identifiers.take(rows))]
        pieces += [self._piece(kgx_names.PROPERTIES, self.properties.take(rows))]
        each = pc.binary_join_element_wise("{", *(piece for piece in pieces if piece is not None), "}", "")
        each = pc.replace_substring(each, "{,", "{", max_replacements=1)
        listed = pc.binary_join(_grouped(each, lines.counts[wanted]), ",")
        whole = pc.binary_join_element_wise("[", listed, "]", "")
        place = np.where(wanted, np.cumsum(wanted), 0)
        return pa.concat_arrays([pa.array([""], pa.string()), whole]).take(pa.array(place))

    def _piece(self, name: str, column: pa.DictionaryArray) -> pa.Array | None:
        """Return a member of a JSON object for each row, with a comma before it; None if no row has one."""
        column = columns.compact(column)
        texts = [_member(name, text) for text in column.dictionary.to_pylist()]
        return pa.array(texts, pa.string()).take(column.indices) if any(texts) else None


def _member(name: str, text: str) -> str:
    if not text:
        return ""
    if name == kgx_names.PROPERTIES:
        return f',"{name}":{text}'
    value = records.split(text) if name in _LISTED else text
    return f',"{name}":' + json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("|", "\\u007c")


def _quoted(name: str, texts: pa.Array) -> pa.Array | None:
    """Return members of JSON objects as `_member` does, for texts that are almost all different."""
    if not pc.any(pc.not_equal(texts, "")).as_py():
        return None
    special = pc.match_substring_regex(texts, rf"{_ESCAPED}|\|")
    members = pc.binary_join_element_wise(f',"{name}":"', texts, '"', "")
    if pc.any(special).as_py():
        members = pc.replace_with_mask(
            members, special, pa.array([_member(name, text) for text in texts.filter(special).to_pylist()], pa.string())
        )
    return pc.if_else(pc.equal(texts, ""), "", members)


def flags(column: pa.DictionaryArray, test: Callable[[pa.Array], pa.Array]) -> Flags:
    """Return for each row whether its value passes a test, which is given the distinct values."""
    found: Flags = test(column.dictionary).to_numpy(zero_copy_only=False)[columns.codes(column)]
    return found


def _unfit(name: str, texts: pa.Array) -> pa.Array:
    """Return which cells do not come back alike from a column of KGX."""
    bad = "|%7C" if name in _LISTED else "|%25|%7C" if name in SEVERAL else r"|\|"
    return pc.match_substring_regex(texts, UNFIT + bad)
