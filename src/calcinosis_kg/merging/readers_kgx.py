"""KGX edges and nodes: what their columns mean, and the same for rows of TSV and of JSON Lines.

The names are those of the KGX format (https://github.com/biolink/kgx, "KGX format") and of the Biolink Model's
association slots; a `biolink:` before a name and its case do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from calcinosis_kg.merging import records
from calcinosis_kg.merging.readers_cells import (
    Origin,
    curie,
    filled,
    identified,
    joined,
    json_objects,
    negation,
    pl,
    truth,
)
from calcinosis_kg.merging.readers_rows import LINE, Header, Rows
from calcinosis_kg.merging.readers_streams import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_ENDS = ("subject", "predicate", "object")
_LISTS = {"publications", "evidence_codes"}
_EDGE = {
    "record_id": ("id", "edge_id"),
    "standing": ("standing",),
    "publications": ("publications",),
    "evidence_codes": ("has_evidence", "evidence_codes"),
    "knowledge_source": ("primary_knowledge_source", "knowledge_source"),
    "curator": ("curator", "biocuration"),
    "frequency": ("frequency_qualifier", "frequency"),
}
"""Column of an edge record to the KGX columns that may hold it: the first that the file has."""

_NODE = {
    "category": ("category", "type"),
    "name": ("name", "label"),
    "replaced_by": ("replaced_by",),
    "consider": ("consider",),
}


def bare(name: str) -> str:
    """Return a column's name as it is looked up.

    >>> bare("biolink:Negated")
    'negated'
    """
    return name.strip().lower().removeprefix("biolink:").removeprefix(":")


def is_qualifier(name: str) -> bool:
    """Whether a column is part of what an edge says: all qualifiers but the frequency, which is evidence.

    >>> is_qualifier("onset_qualifier"), is_qualifier("frequency_qualifier"), is_qualifier("qualified_predicate")
    (True, False, True)
    """
    key = bare(name)
    return (key.endswith("_qualifier") and key != "frequency_qualifier") or key in ("qualified_predicate", "qualifiers")


@dataclass(frozen=True)
class Columns:
    """Which column of a file is which of a record.

    Attributes:
        ends: Columns that hold an identifier in each row.
        negated: The column that says NOT; empty if there is none.
        single: Column of the record to column of the file.
        qualifiers: Key of the JSON object to column of the file.
        rest: Key of the JSON object to column of the file.
        twins: Columns that repeat the name of one that has to be single, each with the first of that name.
    """

    ends: Mapping[str, str]
    negated: str
    single: Mapping[str, str]
    qualifiers: Mapping[str, str]
    rest: Mapping[str, str]
    twins: Sequence[tuple[str, str]]


def edge_columns(head: Header) -> Columns | None:
    """Return the columns of an edge file, or None if the header is of something else."""
    found = {bare(name): name for name in reversed(head.names)}
    if not all(end in found for end in _ENDS):
        return None
    single = _first(_EDGE, found)
    negated = found.get("negated", "")
    ends = {end: found[end] for end in _ENDS}
    used = {*ends.values(), *single.values(), negated}
    twins = _twins(head, used)
    unkept = used | {again for _, again in twins}
    qualifiers = {bare(name): name for name in head.names if name not in unkept and is_qualifier(name)}
    rest = {name: name for name in head.names if name not in unkept and name not in qualifiers.values()}
    return Columns(ends, negated, single, qualifiers, rest, twins)


def node_columns(head: Header) -> Columns | None:
    """Return the columns of a node file, or None if the header is of something else."""
    found = {bare(name): name for name in reversed(head.names)}
    if "id" not in found or not found.keys() & {"category", "name"}:
        return None
    single = _first(_NODE, found)
    deprecated = found.get("deprecated", "")
    used = {found["id"], *single.values(), deprecated}
    twins = _twins(head, used)
    unkept = used | {again for _, again in twins}
    rest = {name: name for name in head.names if name not in unkept}
    return Columns({"id": found["id"]}, deprecated, single, {}, rest, twins)


def _twins(head: Header, used: set[str]) -> list[tuple[str, str]]:
    """Return the columns that repeat the name of a used one, each with that; spelling apart, a name is a name."""
    first = {bare(name): name for name in used if name}
    named = zip(head.cells, head.names, strict=True)
    return [(first[bare(cell)], name) for cell, name in named if bare(cell) in first and name not in used]


def _first(wanted: Mapping[str, Sequence[str]], found: Mapping[str, str]) -> dict[str, str]:
    taken = {column: next((found[name] for name in names if name in found), "") for column, names in wanted.items()}
    return {column: name for column, name in taken.items() if name}


def batches(kind: str, part: Rows, columns: Columns, head: Header, origin: Origin) -> Iterator[records.Batch]:
    """Yield the records of rows, and the rows that are none, with the reason."""
    frame = part.frame
    sound = _sound(frame, columns)
    if not sound.all():
        bad = frame.filter(~sound)
        yield origin.faults([_fault(row, columns, head, part.raw) for row in bad.iter_rows(named=True)])
        frame = frame.filter(sound)
    if not frame.height:
        return
    made: dict[str, pl.Series | str] = {"line": frame[LINE]}
    made |= {column: frame[name] for column, name in (columns.ends | columns.single).items()}
    made |= {column: joined(made[column]) for column in _LISTS if column in columns.single}  # type: ignore[arg-type]
    if columns.negated:
        made["negated" if kind == records.EDGES else "deprecated"] = negation(frame[columns.negated])
    if columns.qualifiers:
        made["qualifiers"] = json_objects(frame, columns.qualifiers)
    if columns.rest:
        made["rest"] = json_objects(frame, columns.rest)
    blank = [name for name, values in made.items() if isinstance(values, pl.Series) and _empty(values)]
    yield origin.batch(kind, {name: values for name, values in made.items() if name not in blank}, frame.height)


def _empty(values: pl.Series) -> bool:
    return values.dtype == pl.String and not filled(values)


def _sound(frame: pl.DataFrame, columns: Columns) -> pl.Series:
    sound = pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True)
    for name in columns.ends.values():
        sound &= identified(frame[name])
    if columns.negated:
        sound &= negation(frame[columns.negated]).is_not_null()
    for first, again in columns.twins:
        sound &= frame[first] == frame[again]
    return sound


def _fault(row: Mapping[str, object], columns: Columns, head: Header, raw: Mapping[int, str]) -> Fault:
    """Say of a row that is not sound what is wrong with it."""
    number = row[LINE]
    assert isinstance(number, int)  # noqa: S101 - the column is int64
    cells = {name: str(row[name]) for name in head.names}
    text = raw.get(number, head.separator.join(cells.values()))
    return Fault(number, _reason(cells, columns, head), text)


def _reason(cells: Mapping[str, str], columns: Columns, head: Header) -> str:
    if tuple(cells.values()) == head.cells:
        return "repeats the header. Delete it."
    for end, name in columns.ends.items():
        if not cells[name].strip():
            return f"{end} is empty. Fill it in, or delete the row."
        if not curie(cells[name]):
            return f"{end} '{cells[name]}' is no CURIE. Write prefix:identifier."
    if columns.negated and truth(cells[columns.negated]) is None:
        return f"{columns.negated} is '{cells[columns.negated]}'. Write true or false."
    first, again = next((first, again) for first, again in columns.twins if cells[first] != cells[again])
    return f"two columns are named {first} and say '{cells[first]}' and '{cells[again]}'. Delete one column."
