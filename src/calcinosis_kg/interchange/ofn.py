"""OWL functional syntax: an axiom a line, for people who read axioms and for diffs; by py-horned-owl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from calcinosis_kg.errors import FormatError, InputError, MissingExtraError
from calcinosis_kg.interchange import headers, owl
from calcinosis_kg.namespaces import compress

if TYPE_CHECKING:
    from collections.abc import Mapping

ENDING = ".ofn"


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return the file: the axioms and annotations of the OWL file, in functional syntax.

    What py-horned-owl would leave out is refused: it is read back and compared.

    Raises:
        FormatError: It is no OWL, or not all of it.
        MissingExtraError: py-horned-owl is not installed.
    """
    library = _library()
    try:
        ontology = library.open_ontology_from_string(owl.write(quads)[owl.ENDING].decode(), "rdf")
    except ValueError as error:
        raise FormatError(f"this is no OWL ontology: {error}", "Use owl or ttl, which hold any triple.") from error
    content = {ENDING: (ontology.save_to_string("ofn").rstrip("\n") + "\n").encode()}
    lost = _lost(headers.one(quads)[1], read(content, "what was written"))
    if lost:
        raise FormatError(f"OWL has no words for {lost}", "Use ttl, nt or nq, which hold any triple.")
    return content


def _lost(given: list[ox.Quad], back: list[ox.Quad]) -> str:
    """Return what did not come through: a triple, or axioms that are made of expressions; nothing if all did."""
    kept = set(back)
    for quad in given:
        if quad not in kept and not _has_expression(quad):
            return " ".join(compress(term.value) for term in quad.triple)
    few = sum(map(_has_expression, back)) < sum(map(_has_expression, given))
    return "an expression that an axiom is about" if few else ""


def _has_expression(quad: ox.Quad) -> bool:
    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)


def read(files: Mapping[str, bytes], place: str) -> list[ox.Quad]:
    """Return what a file says.

    Raises:
        InputError: It is no OWL functional syntax.
        MissingExtraError: py-horned-owl is not installed.
    """
    library = _library()
    try:
        content = library.open_ontology_from_string(files[ENDING].decode(), "ofn").save_to_string("rdf")
    except ValueError as error:  # UnicodeDecodeError is one
        raise InputError(f"is no OWL functional syntax: {error}", "Mend the file.", place) from error
    return owl.read({owl.ENDING: content.encode()}, place)


def _library() -> Any:  # noqa: ANN401 - it has no types
    try:
        import pyhornedowl  # noqa: PLC0415 - optional
    except ImportError as error:
        raise MissingExtraError("py-horned-owl", "reason") from error
    return pyhornedowl
