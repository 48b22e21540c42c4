"""The laws, held against the files that a result is written as: they say what its tables say, and no more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from calcinosis_kg.merging import kgx_names
from calcinosis_kg.merging.laws_digests import changed, digests, frame, pl
from calcinosis_kg.merging.laws_records import triple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from calcinosis_kg.merging.laws_digests import Bag, Digests, Rows
    from calcinosis_kg.merging.laws_report import Court

KEY = ("subject", "predicate", "object", "negated", "qualifiers", "standing")
PARTS = {
    "ends": ("rewiring", ("subject", "predicate", "object"), "have other ends than their evidence"),
    "negated": ("polarity", ("negated",), "have another polarity than their evidence"),
    "qualifiers": ("zero-loss", ("qualifiers",), "have other qualifiers than their evidence"),
    "standing": ("standing", ("standing",), "have another standing than their evidence"),
}
"""Part of a key to the law that it is broken under, its columns, and what is said then."""
AGAIN = "Merge again"


def kgx(folder: Path, court: Court, bag: Bag, order: Rows) -> None:
    """Hold the KGX files against the statements: the same keys, and no standing among the plain edges.

    Args:
        folder: The result.
        court: Where findings go.
        bag: The statements as numbers: `id`, and each of `PARTS`.
        order: The statements by id.
    """
    ids = bag["id"][order]
    met = 0
    for name in ("edges.tsv", "claims.tsv"):
        file, line = folder / "kgx" / name, 2
        if not file.is_file():
            court.untold("zero-loss", f"there is no {file}")
            continue
        for cells in _lines(file):
            cells = _said(cells).with_columns(  # noqa: PLW2901 - the same rows, with what is needed
                pl.lit(name).alias("file"), pl.Series("line", np.arange(line, line + cells.height))
            )
            line += cells.height
            met += cells.height
            number = digests(cells["id"], "id")
            place = np.minimum(np.searchsorted(ids, number), max(len(ids) - 1, 0))
            found = ids[place] == number if len(ids) else np.zeros(cells.height, bool)
            stray = cells.filter(pl.Series(~found))
            court.broken("pairing", stray.height, f"edges of {name} are no statements. {AGAIN}", shown(stray))
            cells, row = cells.filter(pl.Series(found)), order[place[found]]  # noqa: PLW2901 - as above
            anew = parts(cells)
            for part, (law, _, _note) in PARTS.items():
                court.looked(law, cells.height)
                wrong = cells.filter(pl.Series(anew[part] != bag[part][row]))
                note = f"edges of {name} differ in {part} from their statements. {AGAIN}"
                court.broken(law, wrong.height, note, shown(wrong))
    away = bag.rows - met
    court.broken("zero-loss", max(0, away), f"statements are in no KGX file. {AGAIN}", [str(folder / "kgx")])
    court.broken("duplicates", max(0, -away), f"edges stand more than once in KGX files. {AGAIN}")


def _said(cells: pl.DataFrame) -> pl.DataFrame:
    """Return the keys of statements out of rows of KGX: relations for predicates, and all qualifiers in one cell."""
    named = [name for name in cells.columns if kgx_names.is_qualifier(name)]
    quoted = cells.select(pl.col(pl.String).str.starts_with('"').any()).row(0, named=True)
    cells = cells.with_columns(changed(cells[name], _unquoted) for name, any_of in quoted.items() if any_of)
    distinct = cells.select(named).unique()
    texts = [_qualifiers(row) for row in distinct.iter_rows(named=True)]
    joined = cells.join(distinct.with_columns(pl.Series("#", texts, dtype=pl.String)), on=named, maintain_order="left")
    relation = pl.col(kgx_names.RELATION)
    return joined.select(
        "id", "subject", "object", pl.col("negated") == "true", pl.col("#").alias("qualifiers"),
        pl.when(relation == "").then("predicate").otherwise(relation).alias("predicate"),
        "standing" if "standing" in cells.columns else pl.lit("").alias("standing"),
    )  # fmt: skip


def _unquoted(texts: list[str]) -> list[str]:
    return [text[1:-1].replace('""', '"') if text.startswith('"') else text for text in texts]


def _qualifiers(row: dict[str, str]) -> str:
    found = {name: text for name, text in row.items() if text and name != kgx_names.QUALIFIERS}
    found |= json.loads(row[kgx_names.QUALIFIERS] or "{}")
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if found else ""


def _lines(file: Path) -> Iterator[pl.DataFrame]:
    """Yield the rows of a KGX table of ours, all cells as text; one that is empty but for its header has none."""
    with file.open(encoding="utf-8") as text:
        names = text.readline().rstrip("\n").split("\t")
        if not text.readline():
            return
    reader = pc.open_csv(
        file,
        parse_options=pc.ParseOptions(delimiter="\t", quote_char=False),
        convert_options=pc.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    for part in reader:
        yield frame(pa.Table.from_batches([part]))


def parts(cells: pl.DataFrame) -> dict[str, Digests]:
    """Return a digest of each part of the keys of edges."""
    made = {}
    for part, (_, names, _) in PARTS.items():
        made[part] = np.zeros(cells.height, np.uint64)
        for name in names:
            made[part] += digests(cells[name], name)
    return made


def shown(cells: pl.DataFrame) -> Iterator[str]:
    """Yield the first rows of edges in words, each with its place."""
    for row in cells.head(5).iter_rows(named=True):
        yield f"{row['file']}:{row['line']}: {triple(row)}"
