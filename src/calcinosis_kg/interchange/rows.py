"""Claims and entities as rows under the names of KGX and the Biolink Model, and back.

A row is what KGX calls a record: name of a property to text, truth value, list or None. KGX TSV and JSON Lines,
Parquet, data frames and graph objects are all made of these rows, so what one of them keeps all of them keep.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from calcinosis_kg.claims import SHORTCUT_STATUSES, Span
from calcinosis_kg.interchange.associations import QUALIFIERS, Association, Contents, Entity, Line
from calcinosis_kg.interchange.escapes import joined, parted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Row = dict[str, Any]

INFORES = "infores:calcinosis-kg"
"""Us, as a source of knowledge (not registered yet)."""

NAMED = "biolink:NamedThing"
"""The category of an entity that has none."""

UNKNOWN = "unknown"
"""The digest of a place that has none."""

SLOTS = {
    "biolink:object_direction_qualifier": "object_direction_qualifier",
    "biolink:population_context_qualifier": "population_context_qualifier",
    "biolink:clinical_approval_status": "clinical_approval_status",
    "ckgv:maxPercentage": "max_percentage",
    "ckgv:minPercentage": "min_percentage",
    "ckgv:severityContext": "ckg_severity_qualifier",
    "ckgv:scope": "ckg_scope_qualifier",
    "ckgv:regulatoryContext": "ckg_regulatory_context_qualifier",
    "ckgv:routeContext": "ckg_route_qualifier",
    "ckgv:underCondition": "ckg_condition_qualifier",
    "ckgv:context": "ckg_context_qualifier",
    "ckgv:stage": "ckg_stage_qualifier",
    "ckgv:locationContext": "ckg_location_qualifier",
    "ckgv:target": "ckg_target_qualifier",
    "ckgv:aspect": "ckg_aspect_qualifier",
    "ckgv:recommendation": "ckg_recommendation_qualifier",
    "ckgv:detail": "ckg_detail_qualifier",
}
"""Property that restricts a claim to its column. Those of Biolink have Biolink's name; ours end in `_qualifier`, so
that a tool which takes such columns for a part of the statement, as our merge does, does so with ours."""

_STATED = {
    "biolink:has_attribute": "biolink:related_to",
}
"""What claims have as predicate and Biolink has as a slot that is no predicate, to the predicate that holds there. The
row says the former in Biolink's `original_predicate`."""

_TYPED = ("biolink:Attribute", "biolink:ChemicalRole")
"""Categories of which Biolink wants to know a type; our nodes of them are terms, so the node is its own type."""

_MATCHES = {f"{kind}_mappings": f"skos:{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")}
_DIRECTIONS = {"evidence_for": "supports", "evidence_qualifying": "qualifies", "evidence_against": "disputes"}
_PUBLICATIONS = ("PMID:", "PMC:", "DOI:")
_DONE = {  # column to the field of an association that it holds as it is
    "subject": "subject",
    "object": "object",
    "knowledge_level": "knowledge_level",
    "agent_type": "agent_type",
    "claim": "id",
    "claim_source": "source",
    "name": "label",
    "claim_status": "status",
    "computed_status": "computed_status",
    "status_rule": "rule",
    "status_reason": "status_reason",
    "verdict": "verdict",
    "modality": "modality",
    "negation_cue": "negation_cue",
    "relation": "relation",
    "proposition": "proposition",
    "claim_kind": "kind",
    "section": "section",
    "repeats": "repeats",
    "searched": "searched",
    "note": "note",
}

NODE = (
    "id", "category", "name", "description", "synonym", "xref", "provided_by", *_MATCHES, "has_attribute_type",
    "artefact",
)  # fmt: skip
"""The columns of nodes, in order."""

EDGE = (
    "id", "subject", "predicate", "object", "category", "negated", "standing", "knowledge_level", "agent_type",
    "primary_knowledge_source", "publications", "has_evidence", "original_predicate", *SLOTS.values(),
    "claim", "claim_source", "name", "claim_status", "modality", "hedge_cues", "hedge_types", "negation_cue",
    "relation", "proposition", "claim_kind", "section", "verdict", "computed_status", "status_rule", "status_reason",
    *_DIRECTIONS, "evidence_lines", "span_starts", "span_ends", "span_sha256", "repeats", "derived_from", "searched",
    "note",
)  # fmt: skip
"""The columns of edges, in order."""

LISTS = frozenset(
    {
        *("category", "synonym", "xref", "provided_by", *_MATCHES),
        *("publications", "has_evidence", "hedge_cues", "hedge_types", *_DIRECTIONS),
        *("span_starts", "span_ends", "span_sha256", "derived_from"),
    }
)
"""Columns whose cells are lists."""

NUMBERS = frozenset({"span_starts", "span_ends"})
"""Those of them whose items are whole numbers."""

TRUTHS = frozenset({"negated", "artefact"})
"""Columns whose cells are truth values."""

JSON = frozenset({"evidence_lines"})
"""Columns whose cells are lists of objects: the lines of evidence, each with the attributes of
`associations.Line`."""

PARTS = ("edges", "negated_claims", "refuted_claims")
"""Where rows of claims stand: asserted ones; negated ones that are neither refuted nor artefacts; the latter two."""

STATUSES = SHORTCUT_STATUSES
"""The statuses of claims that may be edges, if they are positive."""


def asserted(row: Mapping[str, Any]) -> bool:
    """Whether a row may be read as an edge by a tool that looks at its ends alone.

    Those are the claims that are plain triples too: positive, and accepted, reported or contested.

    >>> asserted({"negated": True, "claim_status": "accepted"}), asserted({"negated": False, "claim_status": "refuted"})
    (False, False)
    """
    return not row["negated"] and row["claim_status"] in STATUSES


def parts(edge_rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the rows of each of `PARTS`: what may be read as an edge, what is denied, what is not so.

    The last two are no edges, whatever a tool makes of `negated`: so they are not called edges.
    """
    found: dict[str, list[Row]] = {part: [] for part in PARTS}
    for row in edge_rows:
        part = "edges" if asserted(row) else "negated_claims" if row["claim_status"] in STATUSES else "refuted_claims"
        found[part].append(row)
    return found


def nodes(contents: Contents) -> list[Row]:
    """Return a row for each entity, its columns in the order of `NODE`."""
    return [_node(entity) for entity in contents.entities]


def edges(contents: Contents) -> list[Row]:
    """Return a row for each claim, whatever its status and polarity, its columns in the order of `EDGE`.

    >>> from calcinosis_kg import shipped
    >>> from calcinosis_kg.interchange import contents
    >>> found = {row["claim"]: row for row in edges(contents.of(shipped.quads()))}
    >>> row = found["CKG-C258"]
    >>> row["subject"], row["predicate"], row["object_direction_qualifier"], row["object"], row["claim_status"]
    ('CHEBI:10033', 'biolink:affects', 'decreased', 'CKG:0000021', 'refuted')
    """
    return [_edge(claim) for claim in contents.associations]


def contents(node_rows: Iterable[Mapping[str, Any]], edge_rows: Iterable[Mapping[str, Any]]) -> Contents:
    """Return the contents that rows were made of; absent cells may be missing, None, or empty."""
    return Contents(tuple(_entity(row) for row in node_rows), tuple(_association(row) for row in edge_rows))


def _node(entity: Entity) -> Row:
    row: Row = {
        "id": entity.id,
        "category": list(entity.categories) or [NAMED],
        "name": entity.label or None,
        "description": entity.definition or None,
        "synonym": list(entity.synonyms),
        "xref": [other for key, other in entity.mappings if key == "oboInOwl:hasDbXref"],
        "provided_by": [INFORES],
        **{column: [other for key, other in entity.mappings if key == kind] for column, kind in _MATCHES.items()},
        "has_attribute_type": entity.id if any(kind in _TYPED for kind in entity.categories) else None,
        "artefact": entity.artefact,
    }
    return {column: row[column] for column in NODE}


def _entity(row: Mapping[str, Any]) -> Entity:
    categories = tuple(_several(row, "category"))
    mappings = {kind: _several(row, column) for column, kind in _MATCHES.items()}
    return Entity(
        id=row["id"],
        label=row.get("name") or "",
        categories=() if categories == (NAMED,) else categories,
        definition=row.get("description") or "",
        synonyms=tuple(_several(row, "synonym")),
        mappings=(
            *((kind, other) for kind in sorted(mappings) for other in mappings[kind]),
            *(("oboInOwl:hasDbXref", other) for other in _several(row, "xref")),
        ),
        artefact=bool(row.get("artefact")),
    )


def _edge(claim: Association) -> Row:
    supporting = [line for line in claim.evidence if line.direction == "supports"]
    row: Row = {
        **{column: getattr(claim, field) or None for column, field in _DONE.items()},
        "predicate": _STATED.get(claim.predicate, claim.predicate),
        "original_predicate": claim.predicate if claim.predicate in _STATED else None,
        "category": [claim.category] if claim.category else [],
        "negated": claim.negated,
        "standing": None if claim.status == "accepted" else claim.status,
        "primary_knowledge_source": INFORES,
        "publications": [name for name in _cited(supporting) if name.startswith(_PUBLICATIONS)],
        "has_evidence": list(dict.fromkeys(name for line in supporting for name in line.types)),
        **{
            slot: joined([said for name, said in claim.qualifiers if name == key]) or None
            for key, slot in SLOTS.items()
        },
        "hedge_cues": [cue for cue, _ in claim.hedges],
        "hedge_types": [kind for _, kind in claim.hedges],
        **{
            column: _cited([line for line in claim.evidence if line.direction == direction])
            for column, direction in _DIRECTIONS.items()
        },
        "evidence_lines": [_told(line) for line in claim.evidence],
        "span_starts": [span.start for span in claim.spans],
        "span_ends": [span.end for span in claim.spans],
        "span_sha256": [span.sha256 or UNKNOWN for span in claim.spans],
        "derived_from": list(claim.derived_from),
    }
    row["id"] = _digest(row)
    return {column: row[column] for column in EDGE}


def _digest(row: Row) -> str:
    """Return the id of an edge, which is a digest of all that it says: another status makes another id."""
    told = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(told.encode()).hexdigest()}"


def _association(row: Mapping[str, Any]) -> Association:
    hedges = zip(_several(row, "hedge_cues"), _several(row, "hedge_types"), strict=True)
    spans = zip(*(_several(row, f"span_{name}") for name in ("starts", "ends", "sha256")), strict=True)
    lines = row.get("evidence_lines") or []
    return Association(
        **{field: row.get(column) or "" for column, field in _DONE.items()},
        predicate=row.get("original_predicate") or row["predicate"],
        category=next(iter(_several(row, "category")), ""),
        negated=bool(row.get("negated")),
        hedges=tuple(hedges),
        qualifiers=tuple((key, said) for key in QUALIFIERS for said in parted(row.get(SLOTS[key]) or "")),
        spans=tuple(Span(int(start), int(end), digest.removeprefix(UNKNOWN)) for start, end, digest in spans),
        derived_from=tuple(_several(row, "derived_from")),
        evidence=tuple(_line(told) for told in (json.loads(lines) if isinstance(lines, str) else lines)),
    )


def _told(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "direction": line.direction,
        "directness": line.directness,
        "basis": line.basis,
        "references": list(line.references),
        "summary": line.summary,
        "level": line.level,
        "types": list(line.types),
    }


def _line(told: Mapping[str, Any]) -> Line:
    return Line(**{**told, "references": tuple(told["references"]), "types": tuple(told["types"])})


def _cited(lines: list[Line]) -> list[str]:
    return list(dict.fromkeys(reference for line in lines for reference in line.references))


def _several(row: Mapping[str, Any], column: str) -> list[Any]:
    found = row.get(column)
    return [] if found is None else list(found)
