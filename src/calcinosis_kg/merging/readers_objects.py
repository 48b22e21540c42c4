"""KGX as JSON Lines or as one JSON document, and Parquet: objects become rows of text, then go the way of TSV."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

from calcinosis_kg.merging import kgx_names, readers_kgx, records
from calcinosis_kg.merging.readers_cells import Origin, pl
from calcinosis_kg.merging.readers_rows import LINE, Header, Rows
from calcinosis_kg.merging.readers_streams import Fault, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from calcinosis_kg.merging.readers_streams import Stream

_ROWS = 50_000
_EDGE = frozenset({"subject", "predicate", "object"})


def lines(stream: Stream, origin: Origin) -> Iterator[records.Batch]:
    """Yield the records of JSON Lines: an object with an end of an edge is an edge, any other is a node."""
    for first, block in stream.lines():
        numbered = enumerate(block.split(b"\n")[:-1], first)
        for some in itertools.batched(numbered, _ROWS) if hasattr(itertools, "batched") else _batched(numbered):
            good: list[tuple[int, dict[str, str], str]] = []
            for number, raw in some:
                found = parsed(raw)
                if isinstance(found, str):
                    stream.faults.append(Fault(number, found, shown(raw)))
                else:
                    good.append((number, found, shown(raw)))
            yield from _batches(good, origin, stream.faults)


def document(stream: Stream, origin: Origin) -> Iterator[records.Batch]:
    """Yield the records of a KGX JSON document, an object with the lists `nodes` and `edges`, numbered in turn."""
    content = loads(b"".join(stream.content()))
    lists = [content.get(kind, []) if isinstance(content, dict) else "" for kind in ("nodes", "edges")]
    if not all(isinstance(part, list) for part in lists):
        reason = content if isinstance(content, str) else "has no lists 'nodes' and 'edges'. Write KGX JSON."
        stream.faults.append(Fault(1, reason))
        return
    for keys in sorted(set(content) - {"nodes", "edges"}):
        stream.note(f"the key '{keys}' was not read")
    good: list[tuple[int, dict[str, str], str]] = []
    for number, value in enumerate(itertools.chain(*lists), 1):
        found = _row(value)
        text = json.dumps(value, ensure_ascii=False)
        if isinstance(found, str):
            stream.faults.append(Fault(number, found, text))
        else:
            good.append((number, found, text))
    for start in range(0, len(good), _ROWS):
        yield from _batches(good[start : start + _ROWS], origin, stream.faults)


def parquet(path: Path) -> Iterator[tuple[Header, Rows]]:
    """Yield the rows of a Parquet file as text; lines are numbers of rows.

    Raises:
        InputError: The file is no Parquet.
    """
    import pyarrow as pa  # noqa: PLC0415 - for this format alone
    import pyarrow.parquet as pq  # noqa: PLC0415 - for this format alone

    from calcinosis_kg.errors import InputError  # noqa: PLC0415 - as above

    first = 1
    try:
        with pq.ParquetFile(path) as file:
            for some in file.iter_batches(_ROWS):
                names = tuple(some.schema.names)
                head = Header(names, 0, "\t", names)
                columns = {name: [_text(value) for value in some.column(name).to_pylist()] for name in names}
                frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
                numbers = pl.Series(LINE, range(first, first + some.num_rows), dtype=pl.Int64)
                yield head, Rows(frame.with_columns(numbers))
                first += some.num_rows
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"is no whole Parquet file ({error})", "Write it again.", str(path)) from error


def parsed(raw: bytes) -> dict[str, str] | str:
    """Return one line of JSON as texts by key, or the reason why it has none.

    >>> parsed(b'{"id": "A:1", "n": 2, "of": ["x", "y"], "none": null}')
    {'id': 'A:1', 'n': '2', 'of': 'x|y', 'none': ''}
    """
    if not raw.strip():
        return "is blank. Delete it."
    found = loads(raw)
    return found if isinstance(found, str) and not raw.lstrip().startswith(b'"') else _row(found)


def loads(raw: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what JSON holds, or the reason why it is none: no key twice, no NaN, no depth without end."""
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_pairs, parse_constant=_constant)
    except UnicodeDecodeError as error:
        return f"is not UTF-8 (byte {error.start + 1}). Save the file as UTF-8."
    except json.JSONDecodeError as error:
        return f"is no JSON ({error.msg}, column {error.colno}). Mend it."
    except (ValueError, RecursionError) as error:
        return f"is no good JSON ({str(error) or 'nested too deep'}). Mend it."


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _row(value: object) -> dict[str, str] | str:
    if not isinstance(value, dict):
        return "is no JSON object. Write {...}."
    return {key: _text(content) for key, content in value.items() if key != LINE}


def _text(value: object) -> str:
    """Return a value as a cell: lists of scalars with '|', whatever nests as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and not any(isinstance(part, list | dict) for part in value):
        return "|".join(_text(part) for part in value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _batches(
    good: list[tuple[int, dict[str, str], str]], origin: Origin, faults: list[Fault]
) -> Iterator[records.Batch]:
    edges = [row for row in good if not _EDGE.isdisjoint(map(kgx_names.bare, row[1]))]
    nodes = [row for row in good if _EDGE.isdisjoint(map(kgx_names.bare, row[1]))]
    for kind, rows, needed in (
        (records.EDGES, edges, ("subject", "predicate", "object")),
        (records.NODES, nodes, ("id", "name")),
    ):
        if not rows:
            continue
        names = tuple(sorted({name for _, row, _ in rows for name in row} | _missing(needed, rows)))
        head = Header(names, 0, "\t", names)
        columns: Mapping[str, Iterable[str]] = {name: [row.get(name, "") for _, row, _ in rows] for name in names}
        frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
        part = Rows(
            frame.with_columns(pl.Series(LINE, [row[0] for row in rows], dtype=pl.Int64)),
            {row[0]: row[2] for row in rows},
        )
        of = readers_kgx.edge_columns(head) if kind == records.EDGES else readers_kgx.node_columns(head)
        if of is not None:
            yield from readers_kgx.batches(part, of, head, origin, faults)


def _missing(needed: Iterable[str], rows: list[tuple[int, dict[str, str], str]]) -> set[str]:
    there = {kgx_names.bare(name) for _, row, _ in rows for name in row}
    return set(needed) - there


def _batched(items: Iterator[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    while some := list(itertools.islice(items, _ROWS)):
        yield some
