"""What the check queries find: conflicts between claims or with references, and faults of the ontology.

A check is a file of `queries/checks`. Its header says what the problem is, what to do about it, how severe a
finding is, of which kind (`conflict` or `quality`), and which views it reads. A conflict check selects
`?entity ?against ?value`: a claim or term, what speaks against it, what they differ about. A quality check selects
`?entity ?property ?value`: a term, and the property and value that are at fault.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import oxigraph, turtle, views
from calcinosis_kg.errors import QueryError
from calcinosis_kg.namespaces import BASE, compress, expand, prefixes
from calcinosis_kg.resources import folder
from calcinosis_kg.sheets import Sheet, iri, text
from calcinosis_kg.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from calcinosis_kg.tables import Cell

KINDS = ("conflict", "quality")
"""The two families of checks."""

SEVERITIES = {"error": "sh:Violation", "warning": "sh:Warning", "info": "sh:Info"}
"""Severity of a check, and the SHACL term for it."""

COLUMNS = {"conflict": ("entity", "against", "value"), "quality": ("entity", "property", "value")}
"""What a check of each kind selects."""

_HEADER = re.compile(r"^#\+ (problem|solution|severity|kind|graph): (.+)$", re.MULTILINE)
_STATUS = ox.NamedNode(expand("ckgv:claimStatus"))
_TRUST = ("artefact", "refuted", "contested", "reported", "accepted")
_AGAINST_REFERENCE = {
    "accepted": "the claim stands beside the reference",
    "reported": "open: the page alone says so",
    "contested": "the claim is contested",
    "refuted": "the reference stands: the claim is refuted",
    "artefact": "the claim is an artefact",
}


@dataclass(frozen=True)
class Check:
    """A check query and what its header says.

    Attributes:
        name: The file's name without its ending.
        text: The SPARQL.
        problem: One line: what a finding means.
        solution: One line: what to do about it.
        severity: `error`, `warning` or `info`.
        kind: `conflict` or `quality`.
        graphs: The views that it reads.
    """

    name: str
    text: str
    problem: str
    solution: str
    severity: str
    kind: str
    graphs: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """One row of a check's answer.

    Attributes:
        check: The check that found it.
        entity: The claim or term that it is about.
        other: A conflict: what speaks against it; a fault: the property. None where there is none.
        value: What the two differ about, or the value at fault.
        resolution: How the statuses of the claims settle it; for a fault of the ontology, what to do.
    """

    check: Check
    entity: Cell
    other: Cell
    value: Cell
    resolution: str

    @property
    def name(self) -> str:
        """An identifier made of what is found, so that it stays the same from build to build."""
        said = "\n".join(str(term) for term in (self.entity, self.other, self.value))
        return f"{self.check.name}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def parse(name: str, content: str) -> Check:
    r"""Read the header of a check.

    >>> parse("x", "#+ problem: p\n#+ solution: s\n#+ severity: info\n#+ kind: conflict\n#+ graph: tbox, bridge").graphs
    ('tbox', 'bridge')

    Raises:
        QueryError: The header lacks a line, or has a severity, kind or view that does not exist.
    """
    header = dict(_HEADER.findall(content))
    lacking = [key for key in ("problem", "solution", "severity", "kind", "graph") if key not in header]
    if lacking:
        raise QueryError(f"the header lacks '{lacking[0]}'", f"Add a line '#+ {lacking[0]}: …'.", name)
    for key, known in (("severity", tuple(SEVERITIES)), ("kind", KINDS)):
        if header[key] not in known:
            raise QueryError(f"unknown {key} '{header[key]}'", f"Use one of: {', '.join(known)}.", name)
    graphs = views.check(graph.strip() for graph in header["graph"].split(","))
    return Check(name, content, header["problem"], header["solution"], header["severity"], header["kind"], graphs)


@cache
def catalogue() -> tuple[Check, ...]:
    """Return the checks, sorted by name.

    >>> catalogue()[0].kind, catalogue()[-1].kind
    ('conflict', 'quality')
    """
    files = sorted((folder("queries") / "checks").glob("*.rq"), key=lambda file: file.stem)
    return tuple(parse(file.stem, file.read_text(encoding="utf-8")) for file in files)


def run(quads: Iterable[ox.Quad], checks: Iterable[Check] | None = None) -> list[Finding]:
    """Return what checks find in quads, by check and then in the order of people (C9 before C10).

    >>> from calcinosis_kg import shipped
    >>> found = run(shipped.quads(), [check for check in catalogue() if check.name == "conflict-negation"])
    >>> [(compress(finding.entity.value), compress(finding.other.value), finding.resolution) for finding in found]
    [('CKG-C011', 'CKG-C136', 'the first stands (accepted); the second is refuted')]
    """
    given = list(quads)
    statuses = _statuses(given)
    stores: dict[tuple[str, ...], ox.Store] = {}
    findings: list[Finding] = []
    for check in catalogue() if checks is None else checks:
        if check.graphs not in stores:
            stores[check.graphs] = _store(views.select(given, check.graphs))
        found = (
            Finding(check, entity, other, value, _resolution(check, entity, other, statuses))
            for entity, other, value in _ask(stores[check.graphs], check)
        )
        findings += sorted(found, key=lambda finding: [_order(finding.entity), _order(finding.other), finding.name])
    return findings


def _store(quads: Iterable[ox.Quad]) -> ox.Store:
    """Return a store whose default graph holds each triple once, whatever graphs it stands in."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return store


def _ask(store: ox.Store, check: Check) -> Iterator[tuple[Cell, Cell, Cell]]:
    answer = store.query(check.text, prefixes=dict(prefixes()))
    if not isinstance(answer, ox.QuerySolutions):
        raise QueryError("is no SELECT query", f"Select {' '.join(COLUMNS[check.kind])}.", check.name)
    columns = COLUMNS[check.kind]
    if tuple(variable.value for variable in answer.variables) != columns:
        wanted = " ".join(f"?{column}" for column in columns)
        raise QueryError("selects other variables than a check does", f"Select {wanted}.", check.name)
    found = ((_plain(row["entity"]), _plain(row[columns[1]]), _plain(row["value"])) for row in answer)
    yield from dict.fromkeys(found)


def _plain(cell: Cell) -> Cell:
    """Return the cell; a blank node's name changes with each reading, so it is not shown."""
    return ox.Literal("(unnamed)") if isinstance(cell, ox.BlankNode) else cell


def _order(cell: Cell) -> tuple[list[tuple[int, str]], str]:
    return ([], "") if cell is None else oxigraph.natural(cell)


def _statuses(quads: Iterable[ox.Quad]) -> dict[object, str]:
    """Return the status of each claim."""
    return {
        quad.subject: quad.object.value.rpartition("/")[2]
        for quad in quads
        if quad.predicate == _STATUS and isinstance(quad.object, ox.NamedNode)
    }


def _resolution(check: Check, entity: Cell, other: Cell, statuses: dict[object, str]) -> str:
    """Say how the statuses settle a conflict; a fault of the ontology is settled by mending it."""
    one, two = statuses.get(entity), statuses.get(other)
    if check.kind == "quality":
        return check.solution
    if one is None:
        return "a matter of the references"
    if two is None:
        return _AGAINST_REFERENCE[one] if other else f"the claim is {one}"
    return _settled(one, two)


def _settled(one: str, two: str) -> str:
    """Say which of two claims stands, by status.

    >>> _settled("contested", "accepted")
    'the second stands (accepted); the first is contested'
    """
    first, second = _TRUST.index(one), _TRUST.index(two)
    if first == second:
        return f"both are {one}"
    if max(first, second) <= _TRUST.index("contested"):
        return f"neither stands: the first is {one}, the second {two}"
    if first > second:
        return f"the first stands ({one}); the second is {two}"
    return f"the second stands ({two}); the first is {one}"


def table(findings: Iterable[Finding]) -> Table:
    """Return findings as a table, for people."""
    rows = tuple(
        (
            ox.Literal(finding.check.name), ox.Literal(finding.check.severity), finding.entity, finding.other,
            finding.value, ox.Literal(finding.resolution),
        )
        for finding in findings
    )  # fmt: skip
    return Table(("check", "severity", "entity", "against", "value", "resolution"), rows)


def to_json(findings: Iterable[Finding]) -> str:
    r"""Return findings as a JSON list, identifiers as CURIEs.

    >>> to_json([])
    '[]\n'
    """
    rows = [
        {
            "check": finding.check.name,
            "kind": finding.check.kind,
            "severity": finding.check.severity,
            "problem": finding.check.problem,
            "entity": _shown(finding.entity),
            "against": _shown(finding.other),
            "value": _shown(finding.value),
            "resolution": finding.resolution,
        }
        for finding in findings
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def _shown(cell: Cell) -> str | None:
    if isinstance(cell, ox.NamedNode):
        return compress(cell.value)
    return None if cell is None else str(cell.value)


def quads_of(findings: Iterable[Finding]) -> Iterator[ox.Quad]:
    """Yield findings in RDF: SHACL's words for what a validation result has too, ours for the rest."""
    sheet = Sheet("graph:findings")
    for finding in findings:
        node = ox.NamedNode(f"{BASE}finding/{finding.name}")
        yield from sheet.write(
            node,
            ("rdf:type", iri("ckgv:Finding")),
            ("ckgv:foundBy", ox.Literal(finding.check.name)),
            ("sh:resultSeverity", iri(SEVERITIES[finding.check.severity])),
            ("sh:resultMessage", text(f"{finding.check.problem}.")),
            ("ckgv:resolution", text(finding.resolution)),
        )
        other = "ckgv:opposedBy" if finding.check.kind == "conflict" else "sh:resultPath"
        for predicate, cell in (("sh:focusNode", finding.entity), (other, finding.other), ("sh:value", finding.value)):
            if isinstance(cell, ox.NamedNode | ox.Literal):
                yield from sheet.write(node, (predicate, cell))


def to_turtle(findings: Iterable[Finding]) -> str:
    """Return findings as Turtle."""
    plain = (ox.Quad(*quad.triple) for quad in quads_of(findings))
    return turtle.write(oxigraph.canonical(plain), named_graphs=False)
