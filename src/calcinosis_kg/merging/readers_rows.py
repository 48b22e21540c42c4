"""Rows of delimited text: all clean lines of a block at once, the others one by one.

A line is clean if it has the right number of cells and neither quotes, NUL, a lone carriage return nor bytes that
are not UTF-8. Clean lines go through Polars' parser without a look at each; the others through `parsed`, which
gives either the same cells or the reason why not. Both ways lead to one frame.

Quotes: KGX and SSSOM files know none, other writers quote as CSV does. So a cell is unquoted where it is quoted
as a whole; a quote inside a cell, or a pair at its start, is text; a quote that opens and does not close is a fault.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging.readers_cells import pl
from calcinosis_kg.merging.readers_streams import Fault, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from calcinosis_kg.merging.readers_streams import Stream

LINE = "#line"
"""Name of the column that holds the physical line of each row, beside those of the header."""

_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_NEWLINE, _QUOTE = 10, 34
_MARKS = (b'"', b"\0", b"\r")
_SUSPECT = np.zeros(256, dtype=bool)
_SUSPECT[[0, 13, _QUOTE]] = True


@dataclass(frozen=True)
class Header:
    """The first row.

    Attributes:
        names: Column names, made distinct: the second `a` is `a (2)`.
        line: Its physical line.
        separator: Tab or comma.
        cells: The names as they stand.
    """

    names: tuple[str, ...]
    line: int
    separator: str
    cells: tuple[str, ...]

    @property
    def twins(self) -> list[tuple[str, str]]:
        """The columns that repeat a name, each with the first of that name."""
        return [(cell, name) for cell, name in zip(self.cells, self.names, strict=True) if cell != name]


@dataclass
class Rows:
    """Rows that have the columns of the header.

    Attributes:
        frame: A column of text for each of the header, and `LINE`.
        raw: Line to its text, for lines that were not clean; the others are their cells with separators between.
    """

    frame: pl.DataFrame
    raw: dict[int, str] = field(default_factory=dict)


def header(raw: bytes, line: int, place: str) -> Header:
    r"""Read the header; tabs separate columns where there is one, else commas.

    >>> header(b"subject\tobject\tsubject\n", 1, "a.tsv").names
    ('subject', 'object', 'subject (2)')

    Raises:
        InputError: It is not UTF-8, or has a quote that does not close: no row of such a file can be read.
    """
    separator = "\t" if b"\t" in raw else ","
    cells = parsed(raw.rstrip(b"\n"), separator)
    if isinstance(cells, str):
        raise InputError(f"the header {cells.rstrip('.')}", "Mend the first row.", f"{place}:{line}")
    count: Counter[str] = Counter()
    names = []
    for cell in cells:
        count[cell] += 1
        again = count[cell] > 1 or cell == LINE
        names.append(f"{cell} ({count[cell]})" if again else cell)
    if len(set(names)) < len(names):
        raise InputError("the header has columns that cannot be told apart", "Name each anew.", f"{place}:{line}")
    return Header(tuple(names), line, separator, tuple(cells))


def parsed(raw: bytes, separator: str) -> list[str] | str:
    r"""Return the cells of one line without its end, or the reason why it has none.

    >>> parsed(b'A:1\t"a ""b"" c"\t5" tube', "\t")
    ['A:1', 'a "b" c', '5" tube']
    >>> parsed(b'A:1\t"open\tA:2', "\t")
    'opens a quote that it does not close. Close it, or double it.'
    """
    if not raw:
        return "is blank. Delete it."
    if b"\0" in raw:
        return "holds a NUL character. Fetch the file again."
    if b"\r" in raw:
        return "holds a lone carriage return. End lines in LF."
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"is not UTF-8 (byte {error.start + 1}). Save the file as UTF-8."
    return _cells(text, separator) if '"' in text else text.split(separator)


def _cells(text: str, separator: str) -> list[str] | str:
    cells = []
    start = 0
    while start <= len(text):
        match = _QUOTED.match(text, start)
        end = match.end() if match else -1
        if match and (end == len(text) or text[end] == separator):
            cells.append(match[1].replace('""', '"'))
        else:
            end = text.find(separator, start)
            end = len(text) if end < 0 else end
            cell = text[start:end]
            if cell.startswith('"') and cell.count('"') % 2:
                return "opens a quote that it does not close. Close it, or double it."
            cells.append(cell)
        start = end + 1
    return cells


def rows(stream: Stream, blocks: Iterator[tuple[int, bytes]], head: Header) -> Iterator[Rows]:
    """Yield the rows of blocks of lines; lines that are none go to the faults of the stream."""
    for first, block in blocks:
        made = _block(block, first, head, stream.faults)
        if made.frame.height:
            yield made


def slow_rows(stream: Stream, blocks: Iterator[tuple[int, bytes]], head: Header) -> Iterator[Rows]:
    """As `rows`, with each line taken one by one: the measure that the fast way is held against."""
    for first, block in blocks:
        lines = block.split(b"\n")[:-1]
        made = _one_by_one([(first + place, line) for place, line in enumerate(lines)], head, stream.faults)
        if made.frame.height:
            yield made


def _block(block: bytes, first: int, head: Header, faults: list[Fault]) -> Rows:
    data = np.frombuffer(block, dtype=np.uint8)
    lines = int(np.count_nonzero(data == _NEWLINE))
    cells = int(np.count_nonzero(data == ord(head.separator))) + lines
    if cells == lines * len(head.names):
        # The number of cells is right in sum, and Polars refuses a row that has too many: so it is right in each.
        if not any(mark in block for mark in _MARKS):
            frame = _fast(block, head, lines)
            if frame is not None:
                return Rows(frame.with_columns(pl.Series(LINE, np.arange(first, first + lines, dtype=np.int64))))
        else:
            made = _marked_out(block, data, first, head, faults)
            if made is not None:
                return made
    return _sorted_out(block, data, first, head, faults)


def _marked_out(block: bytes, data: np.ndarray, first: int, head: Header, faults: list[Fault]) -> Rows | None:
    """Part the lines with a quote, NUL or carriage return from the others; None if others are not clean either."""
    ends = np.flatnonzero(data == _NEWLINE) + 1
    places = np.concatenate([np.flatnonzero(data == mark[0]) for mark in _MARKS if mark in block])
    marked = np.unique(np.searchsorted(ends, places, side="right"))
    starts = np.concatenate(([0], ends))
    pieces, at = [], 0
    for start, end in zip(starts[marked].tolist(), ends[marked].tolist(), strict=True):
        pieces.append(block[at:start])
        at = end
    clean = b"".join([*pieces, block[at:]])
    lines = len(ends) - len(marked)
    if not lines or clean.count(head.separator.encode()) != lines * (len(head.names) - 1):
        return None
    frame = _fast(clean, head, lines)
    if frame is None:
        return None
    numbers = np.delete(np.arange(first, first + len(ends), dtype=np.int64), marked)
    others = [(first + row, block[starts[row] : ends[row] - 1]) for row in marked.tolist()]
    slow = _one_by_one(others, head, faults)
    return Rows(pl.concat([frame.with_columns(pl.Series(LINE, numbers)), slow.frame]), slow.raw)


def _fast(block: bytes, head: Header, lines: int) -> pl.DataFrame | None:
    if block[:1] == b"\n" and not block.strip(b"\n"):
        return None
    try:
        frame = pl.read_csv(
            block,
            separator=head.separator,
            has_header=False,
            schema=dict.fromkeys(head.names, pl.String),
            quote_char=None,
            empty_string_is_null=False,
            extra_columns="raise",
        )
    except pl.exceptions.PolarsError:
        return None
    return frame if frame.height == lines else None


def _sorted_out(block: bytes, data: np.ndarray, first: int, head: Header, faults: list[Fault]) -> Rows:
    """Part the clean lines of a block from the others."""
    ends = np.flatnonzero(data == _NEWLINE) + 1
    starts = np.concatenate(([0], ends[:-1]))
    width = np.add.reduceat(data == ord(head.separator), starts, dtype=np.int64)
    dirty = (width != len(head.names) - 1) | np.logical_or.reduceat(_SUSPECT[data], starts) | (ends - starts == 1)
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        foreign = np.logical_or.reduceat(data > 127, starts) & ~dirty  # noqa: PLR2004 - the last of ASCII
        for place in np.flatnonzero(foreign):
            dirty[place] = isinstance(parsed(block[starts[place] : ends[place] - 1], head.separator), str)
    others = [(first + int(place), block[starts[place] : ends[place] - 1]) for place in np.flatnonzero(dirty)]
    slow = _one_by_one(others, head, faults)
    edges = np.flatnonzero(np.diff(np.concatenate(([1], dirty.astype(np.int8), [1]))))
    clean = b"".join(block[starts[a] : ends[b - 1]] for a, b in edges.reshape(-1, 2).tolist())
    frame = _fast(clean, head, int(np.count_nonzero(~dirty))) if clean else None
    if frame is None:
        if not clean:
            return slow
        left = [(first + int(place), block[starts[place] : ends[place] - 1]) for place in np.flatnonzero(~dirty)]
        return _one_by_one(left + others, head, faults)
    lines = np.flatnonzero(~dirty).astype(np.int64) + first
    return Rows(pl.concat([frame.with_columns(pl.Series(LINE, lines)), slow.frame]), slow.raw)


def _one_by_one(lines: list[tuple[int, bytes]], head: Header, faults: list[Fault]) -> Rows:
    good: list[list[str]] = []
    numbers: list[int] = []
    raws: dict[int, str] = {}
    for number, raw in lines:
        cells = parsed(raw, head.separator)
        if not isinstance(cells, str):
            if len(cells) == len(head.names):
                good.append(cells)
                numbers.append(number)
                raws[number] = shown(raw)
                continue
            cells = f"has {len(cells)} cells where the header has {len(head.names)}. Mend the row."
        faults.append(Fault(number, cells, shown(raw)))
    frame = pl.DataFrame(good, schema=dict.fromkeys(head.names, pl.String), orient="row")
    return Rows(frame.with_columns(pl.Series(LINE, numbers, dtype=pl.Int64)), raws)
