"""Shapes bite: every rule has a case that breaks it alone, every target a node, every `sh:` term exists."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from calcinosis_kg import engines, oxigraph, shapes
from calcinosis_kg.claims import Curation
from calcinosis_kg.engines import Engine
from calcinosis_kg.errors import InputError
from calcinosis_kg.flattened import SHAPE
from calcinosis_kg.namespaces import GRAPH, expand
from calcinosis_kg.reports import Report
from calcinosis_kg.resources import folder

ROOT = Path(__file__).parents[1]
CASES = sorted((ROOT / "tests" / "shapes").glob("*/*.*"))
SH = "http://www.w3.org/ns/shacl#"
ENGINES = ["pyshacl", *(["shacl"] if importlib.util.find_spec("shacl") else [])]
needs_fast = pytest.mark.skipif(len(ENGINES) == 1, reason="the fast engine is not installed: pip install '.[fast]'")


def rules() -> dict[str, dict[str, set[str]]]:
    """The named nodes of the shapes, each with its SHACL properties."""
    found: dict[str, dict[str, set[str]]] = {}
    for quad in shapes.read(folder("shapes")):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(SHAPE):
            facts = found.setdefault("ckgsh:" + quad.subject.value.removeprefix(SHAPE), {})
            value = quad.object.value if isinstance(quad.object, ox.NamedNode | ox.Literal) else "blank"
            facts.setdefault(quad.predicate.value.removeprefix(SH), set()).add(value)
    return {name: facts for name, facts in found.items() if not {"prefix", "declare"} & set(facts)}


def speaking() -> set[str]:
    """The shapes that results can name: those with a severity."""
    return {name for name, facts in rules().items() if "severity" in facts}


def broken_by(case: Path) -> set[str]:
    """The shapes that the first line of a case says it breaks."""
    first = case.read_text(encoding="utf-8").partition("\n")[0]
    if first == "# conforms":
        return set()
    assert first.startswith("# breaks: ckgsh:"), f"{case}: start with '# conforms' or '# breaks: ckgsh:…'"
    return {first.removeprefix("# breaks: ")}


@pytest.fixture(scope="module")
def report(quads: list[ox.Quad]) -> Report:
    return shapes.validate(quads, engine="pyshacl")


def test_the_shipped_dataset_conforms(report: Report) -> None:
    assert report.to_text() == ""
    assert report.conforms


def test_every_target_has_a_node(report: Report) -> None:
    assert report.unused == ()
    assert report.met > 50


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_case_breaks_what_it_says_and_nothing_else(case: Path, engine: str) -> None:
    found = shapes.validate(oxigraph.parse(case), engine=engine)
    assert {result.shape for result in found.results} == broken_by(case), found.to_text()


def test_every_rule_has_a_case_that_breaks_it() -> None:
    broken = set().union(*(broken_by(case) for case in CASES))
    assert broken == speaking(), "write tests/shapes/<file>/invalid.<reason>.ttl"


def test_cases_stand_with_their_shapes() -> None:
    files = {path.stem for path in folder("shapes").glob("*.ttl")} - {"prefixes"}
    assert {case.parent.name for case in CASES} == files
    for name in files:
        kinds = {case.name.partition(".")[0] for case in CASES if case.parent.name == name}
        assert kinds == {"valid", "invalid"}, name
    for case in CASES:
        text = (folder("shapes") / f"{case.parent.name}.ttl").read_text(encoding="utf-8")
        assert all(f"\n{shape} a sh:" in text for shape in broken_by(case)), case
        assert bool(broken_by(case)) == case.name.startswith("invalid."), case


def test_every_property_shape_has_a_name() -> None:
    graph = rdflib.Graph()
    for path in folder("shapes").glob("*.ttl"):
        graph.parse(path)
    for kind in (rdflib.SH.NodeShape, rdflib.SH.PropertyShape):
        assert all(isinstance(node, rdflib.URIRef) for node in graph.subjects(rdflib.RDF.type, kind))
    assert all(isinstance(node, rdflib.URIRef) for node in graph.objects(None, rdflib.SH.property))


def test_every_rule_says_what_to_do() -> None:
    attached = set().union(*(facts.get("property", set()) for facts in rules().values() if targeted(facts)))
    for name, facts in rules().items():
        if "select" in facts:
            continue
        if expand_shape(name) in attached or (targeted(facts) and set(facts) - {"property", *TARGETS, TYPE}):
            assert facts.get("severity"), name
            assert all(text.endswith(".") for text in facts["message"]), name


TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")


def targeted(facts: dict[str, set[str]]) -> bool:
    """Whether a shape has a target."""
    return bool(set(TARGETS) & set(facts))


def expand_shape(name: str) -> str:
    """The IRI of a shape."""
    return SHAPE + name.removeprefix("ckgsh:")


def test_a_word_that_shacl_lacks_is_refused(tmp_path: Path) -> None:
    text = f"@prefix sh: <{SH}> .\n<https://example.org/s> a sh:NodeShape ; sh:minCont 1 .\n"
    (tmp_path / "typo.ttl").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"typo\.ttl: SHACL has no 'sh:minCont'"):
        shapes.validate([], shapes=tmp_path)
    with pytest.raises(InputError, match="has no Turtle file"):
        shapes.validate([], shapes=tmp_path / "nothing")
    with pytest.raises(InputError, match="unknown engine 'jena'"):
        shapes.validate([], engine="jena")


def test_a_graph_is_not_changed_and_rdflib_is_left_as_it_was() -> None:
    graph = rdflib.Graph().parse(ROOT / "tests" / "shapes" / "claim" / "valid.hedged.ttl")
    before, setting = set(graph), rdflib.NORMALIZE_LITERALS
    assert shapes.validate(graph, engine="pyshacl").conforms
    assert shapes.validate(graph, engine="pyshacl").conforms, "shapes are parsed afresh each time"
    assert (set(graph), rdflib.NORMALIZE_LITERALS) == (before, setting)


@needs_fast
def test_the_engines_agree_on_a_spoilt_dataset(quads: list[ox.Quad]) -> None:
    spoilt = quads[::7]
    reports = [shapes.validate(spoilt, engine=engine) for engine in ENGINES]
    assert len(reports[0].results) > 1000
    known = [[result for result in found.results if "_:" not in str(result)] for found in reports]
    assert known[0] == known[1]


def test_a_wrong_status_is_named_with_its_file_and_line(quads: list[ox.Quad], curated: Curation) -> None:
    claim = next(claim for claim in curated.claims if claim.id == "CKG-C258")
    status, node = ox.NamedNode(expand("ckgv:claimStatus")), ox.NamedNode(expand("claim:CKG-C258"))
    graph = ox.NamedNode(GRAPH + "claims")
    edited = [quad for quad in quads if not (quad.subject == node and quad.predicate == status)]
    edited.append(ox.Quad(node, status, ox.NamedNode(expand("ckgv:accepted")), graph))
    found = shapes.validate(edited, engine=ENGINES[-1]).located({claim.id: claim.place})
    assert {result.shape for result in found.results} >= {"ckgsh:Claim-has-plain-triple"}
    assert all(result.place == claim.place for result in found.results if result.focus == claim.id)
    assert claim.place in found.to_text()


def test_reports_are_json_and_shacl() -> None:
    case = ROOT / "tests" / "shapes" / "claim" / "invalid.misspelt-property.ttl"
    found = shapes.validate(oxigraph.parse(case))
    content = json.loads(found.to_json())
    assert content["conforms"] is False
    assert [result["shape"] for result in content["results"]] == ["ckgsh:Claim"]
    graph = rdflib.Graph().parse(data=found.to_turtle(), format="turtle")
    (head,) = graph.subjects(rdflib.RDF.type, rdflib.SH.ValidationReport)
    assert graph.value(head, rdflib.SH.conforms) == rdflib.Literal(False)  # noqa: FBT003 - the literal is the value
    assert list(graph.objects(None, rdflib.SH.sourceShape)) == [rdflib.URIRef(SHAPE + "Claim")]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the verb."""
    command = [sys.executable, "-m", "calcinosis_kg", "validate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_exit_codes(tmp_path: Path) -> None:
    cases = ROOT / "tests" / "shapes" / "mapping"
    good, bad = run(cases / "valid.exact.ttl"), run(cases / "invalid.obsolete-efo.ttl")
    assert (good.returncode, good.stdout) == (0, "")
    assert good.stderr.startswith("conforms (")
    assert bad.returncode == 1
    assert "Found: EFO:0000717. [Violation, ckgsh:Mapping-stale]" in bad.stdout
    assert run(cases / "invalid.obsolete-efo.ttl", "--format", "turtle").returncode == 1
    (tmp_path / "other.ttl").write_text("<https://example.org/a> <https://example.org/b> 1 .", encoding="utf-8")
    nothing = run(tmp_path / "other.ttl")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "nothing was checked" in nothing.stderr
    missing = run(tmp_path / "missing.ttl")
    assert (missing.returncode, missing.stdout) == (2, "")


def test_auto_takes_the_fast_engine_for_a_big_graph_if_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    data = oxigraph.parse(ROOT / "tests" / "shapes" / "mapping" / "valid.exact.ttl")
    assert shapes.validate(data).engine == "pyshacl"
    monkeypatch.setattr(shapes, "SMALL", 3)
    assert shapes.validate(data).engine == ENGINES[-1]
    monkeypatch.setitem(engines.ENGINES, "shacl", Engine("no_such_library", engines.ENGINES["shacl"].report))
    assert shapes.validate(data).engine == "pyshacl"
