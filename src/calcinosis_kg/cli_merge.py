"""The verbs of the merge: `merge` and `unmerge`."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from typing import Any, Self

import click

_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}
_MEMORY = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]?)i?b?\Z", re.IGNORECASE)
_LEAST = 2**28


def _bytes(_context: click.Context, _option: click.Parameter, value: str) -> int:
    """Return an amount of memory, written with a unit, in bytes."""
    match = _MEMORY.match(value)
    if not match:
        raise click.BadParameter(f"'{value}' is no amount of memory. Write, for example, 1GB or 512MB.")
    size = int(float(match[1]) * _UNITS[match[2].lower()])
    if size < _LEAST:
        raise click.BadParameter(f"{value} is too little. Give 256MB or more.")
    return size


_MEMORY_OPTION = click.option(
    "--memory", default="1GB", show_default=True, callback=_bytes, help="Keep to so much; larger work is done on disk.",
)  # fmt: skip
_THREADS = click.option("--threads", default=0, type=click.IntRange(0, 256), help="Threads; one each processor if 0.")


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
@_MEMORY_OPTION
@_THREADS
def merge(  # noqa: PLR0917 - click passes them by name
    inputs: tuple[str, ...], out: Path, mappings: tuple[str, ...], no_shipped: bool, leaders: str | None,  # noqa: FBT001
    confidence: float | None, columns: tuple[str, ...], formats: tuple[str, ...], strict: bool,  # noqa: FBT001
    memory: int, threads: int,
) -> None:  # fmt: skip
    """Merge INPUTS, graphs of any kind, into the folder --out.

    An input is RDF, OBO, OBO Graph JSON, KGX, SSSOM, HPO annotations, a table, or the folder of an earlier merge.
    Rows that cannot be read end in quarantine, with the reason, and the exit code is then 1.

    \b
    Examples:
      calcinosis-kg merge hpoa=phenotype.hpoa mondo.obo --mappings mondo.sssom.tsv --out merged
      calcinosis-kg merge my_nodes.tsv my_edges.tsv --out merged --no-shipped
    """
    from calcinosis_kg.merging import front, identity  # noqa: PLC0415 - --help does without them

    given = {}
    for text in columns:
        name, equals, path = text.partition("=")
        if not equals or not name or not path:
            raise click.BadParameter(f"'{text}' is not NAME=YAML.", param_hint="--columns")
        given[name] = path
    order = tuple(part.strip() for part in leaders.split(",") if part.strip()) if leaders else identity.LEADERS
    with _Progress() as told:
        done = front.merge(
            inputs, out=out, mappings=mappings, shipped=not no_shipped, leaders=order,
            confidence=identity.CONFIDENCE if confidence is None else confidence,
            columns=given, formats=formats, strict=strict, memory=memory, threads=threads, told=told,
        )  # fmt: skip
    _summary(done, out)


@click.command()
@click.argument("result", type=click.Path(path_type=Path))
@click.argument("source")
@click.option("--out", type=click.Path(path_type=Path), help="The folder to write; RESULT itself if not given.")
@_MEMORY_OPTION
@_THREADS
def unmerge(result: Path, source: str, out: Path | None, memory: int, threads: int) -> None:
    """Take SOURCE out of RESULT, the folder of a merge: what is left is as if SOURCE had never been there.

    \b
    Examples:
      calcinosis-kg unmerge merged hpoa
      calcinosis-kg unmerge merged hpoa --out without-hpoa
    """
    from calcinosis_kg.merging import merges, results  # noqa: PLC0415 - --help does without them

    with _Progress() as told:
        settings = merges.Settings(memory=memory, threads=threads, told=told)
        done = results.unmerge(result, source, out or result, settings)
    _summary(done, out or result)


def _summary(done: dict[str, Any], out: Path) -> None:
    counts = done["counts"]
    click.echo(f"{out}: {len(done['inputs'])} sources, digest {done['digest'][:16]}")
    for name in (
        "statements",
        "evidence",
        "nodes",
        "mappings used",
        "mappings refused",
        "carried quads",
        "rows in quarantine",
        "notes on files",
    ):
        click.echo(f"{counts[name]:>12,} {name}")
    if counts["rows in quarantine"]:
        click.echo(f"What could not be read, and why, stands in {out / 'quarantine.tsv'}.", err=True)
        sys.exit(1)


class _Progress:
    """Shows on a terminal what is being done, how fast, and how long it will take."""

    def __init__(self) -> None:
        self._stage = ""
        self._begun = self._shown = 0.0
        self._terminal = sys.stderr.isatty()

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._begun = stage, now
        elif now - self._shown < 0.2:  # noqa: PLR2004 - five times a second is as often as one can read
            return
        self._shown = now
        if self._terminal:
            click.echo(f"\r\x1b[K{self._line(done, total, now - self._begun)}", err=True, nl=False)

    def _line(self, done: int, total: int, seconds: float) -> str:
        shown = self._stage
        if done:
            shown += f": {done:,}" + (f" of {total:,}" if total else "")
        if done and seconds > 1:
            rate = done / seconds
            shown += f", {rate:,.0f}/s" + (f", {(total - done) / rate:.0f} s left" if total else "")
        return shown

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._terminal and self._stage:
            click.echo("\r\x1b[K", err=True, nl=False)
