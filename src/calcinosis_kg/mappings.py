"""Reads the mapping set `mappings.sssom.tsv` (SSSOM 1.0: a YAML header in `#` lines, then TSV)."""

import csv
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from calcinosis_kg.errors import CalcinosisKGError, InputError, PrefixError, SourceError
from calcinosis_kg.namespaces import expand

REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
OPTIONAL = ("predicate_modifier", "subject_label", "object_label", "comment", "mapping_provider")
"""The further columns that are read; a mapping set may have more."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row: two terms, how they correspond, and on what ground.

    Attributes:
        subject: CURIE.
        predicate: CURIE, such as `skos:exactMatch`.
        object: CURIE.
        justification: CURIE of the kind of ground (`semapv:...`).
        negated: Whether the row says that they do *not* correspond (`predicate_modifier: Not`).
        subject_label: As the row has it; may be empty.
        object_label: As the row has it; may be empty.
        comment: The curators' remark; may be empty.
        source: CURIE or IRI of the set that it was taken from; empty for our own.
    """

    subject: str
    predicate: str
    object: str
    justification: str
    negated: bool
    subject_label: str = ""
    object_label: str = ""
    comment: str = ""
    source: str = ""


def read(path: Path) -> list[Mapping]:
    """Read the rows, in file order.

    Raises:
        InputError: The file cannot be read, or a column is missing.
        SourceError: Rows that are wrong; all of them at once, each with its line.
    """
    name = f"ontology/{path.name}"
    # Lines end at LF or CRLF and nowhere else: a cell may hold any other character.
    lines = [line.removesuffix("\r") for line in _text(path, name).split("\n")]
    skipped = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    rows = csv.DictReader(lines[skipped:], delimiter="\t", quoting=csv.QUOTE_NONE)
    _check_columns(list(rows.fieldnames or ()), f"{name}:{skipped + 1}")
    found: list[Mapping] = []
    problems: list[CalcinosisKGError] = []
    try:
        for row in rows:
            wrong = list(_row_problems(row, f"{name}:{skipped + rows.line_num}"))
            problems += wrong
            if not wrong:
                found.append(_mapping(row))
    except csv.Error as error:
        # The line that cannot be read is not counted yet.
        place = f"{name}:{skipped + rows.line_num + 1}"
        raise InputError(f"is no tab-separated text: {error}", "Mend the row.", place) from error
    if problems:
        raise SourceError(problems)
    return found


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 (byte {error.start})", "Save the file as UTF-8.", name) from error
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise InputError(f"cannot be read: {reason}", "Check the file and its rights.", name) from error


def _check_columns(columns: list[str], place: str) -> None:
    """Find a column that is missing, or so misspelt that its content would be lost."""
    for column in REQUIRED:
        if column not in columns:
            raise InputError(f"lacks the column {column}", "Add it, with tabs between columns.", place)
    for column in columns:
        near = difflib.get_close_matches(column, (*REQUIRED, *OPTIONAL), n=1, cutoff=0.85)
        if near and near[0] != column:
            raise InputError(f"unknown column '{column}'", f"Did you mean '{near[0]}'?", place)


def _row_problems(row: dict[str | Any, str | Any], place: str) -> Iterator[CalcinosisKGError]:
    if None in row:
        yield InputError("has more cells than there are columns", "Take out the tabs that are too many.", place)
    for column in REQUIRED:
        if not row[column]:
            yield InputError(f"{column} is empty", "Fill it in, or delete the row.", place)
    for column in (*REQUIRED, "mapping_provider"):
        curie = row.get(column)
        if not curie:
            continue
        try:
            ox.NamedNode(curie if curie.startswith(("https://", "http://")) else expand(curie))
        except PrefixError as error:
            yield PrefixError(error.problem, error.remedy, place)
        except ValueError:
            yield InputError(f"'{curie}' makes no valid IRI", "Correct the identifier.", place)
    modifier = row.get("predicate_modifier")
    if modifier not in (None, "", "Not"):
        yield InputError(f"predicate_modifier is '{modifier}'", "Write Not, or leave it empty.", place)


def _mapping(row: dict[str | Any, str | Any]) -> Mapping:
    return Mapping(
        row["subject_id"],
        row["predicate_id"],
        row["object_id"],
        row["mapping_justification"],
        row.get("predicate_modifier") == "Not",
        row.get("subject_label") or "",
        row.get("object_label") or "",
        row.get("comment") or "",
        row.get("mapping_provider") or "",
    )
