"""The verb `build`: makes the dataset from the hand-edited files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from calcinosis_kg.cli_common import FINDINGS
from calcinosis_kg.errors import InputError


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write calcinosis-kg.trig to.")
@click.option("--ontology", type=click.Path(path_type=Path), help="Build from this folder, not the shipped one.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the file there differs from the sources.")
def build(out: Path, ontology: Path | None, *, check: bool) -> None:
    """Build the dataset from the hand-edited files; every mistake in them is reported with its line.

    \b
    Examples:
      calcinosis-kg build --out dist/
      calcinosis-kg build --ontology my-copy/ontology --out dist/
    """
    from calcinosis_kg import formats, graph, outfiles, shipped  # noqa: PLC0415 - --help does without them

    if out.exists() and not out.is_dir():
        raise InputError("is not a folder", "Give the folder to write to.", str(out))
    found = graph.quads(ontology, step=lambda text: click.echo(f"{text} …", err=True))
    content = formats.render(found, formats.FORMATS["trig"], ["all"])
    target = out / shipped.NAME
    if check:
        same = target.is_file() and target.read_bytes() == content
        click.echo(f"{target}: {'up to date' if same else 'differs from the sources. Build it again.'}")
        sys.exit(0 if same else FINDINGS)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = f"cannot be made a folder: {(error.strerror or 'unknown reason').lower()}"
        raise InputError(problem, "Choose another place.", str(out)) from error
    outfiles.save(target, content)
    click.echo(f"{target}: {len(found):,} quads in {len({quad.graph_name for quad in found})} named graphs")
