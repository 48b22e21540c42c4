"""The causal chain of the dataset: from causes by processes to the deposit, and from it to symptoms.

The nodes are joined by the arrows of `causality`. A layer is where a node stands on the way, read off the arrows and
not off a list: a *cause* leads to a deposit and nothing leads to it; a *process* has something before it; the
*deposit* layer is the deposit and what has one by our axioms; a *symptom* is a disease or finding that a deposit leads
to. What has no way to a deposit stands *apart*. Arrows that hold something back make no way.
"""

from __future__ import annotations

import difflib
from collections import defaultdict, deque
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import causality, oxigraph
from calcinosis_kg.claims import SHORTCUT_STATUSES
from calcinosis_kg.errors import QueryError
from calcinosis_kg.namespaces import compress, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from calcinosis_kg.causality import Arrow

LAYERS = ("cause", "process", "deposit", "symptom", "apart")
"""Where a node stands, in the order of the chain."""

MOST_PATHS = 100
"""Paths shown between two nodes, the shortest first."""

_LABEL = ox.NamedNode(expand("rdfs:label"))
_FINDING = "biolink:PhenotypicFeature"
_CONDITIONS = (_FINDING, "biolink:Disease")
Path = tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """Arrows between nodes, and what can be read off them.

    Attributes:
        arrows: In the order of claims; axioms last.
        labels: Label of each node and relation, by CURIE.
        deposits: The deposit and what has one by our axioms.
        conditions: The diseases and findings among the nodes.
        unreached: Findings that claims speak of and no arrow reaches.
        denied: Refuted and negated claims of the document between nodes: never arrows, and worth saying.
    """

    arrows: tuple[Arrow, ...]
    labels: Mapping[str, str]
    deposits: frozenset[str]
    conditions: frozenset[str]
    unreached: Path
    denied: tuple[Arrow, ...]

    @cached_property
    def nodes(self) -> Path:
        """Every end of an arrow, in the order of people."""
        return tuple(sorted({end for arrow in self.arrows for end in (arrow.cause, arrow.effect)}, key=order))

    @cached_property
    def layers(self) -> Mapping[str, str]:
        """Node to layer."""
        onward, backward = _neighbours(self.arrows, ways=True), _neighbours(self.arrows, ways=True, backward=True)
        before, after = _reached(self.deposits, backward), _reached(self.deposits, onward)
        found = {}
        for node in self.nodes:
            if node in self.deposits:
                found[node] = "deposit"
            elif node in before:
                found[node] = "process" if node in backward else "cause"
            else:
                found[node] = "symptom" if node in after & self.conditions else "apart"
        return found

    @cached_property
    def loops(self) -> tuple[Path, ...]:
        """Every way that returns to its start, each once, shortest first; it starts at the deposit if it meets it."""
        onward = _neighbours(self.arrows)
        found = []
        ranks = sorted(self.nodes, key=lambda node: (node != causality.DEPOSIT, order(node)))
        for place, node in enumerate(ranks):
            later = frozenset(ranks[place:])
            kept = {cause: [end for end in ends if end in later] for cause, ends in onward.items() if cause in later}
            found += _ways(kept, node, node)
        return tuple(sorted(found, key=len))

    def paths(self, start: str, end: str) -> tuple[Path, ...]:
        """Return the ways between two nodes, shortest first, at most `MOST_PATHS`; none meets a node twice.

        From a node to itself that is the loops through it.
        """
        found = []
        for way in _ways(_neighbours(self.arrows), start, end):
            found.append(way)
            if len(found) == MOST_PATHS:
                break
        return tuple(found)

    def between(self, cause: str, effect: str) -> tuple[Arrow, ...]:
        """Return the arrows from one node to the next."""
        return tuple(arrow for arrow in self.arrows if (arrow.cause, arrow.effect) == (cause, effect))

    def part(self, start: str = "", end: str = "") -> tuple[Arrow, ...]:
        """Return the arrows on a way from a node, to a node, or between two.

        Raises:
            QueryError: A node has no arrow.
        """
        for node in filter(None, (start, end)):
            self.check(node)
        if start and end:
            steps = {step for way in self.paths(start, end) for step in zip(way, way[1:], strict=False)}
            return tuple(arrow for arrow in self.arrows if (arrow.cause, arrow.effect) in steps)
        if not start and not end:
            return self.arrows
        reached = _reached((start or end,), _neighbours(self.arrows, backward=bool(end)))
        return tuple(arrow for arrow in self.arrows if (arrow.cause if start else arrow.effect) in reached)

    def check(self, node: str) -> None:
        """Pass a node over if it has an arrow.

        Raises:
            QueryError: It has none; the message has the nodes that look like it.
        """
        if node in self.nodes:
            return
        known = f"'{node}' ({self.labels[node]})" if node in self.labels else f"'{node}'"
        names = {name.casefold(): one for one in self.nodes for name in (one, self.labels.get(one, one))}
        wanted = self.labels.get(node, node).casefold()
        near = difflib.get_close_matches(wanted, names, 3, 0.5)
        near += [name for name in sorted(names) if wanted in name and name not in near][: 3 - len(near)]
        shown = ", ".join(dict.fromkeys(f"{names[name]} ({self.labels.get(names[name], '')})" for name in near))
        remedy = f"Did you mean {shown}?" if shown else "Look for it with 'calcinosis-kg chain'."
        raise QueryError(f"{known} has no causal arrow", remedy)

    @cached_property
    def dead_ends(self) -> Path:
        """Nodes that lead on, or are led to, and yet have no way to a deposit and are no symptom of one."""
        ends = {end for arrow in self.arrows if arrow.influence != "lowers" for end in (arrow.cause, arrow.effect)}
        return tuple(node for node in self.nodes if node in ends and self.layers[node] == "apart")

    @cached_property
    def unexplained(self) -> Path:
        """Symptoms that a disease shows as, while no causal arrow says what they come of."""
        told = {arrow.effect for arrow in self.arrows if arrow.influence in ("raises", "open")}
        return tuple(node for node in self.nodes if self.layers[node] == "symptom" and node not in told)


def order(curie: str) -> tuple[list[tuple[int, str]], str]:
    """Return a sorting key: C9 before C10."""
    return oxigraph.natural(ox.Literal(curie))


def read(
    quads: Iterable[ox.Quad], statuses: Iterable[str] = SHORTCUT_STATUSES, *, literature: bool = False
) -> Chain:
    """Return the causal chain of a dataset.

    Args:
        quads: The dataset, in its named graphs.
        statuses: Keep claims of these alone; refuted and artefact claims are never arrows.
        literature: Whether claims of the literature count, each marked as such.

    Raises:
        QueryError: A status is none that an arrow can have.

    >>> from calcinosis_kg import shipped
    >>> chain = read(shipped.quads(), ["accepted"])
    >>> chain.layers["DOID:784"], chain.layers["HP:0012531"], len(chain.loops)
    ('cause', 'symptom', 0)
    """
    wanted = tuple(statuses)
    for status in wanted:
        if status not in SHORTCUT_STATUSES:
            raise QueryError(f"no arrow is '{status}'", f"Use one of: {', '.join(SHORTCUT_STATUSES)}.")
    given = list(quads)
    relations = causality.Relations(causality.facts(given, "graph:imports"))
    axioms = list(causality.axioms(given, relations))
    deposits = causality.deposits(axioms, relations)
    claims = [
        (arrow, negated)
        for arrow, negated in causality.claims(given, relations, literature=literature)
        if not relations.is_form(arrow.relation) or {arrow.cause, arrow.effect} <= deposits
    ]
    arrows = [arrow for arrow, negated in claims if arrow.status in wanted and not negated]
    said = {(arrow.cause, arrow.effect) for arrow in arrows}
    ends = {end for step in said for end in step}
    arrows += [
        arrow for arrow in axioms
        if (arrow.cause, arrow.effect) not in said and {arrow.cause, arrow.effect} <= ends
        and (arrow.relation != "rdfs:subClassOf" or {arrow.cause, arrow.effect} <= deposits)
    ]  # fmt: skip
    arrows.sort(key=lambda arrow: (arrow.origin == "axiom", order(arrow.source), order(arrow.cause)))
    denied = [arrow for arrow, negated in claims if arrow.status == "refuted" or negated]
    categories = _categories(given)
    conditions = frozenset(node for node, kinds in categories.items() if kinds & {*_CONDITIONS})
    chain = Chain(tuple(arrows), _labels(given), deposits, conditions, (), tuple(sorted(denied, key=_by_source)))
    return replace(chain, unreached=tuple(_unreached(chain, given, categories, wanted)))


def _by_source(arrow: Arrow) -> tuple[list[tuple[int, str]], str]:
    return order(arrow.source)


def _unreached(
    chain: Chain, quads: Iterable[ox.Quad], categories: Mapping[str, set[str]], statuses: tuple[str, ...]
) -> Iterator[str]:
    """Yield findings that claims of these statuses speak of, that no arrow leads to, and that cause no deposit."""
    reached = {arrow.effect for arrow in chain.arrows if arrow.influence != "lowers"}
    named: set[str] = set()
    for said in causality.facts(quads, "graph:claims").values():
        status = said.get("ckgv:claimStatus", [""])[0].removeprefix("ckgv:")
        if status in statuses and said["biolink:negated"] == ["false"]:
            named |= {*said["rdf:subject"], *said["rdf:object"]}
    for node in sorted(named - reached, key=order):
        if _FINDING in categories.get(node, ()) and chain.layers.get(node, "apart") == "apart":
            yield node


def _categories(quads: Iterable[ox.Quad]) -> dict[str, set[str]]:
    """Return the Biolink categories of each entity, except of placeholders and artefacts."""
    found = {}
    for name, said in causality.facts(quads, "graph:tbox", "graph:claims", "graph:imports", "graph:literature").items():
        if "biolink:category" in said and "ckgv:placeholder" not in said:
            found[name] = set(said["biolink:category"])
    return found


def _labels(quads: Iterable[ox.Quad]) -> dict[str, str]:
    found: dict[str, str] = {}
    for quad in quads:
        if quad.predicate == _LABEL and isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            found.setdefault(compress(quad.subject.value), quad.object.value)
    return found


def _neighbours(arrows: Iterable[Arrow], *, ways: bool = False, backward: bool = False) -> dict[str, list[str]]:
    """Return what each node leads to (backward: is led to by), in order; `ways`: without what holds back."""
    found: dict[str, set[str]] = defaultdict(set)
    for arrow in arrows:
        if not ways or arrow.influence != "lowers":
            ends = (arrow.effect, arrow.cause) if backward else (arrow.cause, arrow.effect)
            found[ends[0]].add(ends[1])
    return {node: sorted(ends, key=order) for node, ends in found.items()}


def _reached(starts: Iterable[str], neighbours: Mapping[str, list[str]]) -> set[str]:
    """Return nodes with all that can be reached from them."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += neighbours.get(node, ())
    return found


def _ways(onward: Mapping[str, list[str]], start: str, end: str) -> Iterator[Path]:
    """Yield the ways from one node to another, shortest first, that meet no node twice (but may return to the start).

    Only nodes from which the end can be reached are entered, so that little is tried in vain.
    """
    backward: dict[str, list[str]] = defaultdict(list)
    for cause, ends in onward.items():
        for effect in ends:
            backward[effect].append(cause)
    useful = _reached((end,), backward)
    waiting = deque([(start,)])
    while waiting:
        way = waiting.popleft()
        for node in onward.get(way[-1], ()):
            if node == end:
                yield (*way, node)
            elif node in useful and node not in way:
                waiting.append((*way, node))
