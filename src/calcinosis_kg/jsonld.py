"""Writes JSON-LD 1.1 that is shortened by the shipped context, which it carries along: nothing is fetched to read it.

Oxigraph turns quads into expanded JSON-LD, PyLD compacts it by the W3C's algorithm. PyLD's own reader of RDF is left
out: on this dataset it takes half a minute, and Oxigraph a tenth of a second, for the same result.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
from pyld import jsonld

from calcinosis_kg import oxigraph
from calcinosis_kg.errors import FormatError
from calcinosis_kg.resources import folder

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGER = re.compile("0|-?[1-9][0-9]{0,14}")
"""Whole numbers that every reader of JSON takes for the same number."""

_FIRST = ("@context", "@graph", "id", "type", "label", "subject", "relation", "predicate", "object", "negated")
"""The keys that a reader looks for first; the others follow by name."""


def write(quads: Iterable[ox.Quad]) -> str:
    """Return JSON-LD of quads, which stand in canonical order.

    >>> from calcinosis_kg.sheets import iri, text
    >>> quad = ox.Quad(iri("DOID:182"), iri("rdfs:label"), text("calcinosis"))
    >>> json.loads(write([quad]))["@graph"]
    [{'id': 'DOID:182', 'label': 'calcinosis'}]

    Raises:
        FormatError: An IRI would be read as a CURIE, or there are triple terms of RDF 1.2.
    """
    context = json.loads((folder("ontology") / "context.jsonld").read_text(encoding="utf-8"))
    given = sorted(quads, key=lambda quad: str(quad.graph_name))
    try:
        expanded = json.loads(ox.serialize(given, format=ox.RdfFormat.JSON_LD) or b"[]")
        compacted = jsonld.compact(_typed(expanded), context, {"documentLoader": _refuse, "graph": True})
    except (jsonld.JsonLdError, OSError, ValueError) as error:
        reason = getattr(error, "code", None) or str(error).partition(":")[0]
        raise FormatError(f"JSON-LD cannot say this ({reason})", "Use another format.") from error
    content = json.dumps(_ordered(compacted), ensure_ascii=False, indent=1) + "\n"
    if oxigraph.canonical(ox.parse(content, format=ox.RdfFormat.JSON_LD)) != oxigraph.canonical(given):
        raise FormatError("JSON-LD would change an IRI that looks like a CURIE", "Use another format.")
    return content


def _typed(node: Any) -> Any:  # noqa: ANN401 - any part of a JSON document
    """Return expanded JSON-LD with `rdf:type`, booleans and whole numbers as JSON-LD writes them."""
    if isinstance(node, list):
        return [_typed(part) for part in node]
    if not isinstance(node, dict):
        return node
    if "@value" in node:
        return {"@value": _native(node)} if _native(node) is not None else node
    found = {key: _typed(part) for key, part in node.items()}
    types = found.pop(_TYPE, None)
    if types is not None and all("@id" in entry for entry in types):
        return {**found, "@type": [entry["@id"] for entry in types]}
    return found if types is None else {**found, _TYPE: types}


def _native(literal: dict[str, str]) -> bool | int | None:
    """Return a literal as JSON's own boolean or whole number, if that says the same; else None."""
    content, datatype = literal["@value"], literal.get("@type")
    if datatype == _XSD + "boolean" and content in ("true", "false"):
        return content == "true"
    if datatype == _XSD + "integer" and _INTEGER.fullmatch(content):
        return int(content)
    return None


def _ordered(node: Any) -> Any:  # noqa: ANN401 - any part of a JSON document
    if isinstance(node, list):
        return [_ordered(part) for part in node]
    if not isinstance(node, dict):
        return node
    place = {key: number for number, key in enumerate(_FIRST)}
    keys = sorted(node, key=lambda key: (place.get(key, len(place)), key))
    return {key: node[key] if key == "@context" else _ordered(node[key]) for key in keys}


def _refuse(url: str, options: object = None) -> object:  # noqa: ARG001 - PyLD gives it
    raise FormatError(f"JSON-LD asked for {url}", "Nothing is fetched: report this as a bug.")
