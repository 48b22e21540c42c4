"""The verb `export`: writes the dataset, or a part of it, to a file."""

from __future__ import annotations

from pathlib import Path

import click

from calcinosis_kg.cli_common import GRAPHS


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@GRAPHS
@click.option("--format", "form", metavar="NAME", help="One of the names below; else by the file's ending.")
def export(out: Path, graphs: tuple[str, ...], form: str | None) -> None:
    """Write the dataset, or a part of it, to the file OUT.

    Unless --graph says otherwise that is the accepted part: terms, accepted plain triples, and the accepted
    claims with their evidence. Refuted and artefact claims are never plain triples, in any part.

    \b
    Examples:
      calcinosis-kg export calcinosis.ttl
      calcinosis-kg export everything.trig --graph all
      calcinosis-kg export calcinosis --format kgx

    \b
    Formats:
      RDF          ttl trig jsonld nt nq rdf; ttl12 (.rdf12.ttl)
      ontology     obo, obograph (.json), owl, ofn
      mappings     sssom (.sssom.tsv)
      claims       nanopubs (.nanopubs.trig), hpoa, kgx, kgx-jsonl, parquet,
                   cypher; the last four are several files of one stem
      web pages    schemaorg (.schemaorg.jsonld)
    """
    from calcinosis_kg import formats, outfiles, shipped  # noqa: PLC0415 - --help does without them

    chosen = formats.choose(out, form)
    names = graphs or ("accepted",)
    contents = formats.contents(shipped.quads(), chosen, names, out)
    outfiles.save_all(contents)
    part = formats.WHOLE.get(getattr(chosen, "holds", ""), f"graph: {', '.join(names)}")
    for path in (path for path, content in contents.items() if content is not None):
        click.echo(f"{path}: {chosen.name}, {part}", err=True)
