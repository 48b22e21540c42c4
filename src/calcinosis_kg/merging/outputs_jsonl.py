"""KGX JSON Lines of a result: the same nodes, edges and claims as the TSV, with lists as lists."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from calcinosis_kg.merging import parquet, records, tables
from calcinosis_kg.merging.outputs_kgx import EDGE, LISTS, NAMED, NODE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_LISTED = LISTS | {"category"}
_TOLD = 5_000


def write(folder: Path, told: Callable[[str, int, int], None]) -> None:
    """Write `kgx/nodes.jsonl`, `kgx/edges.jsonl` and `kgx/claims.jsonl` from the tables of a result.

    A qualifier whose name ends in `_qualifier` is a property of its edge; the others stand in `qualifiers`. What is
    empty is left out, but never `negated`.
    """
    kgx, total = folder / "kgx", parquet.length(folder / tables.STATEMENTS)
    with (
        (kgx / "edges.jsonl").open("w", encoding="utf-8", newline="\n") as edges,
        (kgx / "claims.jsonl").open("w", encoding="utf-8", newline="\n") as claims,
    ):
        for number, row in enumerate(tables.rows(folder / tables.STATEMENTS)):
            (claims if row["standing"] else edges).write(_line(_qualified(row), EDGE))
            if not number % _TOLD:
                told("writing JSON Lines", number, total)
    with (kgx / "nodes.jsonl").open("w", encoding="utf-8", newline="\n") as nodes:
        for row in tables.rows(folder / tables.NODES):
            nodes.write(_line({**row, "category": row["category"] or NAMED}, NODE))


def _qualified(row: tables.Row) -> tables.Row:
    if not row["qualifiers"]:
        return row
    found = json.loads(row["qualifiers"])
    slots = {key: value for key, value in found.items() if key.endswith("_qualifier") or key == "qualified_predicate"}
    slots = {key: value for key, value in slots.items() if key not in row}
    return {
        **row,
        **slots,
        "qualifiers": records.canonical({k: v for k, v in found.items() if k not in slots}),
        "": slots,
    }


def _line(row: tables.Row, shown: Mapping[str, str]) -> str:
    made = {name: records.split(row[cell]) if cell in _LISTED else row[cell] for name, cell in shown.items()}
    made |= row.get("", {})
    kept = {name: value for name, value in made.items() if value not in ("", [])}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n"
