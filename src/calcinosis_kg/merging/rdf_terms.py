"""Identifiers and texts as terms of RDF, in N-Quads or TriG; what has no IRI gets none."""

from __future__ import annotations

import re
from urllib.parse import quote

from calcinosis_kg.merging.prefixes import prefix_of, start_of
from calcinosis_kg.namespaces import BASE, SOURCE, STATEMENT, prefixes

MAPPING = BASE + "mapping"
_CACHED = 500_000
_BAD = re.compile(r'[\x00-\x20<>"{}|^`\\]')
"""What no IRI may hold."""
_IRI = re.compile(r"(https?|urn|ftp)://?\S|urn:\S")
_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?\Z")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_BOOLEAN = "<http://www.w3.org/2001/XMLSchema#boolean>"
_INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"


def text(value: str) -> str:
    r"""Return a text as a literal.

    >>> text('a "b"\n')
    '"a \\"b\\"\\n"'
    """
    return f'"{value.translate(_ESCAPES)}"'


def truth(value: object) -> str:
    """Return a truth value as a literal."""
    return f'"{"true" if value else "false"}"^^{_BOOLEAN}'


def number(value: int) -> str:
    """Return a whole number as a literal."""
    return f'"{value}"^^{_INTEGER}'


class Terms:
    """Writes identifiers as IRIs, and remembers those it met.

    Args:
        short: Whether to write a CURIE where our own prefix map allows it, as TriG does.

    >>> Terms().iri("DOID:182"), Terms(short=True).iri("DOID:182"), Terms().iri("house:1")
    ('<http://purl.obolibrary.org/obo/DOID_182>', 'DOID:182', '')
    """

    def __init__(self, *, short: bool = False) -> None:
        self._short = short
        self._met: dict[str, str] = {}

    def iri(self, identifier: str) -> str:
        """Return a normalised identifier as an IRI, or the empty text where nobody says what its IRI is."""
        found = self._met.get(identifier)
        if found is None:
            if len(self._met) > _CACHED:
                self._met.clear()
            found = self._met[identifier] = self._of(identifier)
        return found

    def _of(self, identifier: str) -> str:
        if _BAD.search(identifier):
            return ""
        if _IRI.match(identifier):
            return f"<{identifier}>"
        prefix = prefix_of(identifier)
        start = start_of(prefix) if prefix else ""
        local = identifier[len(prefix) + 1 :]
        if not start or not local:
            return ""
        if self._short and prefix in prefixes() and _PLAIN.match(local):
            return identifier
        return f"<{start}{local}>"

    def known(self, identifier: str) -> str:
        """Return an identifier as an IRI if our own map has its prefix, else as a text: so it comes back alike."""
        return (self.iri(identifier) if prefix_of(identifier) in prefixes() else "") or text(identifier)

    def ours(self, curie: str) -> str:
        """Return a CURIE of the model's own words."""
        found = self.iri(curie)
        if not found:
            raise ValueError(f"no IRI for {curie}")
        return found


def graph(source: str) -> str:
    """Return the named graph of a source.

    >>> graph("my graph")
    '<https://w3id.org/calcinosis-kg/source/my%20graph>'
    """
    return f"<{SOURCE}{quote(source, safe='')}>"


def statement(identifier: str) -> str:
    """Return the node of a statement."""
    return f"<{STATEMENT}{identifier}>"


class Places:
    """Names nodes by source and line; a second one of the same place ends in `-2`."""

    def __init__(self) -> None:
        self._met: dict[tuple[str, str, int], int] = {}

    def of(self, start: str, source: str, line: int) -> str:
        """Return the node of what starts so and stands there."""
        times = self._met[start, source, line] = self._met.get((start, source, line), 0) + 1
        again = f"-{times}" if times > 1 else ""
        return f"<{start}/{quote(source, safe='')}/{line}{again}>"
