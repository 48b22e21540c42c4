"""The verb `why` of the command line: explains the status of claims."""

from __future__ import annotations

import json
from pathlib import Path

import click

_ENDS = 3


@click.command()
@click.argument("claims", nargs=-1, metavar="CLAIM…|STATEMENT…|SUBJECT PREDICATE OBJECT")
@click.option("--all", "every", is_flag=True, help="Explain every claim.")
@click.option(
    "--format", "form", default="text", show_default=True, type=click.Choice(["text", "json"]),
    help="How to print; JSON gives one object a claim.",
)  # fmt: skip
@click.option("--data", type=click.Path(path_type=Path), help="Explain the claims of this RDF file instead.")
@click.option(
    "--in", "folder", type=click.Path(path_type=Path), metavar="DIR",
    help="Explain statements of this folder of a merge, by id or by their ends.",
)  # fmt: skip
def why(claims: tuple[str, ...], form: str, data: Path | None, folder: Path | None, *, every: bool) -> None:
    """Show why a CLAIM has its status, or with --in why a statement stands in a merge.

    Prints the claim in words, where it stands in the document, how it is hedged, each line of evidence with its
    level and citation, and the rule that gives the status. A level is that of the Oxford Centre for Evidence-Based
    Medicine: 1 is the strongest design, 5 the weakest.

    Of a STATEMENT it prints file and line of each record, the identifiers as written there, the mapping rows that
    made others of them, its standing, and the conflicts that name it.

    \b
    Examples:
      calcinosis-kg why CKG-C217
      calcinosis-kg why c192 c194
      calcinosis-kg why --all --format json
      calcinosis-kg why 9399640b9ea948d20c4c428fb2f2097e --in merged
      calcinosis-kg why DOID:9074 RO:0003302 DOID:182 --in merged
    """
    if folder is not None:
        if every or data:
            raise click.UsageError("with --in, give ids of statements, or subject, predicate and object")
        _statements(claims, folder, form)
        return
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


def _statements(names: tuple[str, ...], folder: Path, form: str) -> None:
    """Print why statements of a merge stand there."""
    from calcinosis_kg.merging import reasons  # noqa: PLC0415 - the claims do without it

    if not names:
        raise click.UsageError("name a statement by its id, as in kgx/edges.tsv, or by subject, predicate and object")
    if len(names) == _ENDS and any(":" in name for name in names):
        names = tuple(reasons.find(folder, *names))
    for number, name in enumerate(names):
        found = reasons.explain(folder, name)
        if form == "json":
            click.echo(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True))
        else:
            click.echo(("\n" if number else "") + reasons.to_text(found), nl=False)
