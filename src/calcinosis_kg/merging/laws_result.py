"""The laws, held against a result of our own: its tables, read as plain Parquet, against the records of the inputs."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from calcinosis_kg.merging import laws_doubts, records
from calcinosis_kg.merging.laws_digests import pl
from calcinosis_kg.merging.laws_identity import CONFIDENT, Known, Sets, denials, doubts
from calcinosis_kg.merging.laws_records import Kept, picked, shown, triple
from calcinosis_kg.merging.laws_statements import Statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from calcinosis_kg.merging.laws_records import Batches
    from calcinosis_kg.merging.laws_report import Court

_FILES = {
    records.EDGES: "evidence.parquet",
    records.NODES: "node-evidence.parquet",
    records.MAPPINGS: "mappings.parquet",
    records.CARRIED: "carried.parquet",
    records.QUARANTINE: "quarantine.parquet",
}
_DETAILS = ("publications", "evidence_codes", "knowledge_source", "curator", "frequency", "record_id", "rest")
_PLACE = ["source", "file", "line"]
_NAMES = {records.EDGES: "edges", records.NODES: "node records", records.MAPPINGS: "mapping rows",
          records.CARRIED: "carried quads", records.QUARANTINE: "rows in quarantine"}  # fmt: skip


class Result:
    """A result folder of our own.

    Args:
        folder: The folder.
        court: Where findings go.
    """

    def __init__(self, folder: Path, court: Court) -> None:
        self._folder, self._court = folder, court
        self.manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        segments = self.manifest.get("segments", [])
        parts = (self.manifest, *segments)
        self.sources = {entry["source"] for part in parts for entry in part["inputs"]}
        self.least = float(self.manifest.get("options", {}).get("confidence", CONFIDENT))
        self._folders = [folder, *(folder / "segments" / part["name"] for part in segments)]

    def read(self) -> Iterator[records.Batch]:
        """Yield the records that the result keeps."""
        for folder in self._folders:
            for kind, name in _FILES.items():
                with pq.ParquetFile(folder / name) as file:
                    for part in file.iter_batches(columns=list(records.COLUMNS[kind])):
                        yield records.Batch(kind, pa.Table.from_batches([part]))

    def check(self, given: Kept, inputs: Batches) -> None:
        """Hold every law that one result can tell of against it."""
        kept = Kept(self.least)
        for batch in self.read():
            kept.add(batch)
        self._records(given, kept, inputs)
        self._counts(given)
        leader = self._aliases(given.known)
        for folder in self._folders:
            Statements(folder, self._court).check(leader)
            laws_doubts.check(folder, self._court)

    def _records(self, given: Kept, kept: Kept, inputs: Batches) -> None:
        """Hold the records of the inputs against those of the result, one for one."""
        court = self._court
        for kind, name in _NAMES.items():
            number = given.bags[kind].rows
            law = "silence" if kind == records.QUARANTINE else "zero-loss"
            court.looked(law, number)
            court.looked("pairing", kept.bags[kind].rows)
            lost, more = given.lacking(kind, kept), kept.lacking(kind, given)
            if kind == records.EDGES:
                for one in ("polarity", "standing", "dangling"):
                    court.looked(one, number)
            if not len(lost) and not len(more):
                continue
            gone, new = picked(inputs(), kind, lost), picked(self.read(), kind, more)
            if kind == records.EDGES:
                self._edges(gone, new, len(lost), len(more), given.described)
                continue
            remedy = f"{name} of the inputs are not in the result as they were. Merge again"
            court.broken(law, len(lost), remedy, shown(gone, lambda _row: "is not in the result as it was"))
            remedy = f"{name} of the result are in no input. Merge again"
            court.broken("pairing", len(more), remedy, shown(new, lambda _row: "is in the result and in no input"))

    def _edges(self, gone: pl.DataFrame, new: pl.DataFrame, lost: int, more: int, described: set[str]) -> None:
        """Say in which way edges were lost or changed: rows of one place are held against each other."""
        court = self._court
        court.broken("zero-loss", lost, "edges are not in the result as they were. Merge again", shown(gone, triple))
        court.broken("silence", max(0, lost - more), "edges are neither in the result nor in quarantine. Merge again",
                     shown(gone, triple))  # fmt: skip
        both = gone.join(new, on=_PLACE, suffix=" now")
        for law, cells, note in (
            ("polarity", ["negated"], "edges have the other polarity in the result. Merge again"),
            ("standing", ["standing"], "edges have another standing in the result. Merge again"),
            ("rewiring", ["subject", "predicate", "object"], "edges have other ends in their evidence. Merge again"),
            ("pairing", list(_DETAILS), "edges are paired with other evidence. Merge again"),
        ):
            differ = pl.any_horizontal(pl.col(name) != pl.col(f"{name} now") for name in cells)
            some = both.filter(differ)
            court.broken(law, some.height, note, shown(some, triple))
        alone = new.join(gone, on=_PLACE, how="anti")
        court.broken("pairing", alone.height, "edges of the result are in no input. Merge again", shown(alone, triple))
        away = gone.join(new, on=_PLACE, how="anti")
        ends = [row for row in away.iter_rows(named=True) if not {row["subject"], row["object"]} <= described]
        examples = (f"{row['file']}:{row['line']}: {triple(row)}" for row in ends)
        court.broken(
            "dangling", len(ends), "lost edges have an end that no node record describes. Merge again", examples
        )

    def _counts(self, given: Kept) -> None:
        """Hold the manifest against the inputs and the files."""
        court, folder = self._court, self._folder
        told: Counter[tuple[str, str]] = Counter()
        for part in (self.manifest, *self.manifest.get("segments", [])):
            for entry in part["inputs"]:
                told.update({(entry["source"], kind): number for kind, number in entry["records"].items()})
        wrong = [key for key in sorted(told.keys() | given.counts.keys()) if told[key] != given.counts[key]]
        court.looked("silence", sum(given.counts.values()))
        examples = (f"{source}: {given.counts[source, kind]:,} {kind}, the manifest says {told[source, kind]:,}"
                    for source, kind in wrong)  # fmt: skip
        court.broken("silence", len(wrong), "counts of the manifest are not those of the inputs. "
                     "Give merge-check the files that were merged, under the same names", examples)  # fmt: skip
        files: Mapping[str, str] = self.manifest.get("files", {})
        changed = [name for name, digest in files.items() if _digest(folder / name) != digest]
        examples = (f"{folder / name}: its digest is not the one in the manifest" for name in changed)
        court.broken("silence", len(changed), "files of the result were changed or are missing. Merge again", examples)

    def _aliases(self, known: Known) -> dict[str, str]:
        """Hold every identifier that another stands for against the mapping rows that the result says it used."""
        court, folder = self._court, self._folder
        leader: dict[str, str] = {}
        accepted = Known()
        accepted.denied, accepted.next = known.denied, known.next
        table = pq.read_table(folder / "mappings.parquet").to_pylist()
        for row in table:
            if row["verdict"] == "used":
                accepted.mapping(row, f"{row['file']}:{row['line']}", 0)
        for row in pq.read_table(folder / "aliases.parquet").to_pylist():
            leader[row["alias"]] = row["leader"]
        sets = Sets()
        for pair in accepted.pairs:
            if pair in known.pairs:
                sets.join(*pair)
        for name, successors in known.next.items():
            if len(successors) == 1:
                sets.join(name, *successors)
        court.looked("rewiring", len(leader))
        loose = [(alias, name) for alias, name in sorted(leader.items()) if sets.of(alias) != sets.of(name)]
        examples = (f"{folder / 'aliases.parquet'}: {alias} became {name}" for alias, name in loose)
        court.broken("rewiring", len(loose), "identifiers were replaced without an accepted exact mapping of an input, "
                     "or a single successor. Merge again", examples)  # fmt: skip
        chains = [name for name in leader.values() if name in leader]
        court.broken("alias", len(chains), "leaders are themselves replaced. Merge again", sorted(set(chains)))
        cliques: dict[str, list[str]] = {}
        for alias, name in leader.items():
            cliques.setdefault(name, [name]).append(alias)
        court.looked("cliques", len(cliques))
        bad = [(name, why) for name, members in sorted(cliques.items()) for why in doubts(members, known)]
        examples = (f"{folder / 'aliases.parquet'}: {name}: {why}" for name, why in bad)
        court.broken("cliques", len(bad), "cliques hold what is not the same. Refuse the mapping row", examples)
        broken = denials(leader, known)
        court.broken("cliques", len(broken), "pairs that a Not row denies were made one. Refuse the other rows", broken)
        apart = [(pair, place) for pair, place in sorted(accepted.pairs.items())
                 if leader.get(pair[0], pair[0]) != leader.get(pair[1], pair[1])]  # fmt: skip
        examples = (f"{place}: {one} and {other} are used as the same, and are not" for (one, other), place in apart)
        court.broken("alias", len(apart), "mapping rows used were not applied. Merge again", examples)
        return leader


def _digest(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
