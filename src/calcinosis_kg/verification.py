"""The proof that claims rest on the document: its digest, every span's digest, every character accounted for."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Literal

from calcinosis_kg.claims import Claim, Curation, NonClaim, Span
from calcinosis_kg.errors import InputError

State = Literal["unchanged", "moved", "gone"]

REACH = 20_000
"""How far from its place, in code points, a span is looked for. The document itself has 13,741."""

NEAR = 500
"""How far it is looked for first: most edits move what follows them by less."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span stands in the document at hand.

    Attributes:
        span: The span as the curation has it.
        ids: The claims or other spans that stand there.
        state: `unchanged`, `moved`, or `gone` (not within `REACH` of its place).
        start: Where it starts now; the nearest place if its text stands more than once; None if gone.
    """

    span: Span
    ids: tuple[str, ...]
    state: State
    start: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the non-whitespace characters of one section are accounted for."""

    section: str
    claimed: int
    other: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found when the curation was held against a document.

    Attributes:
        same_document: Whether the document's SHA-256 is the recorded one.
        places: Every distinct span, in document order.
        coverage: Characters accounted for, section by section.
        characters: Non-whitespace characters of the document.
        uncovered: Those in no span.
        twice: Those in more than one span.
        cues: Words that hedge or negate.
        strayed: Cues that are not in their claim's span: claim id and cue.
    """

    same_document: bool
    places: tuple[Place, ...]
    coverage: tuple[Coverage, ...]
    characters: int
    uncovered: int
    twice: int
    cues: int
    strayed: tuple[tuple[str, str], ...]

    @property
    def holds(self) -> bool:
        """Whether everything is as recorded: same document, every span in place, every character once."""
        in_place = all(place.state == "unchanged" for place in self.places)
        return self.same_document and in_place and not (self.uncovered or self.twice or self.strayed)

    @property
    def percentage(self) -> float:
        """Share of the non-whitespace characters that stand in a span, in percent."""
        return 100 * (self.characters - self.uncovered) / self.characters if self.characters else 0.0


def read(path: Path) -> bytes:
    """Read a document.

    Raises:
        InputError: It cannot be read, is empty, or is no UTF-8 text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        problem = f"cannot be read: {(error.strerror or 'unknown reason').lower()}"
        raise InputError(problem, "Give the path of the source document.", str(path)) from error
    if not content.strip():
        raise InputError("is empty", "Give the path of the source document.", str(path))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 text (byte {error.start})"
        raise InputError(problem, "Give the document as UTF-8 text.", str(path)) from error
    return content


def verify(curation: Curation, content: bytes, step: Callable[[int, int], None] = lambda _done, _all: None) -> Proof:
    """Hold the curation against a document.

    Args:
        curation: The claims and other spans.
        content: The document's bytes, UTF-8.
        step: Called with the number of spans done and of all spans.
    """
    text = content.decode("utf-8")
    same = hashlib.sha256(content).hexdigest() == curation.document.sha256
    spans = _spans(curation)
    places = [
        Place(span, tuple(item.id for item in items), *state)
        for (span, items), state in zip(spans.items(), _located(list(spans), text, step), strict=True)
    ]
    counts: Counter[int] = Counter()
    claimed: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for place in places:
        items = spans[place.span]
        if place.start is None:
            continue
        inside = [
            index
            for index in range(place.start, place.start + place.span.end - place.span.start)
            if not text[index].isspace()
        ]
        counts.update(inside)
        total = claimed if any(isinstance(item, Claim) for item in items) else other
        total[items[0].section] += len(inside)
    characters = sum(not character.isspace() for character in text)
    cues = list(_cues(curation))
    where = {place.span: place.start for place in places}
    strayed = tuple((claim.id, cue) for claim, cue in cues if not _stands(cue, claim.span, where[claim.span], text))
    return Proof(
        same_document=same,
        places=tuple(places),
        coverage=tuple(Coverage(section, claimed[section], other[section]) for section in curation.document.sections),
        characters=characters,
        uncovered=characters - len(counts),
        twice=sum(times > 1 for times in counts.values()),
        cues=len(cues),
        strayed=strayed,
    )


def _spans(curation: Curation) -> dict[Span, list[Claim | NonClaim]]:
    """Return the distinct spans in document order, each with what stands there."""
    found: dict[Span, list[Claim | NonClaim]] = {}
    items: list[Claim | NonClaim] = [*curation.claims, *curation.non_claims]
    for item in sorted(items, key=lambda item: (item.span.start, item.span.end, item.id)):
        found.setdefault(item.span, []).append(item)
    return found


def _located(spans: list[Span], text: str, step: Callable[[int, int], None]) -> list[tuple[State, int | None]]:
    """Return for each span whether it is in its place, and where it is."""
    found: dict[Span, tuple[State, int | None]] = {}
    away: dict[int, list[Span]] = {}
    for span in spans:
        if span.end <= len(text) and Span.of(text, span.start, span.end) == span:
            found[span] = ("unchanged", span.start)
        else:
            away.setdefault(span.end - span.start, []).append(span)
    step(len(found), len(spans))
    content, offsets = text.encode(), list(accumulate((len(character.encode()) for character in text), initial=0))
    for length, group in away.items():
        for span in group:
            found[span] = _nearest(span, _starts(length, [span], content, offsets, NEAR))
        far = [span for span in group if found[span][0] == "gone"]
        starts = _starts(length, far, content, offsets, REACH) if far else {}
        for span in far:
            found[span] = _nearest(span, starts)
        step(len(found), len(spans))
    return [found[span] for span in spans]


def _starts(length: int, group: list[Span], content: bytes, offsets: list[int], reach: int) -> dict[str, list[int]]:
    """Return where stretches of a length have the digest of a span, by digest; spans of one length share the search."""
    first = max(0, min(span.start for span in group) - reach)
    last = min(len(offsets) - 1 - length, max(span.start for span in group) + reach)
    wanted = {bytes.fromhex(span.sha256) for span in group}
    sha256 = hashlib.sha256
    ends = zip(offsets[first : last + 1], offsets[first + length :], strict=False)
    hits = [start for start, (a, b) in enumerate(ends, first) if sha256(content[a:b]).digest() in wanted]
    found: dict[str, list[int]] = {}
    for start in hits:
        digest = sha256(content[offsets[start] : offsets[start + length]]).hexdigest()
        found.setdefault(digest, []).append(start)
    return found


def _nearest(span: Span, starts: dict[str, list[int]]) -> tuple[State, int | None]:
    near = [start for start in starts.get(span.sha256, ()) if abs(start - span.start) <= REACH]
    place = min(near, key=lambda start: (abs(start - span.start), start), default=None)
    return ("gone" if place is None else "moved", place)


def _cues(curation: Curation) -> Iterator[tuple[Claim, str]]:
    for claim in curation.claims:
        for hedge in claim.hedges:
            yield claim, hedge.cue
        if claim.negation_cue:
            yield claim, claim.negation_cue


def _stands(cue: str, span: Span, start: int | None, text: str) -> bool:
    if start is None:
        return True  # the span is reported as gone; one finding is enough
    stretch = text[start : start + span.end - span.start]
    return re.search(rf"\b{re.escape(cue)}\b", stretch, re.IGNORECASE) is not None
