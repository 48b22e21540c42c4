"""What goes into a merge: files, earlier results, tables in memory; and their records, gathered on disk."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import columns, records
from calcinosis_kg.merging.spool import Room, Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A source: a name for some bytes.

    Attributes:
        source: Its name.
        file: Name of its file, without folder.
        sha256: Digest of the file's bytes, and of what else decides on the records, such as a column mapping.
        size: Bytes of the file.
    """

    source: str
    file: str
    sha256: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Input:
    """Some sources that are read together.

    Attributes:
        origins: The sources.
        read: Given the names of sources, yields their records and no others.
    """

    origins: tuple[Origin, ...]
    read: Callable[[frozenset[str]], Iterator[records.Batch]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The records of all inputs.

    Attributes:
        origins: The sources, sorted.
        spools: Kind of record to its coded records.
        counts: Source to kind of record to number of records.
        room: The memory in which they are kept as long as there is some.
    """

    origins: Sequence[Origin]
    spools: Mapping[str, Spool]
    counts: Mapping[str, Mapping[str, int]]
    room: Room = field(default_factory=Room)


def of_tables(source: str, batches: Sequence[records.Batch]) -> Input:
    """Return an input made of tables in memory; its digest is that of their content.

    >>> of_tables("mine", []).origins[0].source
    'mine'
    """
    digest = hashlib.sha256()
    for kind in records.COLUMNS:
        rows = sorted(repr(row) for batch in batches if batch.kind == kind for row in batch.table.to_pylist())
        digest.update("\n".join([kind, *rows]).encode())
    return Input((Origin(source, source, digest.hexdigest()),), lambda _: iter(batches))


def of_file(
    path: Path, source: str, read: Callable[[], Iterator[records.Batch]], *, also: Iterable[Path] = ()
) -> Input:
    """Return an input that is one file.

    Args:
        path: The file.
        source: Its name.
        read: Yields its records.
        also: Other files that decide on the records, such as a column mapping.

    Raises:
        InputError: A file cannot be read.
    """
    try:
        digests = [_digest(name) for name in (path, *also)]
        size = path.stat().st_size
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise InputError(f"cannot be read: {reason}", "Check the file and its rights.", str(path)) from error
    whole = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    return Input((Origin(source, path.name, whole, size),), lambda _: read())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def chosen(inputs: Sequence[Input]) -> list[tuple[Input, frozenset[str]]]:
    """Return the inputs, each with the sources to read of it: the same source given twice counts once.

    Raises:
        InputError: Two different sources have one name.
    """
    met: dict[str, Origin] = {}
    found = []
    for one in inputs:
        names = set()
        for origin in one.origins:
            other = met.setdefault(origin.source, origin)
            if other.sha256 != origin.sha256:
                problem = f"two inputs are called '{origin.source}' ({other.file} and {origin.file}) and differ"
                raise InputError(problem, "Give one of them another name: NAME=PATH.")
            if other is origin:
                names.add(origin.source)
        if names:
            found.append((one, frozenset(names)))
    return found


def gather(
    inputs: Sequence[Input], folder: Path, told: Callable[[str, int], None], room: Room | None = None
) -> Gathered:
    """Read all inputs and keep their records.

    Args:
        inputs: The inputs.
        folder: Where to keep what finds no room.
        told: Called with the name of a source and its number of records so far.
        room: Memory that may be used.

    Raises:
        InputError: Two different sources have one name, or one cannot be read.
    """
    room = room or Room()
    spools = {kind: Spool(folder / f"{kind}.arrow", room) for kind in records.COLUMNS}
    counts: dict[str, Counter[str]] = {}
    origins: list[Origin] = []
    for one, names in chosen(inputs):
        for origin in one.origins:
            if origin.source in names:
                origins.append(origin)
                counts.setdefault(origin.source, Counter())
        for batch in one.read(names):
            if batch.table.num_rows:
                table = columns.encode(batch.table.select(records.COLUMNS[batch.kind]))
                spools[batch.kind].add(table)
                for source, number in _by_source(table).items():
                    counts[source][batch.kind] += number
                    told(source, sum(counts[source].values()))
    for spool in spools.values():
        spool.close()
    return Gathered(sorted(origins), spools, counts, room)


def _by_source(table: pa.Table) -> dict[str, int]:
    column = columns.whole(table["source"])
    numbers = np.bincount(columns.codes(column), minlength=len(column.dictionary)).tolist()
    return {name: number for name, number in zip(column.dictionary.to_pylist(), numbers, strict=True) if number}
