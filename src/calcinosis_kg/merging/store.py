"""The result folder: written beside, renamed when it is whole, and described by its manifest.

A merge that is killed leaves the earlier result as it was. What it had begun stands in a folder beside,
and the next merge to the same place deletes that and starts clean.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from calcinosis_kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MANIFEST = "manifest.json"
FORMAT = 1
"""Version of the layout of a result folder."""


@contextmanager
def replacing(out: Path) -> Iterator[tuple[Path, Path]]:
    """Give a folder to write a result to and one for work; if all goes well the former takes the place of `out`.

    Raises:
        InputError: `out` exists and is not a result of a merge, or cannot be written.
    """
    check(out)
    beside = out.with_name(f"{out.name}.unfinished")
    folder, work = beside / "result", beside / "work"
    try:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(beside, ignore_errors=True)
            folder.mkdir(parents=True)
            work.mkdir()
        except OSError as error:
            raise _unwritable(out, error) from error
        try:
            yield folder, work
            _swap(folder, out)
        except OSError as error:
            if error.filename is not None:
                raise
            raise full(out, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _unwritable(out: Path, error: OSError) -> InputError:
    reason = (error.strerror or "unknown reason").lower()
    return InputError(f"cannot be written: {reason}", "Choose another folder, or mend its rights.", str(out))


def full(out: Path, error: OSError) -> InputError:
    """Return what to tell of a write that broke off, as on a full disk; libraries do not name the file."""
    reason = (error.strerror or str(error)).rpartition("] ")[2].lower()
    problem = f"cannot be written to its end: {reason}"
    return InputError(problem, "Free some space or choose another place; what was there is unchanged.", str(out))


def check(out: Path) -> None:
    """Mend what a kill between two renames left, and see that nothing but a result would be replaced.

    Raises:
        InputError: `out` exists and is not a result of a merge.
    """
    earlier = _earlier(out)
    if earlier.exists():
        if (out / MANIFEST).is_file():
            shutil.rmtree(earlier)
        else:
            earlier.rename(out)
    if out.is_dir() and not any(out.iterdir()):
        return
    if out.exists() and not (out / MANIFEST).is_file():
        raise InputError("exists and is not the result of a merge", "Choose another folder for the result.", str(out))


def _earlier(out: Path) -> Path:
    return out.with_name(f"{out.name}.earlier")


def _swap(folder: Path, out: Path) -> None:
    """Put a finished folder in the place of another; at every moment one of the two is whole."""
    earlier = _earlier(out)
    if out.exists():
        out.rename(earlier)
    folder.rename(out)
    shutil.rmtree(earlier, ignore_errors=True)


def manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a result.

    Raises:
        InputError: The folder is no result, or one of another version of this package.
    """
    check(folder)
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problem, remedy = "is not the result of a merge", "Give a folder that 'calcinosis-kg merge' wrote."
        raise InputError(problem, remedy, str(folder)) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InputError("was written by another version", "Merge its inputs again.", str(folder))
    return found


def is_result(path: Path) -> bool:
    """Return whether a path is the folder of a result."""
    return (path / MANIFEST).is_file() or (_earlier(path) / MANIFEST).is_file()


def describe(folder: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Write the manifest of a folder: the given facts, the digest of each file, and one digest of them all."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    digests = {name: _digest(path) for name, path in sorted(files.items()) if name != MANIFEST}
    return _written(folder, {"format": FORMAT, **facts, "files": digests})


def extend(folder: Path, before: Mapping[str, Any], key: str, value: object, part: str) -> dict[str, Any]:
    """Write the manifest of a folder anew after a part was added: the files that were there are not read again."""
    more = {f"{part}/{name}": digest for name, digest in manifest(folder / part)["files"].items()}
    more[f"{part}/{MANIFEST}"] = _digest(folder / part / MANIFEST)
    return _written(folder, {**before, key: value, "files": before["files"] | more})


def _written(folder: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(facts["files"].items()))
    made = {**facts, "digest": hashlib.sha256(lines.encode()).hexdigest()}
    text = json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    unfinished = folder / f"{MANIFEST}.unfinished"
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(folder / MANIFEST)
    return made


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
