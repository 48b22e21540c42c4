"""Claims as rows: the values that the formats of other tools hold.

Most of them know entities and associations between them, not named graphs. `contents.of` takes these out of quads,
`restored.quads` says them in RDF again; a format lies between the two, and keeps what its page in the documentation
says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calcinosis_kg.claims import Span

QUALIFIERS = (
    "biolink:object_direction_qualifier",
    "biolink:population_context_qualifier",
    "biolink:clinical_approval_status",
    "ckgv:maxPercentage",
    "ckgv:minPercentage",
    "ckgv:severityContext",
    "ckgv:scope",
    "ckgv:regulatoryContext",
    "ckgv:routeContext",
    "ckgv:underCondition",
    "ckgv:context",
    "ckgv:stage",
    "ckgv:locationContext",
    "ckgv:target",
    "ckgv:aspect",
    "ckgv:recommendation",
    "ckgv:detail",
)
"""The properties that restrict a claim, in the order in which formats list them."""

NODES = ("biolink:population_context_qualifier", "ckgv:severityContext", "ckgv:scope")
"""Those of them whose values are nodes."""

CLASSES = {"document": "ckgv:Claim", "literature": "ckgv:LiteratureClaim"}
"""Source of a claim to its class."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of evidence.

    Attributes:
        id: `CKG-C258-ev1`.
        direction: `supports`, `qualifies` or `disputes`.
        directness: `direct` or `indirect`.
        basis: The kind of source, as the vocabulary names it (`caseReport`).
        references: CURIEs of publications, terms or claims, or addresses.
        summary: What the source shows.
        level: How strong the study design is, 1 (strongest) to 5; None where the source is no study.
        types: ECO classes.
    """

    id: str
    direction: str
    directness: str
    basis: str
    references: tuple[str, ...]
    summary: str
    level: int | None
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Association:
    """One claim, with everything that says how far to trust it.

    Attributes:
        id: `CKG-C258`.
        source: `document` or `literature`.
        label: The claim in words.
        category: CURIE of its Biolink association class.
        subject: CURIE of an entity.
        predicate: CURIE of a Biolink predicate.
        object: CURIE of an entity.
        relation: CURIE of the more exact relation, or empty.
        negated: Whether the source denies the statement.
        negation_cue: The word that denies it, or empty.
        modality: `asserted` or `hedged`; empty for the literature.
        hedges: Cue and type of each.
        status: `accepted`, `reported`, `contested`, `refuted` or `artefact`.
        computed_status: What the rules give.
        status_reason: Why `status` is another one, or empty.
        rule: Name of the rule that fired.
        verdict: What the check against references found; empty for the literature.
        kind: What the claim is about (`treatment`).
        section: Section of the document, or topic of the literature.
        qualifiers: Property and value of each, in the order of `QUALIFIERS`; nodes as CURIEs, numbers as written.
        knowledge_level: Biolink's knowledge level.
        agent_type: Biolink's agent type.
        proposition: Id of what is said, shared by claims that repeat or deny it.
        spans: Where it stands.
        repeats: Id of the claim that it says again, or empty.
        derived_from: CURIEs of the document or the publications.
        evidence: What speaks for and against it; line 0 of a document's claim is the document itself.
        searched: What was looked for and not found.
        note: A curator's remark.
    """

    id: str
    source: str
    label: str
    category: str
    subject: str
    predicate: str
    object: str
    relation: str
    negated: bool
    negation_cue: str
    modality: str
    hedges: tuple[tuple[str, str], ...]
    status: str
    computed_status: str
    status_reason: str
    rule: str
    verdict: str
    kind: str
    section: str
    qualifiers: tuple[tuple[str, str], ...]
    knowledge_level: str
    agent_type: str
    proposition: str
    spans: tuple[Span, ...]
    repeats: str
    derived_from: tuple[str, ...]
    evidence: tuple[Line, ...]
    searched: str
    note: str

    @property
    def publications(self) -> tuple[str, ...]:
        """The publications that evidence cites, for and against: CURIEs of PubMed, PubMed Central and DOI."""
        cited = {reference: None for line in self.evidence for reference in line.references}
        return tuple(name for name in cited if name.startswith(("PMID:", "PMC:", "DOI:")))


@dataclass(frozen=True, slots=True)
class Entity:
    """What claims are about.

    Attributes:
        id: CURIE.
        label: Its name; empty where the dataset has none.
        categories: CURIEs of Biolink classes.
        definition: Of our own terms; empty for those of others.
        synonyms: Exact ones.
        mappings: Predicate and CURIE of each other identifier.
        artefact: Whether it only grew out of a missing value of the document.
    """

    id: str
    label: str
    categories: tuple[str, ...]
    definition: str = ""
    synonyms: tuple[str, ...] = ()
    mappings: tuple[tuple[str, str], ...] = ()
    artefact: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """What a dataset holds for other tools.

    Attributes:
        entities: Everything that an association names as its end or in a qualifier, by CURIE.
        associations: The claims, those of the document first.
    """

    entities: tuple[Entity, ...]
    associations: tuple[Association, ...]
