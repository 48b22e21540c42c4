"""The mapping records of a merge and what sources say of identifiers: settled, and written with their verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calcinosis_kg.merging import columns, identity, records
from calcinosis_kg.merging.lines import Lines
from calcinosis_kg.merging.lists import Once
from calcinosis_kg.merging.prefixes import prefix_of
from calcinosis_kg.merging.successors import Facts
from calcinosis_kg.namespaces import prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from calcinosis_kg.merging.inputs import Gathered
    from calcinosis_kg.merging.prefixes import Spelling

FILE = "mappings.parquet"
ALIASES = "aliases.parquet"
USED, REFUSED = "mappings-used.sssom.tsv", "mappings-refused.sssom.tsv"
VERDICT = ("verdict", "reason")
_ENDS = ("subject_id", "predicate_id", "object_id")
_LISTS = ("replaced_by", "consider", "category")
"""Columns of node records that hold several identifiers."""
_SHOWN = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "confidence", "source", "file", "line", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the mapping records.

    Attributes:
        identity: Leaders, and notes on obsolete identifiers.
        mappings: The mapping records with `verdict` and `reason`, sorted.
    """

    identity: identity.Identity
    mappings: pa.Table


def settle(gathered: Gathered, spelling: Spelling, options: identity.Options) -> Settled:
    """Settle which identifiers are the same, from all mapping and node records."""
    tables = list(gathered.spools[records.MAPPINGS].read())
    rows = [row for table in tables for row in _rows(table, spelling)]
    met = {end for row in rows for end in (row.subject, row.object)}
    facts = _facts(gathered, spelling, met)
    settled = identity.settle(rows, facts, options)
    plain = [table.cast(records.SCHEMAS[records.MAPPINGS]) for table in tables]
    table = pa.concat_tables(plain) if plain else records.SCHEMAS[records.MAPPINGS].empty_table()
    for number, name in enumerate(VERDICT):
        table = table.append_column(name, pa.array([said[number] for said in settled.verdicts], pa.string()))
    order = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in table.column_names])
    return Settled(settled, table.take(order))


def _texts(column: pa.ChunkedArray) -> Iterator[str]:
    whole = columns.whole(column)
    values = whole.dictionary.to_pylist()
    return (values[code] for code in columns.codes(whole).tolist())


def _normal(column: pa.ChunkedArray, spelling: Spelling) -> Iterator[str]:
    whole = columns.whole(column)
    values = spelling.normal(whole.dictionary.to_pylist())
    return (values[code] for code in columns.codes(whole).tolist())


def _rows(table: pa.Table, spelling: Spelling) -> Iterator[identity.Row]:
    places = (f"{file}:{line}" for file, line in zip(_texts(table["file"]), table["line"].to_pylist(), strict=True))
    cells = zip(
        _texts(table["source"]), places, _normal(table["subject_id"], spelling),
        _normal(table["predicate_id"], spelling), _normal(table["object_id"], spelling),
        _texts(table["predicate_modifier"]), _texts(table["mapping_justification"]), _texts(table["confidence"]),
        strict=True,
    )  # fmt: skip
    for source, place, subject, predicate, end, modifier, ground, confidence in cells:
        yield identity.Row(source, place, subject, predicate, end, modifier == "Not", ground, confidence)


def _facts(gathered: Gathered, spelling: Spelling, met: set[str]) -> dict[str, Facts]:
    """Return what is known of the identifiers met, of obsolete ones, and of their successors."""
    spool = gathered.spools[records.NODES]
    normal = Once(spelling.of)
    several = {name: Once(lambda values: _split(values, spelling)) for name in _LISTS}
    told: dict[str, tuple[set[str], set[str]]] = {}
    for table in spool.read():
        old = table.filter(table["deprecated"].combine_chunks())
        ids = columns.whole(old["id"])
        next_ones, others = (_each(old[name], several[name]) for name in ("replaced_by", "consider"))
        names = normal.of(ids)
        for code, next_one, other in zip(columns.codes(ids).tolist(), next_ones, others, strict=True):
            successors, consider = told.setdefault(names[code], (set(), set()))
            successors.update(next_one)
            consider.update(other)
    wanted = met | told.keys() | {successor for successors, _ in told.values() for successor in successors}
    in_question = Once(lambda values: np.array([name in wanted for name in spelling.of(values)]))
    categories: dict[str, set[str]] = {}
    for table in spool.read():
        ids = columns.whole(table["id"])
        rows = np.flatnonzero(in_question.of(ids)[columns.codes(ids)])
        names, classes = normal.of(ids), several["category"].of(columns.whole(table["category"]))
        cells = columns.codes(columns.whole(table["category"]))[rows]
        for code, kind in zip(columns.codes(ids)[rows].tolist(), cells.tolist(), strict=True):
            if classes[kind]:
                categories.setdefault(names[code], set()).update(classes[kind])
    found = {}
    for name in told.keys() | categories.keys():
        successors, consider = told.get(name, (set(), set()))
        kinds = tuple(sorted(categories.get(name, ())))
        found[name] = Facts(kinds, name in told, tuple(sorted(successors)), tuple(sorted(consider)))
    return found


def _split(values: pa.Array, spelling: Spelling) -> list[list[str]]:
    """Return the identifiers in each cell."""
    return [spelling.normal(records.split(cell)) for cell in values.to_pylist()]


def _each(column: pa.ChunkedArray, once: Once[list[list[str]]]) -> Iterator[list[str]]:
    whole = columns.whole(column)
    found = once.of(whole)
    return (found[code] for code in columns.codes(whole).tolist())


def write(settled: Settled, folder: Path, spelling: Spelling) -> None:
    """Write the mapping records with their verdicts, as Parquet and as SSSOM, and which identifier stands for which."""
    pq.write_table(settled.mappings, folder / FILE, compression="zstd", store_schema=False)
    pairs = sorted(settled.identity.leader.items())
    aliases = {"alias": [alias for alias, _ in pairs], "leader": [leader for _, leader in pairs]}
    schema = pa.schema([("alias", pa.string()), ("leader", pa.string())])
    pq.write_table(pa.table(aliases, schema=schema), folder / ALIASES, compression="zstd", store_schema=False)
    coded = columns.encode(settled.mappings)
    for name in _ENDS:
        column = coded[name].chunk(0)
        spelt = columns.coded(columns.codes(column), spelling.normal(column.dictionary.to_pylist()))
        coded = coded.set_column(coded.column_names.index(name), name, spelt)
    for name, verdict in ((USED, identity.USED), (REFUSED, identity.REFUSED)):
        some = columns.compacted(coded.filter(pc.equal(settled.mappings["verdict"], verdict)))
        met = {prefix_of(text) for end in _ENDS for text in columns.whole(some[end]).dictionary.to_pylist()}
        with Lines(folder / name, {shown: shown for shown in _SHOWN}, head=_head(met | {"semapv"})) as file:
            file.add(some)


def _head(names: Iterable[str]) -> str:
    """Return the curie map; a prefix that we do not have is the Bioregistry's to resolve."""
    ours = prefixes()
    known = {name: ours.get(name, f"https://bioregistry.io/{name}:") for name in sorted(names) if name}
    return "#curie_map:\n" + "".join(f'#  "{name}": "{iri}"\n' for name, iri in known.items())


def aliases(folder: Path) -> Mapping[str, str]:
    """Return the aliases of a result: identifier to leader."""
    table = pq.read_table(folder / ALIASES)
    return dict(zip(table["alias"].to_pylist(), table["leader"].to_pylist(), strict=True))
