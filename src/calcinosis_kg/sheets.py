"""Nodes by CURIE, literals, and sheets to write quads on."""

from collections.abc import Iterator

import pyoxigraph as ox

from calcinosis_kg.namespaces import expand

Value = ox.NamedNode | ox.Literal

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NAMED = {"not_found": "notFound", "case_report": "caseReport", "curation_record": "curationRecord"}


def iri(curie: str) -> ox.NamedNode:
    """Return the node of a CURIE, of a claim id, or of an address."""
    if curie.startswith(("https:", "http:")):
        return ox.NamedNode(curie)
    return ox.NamedNode(expand(f"claim:{curie}" if curie.startswith("CKG-") else curie))


def value(name: str) -> ox.NamedNode:
    """Return a value of the vocabulary by its YAML name.

    >>> value("not_found").value
    'https://w3id.org/calcinosis-kg/vocabulary/notFound'
    """
    return iri("ckgv:" + _NAMED.get(name, name))


def text(content: str) -> ox.Literal:
    """Return an English text."""
    return ox.Literal(content, language="en")


def whole(number: int) -> ox.Literal:
    """Return an integer."""
    return ox.Literal(str(number), datatype=ox.NamedNode(_XSD + "integer"))


def truth(flag: bool) -> ox.Literal:  # noqa: FBT001 - it is the value itself
    """Return a boolean."""
    return ox.Literal("true" if flag else "false", datatype=ox.NamedNode(_XSD + "boolean"))


def decimal(number: str) -> ox.Literal:
    """Return a decimal number as it is written."""
    return ox.Literal(number, datatype=ox.NamedNode(_XSD + "decimal"))


def moment(date: str) -> ox.Literal:
    """Return the start of a day, in UTC."""
    return ox.Literal(f"{date}T00:00:00Z", datatype=ox.NamedNode(_XSD + "dateTime"))


class Sheet:
    """Writes quads of one named graph, by CURIE.

    >>> list(Sheet("graph:claims").write("DOID:182", ("rdf:type", iri("owl:Class"))))[0].object.value
    'http://www.w3.org/2002/07/owl#Class'
    """

    def __init__(self, graph: str) -> None:
        self.graph = iri(graph)

    def write(self, subject: str | ox.NamedNode, *facts: tuple[str, Value]) -> Iterator[ox.Quad]:
        """Yield a quad for each predicate and value."""
        node = iri(subject) if isinstance(subject, str) else subject
        for predicate, content in facts:
            yield ox.Quad(node, iri(predicate), content, self.graph)
