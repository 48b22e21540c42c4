"""KGX edges that a merge wrote, back as what it merged: all qualifiers and properties, each line of evidence by itself.

The columns are described in `kgx_names`. A cell that does not hold what a merge writes there stays what it is, a
property of the edge: nothing of another tool's file is lost by looking like ours.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from calcinosis_kg.merging import kgx_names, predicates, records
from calcinosis_kg.merging.readers_cells import distinct, pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    Cells = dict[str, pl.Series | str]

_ID = r"^[0-9a-f]{32}$"
_SEVERAL = frozenset({kgx_names.PROVIDED, *(kgx_names.DETAILS[name] for name in kgx_names.LISTS)})
_SINGLE = (frozenset(kgx_names.OWN) | frozenset(kgx_names.DETAILS.values())) - _SEVERAL


def restored(cells: Cells, names: frozenset[str]) -> Cells:
    """Return the columns of edge records with what `qualifiers`, `relation` and the like stand for.

    Args:
        cells: Columns of edge records; a text stands for a column of nothing else.
        names: The columns of the file that are qualifiers or other properties, as they are looked up.
    """
    if kgx_names.RELATION in names and "record_id" in cells:
        cells = _with_relations(cells)
    if kgx_names.QUALIFIERS in names:
        unpacked = partial(_unpacked, kgx_names.QUALIFIERS)
        cells = cells | {"qualifiers": distinct(_column(cells, "qualifiers"), unpacked)}
    return _with_lines(cells) if names & {kgx_names.LINES, kgx_names.OTHERS} else cells


def _unpacked(name: str, text: str) -> str:
    """Return an object with what one of its members holds as JSON beside the others, unless they say another thing."""
    if name not in text:
        return text
    found = json.loads(text)
    inside = _object(found.get(name))
    if inside and all(found.get(key, value) == value for key, value in inside.items() if key != name):
        found = {key: value for key, value in found.items() if key != name} | inside
    return records.canonical(found)


def _object(text: object) -> dict[str, Any]:
    """Return the object that a text holds as JSON; empty if it holds none."""
    if not isinstance(text, str) or not text.startswith("{"):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _with_relations(cells: Cells) -> Cells:
    """Return edges of ours with the predicate that they had before it was written as Biolink's."""
    table = predicates.of_biolink()
    rest, predicate, identifier = (_column(cells, name) for name in ("rest", "predicate", "record_id"))
    relation = distinct(rest, lambda text: str(json.loads(text).get(kgx_names.RELATION, "")) if text else "")
    written = distinct(relation, lambda text: table.get(text, ""))
    ours = (written != "") & (written == predicate) & identifier.str.contains(_ID)
    if not ours.any():
        return cells
    frame = pl.DataFrame({"p": predicate, "r": relation, "rest": rest, "bare": distinct(rest, _without_relation)})
    chosen = frame.select(
        pl.when(ours).then("r").otherwise("p").alias("predicate"),
        pl.when(ours).then("bare").otherwise("rest").alias("rest"),
    )
    return cells | {name: chosen[name] for name in ("predicate", "rest")}


def _without_relation(text: str) -> str:
    found = json.loads(text) if text else {}
    found.pop(kgx_names.RELATION, None)
    return records.canonical(found)


def _column(cells: Cells, name: str) -> pl.Series:
    values = cells.get(name, "")
    if isinstance(values, str):
        return pl.repeat(values, len(cells["line"]), dtype=pl.String, eager=True)
    return values


def _with_lines(cells: Cells) -> Cells:
    """Return a record for each line of evidence, of edges that list them, and for each other edge one."""
    rest = _column(cells, "rest")
    unpacked = partial(_unpacked, kgx_names.OTHERS)
    listed = distinct(rest, lambda text: kgx_names.LINES in text, pl.Boolean)
    if not listed.any():
        return cells | {"rest": distinct(rest, unpacked)}
    places: list[int] = []
    made: dict[str, list[str]] = {name: [] for name in (*kgx_names.DETAILS, "rest")}
    old = {name: _column(cells, name) for name in made}
    for place in listed.arg_true().to_list():
        row = {name: column[place] for name, column in old.items()}
        for line in _lines(row) or [row | {"rest": unpacked(row["rest"])}]:
            places.append(place)
            for name, column in made.items():
                column.append(line[name])
    others = (~listed).arg_true()
    order = pl.concat([others.cast(pl.Int64), pl.Series(places, dtype=pl.Int64)])
    old["rest"] = distinct(rest, unpacked)
    back: Cells = {name: values if isinstance(values, str) else values.gather(order) for name, values in cells.items()}
    for name, column in made.items():
        back[name] = pl.concat([old[name].gather(others), pl.Series(column, dtype=pl.String)])
    return back


def _lines(row: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the details and the rest of each line of evidence of an edge; nothing where it lists none."""
    rest = json.loads(row["rest"])
    try:
        found = json.loads(rest[kgx_names.LINES])
    except (KeyError, TypeError, ValueError, RecursionError):
        return []
    if not isinstance(found, list) or not all(map(_is_line, found)):
        return []
    del rest[kgx_names.LINES]
    rest = json.loads(_unpacked(kgx_names.OTHERS, records.canonical(rest)) or "{}")
    known = set().union(*(line.get(kgx_names.PROPERTIES, {}) for line in found))
    named = {value for line in found for value in line.get(kgx_names.PROVIDED, [])}
    return [_line(line, row, rest, known, named) for line in found]


def _is_line(line: object) -> bool:
    """Whether an object is a line of evidence as a merge writes it."""
    return isinstance(line, dict) and all(_is_member(name, value) for name, value in line.items())


def _is_member(name: str, value: object) -> bool:
    if name == kgx_names.PROPERTIES:
        return isinstance(value, dict)
    if name in _SEVERAL:
        return isinstance(value, list) and all(isinstance(text, str) for text in value)
    return name in _SINGLE and isinstance(value, str)


def _line(
    line: dict[str, Any], row: Mapping[str, str], rest: Mapping[str, Any], known: set[str], named: set[str]
) -> dict[str, str]:
    """Return the cells of one line of evidence.

    Args:
        line: What it has of its own.
        row: The cells of its edge, which hold what all lines have.
        rest: The other properties of the edge.
        known: Properties that its lines differ in.
        named: Providers that its lines name.
    """
    made = {}
    for name, kgx in kgx_names.DETAILS.items():
        value = line.get(kgx, row[name])
        made[name] = records.join(value) if isinstance(value, list) else value
    more = {name: value for name, value in rest.items() if name not in known}
    own = {name: line[name] for name in kgx_names.OWN if name in line}
    if kgx_names.PROVIDED in own:
        others = [name for name in str(rest.get(kgx_names.PROVIDED, "")).split("|") if name and name not in named]
        own[kgx_names.PROVIDED] = "|".join([*own[kgx_names.PROVIDED], *others])
    return made | {"rest": records.canonical({**more, **line.get(kgx_names.PROPERTIES, {}), **own})}
