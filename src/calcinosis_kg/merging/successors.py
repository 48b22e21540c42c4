"""Obsolete identifiers and what took their place: one successor is followed, anything else is reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from calcinosis_kg.merging.kinds import kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Facts:
    """What all sources together say of an identifier.

    Attributes:
        categories: Biolink classes.
        deprecated: Whether any source calls it obsolete.
        replaced_by: Its successors, normalised.
        consider: What curators should look at instead, normalised.
    """

    categories: tuple[str, ...] = ()
    deprecated: bool = False
    replaced_by: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Following:
    """Where obsolete identifiers lead.

    Attributes:
        current: Each obsolete identifier with one successor, to the last of the line.
        lost: Each other obsolete identifier, to the reason.
        notes: The same as pairs, sorted.
    """

    current: Mapping[str, str]
    lost: Mapping[str, str]
    notes: Sequence[tuple[str, str]]


def successors(facts: Mapping[str, Facts], denials: Collection[tuple[str, str]]) -> Following:
    """Follow `replaced_by` to the end of the line, but never past a row that denies it.

    Args:
        facts: What sources say of identifiers.
        denials: Pairs, each sorted, that a mapping row says are not the same.

    >>> facts = {"A:1": Facts(deprecated=True, replaced_by=("A:2",)), "A:3": Facts(deprecated=True, consider=("A:2",))}
    >>> done = successors(facts, set())
    >>> done.current, done.lost
    ({'A:1': 'A:2'}, {'A:3': 'it has no successor; consider A:2'})
    """
    steps: dict[str, str] = {}
    lost: dict[str, str] = {}
    for identifier in sorted(facts):
        fact = facts[identifier]
        if fact.deprecated:
            problem = _problem(identifier, fact, facts, denials)
            if problem:
                lost[identifier] = problem
            else:
                steps[identifier] = fact.replaced_by[0]
    current: dict[str, str] = {}
    for identifier in steps:
        end, problem = _end(identifier, steps, lost)
        if not problem and _pair(identifier, end) in denials:
            problem = f"a mapping row denies that its successor {end} is the same"
        if problem:
            lost[identifier] = problem
        else:
            current[identifier] = end
    _part(current, lost, denials)
    return Following(current, lost, sorted(lost.items()))


def _part(current: dict[str, str], lost: dict[str, str], denials: Collection[tuple[str, str]]) -> None:
    """Stop following two identifiers to one successor where a row denies that they are the same."""
    for one, other in sorted(denials):
        if one != other and current.get(one, one) == current.get(other, other):
            for identifier, twin in ((one, other), (other, one)):
                if current.pop(identifier, None):
                    lost[identifier] = f"a mapping row denies that it is the same as {twin}"


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _problem(identifier: str, fact: Facts, facts: Mapping[str, Facts], denials: Collection[tuple[str, str]]) -> str:
    """Return why an obsolete identifier is not followed, or the empty text."""
    also = f"; consider {', '.join(sorted(fact.consider))}" if fact.consider else ""
    if not fact.replaced_by:
        return f"it has no successor{also}"
    if len(set(fact.replaced_by)) > 1:
        return f"it has several successors: {', '.join(sorted(set(fact.replaced_by)))}"
    target = fact.replaced_by[0]
    if target == identifier:
        return f"it is named as its own successor{also}"
    if _pair(identifier, target) in denials:
        return f"a mapping row denies that its successor {target} is the same"
    other = facts.get(target, Facts())
    mine, theirs = kind(identifier, fact.categories), kind(target, other.categories)
    if mine and theirs and mine != theirs:
        return f"it is a {mine} and its successor {target} a {theirs}"
    return ""


def _end(identifier: str, steps: Mapping[str, str], lost: Mapping[str, str]) -> tuple[str, str]:
    """Return the last of the line, and what is wrong with the line."""
    seen = {identifier}
    at = steps[identifier]
    while at in steps:
        if at in seen:
            return at, "its successors go round in a circle"
        seen.add(at)
        at = steps[at]
    if at in lost:
        return at, f"its successor {at} is obsolete too"
    return at, ""
