"""Whether the document type of an XML file is harmless: whatever comes before the first element is read token by token.

OWL files declare entities for namespaces, so short texts are let through. An entity that holds another one could
grow without end, and one that stands elsewhere would be fetched: both are refused before a parser sees them.
"""

import re

START = 1 << 20
"""Bytes of a file within which its document type has to end."""

_PROLOG = re.compile(rb"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_DOCTYPE = re.compile(rb"""<!DOCTYPE\s+[^\s\[<>'"]+\s*(SYSTEM|PUBLIC)?(?:\s*(?:"[^"]*"|'[^']*'))*\s*(\[|>)""")
_ENTITY = re.compile(rb"""<!ENTITY\s+[^\s%>'"]+\s+("[^"]*"|'[^']*')\s*>""")
_OTHER = re.compile(rb"""<!(?:ELEMENT|ATTLIST|NOTATION)\s(?:[^'"<>]|"[^"]*"|'[^']*')*>""")
_LONGEST = 256
_REMEDY = "Write the RDF/XML anew, without a document type."
_EXTERNAL = f"declares something external; it is never fetched. {_REMEDY}"


def refusal(start: bytes) -> str:
    r"""Return why the document type is refused, with a remedy; nothing if there is none, or a harmless one.

    Args:
        start: The first `START` bytes of the file, or all of it.

    >>> refusal(b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY o "http://x/">]><r/>')
    ''
    >>> refusal(b'<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><r/>').partition(";")[0]
    'declares an entity that holds entities, or is long'
    """
    place = _skipped(start, 0)
    if not start.startswith(b"<!DOCTYPE", place):
        unread = place >= START or start.startswith((b"<!--", b"<?"), place)
        return f"has a start that is not understood. {_REMEDY}" if unread else ""
    found = _DOCTYPE.match(start, place)
    if not found:
        return f"has a document type that is not understood. {_REMEDY}"
    if found[1]:
        return _EXTERNAL
    return _subset(start, found.end()) if found[2] == b"[" else ""


def _subset(start: bytes, begin: int) -> str:
    place = begin
    while True:
        place = _skipped(start, place)
        if start.startswith(b"]", place):
            return ""
        entity = _ENTITY.match(start, place)
        found = entity or _OTHER.match(start, place)
        if not found:
            external = start.startswith(b"<!ENTITY", place) or start.startswith(b"%", place)
            return _EXTERNAL if external else f"has a document type that is not understood. {_REMEDY}"
        if entity and (b"&" in entity[1] or b"%" in entity[1] or len(entity[1]) > _LONGEST):
            return f"declares an entity that holds entities, or is long; it is not expanded. {_REMEDY}"
        place = found.end()


def _skipped(start: bytes, begin: int) -> int:
    """Return where blanks, comments and processing instructions end."""
    place = begin
    while found := _PROLOG.match(start, place):
        place = found.end()
    return place
