"""The ontology as one OWL file and the mappings as SSSOM: readers that are not ours find everything in them."""

from functools import cache
from pathlib import Path

import owlready2
import pyhornedowl
import pyoxigraph as ox
import pytest
import sssom_pydantic

import calcinosis_kg as ckg
from calcinosis_kg import formats, oxigraph, shipped, views
from calcinosis_kg.errors import FormatError, InputError
from calcinosis_kg.namespaces import BASE, expand


@cache
def written(name: str) -> bytes:
    path = Path(name)
    (content,) = formats.contents(shipped.quads(), formats.choose(path), ["accepted"], path).values()
    assert content is not None
    return content


def named(quads: list[ox.Quad], kind: str) -> set[str]:
    node = ox.NamedNode(expand(kind))
    return {
        quad.subject.value for quad in quads if quad.object == node and isinstance(quad.subject, ox.NamedNode)
    }  # fmt: skip


def test_owlready2_finds_every_class_and_definition(tmp_path: Path) -> None:
    (path := tmp_path / "ontology.owl").write_bytes(written("a.owl"))
    world = owlready2.World()
    found = world.get_ontology(path.as_uri()).load()
    assert not found.imported_ontologies
    ontology = views.ontology(shipped.quads())
    classes = named(ontology, "owl:Class")
    assert {each.iri for each in world.classes()} == classes
    definition = ox.NamedNode(expand("IAO:0000115"))
    texts = {str(text) for each in world.classes() for text in world[definition.value][each]}
    said = [quad for quad in ontology if quad.predicate == definition and isinstance(quad.subject, ox.NamedNode)]
    assert texts == {
        quad.object.value
        for quad in said
        if isinstance(quad.object, ox.Literal)
        and isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value in classes
    }


def test_horned_owl_finds_an_ontology_with_a_version() -> None:
    found = pyhornedowl.open_ontology_from_string(written("a.owl").decode(), "rdf")
    assert str(found.get_iri()) == BASE + "calcinosis-kg.owl"
    assert str(found.get_version_iri()).startswith(BASE + "releases/")


def test_no_claim_stands_in_the_ontology() -> None:
    quads = list(ox.parse(written("a.owl"), format=ox.RdfFormat.RDF_XML))
    claims = expand("claim:")
    assert not [quad for quad in quads if claims in f"{quad.subject} {quad.object}"]
    assert len(named(quads, "owl:Ontology")) == 1


def test_sssom_pydantic_finds_every_mapping_and_the_one_that_is_denied(tmp_path: Path) -> None:
    (path := tmp_path / "a.sssom.tsv").write_bytes(written("a.sssom.tsv"))
    mappings = sssom_pydantic.read(path)[0]
    rows = named(list(shipped.quads()), "sssom:Mapping")
    assert len(mappings) == len(rows) == 380
    assert sum(mapping.predicate_modifier == "Not" for mapping in mappings) == 1


def test_mappings_come_back_from_sssom(tmp_path: Path) -> None:
    (path := tmp_path / "a.sssom.tsv").write_bytes(written("a.sssom.tsv"))
    back = set(oxigraph.canonical(oxigraph.to_ox(ckg.read(path))))
    assert set(views.select(shipped.quads(), ["mappings"])) <= back


def test_sssom_that_cannot_be_read_says_where(tmp_path: Path) -> None:
    (path := tmp_path / "a.sssom.tsv").write_text("# mapping_set_id: https://example.org/m\nsubject_id\tobject_id\n")
    with pytest.raises(InputError, match=r"a\.sssom\.tsv:2: lacks the column predicate_id"):
        ckg.read(path)


@pytest.mark.parametrize("name", ["a.owl", "a.sssom.tsv"])
def test_only_that_part_is_asked_for(name: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="alone"):
        ckg.write(ckg.load(), tmp_path / name, view="refuted")
