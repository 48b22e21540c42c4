"""What `merge-check` says: a verdict on each law, with how much was looked at and the first examples."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HOLDS, BROKEN, UNTOLD = "holds", "broken", "cannot be told"
LAWS = MappingProxyType(
    {
        "zero-loss": "each statement, qualifier, source, publication, curator and original id is found again",
        "pairing": "nothing is paired that no input pairs",
        "polarity": "yes and NOT stay what they were",
        "standing": "what is refuted, an artefact or only reported never becomes plain",
        "alias": "nothing has two names on edge ends or as a node",
        "rewiring": "no edge end is changed by anything but an accepted exact mapping",
        "cliques": "what was made one is of one kind, and nothing denies it",
        "dangling": "no edge is dropped unseen because nothing describes its end",
        "silence": "each input row is in the result or in quarantine, and the counts add up",
        "duplicates": "each statement and each node stands once",
        "bytes": "another merge of the same inputs has the same bytes",
    }
)
"""Name of a law to what it says, in the order in which they are shown."""
EXAMPLES = 3
"""How many examples are shown of a fault."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one law.

    Attributes:
        law: A key of `LAWS`.
        verdict: `holds`, `broken` or `cannot be told`.
        checked: How many things were looked at.
        count: How many break the law.
        notes: What breaks it, with numbers and what to do; or why it cannot be told, wholly or in part.
        examples: The first that break it: `file:line: what`.
    """

    law: str
    verdict: str
    checked: int
    count: int
    notes: Sequence[str]
    examples: Sequence[str]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts on all laws, in the order of `LAWS`.

    >>> court = Court()
    >>> court.looked("polarity", 2)
    >>> court.broken("polarity", 1, "a NOT arrives as a yes. Keep the column negated", ["a.tsv:2: A:1 p A:2"])
    >>> [verdict.verdict for verdict in court.verdicts().laws[:3]]
    ['cannot be told', 'cannot be told', 'broken']
    """

    laws: Sequence[Verdict]

    @property
    def broken(self) -> bool:
        """Whether any law is broken."""
        return any(verdict.verdict == BROKEN for verdict in self.laws)

    def to_text(self) -> str:
        """Return a line for each law, and below it what is wrong."""
        lines = []
        for law in self.laws:
            number = f"{law.count:,} of {law.checked:,}" if law.count else f"{law.checked:,} looked at"
            shown = "" if law.verdict == UNTOLD else f" ({number})"
            lines.append(f"{law.verdict:<15} {law.law:<10} {LAWS[law.law]}{shown}")
            lines += [f"{'':15} {note}." for note in law.notes]
            lines += [f"{'':15}   {example}" for example in law.examples]
        return "\n".join(lines)

    def to_json(self) -> str:
        """Return the verdicts as a JSON array."""
        found = [
            {
                "law": law.law, "says": LAWS[law.law], "verdict": law.verdict, "checked": law.checked,
                "count": law.count, "notes": list(law.notes), "examples": list(law.examples),
            }
            for law in self.laws
        ]  # fmt: skip
        return json.dumps(found, ensure_ascii=False, indent=1)


class Court:
    """Gathers what is found, law by law."""

    def __init__(self) -> None:
        self._checked: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._notes: dict[tuple[str, str], int] = {}
        self._untold: dict[str, list[str]] = {}
        self._examples: dict[tuple[str, str], list[str]] = {}

    def looked(self, law: str, number: int) -> None:
        """Count things that were looked at."""
        self._checked[law] += number

    def broken(self, law: str, number: int, note: str, examples: Iterable[str] = ()) -> None:
        """Note that a law is broken, if the number is not 0; the note ends in a remedy, without a full stop."""
        if number:
            self._counts[law] += number
            self._notes[law, note] = self._notes.get((law, note), 0) + number
            known = self._examples.setdefault((law, note), [])
            known += islice(examples, EXAMPLES - len(known))

    def untold(self, law: str, reason: str) -> None:
        """Note why a law, or a part of it, cannot be told."""
        reasons = self._untold.setdefault(law, [])
        if reason not in reasons:
            reasons.append(reason)

    def verdicts(self) -> Verdicts:
        """Return what was found of all laws; one of which nothing was looked at cannot be told."""
        found = []
        for law in LAWS:
            reasons = self._untold.get(law, [])
            if self._counts[law]:
                verdict = BROKEN
            elif reasons or not self._checked[law]:
                verdict = UNTOLD
            else:
                verdict = HOLDS
            notes = [f"{number:,} {note}" for (of, note), number in self._notes.items() if of == law] + reasons
            if verdict == UNTOLD and not notes:
                notes = ["there is nothing to look at"]
            examples = [text for (of, _), texts in self._examples.items() if of == law for text in texts]
            found.append(Verdict(law, verdict, self._checked[law], self._counts[law], notes, examples))
        return Verdicts(found)
