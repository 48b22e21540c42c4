"""The verb `verify`: holds the claims against the source document."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from calcinosis_kg import verification
from calcinosis_kg.cli_common import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--ontology", type=click.Path(path_type=Path), help="Hold the claims of this folder, not the shipped ones."
)
@click.option("--verbose", is_flag=True, help="List every span, not only those that changed.")
def verify(path: Path, ontology: Path | None, *, verbose: bool) -> None:
    """Hold every claim against the source document at PATH.

    The document itself is not redistributed; get it from where it was published, as UTF-8 text.

    \b
    Example:
      calcinosis-kg verify calcinosis.txt
    """
    from calcinosis_kg import graph  # noqa: PLC0415 - --help does without it

    content = verification.read(path)
    with _progress() as step:
        curated = graph.curation(ontology)
        proof = verification.verify(curated, content, step)
    blocks = {claim.id: claim.place for claim in curated.claims}
    blocks |= {span.id: span.place for span in curated.non_claims}
    _print_proof(proof, path, blocks, verbose=verbose)
    sys.exit(0 if proof.holds else FINDINGS)


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


def _print_proof(proof: verification.Proof, path: Path, blocks: Mapping[str, str], *, verbose: bool) -> None:
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
        where = f"{place.span.start}-{place.span.end}"
        if place.state == "unchanged":
            if verbose:
                click.echo(f"{path}: span {where} unchanged ({', '.join(place.ids)})")
            continue
        found = "is gone from the document. Correct 'span:' and 'sha256:'."
        if place.start is not None:
            now = f"{place.start}-{place.start + place.span.end - place.span.start}"
            found = f"moved to {now}. Write 'span: {now}'."
        for name in place.ids:
            click.echo(f"{blocks[name]}: {name}: span {where} {found}")
    for claim, cue in proof.strayed:
        remedy = "Correct the cue, or the span."
        click.echo(f"{blocks[claim]}: {claim}: '{cue}' is not in the span. {remedy}")
