"""Formats of several files: what they say together, and where in them something is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from calcinosis_kg.claims import STATUSES
from calcinosis_kg.errors import InputError, PrefixError
from calcinosis_kg.interchange import contents, restored, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import pyoxigraph as ox

NODES = "nodes"
_REQUIRED = {NODES: ("id",), "": ("subject", "predicate", "object", "claim", "claim_status", "claim_source")}
_VALUES = {
    "claim_status": STATUSES,
    "claim_source": ("document", "literature"),
    "modality": ("", "asserted", "hedged"),
}


def written(quads: list[ox.Quad], render: Callable[[list[rows.Row], tuple[str, ...]], bytes]) -> dict[str, bytes]:
    """Return the content of each part of a format: nodes, edges, and the others of `rows.PARTS` if they have rows.

    Args:
        quads: What to write.
        render: Makes the content of rows and their columns.
    """
    found = contents.of(quads)
    made = {NODES: render(rows.nodes(found), rows.NODE)}
    for part, claims in rows.parts(rows.edges(found)).items():
        if claims or part == "edges":
            made[part] = render(claims, rows.EDGE)
    return made


def read(parts: Mapping[str, Iterable[tuple[int, Mapping[str, Any]]]], name: Callable[[str], str]) -> list[ox.Quad]:
    """Return what the parts say, in RDF.

    Args:
        parts: Part to its rows, each with the line it stands in.
        name: Gives the file of a part.

    Raises:
        InputError: A row cannot be what `written` wrote; the message has file and line.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    seen: dict[str, str] = {}
    for part, given in parts.items():
        for line, row in given:
            place = f"{name(part)}:{line}"
            _check(row, part, place)
            key = row["id"] if part == NODES else row["claim"]
            if key in seen:
                raise InputError(f"{key} stands in {seen[key]} already", "Delete one of the two.", place)
            seen[key] = place
            found.setdefault(NODES if part == NODES else "", []).append({**row, "": place})
    return list(_quads(found.get(NODES, []), found.get("", [])))


def _quads(nodes: list[Mapping[str, Any]], edges: list[Mapping[str, Any]]) -> Iterator[ox.Quad]:
    """Yield quads, one row at a time, so that a fault has its place."""
    for row, alone in (*((row, ([row], [])) for row in nodes), *((row, ([], [row])) for row in edges)):
        try:
            yield from restored.quads(rows.contents(*alone))
        except PrefixError as error:
            raise InputError(error.problem, error.remedy, row[""]) from error
        except (ValueError, TypeError, KeyError) as error:
            _broken(str(error), row[""], error)


def _broken(problem: str, place: str, error: Exception | None = None) -> NoReturn:
    raise InputError(f"not a row that was written here: {problem}", "Write the files again.", place) from error


def _check(row: Mapping[str, Any], part: str, place: str) -> None:
    for column in _REQUIRED[NODES if part == NODES else ""]:
        if not isinstance(row.get(column), str) or not row[column]:
            problem = f"{column} is missing or empty"
            raise InputError(problem, "Read KGX of others with calcinosis-kg merge; this reads its own alone.", place)
    for column in rows.TRUTHS:
        if row.get(column) not in (None, True, False):
            raise InputError(f"{column} is '{row[column]}'", "Write true or false.", place)
    for column, allowed in _VALUES.items():
        if (row.get(column) or "") not in allowed and part != NODES:
            remedy = f"Write one of: {', '.join(filter(None, allowed))}."
            raise InputError(f"unknown {column} '{row[column]}'", remedy, place)
