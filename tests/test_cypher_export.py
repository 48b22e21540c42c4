"""Cypher, run in an embedded engine: every claim arrives, and nothing denied or refuted is a relationship."""

import csv
import io
from typing import Any

import ladybug
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinosis_kg import shipped
from calcinosis_kg.interchange import contents, cypher, restored, rows
from calcinosis_kg.interchange.associations import Contents
from given_contents import CONTENTS

ANYTHING = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"))


class Engine:
    """A database in memory that ran the two scripts."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._connection = ladybug.Connection(ladybug.Database(":memory:"))
        for name in ("_schema.cypher", ".cypher"):
            for line in files[name].decode().split("\n"):
                if line:
                    self._connection.execute(line)

    def ask(self, query: str) -> list[list[Any]]:
        answer: Any = self._connection.execute(query)
        found: list[list[Any]] = []
        while answer.has_next():
            found.append(answer.get_next())
        return sorted(found, key=str)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return cypher.write(shipped.quads())


@pytest.fixture(scope="module")
def engine(files: dict[str, bytes]) -> Engine:
    return Engine(files)


@pytest.fixture(scope="module")
def bare() -> Any:  # noqa: ANN401 - ladybug has no types
    return ladybug.Connection(ladybug.Database(":memory:"))


@settings(max_examples=300)
@given(text=ANYTHING, several=st.lists(ANYTHING.filter(bool), min_size=1, max_size=3))
def test_texts_arrive_as_they_are(bare: Any, text: str, several: list[str]) -> None:  # noqa: ANN401 - as above
    line = f"RETURN {cypher.literal(text)}, {cypher.literal(several)};"
    assert not set("\n\r\t") & set(line)
    assert bare.execute(line).get_next() == [text, several]


@settings(max_examples=20)
@given(CONTENTS)
def test_claims_arrive_with_status_and_polarity(found: Contents) -> None:
    engine = Engine(cypher.write(list(restored.quads(found))))
    told = engine.ask(
        "MATCH (s:Entity)<-[:SUBJECT]-(c:Claim)-[:OBJECT]->(o:Entity) "
        "RETURN c.claim, s.id, o.id, c.claim_status, c.negated, c.name, c.note, c.hedge_cues"
    )
    wanted = [
        [
            *(one.id, one.subject, one.object, one.status, one.negated, one.label, one.note or None),
            [cue for cue, _ in one.hedges] or None,
        ]
        for one in found.associations
    ]
    assert told == sorted(wanted, key=str)
    edges = engine.ask("MATCH (:Entity)-[r:ASSOCIATION]->(:Entity) RETURN r.claim")
    assert edges == sorted([row["claim"]] for row in rows.edges(found) if rows.asserted(row))
    names = engine.ask("MATCH (e:Entity) RETURN e.id, e.name, e.description")
    assert names == sorted(([e.id, e.label or None, e.definition or None] for e in found.entities), key=str)


def test_the_shipped_graph_is_whole(engine: Engine) -> None:
    assert engine.ask("MATCH (e:Entity) RETURN count(*)") == [[263]]
    assert engine.ask("MATCH (c:Claim) RETURN count(*)") == [[390]]
    assert engine.ask("MATCH (:Entity)-[r]->(:Entity) RETURN label(r), count(*)") == [["ASSOCIATION", 354]]


def test_no_relationship_rests_on_what_is_denied_or_refuted(engine: Engine) -> None:
    assert engine.ask("MATCH ()-[r:ASSOCIATION]->() WHERE r.negated RETURN r.claim") == []
    assert engine.ask("MATCH ()-[r:ASSOCIATION]->() RETURN DISTINCT r.claim_status") == [
        ["accepted"],
        ["contested"],
        ["reported"],
    ]
    warfarin = "{id: 'CHEBI:10033'}"
    assert engine.ask(f"MATCH (:Entity {warfarin})-[r]->(:Entity {{id: 'CKG:0000021'}}) RETURN r.claim") == []
    assert engine.ask(
        f"MATCH (c:Claim)-[:SUBJECT]->(:Entity {warfarin}) WHERE c.claim_status = 'refuted' RETURN c.claim, c.modality"
    ) == [["CKG-C217", "asserted"], ["CKG-C256", "asserted"], ["CKG-C258", "hedged"]]


def test_a_statement_stands_in_one_line(files: dict[str, bytes]) -> None:
    lines = files[".cypher"].decode().split("\n")
    assert lines.pop() == ""
    assert {line.partition(" ")[0] for line in lines} == {"CREATE", "MATCH"}
    assert len(lines) == 263 + 3 * 390 + 354


def test_csv_says_the_same(files: dict[str, bytes]) -> None:
    found = contents.of(shipped.quads())
    for name, wanted in (("_entities.csv", 263), ("_associations.csv", 354), ("_claims.csv", 390)):
        read = list(csv.DictReader(io.StringIO(files[name].decode(), newline="")))
        assert len(read) == wanted
    labels = {row["claim"]: row["name"] for row in read}
    assert labels == {claim.id: claim.label for claim in found.associations}
    assert {row["negated"] for row in read} == {"true", "false"}


@settings(max_examples=40)
@given(CONTENTS)
def test_csv_keeps_quotes_commas_and_line_ends(found: Contents) -> None:
    content = cypher.write(list(restored.quads(found)))["_claims.csv"].decode()
    read = {row["claim"]: (row["name"], row["note"]) for row in csv.DictReader(io.StringIO(content, newline=""))}
    assert read == {claim.id: (claim.label, claim.note) for claim in found.associations}
