"""The values that the hand-edited files hold: claims, evidence, entities, spans, the document.

All are frozen and compare by value. Identifiers inside them are CURIEs (`DOID:182`); `namespaces.expand`
makes IRIs of them.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Status = Literal["accepted", "reported", "contested", "refuted", "artefact"]
"""What a claim is worth, in the order in which tables list it."""

STATUSES: tuple[Status, ...] = ("accepted", "reported", "contested", "refuted", "artefact")
SHORTCUT_STATUSES: tuple[Status, ...] = ("accepted", "reported", "contested")
"""The statuses whose positive claims also stand as plain triples, each in a graph of its own."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the source document, without its text.

    Attributes:
        start: First code point, counted from 0.
        end: The code point after the last.
        sha256: SHA-256 of the stretch's UTF-8 text, 64 hexadecimal digits.

    >>> Span.of("a rare disease", 2, 6)
    Span(start=2, end=6, sha256='50270c12c086cb3616ad7f7b98199589b7bb8f181dfd0d6dbf887b4b1a2552c0')
    """

    start: int
    end: int
    sha256: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> "Span":
        """Make the span of `text[start:end]`."""
        return cls(start, end, hashlib.sha256(text[start:end].encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Hedge:
    """A word that weakens a claim, and how it does so (model: `ckgv:hedgeType`).

    >>> Hedge("may", "possibility").cue
    'may'
    """

    cue: str
    type: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one source says for or against a claim.

    Attributes:
        direction: `supports`, `qualifies` or `disputes` the claim as the document makes it.
        directness: `direct` or `indirect`.
        basis: The kind of source (`review`, `ontology`, `annotation`, ...).
        references: CURIEs, claim ids or https addresses; at least one.
        summary: What the source shows, in the curators' words.
        level: How strong the study design is, 1 (strongest) to 5, after the Oxford Centre for Evidence-Based
            Medicine; None where the source is no study.
    """

    direction: str
    directness: str
    basis: str
    references: tuple[str, ...]
    summary: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """What is needed to name a publication, and how strong its design is.

    Attributes:
        id: The CURIE or address that evidence cites it by.
        level: As in `Evidence`.
        design: What kind of study it is.
        also: Its other identifiers.
        author: The first author; empty if not seen.
        journal: Short name of the journal; empty if not seen.
        year: Four digits; empty if not seen.
        participants: Who or how many took part; empty if not seen.
        place: `file:line` of its block.
    """

    id: str
    level: int
    design: str
    also: tuple[str, ...] = ()
    author: str = ""
    journal: str = ""
    year: str = ""
    participants: str = ""
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement that the source document makes.

    Attributes:
        id: `CKG-C258`; kept for ever, never reused.
        section: The document's section that it stands in.
        span: Where it stands.
        subject: CURIE of an entity.
        predicate: CURIE of a Biolink predicate.
        object: CURIE of an entity.
        relation: CURIE of the OBO (or SKOS) relation that says the same more exactly, if there is one.
        hedges: What weakens it; empty for a plain assertion.
        negation_cue: The negating word; empty for a positive claim.
        kind: What the claim is about (`treatment`, `symptom`, ...).
        verdict: What the check against references found.
        status: What it is worth.
        status_reason: Why that is not the status that the rules compute; empty where it is.
        qualifiers: Key to value, as `claims.schema.json` lists them.
        evidence: What speaks for and against it.
        repeats: Id of the claim that it says again; empty if none.
        searched: What was looked for and not found.
        note: A curator's remark.
        place: `file:line` of the claim's block.
    """

    id: str
    section: str
    span: Span
    subject: str
    predicate: str
    object: str
    kind: str
    verdict: str
    status: Status
    relation: str = ""
    hedges: tuple[Hedge, ...] = ()
    negation_cue: str = ""
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    repeats: str = ""
    searched: str = ""
    note: str = ""
    status_reason: str = ""
    place: str = field(default="", compare=False)

    @property
    def negated(self) -> bool:
        """Whether the document denies the statement."""
        return bool(self.negation_cue)

    @property
    def modality(self) -> Literal["asserted", "hedged"]:
        """`hedged` if any word weakens the claim, else `asserted`."""
        return "hedged" if self.hedges else "asserted"

    @property
    def direction(self) -> str:
        """`increased`, `decreased`, or empty where the claim gives no direction."""
        return self.qualifiers.get("direction", "")

    @property
    def proposition(self) -> str:
        """Return the id of what is said, shared by claims that repeat or deny it (see `proposition`)."""
        return proposition(self.subject, self.relation or self.predicate, self.object, self.direction)


@dataclass(frozen=True, slots=True)
class LiteratureClaim:
    """One statement that publications make and the source document does not.

    Its status is computed from its evidence; nobody states it.

    Attributes:
        id: `CKG-L001`; kept for ever, never reused.
        topic: The file that it stands in.
        subject: CURIE of an entity.
        predicate: CURIE of a Biolink predicate.
        object: CURIE of an entity.
        kind: As in `Claim`.
        evidence: What speaks for and against it; at least one line.
        relation: As in `Claim`.
        negated: Whether the publications deny the statement.
        qualifiers: As in `Claim`.
        note: A curator's remark.
        place: `file:line` of its block.
    """

    id: str
    topic: str
    subject: str
    predicate: str
    object: str
    kind: str
    evidence: tuple[Evidence, ...]
    relation: str = ""
    negated: bool = False
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    place: str = field(default="", compare=False)

    @property
    def proposition(self) -> str:
        """Return the id of what is said; a claim of the document that says it has the same."""
        said = self.relation or self.predicate
        return proposition(self.subject, said, self.object, self.qualifiers.get("direction", ""))


def proposition(subject: str, relation: str, content: str, direction: str) -> str:
    """Return the id of what a claim says: the start of the SHA-256 of its parts.

    Polarity and hedge are left out, since they belong to the claim.

    >>> proposition("CHEBI:10033", "RO:0003307", "DOID:182", "")
    '4fa4cbd686c0a327'
    """
    return hashlib.sha256(f"{subject}|{relation}|{content}|{direction}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class NonClaim:
    """A span that claims nothing: a heading, a list marker, advice, a repeated definition."""

    id: str
    section: str
    span: Span
    type: str
    repeats: tuple[str, ...] = ()
    note: str = ""
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Entity:
    """Something that claims speak of, grounded to a term.

    Attributes:
        id: CURIE of the term.
        label: The term's label, as its ontology has it.
        category: CURIE of a Biolink category.
        role: `claim`, `mention`, `reference` (not in the document), `artefact`, or `literature` (only claims of the
            literature speak of it).
        match: How well the term fits the document's words; empty for terms of our own.
        symptom: CURIE of the SYMP term that a phenotype corresponds to; empty if none.
        note: A curator's remark.
        place: `file:line` of the entity's block.
    """

    id: str
    label: str
    category: str
    role: str
    match: str = ""
    symptom: str = ""
    note: str = ""
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Document:
    """The source document: what identifies it, and how claims were read out of it."""

    id: str
    label: str
    sha256: str
    bytes: int
    code_points: int
    agent: str
    method: str
    date: str
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curation:
    """All that people edit: the document's claims and other spans, entities, publications, claims of the literature."""

    document: Document
    claims: tuple[Claim, ...]
    non_claims: tuple[NonClaim, ...]
    entities: Mapping[str, Entity]
    publications: Mapping[str, Publication] = field(default_factory=dict)
    literature: tuple[LiteratureClaim, ...] = ()
