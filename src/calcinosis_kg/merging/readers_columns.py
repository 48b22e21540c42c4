"""Any table, by a small YAML file that says which column is what.

::

    kind: edges
    columns: {subject: drugbank_id, object: doid_id, negated: category}
    prefixes: {subject: DRUGBANK}
    constants: {predicate: biolink:treats}
    values:
      negated: {NOT: "true", DM: "false", SYM: "false"}
    qualifiers: {dose_qualifier: dose}

Columns that are not named, and those whose cells are changed on the way, are kept in `rest` as they stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from calcinosis_kg import yamlfiles
from calcinosis_kg.errors import InputError, SourceError
from calcinosis_kg.merging import records
from calcinosis_kg.merging.readers_cells import Origin, distinct, joined, json_objects, negation, pl
from calcinosis_kg.merging.readers_checks import Check, Fits, Identifier, Truth, sift
from calcinosis_kg.merging.readers_rows import LINE, Header, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from calcinosis_kg.merging.readers_streams import Fault

_IDENTIFIERS = {
    records.EDGES: ("subject", "predicate", "object"),
    records.NODES: ("id",),
    records.MAPPINGS: ("subject_id", "predicate_id", "object_id"),
}
_TRUTHS = ("negated", "deprecated")
_LISTS = ("publications", "evidence_codes")
_MADE = (*records.PLACE, "rest", "qualifiers")


@dataclass(frozen=True)
class Plan:
    """What a column mapping says.

    Attributes:
        kind: Kind of record.
        columns: Column of the record to column of the table.
        constants: Column of the record to the text of every row.
        prefixes: Column of the record to the prefix that its cells lack.
        values: Column of the record to what each of its cells stands for.
        qualifiers: Key of the qualifier to column of the table.
        name: The YAML file, as messages show it.
    """

    kind: str
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    prefixes: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    qualifiers: Mapping[str, str]
    name: str


def plan(path: Path) -> Plan:
    """Read a column mapping.

    Raises:
        SourceError: It is badly written; each mistake has its file and line.
    """
    file, problems = yamlfiles.read(path, "columns.schema.json", path.name)
    if file is None:
        raise SourceError(problems)
    content = file.content
    parts = {part: content.get(part, {}) for part in ("columns", "constants", "prefixes", "values", "qualifiers")}
    made = Plan(kind=content["kind"], **parts, name=path.name)
    allowed = [column for column in records.COLUMNS[made.kind] if column not in _MADE]
    wrong = [
        InputError(
            f"{made.kind} have no column '{column}'", f"Use one of: {', '.join(allowed)}.", file.place(part, column)
        )
        for part in ("columns", "constants", "prefixes", "values")
        for column in content.get(part, {})
        if column not in allowed
    ]
    wrong += [
        InputError(
            f"'{column}' is given no column", "Add it under 'columns', or to 'constants'.", file.place(part, column)
        )
        for part in ("prefixes", "values")
        for column in content.get(part, {})
        if column in allowed and column not in made.columns
    ]
    wrong += [
        InputError(
            f"'{column}' is given twice", "Keep one of 'columns' and 'constants'.", file.place("constants", column)
        )
        for column in made.constants
        if column in made.columns
    ]
    wrong += [
        InputError(f"'{column}' is missing", "Add it under 'columns' or 'constants'.", file.place("columns"))
        for column in _IDENTIFIERS[made.kind]
        if column not in made.columns and column not in made.constants
    ]
    if made.qualifiers and made.kind != records.EDGES:
        wrong.append(InputError(f"{made.kind} have no qualifiers", "Delete them.", file.place("qualifiers")))
    if wrong:
        raise SourceError(wrong)
    return made


def check(of: Plan, head: Header, place: str) -> None:
    """Hold a plan against the header of its table.

    Raises:
        InputError: The table lacks a column.
    """
    for column in (*of.columns.values(), *of.qualifiers.values()):
        if column not in head.names:
            remedy = f"It has: {', '.join(head.names)}. Correct {of.name}."
            raise InputError(f"the table has no column '{column}'", remedy, place)


def batches(part: Rows, head: Header, of: Plan, origin: Origin, faults: list[Fault]) -> Iterator[records.Batch]:
    """Yield the records of rows; rows that make none become faults."""
    known: list[Check] = [
        Fits(of.columns[column], table.__contains__, f"Add it to 'values' of {of.name}, or correct it.")
        for column, table in of.values.items()
    ]
    frame = sift(part, head, known, faults)
    if not frame.height:
        return
    changed = {f"#{column}": _changed(frame[name], column, of) for column, name in of.columns.items()}
    changed |= {
        f"#{column}": pl.repeat(text, frame.height, dtype=pl.String, eager=True)
        for column, text in of.constants.items()
    }
    wide = frame.with_columns(values.alias(name) for name, values in changed.items())
    made = [column.removeprefix("#") for column in changed]
    checks: list[Check] = [Identifier(f"#{column}") for column in made if column in _IDENTIFIERS[of.kind]]
    checks += [Truth(f"#{column}") for column in made if column in _TRUTHS]
    frame = sift(Rows(wide, part.raw), head, checks, faults)
    if not frame.height:
        return
    kept = [name for column, name in of.columns.items() if column not in of.values and column not in of.prefixes]
    rest = {name: name for name in head.names if name not in kept and name not in of.qualifiers.values()}
    columns: dict[str, pl.Series | str] = {column: frame[f"#{column}"] for column in made}
    columns |= {column: negation(frame[f"#{column}"]) for column in made if column in _TRUTHS}
    columns |= {column: joined(frame[f"#{column}"]) for column in made if column in _LISTS}
    if of.qualifiers:
        columns["qualifiers"] = json_objects(frame, of.qualifiers)
    yield origin.batch(of.kind, {"line": frame[LINE], "rest": json_objects(frame, rest), **columns}, frame.height)


def _changed(values: pl.Series, column: str, of: Plan) -> pl.Series:
    if column in of.values:
        values = distinct(values, of.values[column].__getitem__)
    if column in of.prefixes:
        whole = pl.lit(f"{of.prefixes[column]}:") + pl.col("v")
        values = values.to_frame("v").select(pl.when(pl.col("v") == "").then(pl.lit("")).otherwise(whole).alias("v"))[
            "v"
        ]
    return values
