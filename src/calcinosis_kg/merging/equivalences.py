"""The mapping records of a merge and what sources say of identifiers: settled, and written with their verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calcinosis_kg.merging import columns, identity, records
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
    told: dict[str, tuple[set[str], set[str]]] = {}
    for table in spool.read():
        old = table.filter(table["deprecated"].combine_chunks())
        cells = zip(_normal(old["id"], spelling), _texts(old["replaced_by"]), _texts(old["consider"]), strict=True)
        for name, successors, consider in cells:
            entry = told.setdefault(name, (set(), set()))
            entry[0].update(spelling.normal(records.split(successors)))
            entry[1].update(spelling.normal(records.split(consider)))
    wanted = met | told.keys() | {successor for successors, _ in told.values() for successor in successors}
    categories: dict[str, set[str]] = {}
    for table in spool.read():
        for name, cell in zip(_normal(table["id"], spelling), _texts(table["category"]), strict=True):
            if cell and name in wanted:
                categories.setdefault(name, set()).update(spelling.normal(records.split(cell)))
    found = {}
    for name in told.keys() | categories.keys():
        successors, consider = told.get(name, ((), ()))
        kinds = tuple(sorted(categories.get(name, ())))
        found[name] = Facts(kinds, name in told, tuple(sorted(successors)), tuple(sorted(consider)))
    return found


def write(settled: Settled, folder: Path, spelling: Spelling) -> None:
    """Write the mapping records with their verdicts, as Parquet and as SSSOM, and which identifier stands for which."""
    pq.write_table(settled.mappings, folder / FILE, compression="zstd", store_schema=False)
    pairs = sorted(settled.identity.leader.items())
    aliases = {"alias": [alias for alias, _ in pairs], "leader": [leader for _, leader in pairs]}
    schema = pa.schema([("alias", pa.string()), ("leader", pa.string())])
    pq.write_table(pa.table(aliases, schema=schema), folder / ALIASES, compression="zstd", store_schema=False)
    for name, verdict in ((USED, identity.USED), (REFUSED, identity.REFUSED)):
        some = settled.mappings.filter(pc.equal(settled.mappings["verdict"], verdict))
        shown = {column: [str(cell) for cell in some[column].to_pylist()] for column in _SHOWN}
        for column in ("subject_id", "predicate_id", "object_id"):
            shown[column] = spelling.normal(shown[column])
        ends = {
            text.partition(":")[0] for column in ("subject_id", "predicate_id", "object_id") for text in shown[column]
        }
        with (folder / name).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_head(ends | {"semapv"}))
            file.write("\t".join(_SHOWN) + "\n")
            file.writelines("\t".join(map(_cell, row)) + "\n" for row in zip(*shown.values(), strict=True))


def _cell(text: str) -> str:
    return text.translate({9: " ", 10: " ", 13: " "})


def _head(names: Iterable[str]) -> Iterator[str]:
    """Yield the curie map; a prefix that we do not have is the Bioregistry's to resolve."""
    ours = prefixes()
    yield "#curie_map:\n"
    for name in sorted(names):
        yield f'#  "{name}": {ours.get(name, f"https://bioregistry.io/{name}:")}\n'


def aliases(folder: Path) -> Mapping[str, str]:
    """Return the aliases of a result: identifier to leader."""
    table = pq.read_table(folder / ALIASES)
    return dict(zip(table["alias"].to_pylist(), table["leader"].to_pylist(), strict=True))
