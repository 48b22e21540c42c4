"""How often something is so: counts, percentages and HPO's classes, as ranges that can be held against each other.

HPO annotations state a frequency in three forms (column 8 of `phenotype.hpoa`): as a count `n/m`, as a percentage,
or as a term below HP:0040279 Frequency, whose definitions give the bounds below.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

CLASSES = MappingProxyType(
    {
        "HP:0040280": (100.0, 100.0),  # Obligate: 100%
        "HP:0040281": (80.0, 99.0),  # Very frequent: 80% to 99%
        "HP:0040282": (30.0, 79.0),  # Frequent: 30% to 79%
        "HP:0040283": (5.0, 29.0),  # Occasional: 5% to 29%
        "HP:0040284": (1.0, 4.0),  # Very rare: 1% to 4%
        "HP:0040285": (0.0, 0.0),  # Excluded: 0%
    }
)
"""Class to its bounds in per cent, as HPO's own definitions give them (hp.obo, data-version 2025-01-16)."""
_COUNT = re.compile(r"(\d+)\s*(?:/|of)\s*(\d+)\Z")
_PERCENT = re.compile(r"(<=|>=|<|>|~)?\s*(\d+(?:\.\d+)?)\s*(?:%?\s*-\s*(\d+(?:\.\d+)?)\s*)?%\Z")
_Z = 1.96
_WHOLE = 100.0


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """A frequency in per cent.

    Attributes:
        low: Least, as written.
        high: Most, as written.
        least: Least that is compatible with it: for a count the lower end of Wilson's interval at 95%
            (E. B. Wilson, J Am Stat Assoc 22, 1927), else `low` with what rounding to whole per cent allows.
        most: Likewise.
    """

    low: float
    high: float
    least: float
    most: float


@lru_cache(maxsize=100_000)
def parse(text: str) -> Range | None:
    """Return a frequency as a range, or None where it is none that can be read.

    >>> parse("3/4").low, parse("HP:0040283").high, parse("45%").least, parse("rarely")
    (75.0, 29.0, 44.5, None)
    """
    text = text.strip()
    if text in CLASSES:
        low, high = CLASSES[text]
        return Range(low, high, max(0.0, low - 0.5) if low else 0.0, min(_WHOLE, high + 1) if high else 0.0)
    if count := _COUNT.match(text):
        return _of_count(int(count[1]), int(count[2]))
    if percent := _PERCENT.match(text):
        return _of_percent(percent[1] or "", float(percent[2]), percent[3] or "")
    return None


def _of_count(number: int, total: int) -> Range | None:
    if not total or number > total:
        return None
    share = number / total
    spread = _Z**2 / total
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    least = 0.0 if not number else _WHOLE * (middle - half)
    most = _WHOLE if number == total else _WHOLE * (middle + half)
    return Range(_WHOLE * share, _WHOLE * share, least, most)


def _of_percent(sign: str, value: float, upper: str) -> Range | None:
    low, high = value, float(upper or value)
    if low > high or high > _WHOLE:
        return None
    if sign.startswith("<"):
        low = 0.0
    elif sign.startswith(">"):
        high = _WHOLE
    return Range(low, high, max(0.0, low - 0.5), min(_WHOLE, high + 0.5))


def is_absence(text: str) -> bool:
    """Return whether a frequency says that it was looked for and never found.

    >>> is_absence("0/7"), is_absence("HP:0040285"), is_absence("1/7"), is_absence("")
    (True, True, False, False)
    """
    found = parse(text)
    return found is not None and found.high == 0


def exclusion(texts: Iterable[str]) -> tuple[str, str, bool] | None:
    """Return two frequencies that exclude each other, the rarer first, and whether chance is no excuse.

    >>> exclusion(["1/2", "HP:0040281"]), exclusion(["2/90", "HP:0040281"])
    (('1/2', 'HP:0040281', False), ('2/90', 'HP:0040281', True))
    >>> exclusion(["3/4", "45/60"]), exclusion(["1/2"])
    (None, None)
    """
    known = [(text, found) for text in sorted(texts) if (found := parse(text))]
    if len(known) < 2:  # noqa: PLR2004 - it takes two
        return None
    rare, often = min(known, key=lambda one: (one[1].most, one)), max(known, key=lambda one: (one[1].least, one))
    if rare[1].most < often[1].least:
        return rare[0], often[0], True
    rare, often = min(known, key=lambda one: (one[1].high, one)), max(known, key=lambda one: (one[1].low, one))
    return (rare[0], often[0], False) if rare[1].high < often[1].low else None
