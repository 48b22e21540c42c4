"""The verb `nanopubs`: checks nanopublications, and signs them with a user's key."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from calcinosis_kg.cli_common import FINDINGS
from calcinosis_kg.cli_progress import Progress

_FILE = click.Path(path_type=Path)


@click.group()
def nanopubs() -> None:
    """Check nanopublications, or sign them; `export x.nanopubs.trig` makes them.

    \b
    Examples:
      calcinosis-kg export claims.nanopubs.trig --graph claims
      calcinosis-kg nanopubs check claims.nanopubs.trig
    """


@nanopubs.command()
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@click.option("--all", "every", is_flag=True, help="Name those that are valid, too.")
@click.option(
    "--format", "form", default="text", show_default=True, type=click.Choice(["text", "json"]),
    help="How to print; JSON gives one object a nanopublication.",
)  # fmt: skip
def check(files: tuple[Path, ...], form: str, *, every: bool) -> None:
    """Tell whether the nanopublications in FILEs are valid, and why not (exit code 1).

    Looks at the form (one Head, four graphs with IRIs below its own, each about what it should be), at the trusty URI,
    and at the signature, with the public key that stands beside it; that key says nothing of whose it is. Reads TriG,
    N-Quads, JSON-LD and TriX, of this project or of anybody.

    \b
    Examples:
      calcinosis-kg nanopubs check claims.nanopubs.trig
      calcinosis-kg nanopubs check signed.trig other.nq --all --format json
    """
    from calcinosis_kg.interchange import nanopub_files  # noqa: PLC0415 - --help does without it

    valid = invalid = 0
    with Progress() as progress:
        found = []
        for path in files:
            for verdict in nanopub_files.check(path):
                found.append((path, verdict))
                progress("checking", len(found), 0)
    for path, verdict in found:
        valid += verdict.valid
        invalid += not verdict.valid
        if form == "json":
            click.echo(json.dumps({"file": str(path), "valid": verdict.valid, **asdict(verdict)}, ensure_ascii=False))
            continue
        place = f"{path}" if verdict.kind == "file" else f"{path}: {verdict.name}"
        for problem in (*verdict.faults, *(f"note: {note}" for note in verdict.notes)):
            click.echo(f"{place}: {problem}")
        if every and verdict.valid:
            click.echo(f"{place}: valid ({verdict.kind})")
    if form == "text":
        click.echo(f"{valid} valid, {invalid} not valid")
    sys.exit(FINDINGS if invalid else 0)


@nanopubs.command()
@click.argument("source", type=_FILE, metavar="IN")
@click.argument("out", type=_FILE)
@click.option("--key", required=True, type=_FILE, metavar="FILE", help="Your private RSA key in PKCS #8.")
@click.option("--orcid", required=True, metavar="URL", help="Your ORCID, as https://orcid.org/...")
def sign(source: Path, out: Path, key: Path, orcid: str) -> None:
    """Sign the nanopublications of the file IN with your key, and write them to the file OUT.

    Whoever signs says that the nanopublications are theirs: read them first. Each gets a new trusty URI below
    https://w3id.org/np/, which leads somewhere only once you publish it; that is not done here. The key is read, used
    and forgotten. The same key and input give the same bytes.

    \b
    Example:
      calcinosis-kg nanopubs sign claims.nanopubs.trig signed.trig --key id_rsa \\
        --orcid https://orcid.org/0000-0002-1825-0097
    """
    from calcinosis_kg import outfiles, oxigraph  # noqa: PLC0415 - --help does without them
    from calcinosis_kg.interchange import nanopub_keys, nanopubs  # noqa: PLC0415 - as above

    signer = nanopub_keys.Signer(oxigraph.content(key).decode("utf-8", "replace"), orcid, str(key))
    found = nanopubs.sound(source)
    documents = []
    with Progress() as progress:
        for number, nanopub in enumerate(found):
            progress("signing", number, len(found))
            documents.append(nanopubs.document(signer.sign(nanopub)))
    outfiles.save(out, "\n".join(documents).encode())
    click.echo(f"{out}: {len(documents)} nanopublications signed as {orcid}", err=True)
