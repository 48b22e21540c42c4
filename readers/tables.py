# ruff: noqa: S608 - names of files and columns of ours are all that goes into SQL
"""Opens the tables of a release: Parquet, KGX and HPO annotations in DuckDB, the Cypher script and its CSV in ladybug.

Environment: tables. Usage: tables.py RELEASE_DIR
"""

import json
import sys
from pathlib import Path
from typing import Any

import duckdb
import ladybug

COLUMNS = 12
PARTS = ("edges", "negated_claims", "refuted_claims")
COUNTS = """
    select count(*) as claims, count(*) filter (negated) as negated, count(*) filter (modality = 'hedged') as hedged,
      count(*) filter (claim_source = 'literature') as literature,
      coalesce(sum(json_array_length(evidence_lines)), 0)::int as evidence
    from claims
"""
ORDINARY = "not negated and claim_status in ('accepted', 'reported', 'contested')"


def counts(connection: duckdb.DuckDBPyConnection, nodes: str, parts: dict[str, str]) -> dict[str, Any]:
    """Return what tables hold; exit 1 if a part has what belongs to another.

    Args:
        connection: A database to work in.
        nodes: SQL that gives the nodes.
        parts: Part to SQL that gives its rows, with truth values as such.
    """
    for part, wanted in (("edges", ORDINARY), ("negated_claims", "negated"), ("refuted_claims", "true")):
        told = f"select claim from ({parts[part]}) where not ({wanted})" if part in parts else ""
        wrong = connection.execute(told).fetchall() if told else []
        if wrong:
            sys.exit(f"{part}: {wrong[0][0]} does not belong there")
    union = " union all by name ".join(f"({sql})" for sql in parts.values())
    connection.execute(f"create or replace temp view claims as {union}")
    names = [column[0] for column in connection.execute(COUNTS).description]
    found = dict(zip(names, connection.execute(COUNTS).fetchone(), strict=True))
    status = connection.execute("select claim_status, count(*) from claims group by all order by all").fetchall()
    entities = connection.execute(f"select count(*) from ({nodes})").fetchone()[0]
    return {**found, "entities": entities, "by_status": dict(status)}


def in_duckdb(release: Path) -> None:
    """Print a line for each set of Parquet files and of KGX files."""
    connection = duckdb.connect()
    tsv = "read_csv('{}', delim='\t', quote='', escape='', header=true, all_varchar=true)"
    for form, source, truth in (
        ("parquet", "read_parquet('{}')", "negated"),
        ("tsv", tsv, "(negated is not null and negated = 'true') as negated"),
        ("jsonl", "read_json('{}', format='newline_delimited', union_by_name=true)", "negated"),
    ):
        for path in sorted(release.rglob(f"*_nodes.{form}")):
            stem = str(path).removesuffix(f"_nodes.{form}")
            columns = f"claim, claim_status, claim_source, modality, evidence_lines::json as evidence_lines, {truth}"
            files = {part: Path(f"{stem}_{part}.{form}") for part in PARTS}
            parts = {
                part: f"select {columns} from {source.format(file)}" for part, file in files.items() if file.exists()
            }
            found = counts(connection, f"select * from {source.format(path)}", parts)
            print(json.dumps({"reader": "DuckDB", "file": str(path.relative_to(release)), **found}))
    for path in sorted(release.rglob("*.hpoa")):
        rows = connection.execute(f"select * from {tsv.format(path)[:-1]}, comment='#')").fetchall()
        if any(len(row) != COLUMNS or row[10] != "P" or row[5] not in ("PCS", "TAS") for row in rows):
            sys.exit(f"{path}: a row is no annotation")
        print(json.dumps({"reader": "DuckDB", "file": str(path.relative_to(release)), "rows": len(rows)}))


def in_ladybug(release: Path) -> None:
    """Run each Cypher script, count in the graph that it makes, and print a line."""
    for path in sorted(release.rglob("*.cypher")):
        schema = path.with_name(f"{path.stem}_schema.cypher")
        if not schema.exists():
            continue
        connection = ladybug.Connection(ladybug.Database(":memory:"))
        for file in (schema, path):
            for statement in file.read_text(encoding="utf-8").split("\n")[:-1]:
                connection.execute(statement)

        def one(query: str, connection: Any = connection) -> int:  # noqa: ANN401 - ladybug has no types
            return int(connection.execute(query).get_next()[0])

        wrong = (
            "MATCH ()-[r:ASSOCIATION]->() WHERE r.negated OR r.claim_status IN ['refuted', 'artefact'] RETURN count(*)"
        )
        if one(wrong):
            sys.exit(f"{path}: a relationship rests on what is denied or refuted")
        found = {
            "claims": one("MATCH (c:Claim)-[:SUBJECT]->(), (c)-[:OBJECT]->() RETURN count(DISTINCT c.claim)"),
            "negated": one("MATCH (c:Claim) WHERE c.negated RETURN count(*)"),
            "hedged": one("MATCH (c:Claim) WHERE c.modality = 'hedged' RETURN count(*)"),
            "entities": one("MATCH (e:Entity) RETURN count(*)"),
        }
        print(json.dumps({"reader": "ladybug", "file": str(path.relative_to(release)), **found}))


if __name__ == "__main__":
    in_duckdb(Path(sys.argv[1]))
    in_ladybug(Path(sys.argv[1]))
