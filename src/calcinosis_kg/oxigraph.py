"""The one door to pyoxigraph: rdflib terms to its terms and back, canonical order, parsing.

rdflib's `Graph` and `Dataset` are the interface of this package; pyoxigraph does the work that a person
waits for. It lower-cases language tags; nothing else is changed on the way through `parse` and `quads`
(a `Store` canonicalises numbers, so stores are made for queries only, never for exports).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.errors import InputError
from calcinosis_kg.namespaces import compress, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import rdflib

Term = ox.NamedNode | ox.BlankNode | ox.Literal
_DIGITS = re.compile(r"0*([0-9]+)")

RDF_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
"""File ending to the format that it stands for."""


def parse(path: Path, form: ox.RdfFormat | None = None) -> list[ox.Quad]:
    """Read an RDF file, by its ending unless a format is given; nothing is fetched.

    Raises:
        InputError: The file is missing, of an unknown ending, or badly written.
    """
    form = form or RDF_FORMATS.get(path.suffix.lower())
    if form is None:
        raise InputError(f"unknown ending '{path.suffix}'", f"Use one of {', '.join(RDF_FORMATS)}.", str(path))
    try:
        return list(ox.parse(content(path), format=form, rename_blank_nodes=True))
    except SyntaxError as error:
        raise InputError(f"{error.msg}", "Mend the file.", f"{path}:{error.lineno or 1}") from error


def content(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        InputError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise InputError(f"cannot be read: {reason}", "Check the path.", str(path)) from error


def canonical(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the distinct quads in one order, blank nodes named by RDFC-1.0.

    Isomorphic input gives the same list, whatever its order or its blank node names.
    """
    found: set[ox.Quad] = set()
    nameless = []
    for quad in quads:  # only those with blank nodes have a say in their names
        nodes = quad.subject, quad.object, quad.graph_name
        if any(isinstance(node, ox.BlankNode | ox.Triple) for node in nodes):
            nameless.append(quad)
        else:
            found.add(quad)
    if nameless:
        dataset = ox.Dataset(nameless)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        found.update(dataset)
    return sorted(found, key=str)


def natural(term: Term | ox.Triple) -> tuple[list[tuple[int, str]], str]:
    """Return a sorting key of a term as people would order it: C9 before C10.

    >>> sorted((ox.Literal("C10"), ox.Literal("C9")), key=natural)[0].value
    'C9'
    """
    shown = str(term)
    parts = _DIGITS.split(compress(term.value) if isinstance(term, ox.NamedNode) else shown)
    return [(len(part) if place % 2 else 0, part) for place, part in enumerate(parts)], shown


def to_ox(graph: rdflib.Graph) -> list[ox.Quad]:
    """Return the triples of an rdflib graph, or the quads of a dataset, as pyoxigraph quads.

    Raises:
        InputError: A term is none of RDF 1.1's: an IRI that is not absolute, or a literal as subject.
    """
    import rdflib  # noqa: PLC0415 - a third of a second; queries from the shell do without it

    if isinstance(graph, rdflib.Dataset):
        default = graph.default_graph.identifier
        return [
            _to_quad(s, p, o, ox.DefaultGraph() if name in (None, default) else _to_term(name))
            for s, p, o, name in graph.quads()
        ]
    return [_to_quad(s, p, o, ox.DefaultGraph()) for s, p, o in graph]


def to_dataset(quads: Iterable[ox.Quad]) -> rdflib.Dataset:
    """Return the quads as a new rdflib dataset, with the project's prefixes bound."""
    import rdflib  # noqa: PLC0415 - as in to_ox

    dataset = rdflib.Dataset()
    for prefix, iri in prefixes().items():
        dataset.bind(prefix, iri, replace=True)
    named = {}
    term = cache(_from_term)
    for quad in quads:
        name = quad.graph_name
        if name not in named:
            named[name] = (
                dataset.default_graph if isinstance(name, ox.DefaultGraph) else dataset.graph(_from_node(name))
            )
        named[name].add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return dataset


def to_graph(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    """Return the triples of quads, whatever their graphs, as a new rdflib graph."""
    import rdflib  # noqa: PLC0415 - as in to_ox

    graph = rdflib.Graph()
    term = cache(_from_term)
    for quad in quads:
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def _to_quad(subject: object, predicate: object, content: object, graph: Term | ox.DefaultGraph) -> ox.Quad:
    s, p = _to_term(subject), _to_term(predicate)
    if isinstance(s, ox.Literal) or not isinstance(p, ox.NamedNode) or isinstance(graph, ox.Literal):
        problem = f"not an RDF triple: {s} {p} {_to_term(content)}"
        raise InputError(problem, "A subject is an IRI or a blank node, a predicate is an IRI.")
    return ox.Quad(s, p, _to_term(content), graph)


def _to_term(value: object) -> Term:
    import rdflib  # noqa: PLC0415 - as in to_ox

    try:
        if isinstance(value, rdflib.URIRef):
            return ox.NamedNode(str(value))
        if isinstance(value, rdflib.BNode):
            return ox.BlankNode(str(value))
        if isinstance(value, rdflib.Literal):
            if value.language:
                return ox.Literal(str(value), language=value.language)
            datatype = value.datatype or rdflib.XSD.string
            return ox.Literal(str(value), datatype=ox.NamedNode(str(datatype)))
    except ValueError as error:
        raise InputError(f"not an RDF term: {value!r} ({error})", "Use absolute IRIs without spaces.") from error
    if isinstance(value, rdflib.Graph):
        return _to_term(value.identifier)
    raise TypeError(f"not an RDF term: {value!r}")


def _from_node(value: ox.NamedNode | ox.BlankNode) -> rdflib.term.IdentifiedNode:
    import rdflib  # noqa: PLC0415 - as in to_ox

    return rdflib.URIRef(value.value) if isinstance(value, ox.NamedNode) else rdflib.BNode(value.value)


def _from_term(value: Term | ox.Triple) -> rdflib.term.IdentifiedNode | rdflib.Literal:
    import rdflib  # noqa: PLC0415 - as in to_ox

    if isinstance(value, ox.Triple):
        raise InputError(f"rdflib has no triple terms: {value}", "Leave it out.")
    if not isinstance(value, ox.Literal):
        return _from_node(value)
    if value.language:
        return rdflib.Literal(value.value, lang=value.language)
    plain = value.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
    datatype = None if plain else rdflib.URIRef(value.datatype.value)
    return rdflib.Literal(value.value, datatype=datatype, normalize=False)
