"""The verb `release`: writes the dataset in every format, described and checksummed, to a new folder."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from calcinosis_kg.cli_common import FINDINGS


@click.command()
@click.option("--version", required=True, metavar="YYYY-MM-DD", help="The date that the release is called by.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write to; new or empty.")
@click.option(
    "--previous", type=click.Path(path_type=Path), help="The release before (folder or .trig) to compare with."
)
@click.option("--site", default="", metavar="URL", help="Where the files will be served; the redirects lead there.")
@click.option("--force", is_flag=True, help="Replace a release that stands in the folder.")
def release(version: str, out: Path, previous: Path | None, site: str, *, force: bool) -> None:
    """Write a release: the dataset in every format, its ontology, queries and shapes, descriptions, checksums.

    The version goes into all headers and descriptions; the same version gives the same bytes. Nothing is
    published or registered: OPEN.md in the folder says what is left for people to do. Exit code 1, and no
    folder, if what the release says of itself does not meet the shapes of a release.

    \b
    Examples:
      calcinosis-kg release --version 2026-11-23 --out release/
      calcinosis-kg release --version 2027-02-01 --out new/ --previous release/
    """
    from calcinosis_kg import shipped  # noqa: PLC0415 - --help does without them
    from calcinosis_kg.releases import artefacts, folders, front, headers  # noqa: PLC0415 - as above

    headers.check(version)
    if site and not site.startswith(("https://", "http://")):
        raise click.BadParameter(f"'{site}' is no address. Write https://….", param_hint="--site")
    folders.check(out, force=force)
    earlier = folders.dataset(previous) if previous else None
    made = front.make(shipped.quads(), version, previous=earlier, site=site, step=_step)
    _step("")
    if made.report.violations:
        click.echo(made.report.to_text())
        click.echo(f"{len(made.report.violations)} violations; {out} is not written.", err=True)
        sys.exit(FINDINGS)
    folders.write(out, made.artefacts)
    size = sum(artefact.size for artefact in made.artefacts)
    click.echo(f"{out}: release {version}, {len(made.artefacts)} files, {artefacts.shown_size(size)}")
    if made.differences is not None:
        click.echo(f"{out / 'CHANGES.md'}: {len(made.differences.changes)} changes")


def _step(text: str) -> None:
    """Show on a terminal what is being done; nothing elsewhere."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}", err=True, nl=False)
