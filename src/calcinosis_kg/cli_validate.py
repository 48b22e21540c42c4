"""The verb `validate`: holds the shipped dataset, or a user's own files, against the shapes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calcinosis_kg.cli_common import FINDINGS
from calcinosis_kg.errors import InputError

if TYPE_CHECKING:
    from calcinosis_kg.reports import Report


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--shapes", "root", type=click.Path(path_type=Path), help="Use the *.ttl files of this folder as shapes.")
@click.option(
    "--format", "form", default="table", show_default=True, type=click.Choice(["table", "turtle", "json"]),
    help="How to print the report; turtle is SHACL's own.",
)  # fmt: skip
@click.option(
    "--engine", default="auto", show_default=True, type=click.Choice(["auto", "pyshacl", "shacl"]),
    help="auto: pySHACL, or for big graphs the fast engine (extra 'fast') if it is installed.",
)  # fmt: skip
def validate(files: tuple[Path, ...], root: Path | None, form: str, engine: str) -> None:
    """Hold the shipped dataset, or FILES that use the same model, against the SHACL shapes.

    Several files are taken together. A claim that stands in the curation is shown with its file and line.

    \b
    Examples:
      calcinosis-kg validate
      calcinosis-kg validate my-claims.trig --format json
    """
    from calcinosis_kg import oxigraph, shapes, shipped  # noqa: PLC0415 - --help does without them

    quads = [quad for path in files for quad in oxigraph.parse(path)] if files else shipped.quads()
    report = shapes.validate(quads, engine=engine, shapes=root)
    if report.met == 0:
        problem = "no shape speaks of anything in it, so nothing was checked"
        remedy = "Give a graph that uses the model of calcinosis-kg, or other shapes."
        raise InputError(problem, remedy, ", ".join(map(str, files)) or "the shipped dataset")
    report = _located(report)
    shown = {"table": report.to_text, "turtle": report.to_turtle, "json": report.to_json}[form]()
    if shown:
        click.echo(shown, nl=form != "turtle")
    if form == "table":
        _summary(report)
    sys.exit(FINDINGS if report.violations else 0)


def _located(report: Report) -> Report:
    """Add the places of claims and entities, if any is spoken of; reading them takes a second."""
    if report.conforms:
        return report
    from calcinosis_kg import graph  # noqa: PLC0415 - only where there are findings

    curated = graph.curation()
    places = {claim.id: claim.place for claim in curated.claims}
    places |= {span.id: span.place for span in curated.non_claims}
    places |= {entity.id: entity.place for entity in curated.entities.values()}
    return report.located(places)


def _summary(report: Report) -> None:
    others = len(report.results) - len(report.violations)
    counts = f"{len(report.violations)} violations, {others} other findings"
    seen = f"{report.triples:,} triples, {report.met} shapes met a node, engine {report.engine}"
    click.echo(f"{'conforms' if report.conforms else counts} ({seen})", err=True)
    if report.unused:
        click.echo(f"Said nothing, for want of a node: {', '.join(report.unused)}", err=True)
