"""The command line: each verb parses, calls, prints.

Exit codes: 0 fine, 1 findings, 2 bad input or usage, 130 stopped by the user.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from calcinosis_kg import verification, views
from calcinosis_kg.errors import CalcinosisKGError

FINDINGS, BAD_INPUT, STOPPED = 1, 2, 130

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_GRAPHS = click.option(
    "--graph", "graphs", multiple=True, metavar="NAME",
    help=f"Which part to see; may be repeated. One of: {', '.join(views.VIEWS)}.",
)  # fmt: skip


@click.group(context_settings=_SETTINGS)
@click.version_option(package_name="calcinosis-kg")
def cli() -> None:
    """Ask, check and export the claims of one published page on calcinosis (DOID:182).

    \b
    Examples:
      calcinosis-kg query drugs
      calcinosis-kg query challenged-drug-claims --param drug=CHEBI:10033
      calcinosis-kg export calcinosis.ttl

    Not medical advice: a claim is here because a page makes it, not because it is true.
    """


@cli.command()
@click.argument("name")
@click.option("--param", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter of the query; may be repeated.")
@_GRAPHS
@click.option(
    "--format", "form", default="table", show_default=True, type=click.Choice(["table", "csv", "tsv", "json", "xml"]),
    help="How to print the answer.",
)  # fmt: skip
@click.option("--data", type=click.Path(path_type=Path), help="Ask this RDF file instead of the shipped dataset.")
def query(name: str, parameters: tuple[str, ...], graphs: tuple[str, ...], form: str, data: Path | None) -> None:
    """Ask NAME, a public question (see 'queries') or a SPARQL file ending in .rq.

    A public question states which part of the dataset it reads; a file of your own sees the accepted part
    unless --graph says otherwise. A query can read neither files nor the network.

    \b
    Examples:
      calcinosis-kg query phenotypes
      calcinosis-kg query gene-effects --param status=contested --format csv
      calcinosis-kg query my-question.rq --graph all
    """
    from calcinosis_kg import oxigraph, queries, shipped  # noqa: PLC0415 - --help does without them

    asked = queries.find(name)
    given = dict(_pair(text) for text in parameters)
    queries.fill(asked, given)
    quads = oxigraph.parse(data) if data else shipped.quads()
    table = queries.ask(quads, asked, graphs or None, given)
    show = {"table": table.to_text, "csv": table.to_csv, "tsv": table.to_tsv, "json": table.to_json, "xml": table.to_xml}
    click.echo(show[form](), nl=form == "table")
    if form == "table":
        rows = "1 row" if len(table) == 1 else f"{len(table)} rows"
        click.echo(f"({rows}; graph: {', '.join(graphs or (asked.graph,))})", err=True)
        if asked.caution:
            click.echo(f"Caution: {asked.caution}", err=True)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise click.BadParameter(f"'{text}' is not NAME=VALUE. Write, for example, --param drug=CHEBI:10033.")
    return name, value


@cli.command()
@click.option("--verbose", is_flag=True, help="Show parameters and descriptions too.")
def queries(*, verbose: bool) -> None:
    """List the public questions.

    \b
    Example:
      calcinosis-kg queries --verbose
    """
    from calcinosis_kg.queries import catalogue  # noqa: PLC0415 - --help does without it

    width = max(len(entry.name) for entry in catalogue())
    for entry in catalogue():
        click.echo(f"{entry.name.ljust(width)}  {entry.summary}")
        if verbose:
            for line in (entry.description, f"Graph: {entry.graph}", f"Asked by: {', '.join(entry.tags)}"):
                if line:
                    click.echo(f"{' ' * width}  {line}")
            for parameter, meaning in entry.parameters.items():
                click.echo(f"{' ' * width}  --param {parameter}=…  {meaning}")


@cli.command()
@click.argument("out", type=click.Path(path_type=Path))
@_GRAPHS
@click.option("--format", "form", metavar="NAME", help="ttl, trig, jsonld, nt, nq or rdf; else the file's ending says it.")
def export(out: Path, graphs: tuple[str, ...], form: str | None) -> None:
    """Write the dataset, or a part of it, to the file OUT.

    Unless --graph says otherwise that is the accepted part: terms, accepted plain triples, and the accepted
    claims with their evidence. Refuted and artefact claims are never plain triples, in any part.

    \b
    Examples:
      calcinosis-kg export calcinosis.ttl
      calcinosis-kg export everything.trig --graph all
    """
    from calcinosis_kg import formats, shipped  # noqa: PLC0415 - --help does without them

    chosen = formats.choose(out, form)
    names = graphs or ("accepted",)
    content = formats.render(shipped.quads(), chosen, names, str(out))
    formats.save(out, content)
    click.echo(f"{out}: {chosen.name}, {len(content):,} bytes, graph: {', '.join(names)}", err=True)


@cli.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write calcinosis-kg.trig to.")
@click.option("--ontology", type=click.Path(path_type=Path), help="Build from this ontology folder instead of the shipped one.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the file there differs from what would be written.")
def build(out: Path, ontology: Path | None, *, check: bool) -> None:
    """Build the dataset from the hand-edited files; every mistake in them is reported with its line.

    \b
    Examples:
      calcinosis-kg build --out dist/
      calcinosis-kg build --ontology my-copy/ontology --out dist/
    """
    from calcinosis_kg import formats, graph, shipped  # noqa: PLC0415 - --help does without them

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
        raise CalcinosisKGError(problem, "Choose another place.", str(out)) from error
    formats.save(target, content)
    click.echo(f"{target}: {len(found):,} quads in {len({quad.graph_name for quad in found})} named graphs")


@cli.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--verbose", is_flag=True, help="List every span, not only those that changed.")
def verify(path: Path, *, verbose: bool) -> None:
    """Hold every claim against the source document at PATH.

    The document itself is not redistributed; get it from where it was published, as UTF-8 text.

    \b
    Example:
      calcinosis-kg verify calcinosis.txt
    """
    from calcinosis_kg import graph  # noqa: PLC0415 - --help does without it

    content = verification.read(path)
    with _progress() as step:
        proof = verification.verify(graph.curation(), content, step)
    _print_proof(proof, path, verbose=verbose)
    sys.exit(0 if proof.holds else FINDINGS)


class _progress:  # noqa: N801 - used like a function
    """Shows how far a long work has come, on a terminal alone."""

    def __enter__(self) -> _progress:
        return self

    def __call__(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done} of {total} spans", nl=False, err=True)

    def __exit__(self, *_: object) -> None:
        if sys.stderr.isatty():
            click.echo("\r" + " " * 30 + "\r", nl=False, err=True)


def _print_proof(proof: verification.Proof, path: Path, *, verbose: bool) -> None:
    click.echo(f"document  {'the recorded one (SHA-256 equal)' if proof.same_document else 'CHANGED: its SHA-256 differs'}")
    states = [place.state for place in proof.places]
    counts = ", ".join(f"{states.count(state)} {state}" for state in ("unchanged", "moved", "gone"))
    click.echo(f"spans     {len(states)} distinct: {counts}")
    click.echo(f"cues      {proof.cues} hedging or negating words, {len(proof.strayed)} not in their span")
    click.echo(f"\n{'section':<30}{'claims':>8}{'other':>8}   (non-whitespace characters)")
    for row in proof.coverage:
        click.echo(f"{row.section:<30}{row.claimed:>8}{row.other:>8}")
    claimed, other = sum(row.claimed for row in proof.coverage), sum(row.other for row in proof.coverage)
    click.echo(f"{'all':<30}{claimed:>8}{other:>8}")
    shown = f"{proof.percentage:.2f}".rstrip("0").rstrip(".") if proof.uncovered else "100"
    click.echo(f"\n{shown} % of {proof.characters} characters covered, {proof.uncovered} uncovered, {proof.twice} counted twice")
    for place in proof.places:
        if verbose or place.state != "unchanged":
            where = f"{place.span.start}-{place.span.end}"
            now = f" to {place.start}-{place.start + place.span.end - place.span.start}" if place.state == "moved" and place.start is not None else ""
            click.echo(f"{path}: span {where} {place.state}{now} ({', '.join(place.ids)})")
    for claim, cue in proof.strayed:
        click.echo(f"{path}: '{cue}' is not in the span of {claim}")


def main() -> NoReturn:
    """Run the command line; a user's mistake gives one clear message, never a traceback."""
    try:
        cli.main(standalone_mode=False)
    except CalcinosisKGError as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. Files that were there before are unchanged.", err=True)
        sys.exit(STOPPED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(0)
