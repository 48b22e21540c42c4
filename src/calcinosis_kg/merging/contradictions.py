"""What a few new statements contradict in a big result: of the result, only what is about the same ends is looked at.

Direct contradictions alone: the same subject, predicate and object, said and denied, or said and known to be refuted.
Those through the hierarchy, opposite directions and the like are found when the result is merged again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calcinosis_kg.merging import columns, records, tables
from calcinosis_kg.merging.ancestry import UNDER
from calcinosis_kg.merging.conflicts_ledger import ASSERTED, NOT_SO
from calcinosis_kg.merging.conflicts_polarity import scope
from calcinosis_kg.merging.frequencies import is_absence
from calcinosis_kg.merging.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FILE = "contradictions.tsv"
KNOWN, COUNT, REFUTED = "known before", "contradicted", "refuted before"
_KEY = ("subject", "predicate", "object")
_CELLS = ("id", *_KEY, "negated", "qualifiers", "standing", "frequencies", "sources", "evidence")
_SHOWN = ("id", "negated", "qualifiers", "standing", "sources")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two statements of which one contradicts the other.

    Attributes:
        new: The new one.
        old: The other.
        detail: In what way.
    """

    new: tables.Row
    old: tables.Row
    detail: str


def report(folders: Sequence[Path], made: Path) -> dict[str, int]:
    """Write what the statements of a new segment contradict to `contradictions.tsv`, and return counts.

    Args:
        folders: The result and its earlier segments.
        made: The new segment.

    Returns:
        `known before`: how many of its statements the result has; `contradicted`: how many contradict one of the
        result, or each other; `refuted before`: how many it asserts that the result, as a whole or with other
        qualifiers, holds to be refuted or an artefact.
    """
    known: set[str] = set()
    found = sorted(_pairs(folders, made, known), key=lambda pair: (pair.new["id"], pair.old["id"]))
    _write(found, made / FILE)
    wrong = {pair.new["id"] for pair in found if pair.new["negated"] == pair.old["negated"]}
    both = {pair.new["id"] for pair in found if pair.new["negated"] != pair.old["negated"]}
    return {KNOWN: len(known), COUNT: len(both), REFUTED: len(wrong)}


def _write(found: Sequence[Pair], path: Path) -> None:
    names = [*_KEY, *_SHOWN, *(f"other_{name}" for name in _SHOWN), "detail"]
    rows = [
        [*(pair.new[name] for name in (*_KEY, *_SHOWN)), *(pair.old[name] for name in _SHOWN), pair.detail]
        for pair in found
    ]
    texts = [[str(cell).lower() if isinstance(cell, bool) else cell for cell in row] for row in rows]
    cells = [pa.array([row[place] for row in texts], pa.string()) for place in range(len(names))]
    with Lines(path, {name: name for name in names}, frozenset({"sources", "other_sources"})) as file:
        file.add(columns.encode(pa.table(cells, names=names)))


def _pairs(folders: Sequence[Path], made: Path, known: set[str]) -> Iterator[Pair]:
    """Yield each new statement with each that it contradicts; note the ids of those that were known."""
    new = list(tables.rows(made / tables.STATEMENTS, _CELLS))
    by_key: dict[tuple[str, ...], list[tables.Row]] = {}
    for row in new:
        by_key.setdefault(tuple(row[name] for name in _KEY), []).append(row)
    ends = {name: pa.array(sorted({row[name] for row in new}), pa.string()) for name in ("subject", "object")}
    for folder in (*folders, made) if new else ():
        for old in _about(folder, ends):
            for row in by_key.get(tuple(old[name] for name in _KEY), ()):
                if old["id"] == row["id"] and folder is not made:
                    known.add(row["id"])
                detail = _against(row, old, made, folder)
                if detail:
                    yield Pair(row, old, detail)


def _about(folder: Path, ends: Mapping[str, pa.Array]) -> Iterator[tables.Row]:
    """Yield the statements of a result with some subjects and objects."""
    text = [name for name in _CELLS if name not in ("id", "negated", "evidence")]
    with pq.ParquetFile(folder / tables.STATEMENTS, read_dictionary=text) as file:
        for number in range(file.num_row_groups):
            table = file.read_row_group(number, columns=list(ends), use_threads=False)
            parts = (_among(columns.whole(table[name]), values) for name, values in ends.items())
            rows = np.flatnonzero(np.logical_and.reduce(list(parts)))
            if len(rows):
                table = file.read_row_group(number, columns=list(_CELLS), use_threads=False)
                yield from tables.shown(table.take(pa.array(rows)))


def _among(column: pa.DictionaryArray, values: pa.Array) -> NDArray[np.bool_]:
    wanted = pc.is_in(column.dictionary, value_set=values).to_numpy(zero_copy_only=False)
    found: NDArray[np.bool_] = wanted[columns.codes(column)]
    return found


def _against(new: tables.Row, old: tables.Row, made: Path, folder: Path) -> str:
    """Say in what way one statement contradicts another; empty if it does not."""
    if new["predicate"] in UNDER:
        return ""
    if new["negated"] == old["negated"]:
        wrong = old["standing"] in NOT_SO and not new["standing"]
        return f"the other one is {old['standing']}" if wrong and not new["negated"] else ""
    yes, no = (old, new) if new["negated"] else (new, old)
    if yes["standing"] not in ASSERTED or no["standing"] not in ASSERTED:
        return ""
    about_all, about_some = scope(no["qualifiers"]), scope(yes["qualifiers"])
    if not about_all <= about_some or _never_found(yes, folder if yes is old else made):
        return ""
    return "the same statement" if about_all == about_some else "the yes is about some cases only"


def _never_found(yes: tables.Row, folder: Path) -> bool:
    """Whether every line of evidence of a yes counts 0 of n, so that it is none."""
    if not yes["frequencies"] or not all(map(is_absence, records.split(yes["frequencies"]))):
        return False
    wanted = pa.scalar(bytes.fromhex(yes["id"]), columns.ID)
    found: Any = pq.read_table(folder / tables.EVIDENCE, columns=["frequency"], filters=pc.field("id") == wanted)
    return all(is_absence(cell) for cell in found["frequency"].to_pylist())
