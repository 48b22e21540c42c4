# ruff: noqa: S608, E501 - its own names of columns and files go into the queries
"""Two merges as one would write them by hand: prefixes as they are, identity by one join, duplicates by one GROUP BY.

Only duplicated keys go through the aggregation of lists: that is what makes them fast.
They are what speed alone looks like: no readers, no cliques, no evidence kept with its source, nothing explained.
Run as: python merge_naive.py duckdb|polars FOLDER OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

KEY = (
    "subject", "predicate", "object", "negated", "standing", "qualifiers", "disease_context_qualifier",
    "onset_qualifier", "sex_qualifier",
)  # fmt: skip
LISTS = (
    "id", "category", "frequency_qualifier", "publications", "has_evidence", "curator", "primary_knowledge_source",
    "provided_by",
)  # fmt: skip


def duckdb(folder: Path, out: Path) -> None:
    """Merge in DuckDB, with its own limit of memory at 1 GB."""
    import duckdb as engine  # noqa: PLC0415

    con = engine.connect(str(out / "work.duckdb"))
    con.execute(f"SET memory_limit='1GB'; SET threads=2; SET temp_directory='{out}/spill'")
    read = "read_csv('{}', delim='\t', header=true, all_varchar=true, quote='', escape='', comment='{}')"
    con.execute(
        "CREATE TABLE m AS SELECT object_id AS alias, min(subject_id) AS name FROM "
        + read.format(folder / "mappings.sssom.tsv", "#")
        + " WHERE predicate_id = 'skos:exactMatch' AND coalesce(predicate_modifier, '') = '' GROUP BY ALL"
    )
    ends = [f"coalesce((SELECT name FROM m WHERE alias = {end}), {end}) AS {end}" for end in ("subject", "object")]
    rest = [f"coalesce({name}, '') AS {name}" for name in KEY if name not in ("subject", "object")]
    con.execute(
        f"CREATE TABLE e AS SELECT *, hash({', '.join(KEY)}) AS h FROM (SELECT {', '.join([*ends, *rest, *LISTS])} FROM "
        + read.format(folder / "*_edges.tsv", "")
        + ")"
    )
    con.execute("CREATE TABLE d AS SELECT h FROM e GROUP BY h HAVING count(*) > 1")
    lists = [f"string_agg(DISTINCT {name}, '|') AS {name}" for name in LISTS]
    con.execute(
        f"COPY (SELECT {', '.join([*KEY, *LISTS])} FROM e ANTI JOIN d USING (h) UNION ALL "
        f"SELECT {', '.join([*KEY, *lists])} FROM e SEMI JOIN d USING (h) GROUP BY {', '.join(KEY)}) "
        f"TO '{out}/edges.tsv' (DELIMITER '\t', HEADER, QUOTE '')"
    )
    con.execute(
        "COPY (SELECT id, any_value(category) AS category, any_value(name) AS name, any_value(deprecated) AS deprecated "
        "FROM (SELECT coalesce(m.name, n.id) AS id, category, n.name, deprecated FROM "
        + read.format(folder / "*_nodes.tsv", "")
        + f" n LEFT JOIN m ON alias = n.id) GROUP BY id) TO '{out}/nodes.tsv' (DELIMITER '\t', HEADER, QUOTE '')"
    )
    con.close()
    (out / "work.duckdb").unlink()


def polars(folder: Path, out: Path) -> None:
    """Merge in Polars."""
    import polars as pl  # noqa: PLC0415

    def read(pattern: str) -> pl.LazyFrame:
        return pl.scan_csv(folder / pattern, separator="\t", quote_char=None, infer_schema=False).fill_null("")

    rows = pl.read_csv(folder / "mappings.sssom.tsv", separator="\t", comment_prefix="#", infer_schema=False).fill_null(
        ""
    )
    rows = rows.filter((pl.col("predicate_id") == "skos:exactMatch") & (pl.col("predicate_modifier") == ""))
    names = rows.group_by("object_id").agg(pl.col("subject_id").min())
    old, new = names["object_id"], names["subject_id"]
    edges = (
        read("*_edges.tsv").with_columns(pl.col("subject", "object").replace(old, new)).select(*KEY, *LISTS).collect()
    )
    again = edges.select(pl.struct(KEY).hash().is_duplicated()).to_series()
    united = edges.filter(again).group_by(KEY).agg(pl.col(name).unique().sort().str.join("|") for name in LISTS)
    pl.concat([edges.filter(~again), united]).write_csv(out / "edges.tsv", separator="\t", quote_style="never")
    nodes = read("*_nodes.tsv").with_columns(pl.col("id").replace(old, new))
    nodes.group_by("id").agg(pl.col("category", "name", "deprecated").first()).sink_csv(
        out / "nodes.tsv", separator="\t", quote_style="never"
    )


if __name__ == "__main__":
    {"duckdb": duckdb, "polars": polars}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
