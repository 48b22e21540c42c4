"""The folder of a release: written beside, renamed when it is whole; and read again, its digests checked."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

from calcinosis_kg import oxigraph
from calcinosis_kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyoxigraph as ox

    from calcinosis_kg.releases.artefacts import Artefact

MANIFEST = "release.json"
"""The list of files, by which a release is known."""

SUMS = "SHA256SUMS"
"""The digests of all files but itself, as `sha256sum -c` reads them."""

_DATASET = "data/calcinosis-kg.trig"
_NAME = "calcinosis-kg release"


def check(out: Path, *, force: bool) -> None:
    """See that a release may be written to a place.

    Raises:
        InputError: Something stands there: other than a release, or a release without `force`.
    """
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if not out.is_dir():
        raise InputError("is not a folder", "Give the folder to write to.", str(out))
    if not is_release(out):
        raise InputError("is not empty, and no release", "Give another folder, or empty this one.", str(out))
    if not force:
        raise InputError("holds a release already", "Give another folder, or --force to replace it.", str(out))


def is_release(folder: Path) -> bool:
    """Return whether a folder was written by this room."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("made_by") == _NAME


def write(out: Path, artefacts: Iterable[Artefact]) -> None:
    """Write a release whole: beside its place first, then renamed.

    Raises:
        InputError: It cannot be written; what stood there is as it was.
    """
    place = out.resolve()
    staged, earlier = place.with_name(f".{place.name}.unfinished"), place.with_name(f".{place.name}.earlier")
    try:
        try:
            shutil.rmtree(staged, ignore_errors=True)
            for artefact in artefacts:
                path = staged / artefact.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(artefact.content)
            shutil.rmtree(earlier, ignore_errors=True)
            if place.exists():
                place.rename(earlier)
            staged.rename(place)
        except OSError as error:
            if earlier.exists() and not place.exists():
                earlier.rename(place)
            reason = (error.strerror or "unknown reason").lower()
            raise InputError(f"cannot be written: {reason}", "Choose another place.", str(out)) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
        if place.exists():
            shutil.rmtree(earlier, ignore_errors=True)


def sums(artefacts: Iterable[Artefact]) -> bytes:
    """Return the digests of files, as `sha256sum -c` reads them."""
    lines = sorted(f"{artefact.sha256}  {artefact.path}\n" for artefact in artefacts)
    return "".join(sorted(lines, key=lambda line: line[66:])).encode()


def manifest(content: dict[str, object]) -> bytes:
    """Return the manifest of a release."""
    return (json.dumps({"made_by": _NAME, **content}, indent=2, ensure_ascii=False) + "\n").encode()


def dataset(path: Path) -> list[ox.Quad]:
    """Return the dataset of an earlier release.

    Args:
        path: The folder of a release, or its dataset as TriG, N-Quads or JSON-LD.

    Raises:
        InputError: There is none, or it is not as it was when the release was made.
    """
    if not path.is_dir():
        return oxigraph.parse(path)
    if not is_release(path):
        remedy = "Give the folder of a release, or its data/calcinosis-kg.trig."
        raise InputError("is not a release", remedy, str(path))
    content = oxigraph.content(path / _DATASET)
    lines = oxigraph.content(path / SUMS).decode().splitlines()
    known = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    if known.get(_DATASET) != hashlib.sha256(content).hexdigest():
        problem = f"is not the file of which {SUMS} has the digest"
        raise InputError(problem, "Get the release again.", str(path / _DATASET))
    return oxigraph.parse(path / _DATASET)
