"""Columns of cells, all at once, are what each cell would be on its own."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from calcinosis_kg.merging import records
from calcinosis_kg.merging.readers_cells import (
    Origin,
    curie,
    distinct,
    identified,
    joined,
    json_objects,
    negation,
    repeated,
    truth,
)
from calcinosis_kg.merging.readers_streams import Fault

TEXT = st.one_of(
    st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=8),
    st.sampled_from(["", "a", "a|b", "b|a", "a|a", "|", "a||b", "a|b|a", "50%", "%7C|x"]),
    st.sampled_from(['say "hi"', "\\", "\n\t\x1f\x7f", "X:1"]),
)  # fmt: skip
COLUMN = st.lists(TEXT, max_size=12)


@given(values=COLUMN)
def test_lists_are_joined_as_records_join_them(values: list[str]) -> None:
    expected = [records.join(value.split("|")) for value in values]
    assert joined(pl.Series(values, dtype=pl.String)).to_list() == expected


@given(rows=st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=8))
def test_objects_are_written_as_records_write_them(rows: list[tuple[str, str, str]]) -> None:
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String, "c": pl.String}, orient="row")
    keys = {'key "b"': "b", "a": "a", "é": "c"}
    made = json_objects(frame, keys)
    found = [made] * len(rows) if isinstance(made, str) else made.to_list()
    assert found == [records.canonical({key: row["abc".index(name)] for key, name in keys.items()}) for row in rows]


@given(values=COLUMN)
def test_identifiers_are_told_alike(values: list[str]) -> None:
    assert identified(pl.Series(values, dtype=pl.String)).to_list() == [curie(value) for value in values]


@given(values=st.lists(st.one_of(TEXT, st.sampled_from(["True", "no", "NOT", " false "])), max_size=8))
def test_truths_are_told_alike(values: list[str]) -> None:
    assert negation(pl.Series(values, dtype=pl.String)).to_list() == [truth(value) for value in values]


@given(values=COLUMN)
def test_different_texts_are_changed_each_once(values: list[str]) -> None:
    assert distinct(pl.Series(values, dtype=pl.String), str.upper).to_list() == [value.upper() for value in values]


@given(text=TEXT, length=st.integers(0, 5))
def test_a_text_is_repeated(text: str, length: int) -> None:
    made = repeated(text, length)
    made.validate(full=True)
    assert made.to_pylist() == [text] * length


def test_a_long_row_is_shortened_in_quarantine() -> None:
    batch = Origin("a", "a.tsv").faults([Fault(1, "is long", "x" * 200_000)])
    assert len(batch.table["text"][0].as_py()) < 100_100
