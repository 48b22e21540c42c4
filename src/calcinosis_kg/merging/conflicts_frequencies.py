"""Frequencies of the same thing: those that exclude each other, and a yes that was never found."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from calcinosis_kg.merging import records
from calcinosis_kg.merging.conflicts_kinds import ABSENCE, FREQUENCIES, INFO, SEVERAL, Finding, Pick
from calcinosis_kg.merging.doubts import contexts
from calcinosis_kg.merging.frequencies import exclusion, is_absence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from calcinosis_kg.merging.conflicts_ledger import Ledger, Numbers


def frequencies(ledger: Ledger) -> Iterator[Finding]:
    """Yield frequencies that exclude each other, absences that stand as yes, and several frequencies.

    A statement in the context of a disease, such as that of a gene, repeats what is said of the disease: it has a
    finding of its own only if the disease has none.
    """
    said = ledger.asserted & ~ledger.negated
    several = np.array(["|" in cell for cell in ledger.frequencies], bool)
    rows = np.flatnonzero(said & ((ledger.absent > 0) | several[ledger.frequency]))
    disease = _contexts(ledger)[ledger.qualifier[rows]]
    own = rows[disease == 0].tolist()
    met = {(int(ledger.subject[row]), int(ledger.object[row])) for row in own}
    others = zip(disease[disease != 0].tolist(), rows[disease != 0].tolist(), strict=True)
    repeated: Counter[tuple[int, int]] = Counter()
    alone = []
    for place, row in others:
        pair = place - 1, int(ledger.object[row])
        if pair in met:
            repeated[pair] += 1
        else:
            alone.append(row)
    for row in sorted([*own, *alone]):
        yield from _of(ledger, row, repeated)


def _contexts(ledger: Ledger) -> Numbers:
    """Return for each distinct qualifiers the number of the one disease in whose context they hold, plus one; else 0.

    -1 stands for several diseases, or one that no statement is about.
    """
    found = [contexts(text) for text in ledger.qualifiers]
    numbers = ledger.numbers([names[0] if names else "" for names in found])
    cells = [
        0 if not names else number + 1 if len(names) == 1 and number >= 0 else -1
        for names, number in zip(found, numbers, strict=True)
    ]
    return np.array(cells, np.int64)


def _of(ledger: Ledger, row: int, repeated: Mapping[tuple[int, int], int]) -> Iterator[Finding]:
    texts = records.split(ledger.frequencies[ledger.frequency[row]])
    none = [text for text in texts if is_absence(text)]
    others = [text for text in texts if text not in none]
    number = repeated.get((int(ledger.subject[row]), int(ledger.object[row])), 0)
    more = f"; repeated in its context: {number}" if number else ""
    if none:
        pick = Pick(row, frozenset(none))
        detail = f"{ledger.absent[row]} of {ledger.lines[row]} lines"
        if ledger.absent[row] == ledger.lines[row]:
            yield Finding(ABSENCE, (pick,), (), detail + more, INFO)
        else:
            yes = Pick(row, frozenset({"", *others}))
            yield Finding(ABSENCE, (pick,), (yes,), f"{detail}; the others affirm it{more}")
    apart = exclusion(others)
    if apart:
        rare, often, surely = apart
        detail = f"{rare} excludes {often}" + ("" if surely else " as written; the count is too small to tell")
        picks = (Pick(row, frozenset({rare})),), (Pick(row, frozenset({often})),)
        yield Finding(FREQUENCIES, *picks, detail + more, "" if surely else INFO)
    elif len(others) > 1:
        first, rest = frozenset(others[:1]), frozenset(others[1:])
        yield Finding(SEVERAL, (Pick(row, first),), (Pick(row, rest),), "; ".join(others) + more)
