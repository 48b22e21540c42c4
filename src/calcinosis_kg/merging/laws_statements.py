"""The laws, held against the tables of one result: statements against their evidence, nodes and KGX files.

Everything is computed anew from the evidence, as plainly as can be: spelling, leader, comparison.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from calcinosis_kg.merging import laws_files
from calcinosis_kg.merging.laws_digests import Bag, changed, digests, distinct, frame, member, pl
from calcinosis_kg.merging.laws_files import AGAIN, KEY, PARTS, parts, shown
from calcinosis_kg.merging.prefixes import Spelling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from calcinosis_kg.merging.laws_digests import Digests, Rows
    from calcinosis_kg.merging.laws_report import Court

_UNITED = {
    "sources": ("source", False),
    "knowledge_sources": ("knowledge_source", True),
    "publications": ("publications", True),
    "evidence_codes": ("evidence_codes", True),
    "frequencies": ("frequency", False),
}


class Statements:
    """The tables of one result, or of a segment of one.

    Args:
        folder: The folder.
        court: Where findings go.
    """

    def __init__(self, folder: Path, court: Court) -> None:
        self._folder, self._court = folder, court
        self._bag = Bag()
        self._order: Rows = np.zeros(0, np.int64)
        self._leader: Mapping[str, str] = {}
        self._spelling = Spelling()
        self._ends: set[str] = set()

    def check(self, leader: Mapping[str, str]) -> None:
        """Hold the tables against each other.

        Args:
            leader: Identifiers that another stands for, as the result says; whether it may is judged elsewhere.
        """
        self._leader = leader
        for cells in _read(self._folder / "statements.parquet", ["id", *KEY, "evidence"]):
            self._ends.update(cells["subject"].unique().to_list(), cells["object"].unique().to_list())
            self._bag.add(id=_id(cells), evidence=cells["evidence"].to_numpy().astype(np.int32), **parts(cells))
        self._order = np.argsort(self._bag["id"])
        self._once()
        self._evidence()
        self._united()
        self._nodes()
        laws_files.kgx(self._folder, self._court, self._bag, self._order)

    def _once(self) -> None:
        bag, court = self._bag, self._court
        key = sum((bag[part] for part in PARTS), np.zeros(bag.rows, np.uint64))
        court.looked("duplicates", bag.rows)
        for digest, what in ((key, "statements stand more than once"), (bag["id"], "statements share an id")):
            again = bag.rows - len(distinct(digest))
            court.broken("duplicates", again, f"{what}. {AGAIN}", [str(self._folder / "statements.parquet")])

    def _evidence(self) -> None:
        """Give each line of evidence its key anew, and hold its statement against that."""
        bag, court = self._bag, self._court
        counts = np.zeros(bag.rows, np.int64)
        ids = bag["id"][self._order]
        doubtful = digests(pl.Series(["doubtful"]), "standing")[0]
        names = ["id", "file", "line", *KEY]
        for cells in _read(self._folder / "evidence.parquet", names):
            number = _id(cells)
            place = np.minimum(np.searchsorted(ids, number), max(len(ids) - 1, 0))
            found = ids[place] == number if len(ids) else np.zeros(cells.height, bool)
            lost = cells.filter(pl.Series(~found))
            court.broken("zero-loss", lost.height, f"lines of evidence have no statement. {AGAIN}", shown(lost))
            known, row = cells.filter(pl.Series(found)), self._order[place[found]]
            np.add.at(counts, row, 1)
            anew = parts(self._final(known))
            for part, (law, _, note) in PARTS.items():
                court.looked(law, known.height)
                differs = anew[part] != bag[part][row]
                if part == "standing":  # a merge may doubt what a source asserts: never the other way
                    differs &= ~((bag[part][row] == doubtful) & (known["standing"] == "").to_numpy())
                wrong = known.filter(pl.Series(differs))
                court.broken(law, wrong.height, f"statements {note}. {AGAIN}", shown(wrong))
        table = str(self._folder / "statements.parquet")
        bare = int((counts == 0).sum())
        court.broken("pairing", bare, f"statements rest on no evidence. {AGAIN}", [table])
        other = int(((counts != bag["evidence"]) & (counts > 0)).sum())
        court.broken("silence", other, f"statements miscount their evidence. {AGAIN}", [table])

    def _final(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Return edges with every identifier spelt in the one way, and replaced by its leader."""

        def end(texts: Sequence[str]) -> list[str]:
            return [self._leader.get(text, text) for text in self._spelling.normal(texts)]

        def qualifiers(texts: Sequence[str]) -> list[str]:
            return [_qualifiers(text, end) for text in texts]

        return cells.with_columns(
            changed(cells["subject"], end), changed(cells["object"], end),
            changed(cells["predicate"], self._spelling.normal), changed(cells["qualifiers"], qualifiers),
        )  # fmt: skip

    def _united(self) -> None:
        """Hold the lists of statements against the cells of their evidence, value by value."""
        for name, (cell, several) in _UNITED.items():
            listed = _values(_read(self._folder / "statements.parquet", ["id", name]), name, several=True)
            said = _values(_read(self._folder / "evidence.parquet", ["id", cell]), cell, several=several)
            table = [str(self._folder / "statements.parquet")]
            self._court.looked("pairing", len(listed))
            self._court.looked("zero-loss", len(said))
            lost, more = int((~member(said, listed)).sum()), int((~member(listed, said)).sum())
            self._court.broken("zero-loss", lost, f"values of evidence are not among the {name}. {AGAIN}", table)
            self._court.broken("pairing", more, f"values among the {name} are in no evidence. {AGAIN}", table)

    def _nodes(self) -> None:
        """See that every edge end is a node, and that no node and no end has another name."""
        court, file = self._court, self._folder / "nodes.parquet"
        names = [name for cells in _read(file, ["node"]) for name in cells["node"].to_list()]
        nodes = set(names)
        court.looked("alias", len(nodes | self._ends))
        court.looked("dangling", len(self._ends))
        court.looked("duplicates", len(names))
        court.broken("duplicates", len(names) - len(nodes), f"nodes stand more than once. {AGAIN}", [str(file)])
        away = sorted(self._ends - nodes)
        court.broken(
            "dangling", len(away), f"ends of edges are no nodes. {AGAIN}", (f"{file}: {name}" for name in away)
        )
        for what, some in (("nodes", nodes), ("ends of edges", self._ends)):
            texts = sorted(some)
            spelt = self._spelling.normal(texts)
            aliases = [(text, self._leader.get(form, form)) for text, form in zip(texts, spelt, strict=True)]
            wrong = [(text, form) for text, form in aliases if text != form]
            examples = (f"{file}: {text} stands for {form}" for text, form in wrong)
            court.broken("alias", len(wrong), f"{what} are aliases. {AGAIN}", examples)


def _read(file: Path, names: list[str]) -> Iterator[pl.DataFrame]:
    with pq.ParquetFile(file) as parquet:
        for part in parquet.iter_batches(columns=names):
            yield frame(pa.Table.from_batches([part]))


def _id(cells: pl.DataFrame) -> Digests:
    return digests(cells["id"].bin.encode("hex"), "id")


def _qualifiers(text: str, end: object) -> str:
    """Return qualifiers with the identifiers in them spelt and replaced, their keys sorted."""
    if ":" not in text:
        return text

    def final(value: object) -> object:
        if isinstance(value, str):
            return end([value])[0]  # type: ignore[operator]
        return [final(item) for item in value] if isinstance(value, list) else value

    found = {key: final(value) for key, value in json.loads(text).items()}
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _values(tables: Iterator[pl.DataFrame], name: str, *, several: bool) -> Digests:
    """Return a digest of each value under each statement, each once."""
    found = [np.zeros(0, np.uint64)]
    for cells in tables:
        some = pl.DataFrame({"id": pl.Series(_id(cells)), "value": cells[name]}).filter(pl.col("value") != "")
        if several:
            some = some.with_columns(pl.col("value").str.split("|")).explode("value")
        else:
            escaped = (
                pl.col("value").str.replace_all("%", "%25", literal=True).str.replace_all("|", "%7C", literal=True)
            )
            some = some.with_columns(escaped)
        number: Digests = some["id"].to_numpy() * np.uint64(0x9E3779B97F4A7C15) + digests(some["value"], "value")
        found.append(distinct(number))
    return distinct(np.concatenate(found))
