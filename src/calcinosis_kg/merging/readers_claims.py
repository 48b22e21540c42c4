"""One statement about a statement in RDF, and the record that it makes: with polarity, standing and evidence.

Our own claims, Biolink associations and reified triples make edges, SSSOM mappings mappings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.merging import records
from calcinosis_kg.merging.readers_cells import truth
from calcinosis_kg.namespaces import GRAPH, SOURCE, VOCABULARY, compress, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Node = ox.NamedNode | ox.BlankNode | ox.Triple

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_BIOLINK = "https://w3id.org/biolink/vocab/"
_SSSOM = "https://w3id.org/sssom/"
_TYPE = _RDF + "type"
_RELATION, _STATUS = VOCABULARY + "relation", VOCABULARY + "claimStatus"
_STANDING, _GIVEN, _RECORD = (VOCABULARY + name for name in ("standing", "qualifiers", "SourceRecord"))
_NEGATED, EVIDENCE = _BIOLINK + "negated", _BIOLINK + "has_evidence"
_CITES = expand("cito:citesAsEvidence")
_ENDS = {end: (_RDF + end, _BIOLINK + end) for end in ("subject", "predicate", "object")}
_MAPPED = tuple(_SSSOM + name for name in ("subject_id", "predicate_id", "object_id"))
_MAPPING = (
    "predicate_modifier", "mapping_justification", "confidence", "subject_label", "object_label",
)  # fmt: skip
MARKS = frozenset({*(name for names in _ENDS.values() for name in names), *_MAPPED})
"""Predicates that make their subject a statement about a statement."""

HEADS = MARKS | {_RELATION, _STATUS, _STANDING, _NEGATED}
_QUALIFIERS = frozenset(
    VOCABULARY + name
    for name in (
        "severityContext", "scope", "regulatoryContext", "routeContext", "underCondition", "context", "stage",
        "locationContext", "target", "aspect", "recommendation", "detail",
    )
)  # fmt: skip
_OF_RECORD = {
    "publications": _BIOLINK + "publications", "knowledge_source": _BIOLINK + "primary_knowledge_source",
}  # fmt: skip
_FREQUENCY, _CURATOR = _BIOLINK + "frequency_qualifier", VOCABULARY + "curator"
_IDENTIFIER = expand("dcterms:identifier")
_SHORTCUTS = {"": "accepted", "reported": "reported", "contested": "contested"}


@dataclass
class Claim:
    """One statement about a statement, put together.

    Attributes:
        node: What it is called.
        parts: Predicate to its objects.
        graph: The named graph that it was found in; empty for the default graph.
        lines: Node to the quads of lines of evidence, its own and others.
        shortcuts: Graphs in which its plain triple was seen.
    """

    node: Node
    parts: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]
    graph: str
    lines: Mapping[Node, list[tuple[int, ox.Quad]]]
    shortcuts: set[str]

    @property
    def is_mapping(self) -> bool:
        """Whether it is a SSSOM mapping."""
        return any(name in self.parts for name in _MAPPED)

    def fault(self) -> str:
        """Return why it makes no record, or nothing."""
        ends = (
            {name.rpartition("/")[2]: self.parts.get(name, []) for name in _MAPPED} if self.is_mapping else self._ends()
        )
        for end, values in ends.items():
            if len(set(values)) != 1:
                return f"has {'no' if not values else 'more than one'} {end}. Give it one."
            if not isinstance(values[0], ox.NamedNode):
                return f"has a {end} that is no IRI. Give it one."
        if self.is_mapping:
            modified = [value_of(value) for value in self.parts.get(_SSSOM + "predicate_modifier", ())]
            return "" if all(map(_is_not, modified)) else "has an unknown predicate modifier. Write Not."
        if len(set(self.parts.get(_NEGATED, ()))) > 1 or any(
            truth(value_of(v)) is None for v in self.parts.get(_NEGATED, ())
        ):
            return "has a biolink:negated that is neither true nor false. Write one."
        ours = any(value_of(value) == VOCABULARY + "Claim" for value in self.parts.get(_TYPE, ()))
        statuses = set(self.parts.get(_STATUS, ()))
        several = len(statuses) > 1 or len(set(self.parts.get(_STANDING, ()))) > 1
        if several or (ours and not statuses):
            return f"has {'more than one' if several else 'no'} status. Give it one."
        return ""

    def may_be_denied(self) -> bool:
        """Whether nothing says that it is affirmed, so that what was not read could deny it."""
        return _SSSOM + "predicate_modifier" not in self.parts if self.is_mapping else _NEGATED not in self.parts

    def _ends(self) -> dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]:
        found = {end: [v for name in names for v in self.parts.get(name, ())] for end, names in _ENDS.items()}
        if self.parts.get(_RELATION):
            found["predicate"] = self.parts[_RELATION]
        return found

    def mapping(self) -> dict[str, str]:
        """Return the cells of a mapping record."""
        cells = {name.removeprefix(_SSSOM): value_of(self.parts[name][0]) for name in _MAPPED}
        for name in _MAPPING:
            values = self.parts.get(_SSSOM + name, [])
            cells[name] = _short(values[0]) if values else ""
        cells["predicate_modifier"] = "Not" if cells["predicate_modifier"] else ""
        used = {*_MAPPED, *(_SSSOM + name for name in _MAPPING), _TYPE}
        return cells | {"rest": self._rest(used)}

    def edges(self) -> list[dict[str, str | bool]]:
        """Return the cells of its edge records: of a merged statement as many as it has source records, else one."""
        cells = self.edge()
        lines = sorted(self._lines(), key=str)
        found = [line for line in lines if _RECORD in map(value_of, self._values(line, _TYPE))]
        return [{**cells, **self._record(line)} for line in found] or [cells]

    def _record(self, line: Node) -> dict[str, str]:
        """Return the cells that a source record has of its own."""

        def one(name: str) -> str:
            return "|".join(sorted(self._of(line, name)))

        codes = [code for code in self._of(line, _TYPE) if code.startswith("ECO:")]
        used = {_TYPE, EVIDENCE, *_OF_RECORD.values(), _FREQUENCY, _CURATOR, _IDENTIFIER}
        rest: dict[str, list[str]] = {}
        for _, quad in self.lines[line]:
            if quad.predicate.value not in used:
                rest.setdefault(compress(quad.predicate.value), []).append(_exact(quad.object))
        graphs = {value_of(quad.graph_name) for _, quad in self.lines[line]}
        beside = sorted(graphs & self.shortcuts)
        return {
            **{name: records.join(self._of(line, iri)) for name, iri in _OF_RECORD.items()},
            "evidence_codes": records.join([*codes, *self._of(line, EVIDENCE)]),
            "frequency": one(_FREQUENCY), "curator": one(_CURATOR), "record_id": one(_IDENTIFIER),
            "rest": records.canonical({"id": value_of(line), "merged_from": rest, "plain_triple_in": beside}),
        }  # fmt: skip

    def _lines(self) -> list[Node]:
        nodes = dict.fromkeys(node for node in self.parts.get(EVIDENCE, ()) if not isinstance(node, ox.Literal))
        return [node for node in nodes if node in self.lines]

    def edge(self) -> dict[str, str | bool]:
        """Return the cells of an edge record."""
        ends = {end: value_of(values[0]) for end, values in self._ends().items()}
        negated = any(truth(value_of(value)) for value in self.parts.get(_NEGATED, ()))
        qualifiers = {
            _key(name): records.join(map(_short, values))
            for name, values in self.parts.items()
            if name in _QUALIFIERS or (name.startswith(_BIOLINK) and _is_qualifier(name))
        }
        hedged = [_short(value) for value in self.parts.get(VOCABULARY + "modality", ())]
        if any(value.endswith("hedged") for value in hedged):
            qualifiers["modality"] = "hedged"
        lines = self._lines()
        cited = [value for line in lines for value in self._of(line, _CITES)]
        cited += [_short(value) for value in self.parts.get(_BIOLINK + "publications", ())]
        codes = [code for line in lines for code in self._of(line, _TYPE) if code.startswith("ECO:")]
        codes += [_short(value) for value in self.parts.get(EVIDENCE, ()) if value not in lines]
        most = [value_of(value) for value in self.parts.get(VOCABULARY + "maxPercentage", ())]
        sources = self.parts.get(_BIOLINK + "primary_knowledge_source") or self.parts.get(
            expand("prov:wasDerivedFrom"), []
        )
        used = {name for names in _ENDS.values() for name in names} - (
            {_RDF + "predicate"} if _RELATION in self.parts else set()
        )
        used |= {
            _RELATION,
            _STATUS,
            _STANDING,
            _GIVEN,
            _NEGATED,
            EVIDENCE,
            _BIOLINK + "publications",
            VOCABULARY + "maxPercentage",
        }
        used |= {name for name in self.parts if name in _QUALIFIERS or _key(name) in qualifiers}
        canonical = records.canonical(qualifiers)
        return {
            **ends,
            "negated": negated,
            "qualifiers": "".join(sorted({value_of(value) for value in self.parts.get(_GIVEN, ())})) or canonical,
            "standing": _standing([*self.parts.get(_STATUS, ()), *self.parts.get(_STANDING, ())]),
            "publications": records.join(cited),
            "evidence_codes": records.join(codes),
            "knowledge_source": records.join(map(_short, sources)),
            "frequency": f"<={most[0]}%" if most else "",
            "record_id": compress(value_of(self.node)) if isinstance(self.node, ox.NamedNode) else str(self.node),
            "rest": self._rest(used, lines),
        }

    def _of(self, node: Node, predicate: str) -> list[str]:
        return [_short(value) for value in self._values(node, predicate)]

    def _values(self, node: Node, predicate: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
        return [quad.object for _, quad in self.lines[node] if quad.predicate.value == predicate]

    def _rest(self, used: set[str], lines: Iterable[Node] = ()) -> str:
        """Return whatever no column has, and of each line of evidence which way it points and what it cites."""
        rest: dict[str, object] = {
            compress(name): sorted(map(_exact, values)) for name, values in self.parts.items() if name not in used
        }
        evidence = [
            {
                "id": _short(line),
                "cites": sorted(self._of(line, _CITES)),
                **{
                    name: "|".join(sorted(_local(v) for v in self._of(line, VOCABULARY + name)))
                    for name in ("direction", "directness", "basis")
                },
            }
            for line in lines
        ]
        rest["evidence"] = sorted(evidence, key=lambda part: str(part["id"]))
        rest["graph"] = self.graph
        if not self.is_mapping:
            rest["plain_triple_in"] = sorted(self.shortcuts)
        return records.canonical(rest)


def shortcut_graphs(parts: dict[str, list[ox.Quad]]) -> set[str]:
    """Return the graphs where a plain triple is a claim's shortcut: that of its status; if accepted, also no graph."""
    standing = _standing(quad.object for name in (_STATUS, _STANDING) for quad in parts.get(name, ()))
    denied = any(truth(value_of(quad.object)) is not False for quad in parts.get(_NEGATED, ()))
    if denied or standing not in _SHORTCUTS:
        return set()
    found = {GRAPH + _SHORTCUTS[standing]} | ({""} if not standing else set())
    if not standing:
        graphs = {quad.graph_name for quad in parts.get(_NEGATED, ())}
        found |= {name.value for name in graphs if isinstance(name, ox.NamedNode) and name.value.startswith(SOURCE)}
    return found


def _is_not(modifier: str) -> bool:
    return modifier.strip().lower() in ("", "not") or modifier == _SSSOM + "NegatedPredicate"


def triples(parts: dict[str, list[ox.Quad]]) -> list[tuple[str, str, str]]:
    """Return the plain triples that a statement may have beside it: with the relation, and with the predicate."""

    def of(*names: str) -> list[str]:
        return [value_of(quad.object) for name in names for quad in parts.get(name, ())]

    ways = [*of(*_ENDS["predicate"]), *of(_RELATION)]
    return [(s, p, o) for s in of(*_ENDS["subject"]) for p in ways for o in of(*_ENDS["object"])]


def _standing(values: Iterable[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]) -> str:
    found = "|".join(sorted({_local(value_of(value)) for value in values}))
    return "" if found == "accepted" else found


def _local(iri: str) -> str:
    return iri.rpartition("/")[2].rpartition(":")[2]


def _key(name: str) -> str:
    return name.removeprefix(_BIOLINK) if name.startswith(_BIOLINK) else compress(name)


def _is_qualifier(name: str) -> bool:
    return name.endswith(("_qualifier", "/qualified_predicate", "/clinical_approval_status"))


def value_of(term: object) -> str:
    """Return the IRI, label or text of a term."""
    return str(term.value) if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else str(term)


def _short(term: object) -> str:
    return compress(term.value) if isinstance(term, ox.NamedNode) else value_of(term)


def _exact(term: object) -> str:
    """Return a term so that nothing of it is lost: a literal with language or datatype in N-Triples."""
    if isinstance(term, ox.Literal) and (term.language or not term.datatype.value.endswith("#string")):
        return str(term)
    return _short(term)
