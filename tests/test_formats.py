"""Exports: other libraries read the same graph from them, their bytes never differ, and they read well."""

import hashlib
import json
import os
import random
import stat
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld

import calcinosis_kg as ckg
from calcinosis_kg import formats, outfiles, oxigraph, shipped, views
from calcinosis_kg.errors import FormatError, InputError, QueryError
from calcinosis_kg.namespaces import BASE, expand, prefixes
from calcinosis_kg.resources import folder
from calcinosis_kg.sheets import iri
from examples import odd_iris

XSD = "http://www.w3.org/2001/XMLSchema#"
IMPORTS = iri("owl:imports")
NAMED = [form.suffix for form in formats.FORMATS.values() if form.named_graphs]
SMALL = [(view, form) for view in ("bridge", "tbox") for form in formats.FORMATS]
LARGE = [*(("accepted", form) for form in formats.FORMATS), ("all", "trig"), ("all", "nq")]
DIGESTS = """
import hashlib, random, sys
import pyoxigraph as ox
from calcinosis_kg import formats, shipped
chance = random.Random(sys.argv[1])
quads = shipped.quads()
blank = sorted({t.value for q in quads for t in (q.subject, q.object) if isinstance(t, ox.BlankNode)})
new = {name: ox.BlankNode("r%d" % n) for n, name in enumerate(chance.sample(blank, len(blank)))}
def renamed(term):
    return new[term.value] if isinstance(term, ox.BlankNode) else term
quads = [ox.Quad(renamed(q.subject), q.predicate, renamed(q.object), q.graph_name) for q in quads]
chance.shuffle(quads)
for pair in sys.argv[2:]:
    view, form = pair.split(".")
    print(pair, hashlib.sha256(formats.render(quads, formats.FORMATS[form], [view])).hexdigest())
"""

dataset = cache(shipped.quads)


@cache
def rendered(view: str, form: str) -> bytes:
    return formats.render(dataset(), formats.FORMATS[form], [view])


@cache
def expected(view: str, form: str) -> list[ox.Quad]:
    """Return what an export must hold: the view; in a format without named graphs, merged into one ontology."""
    quads = views.select(dataset(), [view])
    if not formats.FORMATS[form].named_graphs:
        merged = (ox.Quad(*quad.triple) for quad in quads)
        quads = [quad for quad in merged if quad.predicate != IMPORTS or BASE not in str(quad.object)]
    return oxigraph.canonical(quads)


def by_rdflib(content: bytes, form: str) -> list[ox.Quad]:
    """Read with rdflib, numbers as they are; a dataset would put plain triples into a graph named after the file."""
    names = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "trig": "trig", "nq": "nquads", "jsonld": "json-ld"}
    graph = rdflib.Dataset() if formats.FORMATS[form].named_graphs else rdflib.Graph()
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        return oxigraph.canonical(oxigraph.to_ox(graph.parse(data=content, format=names[form])))
    finally:
        rdflib.NORMALIZE_LITERALS = before


def by_pyoxigraph(content: bytes, form: str) -> list[ox.Quad]:
    return oxigraph.canonical(ox.parse(content, format=oxigraph.RDF_FORMATS[f".{form}"]))


def no_network(url: str, _options: object = None) -> object:
    pytest.fail(f"{url} was asked for")


def by_pyld(content: bytes) -> list[ox.Quad]:
    options = {"format": "application/n-quads", "documentLoader": no_network}
    return oxigraph.canonical(ox.parse(pyld.to_rdf(json.loads(content), options).encode(), format=ox.RdfFormat.N_QUADS))


# ---- what is shipped ----


@pytest.mark.parametrize(("view", "form"), [*SMALL, *LARGE])
def test_pyoxigraph_reads_the_same_graph(view: str, form: str) -> None:
    assert by_pyoxigraph(rendered(view, form), form) == expected(view, form)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own parsers use what rdflib deprecates
@pytest.mark.parametrize(("view", "form"), SMALL)
def test_rdflib_reads_the_same_graph(view: str, form: str) -> None:
    assert by_rdflib(rendered(view, form), form) == expected(view, form)


@pytest.mark.parametrize("view", ["accepted", "tbox"])
def test_pyld_reads_the_same_graph_and_fetches_nothing(view: str) -> None:
    assert by_pyld(rendered(view, "jsonld")) == expected(view, "jsonld")


def test_bytes_are_the_same_in_every_process_and_order() -> None:
    pairs = ["accepted.ttl", "tbox.nt", "tbox.jsonld", "tbox.rdf", "tbox.trig", "all.nq"]
    wanted = {pair: hashlib.sha256(rendered(*pair.split("."))).hexdigest() for pair in pairs}
    for seed in ("0", "1", "42"):
        done = subprocess.run(
            [sys.executable, "-c", DIGESTS, seed, *pairs],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert dict(line.split() for line in done.stdout.splitlines()) == wanted


def test_every_format_ends_with_a_line_feed() -> None:
    for form in formats.FORMATS:
        content = rendered("bridge", form)
        assert content.rstrip() == content.rstrip(b"\n"), form
        assert b"\r" not in content


@pytest.mark.parametrize(("view", "number"), [("tbox", 100), ("accepted", 600)])
def test_owlready2_opens_the_classes(view: str, number: int, tmp_path: Path) -> None:
    """It reads RDF/XML alone, fetches whatever is imported, and says nothing when it understands nothing."""
    file = tmp_path / f"{view}.rdf"
    file.write_bytes(rendered(view, "rdf"))
    world = owlready2.World()
    world.get_ontology(file.as_uri()).load()
    typed = [quad.subject for quad in expected(view, "rdf") if quad.object == iri("owl:Class")]
    classes = {node.value for node in typed if isinstance(node, ox.NamedNode)}
    assert len(classes) > number
    assert {found.iri for found in world.classes()} == classes
    cutis = world[expand("CKG:0000001")]
    assert [str(label) for label in cutis.label] == ["calcinosis cutis"]
    (same,) = cutis.equivalent_to
    assert str(same) == "obo.DOID_182 & obo.RO_0004026.some(obo.UBERON_0002097)"


def test_rdfxml_is_as_owl_tools_write_it() -> None:
    text = rendered("tbox", "rdf").decode()
    assert '<owl:Class rdf:about="https://w3id.org/calcinosis-kg/CKG_0000003">' in text
    assert '<obo:IAO_0000115 xml:lang="en">' in text
    assert "owl:imports" not in text


def test_formats_without_named_graphs_refuse_what_they_cannot_say(tmp_path: Path) -> None:
    file = tmp_path / "out"
    for form in set(formats.FORMATS) - set(NAMED):
        for view in ("reported", "contested", "all"):
            with pytest.raises(FormatError, match="cannot say that a plain triple is only"):
                formats.render(dataset(), formats.FORMATS[form], [view], str(file))
        with pytest.raises(FormatError, match="only reported"):
            formats.render(dataset(), formats.FORMATS[form], ["accepted", "reported"])


# ---- JSON-LD ----


def context() -> dict[str, str | dict[str, str | bool]]:
    text = (folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    found: dict[str, str | dict[str, str | bool]] = json.loads(text)["@context"]
    return found


def test_every_term_of_the_context_is_defined_once_and_used() -> None:
    terms = {name: entry for name, entry in context().items() if isinstance(entry, dict) and "@prefix" not in entry}
    names = [expand(str(entry["@id"])) for entry in terms.values()]
    assert len(names) == len(set(names))
    assert not set(terms) & set(prefixes())
    used = {term for quad in dataset() for term in (quad.predicate, quad.object)}
    assert {ox.NamedNode(name) for name in names} <= used


def test_a_claim_is_plain_json() -> None:
    about = (iri("CKG-C258"), ox.NamedNode(iri("span:10851-11002").value + "/selector"))
    some = [quad for quad in dataset() if quad.subject in about]
    document = json.loads(formats.render(some, formats.FORMATS["jsonld"], ["all"]))
    assert document["@context"] == context()
    (claims,) = (graph["@graph"] for graph in document["@graph"] if graph["id"] == "graph:claims")
    (claim,) = (node for node in claims if node["id"] == "claim:CKG-C258")
    assert list(claim)[:6] == ["id", "type", "label", "subject", "relation", "predicate"]
    assert claim["type"] == ["biolink:ChemicalAffectsBiologicalEntityAssociation", "Claim"]
    said = {
        "subject": "CHEBI:10033",
        "relation": "RO:0002597",
        "predicate": "biolink:affects",
        "object": "CKG:0000021",
        "negated": False,
        "claimStatus": "ckgv:refuted",
        "hedgeCue": "may",
    }
    assert {key: claim[key] for key in said} == said
    assert sorted(claim["evidence"]) == sorted(f"claim:CKG-C258-ev{number}" for number in range(11))
    (place,) = (node for node in claims if node["id"] == "span:10851-11002/selector")
    assert (place["start"], place["end"]) == (10851, 11002)


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("7", "integer", 7),
        ("-3", "integer", -3),
        ("0", "integer", 0),
        ("true", "boolean", True),
        ("07", "integer", {"type": "xsd:integer", "@value": "07"}),
        ("-0", "integer", {"type": "xsd:integer", "@value": "-0"}),
        ("9" * 17, "integer", {"type": "xsd:integer", "@value": "9" * 17}),
        ("seven", "integer", {"type": "xsd:integer", "@value": "seven"}),
        ("1", "boolean", {"type": "xsd:boolean", "@value": "1"}),
        ("1.50", "decimal", {"type": "xsd:decimal", "@value": "1.50"}),
        ("2", "double", {"type": "xsd:double", "@value": "2"}),
    ],
)
def test_jsonld_numbers_keep_their_digits(text: str, kind: str, shown: object) -> None:
    quad = ox.Quad(iri("DOID:182"), iri("rdf:value"), ox.Literal(text, datatype=ox.NamedNode(XSD + kind)))
    content = formats.render([quad], formats.FORMATS["jsonld"], ["all"])
    assert json.loads(content)["@graph"] == [{"id": "DOID:182", "rdf:value": shown}]
    assert by_pyoxigraph(content, "jsonld") == [quad]


@pytest.mark.parametrize("address", ["DOID:182", expand("DOID:") + "//x"])
def test_jsonld_refuses_an_iri_that_it_would_change(address: str) -> None:
    quad = ox.Quad(ox.NamedNode(address), iri("rdfs:seeAlso"), iri("DOID:182"))
    with pytest.raises(FormatError, match=r"^out\.jsonld: .*another format"):
        formats.render([quad], formats.FORMATS["jsonld"], ["all"], "out.jsonld")
    assert by_pyoxigraph(formats.render([quad], formats.FORMATS["nq"], ["all"]), "nq") == [quad]


# ---- any RDF ----


BASES = [expand(f"{prefix}:") for prefix in ("DOID", "ckgv", "claim", "biolink", "ICD10CM")]
BASES += ["http://example.org/", "urn:x:"]
IRIS = odd_iris(BASES)
BLANKS = st.integers(0, 4).map(lambda number: ox.BlankNode(f"b{number}"))
DEFINED = [entry["@id"] for entry in context().values() if isinstance(entry, dict) and "@prefix" not in entry]
PREDICATES = st.sampled_from([iri(str(name)) for name in (*DEFINED, "rdf:type", "rdf:first", "rdf:rest", "rdf:value")])
LISTED = st.sampled_from([iri("rdf:nil"), iri("ckgv:Claim"), iri("DOID:182")])
TEXTS = st.one_of(st.text(max_size=8), st.text("<>&\"'\\ \n\r\t]\u0085\u2028é", max_size=6))
KINDS = [*(XSD + kind for kind in ("integer", "decimal", "boolean", "double", "string")), expand("rdf:JSON"), "urn:x"]
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXTS, st.sampled_from(["en", "de", "en-gb"])),
    st.builds(
        lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(kind)),
        st.one_of(TEXTS, st.sampled_from(["0", "-0", "7", "07", "+7", "9" * 20, "1_0", "true", "1", "40", "1.0", "٣"])),
        st.sampled_from(KINDS),
    ),
)
NODES = st.one_of(IRIS, BLANKS)
VALUES = st.one_of(IRIS, LISTED, BLANKS, LITERALS)
GRAPHS: st.SearchStrategy[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = st.one_of(
    st.just(ox.DefaultGraph()), st.just(iri("graph:claims")), BLANKS
)
QUADS = st.lists(st.builds(ox.Quad, NODES, PREDICATES, VALUES, GRAPHS), max_size=10)


def unsayable_in_json(quads: list[ox.Quad]) -> bool:
    return any(f"{base}//" in str(quad) for quad in quads for base in BASES)


def unsayable_in_xml(quads: list[ox.Quad]) -> bool:
    letters = {letter for quad in quads if isinstance(quad.object, ox.Literal) for letter in quad.object.value}
    return any((letter < " " and letter not in "\t\n\r") or letter in "\ufffe\uffff" for letter in letters)


@settings(deadline=None, max_examples=120)
@given(QUADS)
def test_any_dataset_is_read_back_from_jsonld(quads: list[ox.Quad]) -> None:
    try:
        content = formats.render(quads, formats.FORMATS["jsonld"], ["all"])
    except FormatError:
        assert unsayable_in_json(quads)
        return
    assert by_pyoxigraph(content, "jsonld") == oxigraph.canonical(quads)
    if XSD + "double" not in str(quads):  # pyld rewrites those: "0"^^xsd:double becomes "0.0E0"
        assert by_pyld(content) == oxigraph.canonical(quads)


@settings(deadline=None, max_examples=80)
@given(QUADS)
def test_any_graph_is_read_back_from_rdfxml(quads: list[ox.Quad]) -> None:
    merged = [ox.Quad(*quad.triple) for quad in quads]
    try:
        content = formats.render(merged, formats.FORMATS["rdf"], ["claims"])
    except FormatError:
        lonely = any(quad.predicate == iri("rdf:type") for quad in merged)
        assert lonely or unsayable_in_xml(merged)  # a class without a name at its end, where that is all of a node
        return
    assert by_pyoxigraph(content, "rdf") == oxigraph.canonical(merged)
    assert by_rdflib(content, "rdf") == oxigraph.canonical(merged)


@settings(deadline=None, max_examples=40)
@given(QUADS, st.sampled_from(sorted(formats.FORMATS)), st.randoms(use_true_random=False))
def test_order_never_matters(quads: list[ox.Quad], form: str, chance: random.Random) -> None:
    view = "all" if form in NAMED else "claims"
    try:
        first = formats.render(quads, formats.FORMATS[form], [view])
    except FormatError:
        return
    again = [*chance.sample(quads, len(quads)), *quads[:1]]
    assert formats.render(again, formats.FORMATS[form], [view]) == first


# ---- writing ----


def test_a_user_writes_any_graph(tmp_path: Path) -> None:
    graph = rdflib.Graph()
    graph.add((rdflib.URIRef("urn:a"), rdflib.RDFS.label, rdflib.Literal("007", datatype=rdflib.XSD.string)))
    ckg.write(graph, tmp_path / "a.ttl")
    assert (tmp_path / "a.ttl").read_text(encoding="utf-8").endswith('<urn:a>\n    rdfs:label "007" .\n')
    ckg.write(graph, str(tmp_path / "b"), format="nt", view=["accepted", "tbox"])
    assert (tmp_path / "b").read_bytes() == b'<urn:a> <http://www.w3.org/2000/01/rdf-schema#label> "007" .\n'


def test_an_import_that_is_not_ours_is_kept() -> None:
    quad = ox.Quad(iri("DOID:182"), IMPORTS, ox.NamedNode("http://purl.obolibrary.org/obo/doid.owl"))
    assert by_pyoxigraph(formats.render([quad], formats.FORMATS["ttl"], ["accepted"]), "ttl") == [quad]


@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.turtle"])
def test_an_unknown_format_is_refused_by_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="ttl, trig, jsonld, nt, nq, rdf"):
        ckg.write(rdflib.Graph(), tmp_path / name)
    with pytest.raises(QueryError, match="unknown graph 'everything'"):
        ckg.write(rdflib.Graph(), tmp_path / "a.ttl", view="everything")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Path]:
    """A file that was there before."""
    file = tmp_path / "out.ttl"
    file.write_text("before", encoding="utf-8")
    yield file
    assert file.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_failed_export_leaves_the_earlier_file(old: Path) -> None:
    with pytest.raises(FormatError):
        ckg.write(ckg.load(), old, view="all")


def test_a_failed_write_leaves_the_earlier_file(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError, match="cannot be written: no space left on device"):
        outfiles.save(old, b"after")


def test_an_interrupted_write_leaves_the_earlier_file(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_self: Path, _mode: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "chmod", stopped)
    with pytest.raises(KeyboardInterrupt):
        outfiles.save(old, b"after")


def test_a_folder_or_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        outfiles.save(tmp_path, b"")
    with pytest.raises(InputError, match="no such file or directory"):
        outfiles.save(tmp_path / "missing" / "a.ttl", b"")


def test_a_written_file_has_the_usual_rights(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        outfiles.save(tmp_path / "a.ttl", b"x")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "a.ttl").stat().st_mode) == 0o640
