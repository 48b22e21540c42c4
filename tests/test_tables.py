"""Answers: every way to show or hand them on keeps every cell."""

import csv
import io
import json
import math
import sys
import xml.etree.ElementTree as ET

import pandas as pd
import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinosis_kg import queries
from calcinosis_kg.errors import CalcinosisKGError, MissingExtraError
from calcinosis_kg.sheets import iri
from calcinosis_kg.tables import Cell, Table

XSD = "http://www.w3.org/2001/XMLSchema#"


def typed(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


MIXED = Table(
    ("drug", "label", "n", "share", "yes"),
    (
        (iri("CHEBI:10033"), ox.Literal("x", language="en"), typed("7", "integer"), typed("1.50", "decimal"), None),
        (ox.BlankNode("b0"), ox.Literal('a "b",\n\tc\\d'), None, typed("2", "double"), typed("true", "boolean")),
        (None, None, typed("-3", "long"), None, typed("0", "boolean")),
    ),
)
TEXTS = st.one_of(st.text(max_size=8), st.text("\"'\\,;\n\r\t?<>&| \u0085\u2028é", max_size=6))
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.sampled_from([iri("DOID:182"), ox.NamedNode("urn:x:,'é"), ox.BlankNode("b1")]),
    TEXTS.map(ox.Literal),
    TEXTS.map(lambda text: ox.Literal(text, language="en")),
    st.builds(typed, TEXTS, st.sampled_from(["integer", "decimal", "boolean", "double", "date"])),
)
TABLES = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*[CELLS] * width), max_size=4).map(
        lambda rows: Table(tuple("abc"[:width]), tuple(rows))
    )
)


def read(content: str, form: ox.QueryResultsFormat) -> Table:
    found = ox.parse_query_results(content.encode(), format=form)
    assert isinstance(found, ox.QuerySolutions)
    names = tuple(variable.value for variable in found.variables)
    rows = []
    for row in found:
        cells = tuple(row[name] for name in names)
        assert not any(isinstance(cell, ox.Triple) for cell in cells)
        rows.append(tuple(cell for cell in cells if not isinstance(cell, ox.Triple)))
    return Table(names, tuple(rows))


# ---- standard formats ----


@settings(deadline=None, max_examples=150)
@given(TABLES)
def test_any_table_is_read_back_from_tsv_and_json(table: Table) -> None:
    assert read(table.to_tsv(), ox.QueryResultsFormat.TSV) == table
    assert read(table.to_json(), ox.QueryResultsFormat.JSON) == table
    assert table.to_tsv().count("\n") == len(table) + 1


@settings(deadline=None, max_examples=100)
@given(TABLES)
def test_any_table_is_read_back_from_csv(table: Table) -> None:
    rows = list(csv.reader(io.StringIO(table.to_csv(), newline="")))
    assert rows[0] == list(table.columns)
    for found, row in zip(rows[1:], table.cells, strict=True):
        blank = [str(cell) if isinstance(cell, ox.BlankNode) else cell.value if cell else "" for cell in row]
        assert found == blank


def test_a_table_is_read_back_from_xml() -> None:
    found = MIXED.to_xml()
    assert read(found, ox.QueryResultsFormat.XML) == MIXED
    assert ET.fromstring(found).tag == "{http://www.w3.org/2005/sparql-results#}sparql"  # noqa: S314 - our own


def test_a_carriage_return_survives_xml() -> None:
    table = Table(("a",), ((ox.Literal("one\r\ntwo"),),))
    (literal,) = ET.fromstring(table.to_xml()).iter("{http://www.w3.org/2005/sparql-results#}literal")  # noqa: S314 - our own
    assert literal.text == "one\r\ntwo"


def test_json_is_that_of_sparql() -> None:
    found = json.loads(MIXED.to_json())
    assert found["head"] == {"vars": ["drug", "label", "n", "share", "yes"]}
    first, second, third = found["results"]["bindings"]
    assert first["label"] == {"type": "literal", "value": "x", "xml:lang": "en"}
    assert "yes" not in first
    assert second["drug"] == {"type": "bnode", "value": "b0"}
    assert third == {
        "n": {"type": "literal", "value": "-3", "datatype": XSD + "long"},
        "yes": {"type": "literal", "value": "0", "datatype": XSD + "boolean"},
    }


def test_csv_has_plain_values() -> None:
    assert MIXED.to_csv().splitlines()[0] == "drug,label,n,share,yes"
    assert list(csv.reader(io.StringIO(MIXED.to_csv(), newline="")))[1:] == [
        ["http://purl.obolibrary.org/obo/CHEBI_10033", "x", "7", "1.50", ""],
        ["_:b0", 'a "b",\n\tc\\d', "", "2", "true"],
        ["", "", "-3", "", "0"],
    ]


def test_an_empty_answer_is_a_head_alone() -> None:
    table = Table(("drug", "label"), ())
    assert (table.to_csv(), table.to_tsv()) == ("drug,label\n", "?drug\t?label\n")
    assert table.to_text() == "drug  label\n----  -----"
    assert json.loads(table.to_json())["results"]["bindings"] == []
    assert read(table.to_xml(), ox.QueryResultsFormat.XML) == table
    assert (len(table), list(table), table.rows) == (0, [], [])
    assert table.to_pandas().shape == table.to_polars().shape == (0, 2)


@pytest.mark.parametrize("text", ["ASK { ?s ?p ?o }", "ASK { ?s <urn:none> ?o }"])
def test_yes_and_no_are_booleans(text: str, quads: list[ox.Quad]) -> None:
    table = queries.ask(quads, queries.parse("mine.rq", text), None, {})
    answer = "none" not in text
    assert table == Table(("answer",), ((typed(str(answer).lower(), "boolean"),),))
    assert table.rows == [(answer,)]
    assert table.to_csv() == f"answer\n{str(answer).lower()}\n"


# ---- Python ----


def test_rows_are_python_values() -> None:
    assert MIXED.rows == [
        ("http://purl.obolibrary.org/obo/CHEBI_10033", "x", 7, 1.5, None),
        ("_:b0", 'a "b",\n\tc\\d', None, 2.0, True),
        (None, None, -3, None, False),
    ]
    assert [type(value) for value in MIXED.rows[1]] == [str, str, type(None), float, bool]
    assert list(MIXED) == MIXED.rows
    assert len(MIXED) == 3


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (typed("abc", "integer"), "abc"),
        (typed("1.0", "integer"), "1.0"),
        (typed("maybe", "boolean"), "maybe"),
        (typed("1", "boolean"), True),
        (typed("9" * 30, "integer"), int("9" * 30)),
        (typed("INF", "double"), math.inf),
        (typed("1e3", "float"), 1000.0),
        (typed("5", "nonNegativeInteger"), 5),
        (typed("2026-01-01", "date"), "2026-01-01"),
        (ox.Literal("5"), "5"),
        (ox.Literal("5", datatype=ox.NamedNode("urn:x#boolean")), "5"),
    ],
)
def test_a_number_is_a_number_and_an_ill_typed_one_is_text(cell: ox.Literal, value: object) -> None:
    ((found,),) = Table(("a",), ((cell,),)).rows
    assert found == value
    assert type(found) is type(value)


def test_pandas_columns_have_their_types() -> None:
    frame = MIXED.to_pandas()
    assert list(frame.columns) == list(MIXED.columns)
    assert [str(frame[name].dtype) for name in ("n", "share", "yes")] == ["Int64", "float64", "boolean"]
    assert frame["n"].sum() == 4
    assert bool(frame["yes"].isna()[0])
    whole = Table(("n", "yes"), ((typed("1", "integer"), typed("true", "boolean")),)).to_pandas()
    assert [str(dtype) for dtype in whole.dtypes] == ["int64", "bool"]
    big = Table(("n",), ((typed("9" * 30, "integer"),), (None,))).to_pandas()
    assert big["n"][0] == int("9" * 30)
    assert isinstance(frame, pd.DataFrame)


def test_polars_columns_have_their_types() -> None:
    frame = MIXED.to_polars()
    assert frame.columns == list(MIXED.columns)
    assert frame.dtypes == [pl.String, pl.String, pl.Int64, pl.Float64, pl.Boolean]
    assert frame["n"].to_list() == [7, None, -3]
    mixed = Table(("a",), ((typed("1", "integer"),), (ox.Literal("x"),))).to_polars()
    assert mixed["a"].to_list() == ["1", "x"]


@pytest.mark.parametrize(("library", "method"), [("pandas", "to_pandas"), ("polars", "to_polars")])
def test_a_missing_library_says_the_pip_line(library: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError) as caught:
        getattr(MIXED, method)()
    assert str(caught.value) == f"{library} is not installed. Run: pip install 'calcinosis-kg[dataframes]'"
    assert isinstance(caught.value, ImportError)
    assert isinstance(caught.value, CalcinosisKGError)


# ---- for people ----


def test_text_is_aligned_and_short() -> None:
    assert MIXED.to_text().splitlines() == [
        "drug         label       n   share  yes",
        "-----------  ----------  --  -----  ----",
        "CHEBI:10033  x           7   1.50",
        '_:b0         a "b", c\\d      2      true',
        "                         -3         0",
    ]


def test_html_is_escaped_and_links_to_the_web_alone() -> None:
    table = Table(
        ("<a>",),
        (
            (ox.Literal("<script>alert('&')</script>"),),
            (ox.NamedNode("http://example.org/?a=1&b='"),),
            (ox.NamedNode("javascript:alert(1)"),),
            (iri("DOID:182"),),
            (None,),
        ),
    )
    found = table._repr_html_()
    assert "<script>" not in found
    assert "<th>&lt;a&gt;</th>" in found
    assert "<td>&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;</td>" in found
    assert '<a href="http://example.org/?a=1&amp;b=&#x27;">http://example.org/?a=1&amp;b=&#x27;</a>' in found
    assert "<td>javascript:alert(1)</td>" in found
    assert '<td><a href="http://purl.obolibrary.org/obo/DOID_182">DOID:182</a></td>' in found
    assert found.endswith("<tr><td></td></tr></tbody></table>")
    assert ET.fromstring(found).tag == "table"  # noqa: S314 - our own
