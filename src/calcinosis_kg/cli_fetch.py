"""The verb `fetch`: brings reference data of others, and prints where they lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from calcinosis_kg.cli_progress import Progress

if TYPE_CHECKING:
    from calcinosis_kg.references import Registry

_PATH = click.Path(path_type=Path)
_UNIT = 1000


@click.command()
@click.argument("names", nargs=-1, metavar="NAME…")
@click.option("--list", "listing", is_flag=True, help="Show what can be fetched, and what is in the cache.")
@click.option("--out", type=_PATH, metavar="DIR", help="Copy the files to this folder too, and print those paths.")
@click.option("--offline", is_flag=True, help="Use the cache alone; the network is not asked.")
@click.option(
    "--cache", type=_PATH, metavar="DIR",
    help="Keep files here; else where CALCINOSIS_KG_DATA says, else in your cache folder.",
)  # fmt: skip
@click.option(
    "--registry", type=_PATH, metavar="FILE", help="Pinned releases of your own, as ontology/references.yaml."
)
@click.option(
    "--timeout", type=click.FloatRange(0.1), default=30, show_default=True, metavar="SECONDS",
    help="Give a server up that sends nothing for so long.",
)  # fmt: skip
def fetch(
    names: tuple[str, ...], out: Path | None, cache: Path | None, registry: Path | None, timeout: float,
    *, listing: bool, offline: bool,
) -> None:  # fmt: skip
    """Bring reference data such as HPO, each a pinned release held against its SHA-256, and print their paths.

    A file that is in the cache is not brought again unless it was altered. Proxies are those of the environment
    (HTTPS_PROXY, HTTP_PROXY, NO_PROXY).

    \b
    Examples:
      calcinosis-kg fetch --list
      calcinosis-kg fetch hp
      calcinosis-kg merge $(calcinosis-kg fetch hp hpoa) --out merged
    """
    from calcinosis_kg import downloads, references  # noqa: PLC0415 - --help does without them

    if listing == bool(names):
        raise click.UsageError("name what to fetch, such as hp, or give --list")
    known = references.read(registry)
    kept = references.cache_folder(cache)
    if listing:
        _list(known, kept)
        return
    wanted = [known.find(name) for name in names]
    progress = Progress()
    try:
        network = downloads.Network(timeout=timeout, report=progress)
        paths = [references.fetch(reference, kept, offline=offline, network=network) for reference in wanted]
    finally:
        progress.clear()
    if out is not None:
        paths = [_copy(path, out) for path in paths]
    for reference, path in zip(wanted, paths, strict=True):
        click.echo(f"{reference.name}: {reference.what}, {reference.version}; {reference.licence}", err=True)
        click.echo(str(path))


def _copy(path: Path, folder: Path) -> Path:
    """Copy a file to a folder, whole or not at all; return where it is."""
    from calcinosis_kg import outfiles  # noqa: PLC0415 - only --out needs it

    folder.mkdir(parents=True, exist_ok=True)
    outfiles.save(folder / path.name, path.read_bytes())
    return folder / path.name


def _list(known: Registry, cache: Path) -> None:
    """Print what can be fetched, as a table."""
    from pyoxigraph import Literal  # noqa: PLC0415 - only --list needs it

    from calcinosis_kg import references  # noqa: PLC0415 - as above
    from calcinosis_kg.tables import Table  # noqa: PLC0415 - as above

    columns = ("name", "version", "size", "cached", "licence", "what")
    rows = [
        (
            reference.name,
            reference.version,
            f"{reference.download.size / _UNIT**2:.1f} MB",
            references.state(reference, cache),
            reference.licence,
            reference.what,
        )
        for reference in known.references.values()
    ]
    click.echo(Table(columns, tuple(tuple(map(Literal, row)) for row in rows)).to_text())
    if known.unpinned:
        click.echo(f"Not pinned: {', '.join(known.unpinned)}; `fetch NAME` says why.", err=True)
    click.echo(f"Cache: {cache}", err=True)
