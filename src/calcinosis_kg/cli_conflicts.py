"""The verb `conflicts` of the command line: asks the check queries, prints what they find."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from calcinosis_kg.cli_common import FINDINGS


@click.command()
@click.option(
    "--kind", default="all", show_default=True, type=click.Choice(["conflict", "quality", "all"]),
    help="Conflicts of the claims, faults of the ontology, or both.",
)  # fmt: skip
@click.option(
    "--format", "form", default="table", show_default=True, type=click.Choice(["table", "json", "turtle"]),
    help="How to print the findings.",
)  # fmt: skip
@click.option("--data", type=click.Path(path_type=Path), help="Check this RDF file instead of the shipped dataset.")
@click.option("--strict", is_flag=True, help="Exit 1 on any finding, also on a conflict of the page.")
def conflicts(kind: str, form: str, data: Path | None, *, strict: bool) -> None:
    """Show where claims contradict each other or a reference, and what is wrong with the ontology.

    Each finding has the two claims, or the claim and the reference, and what the statuses of the claims make of
    it. A conflict of the page is what a reader should know, and no fault of the dataset: exit code 0. An error
    of kind quality is one: exit code 1. A file of yours is held against what it contains itself: without the
    terms of a reference ontology in it, nothing can contradict that ontology.

    \b
    Examples:
      calcinosis-kg conflicts --kind conflict
      calcinosis-kg conflicts --format turtle
      calcinosis-kg conflicts --data my-claims.ttl --strict
    """
    from calcinosis_kg import conflicts as checks  # noqa: PLC0415 - --help does without them
    from calcinosis_kg import oxigraph, shipped  # noqa: PLC0415 - as above

    quads = oxigraph.parse(data) if data else shipped.quads()
    asked = [check for check in checks.catalogue() if kind in (check.kind, "all")]
    found = checks.run(quads, asked)
    if form == "table":
        click.echo(checks.table(found).to_text())
    else:
        click.echo(checks.to_json(found) if form == "json" else checks.to_turtle(found), nl=False)
    faults = [finding for finding in found if finding.check.kind == "quality" and finding.check.severity == "error"]
    said = "1 finding" if len(found) == 1 else f"{len(found)} findings"
    click.echo(f"({said} of {len(asked)} checks; errors in the ontology: {len(faults)})", err=True)
    sys.exit(FINDINGS if faults or (strict and found) else 0)
