"""The report on conflicts: Parquet and a table for programs and people, JSON with all lines of evidence, Turtle."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from calcinosis_kg.merging import columns, lines, records
from calcinosis_kg.merging.conflicts_kinds import KINDS, SEVERITIES, Line
from calcinosis_kg.merging.prefixes import prefix_of
from calcinosis_kg.namespaces import BASE, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from calcinosis_kg.merging.conflicts_kinds import Finding
    from calcinosis_kg.merging.conflicts_lines import Lines

NAME = "conflicts"
"""The name of the report's files, without ending."""
STATEMENT = f"{BASE}statement/"
"""What the IRI of a statement starts with; its id follows."""
_SIDE = ("", "_statements", "_sources", "_places", "_records", "_publications", "_frequencies")
COLUMNS = (
    "id", "kind", "severity", "meaning", "detail", *(f"left{end}" for end in _SIDE), *(f"right{end}" for end in _SIDE),
    "through",
)  # fmt: skip
"""Columns of the table; `left` and `right` are what the sides say in words. Cells may hold several values, joined."""
_LISTS = frozenset(name for name in COLUMNS if name.startswith(("left", "right", "through")))
_PREFIXES = ("ckgv", "dcterms", "sh")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_IRI_SAFE = ":/#?&=@+,;()*!'~%"


@dataclass(frozen=True, slots=True)
class Row:
    """A finding with its evidence.

    Attributes:
        id: Digest of what is found, so that it stays the same from merge to merge.
        finding: The finding.
        severity: `error`, `warning` or `info`.
        left: Evidence of one side.
        right: Of the other.
        through: The hierarchy that leads from one to the other, in words.
    """

    id: str
    finding: Finding
    severity: str
    left: Sequence[Line]
    right: Sequence[Line]
    through: Sequence[str]


def rows(findings: Iterable[Finding], evidence: Lines) -> list[Row]:
    """Return findings with their evidence, gravest first, then by kind and by what is said."""
    grave = {severity: place for place, severity in enumerate(SEVERITIES)}
    order = {kind: place for place, kind in enumerate(KINDS)}
    made = []
    for one in findings:
        left, right = evidence.of(one.left), evidence.of(one.right)
        severity = one.severity or KINDS[one.kind][0]
        said = [one.kind, one.detail, "left", *_about(left), "right", *_about(right)]
        name = hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:16]
        place = grave[severity], order[one.kind], left[0].words if left else "", name
        made.append((place, Row(name, one, severity, left, right, [evidence.step(row) for row in one.through])))
    return [row for _, row in sorted(made, key=itemgetter(0))]


def _about(side: Sequence[Line]) -> Iterable[str]:
    """Return what tells a side from all others, and does not change with what other sources say."""
    return sorted({line.statement or f"{line.source}:{line.line}:{line.words}" for line in side})


def write(found: Sequence[Row], folder: Path) -> None:
    """Write the report to a folder, in all forms."""
    cells = zip(*map(_cells, found), strict=True) if found else [()] * len(COLUMNS)
    table = pa.table([pa.array(values, pa.string()) for values in cells], names=list(COLUMNS))
    pq.write_table(table, folder / f"{NAME}.parquet", compression="zstd", store_schema=False)
    with lines.Lines(folder / f"{NAME}.tsv", {name: name for name in COLUMNS}, _LISTS) as file:
        file.add(columns.encode(table))
    encode = json.JSONEncoder(ensure_ascii=False).encode
    with (folder / f"{NAME}.json").open("w", encoding="utf-8", newline="\n") as text:
        text.write("[\n " + ",\n ".join([encode(_object(row)) for row in found]) + "\n]\n")
    with (folder / f"{NAME}.ttl").open("w", encoding="utf-8", newline="\n") as text:
        text.writelines(f"@prefix {name}: <{prefixes()[name]}> .\n" for name in _PREFIXES)
        text.writelines(map(_turtle, found))


def _cells(row: Row) -> list[str]:
    one = row.finding
    made = [row.id, one.kind, row.severity, KINDS[one.kind][1], one.detail]
    for side in (row.left, row.right):
        made += _side(side)
    return [*made, "|".join(map(_escaped, row.through))]


def _side(side: Sequence[Line]) -> list[str]:
    cells = [
        [line.words, line.statement, line.source, f"{line.file}:{line.line}", line.record, line.frequency]
        for line in side
    ]
    if len(cells) == 1:  # most sides have one line
        whole = [_escaped(cell) if "|" in cell or "%" in cell else cell for cell in cells[0]]
    else:
        whole = [records.join(row[place] for row in cells) for place in range(6)]
    cited = [line.publications for line in side]
    publications = cited[0] if len(cited) == 1 else records.join(text for cell in cited for text in records.split(cell))
    return [*whole[:-1], publications, whole[-1]]


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("|", "%7C")


def _object(row: Row) -> dict[str, object]:
    one = row.finding
    said: dict[str, object] = {
        "id": row.id, "kind": one.kind, "severity": row.severity, "meaning": KINDS[one.kind][1], "detail": one.detail,
        "left": list(map(_line, row.left)), "right": list(map(_line, row.right)),
    }  # fmt: skip
    return said | ({"through": list(row.through)} if row.through else {})


def _line(line: Line) -> dict[str, object]:
    found: dict[str, object] = {name: value for name, value in zip(Line._fields, line, strict=True) if value}
    if line.publications:
        found["publications"] = records.split(line.publications)
    return found


def _turtle(row: Row) -> str:
    one = row.finding
    message = f"{KINDS[one.kind][1]} {one.detail}".rstrip()
    said = [
        f"\n<{BASE}finding/{one.kind}-{row.id}> a ckgv:Finding",
        f'ckgv:foundBy "{one.kind}"',
        f"sh:resultSeverity {SEVERITIES[row.severity]}",
        f"sh:resultMessage {_text(message)}@en",
    ]
    for predicate, side in (("sh:focusNode", row.left), ("ckgv:opposedBy", row.right)):
        said += [f"{predicate} {node}" for node in sorted({_node(line) for line in side})]
    places = {f"{line.source}: {line.file}:{line.line}" for line in (*row.left, *row.right)}
    said += [f"dcterms:source {_text(place)}" for place in sorted(places)]
    return " ;\n  ".join(said) + " .\n"


def _node(line: Line) -> str:
    """Return the IRI of a statement, or of the term that a label belongs to."""
    if line.statement:
        return f"<{STATEMENT}{line.statement}>"
    prefix = prefix_of(line.object)
    if not prefix:
        return f"<{quote(line.object, safe=_IRI_SAFE)}>"
    start = prefixes().get(prefix, f"https://bioregistry.io/{prefix}:")
    return f"<{start}{quote(line.object.removeprefix(f'{prefix}:'), safe=_IRI_SAFE)}>"


def _text(value: str) -> str:
    return f'"{value.translate(_ESCAPES)}"'
