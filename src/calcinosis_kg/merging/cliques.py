"""Sets of identifiers that grow by joining, each join refused where it would make something wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calcinosis_kg.merging.kinds import kind
from calcinosis_kg.merging.prefixes import prefix_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from calcinosis_kg.merging.successors import Facts


class _Clique:
    """Identifiers that are the same, and what must not join them."""

    __slots__ = ("barred", "kind", "members", "terms")

    def __init__(self, identifier: str, kind_of: str) -> None:
        prefix = prefix_of(identifier)
        self.members = [identifier]
        self.terms = {prefix: identifier} if prefix else {}
        self.kind = kind_of
        self.barred: dict[str, tuple[str, str]] = {}

    def keep_from(self, others: Mapping[str, tuple[str, str]]) -> None:
        """Bar other identifiers, each with the first place that says so and the member it is said of."""
        for other, said in others.items():
            self.barred[other] = min(said, self.barred.get(other, said))


class Cliques:
    """Identifiers in cliques; at first each is alone.

    >>> cliques = Cliques({})
    >>> cliques.bar("DOID:1", "MESH:D1", "m.tsv:4")
    >>> cliques.join("DOID:1", "UMLS:C1"), cliques.join("UMLS:C1", "MESH:D1")
    ('', 'would make DOID:1 and MESH:D1 the same, which m.tsv:4 denies')
    """

    def __init__(self, facts: Mapping[str, Facts]) -> None:
        self._facts = facts
        self._cliques: dict[str, _Clique] = {}

    def bar(self, one: str, other: str, place: str) -> None:
        """Keep two identifiers apart for ever, as the row at `place` says."""
        first, second = self._of(one), self._of(other)
        if one != other:
            first.keep_from({other: (place, one)})
            second.keep_from({one: (place, other)})

    def join(self, one: str, other: str, doubt: str = "") -> str:
        """Make the cliques of two identifiers one, unless something speaks against it.

        Args:
            one: An identifier.
            other: Another.
            doubt: A reason not to join them that gives way to graver ones.

        Returns:
            Why they were not joined, or the empty text.
        """
        first, second = self._of(one), self._of(other)
        if first is second:
            return doubt
        refused = self._against(first, second) or doubt
        if refused:
            return refused
        big, small = (first, second) if len(first.members) >= len(second.members) else (second, first)
        big.members += small.members
        big.terms |= small.terms
        big.kind = big.kind or small.kind
        big.keep_from(small.barred)
        for member in small.members:
            self._cliques[member] = big
        return ""

    def _against(self, first: _Clique, second: _Clique) -> str:
        """Return what speaks against making two cliques one, or the empty text."""
        if first.barred and second.barred:
            denied = [
                (*sorted((mine, theirs)), place)
                for clique, against in ((first, second), (second, first))
                for theirs, (place, mine) in clique.barred.items()
                if self._cliques.get(theirs) is against
            ]
            if denied:
                left, right, place = min(denied)
                return f"would make {left} and {right} the same, which {place} denies"
        if first.kind != second.kind and first.kind and second.kind:
            (kind_1, left), (kind_2, right) = sorted((clique.kind, self._one(clique)) for clique in (first, second))
            return f"would make the {kind_1} {left} and the {kind_2} {right} the same"
        if not first.terms.keys().isdisjoint(second.terms):
            prefix = min(first.terms.keys() & second.terms.keys())
            left, right = sorted((first.terms[prefix], second.terms[prefix]))
            return f"is the weakest link that would make {left} and {right}, two terms of {prefix}, the same"
        return ""

    def leaders(self, order: Sequence[str]) -> dict[str, str]:
        """Return each identifier that is not its own leader, to its leader."""
        rank = {prefix: number for number, prefix in enumerate(order)}

        def key(identifier: str) -> tuple[int, str, str]:
            prefix = prefix_of(identifier)
            return rank.get(prefix, len(rank)), prefix, identifier

        found: dict[str, str] = {}
        for identifier, clique in self._cliques.items():
            if len(clique.members) > 1 and identifier not in found:
                leader = min(clique.members, key=key)
                found |= dict.fromkeys(clique.members, leader)
        return {identifier: leader for identifier, leader in found.items() if identifier != leader}

    def _of(self, identifier: str) -> _Clique:
        clique = self._cliques.get(identifier)
        if clique is None:
            fact = self._facts.get(identifier)
            clique = self._cliques[identifier] = _Clique(identifier, kind(identifier, fact.categories if fact else ()))
        return clique

    def _one(self, clique: _Clique) -> str:
        """Return a member that tells the kind of its clique."""
        return min(
            (member for member in clique.members if kind(member, self._categories(member)) == clique.kind),
            default=min(clique.members),
        )

    def _categories(self, identifier: str) -> Sequence[str]:
        fact = self._facts.get(identifier)
        return fact.categories if fact else ()
