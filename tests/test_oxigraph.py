"""The door to pyoxigraph: rdflib and back without loss, files read or refused with their place, canonical order."""

import random
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from calcinosis_kg import oxigraph
from calcinosis_kg.errors import InputError
from calcinosis_kg.namespaces import prefixes
from calcinosis_kg.sheets import iri

XSD = "http://www.w3.org/2001/XMLSchema#"
LITERALS = st.one_of(
    st.text(max_size=6).map(ox.Literal),
    st.text(max_size=6).map(lambda text: ox.Literal(text, language="en-gb")),
    st.builds(
        lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(XSD + kind)),
        st.sampled_from(["1", "01", "+1", "1.50", "true", "TRUE", "abc", "2026-02-30", ""]),
        st.sampled_from(["integer", "decimal", "boolean", "double", "date", "string", "anyURI"]),
    ),
)
NODES: st.SearchStrategy[ox.NamedNode | ox.BlankNode] = st.sampled_from(
    [iri("DOID:182"), iri("HP:0000001"), ox.BlankNode("a"), ox.BlankNode("b")]
)
PREDICATES = st.sampled_from([iri("rdfs:label"), iri("rdf:value")])
NAMES: st.SearchStrategy[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = st.sampled_from(
    [ox.DefaultGraph(), iri("graph:claims"), ox.BlankNode("g")]
)
QUADS = st.lists(st.builds(ox.Quad, NODES, PREDICATES, st.one_of(NODES, LITERALS), NAMES), max_size=8)


@settings(deadline=None, max_examples=100)
@given(QUADS)
def test_there_and_back_through_rdflib(quads: list[ox.Quad]) -> None:
    assert set(oxigraph.to_ox(oxigraph.to_dataset(quads))) == set(quads)


def test_the_shipped_dataset_goes_there_and_back(quads: list[ox.Quad]) -> None:
    dataset = oxigraph.to_dataset(quads)
    assert set(oxigraph.to_ox(dataset)) == set(quads)
    bound = {prefix: str(address) for prefix, address in dataset.namespaces()}
    assert {prefix: bound[prefix] for prefix in prefixes()} == dict(prefixes())


def test_numbers_keep_their_digits() -> None:
    text = ox.Literal("007.50", datatype=ox.NamedNode(XSD + "decimal"))
    (triple,) = oxigraph.to_dataset([ox.Quad(iri("DOID:182"), iri("rdf:value"), text)]).default_graph
    assert str(triple[2]) == "007.50"


def test_a_plain_graph_has_the_default_graph_alone() -> None:
    graph = rdflib.Graph()
    graph.add((rdflib.BNode("x"), rdflib.RDFS.label, rdflib.Literal("y", lang="de")))
    assert oxigraph.to_ox(graph) == [ox.Quad(ox.BlankNode("x"), iri("rdfs:label"), ox.Literal("y", language="de"))]


@pytest.mark.parametrize(
    "triple",
    [
        (rdflib.URIRef("not absolute"), rdflib.RDFS.label, rdflib.Literal("x")),
        (rdflib.URIRef("http://example.org/a b"), rdflib.RDFS.label, rdflib.Literal("x")),
        (rdflib.URIRef("urn:a"), rdflib.RDFS.label, rdflib.Literal("x", datatype=rdflib.URIRef("kind"))),
        (rdflib.Literal("x"), rdflib.RDFS.label, rdflib.Literal("y")),
        (rdflib.URIRef("urn:a"), rdflib.BNode(), rdflib.Literal("y")),
    ],
)
def test_what_is_no_rdf_is_refused(triple: tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]) -> None:
    graph = rdflib.Graph()
    graph.add(triple)
    with pytest.raises(InputError, match=r"not an RDF (term|triple): .*\. (Use absolute IRIs|A subject is)"):
        oxigraph.to_ox(graph)


@settings(deadline=None, max_examples=60)
@given(QUADS, st.randoms(use_true_random=False))
def test_canonical_order_depends_on_nothing(quads: list[ox.Quad], chance: random.Random) -> None:
    other = [*chance.sample(quads, len(quads)), *quads[:2]]
    names = {ox.BlankNode(old): ox.BlankNode(new) for old, new in zip("abg", chance.sample("zyx", 3), strict=True)}

    def renamed(text: str) -> str:
        for old, new in names.items():
            text = text.replace(f"{old} ", f"{new} ")
        return text

    lines = "\n".join(renamed(f"{quad} .") for quad in other)
    again = oxigraph.canonical(ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS))
    assert again == oxigraph.canonical(quads)
    assert len(again) == len(set(quads))


def test_canonical_agrees_with_rdflib(quads: list[ox.Quad]) -> None:
    some = [ox.Quad(*quad.triple) for quad in quads if quad.graph_name == iri("graph:bridge")]
    first, second = (oxigraph.to_dataset(part).default_graph for part in (some, oxigraph.canonical(some)))
    assert isomorphic(first, second)


def test_natural_order() -> None:
    names = ["CKG-C10", "CKG-C9", "CKG-C9-ev10", "CKG-C9-ev2", "CKG-C09"]
    ordered = [node.value.rsplit("/", 1)[-1] for node in sorted(map(iri, names), key=oxigraph.natural)]
    assert ordered == ["CKG-C09", "CKG-C9", "CKG-C9-ev2", "CKG-C9-ev10", "CKG-C10"]
    odd = [ox.Literal("²"), ox.Literal("٣"), ox.Literal("9" * 5000)]
    assert sorted(odd, key=oxigraph.natural) == [odd[2], odd[0], odd[1]]


@pytest.mark.parametrize("ending", oxigraph.RDF_FORMATS)
def test_a_file_is_read_by_its_ending(ending: str, tmp_path: Path) -> None:
    quad = ox.Quad(iri("DOID:182"), iri("rdfs:label"), ox.Literal("calcinosis"))
    file = tmp_path / f"a{ending}"
    file.write_bytes(ox.serialize([quad], format=oxigraph.RDF_FORMATS[ending]) or b"")
    assert oxigraph.parse(file) == [quad]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", r"a\.csv: unknown ending '\.csv'\. Use one of \.ttl, "),
        ("a.ttl", b"<urn:a> <urn:b>\n<urn:c> <urn:d> .", r"a\.ttl:2: "),
        ("a.nq", b"\xff", r"a\.nq:1: "),
        ("a.jsonld", b'{"@context": "https://example.org/context.jsonld", "label": "x"}', r"a\.jsonld:1: "),
        ("a.rdf", b"<rdf:RDF>", r"a\.rdf:1: "),
    ],
)
def test_a_bad_file_is_refused_with_its_place(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    """A context on the web is not fetched; the file is refused instead."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        oxigraph.parse(tmp_path / name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.ttl: cannot be read: .*Check the path"):
        oxigraph.parse(tmp_path / "a.ttl")


def test_blank_nodes_of_two_files_are_not_one(tmp_path: Path) -> None:
    for name in ("a.ttl", "b.ttl"):
        (tmp_path / name).write_text("_:x <urn:p> 1 .", encoding="utf-8")
    first, second = (oxigraph.parse(tmp_path / name)[0].subject for name in ("a.ttl", "b.ttl"))
    assert first != second
