"""Whether a merge doubts what it should and nothing else, worked out anew from the tables, in the plainest way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from calcinosis_kg.merging.frequencies import is_absence
from calcinosis_kg.merging.laws_digests import frame, pl
from calcinosis_kg.merging.laws_records import triple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from calcinosis_kg.merging.laws_report import Court

CONTEXT, DOUBTFUL = "disease_context_qualifier", "doubtful"
PHENOTYPE = ("biolink:has_phenotype", "RO:0002200", "biolink:has_mode_of_inheritance", "biolink:related_to")
UNDER = ("rdfs:subClassOf", "biolink:subclass_of")
_PAIR = {"disease": pl.String, "object": pl.String}
_KEY = ("subject", "predicate", "object", "negated", "qualifiers", "standing")

Pair = tuple[str, str]


def check(folder: Path, court: Court) -> None:
    """Hold the standing `doubtful` of a result, or of a segment of one, against what its statements say.

    An edge in the context of diseases is doubtful if of each of them it is denied and not affirmed, or if something
    under it is denied and nothing at or under it is affirmed. The merge sees the records of one folder, and so does
    this.

    Args:
        folder: The folder.
        court: Where findings go.
    """
    denied, steps = _denied(folder)
    affirmed = _affirmed(folder, {disease for disease, _ in denied}) if denied else set()
    above = {(disease, high) for disease, term in denied for high in _above(term, steps)}
    above -= {(disease, high) for disease, term in affirmed for high in _above(term, steps)}
    expected = pl.DataFrame(sorted((denied - affirmed) | above), schema=_PAIR, orient="row")
    written = _written(folder)
    place = folder / "statements.parquet"
    for cells in _batches(place, ["id", *_KEY]):
        found = _told(cells, expected)
        court.looked("standing", found.height)
        missing = found.filter(pl.col("doubted") & (pl.col("standing") == ""))
        wrong = found.filter(~pl.col("doubted") & (pl.col("standing") != "") & ~pl.col("id").is_in(written))
        notes = "rest on a NOT alone and are not doubtful", "are doubtful without a NOT"
        for rows, note in zip((missing, wrong), notes, strict=True):
            examples = (f"{place}: {triple(row)} {row['qualifiers']}" for row in rows.head(5).iter_rows(named=True))
            court.broken("standing", rows.height, f"statements {note}. Merge again", examples)


def _told(cells: pl.DataFrame, expected: pl.DataFrame) -> pl.DataFrame:
    """Return the edges in the context of diseases, with whether they rest on a NOT in each of these."""
    open_to_doubt = ~pl.col("negated") & pl.col("predicate").is_in(PHENOTYPE) & pl.col("standing").is_in(["", DOUBTFUL])
    cells = cells.filter(open_to_doubt & pl.col("qualifiers").str.contains(CONTEXT, literal=True))
    texts = cells["qualifiers"].unique().to_list()
    named = [(text, disease) for text in texts for disease in _contexts(text)]
    contexts = pl.DataFrame(named, schema={"qualifiers": pl.String, "disease": pl.String}, orient="row")
    pairs = cells.join(contexts, on="qualifiers").join(
        expected.with_columns(pl.lit(value=True).alias("hit")), on=["disease", "object"], how="left"
    )
    doubted = pairs.group_by("id").agg(pl.col("hit").fill_null(value=False).all().alias("doubted"))
    return cells.join(doubted, on="id")


def _batches(file: Path, names: list[str]) -> Iterator[pl.DataFrame]:
    with pq.ParquetFile(file) as parquet:
        for part in parquet.iter_batches(columns=names):
            yield frame(pa.Table.from_batches([part]))


def _rows(folder: Path, names: list[str], kept: pl.Expr) -> Iterator[dict[str, str]]:
    for cells in _batches(folder / "statements.parquet", names):
        yield from cells.filter(kept).iter_rows(named=True)


def _contexts(qualifiers: str) -> list[str]:
    if CONTEXT not in qualifiers:
        return []
    found = json.loads(qualifiers).get(CONTEXT, "")
    return [part for part in found.split("|") if part] if isinstance(found, str) else [str(part) for part in found]


def _denied(folder: Path) -> tuple[set[Pair], dict[str, list[str]]]:
    """Return what is denied of what, and what is directly under what."""
    denied: set[Pair] = set()
    plain = pl.col("standing") == ""
    about = pl.col("predicate").is_in(PHENOTYPE) & pl.col("negated")
    under = pl.col("predicate").is_in(UNDER) & ~pl.col("negated") & (pl.col("qualifiers") == "")
    steps: dict[str, list[str]] = {}
    for row in _rows(folder, list(_KEY), plain & (about | under)):
        if not row["negated"]:
            steps.setdefault(row["subject"], []).append(row["object"])
        elif not _contexts(row["qualifiers"]):
            denied.add((row["subject"], row["object"]))
    return denied, steps


def _affirmed(folder: Path, diseases: set[str]) -> set[Pair]:
    """Return what is affirmed of some diseases by a line that is no absence."""
    about = pl.col("predicate").is_in(PHENOTYPE) & ~pl.col("negated") & (pl.col("standing") == "")
    wanted = about & pl.col("subject").is_in(list(diseases))
    rows = {row["id"]: row for row in _rows(folder, ["id", *_KEY], wanted) if not _contexts(row["qualifiers"])}
    found = set()
    for cells in _batches(folder / "evidence.parquet", ["id", "frequency"]):
        for identifier, frequency in cells.filter(pl.col("id").is_in(list(rows))).iter_rows():
            if not is_absence(frequency):
                found.add((rows[identifier]["subject"], rows[identifier]["object"]))
    return found


def _written(folder: Path) -> list[str]:
    """Return the statements of which every record is written as doubtful, as a result that is merged again has them."""
    file, doubtful = folder / "evidence.parquet", pl.col("standing") == DOUBTFUL
    own = {name for cells in _batches(file, ["id", "standing"]) for name in cells.filter(doubtful)["id"].to_list()}
    if not own:
        return []
    others = pl.col("id").is_in(list(own)) & ~doubtful
    for cells in _batches(file, ["id", "standing"]):
        own.difference_update(cells.filter(others)["id"].to_list())
    return sorted(own)


def _above(term: str, steps: dict[str, list[str]]) -> set[str]:
    found, waiting = {term}, [term]
    while waiting:
        new = [high for high in steps.get(waiting.pop(), ()) if high not in found]
        found.update(new)
        waiting += new
    return found
