"""The verb `infer`: what follows from the ontology, and whether it contradicts itself."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calcinosis_kg.cli_common import FINDINGS
from calcinosis_kg.errors import FormatError
from calcinosis_kg.namespaces import compress

if TYPE_CHECKING:
    import pyoxigraph as ox

    from calcinosis_kg.reasoner import Inference

_FORMATS = ("table", "ttl", "json")
_KINDS = {
    "unsatisfiable": "can have no member",
    "subclass": "is a kind of",
    "equivalent": "is the same as",
}


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--engine", default="auto", show_default=True, type=click.Choice(["auto", "hermit", "rustdl"]),
    help="The reasoner; 'auto' is HermiT where Java is, rustdl elsewhere, and the other one if that does not answer.",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file instead of the screen.")
@click.option("--format", "form", type=click.Choice(_FORMATS), help="How to write it; else by the ending of --out.")
@click.option("--profile", is_flag=True, help="Check instead whether the axioms are in OWL 2 EL.")
@click.option(
    "--seconds",
    default=120.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    help="Stop a reasoner after this time; 'auto' then gives the other one as long.",
)
def infer(
    files: tuple[Path, ...], engine: str, out: Path | None, form: str | None, seconds: float, *, profile: bool
) -> None:
    """Reason over the ontology: is it consistent, can every class have members, what is a kind of what.

    Without FILES the shipped ontology; several files are taken together. Of our dataset only classes and properties
    count, never claims. Exit code 0: consistent, and every class can have members; 1: not so, or not decided, or not
    in OWL 2 EL.

    \b
    Examples:
      calcinosis-kg infer
      calcinosis-kg infer my-classes.ttl --engine rustdl --format json
      calcinosis-kg infer --profile
    """
    chosen = _format(out, form)
    if profile and chosen == "ttl":
        raise click.BadParameter("a profile check has no triples. Use table or json.", param_hint="--format")
    from calcinosis_kg import outfiles, oxigraph, processes, reasoner, shipped  # noqa: PLC0415 - --help does without them

    quads = [quad for path in files for quad in oxigraph.parse(path)] if files else shipped.quads()
    if profile:
        text, fine = _profile(quads, chosen)
    else:
        start = time.monotonic()
        limits = processes.Limits(seconds)
        found = reasoner.conclude(
            quads, engine=engine, limits=limits, step=lambda what: click.echo(f"{what} …", err=True)
        )
        for note in found.notes:
            click.echo(f"Note: {note}.", err=True)
        click.echo(f"({found.engine}, {time.monotonic() - start:.1f} s)", err=True)
        text, fine = _written(found, chosen), found.coherent and found.complete
    if out:
        outfiles.save(out, text.encode())
        click.echo(f"{out}: written", err=True)
    else:
        click.echo(text, nl=False)
    sys.exit(0 if fine else FINDINGS)


def _format(out: Path | None, form: str | None) -> str:
    if form or out is None:
        return form or "table"
    ending = out.suffix.lower().removeprefix(".")
    known = {"ttl": "ttl", "json": "json", "txt": "table"}
    if ending not in known:
        raise FormatError(f"unknown ending '{out.suffix}'", "Use .ttl, .json or .txt, or give --format.", str(out))
    return known[ending]


def _written(found: Inference, form: str) -> str:
    if form == "json":
        return json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n"
    if form == "table":
        return _table(found)
    from calcinosis_kg import turtle  # noqa: PLC0415 - for this format alone

    return turtle.write(found.quads(), named_graphs=False)


def _table(found: Inference) -> str:
    def name(iri: str) -> str:
        return f"{found.labels[iri]} ({compress(iri)})" if iri in found.labels else compress(iri)

    doubt = "" if found.complete else ", as far as it was decided"
    new = sum(finding.kind in ("subclass", "equivalent") for finding in found.findings)
    lines = [
        f"engine          {found.engine}" + "".join(f" ({each.reason})" for each in found.passed_over),
        f"consistent      {'yes' if found.consistent else 'NO'}{doubt}",
        f"unsatisfiable   {len(found.unsatisfiable) if found.consistent else 'every class, as nothing can be true'}",
        f"hierarchy       {len(found.hierarchy)} pairs; inferred, not stated: {new}",
    ]
    for finding in found.findings:
        first, *rest = (name(term) for term in finding.terms or ("",))
        said = " ".join((first, _KINDS.get(finding.kind, "These cannot all be true"), " and ".join(rest))).strip()
        because = "because" if finding.exact else "asserted nearby"
        lines += ["", said, *(f"  {because}: {reason}" for reason in finding.reasons)]
    return "\n".join(lines) + "\n"


def _profile(quads: list[ox.Quad], form: str) -> tuple[str, bool]:
    from calcinosis_kg import el_profile, views  # noqa: PLC0415 - --help does without them

    found = el_profile.violations(views.ontology(quads))
    if form == "json":
        content = {"profile": "OWL 2 EL", "conforms": not found, "violations": [each._asdict() for each in found]}
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n", not found
    lines = [f"{each.axiom}\n  not in OWL 2 EL: {each.reason}" for each in found]
    return "\n".join([*lines, f"OWL 2 EL: {'yes' if not found else f'NO, {len(found)} findings'}"]) + "\n", not found
