"""The hierarchy of a result: what is under what, by which statements, and where it goes round in a circle."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from calcinosis_kg.merging.ancestry import UNDER
from calcinosis_kg.merging.conflicts_kinds import CIRCLE, HIERARCHY, WARNING, Finding, Pick

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from calcinosis_kg.merging.conflicts_ledger import Ledger, Numbers


class Hierarchy:
    """What is under what, by the plain statements of a result that hold without qualifiers.

    Args:
        ledger: The statements.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        said = ledger.of_predicates(UNDER) & ledger.plain & ~ledger.negated
        free = np.array([not text for text in ledger.qualifiers], bool)[ledger.qualifier]
        rows = np.flatnonzero(said & free)
        self._rows = rows[np.lexsort((ledger.object[rows], ledger.subject[rows]))]
        self._children = ledger.subject[self._rows].astype(np.int64)
        self._parents = ledger.object[self._rows].astype(np.int64)
        self._starts: list[int] = np.searchsorted(self._children, np.arange(len(ledger.entities) + 1)).tolist()
        self._up: list[int] = self._parents.tolist()
        self._above: dict[int, frozenset[int]] = {}

    def steps(self, number: int) -> list[tuple[int, int]]:
        """Return the parents of an entity, each with the statement that says so, in the order of their names."""
        start, end = self._starts[number], self._starts[number + 1]
        found = zip(self._parents[start:end].tolist(), self._rows[start:end].tolist(), strict=True)
        return sorted(found, key=lambda step: (self._ledger.name(step[0]), step[1]))

    def above(self, number: int) -> frozenset[int]:
        """Return an entity and all that it is under."""
        met = self._above.get(number)
        if met is None:
            found = {number}
            waiting = [number]
            while waiting:
                at = waiting.pop()
                known = self._above.get(at)
                if known:
                    found |= known
                    continue
                start, end = self._starts[at], self._starts[at + 1]
                new = [parent for parent in self._up[start:end] if parent not in found]
                found.update(new)
                waiting.extend(new)
            met = self._above[number] = frozenset(found)
        return met

    def below(self, numbers: Iterable[int]) -> Numbers:
        """Return entities and all that are under them."""
        size = len(self._ledger.entities)
        reached = np.zeros(size, bool)
        reached[np.fromiter(numbers, np.int64)] = True
        while True:
            more = np.unique(self._children[reached[self._parents] & ~reached[self._children]])
            if not len(more):
                return np.flatnonzero(reached)
            reached[more] = True

    def path(self, low: int, high: int) -> tuple[int, ...]:
        """Return the statements of a shortest way up, of several the first by names; none if there is no way."""
        came: dict[int, tuple[int, int]] = {}
        waiting = deque([low])
        while waiting:
            at = waiting.popleft()
            for parent, row in self.steps(at):
                if parent not in came and parent != low:
                    came[parent] = (at, row)
                    waiting.append(parent)
            if high in came:
                break
        way = []
        while high in came:
            high, row = came[high]
            way.append(row)
        return tuple(reversed(way))

    def circles(self) -> Iterator[Finding]:
        """Yield where the hierarchy goes round in a circle."""
        own = self._children == self._parents
        for row in self._rows[own].tolist():
            yield Finding(CIRCLE, (Pick(row),), (), "a term is under itself")
        for knot in self._knots():
            yield from self._circles_of(knot)

    def _knots(self) -> list[set[int]]:
        """Return the sets of terms that are all under one another."""
        child, parent = self._children, self._parents
        kept = child != parent
        child, parent = child[kept], parent[kept]
        while len(child):  # what has no parent or no child is in no circle
            size = len(self._ledger.entities)
            has_parent, has_child = np.zeros(size, bool), np.zeros(size, bool)
            has_parent[child], has_child[parent] = True, True
            inside = has_parent[parent] & has_child[child]
            if inside.all():
                break
            child, parent = child[inside], parent[inside]
        up: dict[int, list[int]] = {}
        for low, high in zip(child.tolist(), parent.tolist(), strict=True):
            up.setdefault(low, []).append(high)
        return _components(up)

    def _circles_of(self, knot: set[int]) -> Iterator[Finding]:
        """Yield each pair of terms that are directly under each other, else one shortest circle."""
        ups = {low: {high: row for high, row in self.steps(low) if high in knot and high != low} for low in knot}
        names = sorted(knot, key=self._ledger.name)
        pairs = [(one, other) for one in names for other in ups[one] if one in ups[other]]
        for one, other in pairs:
            if self._ledger.name(one) < self._ledger.name(other):
                up, down = ups[one][other], ups[other][one]
                apart = self._ledger.said_by(up) != self._ledger.said_by(down)
                detail = "sources disagree" if apart else "both are said by the same source"
                yield Finding(HIERARCHY, (Pick(up),), (Pick(down),), detail, "" if apart else WARNING)
        if not pairs:
            ways = [(row, *self.path(high, low)) for low in names for high, row in ups[low].items()]
            way = min(ways, key=len)
            yield Finding(CIRCLE, (Pick(way[0]),), tuple(map(Pick, way[1:])), f"a circle of {len(way)} steps")


def _components(up: Mapping[int, list[int]]) -> list[set[int]]:
    """Return the strongly connected sets of more than one member, by Kosaraju's way."""
    down: dict[int, list[int]] = {}
    for low, highs in up.items():
        for high in highs:
            down.setdefault(high, []).append(low)
    order: list[int] = []
    seen: set[int] = set()
    for start in sorted(up):
        order += _finished(start, up, seen)
    placed: set[int] = set()
    found = (set(_finished(start, down, placed)) for start in reversed(order))
    return [members for members in found if len(members) > 1]


def _finished(start: int, steps: Mapping[int, list[int]], seen: set[int]) -> list[int]:
    """Return what is reached and was not seen before, each after all that is reached from it."""
    if start in seen:
        return []
    seen.add(start)
    done = []
    work = [(start, iter(steps.get(start, ())))]
    while work:
        at, rest = work[-1]
        following = next((one for one in rest if one not in seen), None)
        if following is None:
            done.append(at)
            work.pop()
        else:
            seen.add(following)
            work.append((following, iter(steps.get(following, ()))))
    return done
