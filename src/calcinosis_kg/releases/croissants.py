"""The Croissant description of a release: its tables, column by column, for people who learn from data.

Croissant 1.0 (http://mlcommons.org/croissant/1.0). A record set is made of each table whose first line names its
columns; what a column holds is read off its values.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from calcinosis_kg.namespaces import BASE
from calcinosis_kg.releases.descriptions import ABOUT, CREATORS, KEYWORDS, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from calcinosis_kg.releases.artefacts import Artefact
    from calcinosis_kg.releases.descriptions import Release

NAME = "croissant.json"
CONFORMS = "http://mlcommons.org/croissant/1.0"

_DELIMITERS = {"text/csv": ",", "text/tab-separated-values": "\t"}
_OTHERS = {".jsonl": "application/jsonlines"}
"""What Croissant calls kinds of files that have no registered media type."""

_WORDS = (
    "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet", "format",
    "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
    "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
"""The words of Croissant; all others are schema.org's."""

_WHOLE = re.compile(r"-?[0-9]{1,15}\Z")
_NAME = re.compile(r"[^A-Za-z0-9_-]+")


def write(release: Release, artefacts: Sequence[Artefact], citation: str) -> bytes:
    """Return the description, as JSON-LD.

    Args:
        release: The release.
        artefacts: Its files; those that are tables get a record set.
        citation: How to cite it, in one line.
    """
    tables = [(artefact, rows) for artefact in artefacts if (rows := _rows(artefact))]
    description: dict[str, Any] = {
        "@context": _context(),
        "@type": "sc:Dataset",
        "name": TITLE,
        "description": ABOUT,
        "conformsTo": CONFORMS,
        "citeAs": citation,
        "creator": {"@type": "sc:Organization", "name": CREATORS},
        "datePublished": release.version,
        "keywords": list(KEYWORDS),
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "url": BASE,
        "version": _numbers(release.version),
        "distribution": [_file(artefact) for artefact in artefacts if artefact.format],
        "recordSet": [_record_set(artefact, rows) for artefact, rows in tables],
    }
    return (json.dumps(description, indent=2, ensure_ascii=False) + "\n").encode()


def _numbers(version: str) -> str:
    """Return a date as Croissant wants versions: three numbers with full stops.

    >>> _numbers("2026-02-01")
    '2026.2.1'
    """
    return ".".join(str(int(part)) for part in version.split("-"))


def _context() -> dict[str, Any]:
    typed = {"data": "@json", "examples": "@json", "dataType": "@vocab"}
    return {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "sc": "https://schema.org/",
        "conformsTo": "dct:conformsTo",
        **{word: f"cr:{word}" for word in _WORDS},
        **{word: {"@id": f"cr:{word}", "@type": kind} for word, kind in typed.items()},
    }


def _file(artefact: Artefact) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": artefact.path,
        "name": PurePosixPath(artefact.path).name,
        "description": artefact.title,
        "contentUrl": artefact.path,
        "contentSize": f"{artefact.size} B",
        "encodingFormat": artefact.media
        or _OTHERS.get(PurePosixPath(artefact.path).suffix, "application/octet-stream"),
        "sha256": artefact.sha256,
    }


def _record_set(artefact: Artefact, rows: list[list[str]]) -> dict[str, Any]:
    name = _NAME.sub("-", PurePosixPath(artefact.path).name.rpartition(".")[0])
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": artefact.title,
        "field": [_field(name, artefact.path, column, values) for column, values in _columns(rows)],
    }


def _field(table: str, path: str, column: str, values: list[str]) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{_NAME.sub('-', column)}",
        "name": _NAME.sub("-", column),
        "dataType": _data_type(values),
        "source": {"fileObject": {"@id": path}, "extract": {"column": column}},
    }


def _data_type(values: Iterable[str]) -> str:
    """Return what a column holds; a value that is missing makes it text, since a table has no other way to say so.

    >>> _data_type(["true", "false"]), _data_type(["1", "22"]), _data_type(["1", ""])
    ('sc:Boolean', 'sc:Integer', 'sc:Text')
    """
    distinct = set(values)
    if distinct and distinct <= {"true", "false"}:
        return "sc:Boolean"
    return "sc:Integer" if distinct and all(_WHOLE.match(value) for value in distinct) else "sc:Text"


def _rows(artefact: Artefact) -> list[list[str]]:
    """Return the rows of a table, its columns' names first; none if it is no table that Croissant can describe."""
    delimiter = _DELIMITERS.get(artefact.media)
    if delimiter is None or not artefact.format or artefact.content.startswith(b"#"):
        return []
    lines = io.StringIO(artefact.content.decode(), newline="")
    if delimiter == ",":
        return list(csv.reader(lines))
    return list(csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE))


def _columns(rows: list[list[str]]) -> Iterator[tuple[str, list[str]]]:
    for place, column in enumerate(rows[0]):
        yield column, [row[place] for row in rows[1:]]
