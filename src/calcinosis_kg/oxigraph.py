"""The one door to pyoxigraph: rdflib terms to its terms and back, canonical order, parsing.

rdflib's `Graph` and `Dataset` are the interface of this package; pyoxigraph does the work that a person
waits for. It lower-cases language tags; nothing else is changed on the way through `parse` and `quads`
(a `Store` canonicalises numbers, so stores are made for queries only, never for exports).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import rdflib

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


def parse(path: Path) -> list[ox.Quad]:
    """Read an RDF file by its ending; nothing is fetched.

    Raises:
        InputError: The file is missing, of an unknown ending, or badly written.
    """
    form = RDF_FORMATS.get(path.suffix)
    if form is None:
        raise InputError(f"unknown ending '{path.suffix}'", f"Use one of {', '.join(RDF_FORMATS)}.", str(path))
    try:
        return list(ox.parse(path=str(path), format=form, rename_blank_nodes=True))
    except SyntaxError as error:
        raise InputError(f"{error.msg}", "Mend the file.", f"{path}:{error.lineno or 1}") from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", "Check the path.", str(path)) from error


def canonical(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the distinct quads in one order, blank nodes named by RDFC-1.0.

    Isomorphic input gives the same list, whatever its order or its blank node names.
    """
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


def to_ox(graph: rdflib.Graph) -> list[ox.Quad]:
    """Return the triples of an rdflib graph, or the quads of a dataset, as pyoxigraph quads."""
    import rdflib  # noqa: PLC0415 - a third of a second; queries from the shell do without it

    if isinstance(graph, rdflib.Dataset):
        default = graph.default_graph.identifier
        return [
            ox.Quad(_to_term(s), _to_term(p), _to_term(o), ox.DefaultGraph() if g in (None, default) else _to_term(g))
            for s, p, o, g in graph.quads()
        ]
    return [ox.Quad(_to_term(s), _to_term(p), _to_term(o)) for s, p, o in graph]


def to_dataset(quads: Iterable[ox.Quad]) -> rdflib.Dataset:
    """Return the quads as a new rdflib dataset, with the project's prefixes bound."""
    import rdflib  # noqa: PLC0415 - as in to_ox

    from calcinosis_kg.namespaces import prefixes  # noqa: PLC0415 - only needed here

    dataset = rdflib.Dataset()
    for prefix, iri in prefixes().items():
        dataset.bind(prefix, iri, replace=True)
    terms: dict[object, rdflib.term.Node] = {}

    def term(value: object) -> rdflib.term.Node:
        found = terms.get(value)
        if found is None:
            found = terms[value] = _from_term(value)
        return found

    named = {}
    for quad in quads:
        name = quad.graph_name
        if name not in named:
            named[name] = dataset.default_graph if isinstance(name, ox.DefaultGraph) else dataset.graph(term(name))
        named[name].add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return dataset


def _to_term(value: object) -> object:
    import rdflib  # noqa: PLC0415 - as in to_ox

    if isinstance(value, rdflib.URIRef):
        return ox.NamedNode(str(value))
    if isinstance(value, rdflib.BNode):
        return ox.BlankNode(str(value))
    if isinstance(value, rdflib.Literal):
        if value.language:
            return ox.Literal(str(value), language=value.language)
        if value.datatype:
            return ox.Literal(str(value), datatype=ox.NamedNode(str(value.datatype)))
        return ox.Literal(str(value))
    if isinstance(value, rdflib.Graph):
        return _to_term(value.identifier)
    raise TypeError(f"not an RDF term: {value!r}")


def _from_term(value: object) -> rdflib.term.Node:
    import rdflib  # noqa: PLC0415 - as in to_ox

    if isinstance(value, ox.NamedNode):
        return rdflib.URIRef(value.value)
    if isinstance(value, ox.BlankNode):
        return rdflib.BNode(value.value)
    if isinstance(value, ox.Literal):
        if value.language:
            return rdflib.Literal(value.value, lang=value.language)
        plain = value.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
        datatype = None if plain else rdflib.URIRef(value.datatype.value)
        return rdflib.Literal(value.value, datatype=datatype, normalize=False)
    raise TypeError(f"not an RDF term: {value!r}")
