"""How to cite a release: the project's CITATION.cff, with the version and the date of the release."""

from __future__ import annotations

import re

from calcinosis_kg import oxigraph, resources
from calcinosis_kg.errors import InputError
from calcinosis_kg.releases.descriptions import CREATORS, TITLE, Release

NAME = "CITATION.cff"
_VERSION = re.compile(r"^version: .*$", re.MULTILINE)
_DATE = re.compile(r"^date-released: .*$", re.MULTILINE)


def write(release: Release) -> bytes:
    """Return CITATION.cff of a release.

    Raises:
        InputError: The installation lacks the file, or it has no version or no date.
    """
    path = resources.file(NAME)
    content = oxigraph.content(path).decode()
    lines = {
        _VERSION: f"version: {release.version!r}".replace("'", '"'),
        _DATE: f'date-released: "{release.version}"',
    }
    for pattern, line in lines.items():
        content, count = pattern.subn(line, content)
        if count != 1:
            key = line.partition(":")[0]
            raise InputError(f"has not one line '{key}'", "Give it one.", str(path))
    content = content.rstrip("\n") + f"\nidentifiers:\n  - type: url\n    value: {release.address}\n"
    return (
        content + "    description: The address of this version; the redirects of w3id.org are an open point.\n"
    ).encode()


def line(release: Release) -> str:
    """Return how to cite a release, in one line.

    >>> line(Release("2026-11-23"))
    'The calcinosis-kg founders (2026). calcinosis-kg. Version 2026-11-23. https://w3id.org/calcinosis-kg/releases/2026-11-23/'
    """
    return f"{CREATORS} ({release.version[:4]}). {TITLE}. Version {release.version}. {release.address}"
