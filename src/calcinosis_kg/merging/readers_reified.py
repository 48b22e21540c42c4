"""The statements about statements of one RDF file: told from the rest, gathered, and said.

A plain triple that the same file has for an accepted, reported or contested claim is that claim's shortcut, and no
second record.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.merging import records
from calcinosis_kg.merging.readers_claims import (
    EVIDENCE,
    HEADS,
    MARKS,
    Claim,
    Node,
    shortcut_graphs,
    triples,
    value_of,
)
from calcinosis_kg.namespaces import compress

if TYPE_CHECKING:
    from calcinosis_kg.merging.readers_sheaf import Sheaf


_LOST = "stands in what cannot be read to its end, so that its polarity may be lost. Mend the file."


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
        if predicate in HEADS:
            self.heads[quad.subject][predicate].append(quad)
        elif predicate == EVIDENCE and not isinstance(quad.object, ox.Literal):
            self.evidence.add(quad.object)

    def settle(self) -> None:
        """Say which nodes are statements, and which plain triples their shortcuts, when the first reading is over."""
        for node in [node for node, parts in self.heads.items() if MARKS.isdisjoint(parts)]:
            del self.heads[node]
        for parts in self.heads.values():
            graphs = shortcut_graphs(parts)
            for triple in triples(parts) if graphs else ():
                self._ways.add(triple[1])
                self._covered |= {(*triple, graph) for graph in graphs}

    def shortcuts(self, node: Node) -> set[str]:
        """Return the graphs in which the plain triple of a claim was seen, as far as it is its shortcut."""
        parts = self.heads[node]
        graphs = shortcut_graphs(parts)
        return {graph for triple in triples(parts) for graph in self.plain.get(triple, ()) if graph in graphs}

    def takes(self, number: int, quad: ox.Quad) -> bool:
        """Whether a quad belongs to a statement; it is kept until `say`."""
        if quad.subject in self.heads or quad.subject in self.evidence:
            self.found[quad.subject].append((number, quad))
            return True
        if quad.predicate.value not in self._ways:
            return False
        triple = (value_of(quad.subject), quad.predicate.value, value_of(quad.object))
        graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
        if (*triple, graph) in self._covered and isinstance(quad.object, ox.NamedNode):
            self.plain[triple].add(graph)
            return True
        return False

    def say(self, sheaf: Sheaf, doubtful: set[Node], *, cut: bool = False) -> list[tuple[int, str, str]]:
        """Add the records of all statements; return those that make none: number, reason, text.

        Args:
            sheaf: Where records go.
            doubtful: Nodes beside something that could not be parsed.
            cut: Whether the file was not read to its end.
        """
        wrong = []
        for node, quads in self.found.items():
            if node not in self.heads:
                continue
            number = quads[0][0]
            parts: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]] = defaultdict(list)
            for _, quad in quads:
                parts[quad.predicate.value].append(quad.object)
            graph = quads[0][1].graph_name
            name = value_of(graph) if isinstance(graph, ox.NamedNode) else ""
            claim = Claim(node, parts, name, self.found, self.shortcuts(node))
            lost = node in doubtful or (cut and claim.may_be_denied())
            why = _LOST if lost else claim.fault()
            if why:
                wrong.append((number, f"{compress(value_of(node))} {why}", " ".join(f"{quad} ." for _, quad in quads)))
            elif claim.is_mapping:
                sheaf.add(records.MAPPINGS, number, **claim.mapping())
            else:
                for cells in claim.edges():
                    sheaf.add(records.EDGES, number, **cells)
        for number, quad in [pair for node, quads in self.found.items() if node not in self.heads for pair in quads]:
            sheaf.add(records.CARRIED, number, quad=f"{quad} .")
        return wrong
