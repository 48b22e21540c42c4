"""What follows from the ontology: is it consistent, can every class have members, what is a kind of what.

Only classes and properties go to the reasoner (`graph:tbox`, `graph:bridge`, `graph:imports`, and the default graph),
never claims: what follows from a claim is no surer than the claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from calcinosis_kg import axioms, oxigraph, reasoners, views
from calcinosis_kg.errors import MissingExtraError, ReasonerError
from calcinosis_kg.namespaces import GRAPH, compress
from calcinosis_kg.processes import Limits
from calcinosis_kg.reasoners import closure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import rdflib

    from calcinosis_kg.axioms import Axioms
    from calcinosis_kg.reasoners import Answer, PassedOver

INFERRED = GRAPH + "inferred"
"""The named graph that inferred triples stand in."""

_EXPLAINED = 100
"""How many findings are explained by rustdl at most; of the others the asserted axioms are shown."""

_EXPLAINING = 30.0
"""Seconds that explaining may take at most; a finding is worth more than its reasons."""

_AXIOMS_SHOWN = 12


@dataclass(frozen=True)
class Finding:
    """One thing that follows and was not stated.

    Attributes:
        kind: `inconsistent`, `unsatisfiable`, `equivalent` or `subclass` (the first term is a kind of the second).
        terms: IRIs of what it is about; none for `inconsistent`.
        reasons: The axioms that it follows from, in words.
        exact: Whether the reasons are all that is needed and nothing else; else they are the asserted axioms nearby.
    """

    kind: str
    terms: tuple[str, ...]
    reasons: tuple[str, ...]
    exact: bool


@dataclass(frozen=True)
class Inference:
    """What a reasoner found.

    Attributes:
        engine: `hermit` or `rustdl`: the one that answered.
        passed_over: The other, with the reason why it did not answer, if it was tried.
        consistent: Whether the axioms can all be true.
        complete: Whether the engine vouches that it missed nothing.
        notes: What was not read or not decided.
        findings: What follows and was not stated: contradictions first.
        hierarchy: All pairs (subclass, superclass) of named, satisfiable classes, stated ones too.
        labels: Label of each IRI that has one.
    """

    engine: str
    passed_over: tuple[PassedOver, ...]
    consistent: bool
    complete: bool
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]
    hierarchy: frozenset[tuple[str, str]]
    labels: Mapping[str, str]

    @property
    def coherent(self) -> bool:
        """Whether it is consistent and every named class can have a member."""
        return self.consistent and not self.unsatisfiable

    @property
    def unsatisfiable(self) -> tuple[str, ...]:
        """IRIs of the named classes that can have no member."""
        return tuple(finding.terms[0] for finding in self.findings if finding.kind == "unsatisfiable")

    @property
    def dataset(self) -> rdflib.Dataset:
        """The inferred triples alone, in the named graph `graph:inferred`."""
        return oxigraph.to_dataset(self.quads())

    def quads(self) -> list[ox.Quad]:
        """Return the inferred triples as quads of `graph:inferred`."""
        return list(self._quads())

    def _quads(self) -> Iterator[ox.Quad]:
        name = ox.NamedNode(INFERRED)
        for finding in self.findings:
            nodes = [ox.NamedNode(term) for term in finding.terms]
            if finding.kind == "unsatisfiable":
                yield ox.Quad(nodes[0], axioms.SUBCLASS, ox.NamedNode(axioms.NOTHING), name)
            elif finding.kind == "subclass":
                yield ox.Quad(nodes[0], axioms.SUBCLASS, nodes[1], name)
            elif finding.kind == "equivalent":
                yield from (ox.Quad(nodes[0], axioms.SAME, node, name) for node in nodes[1:])

    def to_dict(self) -> dict[str, Any]:
        """Return all but the whole hierarchy as JSON has it."""
        return {
            "engine": self.engine,
            "passed_over": [{"engine": each.engine, "reason": each.reason} for each in self.passed_over],
            "consistent": self.consistent,
            "coherent": self.coherent,
            "complete": self.complete,
            "notes": list(self.notes),
            "findings": [
                {
                    "kind": finding.kind,
                    "terms": [{"id": compress(term), "label": self.labels.get(term)} for term in finding.terms],
                    "reasons": list(finding.reasons),
                    "exact": finding.exact,
                }
                for finding in self.findings
            ],
        }


def infer(graph: rdflib.Graph, *, engine: str = "auto", seconds: float = 120.0, megabytes: int = 4000) -> Inference:
    """Reason over the classes and properties of a graph or dataset.

    Args:
        graph: A dataset made by this package, or any rdflib graph that holds an ontology.
        engine: `hermit`, `rustdl`, or `auto` for HermiT where Java is and rustdl elsewhere; what that one does not
            answer in full is put to the other, if it is there.
        seconds: After this time a reasoner is killed.
        megabytes: Memory that a reasoner may use.

    Raises:
        InputError: HermiT without Java, or an ontology that cannot be handed over.
        MissingExtraError: The engine's library is not installed.
        ReasonerError: No engine gave an answer, or the first refuses the ontology.

    >>> from calcinosis_kg import load
    >>> from calcinosis_kg.namespaces import expand
    >>> found = infer(load(), engine="rustdl")
    >>> found.coherent, (expand("DOID:0111063"), expand("CKG:0000007")) in found.hierarchy
    (True, True)
    """
    return conclude(oxigraph.to_ox(graph), engine=engine, limits=Limits(seconds, megabytes))


def conclude(
    quads: Iterable[ox.Quad],
    *,
    engine: str = "auto",
    limits: Limits | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> Inference:
    """Reason over quads; the rest is as in `infer`.

    Args:
        quads: A dataset.
        engine: As in `infer`.
        limits: Time and memory.
        step: Is told what is done next.
    """
    engines, limits = reasoners.choose(engine), limits or Limits()
    given = axioms.read(views.ontology(quads))
    ontology = given.rdf_xml()
    chosen, answer, passed = reasoners.answer(engines, ontology, given.classes, limits, step)
    hierarchy = frozenset((name, other) for name, above in answer.above.items() for other in above)
    new = sorted(_new(given, answer), key=lambda finding: (_ORDER.index(finding[0]), [_key(t) for t in finding[1]]))
    if new:
        step("explaining")
    notes = [f"imported but not given, so not read: {iri}" for iri in given.imports] + list(answer.doubts)
    return Inference(
        engine=chosen,
        passed_over=passed,
        consistent=answer.consistent,
        complete=not answer.doubts,
        notes=tuple(notes),
        findings=tuple(_explained(given, ontology, new, limits)),
        hierarchy=hierarchy,
        labels=given.labels,
    )


_ORDER = ("inconsistent", "unsatisfiable", "equivalent", "subclass")


def _key(iri: str) -> tuple[list[tuple[int, str]], str]:
    return oxigraph.natural(ox.NamedNode(iri))


def _new(given: Axioms, answer: Answer) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield kind and terms of what follows but was not stated, without what follows from the rest of it."""
    if not answer.consistent:
        yield "inconsistent", ()
        return
    for name in answer.unsatisfiable:
        yield "unsatisfiable", (name,)
    stated = closure(given.asserted)
    groups: dict[str, tuple[str, ...]] = {}
    for name, above in answer.above.items():
        members = tuple(sorted({name, *(other for other in above if name in answer.above.get(other, ()))}, key=_key))
        groups[name] = members
        unstated = (other not in stated.get(one, ()) for one in members for other in members)
        if len(members) > 1 and members[0] == name and any(unstated):
            yield "equivalent", members
    same = [(one, other) for members in groups.values() for one in members for other in members if one != other]
    stated = closure([*given.asserted, *same])
    for name, above in answer.above.items():
        higher = {groups.get(other, (other,))[0] for other in above - set(groups[name])}
        if groups[name][0] != name:
            continue
        implied = {far for other in higher for far in answer.above.get(other, ()) if far not in groups.get(other, ())}
        for other in higher - implied:
            if other not in stated.get(name, ()):
                yield "subclass", (name, other)


def _explained(
    given: Axioms, ontology: bytes, new: Sequence[tuple[str, tuple[str, ...]]], limits: Limits
) -> Iterator[Finding]:
    """Yield the findings with their reasons: rustdl's where it has them, else the asserted axioms nearby."""
    asked: list[list[str]] = []
    for kind, terms in new[:_EXPLAINED]:
        if kind == "inconsistent":
            asked.append(["inconsistent"])
        elif kind == "unsatisfiable":
            asked.append(["unsat", *terms])
        else:
            asked.append(["subclass", *terms[:2]])
            if kind == "equivalent":
                ring = zip(terms[1:], terms[2:] + terms[:1], strict=True)
                asked += [["subclass", one, other] for one, other in ring]
    try:
        bounded = Limits(min(limits.seconds, _EXPLAINING), limits.megabytes)
        answers = iter(reasoners.justify(ontology, asked, bounded) if asked else ())
    except (MissingExtraError, ReasonerError):
        answers = iter(())
    for number, (kind, terms) in enumerate(new):
        count = 0 if number >= _EXPLAINED else len(terms) if kind == "equivalent" else 1
        found = [next(answers, []) for _ in range(count)]
        exact = bool(found) and all(found)
        if exact:
            reasons = sorted({given.words(axiom) for axioms_ in found for axiom in axioms_})
        else:
            reasons = given.about(*terms)[:_AXIOMS_SHOWN]
        yield Finding(kind, terms, tuple(reasons), exact)
