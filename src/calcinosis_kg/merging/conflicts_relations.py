"""Relations that speak against each other: treatment and contraindication, and opposite directions.

Sources: Biolink model 4.4.4 (`opposite_of`, the predicates below `treats or applied or studied to treat` by `is_a`
and mixin, `DirectionQualifierEnum`) and RO 2025-12-17; each identifier was checked there with its label.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from calcinosis_kg.merging import records
from calcinosis_kg.merging.conflicts_kinds import (
    DIRECTIONS,
    INFO,
    REFUTED,
    TREATS,
    WARNING,
    Finding,
    Pick,
)
from calcinosis_kg.merging.conflicts_ledger import flags, groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from calcinosis_kg.merging.conflicts_ledger import Flags, Ledger, Numbers

TREATMENT = frozenset(
    {
        "biolink:treats_or_applied_or_studied_to_treat", "biolink:treats", "biolink:applied_to_treat",
        "biolink:studied_to_treat", "biolink:in_clinical_trials_for", "biolink:in_preclinical_trials_for",
        "biolink:beneficial_in_models_for", "biolink:ameliorates_condition", "biolink:preventative_for_condition",
        "RO:0002606",  # is substance that treats
        "RO:0003307",  # ameliorates condition
    }
)  # fmt: skip
TREATED = frozenset({"biolink:treated_by", "biolink:treated_in_studies_by", "RO:0002302"})
"""The same from the disease to the treatment; RO:0002302 is 'is treated by substance'."""
AGAINST = frozenset({"biolink:contraindicated_in"})
HAS_AGAINST = frozenset({"biolink:has_contraindication"})
OPPOSITES = (
    ("regulates", ("RO:0002213", "RO:0002629", "RO:0002407"), ("RO:0002212", "RO:0002630", "RO:0002409")),
    ("is regulated", ("RO:0002336", "RO:0002024"), ("RO:0002335", "RO:0002023")),
    ("regulates activity", ("RO:0002450", "RO:0011013"), ("RO:0002449", "RO:0011016")),
    ("regulates quantity", ("RO:0011009", "RO:0011024"), ("RO:0011010", "RO:0011023")),
    ("regulates characteristic", ("RO:0019001",), ("RO:0019002",)),
    ("upstream", ("RO:0002304", "RO:0004047"), ("RO:0002305", "RO:0004046")),
    ("acts upstream", ("RO:0004034", "RO:0004032"), ("RO:0004035", "RO:0004033")),
    ("involved", ("RO:0002429",), ("RO:0002430",)),
    ("capable", ("RO:0002598",), ("RO:0002597",)),
    ("correlates", ("RO:0017003", "biolink:positively_correlated_with"),
     ("RO:0017004", "biolink:negatively_correlated_with")),
    ("condition", ("RO:0003309", "biolink:exacerbates_condition"), ("RO:0003307", "biolink:ameliorates_condition")),
    ("likelihood of condition", ("biolink:promotes_condition", "biolink:predisposes_to_condition"),
     ("biolink:preventative_for_condition",)),
    ("likelihood", ("biolink:associated_with_increased_likelihood_of",),
     ("biolink:associated_with_decreased_likelihood_of",)),
    ("amount", ("biolink:increases_amount_or_activity_of",), ("biolink:decreases_amount_or_activity_of",)),
    ("has amount", ("biolink:has_increased_amount",), ("biolink:has_decreased_amount",)),
    ("sensitivity", ("biolink:increases_sensitivity_to",), ("biolink:decreases_sensitivity_to",)),
)  # fmt: skip
"""What it is about, the predicates that say more of it, and those that say less; the direct and the indirect kind of
a relation stand together."""
_UP, _DOWN = frozenset({"increased", "upregulated"}), frozenset({"decreased", "downregulated"})
_DIRECTIONS = ("subject_direction_qualifier", "object_direction_qualifier")


def relations(ledger: Ledger) -> Iterator[Finding]:
    """Yield treatments that are contraindicated, opposite directions, and plain statements known to be refuted."""
    yield from _treatments(ledger)
    yield from _directions(ledger)
    yield from _refuted(ledger)


def _treatments(ledger: Ledger) -> Iterator[Finding]:
    against = ledger.of_predicates(AGAINST | HAS_AGAINST)
    if not against.any():
        return
    rows = np.flatnonzero(ledger.yes() & (against | ledger.of_predicates(TREATMENT | TREATED)))
    turned = ledger.of_predicates(TREATED | HAS_AGAINST)[rows]
    subject = np.where(turned, ledger.object[rows], ledger.subject[rows])
    end = np.where(turned, ledger.subject[rows], ledger.object[rows])
    for good, bad in _opposed(rows, [subject, end], ~against[rows]):
        yield Finding(TREATS, _picks(good), _picks(bad), "", _reserved(ledger, good + bad))


def _directions(ledger: Ledger) -> Iterator[Finding]:
    families = {name: (place, +1) for place, (_, more, _) in enumerate(OPPOSITES) for name in more}
    families |= {name: (place, -1) for place, (_, _, less) in enumerate(OPPOSITES) for name in less}
    known = [families.get(name, (-1, 0)) for name in ledger.predicates]
    family = np.array([place for place, _ in known], np.int64)[ledger.predicate]
    sign = np.array([way for _, way in known], np.int64)[ledger.predicate]
    said, rest = _qualified(ledger)
    turns = said[ledger.qualifier] != 0
    # a predicate without direction of its own is told apart by itself
    family = np.where(family < 0, len(OPPOSITES) + ledger.predicate, family)
    sign = np.where(sign == 0, 1, sign) * np.where(turns, said[ledger.qualifier], 1)
    directed = turns | (family < len(OPPOSITES))
    rows = np.flatnonzero(ledger.yes() & directed)
    keys: list[NDArray[Any]] = [ledger.subject[rows], ledger.object[rows], family[rows], rest[ledger.qualifier[rows]]]
    for more, less in _opposed(rows, keys, sign[rows] > 0):
        place = int(family[more[0]])
        about = OPPOSITES[place][0] if place < len(OPPOSITES) else ledger.predicates[place - len(OPPOSITES)]
        detail = f"{about}: more against less"
        yield Finding(DIRECTIONS, _picks(more), _picks(less), detail, _reserved(ledger, more + less))


def _qualified(ledger: Ledger) -> tuple[Numbers, Numbers]:
    """Return for each distinct qualifiers their direction (1, -1, or 0 if none), and a number for all the others."""
    numbers: dict[str, int] = {"": 0}
    said, rest = [], []
    for text in ledger.qualifiers:
        way, other = 0, ""
        if "direction_qualifier" in text:
            found = json.loads(text)
            ways = [_way(found.pop(name, "")) for name in _DIRECTIONS]
            other = records.canonical(found)
            way = (ways[0] or 1) * (ways[1] or 1) if any(ways) else 0
        said.append(way)
        rest.append(numbers.setdefault(other, len(numbers)))
    return np.array(said, np.int64), np.array(rest, np.int64)


def _way(direction: str) -> int:
    return 1 if direction in _UP else -1 if direction in _DOWN else 0


def _refuted(ledger: Ledger) -> Iterator[Finding]:
    wrong = ledger.disproved
    if not wrong.any():
        return
    subjects, objects = np.zeros(len(ledger.entities), bool), np.zeros(len(ledger.entities), bool)
    subjects[ledger.subject[wrong]], objects[ledger.object[wrong]] = True, True
    rows = np.flatnonzero((wrong | ledger.plain) & subjects[ledger.subject] & objects[ledger.object])
    treating = flags(ledger.predicates, TREATMENT.__contains__)
    family = np.where(treating, -1, np.arange(len(treating)))[ledger.predicate[rows]]
    keys: list[NDArray[Any]] = [ledger.subject[rows], ledger.object[rows], family, ledger.negated[rows]]
    for held, refuted in _opposed(rows, keys, ~wrong[rows]):
        own = set().union(*map(ledger.said_by, held)) <= set().union(*map(ledger.said_by, refuted))
        detail = "other qualifiers, or another predicate, of the same source" if own else "another source"
        yield Finding(REFUTED, _picks(held), _picks(refuted), detail, INFO if own else "")


def _opposed(rows: Numbers, keys: Sequence[NDArray[Any]], sign: Flags) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the rows of each key that has both signs: those with it, then those without."""
    if not len(rows):
        return
    key = np.zeros(len(rows), np.int64)
    for part in keys:
        _, numbers = np.unique(part, return_inverse=True)
        _, key = np.unique(key * (numbers.max() + 1) + numbers, return_inverse=True)
    both = np.isin(key, key[sign]) & np.isin(key, key[~sign])
    kept, sign = rows[both], sign[both]
    for group in groups(key[both]):
        yield kept[group[sign[group]]].tolist(), kept[group[~sign[group]]].tolist()


def _reserved(ledger: Ledger, rows: Sequence[int]) -> str:
    """Return the severity of what is said with reserve, such as reported only."""
    return "" if all(ledger.plain[rows]) else WARNING


def _picks(rows: Sequence[int]) -> tuple[Pick, ...]:
    return tuple(map(Pick, rows))
