"""Tables by their header: KGX, SSSOM, HPO annotations, Hetionet, or whatever a column mapping says."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import (
    readers_hetionet,
    readers_hpoa,
    readers_kgx,
    readers_objects,
    readers_sssom,
    records,
)
from calcinosis_kg.merging.readers_rows import Header, Rows, header, rows
from calcinosis_kg.merging.readers_streams import Fault, Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from calcinosis_kg.merging import readers_columns
    from calcinosis_kg.merging.readers_cells import Origin

Comments = list[tuple[int, str]]


def read(stream: Stream, origin: Origin, plan: readers_columns.Plan | None) -> Iterator[records.Batch]:
    """Yield the records of a delimited text.

    Raises:
        InputError: The header cannot be read, or is of nothing known and there is no column mapping.
    """
    blocks = stream.lines()
    comments, raw, line, rest = _opening(blocks, stream.faults)
    if raw is None:
        stream.note("has no header and no rows")
        return
    head = header(raw, line, str(stream.path))
    reader = _reader(head, comments, origin, plan, stream)
    if head.twins:
        names = ", ".join(dict.fromkeys(cell for cell, _ in head.twins))
        stream.note(f"the header repeats the columns {names}", line)
    for part in rows(stream, itertools.chain(rest, blocks), head):
        yield from reader(part)


def parquet(stream: Stream, origin: Origin, plan: readers_columns.Plan | None) -> Iterator[records.Batch]:
    """Yield the records of a Parquet file.

    Raises:
        InputError: It is no Parquet, or its columns are nothing known and there is no column mapping.
    """
    reader = None
    for head, part in readers_objects.parquet(stream.path):
        reader = reader or _reader(head, [], origin, plan, stream)
        yield from reader(part)


def _opening(
    blocks: Iterator[tuple[int, bytes]], faults: list[Fault]
) -> tuple[Comments, bytes | None, int, list[tuple[int, bytes]]]:
    """Return the comments before the header, the header, its line, and what is left of its block."""
    comments: Comments = []
    for first, block in blocks:
        start = 0
        for number in itertools.count(first):
            end = block.find(b"\n", start)
            if end < 0:
                break
            raw = block[start:end]
            start = end + 1
            if raw.startswith(b"#") and not _is_header(raw):
                comments.append((number, raw.decode("utf-8", "backslashreplace")))
            elif raw.strip():
                return comments, _uncommented(raw), number, [(number + 1, block[start:])] if start < len(block) else []
            else:
                faults.append(Fault(number, "is blank. Delete it."))
    return comments, None, 0, []


def _is_header(raw: bytes) -> bool:
    """Whether a line with a comment sign is a header: those of older HPO annotations are."""
    return readers_hpoa.Annotations.of(header(_uncommented(raw), 1, "")) is not None if raw.count(b"\t") > 2 else False  # noqa: PLR2004 - fewer cells make none


def _uncommented(raw: bytes) -> bytes:
    """Return an old HPO header as column names."""
    return raw.removeprefix(b"#").removeprefix(b"Format: ") if raw.startswith(b"#") else raw


def _reader(
    head: Header, comments: Comments, origin: Origin, plan: readers_columns.Plan | None, stream: Stream
) -> Callable[[Rows], Iterator[records.Batch]]:

    if plan is not None:
        from calcinosis_kg.merging import readers_columns  # noqa: PLC0415 - YAML and its schemas, for this alone

        readers_columns.check(plan, head, f"{stream.path}:{head.line}")
        return lambda part: readers_columns.batches(part, head, plan, origin, stream.faults)
    if readers_sssom.is_header(head.names):
        said = comments or _beside(stream.path)
        metadata = readers_sssom.metadata(said)
        meant, notes = readers_sssom.meanings(readers_sssom.curie_map(said))
        for note in notes:
            stream.note(note)
        return lambda part: readers_sssom.batches(part, head, metadata, origin, stream.faults, meant=meant)
    annotations = readers_hpoa.Annotations.of(head)
    if annotations is not None:
        return lambda part: annotations.batches(part, head, origin, stream.faults)
    if readers_hetionet.kind(head):
        return lambda part: readers_hetionet.batches(part, head, origin, stream.faults)
    columns = readers_kgx.edge_columns(head) or readers_kgx.node_columns(head)
    if columns is not None:
        return lambda part: readers_kgx.batches(part, columns, head, origin, stream.faults)
    names = ", ".join(head.cells[:8]) + (", …" if len(head.cells) > 8 else "")  # noqa: PLR2004 - so that it fits a line
    remedy = "Give a column mapping in YAML, or the columns of KGX, SSSOM, HPOA or Hetionet."
    raise InputError(f"is a table of unknown columns: {names}", remedy, f"{stream.path}:{head.line}")


def _beside(path: Path) -> Comments:
    """Return the lines of a mapping set's metadata file, `x.sssom.yml` beside `x.sssom.tsv`, if there is one."""
    stem = path.name.partition(".sssom.")[0]
    for name in (f"{stem}.sssom.yml", f"{stem}.sssom.yaml"):
        beside = path.with_name(name)
        if beside.is_file():
            lines = beside.read_text(encoding="utf-8", errors="backslashreplace").splitlines()
            return list(enumerate(lines, 1))
    return []
