"""Writes JSON-LD 1.1 that reads like plain JSON, shortened by the shipped context, which it carries along.

Nothing is fetched to read the result. Blank nodes are nested, lists are arrays, numbers and booleans are those
of JSON where nothing is lost by it, and the keys stand in the order in which a person looks for them. A value whose
type or language differs from that of the context's term stands under the CURIE of its property instead, so that
every value is read back as it was.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from calcinosis_kg import nesting, oxigraph
from calcinosis_kg.errors import FormatError
from calcinosis_kg.namespaces import CLAIM, compress, expand
from calcinosis_kg.resources import folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from calcinosis_kg.nesting import Node, Term

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGER = re.compile("0|-?[1-9][0-9]{0,14}")
"""Integers that are the same number, and the same text, in every reader of JSON."""

_KEYS = (
    "@context", "id", "type", "label", "subject", "relation", "predicate", "object",
    "negated", "modality", "claimStatus", "start", "end",
)  # fmt: skip


class _Key(NamedTuple):
    """A key of an object: its name, and the type or language of its strings."""

    name: str
    type: str = ""
    language: str = ""


def write(quads: Iterable[ox.Quad]) -> str:
    """Return JSON-LD of quads.

    >>> from calcinosis_kg.sheets import iri, text
    >>> quad = ox.Quad(iri("DOID:182"), iri("rdfs:label"), text("calcinosis"))
    >>> json.loads(write([quad]))["@graph"]
    [{'id': 'DOID:182', 'label': 'calcinosis'}]

    Raises:
        FormatError: An IRI would be read as a CURIE, or there are triple terms of RDF 1.2.
    """
    given = list(dict.fromkeys(quads))
    for term in {term for quad in given for term in quad}:
        _refuse_unsayable(term)
    nested = nesting.find(given)
    graphs: dict[ox.NamedNode | ox.BlankNode | ox.DefaultGraph, list[ox.Quad]] = defaultdict(list)
    for quad in given:
        graphs[quad.graph_name].append(quad)
    nodes = _Page(graphs.pop(ox.DefaultGraph(), []), nested).nodes()
    for name in sorted(graphs, key=str):
        nodes.append({"id": _id(name), "@graph": _Page(graphs[name], nested).nodes()})
    return json.dumps({"@context": _context(), "@graph": nodes}, ensure_ascii=False, indent=1) + "\n"


def _refuse_unsayable(term: Term | ox.DefaultGraph) -> None:
    if not isinstance(term, ox.NamedNode):
        return
    scheme = term.value.partition(":")[0]
    if scheme in _context():
        problem = f"in JSON-LD the IRI <{term.value}> would be read as a CURIE"
        raise FormatError(problem, "Write it in full, or use another format.")
    if _id(term) != term.value and _id(term).partition(":")[2].startswith("//"):
        raise FormatError(f"JSON-LD cannot shorten the IRI <{term.value}>", "Use another format.")


@cache
def _context() -> dict[str, Any]:
    text = (folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["@context"]
    return found


@cache
def _terms() -> dict[str, _Key]:
    """Return the keys that the context defines, by the IRI of their property or class."""
    found = {}
    for name, entry in _context().items():
        if isinstance(entry, dict) and "@prefix" not in entry:
            kind = entry.get("@type", "")
            full = kind if kind.startswith("@") or not kind else expand(kind)
            found[expand(entry["@id"])] = _Key(name, full, entry.get("@language", ""))
    return found


@cache
def _arrays() -> frozenset[str]:
    """Return the keys whose values are an array, be there only one."""
    return frozenset(
        name for name, entry in _context().items() if isinstance(entry, dict) and entry.get("@container") == "@set"
    )


def _id(term: object) -> str:
    """Return an identifier as the context shortens it."""
    if not isinstance(term, ox.NamedNode):
        return str(term)
    return f"claim:{term.value.removeprefix(CLAIM)}" if term.value.startswith(CLAIM) else compress(term.value)


def _name(iri: str) -> str:
    """Return a class as the context names it."""
    return _terms()[iri].name if iri in _terms() else _id(ox.NamedNode(iri))


class _Page:
    """One graph as JSON."""

    def __init__(self, quads: Sequence[ox.Quad], nested: nesting.Nesting) -> None:
        self._nested = nested
        self._facts: dict[Node, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            self._facts[quad.subject][quad.predicate.value].append(quad.object)

    def nodes(self) -> list[dict[str, Any]]:
        """Return a node object for each subject that is not inside another."""
        outer = sorted((subject for subject in self._facts if subject not in self._nested.inside), key=oxigraph.natural)
        return [{"id": _id(subject), **self._node(subject)} for subject in outer]

    def _node(self, subject: Node) -> dict[str, Any]:
        found: dict[str, list[Any]] = defaultdict(list)
        for predicate, values in self._facts[subject].items():
            for value in sorted(values, key=oxigraph.natural):
                key, content = self._fact(predicate, value)
                found[key.name].append(content)
        ordered = sorted(found, key=lambda name: (_KEYS.index(name) if name in _KEYS else len(_KEYS), name))
        arrays = _arrays()
        return {name: found[name] if name in arrays or len(found[name]) > 1 else found[name][0] for name in ordered}

    def _fact(self, predicate: str, value: Term) -> tuple[_Key, Any]:
        """Return the key under which a value is said exactly, and the value in JSON."""
        if predicate == _TYPE and isinstance(value, ox.NamedNode):
            return _Key("type"), _name(value.value)
        plain = _Key(_id(ox.NamedNode(predicate)))
        key = _terms().get(predicate, plain)
        content = self._value(value, key)
        return (plain, self._value(value, plain)) if content is None else (key, content)

    def _value(self, value: Term, key: _Key) -> Any:  # noqa: ANN401 - JSON
        """Return a value as it is written under a key; None if it would be read back as another."""
        items = self._nested.items(value)
        if items is not None:
            contents = [self._value(item, key) for item in items]
            return None if None in contents else {"@list": contents}
        if isinstance(value, ox.Literal):
            return _literal(value, key)
        if isinstance(value, ox.BlankNode) and value in self._nested.inside:
            return self._node(value)
        return _id(value) if key.type == "@id" else {"id": _id(value)}


def _literal(term: ox.Literal, key: _Key) -> Any:  # noqa: ANN401 - JSON
    """Return a string, number or boolean where it says exactly the same under that key, else a value object."""
    text, datatype = term.value, term.datatype.value
    if key.type or key.language:
        same = key.language == term.language if key.language else key.type == datatype
        return text if same else None
    if term.language:
        return {"@language": term.language, "@value": text}
    if datatype == _XSD + "string":
        return text
    if datatype == _XSD + "boolean" and text in ("true", "false"):
        return text == "true"
    if datatype == _XSD + "integer" and _INTEGER.fullmatch(text):
        return int(text)
    return {"type": _name(datatype), "@value": text}
