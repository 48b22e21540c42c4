"""KGX TSV of a result: nodes, edges without a standing, and in a file of their own the claims that have one.

A refuted or reported statement is thus never read as a plain edge. An edge is a statement, and holds all its evidence
(`outputs_edges`): merging the files again gives the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pyarrow as pa
import pyarrow.compute as pc

from calcinosis_kg.merging import columns
from calcinosis_kg.merging.lines import Lines
from calcinosis_kg.merging.outputs_edges import LISTS as EDGE_LISTS
from calcinosis_kg.merging.outputs_edges import Edges

if TYPE_CHECKING:
    from pathlib import Path

    from calcinosis_kg.merging.outputs_properties import Names

NODE = {
    "id": "node", "category": "category", "name": "name", "synonym": "names", "same_as": "same_as",
    "provided_by": "sources", "deprecated": "deprecated",
}  # fmt: skip
"""Column of KGX to column of nodes."""
NODE_LISTS = frozenset({"sources", "names", "same_as"})
"""Columns of nodes of which a cell holds several values."""
NAMED = "biolink:NamedThing"
"""The category of a node that no input gives one."""


class Kgx:
    """Writes the tables of a merge as KGX TSV while they pass by.

    Args:
        folder: Where to write; made if it is not there.
        names: The columns of edges that not every file has.
    """

    def __init__(self, folder: Path, names: Names) -> None:
        folder.mkdir(exist_ok=True)
        self._rows = Edges(names)
        every = {name: name for name in self._rows.columns}
        plain = {name: name for name in every if name != "standing"}
        self._edges = Lines(folder / "edges.tsv", plain, EDGE_LISTS, quoted=True)
        self._claims = Lines(folder / "claims.tsv", every, EDGE_LISTS, quoted=True)
        self._nodes = Lines(folder / "nodes.tsv", NODE, NODE_LISTS, quoted=True)

    def statements(self, table: pa.Table, evidence: pa.Table) -> None:
        """Write statements with their evidence, each to the file of its standing."""
        rows = self._rows.of(table, evidence)
        plain = pc.equal(rows["standing"].cast(pa.string()), "")
        if pc.all(plain).as_py():
            self._edges.add(rows)
        else:
            self._edges.add(rows.filter(plain))
            self._claims.add(rows.filter(pc.invert(plain)))

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
