"""Why a claim has its status: the claim in words, its place, its hedges, each line of evidence, the rule that fired."""

from __future__ import annotations

import difflib
import json
import re
import textwrap
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.errors import InputError
from calcinosis_kg.namespaces import compress, expand
from calcinosis_kg.sheets import iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WIDTH = 100
_LABEL = 12
_DIRECTION = {"supports": "for", "qualifies": "but", "disputes": "against"}
_ORDER = tuple(_DIRECTION)
_PLAIN = {
    "biolink:object_direction_qualifier": "direction",
    "biolink:population_context_qualifier": "population",
    "biolink:clinical_approval_status": "approval",
    "ckgv:maxPercentage": "at most (percent)",
    "ckgv:minPercentage": "at least (percent)",
    "ckgv:severityContext": "severity",
    "ckgv:scope": "scope",
    "ckgv:regulatoryContext": "list of the page",
    "ckgv:routeContext": "route",
    "ckgv:underCondition": "condition",
    "ckgv:context": "context",
    "ckgv:stage": "stage",
    "ckgv:locationContext": "location",
    "ckgv:target": "target",
    "ckgv:aspect": "aspect",
    "ckgv:recommendation": "recommendation",
    "ckgv:detail": "detail",
}
"""The properties that qualify a claim, as people call them."""


@dataclass(frozen=True)
class Line:
    """One line of evidence.

    Attributes:
        direction: `supports`, `qualifies` or `disputes`.
        directness: `direct` or `indirect`.
        basis: The kind of source.
        level: 1 (strongest) to 5; None where the source is no study.
        citations: The sources as they are cited.
        summary: What they show.
    """

    direction: str
    directness: str
    basis: str
    level: int | None
    citations: tuple[str, ...]
    summary: str


@dataclass(frozen=True)
class Explanation:
    """Why a claim has its status.

    Attributes:
        id: The claim's id.
        words: What it says, with `NOT` where its source denies that.
        status: What it is worth.
        source: `document`, or `literature` for a claim that publications alone make.
        place: The document's section and code points, and the digest of the stretch; empty for the literature.
        hedges: What weakens it, each as `cue (type)`.
        negation: The negating words; empty for a positive claim.
        qualifiers: What restricts it, by name.
        evidence: For, but, against: in that order; direct before indirect, the stronger level first.
        rule: What the rule that fired says.
        rule_name: The rule's name.
        rule_detail: How the rule decides.
        computed: The status that the rule gives; another than `status` only with a reason.
        reason: Why the status is not the computed one; empty where it is.
        note: A curator's remark, or what was searched for and not found.
    """

    id: str
    words: str
    status: str
    source: str
    place: str
    hedges: tuple[str, ...]
    negation: str
    qualifiers: Mapping[str, str]
    evidence: tuple[Line, ...]
    rule: str
    rule_name: str
    rule_detail: str
    computed: str
    reason: str
    note: str

    def to_json(self) -> str:
        """Return it as JSON, keys in the order of the attributes."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"

    def to_text(self) -> str:
        """Return it for a terminal, lines of at most 100 characters."""
        said = "flatly" if self.source == "document" else "by the publications below, not by the document"
        if self.hedges:
            said = "hedged: " + ", ".join(self.hedges)
        if self.negation:
            said += f"; denied: '{self.negation}'"
        rows = [(self.id, self.words), ("status", self.status), ("said", said)]
        rows += [("stands", self.place)] if self.place else []
        qualified = "; ".join(f"{name}: {content}" for name, content in self.qualifiers.items())
        rows += [("qualified", qualified)] if qualified else []
        shown = [_row(name, content) for name, content in rows]
        shown += ["", "evidence" if self.evidence else "evidence    none from outside the document"]
        for line in self.evidence:
            level = f"level {line.level} " if line.level else ""
            kind = f"{_DIRECTION[line.direction]}, {line.directness} ({level}{line.basis})"
            shown.append(_fill(f"{kind}: {'; '.join(line.citations)}", "  ", "    "))
            shown.append(_fill(line.summary, "    ", "    "))
        shown += ["", _row("rule", f"{self.rule_name}: {self.rule}"), _row("", self.rule_detail)]
        if self.reason:
            shown.append(_row("but kept", f"{self.status}, not {self.computed}: {self.reason}"))
        if self.note:
            shown.append(_row("note", self.note))
        return "\n".join(shown) + "\n"


def _fill(content: str, first: str, later: str) -> str:
    """Break a text into lines of the terminal's width, never inside an address."""
    return textwrap.fill(
        content,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _row(name: str, content: str) -> str:
    return _fill(content, name.ljust(_LABEL), " " * _LABEL)


class Explainer:
    """Explains the claims of a dataset; reading it once serves them all.

    >>> from calcinosis_kg import shipped
    >>> found = Explainer(shipped.quads()).explain("CKG-C217")
    >>> found.status, found.rule_name, found.evidence[-1].direction
    ('refuted', 'strongly disputed', 'disputes')
    """

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._facts: dict[object, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]] = {}
        for quad in quads:
            if not isinstance(quad.object, ox.Triple):
                about = self._facts.setdefault(quad.subject, defaultdict(list))
                if quad.object not in (known := about[quad.predicate.value]):
                    known.append(quad.object)

        kinds = {iri("ckgv:Claim"), iri("ckgv:LiteratureClaim")}
        found = [node for node, facts in self._facts.items() if kinds & set(facts.get(expand("rdf:type"), ()))]
        self.ids = tuple(sorted((_name(node) for node in found), key=_number))
        """The ids of the claims in the dataset, those of the document first."""

    def explain(self, claim: str) -> Explanation:
        """Explain one claim.

        Args:
            claim: Its id, with or without `CKG-`, in any case: `CKG-C217`, `c82`.

        Raises:
            InputError: The dataset has no such claim.
        """
        written = re.fullmatch(r"(?:CKG-)?([CL])(\d+)", claim.strip().upper())
        name = f"CKG-{written[1]}{int(written[2]):03}" if written else claim
        if name not in self.ids:
            near = difflib.get_close_matches(name, self.ids, n=1)
            hint = f"Did you mean {near[0]}?" if near else "Claims are called CKG-C001 or CKG-L001."
            raise InputError(f"'{claim}' is no claim of this dataset", hint)
        facts = self._facts[iri(name)]
        rule = self._node(facts, "ckgv:firedRule")
        about_rule = self._facts.get(rule, {})
        lines = [self._line(self._facts.get(node, {})) for node in self._all(facts, "biolink:has_evidence")]
        outside = [line for line in lines if line is not None]
        status = self._word(facts, "ckgv:claimStatus")
        negated = self._word(facts, "biolink:negated") == "true"
        return Explanation(
            id=name,
            words=self._word(facts, "rdfs:label"),
            status=status,
            source="literature" if name.startswith("CKG-L") else "document",
            place=self._place(facts),
            hedges=tuple(self._hedge(self._facts[node]) for node in self._all(facts, "ckgv:hedge")),
            negation=self._word(facts, "ckgv:negationCue") if negated else "",
            qualifiers={said: self._word(facts, key) for key, said in _PLAIN.items() if self._all(facts, key)},
            evidence=tuple(sorted(outside, key=_strength)),
            rule=self._word(about_rule, "dcterms:description"),
            rule_name=self._word(about_rule, "rdfs:label"),
            rule_detail=self._word(about_rule, "rdfs:comment"),
            computed=self._word(facts, "ckgv:computedStatus") or status,
            reason=self._word(facts, "ckgv:statusReason"),
            note=" ".join(word for key in ("rdfs:comment", "ckgv:searched") if (word := self._word(facts, key))),
        )

    def _all(self, facts: Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]], key: str) -> list[object]:
        return sorted(facts.get(expand(key), ()), key=str)

    def _node(self, facts: Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]], key: str) -> object:
        return next(iter(self._all(facts, key)), None)

    def _word(self, facts: Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]], key: str) -> str:
        """Return the value of a property for people: text as it is, a value of the model or a term by its label."""
        found = self._node(facts, key)
        if isinstance(found, ox.NamedNode):
            label = self._word(self._facts.get(found, {}), "rdfs:label")
            curie = compress(found.value)
            if curie.startswith("ckgv:"):
                return label or _name(found)
            return f"{label} ({curie})" if label else curie
        return found.value if isinstance(found, ox.Literal) else ""

    def _hedge(self, facts: Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]) -> str:
        return f"'{self._word(facts, 'ckgv:hedgeCue')}' ({self._word(facts, 'ckgv:hedgeType')})"

    def _place(self, facts: Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]) -> str:
        places = []
        for span in self._all(facts, "oa:hasTarget"):
            selector = self._facts.get(self._node(self._facts.get(span, {}), "oa:hasSelector"), {})
            checksum = self._facts.get(self._node(selector, "spdx:checksum"), {})
            start, end = self._word(selector, "oa:start"), self._word(selector, "oa:end")
            places.append((int(start), f"{start}-{end} (SHA-256 {self._word(checksum, 'spdx:checksumValue')[:12]}…)"))
        section = self._word(facts, "ckgv:section")
        return f"section {section}, characters " + ", ".join(text for _, text in sorted(places)) if places else ""

    def _line(self, facts: Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]) -> Line | None:
        """Return a line of evidence, unless it is only that the document says so."""
        cited = self._all(facts, "cito:citesAsEvidence")
        from_page = self._node(facts, "ckgv:basis") == iri("ckgv:page")
        supports = self._node(facts, "ckgv:direction") == iri("ckgv:supports")
        if from_page and supports and len(cited) == 1 and self._is_document(cited[0]):
            return None
        level = self._word(facts, "ckgv:level")
        return Line(
            direction=_name(self._node(facts, "ckgv:direction")),
            directness=self._word(facts, "ckgv:directness"),
            basis=self._word(facts, "ckgv:basis"),
            level=int(level) if level else None,
            citations=tuple(self._cite(node) for node in cited),
            summary=self._word(facts, "ckgv:summary"),
        )

    def _is_document(self, node: object) -> bool:
        return iri("ckgv:SourceDocument") in self._facts.get(node, {}).get(expand("rdf:type"), ())

    def _cite(self, node: object) -> str:
        facts = self._facts.get(node, {})
        whole = self._word(facts, "dcterms:bibliographicCitation")
        name = _name(node)
        label = self._word(facts, "rdfs:label")
        return whole or (f"{name} {label}" if label else name)


def _strength(line: Line) -> tuple[int, str, int]:
    return _ORDER.index(line.direction), line.directness, line.level or 0


def _name(node: object) -> str:
    """Return the CURIE of a node; without prefix for a claim and for a value of the model."""
    return compress(str(getattr(node, "value", node))).removeprefix("claim:").removeprefix("ckgv:")


def _number(name: str) -> tuple[str, int]:
    found = re.fullmatch(r"CKG-([A-Z])(\d+)", name)
    return (found[1], int(found[2])) if found else (name, 0)
