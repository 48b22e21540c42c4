"""Mapping sets as rows: the slots of SSSOM, and how a graph says them.

SSSOM 1.1: https://mapping-commons.github.io/sssom/. A graph says a row as a node of the class `sssom:Mapping`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import oxigraph
from calcinosis_kg.errors import FormatError
from calcinosis_kg.namespaces import BASE, compress, expand
from calcinosis_kg.sheets import iri
from calcinosis_kg.statements import mapping_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROW_SLOTS = (
    "record_id", "subject_id", "subject_label", "subject_category", "predicate_id", "predicate_label",
    "predicate_modifier", "object_id", "object_label", "object_category", "mapping_justification", "author_id",
    "author_label", "reviewer_id", "reviewer_label", "creator_id", "creator_label", "license", "subject_type",
    "subject_source", "subject_source_version", "object_type", "object_source", "object_source_version",
    "predicate_type", "mapping_provider", "mapping_source", "mapping_cardinality", "cardinality_scope", "mapping_tool",
    "mapping_tool_id", "mapping_tool_version", "mapping_date", "publication_date", "review_date", "confidence",
    "reviewer_agreement", "curation_rule", "curation_rule_text", "subject_match_field", "object_match_field",
    "match_string", "subject_preprocessing", "object_preprocessing", "similarity_score", "similarity_measure",
    "see_also", "issue_tracker_item", "other", "comment",
)  # fmt: skip
"""The slots of a mapping, in the order of columns."""

SET_SLOTS = (
    "sssom_version", "mapping_set_id", "mapping_set_version", "mapping_set_source", "mapping_set_title",
    "mapping_set_description", "mapping_set_confidence", "creator_id", "creator_label", "license", "publication_date",
    "see_also", "issue_tracker", "other", "comment",
)  # fmt: skip
"""The slots that say something of a set as a whole, in the order of the header."""

HANDED_DOWN = {
    "subject_type", "subject_source", "subject_source_version", "object_type", "object_source", "object_source_version",
    "predicate_type", "mapping_provider", "cardinality_scope", "mapping_tool", "mapping_tool_id",
    "mapping_tool_version", "mapping_date", "subject_match_field", "object_match_field", "subject_preprocessing",
    "object_preprocessing", "similarity_measure", "curation_rule", "curation_rule_text",
}  # fmt: skip
"""Slots of a header that are meant for each row without a value of its own."""

ENTITIES = {
    "record_id", "subject_id", "predicate_id", "object_id", "mapping_justification", "author_id", "reviewer_id",
    "creator_id", "subject_source", "object_source", "mapping_source", "mapping_tool_id", "curation_rule",
    "subject_match_field", "object_match_field", "subject_preprocessing", "object_preprocessing", "issue_tracker_item",
}  # fmt: skip
"""Slots whose values are CURIEs in a file."""

ADDRESSES = {
    "license", "mapping_provider", "see_also", "mapping_set_id", "mapping_set_source", "issue_tracker",
}  # fmt: skip
"""Slots whose values are whole IRIs in a file."""

MANY = {
    "author_id", "author_label", "reviewer_id", "reviewer_label", "creator_id", "creator_label", "cardinality_scope",
    "curation_rule", "curation_rule_text", "subject_match_field", "object_match_field", "match_string",
    "subject_preprocessing", "object_preprocessing", "see_also", "mapping_set_source",
}  # fmt: skip
"""Slots that may have several values."""

REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")

MAPPING, MAPPING_SET = iri("sssom:Mapping"), iri("sssom:MappingSet")
OURS = BASE + "mappings.sssom.tsv"
"""What our own set is called."""

_ONTOLOGY = ox.NamedNode(BASE + "calcinosis.ttl")
_TYPE = iri("rdf:type")
_OTHERS = {
    "subject_id": "owl:annotatedSource", "predicate_id": "owl:annotatedProperty", "object_id": "owl:annotatedTarget",
    "license": "dcterms:license", "mapping_date": "dcterms:created", "publication_date": "dcterms:issued",
    "creator_id": "dcterms:creator", "see_also": "rdfs:seeAlso", "comment": "rdfs:comment",
    "mapping_set_version": "owl:versionInfo", "mapping_set_title": "dcterms:title",
    "mapping_set_description": "dcterms:description", "mapping_set_source": "prov:wasDerivedFrom",
}  # fmt: skip
"""Slots that SSSOM's own RDF says by a property of somebody else; it is read beside `sssom:` and the slot's name."""

SAID = {slot: f"sssom:{slot}" for slot in (*ROW_SLOTS, *SET_SLOTS)} | {
    slot: _OTHERS[slot] for slot in ("comment", "license", "mapping_set_title", "mapping_set_version")
}
"""The property by which we say a slot."""

_SLOTS = {expand(name): slot for slot, name in (*SAID.items(), *_OTHERS.items())} | {
    expand(f"sssom:{slot}"): slot for slot in (*ROW_SLOTS, *SET_SLOTS)
}
_NEGATED = ("Not", expand("sssom:NegatedPredicate"))

Cells = dict[str, tuple[str, ...]]
"""Slot to values: IRIs of entities and addresses, texts."""


@dataclass(frozen=True, slots=True)
class MappingSet:
    """Rows, and what the set says of itself.

    Attributes:
        about: Slots of `SET_SLOTS`.
        rows: Slots of `ROW_SLOTS`, of each row; a node that is not named after what it says is its `record_id`.
    """

    about: Cells
    rows: tuple[Cells, ...]


def node(row: Mapping[str, tuple[str, ...]]) -> ox.NamedNode:
    """Return the node of a row without `record_id`: it is named after what the row says."""
    subject, predicate, target = (compress(row[slot][0]) for slot in REQUIRED[:3])
    return mapping_node(subject, predicate, target, negated="predicate_modifier" in row)


def of(quads: Iterable[ox.Quad]) -> MappingSet:
    """Return the rows that quads hold.

    >>> from calcinosis_kg import shipped, views
    >>> found = of(views.mappings(shipped.quads()))
    >>> len(found.rows), found.about["mapping_set_id"]
    (380, ('https://w3id.org/calcinosis-kg/mappings.sssom.tsv',))

    Raises:
        FormatError: A row that SSSOM cannot hold.
    """
    facts: dict[object, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]] = {}
    types: dict[object, set[object]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == _TYPE:
            types[quad.subject].add(quad.object)
        slot = _SLOTS.get(quad.predicate.value)
        if slot and not isinstance(quad.object, ox.Triple):
            values = facts.setdefault(quad.subject, defaultdict(list))[slot]
            if quad.object not in values:
                values.append(quad.object)
    rows = []
    for name, kinds in types.items():
        if MAPPING in kinds:
            rows.append(_row(name, facts.get(name, {})))
    if not any("record_id" in row for row in rows) or not all("record_id" in row for row in rows):
        rows = [row if "record_id" not in row else _without(row) for row in rows]
    sets = [name for name, kinds in types.items() if MAPPING_SET in kinds]
    about = _about(sets, facts, ours=facts.get(_ONTOLOGY))
    return MappingSet(about, tuple(sorted(rows, key=_place)))


def _place(row: Cells) -> tuple[object, ...]:
    return tuple(oxigraph.natural(ox.Literal("|".join(map(compress, row.get(slot, ()))))) for slot in ROW_SLOTS[1:])


def _without(row: Cells) -> Cells:
    return {slot: values for slot, values in row.items() if slot != "record_id"}


def _row(name: object, about: Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]) -> Cells:
    shown = compress(getattr(name, "value", ""))
    row = dict(_cells(shown, about, ROW_SLOTS))
    for slot in REQUIRED:
        if slot not in row:
            raise FormatError(f"the mapping {shown} has no {slot}", "Give it one, or leave the mapping out.")
    if "predicate_modifier" in row:
        if row["predicate_modifier"][0] not in _NEGATED:
            said = row["predicate_modifier"][0]
            raise FormatError(f"the mapping {shown} has the modifier '{said}'", "SSSOM knows 'Not', and nothing else.")
        row["predicate_modifier"] = ("Not",)
    if isinstance(name, ox.NamedNode) and name != node(row):
        row["record_id"] = (name.value,)
    return row


def _cells(
    shown: str, about: Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]], slots: Iterable[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for slot in slots:
        values = tuple(sorted({value.value for value in about.get(slot, ()) if not isinstance(value, ox.BlankNode)}))
        if len(values) > 1 and slot not in MANY:
            problem = f"{shown} has several values of {slot}: '{values[0]}' and '{values[1]}'"
            raise FormatError(problem, "Keep one: SSSOM has one in a row.")
        if values:
            yield slot, values


def _about(
    sets: list[object],
    facts: Mapping[object, Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]],
    *,
    ours: Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]] | None,
) -> Cells:
    """Return what a set says of itself: the one set of the graph, or ours, or nothing where there are several."""
    if len(sets) == 1:
        about = dict(_cells("the mapping set", facts.get(sets[0], {}), SET_SLOTS))
        named = {"mapping_set_id": (sets[0].value,)} if isinstance(sets[0], ox.NamedNode) else {}
        return about | named
    if sets or ours is None:
        return {}
    found: Cells = {
        "mapping_set_id": (OURS,),
        "mapping_set_title": ("Mappings of the terms of calcinosis-kg",),
        "mapping_set_description": (
            "How the terms of calcinosis-kg, and the neighbours of DOID:182, correspond to terms of others.",
        ),
        "creator_label": ("the calcinosis-kg founders",),
    }
    kept = (("mapping_set_version", "mapping_set_version"), ("license", "license"))
    return found | {slot: (ours[name][0].value,) for slot, name in kept if ours.get(name)}
