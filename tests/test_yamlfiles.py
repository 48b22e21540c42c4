"""YAML as people mistype it: each mistake is told with its line and what to do."""

from pathlib import Path

import pytest

from calcinosis_kg import yamlfiles
from calcinosis_kg.errors import CalcinosisKGError

NAME = "ontology/claims/toy.yaml"
KEYS = "id, span, sha256, subject, predicate, object, kind, verdict, status"


def read(folder: Path, content: bytes) -> tuple[yamlfiles.YamlFile | None, list[CalcinosisKGError]]:
    path = folder / "toy.yaml"
    path.write_bytes(content)
    return yamlfiles.read(path, "claims.schema.json", NAME)


def messages(folder: Path, content: str | bytes) -> list[str]:
    file, problems = read(folder, content.encode() if isinstance(content, str) else content)
    assert file is None
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    "content", ["section: type\n", "\ufeffsection: type\n", "section: type\r\n", "---\nsection: type"]
)
def test_good_file_is_read(content: str, tmp_path: Path) -> None:
    file, problems = read(tmp_path, content.encode())
    assert problems == []
    assert file is not None
    assert file.content == {"section": "type"}


def test_text_stays_as_typed(tmp_path: Path) -> None:
    file, _ = read(tmp_path, b"section: no\nclaims: []\n")
    assert file is not None
    assert file.content["section"] == "no"
    assert file.place("section") == f"{NAME}:1"
    assert file.place("claims", 7, "id") == f"{NAME}:2", "the nearest part that exists"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("", ": is empty. Write its content, or delete the file.", id="empty"),
        pytest.param("# nothing\n---\n", ": is empty. Write its content, or delete the file.", id="comment-alone"),
        pytest.param(b"section: caf\xe9\n", ": is not UTF-8 (byte 12). Save the file as UTF-8.", id="latin-1"),
        pytest.param(
            "section: type\n".encode("utf-16"), ": is not UTF-8 (byte 0). Save the file as UTF-8.", id="utf-16"
        ),
        pytest.param(
            "section: type\nclaims: \x07\n",
            ":2: has a character that YAML does not allow (U+0007). Remove it.",
            id="control-character",
        ),
        pytest.param(
            "section: type\n claims: []\n",
            ":2: is not valid YAML: mapping values are not allowed in this context. "
            "Check indentation, quotes and colons there.",
            id="indentation",
        ),
        pytest.param(
            "section: type\n\tclaims: []\n",
            ":2: is not valid YAML: while scanning a plain scalar, found a tab character that violates indentation. "
            "Check indentation, quotes and colons there.",
            id="tab",
        ),
        pytest.param(
            "section: type\nclaims: 'open\n\n# the end\n",
            ":2: is not valid YAML: while scanning a quoted scalar, found unexpected end of stream. "
            "Check indentation, quotes and colons there.",
            id="unclosed-quote",
        ),
        pytest.param(
            "section: type\nclaims: [a\nnon_claims: []\n",
            ":2: is not valid YAML: while parsing a flow sequence, did not find expected ',' or ']'. "
            "Check indentation, quotes and colons there.",
            id="unclosed-bracket",
        ),
        pytest.param("section: type\nsection: onset\n", ":2: 'section' stands twice. Keep one of the two.", id="twice"),
        pytest.param("section: type\nclaim: []\n", ":2: unknown key 'claim'. Did you mean 'claims'?", id="unknown-key"),
        pytest.param(
            "section: type\nwhatever: []\n",
            ":2: unknown key 'whatever'. Use one of: section, claims, non_claims.",
            id="unknown-key-far",
        ),
        pytest.param(
            "claims: []\n",
            ":1: 'section' is missing. Add 'section': "
            "Write the section's name as document.yaml has it, lower case with hyphens.",
            id="missing-key",
        ),
        pytest.param(
            "section: type\nclaims:\n",
            ":2: a list is wanted here. List claims, each starting with '- id:'.",
            id="no-list",
        ),
        pytest.param(
            "- section\n", ":1: keys with values are wanted here. Write these keys at least: section.", id="a-list"
        ),
        pytest.param(
            "section: type\nclaims:\n  - CKG-C001\n",
            f":3: keys with values are wanted here. Write these keys at least: {KEYS}.",
            id="claim-without-keys",
        ),
        pytest.param(
            "section: [type]\n",
            ":1: text is wanted here. Write the section's name as document.yaml has it, lower case with hyphens.",
            id="no-text",
        ),
        pytest.param(
            "section: type\nclaims: &all []\nnon_claims: *all\n",
            ":3: an alias stands here. Write out what it stands for.",
            id="alias",
        ),
        pytest.param(
            "section: type\nclaims: &all [*all]\n",
            ":2: an alias stands here. Write out what it stands for.",
            id="endless",
        ),
        pytest.param(
            "section: type\n---\nsection: onset\n",
            ":2: a second document starts here. Remove the line '---'.",
            id="two-documents",
        ),
        pytest.param(
            "? [a]\n: b\n", ":1: a key is a list or has keys itself. Write one word as the key.", id="list-as-key"
        ),
        pytest.param(
            "section: type\nclaims: " + "[" * 200_000,
            ":2: more than 20 levels stand within each other. Close the brackets.",
            id="brackets-without-end",
        ),
    ],
)
def test_mistake_is_told_with_its_line(content: str | bytes, message: str, tmp_path: Path) -> None:
    assert messages(tmp_path, content) == [NAME + message]


def test_aliases_that_multiply_cost_nothing(tmp_path: Path) -> None:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for last, name in zip("abcdefgh", "bcdefghi", strict=True):
        rows.append(f"{name}: &{name} [{', '.join([f'*{last}'] * 9)}]")
    assert messages(tmp_path, "\n".join(rows)) == [f"{NAME}:2: an alias stands here. Write out what it stands for."]


def test_empty_list_and_short_text_are_named(tmp_path: Path) -> None:
    found = messages(
        tmp_path,
        "section: type\nnon_claims:\n  - {id: CKG-N001, span: 1-2, sha256: "
        + "0" * 64
        + ", type: conective, repeats: []}\nclaims:\n  - evidence:\n      - summary: short\n",
    )
    listed = next(text for text in found if "conective" in text)
    assert listed.startswith(f"{NAME}:3: 'conective' is not one of: advice/consult-healthcare-provider, ")
    assert listed.endswith("Choose one of the listed kinds of span. Did you mean 'connective'?")
    assert f"{NAME}:3: nothing stands here. List the claims that the span says again." in found
    summary = "Say in one sentence of your own what the reference shows."
    assert f"{NAME}:6: text of 5 characters is shorter than 10. {summary}" in found


def test_long_value_is_cut_in_the_message(tmp_path: Path) -> None:
    (found,) = messages(tmp_path, f"section: {'X' * 5000}\n")
    assert found.startswith(f"{NAME}:1: '{'X' * 60}…' is badly written. Write the section's name")


def test_folder_and_missing_file(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    _, problems = yamlfiles.read(tmp_path / "folder.yaml", "claims.schema.json", NAME)
    assert [str(problem) for problem in problems] == [f"{NAME}: is a folder. Put a YAML file there."]
    _, problems = yamlfiles.read(tmp_path / "none.yaml", "claims.schema.json", NAME)
    assert [str(problem) for problem in problems] == [
        f"{NAME}: cannot be read: no such file or directory. Check the file and its rights."
    ]
