"""The verb `export`: writes the dataset, or a part of it, to a file."""

from __future__ import annotations

from pathlib import Path

import click

from calcinosis_kg.cli_common import GRAPHS


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@GRAPHS
@click.option("--format", "form", metavar="NAME", help="Short name, if the ending of OUT does not say it.")
def export(out: Path, graphs: tuple[str, ...], form: str | None) -> None:
    """Write the dataset, or a part of it, to the file OUT.

    Unless --graph says otherwise that is the accepted part: terms, accepted plain triples, and the accepted
    claims with their evidence. Refuted and artefact claims are never plain triples, in any part.

    \b
    Examples:
      calcinosis-kg export calcinosis.ttl
      calcinosis-kg export everything.trig --graph all
    """
    from calcinosis_kg import formats, outfiles, shipped  # noqa: PLC0415 - --help does without them

    chosen = formats.choose(out, form)
    names = graphs or ("accepted",)
    contents = formats.contents(shipped.quads(), chosen, names, out)
    outfiles.save_all(contents)
    for path in (path for path, content in contents.items() if content is not None):
        click.echo(f"{path}: {chosen.name}, graph: {', '.join(names)}", err=True)
