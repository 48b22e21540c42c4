"""Yes against NOT: on the same statement, below a NOT in the hierarchy, and where a yes is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from calcinosis_kg.merging import records
from calcinosis_kg.merging.ancestry import UNDER
from calcinosis_kg.merging.conflicts_kinds import (
    ABSENCE_AGREES,
    DOUBTFUL,
    WARNING,
    YES_NOT,
    YES_NOT_BELOW,
    Finding,
    Pick,
)
from calcinosis_kg.merging.doubts import CONTEXT
from calcinosis_kg.merging.doubts import DOUBTFUL as STANDING
from calcinosis_kg.merging.doubts import PREDICATES as PHENOTYPE
from calcinosis_kg.merging.frequencies import is_absence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from calcinosis_kg.merging.conflicts_hierarchy import Hierarchy
    from calcinosis_kg.merging.conflicts_ledger import Ledger

_INSIGNIFICANT = frozenset({"hpoa_aspect", "modality"})
"""Qualifiers that do not narrow what is said."""


def scope(qualifiers: str) -> frozenset[tuple[str, str]]:
    """Return the qualifiers of a statement that narrow what it says.

    >>> sorted(scope('{"modality":"hedged","sex_qualifier":"female"}'))
    [('sex_qualifier', 'female')]
    """
    pairs = json.loads(qualifiers).items() if qualifiers else ()
    return frozenset((key, str(value)) for key, value in pairs if key not in _INSIGNIFICANT)


class Polarity:
    """Looks for what is said and denied.

    Args:
        ledger: The statements.
        hierarchy: What is under what.
    """

    def __init__(self, ledger: Ledger, hierarchy: Hierarchy) -> None:
        self._ledger, self._hierarchy = ledger, hierarchy
        denied = np.flatnonzero(ledger.negated & ledger.asserted & ~ledger.of_predicates(UNDER))
        self._denied: dict[tuple[int, int], dict[int, list[int]]] = {}
        for row in denied.tolist():
            key = int(ledger.predicate[row]), int(ledger.subject[row])
            self._denied.setdefault(key, {}).setdefault(int(ledger.object[row]), []).append(row)
        self._scopes: dict[int, frozenset[tuple[str, str]]] = {}

    def findings(self) -> Iterator[Finding]:
        """Yield yes against NOT, directly and through the hierarchy."""
        ledger = self._ledger
        if not self._denied:
            return
        predicates = np.zeros(len(ledger.predicates), bool)
        predicates[[predicate for predicate, _ in self._denied]] = True
        subjects = np.zeros(len(ledger.entities), bool)
        subjects[self._hierarchy.below({subject for _, subject in self._denied})] = True
        said = ledger.asserted & ~ledger.negated & predicates[ledger.predicate] & subjects[ledger.subject]
        denied = {end for ends in self._denied.values() for end in ends}
        objects = np.zeros(len(ledger.entities), bool)
        objects[self._hierarchy.below(denied)] = True
        for row in np.flatnonzero(said & objects[ledger.object]).tolist():
            yield from self._against(row)

    def _against(self, row: int) -> Iterator[Finding]:
        """Yield what denies a statement."""
        ledger = self._ledger
        predicate, subject, end = int(ledger.predicate[row]), int(ledger.subject[row]), int(ledger.object[row])
        above = self._hierarchy.above(end)
        for broader in sorted(self._hierarchy.above(subject)):
            ends = self._denied.get((predicate, broader))
            for other in sorted(above & ends.keys()) if ends else ():
                for no in ends[other] if ends else ():
                    if self._covers(no, row):
                        yield self._finding(row, no)

    def _covers(self, no: int, yes: int) -> bool:
        """Return whether a NOT is about all cases that a yes is about: its qualifiers are among the other's."""
        return self._scope(no) <= self._scope(yes)

    def _scope(self, row: int) -> frozenset[tuple[str, str]]:
        code = int(self._ledger.qualifier[row])
        found = self._scopes.get(code)
        if found is None:
            found = self._scopes[code] = scope(self._ledger.qualifiers[code])
        return found

    def _finding(self, yes: int, no: int) -> Finding:
        ledger = self._ledger
        genuine = ledger.absent[yes] < ledger.lines[yes]
        same = ledger.subject[yes] == ledger.subject[no]
        direct = same and ledger.object[yes] == ledger.object[no]
        through = self._way(yes, no)
        if not genuine:
            detail = "the same statement" if direct else f"the NOT is on a broader {'term' if same else 'subject'}"
            return Finding(ABSENCE_AGREES, (Pick(yes),), (Pick(no),), detail, through=through)
        lines = self._affirming(yes)
        plain = bool(ledger.plain[yes] and ledger.plain[no])
        if direct:
            detail = "the same statement" if self._scope(yes) == self._scope(no) else "the yes is about some cases only"
            return Finding(YES_NOT, (lines,), (Pick(no),), detail, "" if plain else WARNING)
        strict = plain and same and ledger.predicates[ledger.predicate[yes]] in PHENOTYPE
        detail = "the NOT is on a broader term" if same else "the NOT is on a broader subject"
        return Finding(YES_NOT_BELOW, (lines,), (Pick(no),), detail, "" if strict else WARNING, through)

    def _way(self, yes: int, no: int) -> tuple[int, ...]:
        ledger = self._ledger
        ends = [(int(column[yes]), int(column[no])) for column in (ledger.subject, ledger.object)]
        return tuple(row for low, high in ends if low != high for row in self._hierarchy.path(low, high))

    def _affirming(self, row: int) -> Pick:
        """Return the lines of evidence that say yes: those without a frequency, or one that is no absence."""
        if not self._ledger.absent[row]:
            return Pick(row)
        texts = records.split(self._ledger.frequencies[self._ledger.frequency[row]])
        return Pick(row, frozenset({"", *(text for text in texts if not is_absence(text))}))

    def doubtful(self) -> Iterator[Finding]:
        """Yield what a NOT elsewhere makes doubtful, with that NOT: on the same term, or on terms under it."""
        ledger = self._ledger
        standing = np.array([name == STANDING for name in ledger.standings], bool)[ledger.standing]
        denied: dict[int, list[tuple[int, int]]] = {}
        for (predicate, subject), ends in sorted(self._denied.items()):
            if ledger.predicates[predicate] in PHENOTYPE:
                found = [(end, row) for end, rows in ends.items() for row in rows if ledger.plain[row]]
                denied.setdefault(subject, []).extend(found)
        rows = np.flatnonzero(standing).tolist()
        contexts = {row: records.split(dict(self._scope(row)).get(CONTEXT, "")) for row in rows}
        names = sorted({name for found in contexts.values() for name in found})
        numbers = dict(zip(names, ledger.numbers(names), strict=True))
        for row, diseases in contexts.items():
            end = int(ledger.object[row])
            nots = [pair for name in diseases for pair in denied.get(numbers[name], ())]
            same = sorted(no for at, no in nots if at == end)
            against = same or sorted(no for at, no in nots if end in self._hierarchy.above(at))
            if against:
                under = "" if same else " or a term under it"
                detail = f"all that is said of {', '.join(diseases)} and {ledger.name(end)}{under} is NOT"
                through = () if same else self._hierarchy.path(int(ledger.object[against[0]]), end)
                yield Finding(DOUBTFUL, (Pick(row),), tuple(map(Pick, against)), detail, through=through)
