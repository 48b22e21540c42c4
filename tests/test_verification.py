"""The proof: on a document made for the test, and on the source document where it is."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinosis_kg import verification
from calcinosis_kg.claims import Claim, Curation, Document, Hedge, NonClaim, Span
from calcinosis_kg.errors import InputError

TEXT = "Title\n\nGravel may clog 3 drains — often.\nIt is not sand.\n"


def made_up(text: str = TEXT) -> Curation:
    """A curation of a text about gravel: one heading, two claims in one span, one denied claim."""

    def claim(number: int, start: int, end: int) -> Claim:
        span, name = Span.of(text, start, end), f"CKG-C{number:03}"
        return Claim(name, "body", span, "A:1", "biolink:affects", "A:2", "cause", "x", "accepted")

    first, second = text.index("Gravel"), text.index("It is")
    end = text.index("\n", first)
    content = text.encode()
    document = Document(
        "A:0",
        "toy",
        hashlib.sha256(content).hexdigest(),
        len(content),
        len(text),
        "x",
        "x",
        "2026-01-01",
        ("head", "body"),
    )
    claims = (
        replace(claim(1, first, end), hedges=(Hedge("may", "possibility"),)),
        replace(claim(2, first, end), hedges=(Hedge("often", "frequency"),)),
        replace(claim(3, second, len(text) - 1), negation_cue="not"),
    )
    heading = NonClaim("CKG-N001", "head", Span.of(text, 0, 5), "heading/page")
    return Curation(document, claims, (heading,), {})


def test_the_recorded_document_holds() -> None:
    proof = verification.verify(made_up(), TEXT.encode())
    assert proof.holds
    assert [place.state for place in proof.places] == ["unchanged"] * 3
    assert (proof.percentage, proof.uncovered, proof.twice, proof.cues) == (100, 0, 0, 3)
    assert [(row.section, row.claimed, row.other) for row in proof.coverage] == [("head", 0, 5), ("body", 39, 0)]
    assert sum(row.claimed + row.other for row in proof.coverage) == proof.characters


def test_a_span_that_moved_and_one_that_is_gone() -> None:
    changed = "A new first line.\n" + TEXT.replace("sand", "dust")
    proof = verification.verify(made_up(), changed.encode())
    assert not proof.holds
    assert not proof.same_document
    states = {place.ids: (place.state, place.start) for place in proof.places}
    assert states[("CKG-N001",)] == ("moved", 18)
    assert states[("CKG-C001", "CKG-C002")] == ("moved", 18 + TEXT.index("Gravel"))
    assert states[("CKG-C003",)] == ("gone", None)
    assert proof.uncovered == sum(not c.isspace() for c in "A new first line.It is not dust.")


def test_of_two_places_the_nearer_one_is_named() -> None:
    text = TEXT + "Title\n"
    proof = verification.verify(made_up(), ("x" + text).encode())
    assert {place.ids: place.start for place in proof.places}[("CKG-N001",)] == 1


@given(st.text("ab é", min_size=4, max_size=40), st.text("ab é", max_size=60), st.data())
def test_the_search_finds_what_a_plain_one_finds(old: str, new: str, data: st.DataObject) -> None:
    """A plain search looks at every start within reach, nearest first; reach and near reach are made small here."""
    cuts = data.draw(st.lists(st.tuples(st.integers(0, len(old) - 1), st.integers(1, 6)), min_size=1, max_size=6))
    spans = sorted({Span.of(old, start, min(len(old), start + size)) for start, size in cuts}, key=lambda s: s.start)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verification, "NEAR", 3)
        patch.setattr(verification, "REACH", 12)
        curation = replace(made_up(), claims=(), non_claims=tuple(
            NonClaim(f"CKG-N{number:03}", "head", span, "connective") for number, span in enumerate(spans)
        ))  # fmt: skip
        found = {place.span: (place.state, place.start) for place in verification.verify(curation, new.encode()).places}
    for span in spans:
        starts = range(max(0, span.start - 12), span.start + 13)
        hits = [at for at in starts if Span.of(new, at, at + span.end - span.start).sha256 == span.sha256]
        hits = [at for at in hits if at + span.end - span.start <= len(new)]
        nearest = min(hits, key=lambda at, span=span: (abs(at - span.start), at), default=None)  # type: ignore[misc] # the lambda's default
        state = "gone" if nearest is None else "unchanged" if nearest == span.start else "moved"
        assert found[span] == (state, nearest)


def test_uncovered_and_doubly_covered_characters_are_counted() -> None:
    curation = made_up()
    gap = replace(curation, non_claims=())
    assert verification.verify(gap, TEXT.encode()).uncovered == 5
    overlap = replace(
        curation, non_claims=(*curation.non_claims, NonClaim("CKG-N002", "head", Span.of(TEXT, 3, 9), "connective"))
    )
    proof = verification.verify(overlap, TEXT.encode())
    assert proof.twice == 4
    assert not proof.holds


def test_a_cue_that_is_not_in_its_span_is_found() -> None:
    curation = made_up()
    strayed = replace(curation.claims[0], hedges=(Hedge("might", "possibility"),))
    proof = verification.verify(replace(curation, claims=(strayed, *curation.claims[1:])), TEXT.encode())
    assert proof.strayed == (("CKG-C001", "might"),)
    assert not proof.holds


def test_offsets_count_code_points_not_bytes() -> None:
    place = next(place for place in verification.verify(made_up(), TEXT.encode()).places if "CKG-C003" in place.ids)
    assert place.span.start == TEXT.index("It is")
    assert place.span.start < TEXT.encode().index(b"It is")


@given(st.integers(0, 40), st.text(max_size=20))
def test_whatever_is_put_before_it_the_document_is_found_again(extra: int, more: str) -> None:
    text = "\n" * extra + more + "\n" + TEXT
    proof = verification.verify(made_up(), text.encode("utf-8", "surrogatepass").decode("utf-8", "ignore").encode())
    assert all(place.state == "moved" for place in proof.places)


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"", "is empty"), (b"  \n", "is empty"), (b"\xff\xfe\x00", r"is not UTF-8 text \(byte 0\)")],
)
def test_bad_documents(content: bytes, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=problem):
        verification.read(path)


def test_missing_document_and_folder(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.txt"):
        with pytest.raises(InputError, match=f"{path}: cannot be read: .*. Give the path of the source document"):
            verification.read(path)


def test_source_document_is_covered_whole(document: Path, curated: Curation) -> None:
    proof = verification.verify(curated, verification.read(document))
    assert proof.holds
    assert (proof.percentage, proof.uncovered, proof.twice) == (100, 0, 0)
    assert {place.state for place in proof.places} == {"unchanged"}
    assert not proof.strayed


def test_source_document_changed_in_one_word(document: Path, curated: Curation) -> None:
    text = document.read_text(encoding="utf-8")
    span = next(claim.span for claim in curated.claims if claim.id == "CKG-C258")
    proof = verification.verify(curated, (text[: span.start] + "~" + text[span.start :]).encode())
    states = [place.state for place in proof.places]
    assert states.count("gone") == 0
    assert states.count("unchanged") == sum(place.span.end <= span.start for place in proof.places)
    assert states.count("moved") > 0
    gone = verification.verify(curated, (text[: span.start + 3] + "~" + text[span.start + 4 :]).encode())
    assert [place.ids for place in gone.places if place.state == "gone"] == [
        ("CKG-C256", "CKG-C257", "CKG-C258", "CKG-C259", "CKG-C260")
    ]
