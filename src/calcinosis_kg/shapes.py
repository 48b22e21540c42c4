"""Holds a graph against the SHACL shapes of the folder `shapes/`.

Which graph the shapes see is told in `flattened`. A finding is data: nothing is raised for it.

pySHACL is the reference engine. It writes into the shapes graph that it is given, and it calls a graph with
warnings non-conforming; here shapes are parsed afresh each time, and `violations` is told apart from `conforms`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import oxigraph
from calcinosis_kg.engines import ENGINES, SMALL, Finding
from calcinosis_kg.errors import InputError
from calcinosis_kg.flattened import SHAPE, prepared, words
from calcinosis_kg.namespaces import compress, expand
from calcinosis_kg.reports import Report, Result
from calcinosis_kg.resources import folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import rdflib

_SH = "http://www.w3.org/ns/shacl#"
_TYPE, _SUBCLASS = ox.NamedNode(expand("rdf:type")), ox.NamedNode(expand("rdfs:subClassOf"))
_TARGETS = {ox.NamedNode(_SH + name) for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")}


def validate(graph: rdflib.Graph | Iterable[ox.Quad], *, engine: str = "auto", shapes: Path | None = None) -> Report:
    """Return what the shapes find in a graph; the graph is not changed.

    Args:
        graph: An rdflib graph or dataset, or quads.
        engine: `pyshacl`, `shacl` (the extra `fast`), or `auto`: pySHACL, but for a big graph the fast one if it
            is installed.
        shapes: A folder of Turtle files; default: the shipped shapes.

    Raises:
        InputError: The shapes cannot be read, or use a word that SHACL does not have.
        MissingExtraError: The engine asked for is not installed.

    >>> report = validate([])
    >>> report.conforms, len(report.violations), "ckgsh:Claim" in report.unused
    (True, 0, True)
    """
    data = prepared(_quads(graph))
    rules = read(shapes or folder("shapes"))
    if engine != "auto" and engine not in ENGINES:
        raise InputError(f"unknown engine '{engine}'", f"Use one of: auto, {', '.join(ENGINES)}.")
    name = engine
    if engine == "auto":
        name = "shacl" if len(data) > SMALL and ENGINES["shacl"].installed() else "pyshacl"
    unused, met = _unused(data, rules)
    findings = ENGINES[name].run(data, rules)
    said = words(data, {term for finding in findings for term in (finding.focus, finding.value)})
    results = {_result(finding, said) for finding in findings}
    return Report(tuple(sorted(results, key=Result.order)), unused, name, len(data), met)


def _quads(graph: rdflib.Graph | Iterable[ox.Quad]) -> list[ox.Quad]:
    import rdflib  # noqa: PLC0415 - the engines need it anyway

    return oxigraph.to_ox(graph) if isinstance(graph, rdflib.Graph) else list(graph)


def read(root: Path) -> list[ox.Quad]:
    """Return the triples of the shapes in the Turtle files of a folder.

    Raises:
        InputError: No such folder, no file in it, a file that is badly written, a word that SHACL does not have.
    """
    files = sorted(root.glob("*.ttl"))
    if not files:
        raise InputError("has no Turtle file with shapes", "Give a folder of *.ttl files.", str(root))
    found = []
    for path in files:
        for quad in oxigraph.parse(path):
            for term in (quad.predicate, quad.object):
                word = term.value if isinstance(term, ox.NamedNode) else ""
                if word.startswith(_SH) and not _is_word(word):
                    problem = f"SHACL has no 'sh:{word.removeprefix(_SH)}', so it would check nothing"
                    raise InputError(problem, "Check the spelling.", str(path))
            found.append(quad)
    return found


@cache
def _is_word(iri: str) -> bool:
    import rdflib  # noqa: PLC0415 - only for its list of SHACL's words

    return rdflib.URIRef(iri) in rdflib.SH


def _result(finding: Finding, said: dict[str, str]) -> Result:
    focus = said.get(finding.focus) or _short(finding.focus)
    return Result(
        severity=finding.severity.rpartition("#")[2],
        focus=focus,
        shape=_short(f"<{finding.shape}>"),
        message=finding.message,
        value="" if finding.value == finding.focus else said.get(finding.value) or _short(finding.value),
        path=finding.path,
        component=finding.component.rpartition("#")[2],
        focus_term=finding.focus,
        value_term=finding.value,
    )


def _short(term: str) -> str:
    """Return an IRI as CURIE, and other terms as N-Triples has them."""
    if not term.startswith("<"):
        return term
    iri = term[1:-1]
    return f"ckgsh:{iri.removeprefix(SHAPE)}" if iri.startswith(SHAPE) else compress(iri)


def _unused(data: Iterable[ox.Quad], rules: Iterable[ox.Quad]) -> tuple[tuple[str, ...], int]:
    """Return the shapes whose targets are met by no node, and the number of the others."""
    above: dict[object, list[object]] = {}
    met: dict[str, set[object]] = {"targetSubjectsOf": set(), "targetObjectsOf": set(), "targetNode": set()}
    types: set[object] = set()
    for quad in data:
        met["targetSubjectsOf"].add(quad.predicate)
        met["targetNode"] |= {quad.subject, quad.object}
        if quad.predicate == _TYPE:
            types.add(quad.object)
        elif quad.predicate == _SUBCLASS:
            above.setdefault(quad.subject, []).append(quad.object)
    met["targetObjectsOf"] = met["targetSubjectsOf"]
    waiting = list(types)
    while waiting:
        new = set(above.get(waiting.pop(), ())) - types
        types |= new
        waiting += new
    met["targetClass"] = types
    hit: dict[str, bool] = {}
    for quad in rules:
        if quad.predicate in _TARGETS:
            shape = _short(str(quad.subject))
            hit[shape] = hit.get(shape, False) or quad.object in met[quad.predicate.value.removeprefix(_SH)]
    return tuple(sorted(shape for shape, was in hit.items() if not was)), sum(hit.values())
