"""Claims as rows: out of the dataset, into RDF again, and nothing lost on the way."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given

import calcinosis_kg as ckg
from calcinosis_kg import explanations, formats, outfiles, shipped, statements, views
from calcinosis_kg.errors import FormatError, InputError
from calcinosis_kg.interchange import contents, restored
from calcinosis_kg.interchange.associations import QUALIFIERS, Contents
from calcinosis_kg.interchange.catalogue import CATALOGUE, Foreign
from calcinosis_kg.namespaces import expand
from calcinosis_kg.sheets import iri
from given_contents import CONTENTS


@pytest.mark.parametrize("view", ["accepted", "claims", "refuted", "artefact", "literature", "all"])
def test_a_view_comes_back_whole(view: str) -> None:
    found = contents.of(views.select(shipped.quads(), [view]))
    assert contents.of(restored.quads(found)) == found


@given(CONTENTS)
def test_contents_come_back_whole(found: Contents) -> None:
    assert contents.of(restored.quads(found)) == found


@given(CONTENTS)
def test_contents_come_back_through_trig(found: Contents) -> None:
    content = formats.render(restored.quads(found), formats.FORMATS["trig"], ["all"])
    assert contents.of(ox.parse(content, format=ox.RdfFormat.TRIG)) == found


def test_every_claim_is_taken_out() -> None:
    found = contents.of(shipped.quads()).associations
    assert len([claim for claim in found if claim.source == "document"]) == 305
    assert len([claim for claim in found if claim.source == "literature"]) == 85
    warfarin = next(claim for claim in found if claim.id == "CKG-C258")
    assert (warfarin.subject, warfarin.relation, warfarin.object) == ("CHEBI:10033", "RO:0002597", "CKG:0000021")
    assert warfarin.publications[0].startswith(("PMID:", "DOI:"))


def test_restored_claims_are_never_plain_triples() -> None:
    found = contents.of(shipped.quads())
    ends = {(claim.subject, claim.object) for claim in found.associations}
    plain = {expand(claim.relation or claim.predicate) for claim in found.associations}
    for quad in restored.quads(Contents((), found.associations)):
        said = (str(quad.subject), quad.predicate.value, str(quad.object))
        assert quad.predicate.value not in plain or said[::2] not in ends


def test_reading_is_the_way_back_of_writing(tmp_path: Path) -> None:
    graph = ckg.load()
    ckg.write(graph, tmp_path / "a.trig", view="refuted")
    ckg.write(ckg.read(tmp_path / "a.trig"), tmp_path / "b.trig", view="all")
    assert (tmp_path / "a.trig").read_bytes() == (tmp_path / "b.trig").read_bytes()


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="unknown format 'xyz'"):
        ckg.read(tmp_path / "a.xyz")
    with pytest.raises(InputError, match="cannot be read: no such file"):
        ckg.read(tmp_path / "a.trig")
    (tmp_path / "bad.ttl").write_text("not turtle")
    with pytest.raises(InputError, match=r"bad\.ttl:1: "):
        ckg.read(tmp_path / "bad.ttl")


def test_qualifiers_are_those_that_claims_are_built_with_and_explained_by() -> None:
    built = set(statements._QUALIFIER.values())  # noqa: SLF001 - the three lists must not drift apart
    assert set(QUALIFIERS) == built == set(explanations._PLAIN)  # noqa: SLF001 - as above


class Toy:
    """A room of two files: what is refuted stands in one of its own."""

    @staticmethod
    def write(quads: list[ox.Quad]) -> dict[str, bytes]:
        found = {"_rest.toy": b"", "_refuted.toy": b""}
        for claim in contents.of(quads).associations:
            found["_refuted.toy" if claim.status == "refuted" else "_rest.toy"] += f"{claim.id}\n".encode()
        return {ending: content for ending, content in found.items() if content or ending == "_rest.toy"}

    @staticmethod
    def read(files: Mapping[str, bytes], place: str) -> list[ox.Quad]:
        names = [name for content in files.values() for name in content.decode().split()]
        return [ox.Quad(iri(name), iri("rdf:type"), iri("ckgv:Claim")) for name in names if place]


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Foreign:
    endings, optional = ("_rest.toy", "_refuted.toy"), ("_refuted.toy",)
    form = Foreign("Toy", "toy", endings, "toy", "claims", optional)
    monkeypatch.setitem(sys.modules, "calcinosis_kg.interchange.toy", Toy)
    for key, how in (("toy", form), ("one-way", replace(form, suffix="one-way", endings=(".way",), reads=False))):
        monkeypatch.setitem(CATALOGUE, key, how)
    monkeypatch.setitem(CATALOGUE, "part", replace(form, suffix="part", endings=(".part",), holds="ontology"))
    return form


@pytest.mark.usefixtures("toy")
def test_a_format_of_several_files_is_written_and_read_as_one(tmp_path: Path) -> None:
    graph = ckg.load()
    ckg.write(graph, tmp_path / "a_refuted.toy", view="claims")
    assert (tmp_path / "a_refuted.toy").read_text().split()[0] == "CKG-C014"
    assert len(ckg.read(tmp_path / "a_rest.toy")) == 305
    ckg.write(graph, tmp_path / "a", view="accepted", format="toy")
    assert [path.name for path in tmp_path.iterdir()] == ["a_rest.toy"]
    assert len(ckg.read(tmp_path / "a", format="toy")) == 142


@pytest.mark.usefixtures("toy")
def test_what_a_format_of_others_cannot_do_is_said(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="has no way back"):
        ckg.read(tmp_path / "a.way")
    with pytest.raises(FormatError, match="holds the ontology alone"):
        ckg.write(ckg.load(), tmp_path / "a.part", view="refuted")
    with pytest.raises(InputError, match=r"a_rest\.toy: cannot be read"):
        ckg.read(tmp_path / "a_refuted.toy")


def test_files_that_belong_together_are_written_all_or_none(tmp_path: Path) -> None:
    old, folder = tmp_path / "old", tmp_path / "folder"
    old.write_text("before")
    folder.mkdir()
    for other in (folder, tmp_path / "missing" / "b"):
        with pytest.raises(InputError, match="cannot be written"):
            outfiles.save_all({old: b"after", other: b"after"})
        assert old.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "old"]
    outfiles.save_all({old: None, tmp_path / "new": b"x"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "new"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_taken_away(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    outfiles.save_all({pipe: None})
    assert pipe.is_fifo()
