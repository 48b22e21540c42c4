"""The hand-edited ontology: complete headers and terms, OWL 2 EL, readable by other tools, and consistent."""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from functools import cache
from pathlib import Path

import owlready2
import pyhornedowl
import pytest
import yaml
from pyhornedowl.profile import check_profile
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, VANN

from calcinosis_kg import processes

ROOT = Path(__file__).parents[1]
ONTOLOGY = ROOT / "ontology"
FILES = ("bridge.ttl", "calcinosis.ttl", "vocabulary.ttl")
SLICES = sorted((ONTOLOGY / "imports").glob("*.ttl"))

BASE = "https://w3id.org/calcinosis-kg/"
CKG = Namespace(BASE + "CKG_")
CKGV = Namespace(BASE + "vocabulary/")
OBO = Namespace("http://purl.obolibrary.org/obo/")
OWN = {"calcinosis.ttl": str(CKG), "vocabulary.ttl": str(CKGV)}
DEFINITION = OBO.IAO_0000115
CATEGORY = URIRef("https://w3id.org/biolink/vocab/category")
SOURCE_DOCUMENT = CKG["0000071"]
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)
DECLARED = re.compile(r"^(\S+) a owl:(?:Class|ObjectProperty|AnnotationProperty) \.  # (.+)$", re.MULTILINE)
NO_JAVA = pytest.mark.skipif(processes.java() is None, reason="HermiT needs Java")


@cache
def parsed(path: Path) -> Graph:
    return Graph().parse(path, format="turtle")


def graph(*names: str) -> Graph:
    return sum((parsed(ONTOLOGY / name) for name in names), start=Graph())


@cache
def sliced() -> Graph:
    return sum(map(parsed, SLICES), start=Graph())


@cache
def ours(name: str) -> tuple[URIRef, ...]:
    """Return the terms that a file defines: those under its own namespace."""
    found = {s for kind in KINDS for s in graph(name).subjects(RDF.type, kind) if isinstance(s, URIRef)}
    return tuple(sorted(term for term in found if str(term).startswith(OWN[name])))


def merged(*, slices: bool) -> str:
    """Return all files as one ontology in RDF/XML, without its imports: they are either here or left out."""
    together = graph(*FILES) + (sliced() if slices else Graph())
    for header in set(together.subjects(RDF.type, OWL.Ontology)):
        together.remove((header, None, None))
    together.add((URIRef(BASE + "merged.ttl"), RDF.type, OWL.Ontology))
    return together.serialize(format="xml")


def world(folder: Path, *, slices: bool) -> owlready2.World:
    (folder / "merged.owl").write_text(merged(slices=slices), encoding="utf-8")
    opened = owlready2.World()
    opened.get_ontology((folder / "merged.owl").as_uri()).load()
    return opened


@pytest.mark.parametrize("name", FILES)
def test_header_is_complete(name: str) -> None:
    found, header = graph(name), URIRef(BASE + name)
    once = [OWL.versionIRI, OWL.versionInfo, DCTERMS.created, DCTERMS.creator]
    once += [DCTERMS.description, DCTERMS.license, DCTERMS.title]
    if name != "bridge.ttl":  # which mints no term
        once += [VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri]
    assert list(found.subjects(RDF.type, OWL.Ontology)) == [header]
    assert {key: len(list(found.objects(header, key))) for key in once} == dict.fromkeys(once, 1)
    version = found.value(header, OWL.versionInfo)
    assert str(found.value(header, OWL.versionIRI)) == f"{BASE}releases/{version}/{name}"


def test_every_term_has_one_label_and_one_definition() -> None:
    found = graph(*FILES)
    terms = [term for name in OWN for term in ours(name)]
    assert len(terms) > 150
    for term in terms:
        for key in (RDFS.label, DEFINITION):
            texts = [text for text in found.objects(term, key) if isinstance(text, Literal)]
            assert [text.language for text in texts] == ["en"], f"{term}: {key}"
        assert str(found.value(term, DEFINITION)).endswith("."), f"{term}: end it with a full stop"


def test_labels_are_unique() -> None:
    found = graph(*FILES)
    labels = Counter(str(found.value(term, RDFS.label)).lower() for name in OWN for term in ours(name))
    assert [label for label, times in labels.items() if times > 1] == []


def test_every_vocabulary_term_says_where_it_is_defined() -> None:
    said = set(graph("vocabulary.ttl").subjects(RDFS.isDefinedBy, URIRef(BASE + "vocabulary.ttl")))
    assert said == set(ours("vocabulary.ttl"))


def test_every_class_has_a_superclass_and_its_definition_starts_with_it() -> None:
    everything = graph(*FILES) + sliced()
    for term in ours("calcinosis.ttl"):
        parents = [node for node in everything.objects(term, RDFS.subClassOf) if isinstance(node, URIRef)]
        assert parents, f"{term}: name a superclass"
        genera = {str(everything.value(node, RDFS.label)).replace("_", " ") for node in parents}
        said = str(everything.value(term, DEFINITION))
        starts = tuple(article + genus for genus in genera - {"None"} for article in ("A ", "An "))
        assert said.startswith(starts or ("A ", "An ")), f"{term}: start '{said}' with {genera}"
    for term in ours("vocabulary.ttl"):
        if (term, RDF.type, OWL.Class) in everything:
            assert everything.value(term, RDFS.subClassOf), f"{term}: name a superclass"


def test_every_class_says_what_its_definition_rests_on() -> None:
    sourced = set(graph("calcinosis.ttl").subjects(OBO.IAO_0000119))
    assert [term for term in ours("calcinosis.ttl") if term not in sourced] == []


def test_numbers_have_no_gap_but_the_source_document() -> None:
    numbers = [int(term.removeprefix(str(CKG))) for term in (*ours("calcinosis.ttl"), SOURCE_DOCUMENT)]
    assert sorted(numbers) == list(range(1, max(numbers) + 1))


def test_labels_and_categories_agree_with_the_entities() -> None:
    found = graph("calcinosis.ttl")
    for path in sorted((ONTOLOGY / "entities").glob("*.yaml")):
        for entity in yaml.safe_load(path.read_text(encoding="utf-8"))["entities"]:
            curie, _, label = entity["id"].partition(" ! ")
            term = CKG[curie.removeprefix("CKG:")]
            if curie.startswith("CKG:") and term != SOURCE_DOCUMENT:
                assert str(found.value(term, RDFS.label)) == label, path.name
                assert str(found.value(term, CATEGORY)).endswith(entity["category"].partition(":")[2]), curie


def test_concepts_stand_in_the_scheme_of_their_class() -> None:
    found = graph("vocabulary.ttl")
    for concept in found.subjects(RDF.type, SKOS.Concept):
        classes = {kind for kind in found.objects(concept, RDF.type) if str(kind).startswith(str(CKGV))}
        scheme = found.value(concept, SKOS.inScheme)
        assert len(classes) == 1, concept
        for fellow in found.subjects(SKOS.inScheme, scheme):
            assert classes <= set(found.objects(fellow, RDF.type)), fellow


def test_vocabulary_names_in_use_are_defined() -> None:
    used: set[str] = set()
    for folder, pattern in (("src", "*.py"), ("shapes", "*.ttl"), ("queries", "*.rq")):
        for path in (ROOT / folder).rglob(pattern):
            used |= set(re.findall(r"\bckgv:([A-Za-z]+)", path.read_text(encoding="utf-8")))
    assert sorted(used - {term.removeprefix(str(CKGV)) for term in ours("vocabulary.ttl")}) == []


def test_values_of_the_claim_files_are_defined() -> None:
    schema = json.loads((ONTOLOGY / "schema" / "claims.schema.json").read_text(encoding="utf-8"))
    claim = schema["$defs"]["claim"]["properties"]
    evidence = claim["evidence"]["items"]["properties"]
    enums = {
        CKGV.ClaimKind: claim["kind"],
        CKGV.ClaimStatus: claim["status"],
        CKGV.Verdict: claim["verdict"],
        CKGV.HedgeType: claim["hedges"]["items"]["properties"]["type"],
        CKGV.EvidenceDirection: evidence["direction"],
        CKGV.Directness: evidence["directness"],
        CKGV.EvidenceBasis: evidence["basis"],
        CKGV.Scope: claim["qualifiers"]["properties"]["scope"],
    }
    for kind, values in enums.items():
        named = {CKGV[re.sub("_([a-z])", lambda match: match[1].upper(), value)] for value in values["enum"]}
        assert set(graph("vocabulary.ttl").subjects(RDF.type, kind)) == named, kind


@pytest.mark.parametrize("name", ["bridge.ttl", "calcinosis.ttl"])
def test_class_files_hold_no_individual(name: str) -> None:
    found = graph(name)
    allowed = {*KINDS[:-1], OWL.Ontology, OWL.Restriction}
    assert {kind for kind in found.objects(None, RDF.type) if kind not in allowed} == set()


def test_no_axiom_between_two_external_classes() -> None:
    for name in FILES:
        for key in (RDFS.subClassOf, OWL.equivalentClass):
            for subject, target in graph(name).subject_objects(key):
                local = str(subject).startswith(BASE)
                bridged = name == "bridge.ttl" and (isinstance(target, BNode) or str(target).startswith(BASE))
                assert local or bridged, f"{name}: {subject} {key} {target}"


def test_external_terms_are_known_and_named_rightly() -> None:
    known = graph(*FILES) + sliced()
    prefixes = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    for name in FILES:
        for curie, label in DECLARED.findall((ONTOLOGY / name).read_text(encoding="utf-8")):
            prefix, _, identifier = curie.partition(":")
            term = URIRef(prefixes[prefix]["@id"] + identifier)
            assert str(known.value(term, RDFS.label)) == label, f"{name}: {curie}"
            assert str(known.value(term, OWL.deprecated)) != "true", f"{name}: {curie} is deprecated"


def test_no_chebi_role_is_a_superclass() -> None:
    everything = graph(*FILES) + sliced()
    for term in ours("calcinosis.ttl"):
        assert OBO.CHEBI_50906 not in set(everything.transitive_objects(term, RDFS.subClassOf)), term


def test_classes_are_in_owl_2_el() -> None:
    ontology = pyhornedowl.open_ontology_from_string(merged(slices=True), "rdf")
    report = check_profile(ontology, "EL")
    assert report.conformant, "\n".join(sorted(map(str, report.violations)))


def test_owlready2_sees_every_class(tmp_path: Path) -> None:
    declared = {s for s in graph(*FILES).subjects(RDF.type, OWL.Class) if isinstance(s, URIRef)}
    opened = world(tmp_path, slices=False)
    assert {found.iri for found in opened.classes()} == {str(term) for term in declared}


def test_catalog_names_existing_files_for_all_imports() -> None:
    root = ET.parse(ONTOLOGY / "catalog-v001.xml").getroot()  # noqa: S314 - our own file
    catalog = {entry.attrib["name"]: entry.attrib["uri"] for entry in root}
    assert [uri for uri in catalog.values() if not (ONTOLOGY / uri).is_file()] == []
    assert {str(node) for node in graph(*FILES).objects(None, OWL.imports)} <= set(catalog)
    for name, uri in catalog.items():
        assert URIRef(name) in set(parsed(ONTOLOGY / uri).subjects(RDF.type, OWL.Ontology)), uri


@NO_JAVA
def test_hermit_finds_the_hereditary_form_and_no_contradiction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owlready2, "JAVA_EXE", processes.java())
    opened = world(tmp_path, slices=True)
    owlready2.sync_reasoner_hermit(opened, infer_property_values=False, debug=0)
    hereditary = opened[str(CKG["0000007"])]
    assert list(opened.inconsistent_classes()) == []
    assert hereditary in opened[str(OBO.DOID_0111063)].ancestors()
    # The Disease Ontology has no axiom on its inheritance: a known gap, which HPO's annotations fill.
    assert hereditary not in opened[str(OBO.DOID_0080170)].ancestors()
