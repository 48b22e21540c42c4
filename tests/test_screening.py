"""The safety of anybody's query: what it may not say, and what only looks like it."""

import pyoxigraph as ox
import pytest

from calcinosis_kg import queries
from calcinosis_kg.errors import QueryError


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * { ?s ?p ?o.service<http://127.0.0.1:1/>{ ?s ?p ?o } }", "SERVICE"),
        ("SELECT * { SERVICE SILENT ?x { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }", "FROM"),
        ("SELECT * # a comment\nfrom named <http://127.0.0.1:1/> { ?s ?p ?o }", "FROM"),
        ("LOAD <file:///etc/hostname>", "LOAD"),
        ("INSERT DATA { <a:a> <a:a> <a:a> }", "INSERT"),
        ("CLEAR ALL", "CLEAR"),
        ("ASK { ?s ?p '''x''' } #'\nSELECT * FROM <http://127.0.0.1:1/> {}", "FROM"),
    ],
)
def test_query_that_reads_files_or_the_network_is_refused(text: str, word: str, quads: list[ox.Quad]) -> None:
    with pytest.raises(QueryError, match=f"{word} is not allowed"):
        queries.ask(quads, queries.parse("mine.rq", text), None, {})


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service ?from { ?service ?from ?load }",
        "SELECT * { ?s ?p 'SERVICE <http://x/>' }",
        'SELECT * { ?s ?p """FROM <x:y>""" }',
        "SELECT * { ?s ?p ?o } # FROM <file:///etc/hostname>",
        "SELECT * { ?s <http://example.org/LOAD> ?o }",
        "PREFIX ex: <http://example.org/> SELECT * { ?s ex:SERVICE ex:FROM }",
        "PREFIX from: <http://example.org/> SELECT * { ?s from:x ?o }",
    ],
)
def test_a_word_that_only_looks_unsafe_is_no_matter(text: str, quads: list[ox.Quad]) -> None:
    queries.ask(quads[:10], queries.parse("mine.rq", text), "all", {})


@pytest.mark.parametrize("escaped", [r"SERV\u0049CE", r"\u0053ERVICE", r"F\u0052OM"])
def test_escaped_keyword_does_not_get_through(escaped: str, quads: list[ox.Quad]) -> None:
    text = f"SELECT * {{ {escaped} <http://127.0.0.1:1/> {{}} }}"
    with pytest.raises(QueryError):
        queries.ask(quads[:10], queries.parse("mine.rq", text), "all", {})
