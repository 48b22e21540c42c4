"""What a validation found: results in a fixed order, as text, JSON or a SHACL report in Turtle."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import oxigraph
from calcinosis_kg.namespaces import BASE, expand

if TYPE_CHECKING:
    from collections.abc import Mapping

_SH = "http://www.w3.org/ns/shacl#"
_SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True, slots=True)
class Result:
    """One finding.

    Attributes:
        severity: `Violation`, `Warning` or `Info`.
        focus: The node that the finding is about: a CURIE, a claim's id, or a triple in words.
        shape: CURIE of the shape that it breaks.
        message: What to do.
        value: The value that breaks it; empty where there is none.
        path: IRI of the property looked at; empty for a rule on the node itself or along several properties.
        component: Local name of SHACL's constraint component.
        focus_term: The focus node as N-Triples has it.
        value_term: The value as N-Triples has it; empty where there is none.
        place: `file:line` where the focus node is edited; empty where that is not known.
    """

    severity: str
    focus: str
    shape: str
    message: str
    value: str = ""
    path: str = ""
    component: str = ""
    focus_term: str = ""
    value_term: str = ""
    place: str = ""

    def order(self) -> tuple[int, object, str, str, str]:
        """Return the sorting key: the gravest first, then by node as people count, C9 before C10."""
        grave = _SEVERITIES.index(self.severity) if self.severity in _SEVERITIES else len(_SEVERITIES)
        return grave, oxigraph.natural(ox.Literal(self.focus)), self.shape, self.value, self.component

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        value = f" Found: {self.value}." if self.value else ""
        return f"{where}{self.focus}: {self.message}{value} [{self.severity}, {self.shape}]"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a validation.

    Attributes:
        results: The findings, the gravest first.
        unused: CURIEs of shapes that met no node: they say nothing about this graph.
        engine: Name of the engine that ran.
        triples: How many triples it saw.
        met: How many shapes with a target met a node.

    >>> report = Report((Result("Warning", "DOID:1", "ckgsh:X", "Say so."),))
    >>> report.conforms, report.violations
    (False, ())
    >>> print(report.to_text())
    DOID:1: Say so. [Warning, ckgsh:X]
    """

    results: tuple[Result, ...]
    unused: tuple[str, ...] = ()
    engine: str = ""
    triples: int = 0
    met: int = 0

    @property
    def conforms(self) -> bool:
        """Whether there is no result at all, as SHACL has it: a warning is one."""
        return not self.results

    @property
    def violations(self) -> tuple[Result, ...]:
        """Return the results of the severity Violation."""
        return tuple(result for result in self.results if result.severity == "Violation")

    def located(self, places: Mapping[str, str]) -> Report:
        """Return the report with the place of each focus node that is in the mapping, or that is a part of one.

        >>> report = Report((Result("Violation", "CKG-C9-ev1", "ckgsh:X", "Do."),))
        >>> report.located({"CKG-C9": "a.yaml:3"}).results[0].place
        'a.yaml:3'
        """
        return replace(
            self,
            results=tuple(
                replace(result, place=places.get(result.focus) or places.get(_whole(result.focus), ""))
                for result in self.results
            ),
        )

    def to_text(self) -> str:
        """Return one line for each result."""
        return "\n".join(map(str, self.results))

    def to_json(self) -> str:
        """Return the report as JSON, without the terms in N-Triples."""
        shown = ("severity", "focus", "shape", "message", "value", "path", "component", "place")
        content = {
            "conforms": self.conforms,
            "violations": len(self.violations),
            "engine": self.engine,
            "triples": self.triples,
            "results": [{key: getattr(result, key) for key in shown} for result in self.results],
            "met": self.met,
            "unused": list(self.unused),
        }
        return json.dumps(content, ensure_ascii=False, indent=2)

    def to_turtle(self) -> str:
        """Return the report as SHACL's own `sh:ValidationReport`."""
        head = ox.BlankNode("report")
        kind = ox.NamedNode(expand("rdf:type"))
        triples = [
            ox.Triple(head, kind, _term("ValidationReport")),
            ox.Triple(head, _term("conforms"), ox.Literal(self.conforms)),
        ]
        for number, result in enumerate(self.results, 1):
            node = ox.BlankNode(f"result{number}")
            facts = {
                "focusNode": _parsed(result.focus_term),
                "resultSeverity": _term(result.severity),
                "sourceShape": ox.NamedNode(BASE + "shape/" + result.shape.removeprefix("ckgsh:")),
                "sourceConstraintComponent": _term(result.component),
                "resultMessage": ox.Literal(result.message, language="en"),
                "resultPath": ox.NamedNode(result.path) if result.path else None,
                "value": _parsed(result.value_term),
            }
            triples += [ox.Triple(head, _term("result"), node), ox.Triple(node, kind, _term("ValidationResult"))]
            triples += [ox.Triple(node, _term(key), fact) for key, fact in facts.items() if fact is not None]
        prefixes = {"sh": _SH, "ckgsh": BASE + "shape/", "claim": BASE + "claim/"}
        content = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
        return (content or b"").decode()


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SH + name)


def _parsed(term: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
    """Return a term that N-Triples has written."""
    if not term:
        return None
    line = f"<a:a> <a:a> {term} ."
    found = next(iter(ox.parse(line, format=ox.RdfFormat.N_TRIPLES))).object
    return None if isinstance(found, ox.Triple) else found


def _whole(focus: str) -> str:
    """Return the id of the claim that a node is a part of."""
    return focus.partition("-ev")[0].partition("-hedge")[0]
