"""Writes files whole: a failure leaves what stood there before."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from calcinosis_kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping


def save(path: Path, content: bytes) -> None:
    """Write a file whole: beside its place first, then renamed, so that a failure leaves the old one.

    Raises:
        InputError: It cannot be written.
    """
    save_all({path: content})


def save_all(contents: Mapping[Path, bytes | None]) -> None:
    """Write files that belong together: all beside their places first, then renamed; take away those without content.

    Raises:
        InputError: One cannot be written; then none is.
    """
    staged: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in contents.items():
            if path.is_dir():
                raise IsADirectoryError(None, "is a folder")
            if content is not None and not (path.exists() and not path.is_file()):
                staged[path] = _beside(path.resolve(), content)
        for path, content in contents.items():
            if path in staged:
                staged[path].replace(path.resolve())
                del staged[path]
            elif content is None:
                path.unlink(missing_ok=True)
            else:
                # A device or a pipe: a file put in its place would take it away from everybody.
                path.write_bytes(content)
    except OSError as error:
        problem = f"cannot be written: {(error.strerror or 'unknown reason').lower()}"
        raise InputError(problem, "Choose another place, or change its rights.", str(path)) from error
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def _beside(target: Path, content: bytes) -> Path:
    """Write content to a new file beside its place, and return where it stands."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o666 & ~_umask())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
