"""KGX TSV of a result: nodes, edges without a standing, and in a file of their own the claims that have one.

A refuted or reported statement is thus never read as a plain edge. An edge is a statement: the lists in its
cells say what its evidence holds, and which of it belongs together stands in `evidence.parquet`, by `id`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calcinosis_kg.merging import columns
from calcinosis_kg.merging.lines import Lines

if TYPE_CHECKING:
    from pathlib import Path

EDGE = {
    "id": "id", "subject": "subject", "predicate": "predicate", "object": "object", "negated": "negated",
    "qualifiers": "qualifiers", "standing": "standing", "provided_by": "sources",
    "knowledge_source": "knowledge_sources", "publications": "publications", "has_evidence": "evidence_codes",
    "frequency": "frequencies",
}  # fmt: skip
"""Column of KGX to column of statements."""
NODE = {
    "id": "node", "category": "category", "name": "name", "synonym": "names", "same_as": "same_as",
    "provided_by": "sources", "deprecated": "deprecated",
}  # fmt: skip
"""Column of KGX to column of nodes."""
LISTS = frozenset({"sources", "knowledge_sources", "publications", "evidence_codes", "frequencies", "names", "same_as"})
"""Columns of which a cell holds several values."""
NAMED = "biolink:NamedThing"
"""The category of a node that no input gives one."""


class Kgx:
    """Writes the tables of a merge as KGX TSV while they pass by.

    Args:
        folder: Where to write; made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        plain = {name: column for name, column in EDGE.items() if name != "standing"}
        self._edges = Lines(folder / "edges.tsv", plain, LISTS)
        self._claims = Lines(folder / "claims.tsv", EDGE, LISTS)
        self._nodes = Lines(folder / "nodes.tsv", NODE, LISTS)

    def statements(self, table: pa.Table) -> None:
        """Write statements, each to the file of its standing.

        What is not negated has an empty cell: kgx takes any text for true, `false` too.
        """
        flags = columns.whole(table["negated"]).to_numpy(zero_copy_only=False).astype(np.int32)
        place = table.column_names.index("negated")
        table = table.set_column(place, "negated", columns.coded(flags, ["", "true"]))
        plain = pc.equal(table["standing"].cast(pa.string()), "")
        if pc.all(plain).as_py():
            self._edges.add(table)
        else:
            self._edges.add(table.filter(plain))
            self._claims.add(table.filter(pc.invert(plain)))

    def nodes(self, table: pa.Table) -> None:
        """Write nodes."""
        category = columns.whole(table["category"])
        named = [text or NAMED for text in category.dictionary.to_pylist()]
        place = table.column_names.index("category")
        self._nodes.add(table.set_column(place, "category", columns.coded(columns.codes(category), named)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in (self._edges, self._claims, self._nodes):
            file.__exit__()
