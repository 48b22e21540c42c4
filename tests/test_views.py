"""Views: what a name lets through, and that it is the same whoever asks."""

import pyoxigraph as ox
import pytest

from calcinosis_kg import queries, views
from calcinosis_kg.claims import SHORTCUT_STATUSES, STATUSES
from calcinosis_kg.errors import QueryError
from calcinosis_kg.sheets import iri

TERMS = {"tbox", "bridge", "imports", "mappings", "provenance"}
HELD = TERMS | {"claims", "evidence"}
SEEN: dict[str, set[str]] = {name: {name} for name in (*TERMS, "evidence")}
SEEN |= {status: HELD | {found for found in SHORTCUT_STATUSES if found == status} for status in STATUSES}
SEEN |= {"claims": HELD, "literature": TERMS | {"literature"}, "all": HELD | {"literature", *SHORTCUT_STATUSES}}


def graphs(quads: list[ox.Quad]) -> set[str]:
    names = {quad.graph_name for quad in quads}
    return {name.value.rsplit("/", 1)[-1] for name in names if isinstance(name, ox.NamedNode)}


def test_every_view_is_told_apart() -> None:
    assert set(SEEN) == set(views.VIEWS)
    assert all(views.VIEWS.values())
    assert next(iter(views.VIEWS)) == "accepted"


@pytest.mark.parametrize("view", views.VIEWS)
def test_a_view_sees_its_graphs(view: str, quads: list[ox.Quad]) -> None:
    assert graphs(views.select(quads, [view])) == SEEN[view]


def test_all_is_everything_in_the_order_given(quads: list[ox.Quad]) -> None:
    assert views.select(reversed(quads), ["all", "tbox"]) == list(reversed(quads))
    seen = views.select(quads, ["accepted"])
    kept = set(seen)
    assert seen == [quad for quad in quads if quad in kept]


def test_views_add_up(quads: list[ox.Quad]) -> None:
    apart = [set(views.select(quads, [status])) for status in STATUSES]
    of_document = {quad for quad in quads if quad.graph_name != iri("graph:literature")}
    assert set(views.select(quads, STATUSES)) == set().union(*apart) == of_document
    assert set(views.select(quads, ["claims"])) == {
        quad for quad in of_document if quad.graph_name not in {iri(f"graph:{status}") for status in STATUSES}
    }
    assert set(views.select(quads, [*STATUSES, "literature"])) == set(quads)
    both = set(views.select(quads, ["accepted", "refuted"]))
    assert both == apart[0] | apart[3]


def test_the_lines_of_evidence_of_a_status_are_not_widened(quads: list[ox.Quad]) -> None:
    """`evidence` alone has every line; beside a status it hands out no more than the status does."""
    lines = {quad for quad in quads if quad.graph_name == iri("graph:evidence")}
    assert set(views.select(quads, ["evidence"])) == lines
    assert views.select(quads, ["accepted", "evidence"]) == views.select(quads, ["accepted"])


def test_names_are_checked_before_anything_is_read() -> None:
    with pytest.raises(QueryError, match=r"unknown graph 'acepted'\. Use one of: accepted, "):
        views.select(iter([]), ["accepted", "acepted"])
    assert views.select([], []) == []


def test_plain_statuses() -> None:
    assert views.plain_statuses(["claims", "refuted", "tbox"]) == set()
    assert views.plain_statuses(["accepted", "reported"]) == {"accepted", "reported"}
    assert views.plain_statuses(["all"]) == set(SHORTCUT_STATUSES)


def test_graphs_that_are_not_ours_are_seen_by_all_alone() -> None:
    theirs = ox.Quad(iri("DOID:182"), iri("rdfs:label"), ox.Literal("x"), ox.NamedNode("http://example.org/g"))
    assert views.select([theirs], ["accepted"]) == views.select([theirs], ["claims"]) == []
    assert views.select([theirs], ["all"]) == [theirs]


def test_a_plain_graph_is_seen_by_every_view() -> None:
    theirs = ox.Quad(iri("DOID:182"), iri("rdfs:label"), ox.Literal("x"))
    for view in views.VIEWS:
        assert views.select([theirs], [view]) == [theirs]


def test_parts_that_claims_share_stay_with_the_one_that_is_kept() -> None:
    """Two claims of one proposition, one span and one reference; only the refuted one goes."""
    quads: list[ox.Quad] = []

    def say(subject: str, predicate: str, content: str, graph: str = "graph:claims") -> None:
        quads.append(ox.Quad(iri(subject), iri(predicate), iri(content), iri(graph)))

    for claim, status in (("CKG-C1", "accepted"), ("CKG-C2", "refuted")):
        say(claim, "ckgv:claimStatus", f"ckgv:{status}")
        say(claim, "ckgv:proposition", "prop:same")
        say(claim, "oa:hasTarget", "span:0-9")
        say(claim, "biolink:has_evidence", f"{claim}-ev0")
        say(claim, "ckgv:hedge", f"{claim}-hedge1")
        say(f"{claim}-hedge1", "rdf:type", "ckgv:Hedge")
        say(f"{claim}-ev0", "cito:citesAsEvidence", "PMID:1", "graph:evidence")
    say("CKG-C2-ev0", "cito:citesAsEvidence", "PMID:2", "graph:evidence")
    say("CKG-C1-ev0", "cito:citesAsEvidence", "CKG-C2", "graph:evidence")
    for shared in ("prop:same", "span:0-9"):
        say(shared, "rdf:type", "ckgv:Proposition")
    for reference in ("PMID:1", "PMID:2"):
        say(reference, "rdf:type", "ckgv:SourceDocument", "graph:evidence")
    kept = {quad.subject for quad in views.select(quads, ["accepted"])}
    assert kept == {iri(name) for name in ("CKG-C1", "CKG-C1-hedge1", "CKG-C1-ev0", "prop:same", "span:0-9", "PMID:1")}
    gone = {quad.subject for quad in views.select(quads, ["refuted"])}
    assert gone == {
        iri(name) for name in ("CKG-C2", "CKG-C2-hedge1", "CKG-C2-ev0", "prop:same", "span:0-9", "PMID:1", "PMID:2")
    }
    assert views.select(quads, ["claims"]) == quads


@pytest.mark.parametrize("status", STATUSES)
def test_a_query_sees_the_claims_of_the_view(status: str, quads: list[ox.Quad]) -> None:
    text = "SELECT ?s (COUNT(?claim) AS ?n) { ?claim ckgv:claimStatus ?s } GROUP BY ?s"
    table = queries.ask(quads, queries.parse("mine.rq", f"PREFIX ckgv: <{iri('ckgv:').value}>\n{text}"), status, {})
    counts = {"accepted": 142, "reported": 107, "contested": 30, "refuted": 8, "artefact": 18}
    assert table.rows == [(iri(f"ckgv:{status}").value, counts[status])]
