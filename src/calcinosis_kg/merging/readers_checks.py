"""What has to hold of a row so that it becomes a record: told a column at a time, and explained a row at a time.

Each check has two faces that must agree: `sound` for all rows at once, `reason` for one that is not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from calcinosis_kg.merging.readers_cells import curie, distinct, identified, negation, pl, truth
from calcinosis_kg.merging.readers_rows import LINE
from calcinosis_kg.merging.readers_streams import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from calcinosis_kg.merging.readers_rows import Header, Rows


class Check(Protocol):
    """A condition on rows."""

    def sound(self, frame: pl.DataFrame) -> pl.Series:
        """Whether it holds, for each row."""
        ...

    def reason(self, cells: Mapping[str, str]) -> str:
        """What is wrong with a row, and what to do; empty if nothing is."""
        ...


@dataclass(frozen=True)
class Identifier:
    """A cell holds a CURIE or an IRI; a sign '#' before the name of a column is not shown to people."""

    column: str

    def sound(self, frame: pl.DataFrame) -> pl.Series:
        """Whether it holds, for each row."""
        return identified(frame[self.column])

    def reason(self, cells: Mapping[str, str]) -> str:
        """Say what is wrong with the cell."""
        cell, name = cells[self.column], self.column.removeprefix("#")
        if not cell.strip():
            return f"{name} is empty. Fill it in, or delete the row."
        return "" if curie(cell) else f"{name} '{cell}' is no CURIE. Write prefix:identifier."


@dataclass(frozen=True)
class Truth:
    """A cell spells true or false."""

    column: str

    def sound(self, frame: pl.DataFrame) -> pl.Series:
        """Whether it holds, for each row."""
        return negation(frame[self.column]).is_not_null()

    def reason(self, cells: Mapping[str, str]) -> str:
        """Say what is wrong with the cell."""
        cell, name = cells[self.column], self.column.removeprefix("#")
        return f"{name} is '{cell}'. Write true or false." if truth(cell) is None else ""


@dataclass(frozen=True)
class Fits:
    """A cell is one of those that a test lets pass."""

    column: str
    test: Callable[[str], bool] = field(repr=False)
    remedy: str

    def sound(self, frame: pl.DataFrame) -> pl.Series:
        """Whether it holds, for each row."""
        return distinct(frame[self.column], self.test, pl.Boolean)

    def reason(self, cells: Mapping[str, str]) -> str:
        """Say what is wrong with the cell."""
        cell = cells[self.column]
        return "" if self.test(cell) else f"{self.column} is '{cell}'. {self.remedy}"


@dataclass(frozen=True)
class Twins:
    """Two columns of one name say the same."""

    first: str
    again: str

    def sound(self, frame: pl.DataFrame) -> pl.Series:
        """Whether it holds, for each row."""
        return frame[self.first] == frame[self.again]

    def reason(self, cells: Mapping[str, str]) -> str:
        """Say what the two say."""
        one, two = cells[self.first], cells[self.again]
        return "" if one == two else f"two columns are named {self.first} and say '{one}' and '{two}'. Delete one."


def sift(part: Rows, head: Header, checks: Sequence[Check], faults: list[Fault]) -> pl.DataFrame:
    """Return the rows that keep to all checks; the others become faults, each with its first reason."""
    frame = part.frame
    sound = pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True)
    for check in checks:
        sound &= check.sound(frame)
    if sound.all():
        return frame
    for cells in frame.filter(~sound).iter_rows(named=True):
        number = cells[LINE]
        row = tuple(cells[name] for name in head.names)
        if row == head.cells:
            why = "repeats the header. Delete it."
        else:
            why = next(filter(None, (check.reason(cells) for check in checks)))
        faults.append(Fault(number, why, part.raw.get(number, head.separator.join(row))))
    return frame.filter(sound)
