"""Records gathered one at a time, and handed on in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from calcinosis_kg.merging import records
    from calcinosis_kg.merging.readers_cells import Origin

_ROWS = 50_000


class Sheaf:
    """Gathers records of any kind.

    >>> from calcinosis_kg.merging import records
    >>> from calcinosis_kg.merging.readers_cells import Origin
    >>> sheaf = Sheaf(Origin("a", "a.obo"))
    >>> sheaf.add(records.NODES, 3, id="DOID:182", name="calcinosis")
    >>> [batch.table.num_rows for batch in sheaf.all()]
    [1]
    """

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self._gathered: dict[str, list[tuple[int, dict[str, Any]]]] = {}

    def add(self, kind: str, line: int, **cells: str | bool) -> None:
        """Add a record; cells left out are empty."""
        self._gathered.setdefault(kind, []).append((line, cells))

    def full(self) -> Iterator[records.Batch]:
        """Yield the kinds of which there are enough for a batch."""
        for kind in [kind for kind, rows in self._gathered.items() if len(rows) >= _ROWS]:
            yield self._batch(kind, self._gathered.pop(kind))

    def all(self) -> Iterator[records.Batch]:
        """Yield all that is left."""
        for kind in sorted(self._gathered):
            yield self._batch(kind, self._gathered.pop(kind))

    def _batch(self, kind: str, rows: list[tuple[int, dict[str, Any]]]) -> records.Batch:
        names = sorted({name for _, cells in rows for name in cells})
        flags = {"negated", "deprecated"}
        columns: dict[str, Any] = {
            name: [cells.get(name, name not in flags and "") for _, cells in rows] for name in names
        }
        return self.origin.batch(kind, {"line": [line for line, _ in rows], **columns}, len(rows))
