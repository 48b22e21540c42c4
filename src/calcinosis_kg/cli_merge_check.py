"""The verb `merge-check`: recomputes from the files whether a merge kept its laws."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from calcinosis_kg.cli_common import FINDINGS


@click.command(name="merge-check")
@click.argument("inputs", nargs=-1, metavar="[NAME=]INPUT...")
@click.option("--result", required=True, type=click.Path(path_type=Path), help="The folder that the merge wrote.")
@click.option("--mappings", multiple=True, metavar="FILE", help="A file of SSSOM mapping rows; may be repeated.")
@click.option("--columns", multiple=True, metavar="NAME=YAML", help="What the columns of a table are; may be repeated.")
@click.option(
    "--twin", type=click.Path(path_type=Path), help="Another merge of the same inputs; its bytes should be the same."
)
@click.option(
    "--format", "form", default="table", show_default=True, type=click.Choice(["table", "json"]),
    help="How to print the verdicts.",
)  # fmt: skip
def merge_check(  # noqa: PLR0917 - click passes them by name
    inputs: tuple[str, ...], result: Path, mappings: tuple[str, ...], columns: tuple[str, ...], twin: Path | None,
    form: str,
) -> None:  # fmt: skip
    """Recompute the laws of the merge from INPUTS, what was merged, and the folder --result.

    The folder is one that `merge` wrote, or KGX nodes and edges (TSV, JSON Lines) of another tool. Each law holds, is
    broken (exit code 1), or cannot be told from this output.

    \b
    Examples:
      calcinosis-kg merge-check hpoa=phenotype.hpoa mondo.obo --mappings mondo.sssom.tsv --result merged
      calcinosis-kg merge-check my_nodes.tsv my_edges.tsv --result folder-of-another-tool
    """
    from calcinosis_kg.merging import laws  # noqa: PLC0415 - --help does without it

    given = {}
    for text in columns:
        name, equals, path = text.partition("=")
        if not equals or not name or not path:
            raise click.BadParameter(f"'{text}' is not NAME=YAML.", param_hint="--columns")
        given[name] = path
    terminal = sys.stderr.isatty()

    def told(stage: str, rows: int) -> None:
        if terminal:
            click.echo(f"\r\x1b[K{stage}: {rows:,} rows in all", err=True, nl=False)

    verdicts = laws.check(inputs, result, mappings=mappings, columns=given, twin=twin, told=told)
    if terminal:
        click.echo("\r\x1b[K", err=True, nl=False)
    click.echo(verdicts.to_json() if form == "json" else verdicts.to_text())
    sys.exit(FINDINGS if verdicts.broken else 0)
