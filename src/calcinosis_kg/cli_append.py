"""The verb `append` of the command line: a few more edges into a result."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from calcinosis_kg.cli_common import FINDINGS
from calcinosis_kg.cli_progress import Progress, column_mappings, memory_option, threads_option


@click.command()
@click.argument("result", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("inputs", nargs=-1, required=True, metavar="[NAME=]INPUT...")
@click.option("--columns", multiple=True, metavar="NAME=YAML", help="What the columns of a table are; may be repeated.")
@click.option("--strict", is_flag=True, help="Stop at the first row that cannot be read.")
@memory_option
@threads_option
def append(
    result: Path, inputs: tuple[str, ...], columns: tuple[str, ...], memory: int, threads: int, *, strict: bool
) -> None:
    """Add INPUTS to DIR, the folder of a merge, in the time that the new edges take.

    The new edges are held against all statements of DIR: what it has already, and what it contradicts, is told.
    DIR stays as it was until the new part is whole. Mapping rows and obsolete terms can change which identifiers
    are the same; they want a merge: calcinosis-kg merge DIR INPUT --no-shipped --out DIR.

    \b
    Examples:
      calcinosis-kg append merged new_edges.tsv
      calcinosis-kg append merged mine=claims.jsonl
    """
    from calcinosis_kg.merging import front, merges  # noqa: PLC0415 - --help does without them

    with Progress() as told:
        settings = merges.Settings(memory=memory, threads=threads, told=told)
        done = front.append(result, inputs, columns=column_mappings(columns), strict=strict, settings=settings)
    _summary(done, result)


def _summary(done: dict[str, Any], result: Path) -> None:
    if not done:
        click.echo(f"{result}: has all of this already; nothing was added.")
        return
    counts = done["counts"]
    names = ", ".join(entry["source"] for entry in done["inputs"])
    click.echo(f"{result}: {names} added as segment {done['name']}")
    told = {
        "edges": counts["evidence"], "statements": counts["statements"],
        "of these known before": counts["known before"],
        "of these contradicted": counts["contradicted"], "of these refuted before": counts["refuted before"],
        "nodes": counts["nodes"],
        "rows in quarantine": counts["rows in quarantine"],
    }  # fmt: skip
    for name, number in told.items():
        click.echo(f"{number:>12,} {name}")
    folder = result / "segments" / done["name"]
    if counts["contradicted"] or counts["refuted before"]:
        click.echo(
            f"What is contradicted, with both sides and their sources, stands in {folder / 'contradictions.tsv'}."
        )
    if counts["rows in quarantine"]:
        table = folder / "quarantine.tsv"
        click.echo(f"What could not be read, and why, stands in {table}.", err=True)
        sys.exit(FINDINGS)
