"""KGX JSON Lines: the same nodes, edges and claims as KGX TSV, with lists as lists."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from calcinosis_kg.errors import InputError
from calcinosis_kg.interchange import rows, sheaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyoxigraph as ox

ENDINGS = {f"_{part}.jsonl": part for part in (sheaves.NODES, *rows.PARTS)}
"""Ending of a file to the part that it holds."""


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return the content of each file, by its ending; what is empty is left out, but never `negated`."""
    return {f"_{part}.jsonl": content for part, content in sheaves.written(quads, _lines).items()}


def read(files: Mapping[str, bytes], place: str) -> list[ox.Quad]:
    """Return what files say that `write` made.

    Raises:
        InputError: They are not such files.
    """
    stem = next((place.removesuffix(ending) for ending in ENDINGS if place.endswith(ending)), place)
    found = {ENDINGS[ending]: _rows(content, f"{stem}{ending}") for ending, content in files.items()}
    return sheaves.read(found, lambda part: f"{stem}_{part}.jsonl")


def _lines(found: list[rows.Row], columns: tuple[str, ...]) -> bytes:
    made = []
    for row in found:
        kept = {name: row[name] for name in columns if row[name] not in (None, []) and (row[name] or name == "negated")}
        made.append(json.dumps(kept, ensure_ascii=False, separators=(",", ":")))
    return "".join(f"{line}\n" for line in made).encode()


def _rows(content: bytes, place: str) -> Iterator[tuple[int, rows.Row]]:
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                raise InputError("not JSON", "Write the files again.", f"{place}:{number}") from error
            if not isinstance(row, dict):
                raise InputError("not a JSON object", "Write the files again.", f"{place}:{number}")
            yield number, row
