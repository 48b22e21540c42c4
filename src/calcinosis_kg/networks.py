"""The causal chain as a graph: layers, loops, paths, and where it breaks off.

A layer is where a node stands on the way, read off the arrows and not off a list: a *cause* leads to a deposit and
nothing leads to it; a *process* has something before it; the *deposit* layer is the deposit and what has one by our
axioms; a *symptom* is a disease or finding that a deposit leads to; a *brake* only holds one of these back. What has
no way to a deposit stands *apart*. Arrows that hold something back make no way.
"""

from __future__ import annotations

import difflib
from collections import defaultdict, deque
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import oxigraph
from calcinosis_kg.causality import DEPOSIT
from calcinosis_kg.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from calcinosis_kg.causality import Arrow

LAYERS = ("cause", "process", "deposit", "symptom", "brake", "apart")
"""Where a node stands, in the order of the chain."""

MECHANISM = ("cause", "mechanism", "symptom")
"""Kinds of claim that tell how calcinosis comes about and what comes of it; the others are about dealing with it."""

MOST_PATHS = 100
"""Paths shown between two nodes, the shortest first."""

Path = tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """Arrows between nodes, and what can be read off them.

    Attributes:
        arrows: In the order of claims; axioms last.
        labels: Label of each node and relation, by CURIE.
        deposits: The deposit and what has one by our axioms.
        conditions: The diseases and findings among the nodes.
        unreached: Findings that claims speak of and no arrow reaches.
        denied: Refuted and negated claims of the document between nodes: never arrows, and worth saying.
    """

    arrows: tuple[Arrow, ...]
    labels: Mapping[str, str]
    deposits: frozenset[str]
    conditions: frozenset[str]
    unreached: Path
    denied: tuple[Arrow, ...]

    @cached_property
    def nodes(self) -> Path:
        """Every end of an arrow, in the order of people."""
        return tuple(sorted({end for arrow in self.arrows for end in (arrow.cause, arrow.effect)}, key=order))

    @cached_property
    def layers(self) -> Mapping[str, str]:
        """Node to layer."""
        onward, backward = _neighbours(self.arrows, ways=True), _neighbours(self.arrows, ways=True, backward=True)
        before, after = _reached(self.deposits, backward), _reached(self.deposits, onward)
        found: dict[str, str] = {}
        for node in self.nodes:
            if node in self.deposits:
                found[node] = "deposit"
            elif node in before:
                found[node] = "process" if node in backward else "cause"
            elif node in after & self.conditions:
                found[node] = "symptom"
        brakes = {arrow.cause for arrow in self.arrows if arrow.influence == "lowers" and arrow.effect in found}
        for node in self.nodes:
            found.setdefault(node, "brake" if node in brakes else "apart")
        return found

    @cached_property
    def loops(self) -> tuple[Path, ...]:
        """Every way that returns to its start, each once, shortest first; it starts at the deposit if it meets it."""
        onward = _neighbours(self.arrows)
        found: list[Path] = []
        ranks = sorted(self.nodes, key=lambda node: (node != DEPOSIT, order(node)))
        for place, node in enumerate(ranks):
            later = frozenset(ranks[place:])
            kept = {cause: [end for end in ends if end in later] for cause, ends in onward.items() if cause in later}
            found += _ways(kept, node, node)
        return tuple(sorted(found, key=len))

    def paths(self, start: str, end: str) -> tuple[Path, ...]:
        """Return the ways between two nodes, shortest first, at most `MOST_PATHS`; none meets a node twice.

        From a node to itself that is the loops through it.
        """
        found = []
        for way in _ways(_neighbours(self.arrows), start, end):
            found.append(way)
            if len(found) == MOST_PATHS:
                break
        return tuple(found)

    def between(self, cause: str, effect: str) -> tuple[Arrow, ...]:
        """Return the arrows from one node to the next."""
        return tuple(arrow for arrow in self.arrows if (arrow.cause, arrow.effect) == (cause, effect))

    def part(self, start: str = "", end: str = "") -> tuple[Arrow, ...]:
        """Return the arrows on a way from a node, to a node, or between two.

        Raises:
            QueryError: A node has no arrow.
        """
        for node in filter(None, (start, end)):
            self.check(node)
        if start and end:
            steps = {step for way in self.paths(start, end) for step in pairwise(way)}
            return tuple(arrow for arrow in self.arrows if (arrow.cause, arrow.effect) in steps)
        if not start and not end:
            return self.arrows
        reached = _reached((start or end,), _neighbours(self.arrows, backward=bool(end)))
        return tuple(arrow for arrow in self.arrows if (arrow.cause if start else arrow.effect) in reached)

    def check(self, node: str) -> None:
        """Pass a node over if it has an arrow.

        Raises:
            QueryError: It has none; the message has the nodes that look like it.
        """
        if node in self.nodes:
            return
        known = f"'{node}' ({self.labels[node]})" if node in self.labels else f"'{node}'"
        names = {name.casefold(): one for one in self.nodes for name in (one, self.labels.get(one, one))}
        wanted = self.labels.get(node, node).casefold()
        near = [wanted] if wanted in names else difflib.get_close_matches(wanted, names, 3)
        if wanted not in names:
            near += [name for name in sorted(names) if wanted in name and name not in near][: 3 - len(near)]
        shown = ", ".join(dict.fromkeys(f"{names[name]} ({self.labels.get(names[name], '')})" for name in near))
        remedy = f"Did you mean {shown}?" if shown else "Look for it with 'calcinosis-kg chain'."
        raise QueryError(f"{known} has no causal arrow of the statuses asked for", remedy)

    @cached_property
    def dead_ends(self) -> Path:
        """Nodes that lead on, or are led to, and yet have no way to a deposit and are no symptom of one."""
        ends = {end for arrow in self.arrows if arrow.influence != "lowers" for end in (arrow.cause, arrow.effect)}
        return tuple(node for node in self.nodes if node in ends and self.layers[node] == "apart")

    @cached_property
    def broken_off(self) -> Path:
        """Those of the dead ends that a claim on a cause, a mechanism or a symptom leads to or from."""
        ends = {end for arrow in self.arrows if arrow.kind in MECHANISM for end in (arrow.cause, arrow.effect)}
        return tuple(node for node in self.dead_ends if node in ends)

    @cached_property
    def unexplained(self) -> Path:
        """Symptoms that a disease shows as, while no causal arrow says what they come of."""
        told = {arrow.effect for arrow in self.arrows if arrow.influence in ("raises", "open")}
        return tuple(node for node in self.nodes if self.layers[node] == "symptom" and node not in told)


def order(curie: str) -> tuple[list[tuple[int, str]], str]:
    """Return a sorting key: C9 before C10."""
    return oxigraph.natural(ox.Literal(curie))


def _neighbours(arrows: Iterable[Arrow], *, ways: bool = False, backward: bool = False) -> dict[str, list[str]]:
    """Return what each node leads to (backward: is led to by), in order; `ways`: without what holds back."""
    found: dict[str, set[str]] = defaultdict(set)
    for arrow in arrows:
        if not ways or arrow.influence != "lowers":
            ends = (arrow.effect, arrow.cause) if backward else (arrow.cause, arrow.effect)
            found[ends[0]].add(ends[1])
    return {node: sorted(ends, key=order) for node, ends in found.items()}


def _reached(starts: Iterable[str], neighbours: Mapping[str, list[str]]) -> set[str]:
    """Return nodes with all that can be reached from them."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += neighbours.get(node, ())
    return found


def _ways(onward: Mapping[str, list[str]], start: str, end: str) -> Iterator[Path]:
    """Yield the ways from one node to another, shortest first, that meet no node twice (but may return to the start).

    Only nodes from which the end can be reached are entered, so that little is tried in vain.
    """
    backward: dict[str, list[str]] = defaultdict(list)
    for cause, ends in onward.items():
        for effect in ends:
            backward[effect].append(cause)
    useful = _reached((end,), backward)
    waiting: deque[Path] = deque([(start,)])
    while waiting:
        way = waiting.popleft()
        for node in onward.get(way[-1], ()):
            if node == end:
                yield (*way, node)
            elif node in useful and node not in way:
                waiting.append((*way, node))
