"""What follows and what does not, by both engines; planted contradictions; engines that run away.

What happens where an engine is missing or gives no answer is in `test_reasoners.py`.
"""

import json
import os
import random
import re
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import calcinosis_kg as ckg
from calcinosis_kg import axioms, el_profile, formats, oxigraph, processes, reasoner, reasoners, views
from calcinosis_kg.errors import InputError, MissingExtraError, ReasonerError
from calcinosis_kg.namespaces import expand
from calcinosis_kg.processes import Limits
from calcinosis_kg.reasoner import Inference

PLANTED = sorted((Path(__file__).parent / "reasoning").glob("*.ttl"))
TEST = "https://example.org/test/"
NEEDS_JAVA = pytest.mark.skipif(processes.java() is None, reason="HermiT needs Java")
ENGINES = [pytest.param("hermit", marks=NEEDS_JAVA), "rustdl"]
HFTC, NFTC, CALCINOSIS = "DOID:0111063", "DOID:0080170", "DOID:182"
HEREDITARY, TUMORAL, RECESSIVE, DOMINANT = "CKG:0000007", "CKG:0000002", "DOID:0050737", "DOID:0050736"
HEAD = """@prefix : <https://example.org/test/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


@cache
def shipped(engine: str) -> Inference:
    return ckg.infer(ckg.load(), engine=engine)


def parsed(text: str) -> list[ox.Quad]:
    return list(ox.parse((HEAD + text).encode(), format=ox.RdfFormat.TURTLE))


def node(curie: str) -> ox.NamedNode:
    return ox.NamedNode(expand(curie))


def run(*arguments: str | Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | ({} if path is None else {"PATH": path})
    command = [sys.executable, "-m", "calcinosis_kg", "infer", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize("engine", ENGINES)
def test_shipped_ontology_is_coherent_and_what_should_follow_follows(engine: str) -> None:
    found = shipped(engine)
    assert (found.engine, found.consistent, found.coherent, found.complete, found.notes) == (
        engine,
        True,
        True,
        True,
        (),
    )
    for sub, sup in ((HFTC, HEREDITARY), (HFTC, RECESSIVE), ("DOID:0050948", DOMINANT), (HFTC, CALCINOSIS)):
        assert (expand(sub), expand(sup)) in found.hierarchy, f"{sub} {sup}"
    # DO has no axiom on its inheritance: a known gap, which HPO's annotations fill.
    for sup in (HEREDITARY, RECESSIVE, DOMINANT):
        assert (expand(NFTC), expand(sup)) not in found.hierarchy, sup


@pytest.mark.parametrize("engine", ENGINES)
def test_only_what_is_new_is_a_finding_with_its_reasons(engine: str) -> None:
    found = shipped(engine)
    stated = {(quad.subject, quad.object) for quad in oxigraph.to_ox(ckg.load()) if quad.predicate == axioms.SUBCLASS}
    assert found.findings
    for finding in found.findings:
        assert finding.kind == "subclass"
        assert (ox.NamedNode(finding.terms[0]), ox.NamedNode(finding.terms[1])) not in stated
        assert finding.exact
        assert len(finding.reasons) > 1
    reasons = next(each.reasons for each in found.findings if each.terms == (expand(HFTC), expand(HEREDITARY)))
    assert "autosomal inheritance (GENO:0000934) is a kind of monogenic inheritance (GENO:0000933)" in reasons


@NEEDS_JAVA
def test_both_engines_give_the_same_hierarchy_and_findings() -> None:
    one, other = shipped("hermit"), shipped("rustdl")
    assert len(one.hierarchy) > 2800
    assert one.hierarchy == other.hierarchy
    assert one.findings == other.findings


def test_inferred_triples_stand_in_their_own_graph() -> None:
    found = shipped("rustdl").dataset
    graphs = {str(graph.identifier) for graph in found.graphs() if len(graph)}
    assert graphs == {reasoner.INFERRED} == {"https://w3id.org/calcinosis-kg/graph/inferred"}
    triple = (rdflib.URIRef(expand(HFTC)), rdflib.RDFS.subClassOf, rdflib.URIRef(expand(HEREDITARY)))
    assert triple in found.graph(rdflib.URIRef(reasoner.INFERRED))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", PLANTED, ids=lambda path: path.stem)
def test_planted_contradictions_are_found_and_named(path: Path, engine: str) -> None:
    text = path.read_text(encoding="utf-8")
    expected, because = (re.search(f"^# {key}: (.*)$", text, re.MULTILINE) for key in ("expected", "because"))
    assert expected
    assert because
    kind, *names = expected[1].split()
    found = reasoner.conclude(oxigraph.parse(path), engine=engine)
    assert not found.coherent
    assert found.consistent == (kind == "unsatisfiable")
    assert found.unsatisfiable == tuple(TEST + name for name in names)
    assert all(finding.exact for finding in found.findings)
    reasons = {reason.replace(TEST, "") for finding in found.findings for reason in finding.reasons}
    assert because[1] in reasons


@pytest.mark.parametrize("path", PLANTED, ids=lambda path: path.stem)
def test_without_rustdl_the_axioms_nearby_are_shown(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that has HermiT alone."""

    def missing(*_: object) -> list[list[str]]:
        raise MissingExtraError("rustdl", "reason")

    monkeypatch.setattr(reasoners, "justify", missing)
    found = reasoner.conclude(oxigraph.parse(path), engine="rustdl")
    because = re.search("^# because: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert because
    shown = {re.sub("[()]", "", each.replace(TEST, "")) for finding in found.findings for each in finding.reasons}
    assert because[1] in shown
    assert not any(finding.exact for finding in found.findings)


def test_there_are_enough_kinds_of_contradiction() -> None:
    assert len(PLANTED) >= 12


@pytest.mark.parametrize("engine", ENGINES)
def test_a_contradiction_planted_in_the_real_ontology(engine: str, quads: list[ox.Quad]) -> None:
    disjoint = ox.NamedNode("http://www.w3.org/2002/07/owl#disjointWith")
    planted = ox.Quad(node(HEREDITARY), disjoint, node(TUMORAL), ox.NamedNode(expand("graph:bridge")))
    found = reasoner.conclude([*quads, planted], engine=engine)
    assert found.consistent
    assert found.unsatisfiable == (expand(HFTC),)
    reasons = found.findings[0].reasons
    assert "hereditary calcinosis (CKG:0000007) has nothing in common with tumoral calcinosis (CKG:0000002)" in reasons


def test_claims_do_not_reach_the_reasoner(quads: list[ox.Quad]) -> None:
    kept = {quad.graph_name for quad in views.ontology(quads)}
    assert kept == {ox.NamedNode(expand(f"graph:{name}")) for name in ("tbox", "bridge", "imports")}
    disjoint = ox.NamedNode("http://www.w3.org/2002/07/owl#disjointWith")
    claimed = ox.Quad(node(HEREDITARY), disjoint, node(TUMORAL), ox.NamedNode(expand("graph:accepted")))
    assert reasoner.conclude([*quads, claimed], engine="rustdl").coherent


@pytest.mark.parametrize("name", ["accepted", "claims"])
def test_an_export_without_named_graphs_gives_a_reasoner_the_same_axioms(
    name: str, quads: list[ox.Quad], tmp_path: Path
) -> None:
    """It has claims and plain triples in its one graph; they reached the reasoner, and --profile blamed 29 of them."""
    path = tmp_path / "flat.ttl"
    path.write_bytes(formats.render(quads, formats.FORMATS["ttl"], [name], str(path)))
    flat = oxigraph.parse(path)
    assert axioms.read(views.ontology(flat)).triples == axioms.read(views.ontology(quads)).triples
    assert el_profile.violations(views.ontology(flat)) == []
    disjoint = ox.NamedNode("http://www.w3.org/2002/07/owl#disjointWith")
    found = reasoner.conclude([*flat, ox.Quad(node(HEREDITARY), disjoint, node(TUMORAL))], engine="rustdl")
    assert found.unsatisfiable == (expand(HFTC),)


def test_a_graph_without_claims_is_given_whole() -> None:
    facts = parsed(":a a :A ; :p :b . :p a owl:ObjectProperty . :A a owl:Class .")
    assert views.ontology(facts) == facts


@pytest.mark.parametrize("engine", ENGINES)
def test_a_ring_of_five_classes_is_one_equivalence(engine: str) -> None:
    """owlready2, which carries HermiT, loses some of these; so HermiT's own output is read."""
    ring = parsed(
        "".join(f":{a} a owl:Class ; rdfs:subClassOf :{b} .\n" for a, b in zip("ABCDE", "BCDEA", strict=True))
    )
    found = reasoner.conclude(ring, engine=engine)
    assert len(found.hierarchy) == 20
    assert found.findings == ()  # as the stated subclasses say it all
    rest = parsed(":p a owl:ObjectProperty . :F a owl:Class .") + [
        quad
        for name in "ABCD"
        for quad in parsed(
            f":{name} a owl:Class ; owl:equivalentClass"
            " [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :F ] ."
        )
    ]
    found = reasoner.conclude(rest, engine=engine)
    assert [(each.kind, each.terms) for each in found.findings] == [("equivalent", tuple(TEST + x for x in "ABCD"))]
    assert found.findings[0].exact


@pytest.mark.parametrize("engine", ENGINES)
def test_a_class_that_holds_everything_is_above_every_class(engine: str) -> None:
    found = reasoner.conclude(
        parsed(":A a owl:Class ; owl:equivalentClass owl:Thing . :B a owl:Class ."), engine=engine
    )
    assert (TEST + "B", TEST + "A") in found.hierarchy


@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_graph_says_nothing(engine: str) -> None:
    found = ckg.infer(rdflib.Graph(), engine=engine)
    assert (found.coherent, found.complete, found.findings, len(found.hierarchy)) == (True, True, (), 0)


@NEEDS_JAVA
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_engines_agree_on_random_ontologies(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a test wants the same numbers every time
    names = [f"C{number}" for number in range(40)]
    lines = [f":p{number} a owl:ObjectProperty ." for number in range(3)] + [f":{name} a owl:Class ." for name in names]
    for _ in range(60):
        one, two, three = dice.sample(names, 3)
        some = f"[ a owl:Restriction ; owl:onProperty :p{dice.randrange(3)} ; owl:someValuesFrom :{three} ]"
        lines.append(
            dice.choice(
                [
                    f":{one} rdfs:subClassOf :{two} .",
                    f":{one} rdfs:subClassOf {some} .",
                    f":{one} owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( :{two} {some} ) ] .",
                ]
            )
        )
    lines.append(":{} owl:disjointWith :{} .".format(*dice.sample(names, 2)))
    quads = parsed("\n".join(lines))
    hermit, rustdl = (reasoner.conclude(quads, engine=engine) for engine in ("hermit", "rustdl"))
    assert hermit.hierarchy == rustdl.hierarchy
    assert hermit.unsatisfiable == rustdl.unsatisfiable
    assert [each.terms for each in hermit.findings] == [each.terms for each in rustdl.findings]


def test_what_rustdl_leaves_out_is_reported() -> None:
    found = reasoner.conclude(parsed(":p a owl:ObjectProperty . :A a owl:Class ; owl:hasKey ( :p ) ."), engine="rustdl")
    assert not found.complete
    assert "HasKey" in found.notes[0]


def test_an_import_that_is_not_there_is_reported_and_not_fetched() -> None:
    header = "<https://example.org/o> a owl:Ontology ; owl:imports <https://example.org/other> . :A a owl:Class ."
    found = reasoner.conclude(parsed(header), engine="rustdl")
    assert found.notes == ("imported but not given, so not read: https://example.org/other",)
    assert found.complete


@pytest.mark.parametrize("engine", ENGINES)
def test_a_runaway_is_killed(engine: str, quads: list[ox.Quad]) -> None:
    start = time.monotonic()
    with pytest.raises(ReasonerError, match=r"was stopped after 0.01 seconds. Allow it more time"):
        reasoner.conclude(quads, engine=engine, limits=Limits(seconds=0.01))
    assert time.monotonic() - start < 20


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no process groups on this system")
def test_what_a_runaway_has_started_is_killed_too(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    code = (
        "import subprocess, sys, time, pathlib\n"
        "started = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path({str(file)!r}).write_text(str(started.pid))\n"
        "time.sleep(600)"
    )
    with pytest.raises(ReasonerError, match="sleeper was stopped"):
        processes.run("sleeper", [sys.executable, "-c", code], Limits(seconds=3))
    status = Path(f"/proc/{file.read_text()}/stat")
    for _ in range(50):
        if not status.exists() or status.read_text().split()[2] == "Z":
            break
        time.sleep(0.1)
    else:
        pytest.fail("the process that the runaway had started still runs")


@pytest.mark.parametrize("engine", ENGINES)
def test_memory_is_bounded(engine: str, quads: list[ox.Quad]) -> None:
    with pytest.raises(ReasonerError, match="ran out of its 1 MB of memory"):
        reasoner.conclude(quads, engine=engine, limits=Limits(megabytes=1))


@pytest.mark.parametrize("engine", ENGINES)
def test_no_file_is_left_behind_and_nothing_is_printed(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    reasoner.conclude(oxigraph.parse(PLANTED[0]), engine=engine)
    with pytest.raises(ReasonerError):
        reasoner.conclude(oxigraph.parse(PLANTED[0]), engine=engine, limits=Limits(seconds=0.01))
    assert list(tmp_path.iterdir()) == []
    assert tuple(capfd.readouterr()) == ("", "")


@NEEDS_JAVA
def test_what_an_engine_refuses_is_told() -> None:
    transitive = parsed(
        ":p a owl:ObjectProperty, owl:TransitiveProperty . :A a owl:Class ; rdfs:subClassOf"
        " [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 1 ] ."
    )
    with pytest.raises(ReasonerError, match=r"HermiT gave no answer: .*p"):
        reasoner.conclude(transitive, engine="hermit")


def test_a_property_that_rdf_xml_cannot_write() -> None:
    odd = ox.Quad(ox.NamedNode(TEST + "x"), ox.NamedNode(TEST + "1"), ox.NamedNode(TEST + "y"))
    with pytest.raises(InputError, match="RDF/XML cannot say this"):
        reasoner.conclude([odd], engine="rustdl")


def test_command_exit_codes_and_formats(tmp_path: Path) -> None:
    planted = Path(__file__).parent / "reasoning"
    bad = run(planted / "disjoint-classes.ttl", "--engine", "rustdl", "--format", "json")
    content = json.loads(bad.stdout)
    assert (bad.returncode, content["consistent"], content["coherent"]) == (1, True, False)
    assert content["findings"][0]["terms"] == [{"id": TEST + "C", "label": None}]
    assert run(planted / "individual-of-two-disjoint-classes.ttl", "--engine", "rustdl").returncode == 1
    out = tmp_path / "inferred.ttl"
    assert run("--engine", "rustdl", "--out", out).returncode == 0
    assert "DOID:0111063\n    rdfs:subClassOf CKG:0000007 ;" in out.read_text(encoding="utf-8")
    for arguments, message in (
        ([tmp_path / "none.ttl"], "none.ttl: cannot be read"),
        (["--out", tmp_path / "a.doc"], "unknown ending '.doc'"),
        (["--engine", "elk"], "'elk' is not one of"),
        (["--engine", "rustdl", "--seconds", "0.01"], "rustdl was stopped after 0.01 seconds"),
        (["--profile", "--format", "ttl"], "a profile check has no triples"),
    ):
        refused = run(*arguments)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert message in refused.stderr


def test_profile_names_the_axiom_that_leaves_it(quads: list[ox.Quad]) -> None:
    assert el_profile.violations(views.ontology(quads)) == []
    planted = Path(__file__).parent / "reasoning"
    found = el_profile.violations(oxigraph.parse(planted / "complement.ttl"))
    assert {each.axiom.replace(TEST, "") for each in found} == {"EquivalentClasses(B ObjectComplementOf(A))"}
    done = run(planted / "two-values-of-a-functional-property.ttl", "--profile")
    assert done.returncode == 1
    assert "FunctionalObjectProperty is not permitted in EL" in done.stdout
    assert run("--profile").stdout == "OWL 2 EL: yes\n"
    assert json.loads(run("--profile", "--format", "json").stdout)["conforms"] is True


def test_profile_names_a_term_without_declaration() -> None:
    found = el_profile.violations(parsed(":A rdfs:subClassOf :B . :B a owl:Class ."))
    assert [(each.axiom, each.reason) for each in found] == [
        (TEST + "A", "Use of an undeclared class. Declare it, or give the file that does too")
    ]
