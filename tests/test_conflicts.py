"""The check queries: header, prefixes, answer on the shipped dataset, what each must and must not find."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery

from calcinosis_kg import conflicts, oxigraph
from calcinosis_kg.errors import QueryError
from calcinosis_kg.namespaces import compress, expand, prefixes

FOLDER = Path(__file__).parent / "checks"
CHECKS = conflicts.catalogue()
NAMED = {check.name: check for check in CHECKS}
NAMES = list(NAMED)
each = pytest.mark.parametrize("check", CHECKS, ids=NAMES)


def rows(found: list[conflicts.Finding]) -> list[tuple[str, ...]]:
    """Return what is found, identifiers as CURIEs."""

    def shown(cell: object) -> str:
        if cell is None:
            return ""
        return compress(cell.value) if isinstance(cell, ox.NamedNode) else str(getattr(cell, "value", cell))

    return [(shown(one.entity), shown(one.other), shown(one.value)) for one in found]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "calcinosis_kg", "conflicts", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture(scope="module")
def everything(quads: list[ox.Quad]) -> list[conflicts.Finding]:
    """What all checks find in the shipped dataset."""
    return conflicts.run(quads)


@each
def test_answer_is_the_golden_one(check: conflicts.Check, everything: list[conflicts.Finding]) -> None:
    golden = FOLDER / f"{check.name}.csv"
    assert golden.is_file(), f"write the answer to {golden} by hand, from the claims and the references"
    lines = list(csv.reader(io.StringIO(golden.read_text(encoding="utf-8"))))
    assert tuple(lines[0]) == conflicts.COLUMNS[check.kind]
    found = rows([finding for finding in everything if finding.check == check])
    assert found == [tuple(line) for line in lines[1:]]
    assert len(set(found)) == len(found), "a row stands twice"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.hit*.trig")), ids=lambda path: path.stem)
def test_check_finds_what_it_must(path: Path) -> None:
    assert rows(conflicts.run(oxigraph.parse(path), [NAMED[path.name.partition(".")[0]]]))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.clean*.trig")), ids=lambda path: path.stem)
def test_check_leaves_the_twin_alone(path: Path) -> None:
    assert rows(conflicts.run(oxigraph.parse(path), [NAMED[path.name.partition(".")[0]]])) == []


def test_axiom_outside_the_profile_is_reported_at_its_class() -> None:
    """However deep in an expression it stands, and the same each time that the file is read."""
    check = NAMED["quality-not-el"]
    found = conflicts.run(oxigraph.parse(FOLDER / "quality-not-el.hit-inside.trig"), [check])
    assert rows(found) == [("CKG:0000901", "owl:complementOf", "DOID:417")]
    path = FOLDER / "quality-not-el.hit-union.trig"
    found = conflicts.run(oxigraph.parse(path), [check])
    assert rows(found) == [("CKG:0000901", "owl:unionOf", "(unnamed)")]
    assert found == conflicts.run(oxigraph.parse(path), [check])


def test_every_check_has_its_files_and_every_file_its_check() -> None:
    wanted = {f"{name}.{ending}" for name in NAMES for ending in ("csv", "hit.trig", "clean.trig")}
    found = {path.name for path in FOLDER.iterdir()}
    assert wanted <= found
    further = [re.fullmatch(r"(.+)\.(hit|clean)-[a-z-]+\.trig", name) for name in sorted(found - wanted)]
    assert all(match and match[1] in NAMES for match in further)


def test_ontology_has_no_fault(everything: list[conflicts.Finding]) -> None:
    faults = [finding for finding in everything if finding.check.kind == "quality"]
    assert rows(faults) == [], "mend the files in ontology/, as the check's solution says"


@each
def test_header_is_complete(check: conflicts.Check) -> None:
    assert check.name.startswith(f"{check.kind}-")
    keys = [line.split()[1] for line in check.text.splitlines() if line.startswith("#+")]
    assert keys == ["problem:", "solution:", "severity:", "kind:", "graph:"]
    assert not check.problem.endswith(".")
    assert not check.solution.endswith(".")


@each
def test_prefixes_are_written_out_and_are_ours(check: conflicts.Check) -> None:
    declared = dict(re.findall(r"^PREFIX (\S*): <(.*)>$", check.text, re.MULTILINE))
    assert declared == {prefix: prefixes()[prefix] for prefix in declared}
    body = re.sub(r'<[^<>"{}|^`\\\s]*>|"(?:[^"\\]|\\.)*"|#[^\n]*|PREFIX \S+', "", check.text)
    assert set(re.findall(r"(?<![\w?$])([A-Za-z][\w.]*):", body)) == set(declared)
    assert "ORDER BY" in body


@each
def test_a_second_engine_reads_the_check(check: conflicts.Check) -> None:
    names = tuple(str(name) for name in prepareQuery(check.text).algebra["PV"])
    assert names == conflicts.COLUMNS[check.kind]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("#+ severity: error", "lacks 'severity'"),
        ("#+ severity: grave", "unknown severity 'grave'"),
        ("#+ kind: doubt", "unknown kind 'doubt'"),
        ("#+ graph: nonsense", "unknown graph 'nonsense'"),
    ],
)
def test_wrong_header_is_refused(line: str, message: str) -> None:
    header = {"problem": "p", "solution": "s", "severity": "info", "kind": "conflict", "graph": "claims"}
    key, _, value = line.removeprefix("#+ ").partition(": ")
    header[key] = value
    if "lacks" in message:
        del header[key]
    with pytest.raises(QueryError, match=message):
        conflicts.parse("toy", "\n".join(f"#+ {key}: {value}" for key, value in header.items()))


@pytest.mark.parametrize("text", ["ASK { ?s ?p ?o }", "SELECT ?entity ?value WHERE { ?entity ?p ?value }"])
def test_check_that_selects_something_else_is_refused(text: str) -> None:
    check = conflicts.Check("toy", text, "p", "s", "info", "conflict", ("claims",))
    with pytest.raises(QueryError, match=r"SELECT|selects"):
        conflicts.run([], [check])


def test_statuses_settle_a_conflict(everything: list[conflicts.Finding]) -> None:
    def resolution(check: str, entity: str, other: str) -> str:
        found = [one for one in everything if one.check.name == check]
        return next(one.resolution for one, row in zip(found, rows(found), strict=True) if row[:2] == (entity, other))

    assert resolution("conflict-negation", "CKG-C011", "CKG-C136") == (
        "the first stands (accepted); the second is refuted"
    )
    assert resolution("conflict-opposed-means", "CKG-C258", "CKG-C284") == (
        "neither stands: the first is refuted, the second contested"
    )
    assert resolution("conflict-inheritance", "CKG-C014", "DOID:0111063") == (
        "the reference stands: the claim is refuted"
    )
    assert resolution("conflict-composition", "CKG-C002", "CKG-C007") == "both are accepted"


def test_turtle_says_the_same_in_terms_that_are_declared(
    quads: list[ox.Quad], everything: list[conflicts.Finding]
) -> None:
    graph = rdflib.Graph().parse(data=conflicts.to_turtle(everything), format="turtle")
    nodes = set(graph.subjects(rdflib.RDF.type, rdflib.URIRef(expand("ckgv:Finding"))))
    assert len(nodes) == len(everything)
    declared = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    ours = {str(term) for triple in graph for term in triple[1:] if str(term).startswith(expand("ckgv:"))}
    assert ours <= declared
    for term in {term for triple in graph for term in triple if str(term).startswith(str(rdflib.SH))}:
        assert str(term) in {str(name) for name in dir(rdflib.SH)}, term


def test_findings_do_not_depend_on_the_order_of_the_quads(
    quads: list[ox.Quad], everything: list[conflicts.Finding]
) -> None:
    check = next(check for check in CHECKS if check.name == "conflict-regulatory-context")
    found = [finding for finding in everything if finding.check == check]
    assert conflicts.run(reversed(quads), [check]) == found


def test_command_prints_conflicts_and_is_content() -> None:
    done = run("--kind", "conflict")
    assert done.returncode == 0
    assert re.search(r"conflict-negation +error +CKG-C011 +CKG-C136 +DOID:182 +the first stands", done.stdout)
    assert "errors in the ontology: 0)" in done.stderr


def test_command_gives_json_of_a_users_file() -> None:
    done = run("--data", FOLDER / "conflict-negation.hit.trig", "--format", "json", "--kind", "conflict")
    found = [row for row in json.loads(done.stdout) if row["check"] == "conflict-negation"]
    assert [(row["entity"], row["against"], row["severity"]) for row in found] == [("CKG-C901", "CKG-C902", "error")]
    assert done.returncode == 0
    assert run("--data", FOLDER / "conflict-negation.hit.trig", "--kind", "conflict", "--strict").returncode == 1


def test_command_exits_1_on_a_fault_of_the_ontology_and_2_on_bad_input(tmp_path: Path) -> None:
    assert run("--data", FOLDER / "quality-missing-label.hit.trig", "--kind", "quality").returncode == 1
    done = run("--data", tmp_path / "none.ttl")
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be read" in done.stderr
    assert run("--kind", "nonsense").returncode == 2
