"""The shapes of a release bite: each has a case that breaks it alone, and each finds its nodes in a real release."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from calcinosis_kg import oxigraph, shapes
from calcinosis_kg.flattened import SHAPE
from calcinosis_kg.namespaces import BASE
from calcinosis_kg.releases import gates
from calcinosis_kg.releases.artefacts import Artefact
from calcinosis_kg.releases.headers import MODULES
from calcinosis_kg.resources import folder

ROOT = Path(__file__).parents[1]
RULES = folder("shapes") / gates.FOLDER
CASES = sorted((ROOT / "tests" / "shapes" / "release").rglob("*.ttl"))
SH = "http://www.w3.org/ns/shacl#"


def speaking() -> set[str]:
    """The shapes that results can name."""
    severity = ox.NamedNode(SH + "severity")
    found = {quad.subject for quad in shapes.read(RULES) if quad.predicate == severity}
    return {f"ckgsh:{node.value.removeprefix(SHAPE)}" for node in found if isinstance(node, ox.NamedNode)}


def broken_by(case: Path) -> set[str]:
    """The shapes that the first line of a case says it breaks."""
    first = case.read_text(encoding="utf-8").partition("\n")[0]
    if first == "# conforms":
        return set()
    assert first.startswith("# breaks: ckgsh:"), f"{case}: start with '# conforms' or '# breaks: ckgsh:…'"
    return {first.removeprefix("# breaks: ")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_case_breaks_what_it_says_and_nothing_else(case: Path) -> None:
    found = shapes.validate(oxigraph.parse(case), engine="pyshacl", shapes=RULES)
    assert {result.shape for result in found.results} == broken_by(case), found.to_text()


def test_every_shape_has_a_case() -> None:
    assert set().union(*map(broken_by, CASES)) == speaking()
    assert {case.parent.name for case in CASES} == {path.stem for path in RULES.glob("*.ttl")}
    for name in {path.stem for path in RULES.glob("*.ttl")}:
        assert any(case.parent.name == name and case.name.startswith("valid.") for case in CASES), name


def test_every_shape_says_what_to_do() -> None:
    said: dict[object, dict[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]] = {}
    for quad in shapes.read(RULES):
        said.setdefault(quad.subject, {})[quad.predicate.value.removeprefix(SH)] = quad.object
    for node, facts in said.items():
        if "severity" in facts:
            message = facts["message"]
            assert isinstance(message, ox.Literal)
            assert message.value.endswith("."), node


def test_a_release_meets_them_and_every_shape_finds_a_node(release: Path) -> None:
    names = [*(release / "ontology").glob("*.ttl")]
    artefacts = [Artefact(f"ontology/{path.name}", path.read_bytes(), "") for path in names]
    descriptions = [quad for path in (release / "metadata").glob("*.ttl") for quad in oxigraph.parse(path)]
    report = gates.judged(artefacts, descriptions)
    assert report.to_text() == ""
    assert report.unused == ()


def test_the_headers_as_they_are_edited_are_not_those_of_a_release() -> None:
    files = [Artefact(f"ontology/{name}", (folder("ontology") / name).read_bytes(), "") for name in MODULES]
    found = {result.shape for result in gates.judged(files, []).results}
    assert found == {"ckgsh:Header-issued", "ckgsh:Header-publisher", "ckgsh:Header-citation", "ckgsh:Header-status"}


def test_a_term_without_a_definition_stops_a_release() -> None:
    text = f"<{BASE}CKG_0000001> a <http://www.w3.org/2002/07/owl#Class> ."
    found = gates.judged([Artefact("ontology/calcinosis.ttl", text.encode(), "")], [])
    assert {result.shape for result in found.violations} == {
        "ckgsh:ReleasedTerm-label",
        "ckgsh:ReleasedTerm-definition",
    }
