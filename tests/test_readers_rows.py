"""Rows of delimited text: each trap by name, nothing silent, and the fast way the same as the slow one."""

import bz2
import gzip
import itertools
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import readers, readers_kgx, readers_rows, readers_streams, records
from calcinosis_kg.merging.readers_cells import Origin
from calcinosis_kg.merging.readers_streams import NOTE, Stream

HEADER = b"id\tsubject\tpredicate\tobject\tnegated\tpublications\tcolour"
GOOD = b"e1\tX:1\tx:knows\tX:2\t\tPMID:2|PMID:1\tred"
CASES = {
    "truncated row": (b"e2\tX:1\tx:knows", "has 3 cells where the header has 7"),
    "extra column": (GOOD + b"\tmore", "has 8 cells where the header has 7"),
    "bad UTF-8": (GOOD + b"\xe9", "is not UTF-8 (byte 38)"),
    "empty subject": (b"e2\t\tx:knows\tX:2\t\t\t", "subject is empty"),
    "empty predicate": (b"e2\tX:1\t\tX:2\t\t\t", "predicate is empty"),
    "empty object": (b"e2\tX:1\tx:knows\t\t\t\t", "object is empty"),
    "blank subject": (b"e2\t \tx:knows\tX:2\t\t\t", "subject is empty"),
    "non-CURIE": (b"e2\tcalcinosis\tx:knows\tX:2\t\t\t", "subject 'calcinosis' is no CURIE"),
    "CURIE with a blank": (b"e2\tX:1 \tx:knows\tX:2\t\t\t", "subject 'X:1 ' is no CURIE"),
    "NUL": (b"e2\tX:1\tx:knows\tX:2\t\t\tre\0d", "holds a NUL character"),
    "lone CR": (b"e2\tX:1\tx:knows\tX:2\t\t\tre\rd", "holds a lone carriage return"),
    "open quote": (b'e2\tX:1\tx:knows\tX:2\t\t\t"red', "opens a quote that it does not close"),
    "blank line": (b"", "is blank"),
    "header again": (HEADER, "repeats the header"),
    "unknown truth": (b"e2\tX:1\tx:knows\tX:2\tperhaps\t\t", "negated is 'perhaps'"),
}


def write(path: Path, *lines: bytes, end: bytes = b"\n") -> Path:
    path.write_bytes(b"".join(line + end for line in lines))
    return path


def read(path: Path, **options: Any) -> dict[str, list[dict[str, Any]]]:  # noqa: ANN401 - whatever `read` takes
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in records.SCHEMAS}
    for batch in readers.read(path, **options):
        assert batch.table.schema == records.SCHEMAS[batch.kind]
        assert all(column.null_count == 0 for column in batch.table.columns)
        found[batch.kind] += batch.table.to_pylist()
    return found


def notes(found: dict[str, list[dict[str, Any]]]) -> list[str]:
    return [row["reason"].removeprefix(NOTE) for row in found["quarantine"] if row["reason"].startswith(NOTE)]


def faults(found: dict[str, list[dict[str, Any]]]) -> list[tuple[int, str]]:
    return [(row["line"], row["reason"]) for row in found["quarantine"] if not row["reason"].startswith(NOTE)]


@pytest.mark.parametrize("name", CASES)
def test_a_bad_row_costs_itself_alone(name: str, tmp_path: Path) -> None:
    bad, reason = CASES[name]
    path = write(tmp_path / "a_edges.tsv", HEADER, GOOD, bad, GOOD)
    found = read(path)
    assert [row["line"] for row in found["edges"]] == [2, 4]
    ((line, why),) = faults(found)
    assert (line, why.startswith(reason)) == (3, True), why
    assert found["quarantine"][0]["text"] == bad.decode("utf-8", "backslashreplace")


@pytest.mark.parametrize("name", CASES)
def test_strict_tells_file_line_and_remedy(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a_edges.tsv", HEADER, GOOD, CASES[name][0])
    with pytest.raises(InputError) as caught:
        read(path, strict=True)
    assert str(caught.value).startswith(f"{path}:3: {CASES[name][1]}")
    assert caught.value.remedy


def test_a_good_edge_has_all_its_cells(tmp_path: Path) -> None:
    path = write(tmp_path / "a_edges.tsv", HEADER, GOOD, b"e2\tX:1\tx:knows\tX:2\tTrue\t\t")
    first, second = read(path)["edges"]
    assert first == {
        "source": "a_edges", "file": "a_edges.tsv", "line": 2, "subject": "X:1", "predicate": "x:knows",
        "object": "X:2",
        "negated": False, "qualifiers": "", "standing": "", "publications": "PMID:1|PMID:2", "evidence_codes": "",
        "knowledge_source": "", "curator": "", "frequency": "", "record_id": "e1", "rest": '{"colour":"red"}',
    }  # fmt: skip
    assert (second["negated"], second["rest"]) == (True, "")


@pytest.mark.parametrize("spelt", ["True", "true", "TRUE", "t", "1", "yes", "Y", "NOT", "1.0"])
def test_a_negation_is_understood_however_it_is_spelt(spelt: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.tsv", HEADER, b"e2\tX:1\tx:knows\tX:2\t" + spelt.encode() + b"\t\t")
    assert read(path)["edges"][0]["negated"] is True


@pytest.mark.parametrize("name", ["Negated", "biolink:negated", " NEGATED"])
def test_the_column_of_negations_is_found_however_it_is_spelt(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.tsv", b"subject\tpredicate\tobject\t" + name.encode(), b"X:1\tx:knows\tX:2\ttrue")
    assert read(path)["edges"][0]["negated"] is True


def test_two_columns_of_negations_must_agree(tmp_path: Path) -> None:
    head = b"subject\tpredicate\tobject\tnegated\tbiolink:negated"
    path = write(tmp_path / "a.tsv", head, b"X:1\tx:knows\tX:2\ttrue\ttrue", b"X:1\tx:knows\tX:2\tfalse\ttrue")
    found = read(path)
    assert [row["negated"] for row in found["edges"]] == [True]
    assert faults(found)[0][0] == 3


def test_a_repeated_column_is_reported_and_its_cells_are_kept(tmp_path: Path) -> None:
    head = b"subject\tpredicate\tobject\tnote\tnote\tsubject"
    path = write(tmp_path / "a.tsv", head, b"X:1\tx:knows\tX:2\ta\tb\tX:1", b"X:1\tx:knows\tX:2\ta\tb\tX:9")
    found = read(path)
    assert [row["rest"] for row in found["edges"]] == ['{"note":"a","note (2)":"b"}']
    assert faults(found)[0][1].startswith("two columns are named subject and say 'X:1' and 'X:9'")
    assert notes(found) == ["the header repeats the columns note, subject"]


def test_a_byte_order_mark_is_left_out_and_noted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tsv", b"\xef\xbb\xbf" + HEADER, GOOD)
    found = read(path)
    assert len(found["edges"]) == 1
    assert notes(found) == ["starts with a byte order mark, which was left out"]


def test_line_ends_of_windows_are_noted_and_count_as_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tsv", HEADER, GOOD, b"", GOOD, end=b"\r\n")
    found = read(path)
    assert [row["line"] for row in found["edges"]] == [2, 4]
    assert found["edges"][0]["rest"] == '{"colour":"red"}'
    assert notes(found) == ["4 lines end in CR LF; they were read as if in LF"]
    assert [line for line, _ in faults(found)] == [3]


def test_a_carriage_return_between_blocks_is_no_lone_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.tsv", HEADER, GOOD, GOOD, end=b"\r\n")
    for size in range(1, 60):
        monkeypatch.setattr(readers_streams, "BLOCK", size)
        found = read(path)
        assert [row["line"] for row in found["edges"]] == [2, 3], size
        assert len(notes(found)) == 1


def test_quotes_are_taken_off_where_they_enclose_a_cell(tmp_path: Path) -> None:
    rows = [b'"say ""hi"", or"', b'"A" antigen', b'5" tube', b'"a\tb"']
    path = write(tmp_path / "a.tsv", HEADER, *(GOOD.removesuffix(b"red") + row for row in rows))
    found = read(path)
    assert [row["rest"] for row in found["edges"]] == [
        '{"colour":"say \\"hi\\", or"}', '{"colour":"\\"A\\" antigen"}', '{"colour":"5\\" tube"}', '{"colour":"a\\tb"}',
    ]  # fmt: skip
    assert not found["quarantine"]


def test_what_could_be_read_of_a_truncated_archive_is_kept(tmp_path: Path) -> None:
    whole = gzip.compress(b"\n".join([HEADER, *(GOOD + str(n).encode() * 50 for n in range(2000))]) + b"\n", mtime=0)
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    found = read(path)
    lines = sorted(row["line"] for row in found["edges"])
    assert lines == list(range(2, lines[-1] + 1))
    assert any("breaks off" in note for note in notes(found))
    assert [line for line, _ in faults(found)] == [lines[-1] + 1]
    with pytest.raises(InputError, match="breaks off"):
        read(path, strict=True)


@pytest.mark.parametrize("place", ["middle", "checksum"])
def test_a_broken_archive_is_told_and_what_came_before_is_kept(place: str, tmp_path: Path) -> None:
    rows = [HEADER, *(GOOD + str(number).encode() for number in range(5000))]
    packer = zlib.compressobj(wbits=31)
    start = packer.compress(b"\n".join(rows) + b"\n") + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.flush()
    path = tmp_path / "a.tsv.gz"
    # Three bits of ones begin a last block of a type that there is none of.
    path.write_bytes(start + b"\xff" * 50 if place == "middle" else start + end[:-8] + bytes(8))
    found = read(path)
    assert len(found["edges"]) == 5000
    assert any("is broken" in note for note in notes(found))
    assert not faults(found)


def test_packed_files_are_read_whatever_they_are_called(tmp_path: Path) -> None:
    content = b"\n".join([HEADER, GOOD]) + b"\n"
    packed = {"gz": gzip.compress(content), "bz2": bz2.compress(content), "zst": zstandard.compress(content)}
    for ending, data in packed.items():
        path = tmp_path / f"a.tsv.{ending}"
        path.write_bytes(data)
        found = read(path)
        assert (len(found["edges"]), found["quarantine"]) == (1, [])
        other = tmp_path / f"{ending}.tsv"
        other.write_bytes(data)
        assert "which its name does not say" in notes(read(other))[0]
    joined = tmp_path / "two.tsv.gz"
    joined.write_bytes(gzip.compress(HEADER + b"\n") + gzip.compress(GOOD + b"\n"))
    assert len(read(joined)["edges"]) == 1
    plain = write(tmp_path / "plain.tsv.gz", HEADER, GOOD)
    assert notes(read(plain)) == ["is named as if packed with gzip, and is plain"]


def test_a_line_without_end_is_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers_streams, "BLOCK", 100)
    monkeypatch.setattr(readers_streams, "LONGEST", 1000)
    path = write(tmp_path / "a.tsv", HEADER, GOOD, b"x" * 5000, GOOD)
    found = read(path)
    assert [row["line"] for row in found["edges"]] == [2, 4]
    assert [line for line, _ in faults(found)] == [3]
    assert "so it is no row" in notes(found)[0]


def test_an_empty_file_and_one_without_rows_are_told(tmp_path: Path) -> None:
    assert notes(read(write(tmp_path / "empty.tsv"))) == ["is empty"]
    assert read(write(tmp_path / "a.tsv", HEADER)) == {kind: [] for kind in records.SCHEMAS}


def test_a_table_of_unknown_columns_asks_for_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.tsv:1: is a table of unknown columns: one, two\. Give a column mapping"):
        read(write(tmp_path / "a.tsv", b"one\ttwo", b"1\t2"))


def test_a_header_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.tsv:1: the header opens a quote"):
        read(write(tmp_path / "a.tsv", b'"subject\tpredicate\tobject', GOOD))


# --- laws --------------------------------------------------------------------------------

CELLS = st.one_of(
    st.sampled_from(
        [
            "X:1",
            "X:2",
            "x:knows",
            "",
            "true",
            "no",
            "a|b|a",
            "50%",
            'a "b"',
            '"q"',
            '"open',
            "é",
            "\\n",
            "\x1f",
            "\u2028",
        ]
    ),
    st.text(alphabet=st.characters(blacklist_characters="\n\t\r\0", blacklist_categories=["Cs"]), max_size=5),
)
PLANTED = st.one_of(
    st.lists(CELLS, min_size=7, max_size=7).map(lambda cells: "\t".join(cells).encode()),
    st.sampled_from([GOOD, GOOD, GOOD, *(bad for bad, _ in CASES.values())]),
    st.binary(max_size=12).filter(lambda raw: not set(raw) & set(b"\n\r")),
)


def batches(path: Path, way: Any) -> Iterator[records.Batch]:  # noqa: ANN401 - one of two functions
    stream = Stream(path)
    blocks = stream.lines()
    first, block = next(blocks)
    end = block.index(b"\n") + 1
    head = readers_rows.header(block[:end], first, "a")
    columns = readers_kgx.edge_columns(head)
    assert columns
    origin = Origin("a", "a.tsv")
    for part in way(stream, itertools.chain([(2, block[end:])], blocks), head):
        yield from readers_kgx.batches(part, columns, head, origin, stream.faults)
    yield origin.faults(stream.faults)


def table(found: Iterable[records.Batch]) -> dict[str, list[tuple[Any, ...]]]:
    rows: dict[str, list[tuple[Any, ...]]] = {"edges": [], "quarantine": []}
    for batch in found:
        rows[batch.kind] += [tuple(row.values()) for row in batch.table.to_pylist()]
    return {kind: sorted(values) for kind, values in rows.items()}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(PLANTED, max_size=25), size=st.sampled_from([40, 200, 1 << 20]))
def test_rows_in_are_records_and_quarantine_out_and_both_ways_agree(
    lines: list[bytes], size: int, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.tsv", HEADER, *lines)
    old, readers_streams.BLOCK = readers_streams.BLOCK, size
    try:
        fast = table(batches(path, readers_rows.rows))
        slow = table(batches(path, readers_rows.slow_rows))
    finally:
        readers_streams.BLOCK = old
    assert fast == slow
    seen = sorted(row[2] for rows in fast.values() for row in rows)
    assert seen == list(range(2, len(lines) + 2))


def test_clean_rows_go_the_fast_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the comparison of the two ways would compare one with itself."""
    monkeypatch.setattr(readers_rows, "parsed", None)
    path = write(tmp_path / "a.tsv", HEADER, *([GOOD] * 100))
    stream = Stream(path)
    head = readers_rows.Header(tuple(HEADER.decode().split("\t")), 1, "\t", tuple(HEADER.decode().split("\t")))
    (part,) = readers_rows.rows(stream, stream.lines(), head)
    assert part.frame.height == 101
    assert not part.raw
