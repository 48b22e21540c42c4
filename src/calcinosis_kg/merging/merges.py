"""The merge itself: reads all records, settles identity, and writes statements, nodes, leftovers and the manifest."""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from calcinosis_kg.merging import (
    columns,
    conflicts,
    equivalences,
    inputs,
    leftovers,
    nodes,
    outputs,
    records,
    statements,
    store,
    tables,
)
from calcinosis_kg.merging.doubts import Doubts
from calcinosis_kg.merging.identity import CONFIDENCE, LEADERS, Options
from calcinosis_kg.merging.outputs_kgx import Kgx
from calcinosis_kg.merging.outputs_properties import Met
from calcinosis_kg.merging.parquet import Writer
from calcinosis_kg.merging.prefixes import Spelling
from calcinosis_kg.merging.spool import Partitions, Room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from calcinosis_kg.merging.inputs import Gathered, Input

STATEMENTS, EVIDENCE = tables.STATEMENTS, tables.EVIDENCE
NODES, NODE_EVIDENCE = tables.NODES, tables.NODE_EVIDENCE
MEMORY = 2**30
"""Bytes that a merge keeps to unless it is told otherwise."""
_BASE = 300 * 2**20
"""Bytes that are in use whatever is merged: Python, the libraries, the tables of prefixes."""
_ROW = 1200
"""Bytes in use for each record of a partition while it is sorted and written; measured, with room to spare."""
_ROWS = 250_000
"""Records of a partition at most: more are no faster, since they leave the processor's cache."""
_KNOWN = 500_000
"""Nodes that are remembered as met; some 10 MB."""
_BITS = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may set; memory, threads and `told` do not decide on the result.

    Attributes:
        leaders: Preferred prefixes, first to last.
        confidence: The least confidence of a mapping row that states one.
        memory: Bytes to keep to.
        threads: Threads for packing and sorting; 0 for one each processor.
        told: Called with a stage, how much is done of it, and how much there is (0 if unknown).
        steps: What is done with the tables of a result before its manifest is written, such as a report on
            conflicts: given the folder, each writes files to it and returns counts.
        formats: What is written besides tables and KGX TSV; see `outputs.FORMATS`.
    """

    leaders: tuple[str, ...] = LEADERS
    confidence: float = CONFIDENCE
    memory: int = MEMORY
    threads: int = 0
    told: Callable[[str, int, int], None] = field(default=lambda _stage, _done, _all: None)
    steps: tuple[Callable[[Path], Mapping[str, int]], ...] = (conflicts.report,)
    formats: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many records are worked on at a time."""
        return max(10_000, min(_ROWS, (self.memory - _BASE) // _ROW))

    @property
    def room(self) -> int:
        """Bytes that tables between two steps may take; their lists of values take about as many again."""
        return max(0, self.memory - _BASE - self.rows * _ROW) // 2

    def bits(self, rows: int) -> int:
        """Return by how many bits of their ids so many records are partitioned."""
        return min(_BITS, max(0, (-(-rows // self.rows) - 1).bit_length()))


def merge(given: Sequence[Input], out: Path, settings: Settings | None = None) -> dict[str, Any]:
    """Merge inputs into a folder, and return its manifest.

    The folder depends on the records and on the options, not on the order of inputs or records, threads or memory.

    Raises:
        InputError: Two different sources have one name, one cannot be read, or `out` is something else's.
    """
    settings = settings or Settings()
    with _threads(settings.threads), _uncollected(), store.replacing(out) as (folder, work):
        told = settings.told
        room = Room(settings.room)
        gathered = inputs.gather(given, work, lambda source, rows: told(f"reading {source}", rows, 0), room)
        return write(gathered, folder, work, settings)


def write(
    gathered: Gathered, folder: Path, work: Path, settings: Settings, *, leader: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Write the result of gathered records to an empty folder, and return its manifest.

    Args:
        gathered: The records; those of edges are deleted on the way.
        folder: Where to write.
        work: For what is in between.
        settings: What a user may set.
        leader: Which identifiers stand for others, where that is settled already.
    """
    spelling = Spelling()
    settings.told("settling identity", 0, 0)
    settled = equivalences.settle(gathered, spelling, Options(settings.leaders, settings.confidence))
    leader = settled.identity.leader if leader is None else leader
    equivalences.write(settled, folder, spelling)
    workshop = _Workshop(gathered, settings, folder=folder, work=work, spelling=spelling, leader=leader)
    workshop.described()
    workshop.shared()
    with Kgx(folder / "kgx", workshop.met.names) as kgx:
        counts = workshop.statements(kgx) | workshop.nodes(kgx)
    del workshop  # what it remembers is memory for the search for conflicts
    counts["carried quads"] = leftovers.write_carried(
        gathered, folder, work, settings.bits(gathered.spools[records.CARRIED].rows)
    )
    counts |= leftovers.write_quarantine(gathered, folder)
    verdicts = settled.mappings["verdict"].to_pylist()
    counts |= {"mappings used": verdicts.count("used"), "mappings refused": verdicts.count("refused")}
    settings.told("looking for conflicts", 0, 0)
    for step in settings.steps:
        counts |= step(folder)
    counts |= outputs.write(folder, work, settings.formats, settings.told)
    settings.told("writing the manifest", 0, 0)
    return store.describe(folder, _facts(gathered, settings, counts, settled.identity.notes))


class _Workshop:
    """Turns edge records into statements, then node records and the ends of edges into nodes."""

    def __init__(
        self, gathered: Gathered, settings: Settings, *, folder: Path, work: Path, spelling: Spelling,
        leader: Mapping[str, str],
    ) -> None:  # fmt: skip
        self._edges, self._nodes = gathered.spools[records.EDGES], gathered.spools[records.NODES]
        self._folder, self._work, self._settings = folder, work, settings
        self._spelling, self._leader = spelling, leader
        self._node_keys = nodes.Keys(spelling, leader)
        self._room = gathered.room
        self._node_parts = Partitions(
            work, "nodes", settings.bits(self._nodes.rows + self._edges.rows // 4), self._room
        )
        self._edge_parts = Partitions(work, "edges", settings.bits(self._edges.rows), self._room)
        self._known: pa.Array = pa.array([], pa.string())
        self.met = Met()

    def described(self) -> None:
        """Share out the records of nodes."""
        met = columns.Used()
        for table in self._nodes.read(self._settings.rows, last=True):
            keyed, high = self._node_keys.of(table)
            self._node_parts.add(keyed, high)
            self._new(met.add(columns.whole(keyed["node"])))
        self._new(met.rest())

    def _new(self, names: pa.Array) -> pa.Array:
        """Return the nodes not met before; one that is returned twice, since memory is bounded, does no harm."""
        new = names.filter(pc.invert(pc.is_in(names, value_set=self._known))).unique() if len(names) else names
        if len(self._known) > _KNOWN:
            self._known = self._known[:0]
        self._known = pa.concat_arrays([self._known, new])
        return new

    def _bare(self, names: pa.Array) -> None:
        """Share out ends of edges that no record describes."""
        new = self._new(names)
        if len(new):
            self._node_parts.add(*self._node_keys.of(self._node_keys.bare(new)))

    def shared(self) -> None:
        """Give edge records their keys, and share them out; and the ends of edges among the nodes."""
        keys = statements.Keys(self._spelling, self._leader)
        self._settings.told("looking for what a NOT makes doubtful", 0, 0)
        doubts = Doubts(self._edges, self._spelling, self._leader)
        ends = statements.Ends()
        done = 0
        for table in self._edges.read(self._settings.rows, last=True):
            keyed, high = keys.of(table, doubts.standing(table))
            self._edge_parts.add(keyed, high)
            self.met.add(table)
            self._bare(ends.add(keyed))
            done += table.num_rows
            self._settings.told("sharing out edges", done, self._edges.rows)
        self._bare(ends.rest())

    def statements(self, kgx: Kgx) -> dict[str, int]:
        """Write statements and evidence; return what was written."""
        with (
            Writer(self._folder / STATEMENTS, statements.STATEMENT) as whole,
            Writer(self._folder / EVIDENCE, statements.EVIDENCE) as lines,
        ):
            for some, evidence in statements.merged(self._edge_parts.read()):
                whole.add(some)
                lines.add(evidence)
                kgx.statements(some, evidence)
                self._settings.told("writing statements", lines.rows, self._edges.rows)
        return {"statements": whole.rows, "evidence": lines.rows}

    def nodes(self, kgx: Kgx) -> dict[str, int]:
        """Write nodes and their records; return what was written."""
        self._settings.told("writing nodes", 0, 0)
        self._known = self._known[:0]
        members: dict[str, list[str]] = {}
        for alias, name in self._leader.items():
            members.setdefault(name, []).append(alias)
        bare = 0
        with (
            Writer(self._folder / NODES, nodes.NODE) as whole,
            Writer(self._folder / NODE_EVIDENCE, nodes.EVIDENCE) as lines,
        ):
            for some, evidence in nodes.merged(self._node_parts.read(), members):
                whole.add(some)
                lines.add(evidence)
                kgx.nodes(some)
                bare += pc.sum(pc.equal(some["evidence"], 0)).as_py()
        return {"nodes": whole.rows, "node records": lines.rows, "nodes without a record": bare}


def _facts(
    gathered: Gathered, settings: Settings, counts: Mapping[str, int], notes: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    sources = [
        {
            "source": origin.source, "file": origin.file, "sha256": origin.sha256, "bytes": origin.size,
            "records": {kind: gathered.counts[origin.source].get(kind, 0) for kind in records.COLUMNS},
        }
        for origin in gathered.origins
    ]  # fmt: skip
    return {
        "inputs": sources,
        "options": {
            "leaders": list(settings.leaders),
            "confidence": settings.confidence,
            "formats": sorted(settings.formats),
        },
        "counts": dict(counts),
        "obsolete identifiers kept": [{"id": name, "reason": reason} for name, reason in notes],
    }


@contextmanager
def _threads(number: int) -> Iterator[None]:
    before = pa.cpu_count()
    pa.set_cpu_count(number or os.cpu_count() or 1)
    try:
        yield
    finally:
        pa.set_cpu_count(before)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Do not look for cycles: there are millions of small objects and none, and looking takes a tenth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
