"""Takes entities and associations out of a dataset, for the formats of other tools."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import oxigraph
from calcinosis_kg.claims import Span
from calcinosis_kg.interchange.associations import CLASSES, NODES, QUALIFIERS, Association, Contents, Entity, Line
from calcinosis_kg.namespaces import compress
from calcinosis_kg.sheets import iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_SYNONYMS = ("oboInOwl:hasExactSynonym", "skos:altLabel")

_Facts = dict[str, list["ox.NamedNode | ox.BlankNode | ox.Literal"]]
_curie = cache(compress)


def of(quads: Iterable[ox.Quad]) -> Contents:
    """Return what a dataset, or a view of it, holds for other tools.

    >>> from calcinosis_kg import shipped
    >>> found = {claim.id: claim for claim in of(shipped.quads()).associations}
    >>> found["CKG-C258"].label, found["CKG-C258"].status
    ('warfarin capable of negatively regulating pathological calcification', 'refuted')
    """
    facts: dict[object, _Facts] = {}
    for quad in quads:
        if not isinstance(quad.object, ox.Triple):
            values = facts.setdefault(quad.subject, defaultdict(list))[_curie(quad.predicate.value)]
            if quad.object not in values:
                values.append(quad.object)
    claims: dict[object, str] = {iri(name): source for source, name in CLASSES.items()}
    found = []
    for node, about in facts.items():
        sources = [claims[kind] for kind in _nodes(about, "rdf:type") if kind in claims]
        if isinstance(node, ox.NamedNode) and sources:
            found.append((oxigraph.natural(node), _association(node, sources[0], facts)))
    associations = tuple(association for _, association in sorted(found, key=lambda pair: pair[0]))
    named = {end: None for claim in associations for end in (claim.subject, claim.object)}
    named |= {value: None for claim in associations for key, value in claim.qualifiers if key in NODES[:2]}
    entities = sorted((_entity(curie, facts) for curie in named), key=lambda entity: oxigraph.natural(iri(entity.id)))
    return Contents(tuple(entities), associations)


def _entity(curie: str, facts: Mapping[object, _Facts]) -> Entity:
    about = facts.get(iri(curie), {})
    matches = [key for key in sorted(about) if key.startswith("skos:") and key.endswith("Match")]
    return Entity(
        curie,
        _one(about, "rdfs:label"),
        _all(about, "biolink:category"),
        _one(about, "IAO:0000115"),
        tuple(sorted({name for key in _SYNONYMS for name in _all(about, key)})),
        tuple((key, other) for key in (*matches, "oboInOwl:hasDbXref") for other in sorted(set(_all(about, key)))),
        "ckgv:ArtefactEntity" in _all(about, "rdf:type"),
    )


def _association(node: ox.NamedNode, source: str, facts: Mapping[object, _Facts]) -> Association:
    about = facts[node]
    return Association(
        id=compress(node.value),
        source=source,
        label=_one(about, "rdfs:label"),
        category=next((name for name in _all(about, "rdf:type") if name.startswith("biolink:")), ""),
        subject=_one(about, "rdf:subject"),
        predicate=_one(about, "rdf:predicate"),
        object=_one(about, "rdf:object"),
        relation=_one(about, "ckgv:relation"),
        negated=_one(about, "biolink:negated") == "true",
        negation_cue=_one(about, "ckgv:negationCue"),
        modality=_value(about, "ckgv:modality"),
        hedges=tuple(_hedge(facts.get(hedge, {})) for hedge in _nodes(about, "ckgv:hedge")),
        status=_value(about, "ckgv:claimStatus"),
        computed_status=_value(about, "ckgv:computedStatus"),
        status_reason=_one(about, "ckgv:statusReason"),
        rule=_one(about, "ckgv:firedRule").rpartition("/")[2],
        verdict=_value(about, "ckgv:verdict"),
        kind=_value(about, "ckgv:claimKind"),
        section=_one(about, "ckgv:section") or _one(about, "ckgv:topic"),
        qualifiers=tuple((key, said) for key in QUALIFIERS for said in _all(about, key)),
        knowledge_level=_one(about, "biolink:knowledge_level"),
        agent_type=_one(about, "biolink:agent_type"),
        proposition=_one(about, "ckgv:proposition").rpartition(":")[2].rpartition("/")[2],
        spans=_spans(about, facts),
        repeats=_one(about, "ckgv:repeats"),
        derived_from=_all(about, "prov:wasDerivedFrom"),
        evidence=tuple(_line(line, facts) for line in _nodes(about, "biolink:has_evidence")),
        searched=_one(about, "ckgv:searched"),
        note=_one(about, "rdfs:comment"),
    )


def _line(node: ox.NamedNode | ox.BlankNode, facts: Mapping[object, _Facts]) -> Line:
    about = facts.get(node, {})
    level = _one(about, "ckgv:level")
    return Line(
        compress(node.value),
        _value(about, "ckgv:direction"),
        _value(about, "ckgv:directness"),
        _value(about, "ckgv:basis"),
        _all(about, "cito:citesAsEvidence"),
        _one(about, "ckgv:summary"),
        int(level) if level else None,
        tuple(name for name in _all(about, "rdf:type") if name.startswith("ECO:")),
    )


def _hedge(about: _Facts) -> tuple[str, str]:
    return _one(about, "ckgv:hedgeCue"), _value(about, "ckgv:hedgeType")


def _spans(about: _Facts, facts: Mapping[object, _Facts]) -> tuple[Span, ...]:
    found = []
    for span in _nodes(about, "oa:hasTarget"):
        for selector in _nodes(facts.get(span, {}), "oa:hasSelector"):
            offsets = facts.get(selector, {})
            digests = [_one(facts.get(node, {}), "spdx:checksumValue") for node in _nodes(offsets, "spdx:checksum")]
            start, end = _one(offsets, "oa:start"), _one(offsets, "oa:end")
            if start and end:
                found.append(Span(int(start), int(end), "".join(digests[:1])))
    return tuple(sorted(found, key=lambda span: (span.start, span.end)))


def _nodes(about: Mapping[str, Sequence[object]], key: str) -> list[ox.NamedNode | ox.BlankNode]:
    found = [node for node in about.get(key, ()) if isinstance(node, ox.NamedNode | ox.BlankNode)]
    return sorted(found, key=oxigraph.natural)


def _all(about: Mapping[str, Sequence[ox.NamedNode | ox.BlankNode | ox.Literal]], key: str) -> tuple[str, ...]:
    values = sorted(about.get(key, ()), key=oxigraph.natural)
    return tuple(compress(value.value) if isinstance(value, ox.NamedNode) else value.value for value in values)


def _one(about: Mapping[str, Sequence[ox.NamedNode | ox.BlankNode | ox.Literal]], key: str) -> str:
    return next(iter(_all(about, key)), "")


def _value(about: Mapping[str, Sequence[ox.NamedNode | ox.BlankNode | ox.Literal]], key: str) -> str:
    return _one(about, key).removeprefix("ckgv:")
