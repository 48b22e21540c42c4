"""Which statements are causal arrows: read off the hierarchies of the Relation Ontology and the Biolink Model.

No list of relations stands here, only the roots of the branches that matter. A claim is an arrow if its OBO relation
is below RO:0002410 *causally related to*, or its Biolink predicate below `biolink:affects` or
`biolink:contributes_to`, in the slices that this package ships. Three relations that are not causal join processes,
deposits, diseases and findings all the same; such an arrow is a *link*: *has output*, *has phenotype*, and *subclass
of* from a form of calcinosis to calcinosis. *Has participant* is no arrow: it has no direction in time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.namespaces import compress, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

DEPOSIT = "CKG:0000019"
"""The calcium deposit, which everything is on its way to or from."""

INFLUENCES = {"raises": "->", "lowers": "-|", "open": "~>", "link": "=>"}
"""What an arrow does to its effect, and the mark for it: furthers it, holds it back, direction not said, no cause."""

_CAUSAL = ("RO:0002410", "biolink:affects", "biolink:contributes_to")
_BACKWARD = ("RO:0004017",)
"""*Realizable has basis in*: below it the subject is the effect. RO says so in words alone."""
_LOWERS = ("RO:0002597", "RO:0003307", "biolink:ameliorates_condition")
_RAISES = (
    "RO:0002216", "RO:0002598", "RO:0003302", "RO:0004017", "RO:0004047", "biolink:contributes_to",
    "biolink:exacerbates_condition",
)  # fmt: skip
_OUTPUT = ("RO:0002234", "biolink:has_output")
_LINKS = (*_OUTPUT, "RO:0002200", "biolink:has_phenotype")
_FORM = ("biolink:subclass_of",)
_KINDS = {"graph:claims": "ckgv:Claim", "graph:literature": "ckgv:LiteratureClaim"}
_AXIOMS = ("tbox", "bridge")

Facts = dict[str, dict[str, list[str]]]
"""Subject to predicate to values, CURIEs and plain texts, in the order of the quads."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One step of the causal chain.

    Attributes:
        source: The claim (`CKG-C140`), or for an axiom the part of the ontology that it stands in (`tbox`, `bridge`).
        origin: `page`, `literature` or `axiom`.
        cause: CURIE of what comes first.
        relation: CURIE of the OBO relation, else of the Biolink predicate, as the claim has it; *disease has basis in*
            reads from effect to cause.
        effect: CURIE of what comes of it.
        influence: One of `INFLUENCES`.
        status: Status of the claim; `axiom` for an axiom.
        hedged: Whether the document hedges it; never for the literature and axioms, which have no hedges here.
        kind: What sort of statement the claim makes, such as `mechanism`; empty for an axiom.
        limits: What the claim limits itself to: an aspect of the cause, a condition, some subclasses of the cause.
        negated: Whether the claim denies it; then it is no arrow of a chain.
    """

    source: str
    origin: str
    cause: str
    relation: str
    effect: str
    influence: str
    status: str
    hedged: bool = False
    kind: str = ""
    limits: tuple[str, ...] = ()
    negated: bool = False


def facts(quads: Iterable[ox.Quad], *graphs: str) -> Facts:
    """Return the facts of some named graphs, such as `graph:claims`; blank nodes as `_:` and their name."""
    wanted = {ox.NamedNode(expand(graph)) for graph in graphs}
    found: Facts = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if quad.graph_name in wanted:
            found[_name(quad.subject)][_name(quad.predicate)].append(_name(quad.object))
    return found


def _name(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if isinstance(term, ox.NamedNode):
        return _curie(term.value)
    return str(term.value) if isinstance(term, ox.Literal) else str(term)


_curie = cache(compress)


class Relations:
    """The hierarchy of relations, and what follows from it.

    >>> tree = Relations({"RO:0003303": {"rdfs:subPropertyOf": ["RO:0003302"]}})
    >>> tree.below("RO:0003303", "RO:0003302"), tree.below("RO:0003302", "RO:0003303")
    (True, False)
    """

    def __init__(self, imports: Mapping[str, Mapping[str, list[str]]]) -> None:
        self._parents = {name: said.get("rdfs:subPropertyOf", []) for name, said in imports.items()}

    def below(self, relation: str, *roots: str) -> bool:
        """Say whether a relation is one of the roots or stands below one."""
        seen: set[str] = set()
        waiting = [relation]
        while waiting:
            name = waiting.pop()
            if name in roots:
                return True
            if name not in seen:
                seen.add(name)
                waiting += self._parents.get(name, ())
        return False

    def influence(self, names: Iterable[str], direction: str = "") -> str:
        """Return what an arrow with these relations does to its effect; nothing if they make no arrow.

        Args:
            names: The OBO relation, if there is one, and the Biolink predicate.
            direction: What a claim says of its object: `increased`, `decreased`, or nothing.
        """
        given = [name for name in names if name]

        def any_below(roots: tuple[str, ...]) -> bool:
            return any(self.below(name, *roots) for name in given)

        if not any_below(_CAUSAL):
            return "link" if any_below((*_LINKS, *_FORM)) else ""
        if direction == "decreased" or any_below(_LOWERS):
            return "lowers"
        return "raises" if direction == "increased" or any_below(_RAISES) else "open"

    def is_backward(self, relation: str) -> bool:
        """Say whether the subject of a relation is the effect."""
        return self.below(relation, *_BACKWARD)

    def is_form(self, relation: str) -> bool:
        """Say whether a relation leads from a form to what it is a form of."""
        return self.below(relation, *_FORM)

    def is_output(self, relation: str) -> bool:
        """Say whether a relation leads from a process to what it puts out."""
        return self.below(relation, *_OUTPUT)

    def is_phenotype(self, relation: str) -> bool:
        """Say whether a relation leads from a disease to what it shows as."""
        return self.below(relation, *_LINKS) and not self.is_output(relation)


def claims(quads: list[ox.Quad], relations: Relations, *, literature: bool = False) -> Iterator[Arrow]:
    """Yield every claim that is an arrow by its relation, whatever its status and polarity.

    Claims on placeholders are left out: what the document does not name is no node.
    """
    placeholders = {
        name for name, said in facts(quads, "graph:tbox").items() if said.get("ckgv:placeholder") == ["true"]
    }
    for graph in list(_KINDS)[: 2 if literature else 1]:
        for name, said in facts(quads, graph).items():
            if _KINDS[graph] not in said.get("rdf:type", ()) or not said.get("ckgv:claimStatus"):
                continue
            arrow = _arrow(name, said, relations, "page" if graph == "graph:claims" else "literature")
            if arrow and not placeholders & {arrow.cause, arrow.effect}:
                yield arrow


def _arrow(name: str, said: Mapping[str, list[str]], relations: Relations, origin: str) -> Arrow | None:
    (predicate,), (subject,), (content,) = said["rdf:predicate"], said["rdf:subject"], said["rdf:object"]
    relation = said.get("ckgv:relation", [""])[0]
    direction = said.get("biolink:object_direction_qualifier", [""])[0]
    influence = relations.influence((relation, predicate), direction)
    if not influence:
        return None
    cause, effect = (content, subject) if relations.is_backward(relation) else (subject, content)
    hedged = said.get("ckgv:modality") == ["ckgv:hedged"]
    status = said["ckgv:claimStatus"][0].removeprefix("ckgv:")
    kind = said.get("ckgv:claimKind", [""])[0].removeprefix("ckgv:")
    limits = [*said.get("ckgv:aspect", ()), *(f"if: {condition}" for condition in said.get("ckgv:underCondition", ()))]
    if said.get("ckgv:scope") == ["ckgv:someSubclasses"]:
        limits.append("some forms alone")
    negated = said["biolink:negated"] == ["true"]
    named = (name, origin, cause, relation or predicate, effect)
    return Arrow(*named, influence, status, hedged, kind, tuple(sorted(limits)), negated)


def axioms(quads: Iterable[ox.Quad], relations: Relations) -> Iterator[Arrow]:
    """Yield the axioms of our own ontology that are arrows: `A SubClassOf p some B`, and forms."""
    given = list(quads)
    for graph in _AXIOMS:
        found = facts(given, f"graph:{graph}")
        for name, said in found.items():
            for above in said.get("rdfs:subClassOf", ()):
                relation, filler = "biolink:subclass_of", above
                if above.startswith("_:"):
                    relation = found[above].get("owl:onProperty", [""])[0]
                    filler = found[above].get("owl:someValuesFrom", [""])[0]
                influence = relations.influence((relation,))
                if influence and filler and not name.startswith("_:"):
                    ends = (filler, name) if relations.is_backward(relation) else (name, filler)
                    shown = "rdfs:subClassOf" if relations.is_form(relation) else relation
                    yield Arrow(graph, "axiom", ends[0], shown, ends[1], influence, "axiom")


def deposits(axiomatic: Iterable[Arrow], relations: Relations) -> frozenset[str]:
    """Return the deposit and what has one by our axioms.

    That is the process that puts it out, the disease that has its basis in that process, and the forms of that
    disease: whatever leads to one of these leads to a deposit.
    """
    given = list(axiomatic)
    found = {DEPOSIT}
    while True:
        more = {arrow.cause for arrow in given if arrow.effect in found and relations.is_output(arrow.relation)}
        more |= {arrow.effect for arrow in given if arrow.cause in found and relations.is_backward(arrow.relation)}
        more |= {arrow.cause for arrow in given if arrow.effect in found and arrow.relation == "rdfs:subClassOf"}
        if more <= found:
            return frozenset(found)
        found |= more
