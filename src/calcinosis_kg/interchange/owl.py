"""OWL in RDF/XML: the ontology alone, as Protégé, ROBOT and owlready2 open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import rdfxml
from calcinosis_kg.errors import InputError
from calcinosis_kg.interchange import headers

if TYPE_CHECKING:
    from collections.abc import Mapping

ENDING = ".owl"


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return the file: one ontology, with everything that quads say.

    Raises:
        FormatError: XML cannot say it.
    """
    return {ENDING: rdfxml.write(headers.one(quads)[1])}


def read(files: Mapping[str, bytes], place: str) -> list[ox.Quad]:
    """Return what a file says; nothing that it imports is fetched.

    Raises:
        InputError: It is no RDF/XML.
    """
    try:
        return list(ox.parse(files[ENDING], format=ox.RdfFormat.RDF_XML, rename_blank_nodes=True))
    except SyntaxError as error:
        raise InputError(error.msg, "Mend the file.", f"{place}:{error.lineno or 1}") from error
