"""The text of a query before an engine sees it: which words are its own, and whether it reads or writes too much.

A query may read the graphs that it is asked over, and nothing else: no file, no network, no update.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from calcinosis_kg.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator

SKIPPED = re.compile(
    r"""<[^<>"{}|^`\\\s]*>|"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*""",
    re.DOTALL,
)
"""IRIs, strings and comments: what is no word of the query itself."""

_FORBIDDEN = re.compile(
    r"(?<![\w?$:-])(SERVICE|FROM|LOAD|INSERT|DELETE|CLEAR|DROP|CREATE|COPY|MOVE|ADD)(?![\w:-])", re.IGNORECASE
)
_GAP = r"(?:[ \t\r\n]|\#[^\r\n]*+)*+"
_SERVICE = re.compile(
    rf"(?<![?$:])SERVICE{_GAP}(?:SILENT{_GAP})?"
    r"""(?:<[^<>{}\x00-\x20]*>|[?$][^<>{}"#\x00-\x20]++|[^<>{}":#\x00-\x20]*+:(?:[^<>{}"#\\\x00-\x20]|\\.)*+)"""
    rf"{_GAP}\{{",
    re.IGNORECASE,
)
"""SERVICE and all that must follow it, wherever it stands.

It is looked for in strings and comments too: where those begin and end, only the whole grammar knows.
"""

_REASON = {
    "SERVICE": ("it would send data over the network", "Leave SERVICE out"),
    "FROM": ("it would read files or the network", "Leave FROM out, and choose graphs with --graph"),
    "LOAD": ("it would read files or the network", "Leave LOAD out"),
}


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the text in pieces; True marks IRIs, strings and comments."""
    last = 0
    for match in SKIPPED.finditer(text):
        yield False, text[last : match.start()]
        yield True, match[0]
        last = match.end()
    yield False, text[last:]


def blank(text: str) -> str:
    """Return the text without IRIs, strings and comments."""
    return "".join(" " if skipped else piece for skipped, piece in pieces(text))


def refuse_unsafe(name: str, text: str) -> None:
    """Refuse a query that reads files or the network, or that writes.

    >>> refuse_unsafe("ok", "SELECT ?service WHERE { ?service a <http://FROM> } # SERVICE")

    Raises:
        QueryError: It has SERVICE, FROM, LOAD, or an update in it.
    """
    match = _FORBIDDEN.search(blank(text))
    if match or _SERVICE.search(text):
        word = match[1].upper() if match else "SERVICE"
        reason, remedy = _REASON.get(word, ("a query reads, it does not write", "Write a SELECT query"))
        raise QueryError(f"{word} is not allowed: {reason}", f"{remedy}.", name)


def syntax_error(name: str, text: str, message: str) -> QueryError:
    """Say where the parser stopped, and why: its message starts with `error at LINE:COLUMN:`."""
    found = re.match(r"error at (\d+):(\d+): (.*)", message)
    if not found:
        return QueryError(f"is not valid SPARQL: {message.splitlines()[0].rstrip('.')}", "Correct the query.", name)
    line, column = int(found[1]), int(found[2])
    place = f"{name}:{line}"
    before = text.split("\n")[line - 1][: column - 1]
    prefix = re.search(r"([\w.-]*):\S*\Z", before)
    if "Prefix not found" in message and prefix:
        return QueryError(f"unknown prefix '{prefix[1]}'", f"Write PREFIX {prefix[1]}: <…> at the top.", place)
    expected = found[3].split(", ['")[0].rstrip(".")
    return QueryError(f"is not valid SPARQL: column {column}, {expected}", "Correct the query there.", place)
