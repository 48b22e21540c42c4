"""The public questions: header, prefixes, contract, answer; and parameters, in anybody's query."""

import csv
import io
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

import calcinosis_kg as ckg
from calcinosis_kg import oxigraph, queries, screening
from calcinosis_kg.errors import CalcinosisKGError, PrefixError, QueryError
from calcinosis_kg.namespaces import expand, prefixes
from calcinosis_kg.views import VIEWS

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "queries"
CONTRACT = {
    "phenotypes": "phenotype,label,modality",
    "subtypes": "subtype,label,named_in_document",
    "associated-diseases": "disease,label,status",
    "frequencies": "disease,phenotype,min_percentage,max_percentage,population",
    "ancestry": "population,label,disease",
    "inheritance-conflicts": "claim,status,reference,reference_value",
    "determinants": "outcome,factor,label",
    "drugs": "drug,label",
    "drugs-reducing-deposits": "drug,label,status",
    "primary-indications": "drug,label,indication",
    "challenged-drug-claims": "claim,status,drug,reference",
    "supplements": "supplement,label,effect,opposes",
    "off-label-and-experimental": "drug,label,regulatory_context",
    "safety-information": "drug,kind,value",
    "gene-effects": "gene,label,object,direction,status",
    "feedback-loop": "step,entity,label",
    "upstream-causes": "cause,label,status",
    "claims-by-status": "status,claims",
    "artefacts": "claim,start,end",
    "repeated-statements": "subject,predicate,object,claims",
}
NAMES = [query.name for query in queries.catalogue()]


def ask(quads: list[ox.Quad], name: str, **parameters: str) -> list[tuple[object, ...]]:
    return queries.ask(quads, queries.find(name), None, parameters).rows


def test_the_questions_are_those_of_the_contract() -> None:
    assert sorted(CONTRACT) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_answer_is_the_golden_one(name: str, quads: list[ox.Quad]) -> None:
    golden = GOLDEN / f"{name}.csv"
    assert golden.is_file(), f"write the answer to {golden} by hand, from the document"
    table = queries.ask(quads, queries.find(name), None, {})
    assert table.to_csv() == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_answer_keeps_the_contract(name: str, quads: list[ox.Quad]) -> None:
    table = queries.ask(quads, queries.find(name), None, {})
    assert ",".join(table.columns) == CONTRACT[name]
    assert len(set(table.rows)) == len(table), "a row stands twice"
    for row in table.cells:
        assert not any(isinstance(cell, ox.NamedNode | ox.BlankNode) for cell in row), "an identifier is no CURIE"


def test_every_golden_has_its_question() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.csv")) == NAMES


@pytest.mark.parametrize("query", queries.catalogue(), ids=NAMES)
def test_header_is_complete(query: queries.Query) -> None:
    assert query.summary
    assert not query.summary.endswith(".")
    assert query.tags
    assert set(query.tags) <= {"clinician", "repurposing", "KG engineer"}
    assert query.graph in VIEWS
    assert all(query.parameters.values()), "each parameter needs a '#+ param name: meaning' line"
    known = {"summary", "description", "tags", "graph", "caution", "param"}
    assert {line.split()[1].rstrip(":") for line in query.text.splitlines() if line.startswith("#+")} <= known


@pytest.mark.parametrize("query", queries.catalogue(), ids=NAMES)
def test_prefixes_are_written_out_and_are_ours(query: queries.Query) -> None:
    declared = dict(re.findall(r"^PREFIX (\S*): <(.*)>$", query.text, re.MULTILINE))
    assert declared == {prefix: prefixes()[prefix] for prefix in declared}
    body = "".join(piece for skipped, piece in screening.pieces(query.text) if not skipped)
    used = set(re.findall(r"(?<![\w?$])([A-Za-z][\w.]*):", re.sub(r"PREFIX \S+", "", body)))
    assert used == set(declared)
    assert "ORDER BY" in body


@pytest.mark.parametrize("query", queries.catalogue(), ids=NAMES)
def test_a_second_engine_reads_the_question(query: queries.Query) -> None:
    prepared = prepareQuery(query.text)
    assert [str(name) for name in prepared.algebra["PV"]] == CONTRACT[query.name].split(",")


@pytest.mark.parametrize("name", ["ancestry", "frequencies", "claims-by-status", "artefacts", "drugs"])
def test_rdflib_gives_the_same_answer(name: str) -> None:
    merged = rdflib.Graph()
    for triple in ckg.load().quads():
        merged.add(triple[:3])
    answer = merged.query(queries.find(name).text)
    names = [str(name) for name in answer.vars or ()]
    rows = [[str(row.get(name) or "") for name in names] for row in answer if isinstance(row, rdflib.query.ResultRow)]
    golden = list(csv.reader(io.StringIO((GOLDEN / f"{name}.csv").read_text(encoding="utf-8"))))[1:]
    assert rows == golden


def test_safety_information_would_show_if_a_page_gave_it(quads: list[ox.Quad]) -> None:
    """The question is no constant: a contraindication and a dose, added to the graph, are answered."""
    claims = ox.NamedNode(expand("graph:claims"))

    def say(subject: str, predicate: str, content: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(ox.NamedNode(expand(subject)), ox.NamedNode(expand(predicate)), content, claims)

    def claim(name: str, *facts: ox.Quad) -> list[ox.Quad]:
        node = f"claim:{name}"
        accepted = say(node, "ckgv:claimStatus", ox.NamedNode(expand("ckgv:accepted")))
        positive = say(node, "biolink:negated", ox.Literal("false", datatype=ox.NamedNode(expand("xsd:boolean"))))
        return [say(node, "rdf:subject", ox.NamedNode(expand("CHEBI:10033"))), accepted, positive, *facts]

    added = [
        *claim(
            "CKG-C901",
            say("claim:CKG-C901", "rdf:predicate", ox.NamedNode(expand("biolink:contraindicated_in"))),
            say("claim:CKG-C901", "rdf:object", ox.NamedNode(expand("DOID:784"))),
        ),
        *claim("CKG-C902", say("claim:CKG-C902", "ckgv:dose", ox.Literal("1 mg daily"))),
    ]
    assert ask([*quads, *added], "safety-information") == [
        ("CHEBI:10033", "contraindication", "DOID:784"),
        ("CHEBI:10033", "dose", "1 mg daily"),
    ]


def test_parameters_narrow_an_answer(quads: list[ox.Quad]) -> None:
    rows = ask(quads, "gene-effects", gene="HGNC:7060", status="contested")
    assert rows == [("HGNC:7060", "MGP", "CKG:0000021", "increased", "contested")]
    assert {row[2] for row in ask(quads, "challenged-drug-claims", drug="CHEBI:10033")} == {"CHEBI:10033"}
    assert {row[2] for row in ask(quads, "drugs-reducing-deposits", status="refuted")} == {"refuted"}
    assert ask(quads, "phenotypes", disease="DOID:418") == [("CKG:0000001", "calcinosis cutis", "hedged")]


def test_whoever_asks_without_thinking_is_handed_nothing_refuted(quads: list[ox.Quad]) -> None:
    warfarin = queries.parse("mine.rq", "SELECT ?p ?o WHERE { CHEBI:10033 ?p ?o }")
    accepted = {row[:2] for row in queries.ask(quads, warfarin, None, {}).rows}
    assert not any("calcinosis-kg/CKG_0000021" in str(o) or str(o).endswith("DOID_182") for _, o in accepted)
    claims = queries.parse("mine.rq", "SELECT ?c ?s WHERE { ?c rdf:subject CHEBI:10033 ; ckgv:claimStatus ?s }")
    assert {row[1] for row in queries.ask(quads, claims, None, {}).rows} == {expand("ckgv:accepted")}
    everything = {row[1] for row in queries.ask(quads, claims, "claims", {}).rows}
    assert everything == {expand(f"ckgv:{status}") for status in ("accepted", "contested", "refuted")}


def test_graph_clause_sees_the_view_alone(quads: list[ox.Quad]) -> None:
    text = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    names = [row[0].rsplit("/", 1)[-1] for row in queries.ask(quads, queries.parse("mine.rq", text), None, {}).rows]
    assert names == ["accepted", "bridge", "claims", "evidence", "imports", "mappings", "provenance", "tbox"]


def test_a_plain_graph_can_be_asked() -> None:
    graph = rdflib.Graph()
    graph.add((rdflib.URIRef(expand("DOID:182")), rdflib.RDFS.label, rdflib.Literal("calcinosis", lang="en")))
    query = Path(__file__).parent / "mine.rq"
    assert not query.exists()
    found = queries.ask(oxigraph.to_ox(graph), queries.parse("mine.rq", "SELECT ?l { ?s rdfs:label ?l }"), None, {})
    assert found.rows == [("calcinosis",)]


def test_construct_and_ask_give_tables(quads: list[ox.Quad]) -> None:
    built = queries.parse("a.rq", "CONSTRUCT { ?s a ckgv:Form } WHERE { ?s rdfs:subClassOf DOID:182 }")
    assert queries.ask(quads, built, "tbox", {}).columns == ("subject", "predicate", "object")
    asked = queries.parse("b.rq", "ASK { CKG:0000003 rdfs:subClassOf DOID:182 }")
    assert queries.ask(quads, asked, "tbox", {}).rows == [(True,)]


def test_missing_and_unknown_parameters() -> None:
    needy = queries.parse("mine.rq", "#+ param drug: CURIE of a drug\nSELECT * { ?_drug ?p ?o }")
    with pytest.raises(
        QueryError, match=r"mine\.rq: needs the parameter 'drug' \(CURIE of a drug\). Add --param drug="
    ):
        queries.fill(needy, {})
    with pytest.raises(QueryError, match=r"has no parameter 'dose'\. Its parameters: drug"):
        queries.fill(needy, {"dose": "1"})
    with pytest.raises(PrefixError, match="unknown prefix 'NOPE'"):
        queries.fill(needy, {"drug": "NOPE:1"})
    assert "<http://purl.obolibrary.org/obo/CHEBI_10033>" in queries.fill(needy, {"drug": "CHEBI:10033"})


@given(st.text(max_size=60))
def test_no_parameter_injects_sparql(content: str) -> None:
    """Whatever is given, the query keeps its shape: the value is one term, or is refused."""
    typed = queries.parse("a.rq", "#+ param x: text\nSELECT ?s { ?s ?p ?_x }")
    assert not len(queries.ask([], typed, None, {"x": content}))
    pattern = queries.parse("b.rq", "#+ param x: CURIE\nSELECT ?s { VALUES ?_x { UNDEF } ?s ?p ?_x }")
    try:
        answer = queries.ask([], pattern, None, {"x": content})
    except CalcinosisKGError:
        return
    assert answer.columns == ("s",)
    assert not len(answer)


def test_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(QueryError, match=r"there is no query 'drgs'\. Did you mean 'drugs'\?"):
        queries.find("drgs")


def test_python_door() -> None:
    table = ckg.query(ckg.load(), "drugs-reducing-deposits", status="refuted")
    assert table.rows == [("CHEBI:10033", "warfarin", "refuted")]
    assert list(table.to_pandas().columns) == ["drug", "label", "status"]
    assert "<td>warfarin</td>" in table._repr_html_()
