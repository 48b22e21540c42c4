"""KGX JSON Lines of a result: the same nodes, edges and claims as the TSV, with lists as lists.

What the TSV holds as JSON is a text here too, and a property has one type in all rows, as tools make tables
of these files.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from calcinosis_kg.merging import kgx_names, outputs_properties, parquet, records, tables
from calcinosis_kg.merging.outputs_edges import LISTS, Edges
from calcinosis_kg.merging.outputs_kgx import NAMED, NODE, NODE_LISTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NODE_LISTS = NODE_LISTS | {"category"}
_LISTED = frozenset({kgx_names.PROVIDED, *(kgx_names.DETAILS[name] for name in kgx_names.LISTS)})
_BARRED = frozenset({"category", "aggregator_knowledge_source"})
"""Other properties that Biolink has several values of; bars stand between them."""


def write(folder: Path, told: Callable[[str, int, int], None]) -> None:
    """Write `kgx/nodes.jsonl`, `kgx/edges.jsonl` and `kgx/claims.jsonl` from the tables of a result.

    What is empty is left out, but never `negated`.
    """
    kgx, total = folder / "kgx", parquet.length(folder / tables.STATEMENTS)
    rows = Edges(_names(folder))
    done = 0
    with (
        (kgx / "edges.jsonl").open("w", encoding="utf-8", newline="\n") as edges,
        (kgx / "claims.jsonl").open("w", encoding="utf-8", newline="\n") as claims,
    ):
        for some, evidence in tables.grouped(folder / tables.STATEMENTS, folder / tables.EVIDENCE):
            for row in tables.shown(rows.of(some, evidence)):
                (claims if row["standing"] else edges).write(_line(row))
            done += some.num_rows
            told("writing JSON Lines", done, total)
    with (kgx / "nodes.jsonl").open("w", encoding="utf-8", newline="\n") as nodes:
        for row in tables.rows(folder / tables.NODES):
            named = {**row, "category": row["category"] or NAMED}
            cells = {name: records.split(named[cell]) if cell in _NODE_LISTS else named[cell]
                     for name, cell in NODE.items()}  # fmt: skip
            nodes.write(_json(cells))


def _names(folder: Path) -> outputs_properties.Names:
    met = outputs_properties.Met()
    for table in parquet.read(folder / tables.EVIDENCE, ["qualifiers", "rest"]):
        met.add(table)
    return met.names


def _line(row: tables.Row) -> str:
    return _json({name: _value(name, cell) for name, cell in row.items() if cell or name == "negated"})


def _value(name: str, cell: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    if name == "negated":
        return cell == "true"
    if name in _LISTED:
        return records.split(cell)
    if name in _BARRED:
        return cell.split("|")
    return cell.replace("%25", "%") if name in LISTS else cell


def _json(cells: dict[str, Any]) -> str:
    kept = {name: value for name, value in cells.items() if value not in ("", [])}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n"
