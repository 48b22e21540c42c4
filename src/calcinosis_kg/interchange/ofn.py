"""OWL functional syntax: an axiom a line, for people who read axioms and for diffs; by py-horned-owl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from calcinosis_kg.errors import FormatError, InputError, MissingExtraError
from calcinosis_kg.interchange import owl

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyoxigraph as ox

ENDING = ".ofn"


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return the file: the axioms and annotations of the OWL file, in functional syntax.

    Raises:
        FormatError: It is no OWL.
        MissingExtraError: py-horned-owl is not installed.
    """
    library = _library()
    try:
        ontology = library.open_ontology_from_string(owl.write(quads)[owl.ENDING].decode(), "rdf")
    except ValueError as error:
        raise FormatError(f"this is no OWL ontology: {error}", "Use owl or ttl, which hold any triple.") from error
    return {ENDING: (ontology.save_to_string("ofn").rstrip("\n") + "\n").encode()}


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
