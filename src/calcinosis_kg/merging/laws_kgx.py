"""The laws, held against the KGX files that another tool wrote: what they can tell of, and what they cannot.

A tool may choose any name of what exact rows join, and may unite duplicates. A row of the output is matched to the
inputs by what it says, never by its number. Where exact rows join what should not be one, the tool is believed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import readers, records
from calcinosis_kg.merging.laws_digests import digests, distinct, frame, member, pl
from calcinosis_kg.merging.laws_identity import doubts
from calcinosis_kg.merging.laws_output import PAIRED, Edges, edges
from calcinosis_kg.merging.laws_records import NOTE
from calcinosis_kg.merging.prefixes import normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from calcinosis_kg.merging.laws_digests import Digests, Rows
    from calcinosis_kg.merging.laws_identity import Known, Sets
    from calcinosis_kg.merging.laws_records import Batches, Kept
    from calcinosis_kg.merging.laws_report import Court

_ENDINGS = (".tsv", ".jsonl", ".csv", ".tsv.gz", ".jsonl.gz", ".csv.gz", ".tsv.zst", ".jsonl.zst")
_ASIDE = ("dangling", "duplicate", "singleton", "missing", "quarantine", "rejected")
"""What the names of files hold that report rows rather than being part of the graph."""
_OWN = frozenset({"record_id", "provided_by"})
"""Columns in which a tool may write names of its own beside those of the inputs."""


class Output:
    """The KGX files of another tool.

    Args:
        folder: Where they are.
        court: Where findings go.

    Raises:
        InputError: There are no edges there.
    """

    def __init__(self, folder: Path, court: Court) -> None:
        files = sorted(path for path in folder.rglob("*") if path.name.lower().endswith(_ENDINGS))
        self._aside = [path for path in files if any(word in path.name.lower() for word in _ASIDE)]
        self._files = [path for path in files if path not in self._aside and "map" not in path.name.lower()]
        if not any("edge" in path.name.lower() for path in self._files):
            problem, remedy = (
                "has neither a manifest.json nor edges in KGX",
                "Name the files ...nodes.tsv and ...edges.tsv.",
            )
            raise InputError(problem, remedy, str(folder))
        self._court = court
        self._nodes: dict[str, str] = {}
        self._ends: dict[str, str] = {}
        self._twice: list[str] = []

    def check(self, given: Kept, inputs: Batches) -> None:
        """Hold every law that KGX files can tell of against them."""
        court, known = self._court, given.known
        sets = known.sets()
        before, after, aside = Edges(sets), Edges(sets), Edges(sets)
        for cells in edges(inputs()):
            before.add(cells)
        for cells in self._read(self._files):
            after.add(cells)
        for cells in edges(batch for path in self._aside for batch in readers.read(path)):
            aside.add(cells)
        self._statements(before, after, aside, given)
        self._details(before, after, aside)
        self._alias(sets, known)
        self._described(given, sets)
        again = after.bag.rows - len(distinct(after.bag["key"]))
        court.looked("duplicates", after.bag.rows + len(self._nodes))
        court.broken("duplicates", again, "edges repeat a statement. Unite their evidence")
        court.broken("duplicates", len(self._twice), "nodes stand more than once. Unite their records", self._twice)
        court.untold("cliques", "the output does not say what it made one, and by which rows")
        if given.unread:
            court.untold("silence", f"what became of {given.unread:,} rows that cannot be read is not said")

    def _read(self, files: Sequence[Path]) -> Iterator[pl.DataFrame]:
        """Yield edges, and take note of nodes, names and what cannot be read on the way."""
        for path in files:
            for batch in readers.read(path):
                cells = frame(batch.table)
                if batch.kind == records.QUARANTINE:
                    bad = cells.filter(~pl.col("reason").str.starts_with(NOTE))
                    examples = (f"{row['file']}:{row['line']}: {row['reason']}" for row in bad.iter_rows(named=True))
                    self._court.broken("silence", bad.height, "rows of the output cannot be read. Mend them", examples)
                elif batch.kind == records.NODES:
                    for name, file, line in cells.select("id", "file", "line").iter_rows():
                        if self._nodes.setdefault(name, f"{file}:{line}") != f"{file}:{line}":
                            self._twice.append(f"{file}:{line}: {name} stands at {self._nodes[name]} too")
                elif batch.kind == records.EDGES:
                    for end in ("subject", "object"):
                        first = cells.unique(end, keep="first", maintain_order=True).select(end, "file", "line")
                        for name, file, line in first.iter_rows():
                            self._ends.setdefault(name, f"{file}:{line}")
                    yield from cells.iter_slices(100_000)

    def _statements(self, before: Edges, after: Edges, aside: Edges, given: Kept) -> None:
        """Hold statements against each other, and say in which way those went that differ."""
        court, mine, theirs = self._court, before.bag, after.bag
        for law in ("zero-loss", "polarity", "standing", "silence"):
            court.looked(law, mine.rows)
        court.looked("rewiring", theirs.rows)
        gone = _absent(mine["key"], theirs["key"])
        flipped = gone[member(mine["opposite"][gone], theirs["key"])]
        flipped = flipped[~member(mine["opposite"][flipped], mine["key"])]
        plain = gone[mine["standing"][gone].astype(bool) & member(mine["plain"][gone], theirs["key"])]
        plain = plain[~member(mine["plain"][plain], mine["key"])]
        court.broken("polarity", len(flipped), "edges arrive with the other polarity. Keep the column negated",
                     _at(before, flipped))  # fmt: skip
        note = "edges with a standing arrive as plain ones. Keep the column standing"
        court.broken("standing", len(plain), note, _at(before, plain))
        bare = gone[member(mine["unqualified"][gone], theirs["unqualified"])]
        note = "edges arrive without their qualifiers or standing. Keep these columns, and make them part of the key"
        court.broken("zero-loss", len(bare), note, _at(before, bare))
        away = np.setdiff1d(gone, bare)
        seen = away[member(mine["key"][away], aside.bag["key"])]
        away = np.setdiff1d(away, seen)
        note = "edges are in no row of the output. Keep them"
        court.broken("zero-loss", len(away), note, _at(before, away))
        court.broken("silence", len(away), "rows are neither in the output nor in a file aside. Report them",
                     _at(before, away))  # fmt: skip
        nodes = distinct(digests(pl.Series(before.final(sorted(given.described)), dtype=pl.String), "node"))
        loose = ~(member(mine["subject"], nodes) & member(mine["object"], nodes))
        court.looked("dangling", int(loose.sum()))
        if not loose.any():
            court.untold("dangling", "every end of the inputs is described")
        unseen = away[loose[away]]
        note = "edges with an end that no node describes are gone. Keep or report them"
        court.broken("dangling", len(unseen), note, _at(before, unseen))
        new = _absent(theirs["key"], mine["key"])
        turned = member(theirs["opposite"][new], mine["key"])
        other = new[~turned & ~member(theirs["unqualified"][new], mine["unqualified"])]
        court.broken("rewiring", len(other), "edges of the output are in no input, by whatever exact rows. Apply only "
                     "exact rows that nothing denies", _at(after, other))  # fmt: skip

    def _details(self, before: Edges, after: Edges, aside: Edges) -> None:
        """Hold sources, publications and the like against each other, each under its statement."""
        court = self._court
        for name, bag in before.details.items():
            theirs = after.details.get(name)
            some = [one.details[name]["value"] for one in (after, aside) if name in one.details]
            values = np.concatenate([bag["value"][:0], *some])
            lost = _absent(bag["value"], values)
            court.looked("zero-loss", bag.rows)
            note = f"values of {name} are not found under their statements. Keep the column, and unite its values"
            court.broken("zero-loss", len(lost), note, _at(before, bag["row"][lost].astype(np.int64)))
            if theirs and name not in _OWN:
                more = _absent(theirs["value"], bag["value"])
                note = f"values of {name} stand under statements of which no input says that. Keep each with its row"
                court.broken("pairing", len(more), note, _at(after, theirs["row"][more].astype(np.int64)))
        self._pairs(before, after)

    def _pairs(self, before: Edges, after: Edges) -> None:
        """See that what stands in one row of the output stands in one row of the inputs."""
        court, bag = self._court, after.bag
        court.looked("pairing", bag.rows)
        gone = [name for name in PAIRED if name in before.details and name not in after.details]
        if gone:
            court.untold("pairing", f"the output has no {', '.join(gone)}")
            return
        what = "attributed" if after.providers and after.providers <= before.providers else "together"
        if what == "together":
            court.untold("pairing", "the output does not say which input an edge comes from by the inputs' own names")
        odd = np.flatnonzero(~member(bag[what], before.bag[what]))
        several = bag["several"][odd].astype(bool)
        note = "edges of the output pair what no input row pairs. Keep each source with what it says"
        court.broken("pairing", int((~several).sum()), note, _at(after, odd[~several]))
        if several.any():
            court.untold("pairing", f"{several.sum():,} edges unite several values in lists, so that "
                         "which belong together is not said")  # fmt: skip

    def _alias(self, sets: Sets, known: Known) -> None:
        """See whether anything has two names, where exact rows join what is plainly one."""
        court = self._court
        names = {**self._ends, **self._nodes}
        court.looked("alias", len(names))
        spelt: dict[str, list[str]] = {}
        for name in names:
            spelt.setdefault(normal(name), []).append(name)
        twins = [sorted(some) for some in spelt.values() if len(some) > 1]
        examples = (f"{names[some[0]]}: {some[0]} is {some[1]} too" for some in sorted(twins))
        court.broken("alias", len(twins), "names are spelt in two ways. Normalise prefixes", examples)
        left, unclear = [], 0
        for members in sets.members().values():
            there = [member for member in members if member in spelt]
            if len(there) > 1:
                if doubts(members, known) or any(_denied(members, pair) for pair in known.denied):
                    unclear += 1
                else:
                    left.append(there)
        examples = (f"{names[spelt[some[0]][0]]}: {some[0]} is {some[1]} too" for some in sorted(left))
        court.broken(
            "alias",
            len(left),
            "things have two names although exact rows or successors join them. Apply them",
            examples,
        )
        if unclear:
            court.untold("alias", f"{unclear:,} things have two names, and what joins them would join too much")

    def _described(self, given: Kept, sets: Sets) -> None:
        """See that every node that an input describes is a node of the output."""
        there = {sets.of(normal(name)) for name in self._nodes}
        away = sorted(name for name in given.described if sets.of(name) not in there)
        self._court.looked("zero-loss", len(given.described))
        self._court.broken("zero-loss", len(away), "nodes of the inputs are not among the nodes. Keep them", away)


def _denied(members: Sequence[str], pair: tuple[str, str]) -> bool:
    return pair[0] in members and pair[1] in members


def _absent(one: Digests, other: Digests) -> Rows:
    """Return the rows of one whose number the other has nowhere."""
    found: Rows = np.flatnonzero(~member(one, other))
    return found


def _at(rows: Edges, numbers: Rows) -> Iterator[str]:
    return (rows.places[int(number)] for number in numbers)
