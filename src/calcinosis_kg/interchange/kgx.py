"""KGX TSV: nodes, asserted edges, and in files of their own what is denied and what is refuted.

The form is that of https://github.com/biolink/kgx ("KGX format"); kgx reads a file as edges if its name has
`edges.tsv` in it, and so passes the other two over.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from calcinosis_kg.errors import InputError
from calcinosis_kg.interchange import rows, sheaves
from calcinosis_kg.interchange.escapes import escaped, joined, parted, unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyoxigraph as ox

ENDINGS = {f"_{part}.tsv": part for part in (sheaves.NODES, *rows.PARTS)}
"""Ending of a file to the part that it holds."""


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return the content of each file, by its ending.

    >>> from calcinosis_kg import shipped
    >>> list(write(shipped.quads()))
    ['_nodes.tsv', '_edges.tsv', '_negated_claims.tsv', '_refuted_claims.tsv']
    """
    return {f"_{part}.tsv": content for part, content in sheaves.written(quads, _table).items()}


def read(files: Mapping[str, bytes], place: str) -> list[ox.Quad]:
    """Return what files say that `write` made.

    Raises:
        InputError: They are not such files.
    """
    stem = next((place.removesuffix(ending) for ending in ENDINGS if place.endswith(ending)), place)
    found = {ENDINGS[ending]: _rows(content, f"{stem}{ending}") for ending, content in files.items()}
    return sheaves.read(found, lambda part: f"{stem}_{part}.tsv")


def _table(found: list[rows.Row], columns: tuple[str, ...]) -> bytes:
    lines = ["\t".join(columns), *("\t".join(_cell(row[name], name) for name in columns) for row in found)]
    return "".join(f"{line}\n" for line in lines).encode()


def _cell(value: Any, column: str) -> str:  # noqa: ANN401 - what a row holds
    if value is None or value is False:
        return ""  # kgx takes any text for true, `false` too
    if value is True:
        return "true"
    if column in rows.JSON:
        return escaped(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) if value else ""
    made = joined([str(item) for item in value]) if column in rows.LISTS else escaped(value)
    return f"%22{made[1:]}" if made.startswith('"') else made  # else data frames take it for the start of a quotation


def _rows(content: bytes, place: str) -> Iterator[tuple[int, rows.Row]]:
    try:
        lines = content.decode().replace("\r\n", "\n").rstrip("\n").split("\n")
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8", "Write the files again.", place) from error
    columns = lines[0].split("\t")
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            problem = f"{len(cells)} cells stand below {len(columns)} columns"
            raise InputError(problem, "Write the files again.", f"{place}:{number}")
        yield number, {name: _value(cell, name, f"{place}:{number}") for name, cell in zip(columns, cells, strict=True)}


def _value(cell: str, column: str, place: str) -> Any:  # noqa: ANN401 - as in _cell
    if column in rows.TRUTHS:
        if cell.lower() not in ("", "true", "false"):
            raise InputError(f"{column} is '{cell}'", "Write true, or leave it empty.", place)
        return cell.lower() == "true"
    if column in rows.LISTS:
        return parted(cell)
    if column in rows.JSON and cell:
        try:
            return json.loads(unescaped(cell))
        except ValueError as error:
            raise InputError(f"{column} is not JSON", "Write the files again.", place) from error
    return unescaped(cell)
