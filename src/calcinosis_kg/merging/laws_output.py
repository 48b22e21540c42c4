"""What another tool wrote, and what it was given, as edges that can be compared: key, ends, and each detail by name.

Names are brought to what may be one thing at most (`laws_identity.Known.sets`), so that a tool may choose any leader.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from calcinosis_kg.merging import records
from calcinosis_kg.merging.laws_digests import Bag, Places, changed, digests, frame, pl
from calcinosis_kg.merging.prefixes import Spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from calcinosis_kg.merging.laws_digests import Digests
    from calcinosis_kg.merging.laws_identity import Sets

SINGLE = ("publications", "evidence_codes", "knowledge_source", "curator", "frequency", "record_id")
"""Columns of an edge record that hang under a statement; those in `rest` are taken by name."""
PAIRED = SINGLE[:-1]
"""What must stay with each other; `provided_by` too, where a tool does not write names of its own there."""
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Edges:
    """Edges as numbers.

    Args:
        sets: What may be one thing.
    """

    def __init__(self, sets: Sets) -> None:
        self._sets = sets
        self._spelling = Spelling()
        self._names: dict[str, str] = {}
        self.bag = Bag()
        self.places = Places()
        self.details: dict[str, Bag] = {}
        self.providers: set[str] = set()

    def final(self, texts: Iterable[str]) -> list[str]:
        """Return names as what stands for them."""
        of = self._sets.of
        return [of(text) for text in self._spelling.normal(texts)]

    def add(self, table: pl.DataFrame) -> None:
        """Add edge records."""
        cells = table.with_columns(
            changed(table["subject"], self.final), changed(table["object"], self.final),
            changed(table["predicate"], self._spelling.normal),
            changed(table["qualifiers"], lambda texts: [self._qualifiers(text) for text in texts]),
        )  # fmt: skip
        parts = {name: digests(cells[name], name) for name in ("subject", "predicate", "object", "negated")}
        bare = parts["subject"] + parts["predicate"] + parts["object"]
        more = digests(cells["qualifiers"], "qualifiers"), digests(cells["standing"], "standing")
        other = digests(~cells["negated"], "negated")
        plain = digests(pl.repeat("", cells.height, dtype=pl.String, eager=True), "standing")
        key = bare + parts["negated"] + more[0] + more[1]
        rows = self.places.add(cells["file"], cells["line"])
        details = {name: cells[name] for name in SINGLE} | _rest(cells["rest"])
        together = key.copy()
        for name in PAIRED:
            together += digests(details[name], name) * (details[name] != "").to_numpy()
        given = details.get("provided_by")
        attributed = together.copy()
        if given is not None:
            attributed += digests(given, "provided_by") * (given != "").to_numpy()
            self.providers.update(part for text in given.unique().to_list() for part in text.split("|") if part)
        self.bag.add(
            key=key, opposite=bare + other + more[0] + more[1], plain=bare + parts["negated"] + more[0] + plain,
            unqualified=bare + parts["negated"], together=together, attributed=attributed,
            subject=digests(cells["subject"], "node"), object=digests(cells["object"], "node"),
            several=_several(details, cells.height), standing=(cells["standing"] != "").to_numpy(),
        )  # fmt: skip
        for name, values in details.items():
            self._detail(name, values, key, rows)

    def _detail(self, name: str, values: pl.Series, key: Digests, rows: np.ndarray) -> None:
        """Add the values of one column, each under its statement."""
        some = pl.DataFrame({"key": pl.Series(key), "row": pl.Series(rows), "value": values})
        some = some.filter(pl.col("value") != "")
        if some.height:
            if some["value"].str.contains("|", literal=True).any():
                some = some.with_columns(pl.col("value").str.split("|")).explode("value").filter(pl.col("value") != "")
            number = some["key"].to_numpy() * _MIX + digests(some["value"], "value")
            self.details.setdefault(name, Bag()).add(value=number, row=some["row"].to_numpy().astype(np.int32))

    def _qualifiers(self, text: str) -> str:
        if ":" not in text:
            return text
        found = {key: self._qualifier(value) for key, value in json.loads(text).items()}
        whole = found.pop("qualifiers", "")
        if isinstance(whole, str) and whole.startswith("{"):  # a column that holds all of them, as ours writes it
            found |= {key: self._qualifier(value) for key, value in json.loads(whole).items()}
        elif whole:
            found["qualifiers"] = whole
        return records.canonical(found)

    def _qualifier(self, value: object) -> object:
        if isinstance(value, list):
            return [self._qualifier(item) for item in value]
        return self.final([value])[0] if isinstance(value, str) else value


def _several(details: dict[str, pl.Series], rows: int) -> np.ndarray:
    """Return whether each row holds several values in some cell."""
    found = np.zeros(rows, bool)
    for values in details.values():
        found |= values.str.contains("|", literal=True).to_numpy()
    return found


def _rest(values: pl.Series) -> dict[str, pl.Series]:
    """Return the columns of a file that have no column of their own in a record, by name."""
    old = values.unique(maintain_order=True)
    objects = [json.loads(text) if text else {} for text in old.to_list()]
    names = sorted({name for one in objects for name in one})
    return {
        name: values.replace_strict(
            old, pl.Series([_text(one.get(name, "")) for one in objects], dtype=pl.String), return_dtype=pl.String
        )
        for name in names
    }


def _text(value: object) -> str:
    if isinstance(value, list):
        return "|".join(sorted(_text(item) for item in value))
    return value if isinstance(value, str) else json.dumps(value)


def edges(batches: Iterable[records.Batch]) -> Iterator[pl.DataFrame]:
    """Yield the edge records of batches, few enough at a time for the memory."""
    for batch in batches:
        if batch.kind == records.EDGES:
            yield from frame(batch.table).iter_slices(100_000)


def words(row: Sequence[str]) -> str:
    """Return an edge of a file in words.

    >>> words(["A:1", "p", "A:2"])
    'A:1 p A:2'
    """
    return " ".join(row)
