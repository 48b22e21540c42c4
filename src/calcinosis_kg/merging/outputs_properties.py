"""Which qualifiers and properties have a column of their own in KGX, and what the others become."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from calcinosis_kg.merging import columns, kgx_names, records
from calcinosis_kg.merging.lists import Once

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 100
"""How many properties of the inputs have a column of their own; of more, the first by name."""
UNFIT = r"[\t\r\n\x00]"
"""What a cell cannot hold."""
_VALUE = r':"(?:[^"\\]|\\.)*"'
_COUNTS = frozenset({"has_count", "has_total", "has_percentage"})


@dataclass(frozen=True, slots=True)
class Names:
    """The columns that not every file has.

    Attributes:
        qualifiers: Qualifiers that have a column of their own.
        properties: Other properties that have one.
    """

    qualifiers: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()


class Met:
    """Gathers the names of qualifiers and properties from tables of edge records."""

    def __init__(self) -> None:
        self._shapes: set[str] = set()
        self._names: dict[str, set[str]] = {"qualifiers": set(), "rest": set()}
        self._once = {column: Once(partial(self._met, names)) for column, names in self._names.items()}

    def add(self, table: pa.Table) -> None:
        """Take note of the names in a coded table; of texts that differ in values alone, one is read."""
        for column, once in self._once.items():
            once.of(columns.whole(table[column]))

    def _met(self, names: set[str], texts: pa.Array) -> None:
        shapes = pc.replace_substring_regex(texts, _VALUE, ':""')
        for shape in pc.unique(shapes).to_pylist():
            if shape and shape not in self._shapes:
                names.update(_keys(shape, texts, shapes))
                self._shapes.add(shape)

    @property
    def names(self) -> Names:
        """The columns that edges need."""
        return Names(
            tuple(sorted(filter(kgx_names.is_qualifier_column, self._names["qualifiers"]))[:MOST]),
            tuple(sorted({_bare(name) for name in self._names["rest"]} - {""})[:MOST]),
        )


def _keys(shape: str, texts: pa.Array, shapes: pa.Array) -> set[str]:
    """Return the keys of JSON objects whose values were taken out; where that broke them, of each as it is."""
    try:
        return set(json.loads(shape))
    except ValueError:
        return {key for text in texts.filter(pc.equal(shapes, shape)).to_pylist() for key in json.loads(text)}


def _bare(name: str) -> str:
    """Return the column of a property, which RDF writes with its prefix, or the empty text if it can have none."""
    name = name.removeprefix("biolink:")
    return name if kgx_names.is_property_column(name) else ""


@dataclass(frozen=True, slots=True)
class Properties:
    """What the cell `rest` of a record holds, as a row of KGX shows it.

    Attributes:
        own: Values of `kgx_names.OWN`, in that order.
        cells: Values of the properties that have a column.
        others: JSON object of those that have none, or the empty text.
        every: JSON object of both.
        fit: Whether columns hold all values as they are.
        counted: Whether they hold a count, which is read as a frequency where none is given.
    """

    own: tuple[str, ...]
    cells: tuple[str, ...]
    others: str
    every: str
    fit: bool
    counted: bool


def properties(text: str, names: Sequence[str]) -> Properties:
    """Part the cell `rest` of a record.

    Args:
        text: The cell.
        names: Properties that have a column.
    """
    found = _renamed(json.loads(text)) if text else {}
    counted = not _COUNTS.isdisjoint(found)
    own = tuple(_taken(name, found) for name in kgx_names.OWN)
    every = packed(found)
    cells = tuple(found.pop(name) if isinstance(found.get(name), str) else "" for name in names)
    fit = not any(re.search(UNFIT, cell) for cell in (*own, *cells)) and not any("|" in cell for cell in own[1:])
    return Properties(own, cells, packed(found), every, fit, counted)


def _renamed(found: dict[str, Any]) -> dict[str, Any]:
    """Return properties with those of Biolink, of which RDF gives a list of one, as KGX has them."""
    for name in [name for name in found if name.startswith("biolink:")]:
        value, bare = found[name], _bare(name)
        if bare and bare not in found and isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
            found[bare] = value[0]
            del found[name]
    return found


def _taken(name: str, found: dict[str, Any]) -> str:
    """Take the value of a column of `kgx_names.OWN` out of an object; several providers become one cell."""
    value = found.pop(name, "")
    values = [text if isinstance(text, str) else json.dumps(text, sort_keys=True) for text in _listed(value)]
    if name == kgx_names.PROVIDED:
        return records.join(part for text in values for part in text.split("|"))
    return "|".join(values)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def qualifiers(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the cells of a statement's qualifiers: those that have a column, and a JSON object of the others.

    >>> qualifiers('{"modality":"asserted","sex_qualifier":"female"}', ["onset_qualifier", "sex_qualifier"])
    ('', 'female', '{"modality":"asserted"}')
    """
    found: dict[str, Any] = json.loads(text) if text else {}
    cells = []
    for name in names:
        value = found.get(name)
        fits = isinstance(value, str) and not re.search(UNFIT, value)
        cells.append(found.pop(name) if fits else "")
    return (*cells, packed(found))


def packed(found: dict[str, Any]) -> str:
    r"""Return an object as JSON text without a bar, at which a tool may part a cell; empty if there is nothing.

    >>> packed({"a": "x|y"})
    '{"a":"x\\u007cy"}'
    """
    return records.canonical(found).replace("|", "\\u007c")
