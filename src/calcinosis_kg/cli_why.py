"""The verb `why` of the command line: explains the status of claims."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("claims", nargs=-1, metavar="CLAIM…")
@click.option("--all", "every", is_flag=True, help="Explain every claim.")
@click.option(
    "--format", "form", default="text", show_default=True, type=click.Choice(["text", "json"]),
    help="How to print; JSON gives one object a claim.",
)  # fmt: skip
@click.option("--data", type=click.Path(path_type=Path), help="Explain the claims of this RDF file instead.")
def why(claims: tuple[str, ...], form: str, data: Path | None, *, every: bool) -> None:
    """Show why a CLAIM has its status.

    Prints the claim in words, where it stands in the document, how it is hedged, each line of evidence with its
    level and citation, and the rule that gives the status. A level is that of the Oxford Centre for Evidence-Based
    Medicine: 1 is the strongest design, 5 the weakest.

    \b
    Examples:
      calcinosis-kg why CKG-C217
      calcinosis-kg why c192 c194
      calcinosis-kg why --all --format json
    """
    from calcinosis_kg import oxigraph, shipped  # noqa: PLC0415 - --help does without them
    from calcinosis_kg.explanations import Explainer  # noqa: PLC0415 - as above

    if every == bool(claims):
        raise click.UsageError("name one or more claims, such as CKG-C217, or give --all")
    explainer = Explainer(oxigraph.parse(data) if data else shipped.quads())
    found = [explainer.explain(claim) for claim in (explainer.ids if every else claims)]
    for number, explanation in enumerate(found):
        if number and form == "text":
            click.echo("")
        click.echo(explanation.to_json() if form == "json" else explanation.to_text(), nl=False)
