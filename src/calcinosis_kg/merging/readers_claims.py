"""Statements about statements in RDF: our own claims, Biolink associations, reified triples, SSSOM mappings.

Such a node is one record, with its polarity, its standing and its evidence. A plain triple that the same file has
for an accepted, reported or contested claim is that claim's shortcut, and no second record.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.merging import records
from calcinosis_kg.merging.readers_cells import truth
from calcinosis_kg.namespaces import GRAPH, VOCABULARY, compress, expand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from calcinosis_kg.merging.readers_sheaf import Sheaf

Node = ox.NamedNode | ox.BlankNode | ox.Triple

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_BIOLINK = "https://w3id.org/biolink/vocab/"
_SSSOM = "https://w3id.org/sssom/"
_TYPE = _RDF + "type"
_RELATION, _STATUS = VOCABULARY + "relation", VOCABULARY + "claimStatus"
_NEGATED, _EVIDENCE = _BIOLINK + "negated", _BIOLINK + "has_evidence"
_CITES = expand("cito:citesAsEvidence")
_ENDS = {end: (_RDF + end, _BIOLINK + end) for end in ("subject", "predicate", "object")}
_MAPPED = tuple(_SSSOM + name for name in ("subject_id", "predicate_id", "object_id"))
_MAPPING = (
    "predicate_modifier", "mapping_justification", "confidence", "subject_label", "object_label",
)  # fmt: skip
MARKS = frozenset({*(name for names in _ENDS.values() for name in names), *_MAPPED})
"""Predicates that make their subject a statement about a statement."""

_HEADS = MARKS | {_RELATION, _STATUS, _NEGATED}
_QUALIFIERS = frozenset(
    VOCABULARY + name
    for name in (
        "severityContext", "scope", "regulatoryContext", "routeContext", "underCondition", "context", "stage",
        "locationContext", "target", "aspect", "recommendation", "detail",
    )
)  # fmt: skip
_SHORTCUTS = {"": "accepted", "reported": "reported", "contested": "contested"}


@dataclass
class Statements:
    """What a file says about statements.

    Attributes:
        heads: Node to what makes it a statement: ends, relation, polarity, standing.
        evidence: Nodes that are lines of evidence.
        found: Node to all its quads, each with its number.
        plain: A shortcut's triple and graph, to the graphs that it was seen in.
    """

    heads: dict[Node, dict[str, list[ox.Quad]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    evidence: set[Node] = field(default_factory=set)
    found: dict[Node, list[tuple[int, ox.Quad]]] = field(default_factory=lambda: defaultdict(list))
    plain: dict[tuple[str, str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    _covered: set[tuple[str, str, str, str]] = field(default_factory=set)
    _ways: set[str] = field(default_factory=set)

    def scan(self, quad: ox.Quad) -> None:
        """Note what a quad tells of statements, on the first reading."""
        predicate = quad.predicate.value
        if predicate in _HEADS:
            self.heads[quad.subject][predicate].append(quad)
        elif predicate == _EVIDENCE and not isinstance(quad.object, ox.Literal):
            self.evidence.add(quad.object)

    def settle(self) -> None:
        """Say which nodes are statements, and which plain triples their shortcuts, when the first reading is over."""
        for node in [node for node, parts in self.heads.items() if MARKS.isdisjoint(parts)]:
            del self.heads[node]
        for parts in self.heads.values():
            standing = _standing(quad.object for quad in parts.get(_STATUS, ()))
            denied = any(truth(_value(quad.object)) is not False for quad in parts.get(_NEGATED, ()))
            if standing not in _SHORTCUTS or denied:
                continue
            for triple in _triples(parts):
                self._ways.add(triple[1])
                named = GRAPH + _SHORTCUTS[standing]
                self._covered.add((*triple, named))
                if not standing:
                    self._covered.add((*triple, ""))

    def takes(self, number: int, quad: ox.Quad) -> bool:
        """Whether a quad belongs to a statement; it is kept until `say`."""
        if quad.subject in self.heads or quad.subject in self.evidence:
            self.found[quad.subject].append((number, quad))
            return True
        if quad.predicate.value not in self._ways:
            return False
        triple = (_value(quad.subject), quad.predicate.value, _value(quad.object))
        graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
        if (*triple, graph) in self._covered and isinstance(quad.object, ox.NamedNode):
            self.plain[triple].add(graph)
            return True
        return False

    def say(self, sheaf: Sheaf, doubtful: set[Node]) -> list[tuple[int, str, str]]:
        """Add the records of all statements; return those that make none: number, reason, text."""
        wrong = []
        for node, quads in self.found.items():
            if node not in self.heads:
                continue
            number = quads[0][0]
            parts: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]] = defaultdict(list)
            for _, quad in quads:
                parts[quad.predicate.value].append(quad.object)
            graph = quads[0][1].graph_name
            claim = _Claim(node, parts, graph.value if isinstance(graph, ox.NamedNode) else "", self)
            why = (
                "stands beside what cannot be parsed, so that its polarity may be lost. Mend the file."
                if node in doubtful
                else claim.fault()
            )
            if why:
                wrong.append((number, f"{compress(_value(node))} {why}", " ".join(f"{quad} ." for _, quad in quads)))
            elif claim.is_mapping:
                sheaf.add(records.MAPPINGS, number, **claim.mapping())
            else:
                sheaf.add(records.EDGES, number, **claim.edge())
        for number, quad in [pair for node, quads in self.found.items() if node not in self.heads for pair in quads]:
            sheaf.add(records.CARRIED, number, quad=f"{quad} .")
        return wrong


@dataclass
class _Claim:
    """One statement about a statement, put together."""

    node: Node
    parts: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]
    graph: str
    among: Statements

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
            return ""
        if len(set(self.parts.get(_NEGATED, ()))) > 1 or any(
            truth(_value(v)) is None for v in self.parts.get(_NEGATED, ())
        ):
            return "has a biolink:negated that is neither true nor false. Write one."
        ours = any(_value(value) == VOCABULARY + "Claim" for value in self.parts.get(_TYPE, ()))
        statuses = set(self.parts.get(_STATUS, ()))
        if len(statuses) > 1 or (ours and not statuses):
            return f"has {'no' if not statuses else 'more than one'} status. Give it one."
        return ""

    def _ends(self) -> dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]:
        found = {end: [v for name in names for v in self.parts.get(name, ())] for end, names in _ENDS.items()}
        if self.parts.get(_RELATION):
            found["predicate"] = self.parts[_RELATION]
        return found

    def mapping(self) -> dict[str, str]:
        """Return the cells of a mapping record."""
        cells = {name.removeprefix(_SSSOM): _value(self.parts[name][0]) for name in _MAPPED}
        for name in _MAPPING:
            values = self.parts.get(_SSSOM + name, [])
            cells[name] = _short(values[0]) if values else ""
        cells["predicate_modifier"] = "Not" if "not" in cells["predicate_modifier"].lower() else ""
        used = {*_MAPPED, *(_SSSOM + name for name in _MAPPING), _TYPE}
        return cells | {"rest": self._rest(used)}

    def edge(self) -> dict[str, str | bool]:
        """Return the cells of an edge record."""
        ends = {end: _value(values[0]) for end, values in self._ends().items()}
        negated = any(truth(_value(value)) for value in self.parts.get(_NEGATED, ()))
        qualifiers = {
            _key(name): records.join(map(_short, values))
            for name, values in self.parts.items()
            if name in _QUALIFIERS or (name.startswith(_BIOLINK) and _is_qualifier(name))
        }
        hedged = [_short(value) for value in self.parts.get(VOCABULARY + "modality", ())]
        if any(value.endswith("hedged") for value in hedged):
            qualifiers["modality"] = "hedged"
        lines = [node for node in self.parts.get(_EVIDENCE, ()) if node in self.among.found]
        cited = [value for line in lines for value in self._of(line, _CITES)]
        cited += [_short(value) for value in self.parts.get(_BIOLINK + "publications", ())]
        codes = [code for line in lines for code in self._of(line, _TYPE) if code.startswith("ECO:")]
        codes += [_short(value) for value in self.parts.get(_EVIDENCE, ()) if value not in lines]
        most = [_value(value) for value in self.parts.get(VOCABULARY + "maxPercentage", ())]
        sources = self.parts.get(_BIOLINK + "primary_knowledge_source") or self.parts.get(
            expand("prov:wasDerivedFrom"), []
        )
        used = {name for names in _ENDS.values() for name in names} - (
            {_RDF + "predicate"} if _RELATION in self.parts else set()
        )
        used |= {_RELATION, _STATUS, _NEGATED, _EVIDENCE, _BIOLINK + "publications", VOCABULARY + "maxPercentage"}
        used |= {name for name in self.parts if name in _QUALIFIERS or _key(name) in qualifiers}
        return {
            **ends,
            "negated": negated,
            "qualifiers": records.canonical(qualifiers),
            "standing": _standing(self.parts.get(_STATUS, ())),
            "publications": records.join(cited),
            "evidence_codes": records.join(codes),
            "knowledge_source": records.join(map(_short, sources)),
            "frequency": f"<={most[0]}%" if most else "",
            "record_id": compress(_value(self.node)) if isinstance(self.node, ox.NamedNode) else str(self.node),
            "rest": self._rest(used, lines),
        }

    def _of(self, node: Node, predicate: str) -> list[str]:
        return [_short(quad.object) for _, quad in self.among.found[node] if quad.predicate.value == predicate]

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
            ends = {end: [_value(v) for v in values] for end, values in self._ends().items()}
            ways = {ends["predicate"][0], *(_value(value) for value in self.parts.get(_RDF + "predicate", ()))}
            seen = {
                graph
                for way in ways
                for graph in self.among.plain.get((ends["subject"][0], way, ends["object"][0]), ())
            }
            rest["plain_triple_in"] = sorted(seen)
        return records.canonical(rest)


def _triples(parts: dict[str, list[ox.Quad]]) -> list[tuple[str, str, str]]:
    """Return the plain triples that a statement may have beside it: with the relation, and with the predicate."""
    of = {end: [_value(quad.object) for name in names for quad in parts.get(name, ())] for end, names in _ENDS.items()}
    ways = [*of["predicate"], *(_value(quad.object) for quad in parts.get(_RELATION, ()))]
    return [(s, p, o) for s in of["subject"] for p in ways for o in of["object"]]


def _standing(values: Iterable[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]) -> str:
    found = "|".join(sorted({_local(_value(value)) for value in values}))
    return "" if found == "accepted" else found


def _local(iri: str) -> str:
    return iri.rpartition("/")[2].rpartition(":")[2]


def _key(name: str) -> str:
    return name.removeprefix(_BIOLINK) if name.startswith(_BIOLINK) else compress(name)


def _is_qualifier(name: str) -> bool:
    return name.endswith(("_qualifier", "/qualified_predicate", "/clinical_approval_status"))


def _value(term: object) -> str:
    return str(term.value) if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else str(term)


def _short(term: object) -> str:
    return compress(term.value) if isinstance(term, ox.NamedNode) else _value(term)


def _exact(term: object) -> str:
    """Return a term so that nothing of it is lost: a literal with language or datatype in N-Triples."""
    if isinstance(term, ox.Literal) and (term.language or not term.datatype.value.endswith("#string")):
        return str(term)
    return _short(term)
