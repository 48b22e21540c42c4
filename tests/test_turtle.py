"""Turtle and TriG: exact for any RDF, the same bytes whatever the order, and good to read."""

import random
import re

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calcinosis_kg import nesting, oxigraph, turtle
from calcinosis_kg.errors import FormatError
from calcinosis_kg.namespaces import prefixes
from calcinosis_kg.sheets import iri
from examples import odd_iris

XSD = "http://www.w3.org/2001/XMLSchema#"
FIRST, REST, NIL = iri("rdf:first"), iri("rdf:rest"), iri("rdf:nil")
Node = ox.NamedNode | ox.BlankNode
Term = Node | ox.Literal


# ---- any RDF ----


BASES = [*prefixes().values(), "http://example.org/", "urn:x:", "DOID:", "claim:", "ex:"]
IRIS = odd_iris(BASES)
PREDICATES = st.one_of(IRIS, st.sampled_from([iri("rdf:type"), iri("rdfs:label"), FIRST, REST]))
BLANKS = st.sampled_from([ox.BlankNode(f"b{number}") for number in range(5)])
AWKWARD = "\"'\\\n\r\t\b\f #.;,@^<>\u0000\u0085\u2028\ufffe\U0001f9b4é"
TEXTS = st.one_of(st.text(max_size=12), st.text(AWKWARD, max_size=8))
TYPED = st.builds(
    lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(kind)),
    st.one_of(TEXTS, st.sampled_from(["1", "+01", "-0", "1.0", ".5", "-.50", "1.", "1e3", "true", "TRUE", "0"])),
    st.sampled_from([XSD + name for name in ("integer", "decimal", "boolean", "double", "string")] + ["urn:x:type"]),
)
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    TYPED,
    st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXTS, st.sampled_from(["en", "de-at", "zh-hans"])),
)


@st.composite
def trees(draw: st.DrawFn, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> list[ox.Quad]:
    """Draw a node with nested blank nodes and lists below it: OWL restrictions look like that."""
    quads: list[ox.Quad] = []

    def fresh() -> ox.BlankNode:
        return ox.BlankNode(f"t{draw(st.integers(0, 10**9))}")

    def value(depth: int) -> Term:
        kind = draw(st.sampled_from(["iri", "literal", "node", "list"] if depth < 3 else ["iri", "literal"]))
        if kind == "node":
            node = fresh()
            facts = range(draw(st.integers(0, 2)))
            quads.extend([ox.Quad(node, draw(PREDICATES), value(depth + 1), graph) for _ in facts])
            return node
        if kind == "list":
            cell: Node = NIL
            for _ in range(draw(st.integers(0, 3))):
                before = fresh()
                quads.append(ox.Quad(before, FIRST, value(depth + 1), graph))
                quads.append(ox.Quad(before, REST, cell, graph))
                cell = before
            return cell
        return draw(IRIS) if kind == "iri" else draw(LITERALS)

    quads.append(ox.Quad(draw(st.one_of(IRIS, BLANKS)), draw(PREDICATES), value(0), graph))
    return quads


NAMES: st.SearchStrategy[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = st.one_of(
    st.just(ox.DefaultGraph()), st.just(iri("graph:claims")), st.just(ox.BlankNode("b0")), IRIS
)
FLAT = st.builds(ox.Quad, st.one_of(IRIS, BLANKS, BLANKS), PREDICATES, st.one_of(IRIS, BLANKS, BLANKS, LITERALS), NAMES)
DATASETS = st.builds(
    lambda flat, grown: [*flat, *(quad for tree in grown for quad in tree)],
    st.lists(FLAT, max_size=8),
    st.lists(NAMES.flatmap(trees), max_size=2),
)
CYCLE = [ox.Quad(ox.BlankNode("a"), FIRST, ox.BlankNode("b")), ox.Quad(ox.BlankNode("b"), FIRST, ox.BlankNode("a"))]
SHARED_BY_GRAPHS = [
    ox.Quad(iri("DOID:1"), iri("rdfs:seeAlso"), ox.BlankNode("a"), iri("graph:x")),
    ox.Quad(ox.BlankNode("a"), iri("rdfs:label"), ox.Literal("in another graph"), iri("graph:y")),
]
NOT_A_CURIE = [ox.Quad(ox.NamedNode("DOID:182"), iri("rdfs:seeAlso"), iri("DOID:182"))]


def canonical(text: str, form: ox.RdfFormat) -> list[ox.Quad]:
    return oxigraph.canonical(ox.parse(text.encode(), format=form))


@settings(deadline=None, max_examples=150)
@given(DATASETS)
@example(CYCLE)
@example(SHARED_BY_GRAPHS)
@example(NOT_A_CURIE)
@example([ox.Quad(iri("DOID:1"), FIRST, ox.BlankNode("g")), ox.Quad(iri("DOID:1"), FIRST, NIL, ox.BlankNode("g"))])
def test_any_dataset_is_read_back_from_trig(quads: list[ox.Quad]) -> None:
    text = turtle.write(oxigraph.canonical(quads), named_graphs=True)
    assert canonical(text, ox.RdfFormat.TRIG) == oxigraph.canonical(quads)


@settings(deadline=None, max_examples=150)
@given(DATASETS)
@example(CYCLE)
@example(SHARED_BY_GRAPHS)
@example(NOT_A_CURIE)
def test_any_graph_is_read_back_from_turtle(quads: list[ox.Quad]) -> None:
    merged = [ox.Quad(*quad.triple) for quad in quads]
    text = turtle.write(oxigraph.canonical(merged), named_graphs=False)
    assert canonical(text, ox.RdfFormat.TURTLE) == oxigraph.canonical(merged)


@settings(deadline=None, max_examples=60)
@given(DATASETS, st.randoms(use_true_random=False))
def test_order_and_names_of_blank_nodes_do_not_matter(quads: list[ox.Quad], chance: random.Random) -> None:
    terms = [term for quad in quads for term in (quad.subject, quad.object, quad.graph_name)]
    old = sorted({term.value for term in terms if isinstance(term, ox.BlankNode)})
    new = chance.sample(range(len(old)), len(old))
    names = {name: ox.BlankNode(f"z{number}") for name, number in zip(old, new, strict=True)}

    def renamed(term: Term | ox.Triple | ox.DefaultGraph) -> Term | ox.DefaultGraph:
        assert not isinstance(term, ox.Triple)
        if not isinstance(term, ox.BlankNode):
            return term
        return names[term.value]

    other = []
    for quad in chance.sample(quads, len(quads)):
        subject, graph = renamed(quad.subject), renamed(quad.graph_name)
        assert not isinstance(subject, ox.Literal | ox.DefaultGraph)
        assert not isinstance(graph, ox.Literal)
        content = renamed(quad.object)
        assert not isinstance(content, ox.DefaultGraph)
        other.append(ox.Quad(subject, quad.predicate, content, graph))
    first, second = (turtle.write(oxigraph.canonical(some), named_graphs=True) for some in (quads, other))
    assert first == second


# ---- exactness, case by case ----


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("integer", "007", "007"),
        ("integer", "+5", "+5"),
        ("integer", "5.0", '"5.0"^^xsd:integer'),
        ("integer", "٣", '"٣"^^xsd:integer'),
        ("decimal", "1.50", "1.50"),
        ("decimal", "-.5", "-.5"),
        ("decimal", "1.", '"1."^^xsd:decimal'),
        ("decimal", "1", '"1"^^xsd:decimal'),
        ("boolean", "true", "true"),
        ("boolean", "1", '"1"^^xsd:boolean'),
        ("double", "1.0E1", '"1.0E1"^^xsd:double'),
        ("string", "true", '"true"'),
        ("date", "2026-01-01", '"2026-01-01"^^xsd:date'),
    ],
)
def test_numbers_keep_their_digits(kind: str, text: str, shown: str) -> None:
    quad = ox.Quad(iri("DOID:182"), iri("rdfs:comment"), ox.Literal(text, datatype=ox.NamedNode(XSD + kind)))
    written = turtle.write([quad], named_graphs=False)
    assert f"rdfs:comment {shown} ." in written
    assert list(ox.parse(written.encode(), format=ox.RdfFormat.TURTLE)) == [quad]


def test_deep_nesting_is_named_in_time() -> None:
    chain = [ox.Quad(ox.BlankNode(f"n{n}"), iri("rdfs:seeAlso"), ox.BlankNode(f"n{n + 1}")) for n in range(2000)]
    quads = [ox.Quad(iri("DOID:182"), iri("rdfs:seeAlso"), ox.BlankNode("n0")), *chain]
    text = turtle.write(quads, named_graphs=False)
    assert max(line.count("[") for line in text.splitlines()) == nesting.DEPTH
    after = {quad.subject: quad.object for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)}
    node: Term | ox.Triple = iri("DOID:182")
    steps = 0
    while not isinstance(node, ox.Literal) and node in after:
        node, steps = after[node], steps + 1
    assert steps == len(quads)


def test_a_long_list_stays_a_list() -> None:
    quads = []
    for number in range(1500):
        rest = NIL if number == 1499 else ox.BlankNode(f"c{number + 1}")
        quads += [
            ox.Quad(ox.BlankNode(f"c{number}"), FIRST, ox.Literal(str(number))),
            ox.Quad(ox.BlankNode(f"c{number}"), REST, rest),
        ]
    quads.append(ox.Quad(iri("DOID:182"), iri("rdfs:seeAlso"), ox.BlankNode("c0")))
    text = turtle.write(quads, named_graphs=False)
    assert text.count("rdf:first") == 0
    assert canonical(text, ox.RdfFormat.TURTLE) == oxigraph.canonical(quads)


def test_a_malformed_list_is_no_list() -> None:
    cell = ox.BlankNode("c")
    quads = [
        ox.Quad(iri("DOID:182"), iri("rdfs:seeAlso"), cell),
        ox.Quad(cell, FIRST, ox.Literal("one")),
        ox.Quad(cell, FIRST, ox.Literal("two")),
        ox.Quad(cell, REST, NIL),
    ]
    text = turtle.write(quads, named_graphs=False)
    assert '[ rdf:first "one" ; rdf:first "two" ; rdf:rest rdf:nil ]' in text
    assert canonical(text, ox.RdfFormat.TURTLE) == oxigraph.canonical(quads)


def test_triple_terms_are_refused() -> None:
    said = ox.Triple(iri("DOID:182"), iri("rdfs:label"), ox.Literal("x"))
    with pytest.raises(FormatError, match=r"triple term.*Use nt or nq"):
        turtle.write([ox.Quad(iri("DOID:182"), iri("rdf:reifies"), said)], named_graphs=False)


# ---- good to read ----


def test_nothing_is_an_empty_file() -> None:
    assert turtle.write([], named_graphs=False) == ""
    assert turtle.write([], named_graphs=True) == ""


def test_a_graph_without_prefixes_starts_at_once() -> None:
    quad = ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c\u2028d"))
    assert turtle.write([quad], named_graphs=False) == '<urn:a>\n    <urn:b> "c\u2028d" .\n'


def test_used_prefixes_alone_are_declared(quads: list[ox.Quad]) -> None:
    some = [quad for quad in quads if quad.graph_name == iri("graph:bridge")]
    text = turtle.write(some, named_graphs=True)
    declared = re.findall(r"^@prefix ([\w.]+):", text, re.MULTILINE)
    assert declared == sorted(declared)
    body = text.partition("\n\n")[2]
    assert all(re.search(rf"(?<![\w<]){prefix}:", body) for prefix in declared)


def test_a_claim_reads_from_what_it_says_to_the_details(quads: list[ox.Quad]) -> None:
    text = turtle.write(quads, named_graphs=True)
    (block,) = re.findall(r"^    claim:CKG-C258\n((?:        .*\n)+)", text, re.MULTILINE)
    lines = [line.split()[0] for line in block.splitlines()]
    assert lines[:9] == [
        "a", "a", "rdfs:label", "rdf:subject", "ckgv:relation", "rdf:predicate", "rdf:object", "biolink:negated",
        "ckgv:modality",
    ]  # fmt: skip
    assert "rdf:subject CHEBI:10033 ;  # warfarin\n" in block
    assert "ckgv:claimStatus ckgv:refuted ;\n" in block


def test_numbers_in_names_are_in_order() -> None:
    subjects = [iri(f"CKG-C{number}") for number in (10, 9, 100, 1)]
    quads = [ox.Quad(node, iri("biolink:has_evidence"), iri(f"CKG-C1-ev{n}")) for node in subjects for n in (10, 2)]
    text = turtle.write(quads, named_graphs=False)
    assert re.findall(r"^claim:CKG-C(\d+)$", text, re.MULTILINE) == ["1", "9", "10", "100"]
    assert text.index("ev2") < text.index("ev10")


def test_a_restriction_is_explained_beside_it(quads: list[ox.Quad]) -> None:
    some = [quad for quad in quads if quad.graph_name in (iri("graph:tbox"), iri("graph:imports"))]
    text = turtle.write(some, named_graphs=True)
    axiom = "rdfs:subClassOf [ a owl:Restriction ; owl:onProperty RO:0004026 ; owl:someValuesFrom CKG:0000084 ]"
    (line,) = (line for line in text.splitlines() if axiom in line)
    assert line.endswith("# disease has location, damaged tissue")


def test_a_label_with_a_line_break_stays_in_its_comment() -> None:
    quads = [
        ox.Quad(iri("DOID:1"), iri("rdfs:label"), ox.Literal("two\nlines\r<urn:x> <urn:y> <urn:z> .")),
        ox.Quad(iri("DOID:2"), iri("rdfs:seeAlso"), iri("DOID:1")),
    ]
    text = turtle.write(quads, named_graphs=False)
    assert "rdfs:seeAlso DOID:1 .  # two lines <urn:x> <urn:y> <urn:z> ." in text
    assert set(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)) == set(quads)


def test_every_section_is_headed_once(quads: list[ox.Quad]) -> None:
    some = [quad for quad in quads if quad.graph_name == iri("graph:claims")]
    text = turtle.write(some, named_graphs=False)
    heads = re.findall(r"^# ---- (.+) ----$", text, re.MULTILINE)
    assert heads[:3] == ["Claims", "Hedges", "Propositions"]
    assert len(heads) == len(set(heads))
