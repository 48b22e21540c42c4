"""Why a statement stands in a result: its records with file and line, the mapping rows, the conflicts that name it."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import equivalences, records, results, tables
from calcinosis_kg.merging.prefixes import normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

CONFLICTS = "conflicts.parquet"
_STANDINGS = {
    "": "asserted by its sources",
    "reported": "only reported: one source says so and no more is known",
    "contested": "contested: there is evidence against it",
    "refuted": "refuted: the evidence is against it; it is no plain edge and no plain triple",
    "artefact": "an artefact of a missing value; it is no plain edge and no plain triple",
    "doubtful": "doubtful: what it rests on is denied elsewhere; it is no plain edge and no plain triple",
}
_SIDES = ("left", "right")


def find(folder: Path, subject: str, predicate: str, end: str) -> list[str]:
    """Return the ids of the statements between two identifiers, of any polarity, standing and qualifiers.

    Args:
        folder: The result.
        subject: CURIE or IRI, as any source spells it.
        predicate: CURIE or IRI.
        end: CURIE or IRI of the object.

    Raises:
        InputError: The folder is no result, or has no such statement.
    """
    leader = equivalences.aliases(folder)
    ends = [leader.get(normal(name), normal(name)) for name in (subject, end)]
    wanted = [("subject", "==", ends[0]), ("predicate", "==", normal(predicate)), ("object", "==", ends[1])]
    found: list[str] = []
    for part in results.parts(folder):
        table = pq.read_table(part / tables.STATEMENTS, columns=["id"], filters=wanted)
        found += [octets.hex() for octets in table["id"].to_pylist()]
    if not found:
        problem = f"has no statement {ends[0]} {normal(predicate)} {ends[1]}"
        raise InputError(problem, "Look for its ends in kgx/edges.tsv and kgx/claims.tsv.", str(folder))
    return sorted(set(found))


def explain(folder: Path, statement_id: str) -> dict[str, Any]:
    """Return what a statement rests on: as `results.explain`, with names, obsolete identifiers and conflicts.

    Raises:
        InputError: The folder is no result, or has no such statement.
    """
    found = results.explain(folder, statement_id)
    statement = found["statement"]
    ends = [statement["subject"], statement["object"]]
    written = {normal(line[end]) for line in found["evidence"] for end in ("subject", "object")} - set(ends)
    found["mappings"] = list(_needed(found["mappings"], written, set(ends)))
    found["names"] = _names(folder, ends)
    found["obsolete"] = list(_obsolete(folder, written))
    found["conflicts"] = list(_conflicts(folder, statement["id"]))
    return found


def _needed(rows: Sequence[dict[str, Any]], written: set[str], ends: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows on a shortest way from each identifier that is written in a record to that of the statement."""
    ways: dict[str, set[str]] = {}
    for row in rows:
        one, other = normal(row["subject_id"]), normal(row["object_id"])
        ways.setdefault(one, set()).add(other)
        ways.setdefault(other, set()).add(one)
    before: dict[str, str] = {}
    waiting = sorted(ends)
    for name in waiting:
        for other in sorted(ways.get(name, ())):
            if other not in before and other not in ends:
                before[other] = name
                waiting.append(other)
    steps = set()
    for start in written:
        name = start
        while name in before:
            steps.add(frozenset((name, before[name])))
            name = before[name]
    for row in rows:
        if frozenset((normal(row["subject_id"]), normal(row["object_id"]))) in steps:
            yield row


def _names(folder: Path, ends: Sequence[str]) -> dict[str, str]:
    table = pq.read_table(folder / tables.NODES, columns=["node", "name"], filters=[("node", "in", sorted(set(ends)))])
    return {row["node"]: row["name"] for row in table.to_pylist() if row["name"]}


def _obsolete(folder: Path, written: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the records that say what replaces identifiers as they are written in the records."""
    if written:
        for row in pq.read_table(folder / tables.NODE_EVIDENCE, filters=[("deprecated", "==", True)]).to_pylist():
            if normal(row["id"]) in written and row["replaced_by"]:
                yield {name: row[name] for name in ("source", "file", "line", "id", "replaced_by")}


def _conflicts(folder: Path, statement_id: str) -> Iterator[dict[str, str]]:
    for part in results.parts(folder):
        if (part / CONFLICTS).is_file():
            for row in tables.rows(part / CONFLICTS):
                named = {name for side in _SIDES for name in records.split(row[f"{side}_statements"])}
                if statement_id in named:
                    yield row


def to_text(found: dict[str, Any], width: int = 100) -> str:
    """Return an explanation as text for people.

    Args:
        found: What `explain` returned.
        width: Characters in a line; an identifier is never broken.
    """
    statement = found["statement"]
    lines = [f"statement {statement['id']}"]
    lines += [f"  {end:<10} {_named(statement[end], found['names'])}" for end in ("subject", "predicate", "object")]
    lines.append(f"  {'polarity':<10} {'denied: the sources say NOT' if statement['negated'] else 'affirmed'}")
    lines.append(f"  {'standing':<10} {_STANDINGS.get(statement['standing'], statement['standing'])}")
    if statement["qualifiers"]:
        said = [f"{name}: {value}" for name, value in json.loads(statement["qualifiers"]).items()]
        lines.append(f"  {'qualifiers':<10} {'; '.join(said)}")
    lines += ["", f"evidence ({len(found['evidence'])})"]
    for number, line in enumerate(found["evidence"], 1):
        lines += _evidence(number, line)
    if found["mappings"] or found["obsolete"]:
        lines += ["", "why identifiers of the sources stand as others here"]
        lines += map(_mapping, found["mappings"])
        lines += [
            f"  {row['id']} is obsolete, replaced by {row['replaced_by']} "
            f"({row['source']}, {row['file']}:{row['line']})"
            for row in found["obsolete"]
        ]
    lines += ["", f"conflicts ({len(found['conflicts'])})"]
    lines += [f"  {row['severity']}: {row['kind']}: {row['left']} | {row['right']}" for row in found["conflicts"]]
    return "".join(f"{shown}\n" for line in lines for shown in _wrapped(line, width))


def _named(identifier: str, names: dict[str, str]) -> str:
    return f"{identifier}  {names[identifier]}" if identifier in names else identifier


def _evidence(number: int, line: dict[str, Any]) -> Iterator[str]:
    yield f"  {number}. source {line['source']}, {line['file']}:{line['line']}"
    said = " ".join(map(_short, (line["subject"], line["predicate"], line["object"])))
    yield f"     written there as {said}"
    cells = {
        "id there": line["record_id"], "publications": ", ".join(records.split(line["publications"])),
        "evidence": ", ".join(records.split(line["evidence_codes"])), "frequency": line["frequency"],
        "knowledge source": ", ".join(records.split(line["knowledge_source"])), "curator": line["curator"],
    }  # fmt: skip
    told = [f"{name}: {value}" for name, value in cells.items() if value]
    if told:
        yield f"     {'; '.join(told)}"


def _short(written: str) -> str:
    """Return an identifier as written, but an IRI as the CURIE of the same prefix."""
    return normal(written) if "://" in written else written


def _mapping(row: dict[str, Any]) -> str:
    ground = "; ".join(filter(None, (row["mapping_justification"], row["confidence"])))
    said = " ".join(map(_short, (row["subject_id"], row["predicate_id"], row["object_id"])))
    return f"  {said} ({row['source']}, {row['file']}:{row['line']}{'; ' + ground if ground else ''})"


def _wrapped(line: str, width: int) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]
