"""What is above a few terms, by the `is_a` records of a merge: told by numbers, before there are statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

UNDER = frozenset({"rdfs:subClassOf", "biolink:subclass_of"})
"""What says that a term is under another."""


class Ancestry:
    """The terms above some terms.

    Args:
        child: Numbers of terms, each under the term of the same place in `parent`.
        parent: Likewise.
        terms: Of which terms what is above is asked; no others are known.

    >>> above = Ancestry(np.array([1, 2, 5]), np.array([2, 3, 6]), [1]).above
    >>> sorted(above(1)), sorted(above(3)), sorted(above(5))
    ([1, 2, 3], [3], [5])
    """

    def __init__(self, child: Numbers, parent: Numbers, terms: Iterable[int]) -> None:
        start = np.fromiter(terms, np.int64)
        reached = np.zeros(1 + max(0, *(int(part.max(initial=0)) for part in (child, parent, start))), bool)
        reached[start] = True
        while True:
            new = np.unique(parent[reached[child] & ~reached[parent]])
            if not len(new):
                break
            reached[new] = True
        used = reached[child]
        self._up: dict[int, list[int]] = {}
        for low, high in zip(child[used].tolist(), parent[used].tolist(), strict=True):
            self._up.setdefault(low, []).append(high)
        self._met: dict[int, frozenset[int]] = {}

    def above(self, term: int) -> frozenset[int]:
        """Return a term and all that are above it."""
        found = self._met.get(term)
        if found is None:
            seen, waiting = {term}, [term]
            while waiting:
                new = [high for high in self._up.get(waiting.pop(), ()) if high not in seen]
                seen.update(new)
                waiting += new
            found = self._met[term] = frozenset(seen)
        return found
