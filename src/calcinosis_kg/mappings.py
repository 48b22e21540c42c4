"""Reads the mapping set `mappings.sssom.tsv` (SSSOM 1.0: a YAML header in `#` lines, then TSV)."""

import csv
from dataclasses import dataclass
from pathlib import Path

from calcinosis_kg.errors import InputError, PrefixError, SourceError
from calcinosis_kg.namespaces import expand

REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")


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
        InputError: The file cannot be read.
        SourceError: Rows that are wrong; all of them at once, each with its line.
    """
    name = f"ontology/{path.name}"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot be read as UTF-8 text", "Check the file and its rights.", name) from error
    skipped = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    rows = csv.DictReader(lines[skipped:], delimiter="\t", quoting=csv.QUOTE_NONE)
    missing = [column for column in REQUIRED if column not in (rows.fieldnames or ())]
    if missing:
        raise InputError(f"lacks the column {missing[0]}", "Add it.", f"{name}:{skipped + 1}")
    found: list[Mapping] = []
    problems: list[InputError | PrefixError] = []
    for number, row in enumerate(rows, skipped + 2):
        empty = [column for column in REQUIRED if not row[column]]
        if empty:
            problems.append(InputError(f"{empty[0]} is empty", "Fill it in, or delete the row.", f"{name}:{number}"))
            continue
        for column in REQUIRED:
            try:
                expand(row[column])
            except PrefixError as error:
                problems.append(PrefixError(error.problem, error.remedy, f"{name}:{number}"))
        found.append(
            Mapping(
                row["subject_id"], row["predicate_id"], row["object_id"], row["mapping_justification"],
                (row.get("predicate_modifier") or "") == "Not",
                row.get("subject_label") or "", row.get("object_label") or "",
                row.get("comment") or "", row.get("mapping_source") or "",
            )
        )  # fmt: skip
    if problems:
        raise SourceError(problems)
    return found
