"""Reads any input of a merge into batches of records: the one door to the readers of each format."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import (
    readers_kinds as kinds,
)
from calcinosis_kg.merging import readers_tables, records
from calcinosis_kg.merging.readers_cells import Origin
from calcinosis_kg.merging.readers_streams import NOTE, Stream, plain_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from calcinosis_kg.merging import readers_columns


def source_name(path: Path) -> str:
    """Return the name that a source has if it is given none: the file's, without its endings.

    >>> source_name(Path("data/hp.obo.gz")), source_name(Path("mondo.sssom.tsv"))
    ('hp', 'mondo')
    """
    return plain_name(path.name).partition(".")[0] or path.name


def read(
    path: str | Path, source: str = "", *, strict: bool = False, mapping_file: str | Path | None = None
) -> Iterator[records.Batch]:
    """Yield the records of a file, in batches that bound the memory.

    Each row of the file ends in a record or in a `quarantine` record with its line and the reason. A quarantine
    record whose reason starts with 'note: ' is about the file as a whole, and stands for no row.

    Args:
        path: A file of RDF, OBO, OBO Graph JSON, terms as JSON, KGX, SSSOM, HPO annotations, Hetionet, or a table;
            may be packed.
        source: Name of the input; the file's name without endings if it is empty.
        strict: Whether the first quarantine record is an error.
        mapping_file: A YAML file that says what the columns of a table are.

    Raises:
        InputError: The file cannot be read or recognised, or, if `strict`, anything is wrong with it.
        SourceError: The column mapping is badly written.
        MissingExtraError: A library for its packing is not installed.
    """
    file = Path(path)
    if file.is_dir():
        raise InputError("is a folder", "Give the files in it.", str(file))
    stream = Stream(file)
    origin = Origin(source or source_name(file), file.name)
    for batch in _batches(stream, origin, Path(mapping_file) if mapping_file else None):
        if strict and batch.kind == records.QUARANTINE:
            first = batch.table.slice(0, 1).to_pylist()[0]
            problem, _, remedy = first["reason"].removeprefix(NOTE).partition(". ")
            raise InputError(
                problem.rstrip("."), remedy or "Mend the file, or read it without strict.", f"{file}:{first['line']}"
            )
        yield batch


def _batches(stream: Stream, origin: Origin, mapping: Path | None) -> Iterator[records.Batch]:
    for batch in _records(stream, origin, mapping):
        if stream.faults:
            yield origin.faults(stream.taken())
        yield batch
    if stream.faults:
        yield origin.faults(stream.taken())


def _records(stream: Stream, origin: Origin, mapping: Path | None) -> Iterator[records.Batch]:
    plan = _plan(mapping) if mapping else None
    kind = kinds.kind(stream)
    if plan and kind not in (kinds.TABLE, kinds.PARQUET):
        problem = f"is {kind}, which takes no column mapping"
        raise InputError(problem, "Leave the mapping out.", str(stream.path))
    if kind == kinds.EMPTY:
        stream.note("is empty")
        return iter(())
    if kind == kinds.TABLE:
        return readers_tables.read(stream, origin, plan)
    if kind == kinds.PARQUET:
        return readers_tables.parquet(stream, origin, plan)
    return _other(kind)(stream, origin)


def _plan(mapping: Path) -> readers_columns.Plan:
    from calcinosis_kg.merging import readers_columns  # noqa: PLC0415 - YAML and its schemas, for this alone

    return readers_columns.plan(mapping)


def _other(kind: str) -> Callable[[Stream, Origin], Iterator[records.Batch]]:
    """Return the reader of what is no table; a few rows of TSV are appended without its libraries."""
    if kind in (kinds.LINES, kinds.DOCUMENT):
        from calcinosis_kg.merging import readers_objects  # noqa: PLC0415 - as said above

        return readers_objects.lines if kind == kinds.LINES else readers_objects.document
    if kind == kinds.OBO:
        from calcinosis_kg.merging import readers_obo  # noqa: PLC0415 - as said above

        return readers_obo.read
    if kind == kinds.OBOGRAPH:
        from calcinosis_kg.merging import readers_obograph  # noqa: PLC0415 - as said above

        return readers_obograph.read
    if kind == kinds.TERMS:
        from calcinosis_kg.merging import readers_terms  # noqa: PLC0415 - as said above

        return readers_terms.read
    from calcinosis_kg.merging import readers_rdf  # noqa: PLC0415 - as said above

    return partial(readers_rdf.read, kind=kind)
