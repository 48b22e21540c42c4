"""An earlier result: its records again, without a source if wanted, and what one of its statements rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import columns, equivalences, inputs, leftovers, merges, parquet, records, store
from calcinosis_kg.merging.prefixes import normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_FILES = {
    records.EDGES: merges.EVIDENCE,
    records.NODES: merges.NODE_EVIDENCE,
    records.MAPPINGS: equivalences.FILE,
    records.CARRIED: leftovers.CARRIED,
    records.QUARANTINE: leftovers.QUARANTINE,
}
"""Kind of record to the file of a result that holds the records."""
SEGMENTS = "segments"
_DIGITS = 32


def as_input(folder: Path) -> inputs.Input:
    """Return a result as an input: merging it is merging its records.

    Raises:
        InputError: The folder is no result.
    """
    found = store.manifest(folder)
    told = [entry for part in (found, *found.get(SEGMENTS, ())) for entry in part["inputs"]]
    origins = tuple(
        sorted(inputs.Origin(entry["source"], entry["file"], entry["sha256"], entry["bytes"]) for entry in told)
    )
    folders = [folder, *(folder / SEGMENTS / part["name"] for part in found.get(SEGMENTS, ()))]

    def read(names: frozenset[str]) -> Iterator[records.Batch]:
        for part in folders:
            yield from _records(part, names)

    return inputs.Input(origins, read)


def _records(folder: Path, names: frozenset[str]) -> Iterator[records.Batch]:
    for kind, file in _FILES.items():
        for table in parquet.read(folder / file, list(records.COLUMNS[kind])):
            column = columns.whole(table["source"])
            wanted = [name in names for name in column.dictionary.to_pylist()]
            if not all(wanted):
                table = table.filter(pa.array(wanted).take(column.indices))  # noqa: PLW2901 - what is wanted of it
            if table.num_rows:
                yield records.Batch(kind, table)


def unmerge(folder: Path, source: str, out: Path, settings: merges.Settings | None = None) -> dict[str, Any]:
    """Write a result without one of its sources: the same bytes as a merge that never had it.

    Args:
        folder: The result.
        source: Name of the source.
        out: Where to write; may be `folder`.
        settings: Memory, threads and progress; what decides on the result is taken from its manifest.

    Raises:
        InputError: The folder is no result, or has no such source.
    """
    whole = as_input(folder)
    kept = tuple(origin for origin in whole.origins if origin.source != source)
    if len(kept) == len(whole.origins):
        known = ", ".join(origin.source for origin in whole.origins)
        raise InputError(f"has no source '{source}'", f"Its sources are: {known}.", str(folder))
    return merges.merge([inputs.Input(kept, whole.read)], out, as_before(folder, settings))


def as_before(folder: Path, settings: merges.Settings | None = None) -> merges.Settings:
    """Return settings with the options that a result was made with."""
    options = store.manifest(folder)["options"]
    given = settings or merges.Settings()
    return replace(
        given,
        leaders=tuple(options["leaders"]),
        confidence=options["confidence"],
        formats=tuple(options.get("formats", ())),
    )


def explain(folder: Path, statement_id: str) -> dict[str, Any]:
    """Return what a statement rests on.

    Args:
        folder: The result.
        statement_id: The statement's id, 32 hexadecimal digits.

    Returns:
        `statement`; `evidence`, its records with file and line; and `mappings`, the rows that made one identifier
        of those in the records and those in the statement.

    Raises:
        InputError: The folder is no result, or has no such statement.
    """
    folders = parts(folder)
    try:
        wanted = bytes.fromhex(statement_id)
    except ValueError:
        wanted = b""
    if len(wanted) * 2 != _DIGITS:
        problem = f"'{statement_id}' is not the id of a statement"
        raise InputError(problem, "Give 32 hexadecimal digits, as in the column id of kgx/edges.tsv.")
    rows = [row for part in folders for row in _found(part / merges.STATEMENTS, wanted)]
    if not rows:
        problem, remedy = f"has no statement {statement_id}", "Look for its id in kgx/edges.tsv or kgx/claims.tsv."
        raise InputError(problem, remedy, str(folder))
    evidence = [row for part in folders for row in _found(part / merges.EVIDENCE, wanted)]
    written = {row[end] for row in evidence for end in ("subject", "object")}
    ends = {rows[0][end] for end in ("subject", "object")}
    statement_id = statement_id.lower()
    return {
        "statement": {**rows[0], "id": statement_id, "evidence": len(evidence)},
        "evidence": [{name: cell for name, cell in row.items() if name != "id"} for row in evidence],
        "mappings": _mappings(folder, written, ends),
    }


def parts(folder: Path) -> list[Path]:
    """Return the folder of a result and those of its segments.

    Raises:
        InputError: The folder is no result.
    """
    return [folder, *(folder / SEGMENTS / part["name"] for part in store.manifest(folder).get(SEGMENTS, ()))]


def _found(file: Path, wanted: bytes) -> list[dict[str, Any]]:
    table = pq.read_table(file, filters=pc.equal(pc.field("id"), pa.scalar(wanted, columns.ID)))
    return list(table.to_pylist())


def _mappings(folder: Path, written: set[str], ends: set[str]) -> list[Mapping[str, Any]]:
    """Return the rows used in the cliques of the ends, if any identifier in the records is not its own leader."""
    leader = equivalences.aliases(folder)
    changed = {leader.get(normal(name), normal(name)) for name in written if normal(name) not in ends}
    clique = {alias for alias, name in leader.items() if name in changed} | changed
    if not clique:
        return []
    table = pq.read_table(folder / equivalences.FILE, filters=[("verdict", "==", "used")])
    return [
        row
        for row in table.to_pylist()
        if row["predicate_modifier"] != "Not" and {normal(row["subject_id"]), normal(row["object_id"])} <= clique
    ]
