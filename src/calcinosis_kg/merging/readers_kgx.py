"""KGX edges and nodes: what their columns mean, and the same for rows of TSV and of JSON Lines.

The names are those of `kgx_names`. What a merge of ours wrote comes back as it was, line of evidence by line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from calcinosis_kg.merging import readers_edges, records
from calcinosis_kg.merging.kgx_names import ENDS, LISTS, SINGLE, bare, is_qualifier
from calcinosis_kg.merging.readers_cells import Origin, filled, joined, json_objects, negation, pl
from calcinosis_kg.merging.readers_checks import Check, Identifier, Truth, Twins, sift
from calcinosis_kg.merging.readers_rows import LINE, Header, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from calcinosis_kg.merging.readers_streams import Fault

_NODE = {
    "category": ("category", "type"),
    "name": ("name", "label"),
    "replaced_by": ("replaced_by",),
    "consider": ("consider",),
}


@dataclass(frozen=True)
class Columns:
    """Which column of a file is which of a record.

    Attributes:
        kind: Kind of record.
        ends: Columns that hold an identifier in each row.
        negated: The column that says NOT, or for a node that it is deprecated; empty if there is none.
        single: Column of the record to column of the file.
        qualifiers: Key of the JSON object to column of the file.
        rest: Key of the JSON object to column of the file.
        twins: Columns that repeat the name of one that has to be single, each with the first of that name.
    """

    kind: str
    ends: Mapping[str, str]
    negated: str
    single: Mapping[str, str]
    qualifiers: Mapping[str, str]
    rest: Mapping[str, str]
    twins: Sequence[tuple[str, str]]

    @property
    def checks(self) -> list[Check]:
        """What has to hold of each row."""
        ends: list[Check] = [Identifier(name) for name in self.ends.values()]
        truths: list[Check] = [Truth(self.negated)] if self.negated else []
        return [*ends, *truths, *(Twins(first, again) for first, again in self.twins)]


def edge_columns(head: Header) -> Columns | None:
    """Return the columns of an edge file, or None if the header is of something else."""
    found = {bare(name): name for name in reversed(head.names)}
    if not all(end in found for end in ENDS):
        return None
    single = _first(SINGLE, found)
    negated = found.get("negated", "")
    ends = {end: found[end] for end in ENDS}
    used = {*ends.values(), *single.values(), negated}
    twins = _twins(head, used)
    unkept = used | {again for _, again in twins}
    qualifiers = {bare(name): name for name in head.names if name not in unkept and is_qualifier(name)}
    rest = {name: name for name in head.names if name not in unkept and name not in qualifiers.values()}
    return Columns(records.EDGES, ends, negated, single, qualifiers, rest, twins)


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
    return Columns(records.NODES, {"id": found["id"]}, deprecated, single, {}, rest, twins)


def _twins(head: Header, used: set[str]) -> list[tuple[str, str]]:
    """Return the columns that repeat the name of a used one, each with that; spelling apart, a name is a name."""
    first = {bare(name): name for name in used if name}
    named = zip(head.cells, head.names, strict=True)
    return [(first[bare(cell)], name) for cell, name in named if bare(cell) in first and name not in used]


def _first(wanted: Mapping[str, Sequence[str]], found: Mapping[str, str]) -> dict[str, str]:
    taken = {column: next((found[name] for name in names if name in found), "") for column, names in wanted.items()}
    return {column: name for column, name in taken.items() if name}


def batches(part: Rows, columns: Columns, head: Header, origin: Origin, faults: list[Fault]) -> Iterator[records.Batch]:
    """Yield the records of rows; rows that make none become faults."""
    frame = sift(part, head, columns.checks, faults)
    if not frame.height:
        return
    made: dict[str, pl.Series | str] = {"line": frame[LINE]}
    made |= {column: frame[name] for column, name in {**columns.ends, **columns.single}.items()}
    made |= {column: joined(frame[columns.single[column]]) for column in LISTS if column in columns.single}
    if columns.negated:
        made["negated" if columns.kind == records.EDGES else "deprecated"] = negation(frame[columns.negated])
    if columns.kind == records.EDGES:
        made["frequency"] = _frequency(frame, made.get("frequency", ""), columns)
    if columns.qualifiers:
        made["qualifiers"] = json_objects(frame, columns.qualifiers)
    if columns.rest:
        made["rest"] = json_objects(frame, columns.rest)
    if columns.kind == records.EDGES:
        made = readers_edges.restored(made, frozenset(map(bare, (*columns.qualifiers, *columns.rest))))
    blank = [name for name, values in made.items() if isinstance(values, pl.Series) and _empty(values)]
    length = len(made["line"])
    yield origin.batch(columns.kind, {name: values for name, values in made.items() if name not in blank}, length)


def _frequency(frame: pl.DataFrame, own: pl.Series | str, columns: Columns) -> pl.Series | str:
    """Return how often it is so: as the frequency says, else n/m or per cent as Biolink's counts say.

    The counts stay in `rest` too: they may say more than the frequency does.
    """
    names = {bare(name): name for name in columns.rest.values()}
    ways = []
    if "has_count" in names and "has_total" in names:
        count, total = frame[names["has_count"]], frame[names["has_total"]]
        ways.append(pl.when(pl.lit((count != "") & (total != ""))).then(pl.lit(count + "/" + total)))
    if "has_percentage" in names:
        percentage = frame[names["has_percentage"]]
        ways.append(pl.when(pl.lit(percentage != "")).then(pl.lit(percentage + "%")))
    if not ways:
        return own
    given = own if isinstance(own, pl.Series) else pl.repeat(own, frame.height, dtype=pl.String, eager=True)
    said = pl.when(pl.lit(given != "")).then(pl.lit(given)).otherwise(pl.lit(None))
    return frame.select(pl.coalesce(said, *ways, pl.lit("")).alias("frequency"))["frequency"]


def _empty(values: pl.Series) -> bool:
    return values.dtype == pl.String and not filled(values)
