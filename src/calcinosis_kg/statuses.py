"""The rules by which the status of a claim follows from its evidence.

A rule is a SPARQL query of `ontology/status` that selects the claims (`?claim`) which it applies to. The rules are
asked in the order of their file names, and the first that takes a claim gives it its status. They see evidence,
wording and the kind of a claim, and nobody's opinion of its status.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from calcinosis_kg.claims import STATUSES, Claim, LiteratureClaim
from calcinosis_kg.errors import CalcinosisKGError, InputError
from calcinosis_kg.namespaces import BASE
from calcinosis_kg.sheets import Sheet, iri, text, value, whole

FOLDER = "status"
"""The folder of the rules, inside the folder `ontology`."""

_HEADER = re.compile(r"^#\+ (status|rule|detail): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        name: The file's name without its ending: `03-disputed`.
        status: The status that it gives.
        words: What it says, in one sentence.
        detail: How it decides, more exactly.
        text: The SPARQL.
    """

    name: str
    status: str
    words: str
    detail: str
    text: str

    @property
    def node(self) -> ox.NamedNode:
        """Return the rule's IRI; its number is not part of it."""
        return ox.NamedNode(f"{BASE}status-rule/{self.name.partition('-')[2]}")


def read(folder: Path) -> tuple[Rule, ...]:
    """Return the rules of a folder in their order.

    Raises:
        InputError: There is none, or one has no status that exists, no words or no detail.

    >>> from calcinosis_kg.resources import folder
    >>> read(folder("ontology") / FOLDER)[1].status
    'refuted'
    """
    rules: list[Rule] = []
    for path in sorted(folder.glob("*.rq")):
        try:
            content = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError("cannot be read as UTF-8 text", "Mend the file.", str(path)) from error
        header = dict(_HEADER.findall(content))
        for key in ("status", "rule", "detail"):
            if key not in header:
                raise InputError(f"has no '#+ {key}:'", "Add the line; copy it from another rule.", f"{path}:1")
        if header["status"] not in STATUSES:
            problem = f"'{header['status']}' is no status"
            raise InputError(problem, f"Use one of: {', '.join(STATUSES)}.", f"{path}:1")
        rules.append(Rule(path.stem, header["status"], header["rule"], header["detail"], content))
    if not rules:
        raise InputError("holds no rules", "Give an ontology folder with its folder 'status'.", str(folder))
    return tuple(rules)


def compute(quads: Iterable[ox.Quad], rules: Sequence[Rule]) -> dict[ox.NamedNode, Rule]:
    """Return which rule gives each claim its status.

    Raises:
        InputError: A rule is not valid SPARQL, or does not select `?claim`.
    """
    store = ox.Store()
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    fired: dict[ox.NamedNode, Rule] = {}
    for rule in rules:
        problem = "is no query that selects ?claim"
        try:
            found = store.query(rule.text)
        except SyntaxError as error:
            problem = f"{problem}: {error.msg}"
            raise InputError(problem, "Correct the query.", f"{FOLDER}/{rule.name}.rq") from error
        if not isinstance(found, ox.QuerySolutions) or "claim" not in [name.value for name in found.variables]:
            raise InputError(problem, "Correct the query.", f"{FOLDER}/{rule.name}.rq")
        for solution in found:
            claim = solution["claim"]
            if isinstance(claim, ox.NamedNode):
                fired.setdefault(claim, rule)
    return fired


def differences(claims: Iterable[Claim], fired: Mapping[ox.NamedNode, Rule]) -> Iterator[CalcinosisKGError]:
    """Find claims whose status is not the computed one and that do not say why, or say why without need."""
    for claim in claims:
        rule = fired[iri(claim.id)]
        if claim.status != rule.status and not claim.status_reason:
            problem = f"{claim.id} is {claim.status}, but its evidence makes it {rule.status} (rule {rule.name})"
            remedy = "Change the status or the evidence, or give the reason under 'status_reason:'."
            yield InputError(problem, remedy, claim.place)
        if claim.status == rule.status and claim.status_reason:
            problem = f"{claim.id} has a 'status_reason', but its evidence makes it {rule.status} all the same"
            yield InputError(problem, "Delete the reason.", claim.place)


def quads(
    rules: Sequence[Rule],
    fired: Mapping[ox.NamedNode, Rule],
    claims: Iterable[Claim],
    literature: Iterable[LiteratureClaim],
) -> Iterator[ox.Quad]:
    """Yield the rules, and for each claim the rule that fired; a claim of the literature gets its status by it."""
    sheet = Sheet("graph:provenance")
    for number, rule in enumerate(rules, 1):
        yield from sheet.write(
            rule.node,
            ("rdf:type", iri("ckgv:StatusRule")),
            ("rdfs:label", text(rule.name.partition("-")[2].replace("-", " "))),
            ("dcterms:description", text(rule.words)),
            ("rdfs:comment", text(rule.detail)),
            ("ckgv:givesStatus", value(rule.status)),
            ("ckgv:rank", whole(number)),
        )
    sheet = Sheet("graph:claims")
    for claim in claims:
        rule = fired[iri(claim.id)]
        yield from sheet.write(claim.id, ("ckgv:firedRule", rule.node), ("ckgv:computedStatus", value(rule.status)))
        if claim.status_reason:
            yield from sheet.write(claim.id, ("ckgv:statusReason", text(claim.status_reason)))
    sheet = Sheet("graph:literature")
    for beyond in literature:
        rule = fired[iri(beyond.id)]
        yield from sheet.write(beyond.id, ("ckgv:firedRule", rule.node), ("ckgv:claimStatus", value(rule.status)))
