"""The command line: each verb parses, calls, prints.

Exit codes: 0 fine, 1 findings, 2 bad input or usage, 130 stopped by the user. Whoever stops reading the
output (`| head`) ends the work as with other commands.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self, TypeVar

import click

from calcinosis_kg import cli_validate, verification, views
from calcinosis_kg.cli_conflicts import conflicts
from calcinosis_kg.cli_infer import infer
from calcinosis_kg.cli_merge import merge, unmerge
from calcinosis_kg.errors import CalcinosisKGError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Answer = TypeVar("Answer")

FINDINGS, BAD_INPUT, STOPPED = 1, 2, 130

_STACK = 256 * 1024**2
"""Bytes of address space for the thread of a query: Oxigraph's parser goes as deep as its brackets."""

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


for verb in (infer, merge, unmerge):
    cli.add_command(verb)


@cli.command()
@click.argument("name")
@click.option("--param", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter; may be repeated.")
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
    given = _pairs(parameters)
    queries.fill(asked, given)
    quads = oxigraph.parse(data) if data else shipped.quads()
    table = _stoppable(lambda: queries.ask(quads, asked, graphs or None, given))
    show = {"table": table.to_text, "csv": table.to_csv, "tsv": table.to_tsv}
    click.echo((show | {"json": table.to_json, "xml": table.to_xml})[form](), nl=form == "table")
    if form == "table":
        rows = "1 row" if len(table) == 1 else f"{len(table)} rows"
        click.echo(f"({rows}; graph: {', '.join(graphs or (asked.graph,))})", err=True)
        if asked.caution:
            click.echo(f"Caution: {asked.caution}", err=True)


def _pairs(texts: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, _, value = text.partition("=")
        if not name or not value:
            problem = f"'{text}' is not NAME=VALUE. Write, for example, --param drug=CHEBI:10033."
            raise click.BadParameter(problem, param_hint="--param")
        if name in found:
            problem = f"'{name}' is given twice. Give it one value, or ask once for each."
            raise click.BadParameter(problem, param_hint="--param")
        found[name] = value
    return found


def _stoppable(work: Callable[[], Answer]) -> Answer:
    """Return what the work gives. Ctrl-C stops it: Oxigraph is deaf to signals, so it works in another thread."""
    answers: list[Answer] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(work())
        except BaseException as error:  # noqa: BLE001 - it is raised again, where it is understood
            errors.append(error)

    threading.stack_size(_STACK)
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return answers[0]


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
@click.option("--format", "form", metavar="NAME", help="ttl, trig, jsonld, nt, nq or rdf; else by the file's ending.")
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
    click.echo(f"{out}: {chosen.name}, graph: {', '.join(names)}", err=True)


@cli.command()
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
    from calcinosis_kg import formats, graph, shipped  # noqa: PLC0415 - --help does without them

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


cli.add_command(cli_validate.validate)


class _progress:  # noqa: N801 - used like a function
    """Shows how far a long work has come, on a terminal alone."""

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done} of {total} spans", nl=False, err=True)

    def __exit__(self, *_: object) -> None:
        if sys.stderr.isatty():
            click.echo("\r" + " " * 30 + "\r", nl=False, err=True)


def _print_proof(proof: verification.Proof, path: Path, *, verbose: bool) -> None:
    document = "the recorded one (SHA-256 equal)" if proof.same_document else "CHANGED: its SHA-256 differs"
    click.echo(f"document  {document}")
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
    counts = f"{proof.uncovered} uncovered, {proof.twice} counted twice"
    click.echo(f"\n{shown} % of {proof.characters} characters covered, {counts}")
    for place in proof.places:
        if verbose or place.state != "unchanged":
            where = f"{place.span.start}-{place.span.end}"
            now = ""
            if place.state == "moved" and place.start is not None:
                now = f" to {place.start}-{place.start + place.span.end - place.span.start}"
            click.echo(f"{path}: span {where} {place.state}{now} ({', '.join(place.ids)})")
    for claim, cue in proof.strayed:
        click.echo(f"{path}: '{cue}' is not in the span of {claim}")


cli.add_command(conflicts)


def main() -> NoReturn:
    """Run the command line; a user's mistake gives one clear message, never a traceback."""
    if hasattr(signal, "SIGPIPE"):
        # As `cat` does: whoever reads the output may stop reading.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        code = cli.main(prog_name="calcinosis-kg", standalone_mode=False)
    except CalcinosisKGError as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
    except click.ClickException as error:
        error.show()
        sys.exit(BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. Files that were there before are unchanged.", err=True)
        # At once: a query may still be at work in its thread.
        os._exit(STOPPED)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        place = error.filename or "standard output"
        click.echo(f"{place}: cannot be read or written: {reason}. Choose another place.", err=True)
        # What is left of the output cannot be written either.
        os._exit(BAD_INPUT)
    sys.exit(code if isinstance(code, int) else 0)
