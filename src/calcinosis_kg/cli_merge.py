"""The verbs of the merge: `merge` and `unmerge`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click

from calcinosis_kg.cli_common import FINDINGS
from calcinosis_kg.cli_progress import Progress, column_mappings, memory_option, threads_option

REFUSED = "mappings-refused.sssom.tsv"
_CONFLICTS = "conflicts: "
_WIDTH = 100
_KINDS = 10
"""Kinds of conflict that the summary names, so that it fits a screen."""


@click.command()
@click.argument("inputs", nargs=-1, metavar="[NAME=]INPUT...")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to write.")
@click.option("--mappings", multiple=True, metavar="FILE", help="A file of SSSOM mapping rows; may be repeated.")
@click.option("--no-shipped", is_flag=True, help="Leave out the graph of calcinosis-kg itself.")
@click.option("--leaders", metavar="P,P,...", help="Prefixes, first to last, whose identifiers stand for others.")
@click.option(
    "--confidence",
    type=click.FloatRange(0, 1),
    help="The least confidence of mapping rows that state one.  [default: 0.8]",
)
@click.option("--columns", multiple=True, metavar="NAME=YAML", help="What the columns of a table are; may be repeated.")
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(["nq", "trig", "jsonl"]),
    help="Write RDF (merged.nq, merged.trig) or KGX JSON Lines too; may be repeated.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Stop at the first row that cannot be read.")
@memory_option
@threads_option
def merge(  # noqa: PLR0917 - click passes them by name
    inputs: tuple[str, ...], out: Path, mappings: tuple[str, ...], no_shipped: bool, leaders: str | None,  # noqa: FBT001
    confidence: float | None, columns: tuple[str, ...], formats: tuple[str, ...], strict: bool,  # noqa: FBT001
    memory: int, threads: int,
) -> None:  # fmt: skip
    """Merge INPUTS, graphs of any kind, into the folder --out.

    An input is RDF, OBO, OBO Graph JSON, KGX, SSSOM, HPO annotations, a table, what `fetch` brings, or the folder of
    an earlier merge.
    Rows that cannot be read end in quarantine, with the reason, and the exit code is then 1.

    \b
    Examples:
      calcinosis-kg merge hpoa=phenotype.hpoa mondo.obo --mappings mondo.sssom.tsv --out merged
      calcinosis-kg merge my_nodes.tsv my_edges.tsv --out merged --no-shipped
      calcinosis-kg merge mine=graph.owl --format nq --out merged
    """
    from calcinosis_kg.merging import front, identity  # noqa: PLC0415 - --help does without them

    order = tuple(part.strip() for part in leaders.split(",") if part.strip()) if leaders else identity.LEADERS
    with Progress() as told:
        done = front.merge(
            inputs, out=out, mappings=mappings, shipped=not no_shipped, leaders=order,
            confidence=identity.CONFIDENCE if confidence is None else confidence,
            columns=column_mappings(columns), formats=formats, strict=strict, memory=memory, threads=threads, told=told,
        )  # fmt: skip
    _summary(done, out)


@click.command()
@click.argument("result", type=click.Path(path_type=Path))
@click.argument("source")
@click.option("--out", type=click.Path(path_type=Path), help="The folder to write; RESULT itself if not given.")
@memory_option
@threads_option
def unmerge(result: Path, source: str, out: Path | None, memory: int, threads: int) -> None:
    """Take SOURCE out of RESULT, the folder of a merge: what is left is as if SOURCE had never been there.

    \b
    Examples:
      calcinosis-kg unmerge merged hpoa
      calcinosis-kg unmerge merged hpoa --out without-hpoa
    """
    from calcinosis_kg.merging import merges, results  # noqa: PLC0415 - --help does without them

    with Progress() as told:
        settings = merges.Settings(memory=memory, threads=threads, told=told)
        done = results.unmerge(result, source, out or result, settings)
    _summary(done, out or result)


def _summary(done: dict[str, Any], out: Path) -> None:
    counts, read = done["counts"], Counter[str]()
    for entry in done["inputs"]:
        read.update(entry["records"])
    click.echo(f"{out}: digest {done['digest'][:16]}")
    _line(len(done["inputs"]), "sources", ", ".join(entry["source"] for entry in done["inputs"]))
    _line(
        sum(read.values()), "records read", "; ".join(f"{number:,} {kind}" for kind, number in read.items() if number)
    )
    again = counts["evidence"] - counts["statements"]
    _line(counts["statements"], "statements", f"{again:,} more edges say one of them again" if again else "")
    bare = counts["nodes without a record"]
    _line(counts["nodes"], "nodes", f"{bare:,} that no source describes" if bare else "")
    _line(counts["mappings used"], "mappings used")
    _line(counts["mappings refused"], "mappings refused", f"reasons: {REFUSED}" if counts["mappings refused"] else "")
    _line(counts["carried quads"], "quads carried as they are")
    _conflicts({name.removeprefix(_CONFLICTS): n for name, n in counts.items() if name.startswith(_CONFLICTS)})
    if counts.get("left out of RDF"):
        _line(counts["left out of RDF"], "left out of RDF", "they have no IRI: rdf-left-out.tsv")
    _line(counts["rows in quarantine"], "rows in quarantine")
    _line(counts["notes on files"], "notes on files", "see quarantine.tsv" if counts["notes on files"] else "")
    if counts["rows in quarantine"]:
        click.echo(f"What could not be read, and why, stands in {out / 'quarantine.tsv'}.", err=True)
        sys.exit(FINDINGS)


def _conflicts(counts: dict[str, int]) -> None:
    """Show how many conflicts there are, and of which kinds the most."""
    grave = {name: counts.pop(name, 0) for name in ("error", "warning", "info")}
    said = ", ".join(f"{number:,} {name}" for name, number in grave.items())
    total = sum(grave.values())
    _line(total, "conflicts", f"{said}; both sides of each in conflicts.tsv" if total else "")
    for kind, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_KINDS]:
        click.echo(f"{number:>12,}   {kind}")


def _line(number: int, name: str, more: str = "") -> None:
    """Print a number, what it counts, and what there is to know of it, as one line of a terminal."""
    text = f"{number:>12,} {name}" + (f" ({more})" if more else "")
    click.echo(text if len(text) <= _WIDTH else f"{text[: _WIDTH - 4]} ...")
