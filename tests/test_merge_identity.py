"""What is the same and what is not: spellings, cliques, and the reasons for each row."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinosis_kg.merging import prefixes
from calcinosis_kg.merging.identity import EXACT, REFUSED, USED, Identity, Options, Row, settle
from calcinosis_kg.merging.kinds import kind
from calcinosis_kg.merging.prefixes import normal, prefix_of
from calcinosis_kg.merging.successors import Facts
from calcinosis_kg.namespaces import prefixes as ours

MANUAL, LEXICAL = "semapv:ManualMappingCuration", "semapv:LexicalMatching"
IDS = (
    "DOID:1",
    "DOID:2",
    "HP:1",
    "UMLS:1",
    "UMLS:2",
    "MESH:1",
    "OMIM:1",
    "MONDO:1",
    "MONDO:2",
    "https://example.org/x",
)


def row(subject: str, end: str, number: int = 1, **more: object) -> Row:
    return Row("m", f"m.tsv:{number}", subject, EXACT, end, **more)  # type: ignore[arg-type] # the fields of a row


ROWS = st.builds(
    Row,
    st.sampled_from(["m", "n"]),
    st.integers(1, 99).map("m.tsv:{}".format),
    st.sampled_from(IDS),
    st.sampled_from([EXACT, EXACT, EXACT, "skos:closeMatch"]),
    st.sampled_from(IDS),
    st.sampled_from([False, False, False, True]),
    st.sampled_from([MANUAL, LEXICAL, ""]),
    st.sampled_from(["", "0.9", "0.3", "x"]),
)
FACTS = st.dictionaries(
    st.sampled_from(IDS),
    st.builds(
        Facts,
        st.sampled_from([(), ("biolink:Disease",), ("biolink:PhenotypicFeature",)]),
        st.booleans(),
        st.lists(st.sampled_from(IDS), max_size=2, unique=True).map(tuple),
        st.lists(st.sampled_from(IDS), max_size=1).map(tuple),
    ),
    max_size=4,
)


def same(done: Identity, one: str, other: str) -> bool:
    return done.leader.get(one, one) == done.leader.get(other, other)


@settings(max_examples=300, deadline=None)
@given(st.lists(ROWS, max_size=14), FACTS, st.randoms(use_true_random=False))
def test_what_is_settled_is_an_equivalence_and_never_wrong(
    rows: list[Row], facts: dict[str, Facts], random: object
) -> None:
    done = settle(rows, facts)
    assert not set(done.leader.values()) & done.leader.keys()
    for said in rows:
        if said.negated and said.predicate == EXACT and said.subject != said.object:
            assert not same(done, said.subject, said.object)
    old = {name for name, fact in facts.items() if fact.deprecated}
    for one, other in itertools.combinations(IDS, 2):
        if same(done, one, other):
            kinds = {kind(name, facts.get(name, Facts()).categories) for name in (one, other)} - {""}
            assert len(kinds) < 2 or {one, other} & old
            assert not prefix_of(one) or prefix_of(one) != prefix_of(other) or {one, other} & old
    for said, (verdict, reason) in zip(rows, done.verdicts, strict=True):
        assert verdict in (USED, REFUSED)
        assert reason
        if verdict == USED and not said.negated:
            assert same(done, said.subject, said.object)
    pairs = list(zip(rows, done.verdicts, strict=True))
    random.shuffle(pairs)  # type: ignore[attr-defined] # as random.Random
    again = settle([said for said, _ in pairs], facts)
    assert again.leader == done.leader
    assert list(again.verdicts) == [verdict for _, verdict in pairs]


def test_only_accepted_rows_join() -> None:
    done = settle([row("DOID:1", "UMLS:1"), Row("m", "m:2", "UMLS:1", "skos:broadMatch", "MESH:1")], {})
    assert done.leader == {"UMLS:1": "DOID:1"}
    assert "only skos:exactMatch" in done.verdicts[1][1]


def test_not_wins_at_any_distance_and_over_any_confidence() -> None:
    rows = [
        row("DOID:1", "UMLS:1", 2, justification=MANUAL),
        row("UMLS:1", "MESH:1", 3, justification=LEXICAL, confidence="0.9"),
        row("MESH:1", "OMIM:1", 4, justification=MANUAL),
        row("OMIM:1", "DOID:1", 5, negated=True, justification=LEXICAL, confidence="0.1"),
    ]
    done = settle(rows, {})
    assert not same(done, "DOID:1", "OMIM:1")
    assert done.verdicts[1] == (REFUSED, "would make DOID:1 and OMIM:1 the same, which m.tsv:5 denies")
    assert [verdict for verdict, _ in done.verdicts] == [USED, REFUSED, USED, USED]


def test_a_disease_and_a_phenotype_never_fuse_through_a_third() -> None:
    rows = [row("DOID:1", "UMLS:1", 2, justification=MANUAL), row("HP:1", "UMLS:1", 3, justification=LEXICAL)]
    done = settle(rows, {})
    assert done.leader == {"UMLS:1": "DOID:1"}
    assert done.verdicts[1] == (REFUSED, "would make the disease DOID:1 and the phenotype HP:1 the same")


def test_a_group_does_not_fuse_with_its_member_through_a_weak_link() -> None:
    """As DO's OMIM number of a group, which MONDO gives to one of the group's members."""
    rows = [
        row("MONDO:1", "DOID:1", 2, justification=MANUAL),
        row("MONDO:2", "OMIM:1", 3, justification=MANUAL),
        row("DOID:1", "OMIM:1", 4, justification="semapv:UnspecifiedMatching"),
    ]
    done = settle(rows, {})
    assert done.leader == {"DOID:1": "MONDO:1", "OMIM:1": "MONDO:2"}
    assert done.verdicts[2][1].startswith("is the weakest link that would make MONDO:1 and MONDO:2, two terms of MONDO")


def test_rivals_on_equal_grounds_are_all_refused() -> None:
    done = settle([row("MONDO:1", "UMLS:1", 2), row("MONDO:1", "UMLS:2", 3)], {})
    assert not done.leader
    assert {reason for _, reason in done.verdicts} == {
        "MONDO:1 would be the same as 2 terms of UMLS on equal grounds: UMLS:1, UMLS:2"
    }
    better = [row("MONDO:1", "UMLS:1", 2, justification=MANUAL), row("MONDO:1", "UMLS:2", 3)]
    assert settle(better, {}).leader == {"UMLS:1": "MONDO:1"}


@pytest.mark.parametrize(
    ("fact", "leader", "reason"),
    [
        (Facts(deprecated=True, replaced_by=("DOID:2",)), "DOID:2", "joins"),
        (
            Facts(deprecated=True, consider=("DOID:2",)),
            "DOID:1",
            "DOID:1 is obsolete: it has no successor; consider DOID:2",
        ),
        (Facts(deprecated=True, replaced_by=("DOID:2", "DOID:3")), "DOID:1", "several successors: DOID:2, DOID:3"),
        (Facts(deprecated=True, replaced_by=("HP:1",)), "DOID:1", "a disease and its successor HP:1 a phenotype"),
        (Facts(replaced_by=("DOID:2",)), "DOID:1", "joins"),
    ],
)
def test_one_successor_is_followed_and_anything_else_reported(fact: Facts, leader: str, reason: str) -> None:
    done = settle([row("DOID:1", "UMLS:1")], {"DOID:1": fact})
    assert done.leader.get("DOID:1", "DOID:1") == leader
    assert reason in done.verdicts[0][1]
    assert bool(done.notes) == (done.verdicts[0][0] == REFUSED)


def test_successors_in_a_circle_are_not_followed() -> None:
    facts = {f"X:{n}": Facts(deprecated=True, replaced_by=(f"X:{n % 2 + 1}",)) for n in (1, 2)}
    done = settle([], facts)
    assert not done.leader
    assert len(done.notes) == 2


def test_confidence_and_order_of_leaders_can_be_set() -> None:
    rows = [row("DOID:1", "UMLS:1", confidence="0.5")]
    assert settle(rows, {}).verdicts[0] == (REFUSED, "confidence 0.5 is below 0.8")
    assert settle(rows, {}, Options(("UMLS",), 0.5)).leader == {"DOID:1": "UMLS:1"}


def test_prefixes_agree_with_our_own() -> None:
    for prefix, iri in ours().items():
        assert prefixes.preferred(prefix) == prefix
        assert normal(f"{iri}77") == f"{prefix}:77"


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.from_regex(r"(https?://)?[A-Za-z_.]{1,9}[:/][A-Za-z0-9_:/#]{0,9}", fullmatch=True)))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normal(text)
    assert normal(once) == once


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("MIM:211900", "OMIM:211900"),
        ("UMLS_CUI:C0006663", "UMLS:C0006663"),
        ("NCI:C3672", "NCIT:C3672"),
        ("SNOMEDCT_US_2025_03_01:6595006", "SNOMEDCT:6595006"),
        ("SCTID:6595006", "SNOMEDCT:6595006"),
        ("Orphanet:53715", "ORPHA:53715"),
        ("http://www.orpha.net/ORDO/Orphanet_53715", "ORPHA:53715"),
        ("HGNC:HGNC:4392", "HGNC:4392"),
        ("https://identifiers.org/hgnc:4392", "HGNC:4392"),
        ("http://identifiers.org/hgnc/HGNC:4392", "HGNC:4392"),
        ("http://purl.obolibrary.org/obo/DOID_182", "DOID:182"),
        ("http://purl.obolibrary.org/obo/doid#x", "obo:doid#x"),
        ("https://example.org/DOID_182", "https://example.org/DOID_182"),
        ("_:b1", "_:b1"),
        ("urn:x:1", "urn:x:1"),
    ],
)
def test_spellings(written: str, wanted: str) -> None:
    assert normal(written) == wanted
