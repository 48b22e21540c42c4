"""The manners of the SHACL engines, kept inside: refusals are told, prefixes are found through imports."""

import importlib.util

import pyoxigraph as ox
import pytest

from calcinosis_kg.engines import ENGINES
from calcinosis_kg.errors import InputError

HERE = [name for name in ENGINES if name == "pyshacl" or importlib.util.find_spec("shacl")]
PREFIXES = """
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """<https://example.org/a> <https://example.org/says> 1 ."""


def quads(text: str) -> list[ox.Quad]:
    """The triples of a text in Turtle."""
    return list(ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE))


def asking(query: str) -> list[ox.Quad]:
    """A shape with a SPARQL constraint, whose prefix `e` is declared by what its own prefixes import, twice removed."""
    return quads(f"""
        ex:shape a sh:NodeShape ; sh:targetNode ex:a ; sh:severity sh:Violation ; sh:sparql ex:constraint .
        ex:constraint sh:prefixes ex:near ; sh:select "{query}" ; sh:message "No." .
        ex:near owl:imports ex:far . ex:far owl:imports ex:farthest . ex:farthest owl:imports ex:near .
        ex:farthest sh:declare ex:e . ex:e sh:prefix "e" ; sh:namespace "https://example.org/"^^xsd:anyURI .
    """)


@pytest.mark.parametrize("engine", HERE)
def test_prefixes_are_found_through_imports(engine: str) -> None:
    found = ENGINES[engine].run(quads(DATA), asking("SELECT $this ?value WHERE { $this e:says ?value }"))
    assert [finding.value for finding in found] == ['"1"^^<http://www.w3.org/2001/XMLSchema#integer>']


@pytest.mark.parametrize("engine", HERE)
@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { $this e:says ?value MINUS { $this e:denies ?value } }",  # SHACL forbids MINUS
        "SELECT $this WHERE { $this unknown:says ?value }",
        "SELECT $this WHERE { $this e:says }",
    ],
    ids=["forbidden", "unknown-prefix", "bad-syntax"],
)
def test_a_query_that_an_engine_cannot_run_is_the_users_to_mend(engine: str, query: str) -> None:
    with pytest.raises(InputError, match=r"^shapes: .*Mend"):
        ENGINES[engine].run(quads(DATA), asking(query))


def test_what_pyshacl_lacks_is_told() -> None:
    with pytest.raises(InputError, match=r"shapesGraph"):
        ENGINES["pyshacl"].run(quads(DATA), asking("SELECT $this WHERE { GRAPH $shapesGraph { $this ?p ?o } }"))
