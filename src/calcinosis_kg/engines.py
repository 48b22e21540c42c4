"""The SHACL engines: triples and shapes in, findings out, each engine's manners kept inside.

| engine | manners |
|---|---|
| pySHACL 0.40 | the reference; writes into the shapes graph, calls warnings non-conforming; slow on big graphs |
| shacl 0.3.4 | optional (extra `fast`), pinned; 120 times as fast; young, no wheel for linux-aarch64 |
"""

from __future__ import annotations

import importlib.util
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import oxigraph
from calcinosis_kg.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


_DECLARE = ox.NamedNode("http://www.w3.org/ns/shacl#declare")
_IMPORTS = ox.NamedNode("http://www.w3.org/2002/07/owl#imports")

SMALL = 20_000
"""Up to so many triples `auto` takes pySHACL, the reference: more take it over ten seconds (benchmarks/README.md)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One result as an engine gives it: terms as N-Triples, IRIs of shape, severity and component without brackets."""

    focus: str
    shape: str
    severity: str
    component: str
    message: str
    path: str
    value: str


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine: the library it needs, and what makes a SHACL report of data and shapes with it."""

    library: str
    report: Callable[[Iterable[ox.Quad], Iterable[ox.Quad]], Iterable[ox.Quad]]

    def run(self, data: Iterable[ox.Quad], rules: Iterable[ox.Quad]) -> list[Finding]:
        """Return the results of its report on the data."""
        return list(_findings(self.report(data, rules)))

    def installed(self) -> bool:
        """Whether its library is there."""
        return importlib.util.find_spec(self.library) is not None


def _pyshacl(data: Iterable[ox.Quad], rules: Iterable[ox.Quad]) -> list[ox.Quad]:
    import pyshacl  # noqa: PLC0415 - half a second; only `validate` needs it

    facts, shapes = oxigraph.to_graph(data), oxigraph.to_graph(_with_prefixes(rules))
    try:
        _, report, _ = pyshacl.validate(facts, shacl_graph=shapes, inplace=True, advanced=False)
    except Exception as error:  # noqa: BLE001 - rdflib's own come through too, as bare `Exception` some of them
        report = error
    if isinstance(report, Exception):  # a failure of validation is returned, not raised
        raise _refused("pySHACL", report) from report
    return oxigraph.to_ox(report)


def _refused(engine: str, error: Exception) -> InputError:
    """Return what an engine says of the shapes as an error of the user's, the first line of it."""
    said = (str(error).splitlines() or [type(error).__name__])[0].partition(': expected one of "')[0].rstrip(".")
    return InputError(f"{engine} cannot use the shapes: {said}", "Mend the shapes.", "shapes")


def _with_prefixes(rules: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the shapes with each `sh:declare` on the nodes that import it too: pySHACL does not follow imports."""
    found = list(rules)
    declared: dict[object, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]] = {}
    for quad in found:
        if quad.predicate == _DECLARE:
            declared.setdefault(quad.subject, []).append(quad.object)
    imports = [quad for quad in found if quad.predicate == _IMPORTS]
    for _ in imports:  # as many rounds as the longest chain can have links
        for quad in imports:
            have = declared.setdefault(quad.subject, [])
            new = [prefix for prefix in declared.get(quad.object, []) if prefix not in have]
            have += new
            found += [ox.Quad(quad.subject, _DECLARE, prefix) for prefix in new]
    return found


def _rust(data: Iterable[ox.Quad], rules: Iterable[ox.Quad]) -> list[ox.Quad]:
    try:
        import shacl  # noqa: PLC0415 - optional
    except ImportError as error:
        raise MissingExtraError("shacl", "fast") from error
    with tempfile.TemporaryDirectory() as room:
        facts, shapes = Path(room) / "data.nt", Path(room) / "shapes.nt"
        for path, quads in ((facts, data), (shapes, rules)):
            path.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES) or b"")
        try:
            report = shacl.validate(str(facts), str(shapes))
        except ValueError as error:
            raise _refused("the engine shacl", error) from error
    return list(ox.parse(report.serialize("ntriples"), format=ox.RdfFormat.N_TRIPLES))


def _findings(report: Iterable[ox.Quad]) -> Iterable[Finding]:
    facts: dict[str, dict[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]] = {}
    results = []
    for quad in report:
        name = quad.predicate.value.rpartition("#")[2]
        facts.setdefault(str(quad.subject), {})[name] = quad.object
        if name == "result":
            results.append(str(quad.object))
    for node in results:
        fact = facts[node]
        path = fact.get("resultPath")
        yield Finding(
            focus=str(fact["focusNode"]),
            shape=_iri(fact["sourceShape"]),
            severity=_iri(fact["resultSeverity"]),
            component=_iri(fact["sourceConstraintComponent"]),
            message=str(getattr(fact.get("resultMessage"), "value", "")),
            path=path.value if isinstance(path, ox.NamedNode) else "",
            value=str(fact["value"]) if "value" in fact else "",
        )


def _iri(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


ENGINES = {"pyshacl": Engine("pyshacl", _pyshacl), "shacl": Engine("shacl", _rust)}
"""Name of each engine."""
