"""RDF/XML: the same graph gives the same bytes, and OWL tools find classes and the ontology by their elements."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

import pyoxigraph as ox

from calcinosis_kg import oxigraph
from calcinosis_kg.errors import FormatError
from calcinosis_kg.namespaces import prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable

_OBO = "http://purl.obolibrary.org/obo/"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*>\Z")
"""What makes an IRI usable as the name of an XML element."""


def write(quads: Iterable[ox.Quad]) -> bytes:
    """Return RDF/XML, types first, that an XML parser accepts.

    Args:
        quads: In canonical order; their graph names are left out.

    Raises:
        FormatError: A control character, or a property whose IRI does not end in a name.
    """

    def place(quad: ox.Quad) -> tuple[object, ...]:
        named_type = quad.predicate == _TYPE and _XML_NAME.search(str(quad.object))
        return oxigraph.natural(quad.subject), not named_type, str(quad.predicate), oxigraph.natural(quad.object)

    triples = [quad.triple for quad in sorted(quads, key=place)]
    known = {"obo": _OBO, **prefixes()}
    wanted = {prefix: iri for prefix, iri in known.items() if iri.endswith(("#", "/")) or prefix == "obo"}
    try:
        content = ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=wanted) or b""
        content = content.replace(b"\r", b"&#13;")  # else an XML parser makes a line feed of it
        expat.ParserCreate(namespace_separator=" ").Parse(content, True)  # noqa: FBT003 - expat takes it by place alone
    except (OSError, expat.ExpatError) as error:
        problem = f"RDF/XML cannot say this: {str(error).partition(':')[0]}"
        remedy = "Use ttl or nt: XML has no control characters, and its properties must end in a name."
        raise FormatError(problem, remedy) from error
    return content
