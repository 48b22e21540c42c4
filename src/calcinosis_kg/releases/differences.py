"""What differs between two releases, told as people speak of it: terms, claims, evidence, mappings.

Headers of our ontology are left out: their version differs always. Whatever no heading tells (an axiom, a
publication) still shows in the number of statements that were added or removed in its named graph.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.claims import Span
from calcinosis_kg.interchange import contents
from calcinosis_kg.namespaces import BASE, compress
from calcinosis_kg.oxigraph import natural
from calcinosis_kg.releases.headers import MODULES
from calcinosis_kg.sheets import iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from calcinosis_kg.interchange.associations import Association, Line

_KINDS = {
    iri(f"owl:{name}")
    for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual")
}
_TYPE, _LABEL, _DEFINITION = iri("rdf:type"), iri("rdfs:label"), iri("IAO:0000115")
_DEPRECATED, _MAPPING = iri("owl:deprecated"), iri("sssom:Mapping")
_ENDS = tuple(f"sssom:{part}" for part in ("subject_id", "predicate_modifier", "predicate_id", "object_id"))
_HEADERS = {ox.NamedNode(BASE + name) for name in MODULES}
_JUDGEMENT = ("status", "computed_status", "rule", "status_reason")

Facts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    Attributes:
        about: `term`, `claim`, `evidence` or `mapping`.
        id: CURIE or claim id; of a mapping, its parts with blanks between.
        label: Its label, after the change if it has one then.
        kind: `added`, `removed`, `relabelled`, `redefined`, `obsoleted`, `restored`, `re-judged` or `changed`.
        field: What differs, where the kind does not say it.
        before: The value that it had.
        after: The value that it has.
        reason: Of a new status: the rule that gives it, and the curators' reason if the rule does not.
    """

    about: str
    id: str
    label: str
    kind: str
    field: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two datasets.

    Attributes:
        changes: Terms first, then claims, evidence and mappings, each in natural order.
        statements: Named graph to how many statements were added and removed.
    """

    changes: tuple[Change, ...]
    statements: dict[str, tuple[int, int]]

    def __bool__(self) -> bool:
        return bool(self.changes or self.statements)


def compare(before: Iterable[ox.Quad], after: Iterable[ox.Quad]) -> Differences:
    """Return what differs between two datasets.

    >>> bool(compare([], []))
    False
    """
    sides = [list(before), list(after)]
    changes = [*_terms(*map(_labelled, sides)), *_claims(sides[0], sides[1]), *_mappings(*map(_rows, sides))]
    return Differences(tuple(changes), _statements(*map(_grounded, sides)))


def _terms(before: Mapping[str, Facts], after: Mapping[str, Facts]) -> Iterator[Change]:
    for name in _ordered({**before, **after}):
        old, new = before.get(name), after.get(name)
        label = (new or old or {}).get("label", "")
        if old is None or new is None:
            yield Change("term", name, label, "removed" if new is None else "added")
            continue
        for key, kind in (("label", "relabelled"), ("definition", "redefined")):
            if old[key] != new[key]:
                yield Change("term", name, label, kind, "", old[key], new[key])
        if old["deprecated"] != new["deprecated"]:
            yield Change("term", name, label, "obsoleted" if new["deprecated"] else "restored")


def _labelled(quads: list[ox.Quad]) -> dict[str, Facts]:
    """Return label, definition and obsoleteness of every term, by CURIE."""
    said: dict[object, dict[ox.NamedNode, set[str]]] = defaultdict(lambda: defaultdict(set))
    terms: set[ox.NamedNode] = set()
    for quad in quads:
        if quad.predicate == _TYPE and quad.object in _KINDS and isinstance(quad.subject, ox.NamedNode):
            terms.add(quad.subject)
        elif quad.predicate in (_LABEL, _DEFINITION, _DEPRECATED) and isinstance(quad.object, ox.Literal):
            said[quad.subject][quad.predicate].add(quad.object.value)
    keys = {"label": _LABEL, "definition": _DEFINITION, "deprecated": _DEPRECATED}
    return {
        compress(term.value): {
            key: "; ".join(sorted(said[term][predicate] - {"false"})) for key, predicate in keys.items()
        }
        for term in terms
    }


def _claims(before: list[ox.Quad], after: list[ox.Quad]) -> Iterator[Change]:
    old, new = ({claim.id: claim for claim in contents.of(side).associations} for side in (before, after))
    evidence = []
    for name in _ordered({**old, **new}):
        if name not in new:
            yield Change("claim", name, old[name].label, "removed", before=old[name].status)
        elif name not in old:
            yield Change("claim", name, new[name].label, "added", after=new[name].status)
        else:
            yield from _judged(old[name], new[name])
            yield from _fields(old[name], new[name])
        evidence += list(_evidence(old.get(name), new.get(name)))
    yield from evidence


def _judged(old: Association, new: Association) -> Iterator[Change]:
    if old.status != new.status:
        reason = f"rule {new.rule} gives {new.computed_status}" if new.rule else ""
        reason = "; ".join(part for part in (reason, new.status_reason) if part)
        yield Change("claim", new.id, new.label, "re-judged", "status", old.status, new.status, reason)
        return
    for key in _JUDGEMENT[1:]:
        values = _shown(getattr(old, key)), _shown(getattr(new, key))
        if values[0] != values[1]:
            yield Change("claim", new.id, new.label, "changed", key, *values)


def _fields(old: Association, new: Association) -> Iterator[Change]:
    for field in fields(old):
        if field.name not in (*_JUDGEMENT, "id", "evidence"):
            values = _shown(getattr(old, field.name)), _shown(getattr(new, field.name))
            if values[0] != values[1]:
                yield Change("claim", new.id, new.label, "changed", field.name, *values)


def _evidence(old: Association | None, new: Association | None) -> Iterator[Change]:
    """Yield lines of evidence that differ; not those of a claim that comes or goes, for it takes them with it."""
    if old is None or new is None:
        return
    was: dict[str, Line] = {line.id: line for line in old.evidence}
    now: dict[str, Line] = {line.id: line for line in new.evidence}
    for name in _ordered({**was, **now}):
        if name not in now:
            yield Change("evidence", name, was[name].summary, "removed", before=_weight(was[name]))
        elif name not in was:
            yield Change("evidence", name, now[name].summary, "added", after=_weight(now[name]))
        else:
            for field in fields(now[name]):
                values = _shown(getattr(was[name], field.name)), _shown(getattr(now[name], field.name))
                if values[0] != values[1]:
                    yield Change("evidence", name, now[name].summary, "changed", field.name, *values)


def _weight(line: Line) -> str:
    return ", ".join((line.direction, line.directness, *line.references))


def _mappings(before: Mapping[str, Facts], after: Mapping[str, Facts]) -> Iterator[Change]:
    for name in _ordered({**before, **after}):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield Change("mapping", name, "", "removed" if new is None else "added")
            continue
        for key in sorted({**old, **new}):
            if old.get(key) != new.get(key):
                yield Change("mapping", name, "", "changed", key, old.get(key, ""), new.get(key, ""))


def _rows(quads: list[ox.Quad]) -> dict[str, Facts]:
    """Return the mappings: their ends and predicate to what else is said of them."""
    nodes = {quad.subject for quad in quads if quad.predicate == _TYPE and quad.object == _MAPPING}
    rows: dict[object, dict[str, list[str]]] = {node: defaultdict(list) for node in nodes}
    for quad in quads:
        if quad.subject in nodes and quad.predicate != _TYPE:
            rows[quad.subject][compress(quad.predicate.value)].append(_value(quad.object))
    found = {}
    for facts in rows.values():
        said = {key: "; ".join(sorted(values)) for key, values in facts.items()}
        found[" ".join(filter(None, (said.pop(key, "") for key in _ENDS)))] = said
    return found


def _statements(before: set[tuple[str, str]], after: set[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    added, removed = after - before, before - after
    graphs = sorted({graph for graph, _ in added | removed})
    return {
        graph: (sum(place == graph for place, _ in added), sum(place == graph for place, _ in removed))
        for graph in graphs
    }


def _grounded(quads: list[ox.Quad]) -> set[tuple[str, str]]:
    """Return statements as graph and text; a blank node is written as what is said of it, so names do not matter."""
    said: dict[object, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.subject, ox.BlankNode):
            said[quad.subject].append(quad)

    def written(term: object, above: tuple[object, ...] = ()) -> str:
        if not isinstance(term, ox.BlankNode) or term in above:
            return "_" if term in above else str(term)
        inner = sorted(f"{quad.predicate} {written(quad.object, (*above, term))}" for quad in said[term])
        return f"[{' ; '.join(inner)}]"

    return {
        (compress(str(quad.graph_name)[1:-1]), f"{written(quad.subject)} {quad.predicate} {written(quad.object)}")
        for quad in quads
        if quad.subject not in _HEADERS
    }


def _ordered(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: natural(ox.Literal(name)))


def _shown(value: object) -> str:
    """Return the value of a field as text."""
    if isinstance(value, Span):
        return f"{value.start}-{value.end}"
    if isinstance(value, tuple):
        return "; ".join(_shown(part) for part in value)
    return "" if value is None else str(value)


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if isinstance(term, ox.NamedNode):
        return compress(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term)


def counted(changes: Sequence[Change]) -> dict[str, int]:
    """Return how many changes of each kind there are, as `claims re-judged`.

    >>> counted([Change("claim", "CKG-C1", "", "added")])
    {'claim added': 1}
    """
    found: dict[str, int] = {}
    for change in changes:
        key = f"{change.about} {change.kind}"
        found[key] = found.get(key, 0) + 1
    return found
