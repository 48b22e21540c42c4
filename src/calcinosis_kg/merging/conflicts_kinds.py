"""What sources can disagree about, how grave it is, and what a finding is made of."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = MappingProxyType({ERROR: "sh:Violation", WARNING: "sh:Warning", INFO: "sh:Info"})
"""Severity, gravest first, and the SHACL term for it."""

YES_NOT = "yes-not"
YES_NOT_BELOW = "yes-not-below"
ABSENCE_AGREES = "absence-agrees-with-not"
ABSENCE = "absence-as-yes"
FREQUENCIES = "frequencies-exclude"
SEVERAL = "several-frequencies"
TREATS = "treats-contraindicated"
REFUTED = "asserted-refuted"
DIRECTIONS = "opposite-directions"
INHERITANCE = "opposite-inheritance"
INHERITANCE_BELOW = "opposite-inheritance-below"
INHERITANCE_NEAR = "opposite-inheritance-near"
HIERARCHY = "hierarchy-disagrees"
CIRCLE = "hierarchy-circle"
LABEL = "label-differs"
DOUBTFUL = "doubtful"

KINDS = MappingProxyType(
    {
        YES_NOT: (ERROR, "One says that it is so, the other that it is NOT so."),
        YES_NOT_BELOW: (ERROR, "What is said of a narrower term is denied of a broader one."),
        TREATS: (ERROR, "It is said to treat what it is contraindicated in."),
        REFUTED: (WARNING, "It is asserted as plain here, and known there to be refuted or an artefact."),
        DIRECTIONS: (ERROR, "The same is said to go in opposite directions."),
        HIERARCHY: (ERROR, "Each of two terms is under the other, and they are not mapped as the same."),
        CIRCLE: (ERROR, "A term is under itself: the hierarchy goes round in a circle."),
        INHERITANCE: (WARNING, "The same disease is said to be dominant and to be recessive."),
        INHERITANCE_BELOW: (
            WARNING, "A group of diseases has one mode of inheritance only, and one of its forms only the opposite.",
        ),
        INHERITANCE_NEAR: (
            INFO, "Two diseases that a mapping calls alike, but not the same, have opposite modes of inheritance.",
        ),
        DOUBTFUL: (WARNING, "It rests on a disease having a phenotype, of which all that is said is NOT."),
        FREQUENCIES: (WARNING, "Frequencies of the same exclude each other."),
        ABSENCE: (WARNING, "A yes with a count of 0 of n says that it was never found."),
        ABSENCE_AGREES: (INFO, "The yes has a count of 0 of n, and so agrees with the NOT."),
        SEVERAL: (INFO, "The same has several frequencies, which can all be true."),
        LABEL: (INFO, "One identifier has different labels."),
    }
)  # fmt: skip
"""Kind to the severity that it has as a rule, and to what it means; in the order in which they are reported."""


class Line(NamedTuple):
    """One line of evidence of a side: a record, where it stands, and what it cites.

    Attributes:
        statement: Id of the statement, 32 hexadecimal digits; empty where it is about a node.
        words: What is said, in identifiers and labels.
        source: Name of the source.
        file: Name of its file.
        line: Line in it.
        record: The id that the source gives to it.
        publications: What it cites, joined.
        frequency: As written.
        subject: As written.
        object: As written.
    """

    statement: str
    words: str
    source: str
    file: str
    line: int
    record: str = ""
    publications: str = ""
    frequency: str = ""
    subject: str = ""
    object: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """Lines of evidence of a statement.

    Attributes:
        row: Which statement of the result.
        only: The frequencies of the lines that are meant; all lines if None.
    """

    row: int
    only: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Two sides that disagree.

    Attributes:
        kind: A key of `KINDS`.
        left: What one side says.
        right: What the other says; may be empty where a thing disagrees with itself.
        detail: What they differ about.
        severity: Where it is not as a rule.
        through: Statements of the hierarchy that lead from one side to the other.
    """

    kind: str
    left: tuple[Pick | Line, ...]
    right: tuple[Pick | Line, ...] = ()
    detail: str = ""
    severity: str = ""
    through: tuple[int, ...] = ()
