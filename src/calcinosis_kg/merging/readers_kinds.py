"""What a file is: told by its first bytes, and held against its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging.readers_streams import plain_name, shown

if TYPE_CHECKING:
    from calcinosis_kg.merging.readers_streams import Stream

TABLE, LINES, DOCUMENT, PARQUET = "table", "JSON Lines", "KGX JSON", "Parquet"
OBO, OBOGRAPH, TERMS = "OBO", "OBO Graph JSON", "terms as JSON"
XML, JSONLD, TRIPLES, TURTLE = "RDF/XML", "JSON-LD", "N-Triples or N-Quads", "Turtle or TriG"
EMPTY = "empty"

_NAMES = {
    "tsv": {TABLE}, "csv": {TABLE}, "txt": {TABLE}, "tab": {TABLE}, "hpoa": {TABLE}, "sif": {TABLE},
    "jsonl": {LINES}, "ndjson": {LINES}, "json": {LINES, DOCUMENT, OBOGRAPH, TERMS, JSONLD}, "jsonld": {JSONLD},
    "parquet": {PARQUET}, "obo": {OBO}, "owl": {XML, TURTLE, TRIPLES}, "rdf": {XML}, "xml": {XML},
    "ttl": {TURTLE, TRIPLES}, "trig": {TURTLE, TRIPLES}, "nt": {TRIPLES}, "nq": {TRIPLES},
}  # fmt: skip
"""Ending of a name to what a file of that name may be."""

_TRUSTED = {
    "obo": OBO, "ttl": TURTLE, "trig": TURTLE, "nt": TRIPLES, "nq": TRIPLES, "jsonl": LINES, "ndjson": LINES,
    "jsonld": JSONLD, "rdf": XML,
}  # fmt: skip
"""Ending of a name to what a file is of which the start tells nothing: one bad byte there costs a row, not all."""

_TRIPLE = re.compile(rb'(<[^<>"\s]*>|_:\S+)\s+<[^<>"\s]*>\s+\S.*\.\s*(#.*)?\Z')
_TURTLE = re.compile(rb"(?i)\s*(@prefix|@base|prefix|base)\s")
_STANZA = re.compile(rb"(?m)^(format-version: |\[(Term|Typedef|Instance)\]\s*$)")
_ARCHIVES = {b"PK\x03\x04": "a zip archive", b"\x7fELF": "a program", b"%PDF": "a PDF", b"7z\xbc\xaf": "a 7z archive"}
_NO_RDF = {b"<html": "HTML", b"<!doctype html": "HTML", b"<ontology": "OWL/XML", b"<obographs": "XML"}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def kind(stream: Stream) -> str:
    """Return what a file is; if its name says otherwise, that is noted.

    Raises:
        InputError: It is nothing that can be read.
    """
    ending = plain_name(stream.path.name).rpartition(".")[2].lower()
    start = stream.start()
    try:
        found = recognised(start, str(stream.path))
    except InputError:
        if ending not in _TRUSTED or _is_foreign(start):
            raise
        stream.note(f"does not start like {_TRUSTED[ending]}; it was read as that because it is named .{ending}")
        return _TRUSTED[ending]
    expected = _NAMES.get(ending)
    if found != EMPTY and expected and found not in expected:
        stream.note(f"is named .{ending}, and is {found}; it was read as that")
    return found


def recognised(start: bytes, place: str) -> str:
    r"""Return what content that starts so is.

    >>> recognised(b"subject\tpredicate\tobject\n", "a"), recognised(b"format-version: 1.2\n", "a")
    ('table', 'OBO')

    Raises:
        InputError: It is nothing that can be read.
    """
    text = start.lstrip()
    for magic, name in _ARCHIVES.items():
        if start.startswith(magic):
            raise InputError(f"is {name}", "Unpack it, or give a file that can be merged.", place)
    if start.startswith(_UTF16):
        raise InputError("is not UTF-8 but UTF-16", "Save the file as UTF-8.", place)
    if start.startswith(b"PAR1"):
        return PARQUET
    if not text:
        return EMPTY
    if text.startswith(b"<") and not _TRIPLE.match(_line(text)):
        return _markup(text, place)
    if text.startswith((b"{", b"[")) and not text.startswith(b"[Te") and not text.startswith(b"[Ty"):
        return _json(text, place)
    return _text(text, place)


def _is_foreign(start: bytes) -> bool:
    """Whether content is surely of something else that cannot be read."""
    low = start[:2000].lower()
    return start.startswith((*_ARCHIVES, *_UTF16)) or any(tag in low for tag in _NO_RDF)


def _line(text: bytes) -> bytes:
    return text.partition(b"\n")[0].rstrip()


def _markup(text: bytes, place: str) -> str:
    low = text.lower()
    for tag, name in _NO_RDF.items():
        if tag in low[:2000] and b"<rdf:rdf" not in low:
            raise InputError(f"is {name}", "Convert it, with ROBOT for example, and give the result.", place)
    return XML if low.startswith((b"<?xml", b"<!doctype", b"<!--", b"<rdf:")) else TURTLE


def _json(text: bytes, place: str) -> str:
    keys = set(re.findall(rb'"(@?\w+)"\s*:', text))
    if keys & {b"@context", b"@id", b"@graph", b"@type"}:
        return JSONLD
    if b"graphs" in keys:
        return OBOGRAPH
    if keys >= ({b"ancestors", b"label"} if text.startswith(b"{") else {b"id", b"name", b"namespace"}):
        return TERMS
    first = _line(text)
    lines = first.startswith(b"{") and len(first) > 1 and keys & {b"id", b"subject", b"object"}
    if (
        text.startswith(b"{")
        and keys & {b"nodes", b"edges"}
        and not (lines and first.endswith(b"}") and b"\n" in text.strip())
    ):
        return DOCUMENT
    if lines:
        return LINES
    raise InputError("is JSON of no known form", "Give JSON-LD, OBO Graph JSON, or KGX as JSON Lines or JSON.", place)


def _text(text: bytes, place: str) -> str:
    lines = [line.rstrip() for line in text.split(b"\n") if line.strip()]
    content = [line for line in lines if not line.startswith(b"#")] or lines
    if _STANZA.search(text) and b":" in content[0] + b":":
        return OBO
    if _TRIPLE.match(content[0]):
        return TRIPLES
    if any(_TURTLE.match(line) for line in content[:50]):
        return TURTLE
    if b"\t" in content[0] or b"," in content[0] or all(line.startswith(b"#") for line in lines):
        return TABLE
    if b"\0" in text[:1000]:
        raise InputError("is no text", "Give a file that can be merged.", place)
    problem = f"cannot be recognised; it starts with '{shown(content[0][:60])}'"
    raise InputError(problem, "Give RDF, OBO, KGX, SSSOM, HPOA, or a table with a column mapping.", place)
