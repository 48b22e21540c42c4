"""A file of a release: its content, and what it is said to be.

Media types are those that IANA has registered; a file of another kind has none, and is described by its title.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
"""The licence of everything that is not a slice of somebody else's ontology."""

MEDIA = {
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".htaccess": "text/plain",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".ofn": "text/owl-functional",
    ".owl": "application/rdf+xml",
    ".parquet": "application/vnd.apache.parquet",
    ".rdf": "application/rdf+xml",
    ".rq": "application/sparql-query",
    ".trig": "application/trig",
    ".tsv": "text/tab-separated-values",
    ".ttl": "text/turtle",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
}
"""File ending to registered media type."""

_KILO = 1000
_BY_NAME = {"LICENSE": "text/plain", "SHA256SUMS": "text/plain", ".htaccess": "text/plain"}


@dataclass(frozen=True)
class Artefact:
    """A file of a release.

    Attributes:
        path: Where it stands, below the folder of the release, with `/`.
        content: Its bytes.
        title: What it is, in a few words.
        view: The part of the dataset that it holds (`accepted`, `all`, `ontology`, `mappings`); empty for other files.
        format: Short name of the format; empty for files that are no export of the dataset.
        licence: IRI of its licence.
    """

    path: str
    content: bytes
    title: str
    view: str = ""
    format: str = ""
    licence: str = CC_BY

    @cached_property
    def sha256(self) -> str:
        """Its SHA-256, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return len(self.content)

    @property
    def media(self) -> str:
        """Its media type, or an empty text if none is registered for it.

        >>> Artefact("data/calcinosis-kg.ttl", b"", "Turtle").media, Artefact("data/a.obo", b"", "OBO").media
        ('text/turtle', '')
        """
        path = PurePosixPath(self.path)
        return _BY_NAME.get(path.name) or MEDIA.get(path.suffix, "")


def shown_size(size: int) -> str:
    """Return a number of bytes as people read it.

    >>> shown_size(999), shown_size(1_739_215)
    ('999 B', '1.7 MB')
    """
    if size < _KILO:
        return f"{size} B"
    return f"{size / _KILO:.1f} kB" if size < _KILO**2 else f"{size / _KILO**2:.1f} MB"
