"""What differs between two releases: nothing between one and itself, and each kind of change by its name."""

import dataclasses
import json
import random
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinosis_kg.claims import STATUSES
from calcinosis_kg.interchange import restored
from calcinosis_kg.interchange.associations import Association, Contents
from calcinosis_kg.releases import changes, differences, headers
from calcinosis_kg.releases.descriptions import Release
from calcinosis_kg.releases.differences import Change, compare
from calcinosis_kg.sheets import Value, iri, text
from given_contents import CONTENTS

RELEASE = Release("2027-02-01", "2026-11-23")
TBOX, MAPPINGS = iri("graph:tbox"), iri("graph:mappings")
TERM = iri("CKG:0000001")


def rdf(contents: Contents) -> list[ox.Quad]:
    """Contents as a dataset."""
    return list(restored.quads(contents))


def told(found: differences.Differences) -> set[tuple[str, ...]]:
    """The changes without their values."""
    return {(change.about, change.id, change.kind, change.field) for change in found.changes}


@settings(max_examples=30)
@given(CONTENTS)
def test_nothing_differs_from_itself(contents: Contents) -> None:
    quads = rdf(contents)
    again = quads[::-1]
    assert not compare(quads, again)
    assert "None but the version." in changes.page(RELEASE, compare(quads, again)).decode()


@settings(max_examples=30)
@given(CONTENTS, CONTENTS)
def test_the_other_way_round_everything_is_turned_round(one: Contents, other: Contents) -> None:
    there, back = compare(rdf(one), rdf(other)), compare(rdf(other), rdf(one))
    turned = {"added": "removed", "removed": "added", "obsoleted": "restored", "restored": "obsoleted"}
    sides = {(about, name, turned.get(kind, kind), field) for about, name, kind, field in told(there)}
    assert sides == told(back)
    assert there.statements == {graph: (added, removed) for graph, (removed, added) in back.statements.items()}
    assert bool(there) == bool(back)


@settings(max_examples=30)
@given(CONTENTS, st.data())
def test_every_field_of_a_claim_that_changes_is_named(contents: Contents, data: st.DataObject) -> None:
    claim = data.draw(st.sampled_from(contents.associations))
    key, value = data.draw(
        st.sampled_from(
            [("label", claim.label + " x"), ("negated", not claim.negated), ("note", claim.note + "x"),
             ("section", claim.section + "x"), ("rule", "other-rule"), ("searched", claim.searched + "x")]
        )
    )  # fmt: skip
    fields: dict[str, Any] = {key: value}
    changed = dataclasses.replace(claim, **fields)
    found = compare(rdf(contents), rdf(with_claim(contents, changed)))
    assert told(found) == {("claim", claim.id, "changed", key)}
    assert found.changes[0].after == str(value)


def with_claim(contents: Contents, changed: Association) -> Contents:
    """Contents in which a claim is another one."""
    claims = [changed if claim.id == changed.id else claim for claim in contents.associations]
    return Contents(contents.entities, tuple(claims))


@settings(max_examples=30)
@given(CONTENTS, st.data())
def test_a_new_status_is_a_new_judgement_with_rule_and_reason(contents: Contents, data: st.DataObject) -> None:
    claim = data.draw(st.sampled_from(contents.associations))
    status = data.draw(st.sampled_from([status for status in STATUSES if status != claim.status]))
    changed = dataclasses.replace(
        claim, status=status, rule="the-rule", status_reason="since", computed_status="reported"
    )
    (found,) = compare(rdf(contents), rdf(with_claim(contents, changed))).changes
    reason = "rule the-rule gives reported; since"
    assert found == Change("claim", claim.id, claim.label, "re-judged", "status", claim.status, status, reason)


@settings(max_examples=30)
@given(CONTENTS)
def test_claims_come_and_go_with_their_evidence(contents: Contents) -> None:
    claim = contents.associations[0]
    rest = Contents(contents.entities, contents.associations[1:])
    assert told(compare(rdf(rest), rdf(contents))) == {("claim", claim.id, "added", "")}
    gone = compare(rdf(contents), rdf(rest))
    assert [(change.kind, change.before) for change in gone.changes] == [("removed", claim.status)]
    for line in claim.evidence:
        fewer = dataclasses.replace(claim, evidence=tuple(other for other in claim.evidence if other != line))
        less = rdf(with_claim(contents, fewer))
        assert told(compare(less, rdf(contents))) == {("evidence", line.id, "added", "")}
        other = dataclasses.replace(line, direction="qualifies" if line.direction != "qualifies" else "supports")
        turned = dataclasses.replace(claim, evidence=tuple(other if each == line else each for each in claim.evidence))
        found = compare(rdf(contents), rdf(with_claim(contents, turned)))
        assert told(found) == {("evidence", line.id, "changed", "direction")}


def term(label: str = "invented", definition: str = "A thing.", *, deprecated: bool = False) -> list[ox.Quad]:
    """A term as the ontology has it."""
    facts: list[tuple[str, Value]] = [
        ("rdf:type", iri("owl:Class")),
        ("rdfs:label", text(label)),
        ("IAO:0000115", text(definition)),
    ]
    if deprecated:
        facts.append(("owl:deprecated", ox.Literal(True)))  # noqa: FBT003 - the literal is the value
    return [ox.Quad(TERM, iri(key), value, TBOX) for key, value in facts]


@pytest.mark.parametrize(
    ("before", "after", "kind", "values"),
    [
        ([], term(), "added", ("", "")),
        (term(), [], "removed", ("", "")),
        (term(), term("made up"), "relabelled", ("invented", "made up")),
        (term(), term(definition="Another."), "redefined", ("A thing.", "Another.")),
        (term(), term(deprecated=True), "obsoleted", ("", "")),
        (term(deprecated=True), term(), "restored", ("", "")),
    ],
)
def test_terms(before: list[ox.Quad], after: list[ox.Quad], kind: str, values: tuple[str, str]) -> None:
    (found,) = compare(before, after).changes
    assert (found.about, found.id, found.kind) == ("term", "CKG:0000001", kind)
    assert (found.before, found.after) == values


def mapping(target: str, comment: str = "", *, number: int = 1) -> list[ox.Quad]:
    """A mapping as the dataset has it."""
    node = iri(f"mapping:{number}")
    facts: list[tuple[str, Value]] = [
        ("rdf:type", iri("sssom:Mapping")),
        ("sssom:subject_id", TERM),
        ("sssom:predicate_id", iri("skos:exactMatch")),
        ("sssom:object_id", iri(target)),
        ("sssom:comment", text(comment)),
    ]
    return [ox.Quad(node, iri(key), value, MAPPINGS) for key, value in facts]


def test_mappings() -> None:
    one, other = mapping("MESH:D002114"), mapping("UMLS:C0006663")
    assert [(change.id, change.kind) for change in compare(one, other).changes] == [
        ("CKG:0000001 skos:exactMatch MESH:D002114", "removed"),
        ("CKG:0000001 skos:exactMatch UMLS:C0006663", "added"),
    ]
    (found,) = compare(one, mapping("MESH:D002114", "checked")).changes
    assert (found.kind, found.field, found.after) == ("changed", "sssom:comment", "checked")
    assert not compare(one, mapping("MESH:D002114", number=2)).changes, "the name of a row is nobody's concern"


def test_names_of_blank_nodes_do_not_matter() -> None:
    def axiom(name: str, filler: str) -> list[ox.Quad]:
        node = ox.BlankNode(name)
        return [
            ox.Quad(TERM, iri("rdfs:subClassOf"), node, TBOX),
            ox.Quad(node, iri("owl:someValuesFrom"), iri(filler), TBOX),
        ]

    assert not compare(axiom("a", "DOID:182"), axiom("b", "DOID:182"))
    found = compare(axiom("a", "DOID:182"), axiom("a", "DOID:418"))
    assert not found.changes
    assert found.statements == {"graph:tbox": (2, 2)}, "what no heading tells is counted all the same"


def test_the_shipped_dataset(quads: list[ox.Quad]) -> None:
    shuffled = list(quads)
    random.Random(1).shuffle(shuffled)  # noqa: S311 - any other order will do
    assert not compare(headers.dated(quads, "2026-12-01"), headers.dated(shuffled, "2027-01-01", "2026-12-01"))
    claim = iri("CKG-C217")
    status = iri("ckgv:claimStatus")
    judged = [
        ox.Quad(quad.subject, quad.predicate, iri("ckgv:contested"), quad.graph_name)
        if quad.subject == claim and quad.predicate == status
        else quad
        for quad in quads
    ]
    found = compare(judged, quads)
    assert [(change.id, change.before, change.after) for change in found.changes] == [
        ("CKG-C217", "contested", "refuted")
    ]
    page = changes.page(RELEASE, found).decode()
    assert "# Changes from 2026-11-23 to 2027-02-01\n\n## Claims\n\n1 re-judged.\n\n- **CKG-C217** " in page
    assert ": re-judged, contested → refuted (rule " in page
    content = json.loads(changes.table(RELEASE, found))
    assert content["counts"] == {"claim re-judged": 1}
    assert content["changes"][0]["before"] == "contested"
    assert content["statements"] == {"graph:claims": {"added": 1, "removed": 1}}
