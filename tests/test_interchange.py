"""Claims as rows: out of the dataset, into RDF again, and nothing lost on the way."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given

import calcinosis_kg as ckg
from calcinosis_kg import formats, shipped, views
from calcinosis_kg.errors import FormatError, InputError
from calcinosis_kg.interchange import contents, restored
from calcinosis_kg.interchange.associations import Contents
from calcinosis_kg.namespaces import expand
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
