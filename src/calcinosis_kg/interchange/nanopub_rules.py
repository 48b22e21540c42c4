"""What a sound nanopublication must be; each rule gives the reason when one is not.

Rules of form follow the nanopublication guidelines (https://nanopub.net/guidelines/working_draft/); that the IRIs of
the graphs begin with the IRI of the nanopublication, and that literals fit their datatypes, is what the published test
suite asks for beyond them.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.errors import InputError
from calcinosis_kg.interchange import trusty
from calcinosis_kg.interchange.nanopub_graphs import PARTS, Nanopub

if TYPE_CHECKING:
    from collections.abc import Iterator

_XSD = "http://www.w3.org/2001/XMLSchema#"
_WRITTEN = {
    "boolean": r"true|false|0|1",
    "decimal": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)",
    "double": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    "float": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN",
}
"""Datatypes of XML Schema 1.1 whose values a pattern decides."""

_WHOLE: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
}
"""Whole numbers, with the least and the greatest."""

_TIMES = ("date", "time", "dateTime", "gYear", "gYearMonth", "gMonthDay", "gMonth", "gDay", "duration")
"""Datatypes that are cast to see whether they can be."""


def faults(nanopub: Nanopub) -> list[str]:
    """Return why a nanopublication is not sound; nothing if it is. Signatures are not looked at."""
    form = list(_form(nanopub))
    ill = [] if trusty.code_in(nanopub.iri) else list(_ill_typed(nanopub))
    return form or [*_contents(nanopub), *ill, *_digest(nanopub)]


def notes(nanopub: Nanopub) -> list[str]:
    """Return what does not make it unsound, but is to be known.

    A value that does not fit its datatype is a fault only as long as it can be mended: what has a trusty URI cannot be
    changed, and the published network has such values.
    """
    return list(_ill_typed(nanopub)) if trusty.code_in(nanopub.iri) else []


def _form(nanopub: Nanopub) -> Iterator[str]:
    """Yield what is wrong with the Head and the names that it gives."""
    if not isinstance(nanopub.node, ox.NamedNode):
        yield "it is a blank node"
    if len(nanopub.heads) != 1:
        yield f"{len(nanopub.heads)} graphs declare it, where one is the Head"
    if any(isinstance(head, ox.DefaultGraph) for head in nanopub.heads):
        yield "its Head is not in a named graph"
    for part, names in zip(PARTS, nanopub.named, strict=True):
        if len(names) != 1:
            yield f"its Head names {len(names) or 'no'} {part}{'s' * (len(names) > 1)}, not one"
        elif not isinstance(names[0], ox.NamedNode):
            yield f"its {part} has no IRI"
    yield from _graphs(nanopub)


def _graphs(nanopub: Nanopub) -> Iterator[str]:
    """Yield what is wrong with the IRIs of its graphs."""
    names = [nanopub.node, *nanopub.heads, *(name for names in nanopub.named for name in names)]
    if len(set(names)) != len(names):
        yield "two of its parts have the same IRI"
    for name in dict.fromkeys(names[1:]):
        if isinstance(name, ox.NamedNode) and not name.value.startswith(nanopub.iri):
            yield f"the IRI of its graph {name.value} does not begin with its own"
    for name in nanopub.graphs:
        if name not in names:
            yield f"the graph {_shown(name)} is none of its four"


def _contents(nanopub: Nanopub) -> Iterator[str]:
    """Yield what is wrong with what its graphs say."""
    for number, part in enumerate(PARTS):
        if not nanopub.part(number):
            yield f"its {part} is empty"
    assertion = nanopub.named[0][0]
    if nanopub.part(1) and not any(assertion in (quad.subject, quad.object) for quad in nanopub.part(1)):
        yield "its provenance does not speak of its assertion"
    if nanopub.part(2) and not any(nanopub.node in (quad.subject, quad.object) for quad in nanopub.part(2)):
        yield "its publication info does not speak of it"


def _ill_typed(nanopub: Nanopub) -> Iterator[str]:
    """Yield the literals that are no values of their datatypes."""
    literals = {str(quad.object): quad.object for quad in nanopub.quads if isinstance(quad.object, ox.Literal)}
    for shown, literal in sorted(literals.items()):
        if not fits(literal.value, literal.datatype.value):
            yield f"{shown} is no value of its datatype"


def _digest(nanopub: Nanopub) -> Iterator[str]:
    """Yield what is wrong with its trusty URI, if it has one."""
    code = trusty.code_in(nanopub.iri)
    if not code:
        return
    try:
        found = trusty.code_of(nanopub.quads, code)
    except InputError as error:
        yield error.problem
        return
    if found != code:
        yield f"its content does not fit its name: the name ends in {code}, the content gives {found}"


@lru_cache(maxsize=4096)
def fits(value: str, datatype: str) -> bool:
    """Whether a text is a value of its datatype; other datatypes than those of XML Schema have no say.

    >>> fits("1757-02-28", _XSD + "date"), fits("1757-02-31", _XSD + "date"), fits("x", "http://example.org/any")
    (True, False, True)
    """
    name = datatype.removeprefix(_XSD) if datatype.startswith(_XSD) else ""
    if name in _WHOLE:
        least, greatest = _WHOLE[name]
        return bool(re.fullmatch("[+-]?[0-9]+", value)) and (
            (least is None or Decimal(value) >= least) and (greatest is None or Decimal(value) <= greatest)
        )
    if name in _WRITTEN:
        return bool(re.fullmatch(_WRITTEN[name], value))
    if name not in _TIMES:
        return True
    question = f"ASK {{ FILTER(BOUND(?x)) BIND(<{datatype}>({ox.Literal(value)}) AS ?x) }}"
    return bool(ox.Store().query(question))


def _shown(name: object) -> str:
    return name.value if isinstance(name, ox.NamedNode) else "without a name"
