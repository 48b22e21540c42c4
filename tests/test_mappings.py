"""The mapping set as people get it wrong, and that a good one is read as it is written."""

from pathlib import Path

import pytest

from calcinosis_kg import mappings
from calcinosis_kg.errors import CalcinosisKGError, InputError, SourceError

NAME = "ontology/mappings.sssom.tsv"
HEAD = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
ROW = "DOID:182\tskos:exactMatch\tMONDO:0018891\tsemapv:ManualMappingCuration"


def read(folder: Path, content: str | bytes) -> list[mappings.Mapping]:
    path = folder / "mappings.sssom.tsv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return mappings.read(path)


def test_good_rows_are_read_in_order(tmp_path: Path) -> None:
    head = f"# a: b\n#   c: d\n{HEAD}\tpredicate_modifier\tcomment\tobject_source"
    first, second = read(tmp_path, f'{head}\n{ROW}\tNot\ta "quoted" word\tx\n\n{ROW}\t\t\t\n')
    assert first == mappings.Mapping(
        "DOID:182",
        "skos:exactMatch",
        "MONDO:0018891",
        "semapv:ManualMappingCuration",
        negated=True,
        comment='a "quoted" word',
    )
    assert not second.negated


@pytest.mark.parametrize("content", [f"\ufeff{HEAD}\n{ROW}\n", f"# x\r\n{HEAD}\r\n{ROW}\r\n", f"{HEAD}\n{ROW}"])
def test_byte_order_mark_and_line_ends_are_no_matter(content: str, tmp_path: Path) -> None:
    (row,) = read(tmp_path, content)
    assert (row.subject, row.justification) == ("DOID:182", "semapv:ManualMappingCuration")


def test_only_line_ends_end_a_row(tmp_path: Path) -> None:
    (row,) = read(tmp_path, f"{HEAD}\tcomment\n{ROW}\tone\u2028two\x0bthree\n")
    assert row.comment == "one\u2028two\x0bthree"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("", ":1: lacks the column subject_id. Add it, with tabs between columns.", id="empty"),
        pytest.param(
            "# x\n", ":2: lacks the column subject_id. Add it, with tabs between columns.", id="comment-alone"
        ),
        pytest.param(
            f"# x\n{HEAD.replace('object_id', 'object')}\n",
            ":2: lacks the column object_id. Add it, with tabs between columns.",
            id="missing-column",
        ),
        pytest.param(
            HEAD.replace("\t", ",") + "\n",
            ":1: lacks the column subject_id. Add it, with tabs between columns.",
            id="commas",
        ),
        pytest.param(
            f"{HEAD}\tpredicate_modifer\n{ROW}\tNot\n",
            ":1: unknown column 'predicate_modifer'. Did you mean 'predicate_modifier'?",
            id="misspelt-column",
        ),
        pytest.param(b"\xff\xfe", ": is not UTF-8 (byte 0). Save the file as UTF-8.", id="binary"),
        pytest.param(
            f"{HEAD}\n{ROW}\n{'x' * 200_000}\n",
            ":3: is no tab-separated text: field larger than field limit (131072). Mend the row.",
            id="huge-cell",
        ),
    ],
)
def test_file_that_is_no_mapping_set(content: str | bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert str(caught.value) == NAME + message


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "mappings.sssom.tsv", "no such file or directory"), (tmp_path, "is a directory")):
        with pytest.raises(InputError) as caught:
            mappings.read(path)
        name = f"ontology/{path.name}"
        assert str(caught.value) == f"{name}: cannot be read: {reason}. Check the file and its rights."


def test_every_wrong_row_is_told_with_its_line(tmp_path: Path) -> None:
    rows = [
        "# a comment\n# another",
        f"{HEAD}\tpredicate_modifier\tmapping_provider",
        f"{ROW}\t\t",
        "",
        ROW.replace("MONDO:0018891", ""),
        ROW.replace("DOID:182", "DO:182"),
        "DOID:182\tskos:exactMatch",
        ROW.replace("skos:", "skoss:").replace("semapv:", "sempav:"),
        f"{ROW}\tnot\t",
        f"{ROW}\tNot\tNOPE:1",
        ROW.replace("MONDO:0018891", "MONDO:<1>"),
        f"{ROW}\t\t\t\tmore",
    ]
    with pytest.raises(SourceError) as caught:
        read(tmp_path, "\n".join(rows))
    prefix = "Use a prefix of ontology/context.jsonld, or add it there."
    expected = [
        (6, "object_id is empty. Fill it in, or delete the row."),
        (7, f"unknown prefix 'DO' in 'DO:182'. {prefix}"),
        (8, "object_id is empty. Fill it in, or delete the row."),
        (8, "mapping_justification is empty. Fill it in, or delete the row."),
        (9, f"unknown prefix 'skoss' in 'skoss:exactMatch'. {prefix}"),
        (9, f"unknown prefix 'sempav' in 'sempav:ManualMappingCuration'. {prefix}"),
        (10, "predicate_modifier is 'not'. Write Not, or leave it empty."),
        (11, f"unknown prefix 'NOPE' in 'NOPE:1'. {prefix}"),
        (12, "'MONDO:<1>' makes no valid IRI. Correct the identifier."),
        (13, "has more cells than there are columns. Take out the tabs that are too many."),
    ]
    assert str(caught.value).splitlines() == [f"{NAME}:{line}: {message}" for line, message in expected]
    assert all(isinstance(problem, CalcinosisKGError) for problem in caught.value.problems)
