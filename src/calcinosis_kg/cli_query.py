"""The verbs `query` and `queries`: ask the public questions, or a question of one's own."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from calcinosis_kg.cli_common import GRAPHS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Answer = TypeVar("Answer")

_STACK = 256 * 1024**2
"""Bytes of address space for the thread of a query: Oxigraph's parser goes as deep as its brackets."""


@click.command()
@click.argument("name")
@click.option("--param", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter; may be repeated.")
@GRAPHS
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


@click.command()
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
