"""Which blank nodes can be written inside the node that refers to them, and which of those make a list.

A blank node that is referred to once, from the graph that holds its facts, needs
no name; a cell of a well-formed RDF list needs no line. All others keep their names, cycles among them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Node = ox.NamedNode | ox.BlankNode | ox.Triple
Term = Node | ox.Literal

DEPTH = 50
"""How deep nodes are nested; what lies deeper is named, so that no reader runs out of stack."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FIRST, _REST, _NIL = (ox.NamedNode(_RDF + name) for name in ("first", "rest", "nil"))


@dataclass(frozen=True)
class Nesting:
    """What can be written without a name.

    Attributes:
        inside: The blank nodes that are written where they are referred to.
        cells: The list cells among them: what a cell holds, and the next cell.
    """

    inside: frozenset[ox.BlankNode]
    cells: Mapping[ox.BlankNode, tuple[Term, Term]]

    def items(self, node: object) -> list[Term] | None:
        """Return the members of the list that starts at a node, or None if no nested list starts there."""
        if not isinstance(node, ox.BlankNode) or node not in self.cells:
            return None
        found: list[Term] = []
        cell: Term = node
        while isinstance(cell, ox.BlankNode):
            item, cell = self.cells[cell]
            found.append(item)
        return found


def find(quads: Sequence[ox.Quad]) -> Nesting:
    """Find what can be nested in distinct quads.

    >>> b = ox.BlankNode("b")
    >>> cell = [ox.Quad(b, _FIRST, ox.Literal("x")), ox.Quad(b, _REST, _NIL)]
    >>> find([ox.Quad(_NIL, _FIRST, b), *cell]).items(b)
    [<Literal value=x datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>]

    Raises:
        FormatError: There are triple terms of RDF 1.2.
    """
    facts: dict[Node, list[ox.Quad]] = defaultdict(list)
    references: dict[ox.BlankNode, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.object, ox.Triple):
            raise FormatError(f"there is a triple term of RDF 1.2 ({quad.object})", "Use nt or nq.")
        facts[quad.subject].append(quad)
        if isinstance(quad.object, ox.BlankNode):
            references[quad.object].append(quad)
    names = {quad.graph_name for quad in quads if isinstance(quad.graph_name, ox.BlankNode)}
    candidates = {
        node
        for node, found in references.items()
        if len(found) == 1
        and node in facts
        and node not in names
        and all(quad.graph_name == found[0].graph_name for quad in facts[node])
    }
    cells = dict(_cells(candidates, facts))
    inside = frozenset(_reached(candidates, facts, cells))
    return Nesting(inside, {node: cell for node, cell in cells.items() if node in inside})


def _cells(
    candidates: set[ox.BlankNode], facts: Mapping[Node, list[ox.Quad]]
) -> Iterator[tuple[ox.BlankNode, tuple[Term, Term]]]:
    """Yield the cells from which a list runs on to its end, cells alone."""
    possible: dict[ox.BlankNode, tuple[Term, Term]] = {}
    for node in candidates:
        known = {quad.predicate: quad.object for quad in facts[node]}
        if len(facts[node]) == len(known) and set(known) == {_FIRST, _REST}:
            possible[node] = (known[_FIRST], known[_REST])
    before = {rest: node for node, (_, rest) in possible.items() if isinstance(rest, ox.BlankNode)}
    for end in [node for node, (_, rest) in possible.items() if rest == _NIL]:
        cell: ox.BlankNode | None = end
        while cell is not None:
            yield cell, possible[cell]
            cell = before.get(cell)


def _reached(
    candidates: set[ox.BlankNode],
    facts: Mapping[Node, list[ox.Quad]],
    cells: Mapping[ox.BlankNode, tuple[Term, Term]],
) -> Iterator[ox.BlankNode]:
    """Yield the candidates that hang on a named node, none of them too deep; a list is as deep as its head."""
    waiting: list[tuple[Node, int]] = [(node, 0) for node in facts if node not in candidates]
    while waiting:
        node, depth = waiting.pop()
        for quad in facts[node]:
            value = quad.object
            if not isinstance(value, ox.BlankNode) or value not in candidates:
                continue
            inner = depth + (quad.predicate != _REST or node not in cells)
            if inner <= DEPTH:
                yield value
            waiting.append((value, inner if inner <= DEPTH else 0))
