"""Trusty URIs of module RA: an identifier that carries the digest of the quads that it names.

Source: Kuhn and Dumontier, "Making digital artifacts on the Web verifiable and reliable", IEEE Transactions on
Knowledge and Data Engineering 27(9), 2015, doi:10.1109/TKDE.2015.2419657; where the paper leaves a choice open
(order of code units, escapes in literals), the published reference implementation decides.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

PLACEHOLDER = " "
"""What stands in the place of the code while the digest is taken: no IRI has it, so nothing else is mistaken for it."""

_CODE = re.compile(r"(?<![A-Za-z0-9_-])RA[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


def code_in(iri: str) -> str:
    """Return the artifact code at the end of an IRI, or nothing.

    >>> code_in("https://w3id.org/np/RAPpJU5UOB4pavfWyk7FE3WQiam5yBpmIlviAQWtBSC4M")
    'RAPpJU5UOB4pavfWyk7FE3WQiam5yBpmIlviAQWtBSC4M'
    >>> code_in("https://w3id.org/np/RAPpJU5")
    ''
    """
    found = _CODE.search(iri)
    return found.group() if found and found.end() == len(iri) else ""


def code_of(quads: Iterable[ox.Quad], own: str) -> str:
    """Return the artifact code that quads should have.

    Args:
        quads: All that the IRI names; order and repeats do not matter.
        own: What stands for the code in their IRIs now: another code, or a name.

    Raises:
        InputError: There is a blank node or a triple term, which have no code.

    >>> node = ox.NamedNode("http://example.org/draft")
    >>> code_of([ox.Quad(node, node, ox.Literal("x"), node)], "draft")
    'RAwmPXDg6t5nEiVEqgh5emS7mCecfl6W_LPfr1V6Uw-sg'
    """
    digest = hashlib.sha256(text_of(quads, own).encode()).digest()
    return "RA" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def text_of(quads: Iterable[ox.Quad], own: str) -> str:
    """Return the text whose digest is taken, and which a signature signs: four lines a quad, in order.

    Raises:
        InputError: There is a blank node or a triple term.
    """
    rows = {_row(quad, own) for quad in quads}
    return "".join(_line(*term[1:]) for row in sorted(rows, key=_place) for term in row)


_Term = tuple[bool, str, str, str]
"""Whether it is a literal, its IRI or text, its datatype, its language."""


def _row(quad: ox.Quad, own: str) -> tuple[_Term, ...]:
    graph = quad.graph_name
    name = (False, "", "", "") if isinstance(graph, ox.DefaultGraph) else _term(graph, own)
    return name, _term(quad.subject, own), _term(quad.predicate, own), _term(quad.object, own)


def _term(term: object, own: str) -> _Term:
    if isinstance(term, ox.NamedNode):
        return False, term.value.replace(own, PLACEHOLDER), "", ""
    if isinstance(term, ox.Literal):
        language = (term.language or "").lower()
        return True, term.value, "" if language else term.datatype.value, language
    raise InputError(f"a trusty URI cannot name {term}", "Give blank nodes IRIs.")


def _place(row: tuple[_Term, ...]) -> list[tuple[bool, bytes, bytes, bytes]]:
    """Return the sorting key: strings by their UTF-16 code units, as the reference implementation compares them."""
    return [(literal, _units(value), _units(datatype), _units(language)) for literal, value, datatype, language in row]


def _units(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def _line(value: str, datatype: str, language: str) -> str:
    if not language and not datatype:
        return value + "\n"
    escaped = value.replace("\\", "\\\\").replace("\n", "\\n")
    return f"@{language} {escaped}\n" if language else f"^{datatype} {escaped}\n"
