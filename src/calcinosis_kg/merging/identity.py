"""Which identifiers mean the same thing: cliques out of mapping rows, and a verdict with its reason for each row.

Only `skos:exactMatch` joins. Rows are taken from the strongest to the weakest, and a row joins two cliques
only if nothing speaks against the whole that it would make: a bad clique never comes to be, and what is
refused is its weakest link. The answer depends on the set of rows alone, not on their order.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from calcinosis_kg.merging.cliques import Cliques
from calcinosis_kg.merging.prefixes import prefix_of
from calcinosis_kg.merging.successors import successors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from calcinosis_kg.merging.successors import Facts

EXACT = "skos:exactMatch"
NO_TERM = "sssom:NoTermFound"
"""What stands at an end of a row where a mapper looked and found nothing; it never joins two rows."""
USED, REFUSED = "used", "refused"
LEADERS = (
    "MONDO", "DOID", "HP", "MP", "CHEBI", "UBERON", "CL", "GO", "HGNC", "NCBIGene", "UniProtKB",
    "OMIMPS", "OMIM", "ORPHA", "MESH", "UMLS", "NCIT", "SNOMEDCT",
)  # fmt: skip
"""Whose identifier leads a clique, first to last, unless the user says otherwise; all others follow by name."""
CONFIDENCE = 0.8
"""The least confidence of a row that states one, unless the user says otherwise."""

_GROUNDS = {
    "semapv:ManualMappingCuration": 4,
    "semapv:MappingReview": 4,
    "semapv:LogicalReasoning": 3,
    "semapv:DatabaseCrossReference": 3,
    "semapv:BackgroundKnowledgeBasedMatching": 3,
    "semapv:UnspecifiedMatching": 2,
    "semapv:MappingInversion": 2,
    "semapv:MappingChaining": 2,
    "semapv:CompositeMatching": 1,
}
"""How far a ground carries, our own judgement: what people decided, what follows, what is only said, what a
program found alike. Grounds not named here carry least."""


class Row(NamedTuple):
    """A mapping row with normalised identifiers.

    Attributes:
        source: Name of its source.
        place: `file:line`.
        subject: CURIE.
        predicate: CURIE.
        object: CURIE.
        negated: Whether it says that they do *not* correspond.
        justification: CURIE of its ground; may be empty.
        confidence: From 0 to 1 as text; empty where the row states none.
    """

    source: str
    place: str
    subject: str
    predicate: str
    object: str
    negated: bool = False
    justification: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may set.

    Attributes:
        leaders: Preferred prefixes, first to last.
        confidence: The least confidence of a row that states one.
    """

    leaders: tuple[str, ...] = LEADERS
    confidence: float = CONFIDENCE


@dataclass(frozen=True, slots=True)
class Identity:
    """What was settled.

    Attributes:
        leader: Each identifier that is not its own leader, to the leader of its clique.
        verdicts: For each row, in the given order, `used` or `refused` and the reason.
        notes: `(identifier, what should be known)`: obsolete terms without a single successor.
    """

    leader: Mapping[str, str]
    verdicts: Sequence[tuple[str, str]]
    notes: Sequence[tuple[str, str]] = ()


def settle(rows: Sequence[Row], facts: Mapping[str, Facts], options: Options | None = None) -> Identity:
    """Settle which identifiers are the same.

    Args:
        rows: Mapping rows, normalised.
        facts: What sources say of identifiers: kinds, obsolescence. Identifiers not in it are unknown.
        options: What a user may set.

    >>> rows = [Row("m", "m.tsv:2", "DOID:182", EXACT, "MESH:D002114"),
    ...         Row("m", "m.tsv:3", "MESH:D002114", EXACT, "HP:0003761")]
    >>> done = settle(rows, {})
    >>> dict(done.leader), done.verdicts[1][0]
    ({'MESH:D002114': 'DOID:182'}, 'refused')
    """
    collecting = gc.isenabled()
    gc.disable()  # a million small objects and no cycles: collecting would cost a third of the time
    try:
        return _settled(rows, facts, options or Options())
    finally:
        if collecting:
            gc.enable()


def _settled(rows: Sequence[Row], facts: Mapping[str, Facts], options: Options) -> Identity:
    denials: dict[tuple[str, str], str] = {}
    for row in sorted(row for row in rows if row.negated and row.predicate == EXACT and not _is_open(row)):
        denials.setdefault(_pair(row.subject, row.object), row.place)
    following = successors(facts, denials)
    current = following.current
    cliques = Cliques(facts)
    for (one, other), place in denials.items():
        cliques.bar(current.get(one, one), current.get(other, other), place)
    verdicts = [_by_itself(row, options, following.lost) for row in rows]
    pairs: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(rows):
        if not verdicts[number][0]:
            ends = _pair(current.get(row.subject, row.subject), current.get(row.object, row.object))
            if ends[0] == ends[1]:
                verdicts[number] = (USED, "both are the same identifier once normalised and brought up to date")
            else:
                pairs.setdefault(ends, []).append(number)
    for ends, doubt in _strongest_first(pairs, rows):
        reason = cliques.join(*ends, doubt)
        verdict = (REFUSED, reason) if reason else (USED, "joins")
        for number in pairs[ends]:
            verdicts[number] = verdict
    leader = cliques.leaders(options.leaders)
    leader |= {old: leader.get(new, new) for old, new in current.items()}
    return Identity(leader, verdicts, following.notes)


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _is_open(row: Row) -> bool:
    return NO_TERM in (row.subject, row.object)


def _by_itself(row: Row, options: Options, lost: Mapping[str, str]) -> tuple[str, str]:
    """Return the verdict on a row that needs no other row, or empty texts."""
    if _is_open(row) or row.predicate != EXACT:
        said = f"Not {row.predicate}" if row.negated else row.predicate or "no predicate"
        open_end = f"{NO_TERM} is no term: the row says that none was found"
        return REFUSED, open_end if _is_open(row) else f"only {EXACT} says what is the same; this is {said}"
    if row.negated:
        return USED, "says that they are not the same"
    if row.confidence:
        try:
            confidence = float(row.confidence)
        except ValueError:
            confidence = -1.0
        if not 0 <= confidence <= 1:
            return REFUSED, f"confidence '{row.confidence}' is no number from 0 to 1"
        if confidence < options.confidence:
            return REFUSED, f"confidence {row.confidence} is below {options.confidence:g}"
    for end in (row.subject, row.object):
        if end in lost:
            return REFUSED, f"{end} is obsolete: {lost[end]}"
    return "", ""


def _strongest_first(
    pairs: Mapping[tuple[str, str], Sequence[int]], rows: Sequence[Row]
) -> list[tuple[tuple[str, str], str]]:
    """Return the pairs from the strongest to the weakest, each with a doubt or the empty text.

    Strong is a good ground, then confidence, then several sources, then few rivals: other pairs that join the
    same identifier to another term of the same vocabulary. Rivals of equal strength are all in doubt.
    """
    choices: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for ends in pairs:
        one, other = ends
        choices.setdefault((one, prefix_of(other)), []).append(ends)
        choices.setdefault((other, prefix_of(one)), []).append(ends)
    rivals: dict[tuple[str, str], int] = {}
    contested = [(choice, claimants) for choice, claimants in choices.items() if len(claimants) > 1]
    for _, claimants in contested:
        for ends in claimants:
            rivals[ends] = max(rivals.get(ends, 1), len(claimants))
    weights = {ends: (*_strength(numbers, rows), rivals.get(ends, 1)) for ends, numbers in pairs.items()}
    doubts: dict[tuple[str, str], str] = {}
    for (end, prefix), claimants in sorted(contested):
        best = min(weights[ends] for ends in claimants)
        strongest = [ends for ends in claimants if weights[ends] == best]
        if prefix and len(strongest) > 1:
            reason = _tie(end, prefix, sorted(ends[ends[0] == end] for ends in strongest))
            for ends in strongest:
                doubts.setdefault(ends, reason)
    return [(ends, doubts.get(ends, "")) for _, ends in sorted((weight, ends) for ends, weight in weights.items())]


def _strength(numbers: Sequence[int], rows: Sequence[Row]) -> tuple[int, float, int]:
    """Return ground, confidence and number of sources, each negative: what is stronger sorts first."""
    if len(numbers) == 1:
        row = rows[numbers[0]]
        return -_GROUNDS.get(row.justification, 0), -float(row.confidence or 1), -1
    said = [rows[number] for number in numbers]
    ground, confidence = max((_GROUNDS.get(row.justification, 0), float(row.confidence or 1)) for row in said)
    return -ground, -confidence, -len({row.source for row in said})


def _tie(end: str, prefix: str, others: Sequence[str]) -> str:
    shown = ", ".join(others[:3]) + (" ..." if len(others) > 3 else "")  # noqa: PLR2004 - some are enough
    return f"{end} would be the same as {len(others)} terms of {prefix} on equal grounds: {shown}"
