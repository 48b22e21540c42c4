"""The tables that readers fill and the merge works on: their columns, and how values are written in them.

A reader yields `Batch`es, each a pyarrow table of one kind. Cells are text, save where `SCHEMAS` says
otherwise; no cell is null: what is absent is the empty text. Rows may come in any order.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EDGES, NODES, MAPPINGS, CARRIED, QUARANTINE = "edges", "nodes", "mappings", "carried", "quarantine"

PLACE = ("source", "file", "line")
"""What every record starts with: name of its source, name of its file without folder, and physical line
(from 1); where a format has no lines, the number of the record."""

EDGE = (
    *PLACE,
    "subject",  # as in the file, not normalised
    "predicate",
    "object",
    "negated",  # bool
    "qualifiers",  # canonical JSON of the qualifiers that are part of what is said
    "standing",  # "" where the source asserts it, else reported, contested, refuted, artefact, doubtful ...
    "publications",  # several values: see `join`
    "evidence_codes",
    "knowledge_source",
    "curator",
    "frequency",
    "record_id",  # id that the source gives to the edge or claim
    "rest",  # canonical JSON of every other column
)
NODE = (*PLACE, "id", "category", "name", "deprecated", "replaced_by", "consider", "rest")
MAPPING = (
    *PLACE,
    "subject_id",
    "predicate_id",
    "object_id",
    "predicate_modifier",  # "" or "Not"
    "mapping_justification",
    "confidence",
    "subject_label",
    "object_label",
    "rest",
)
CARRY = (*PLACE, "quad")  # one N-Quads line without its end; blank nodes are scoped by source
FAULT = (*PLACE, "reason", "text")  # the raw row; bytes that are not UTF-8 are written \xNN

COLUMNS = MappingProxyType({EDGES: EDGE, NODES: NODE, MAPPINGS: MAPPING, CARRIED: CARRY, QUARANTINE: FAULT})
"""Kind of record to its columns, in order."""

_TYPES = {"line": pa.int64(), "negated": pa.bool_(), "deprecated": pa.bool_()}

SCHEMAS = MappingProxyType(
    {
        kind: pa.schema([pa.field(name, _TYPES.get(name, pa.string()), nullable=False) for name in columns])
        for kind, columns in COLUMNS.items()
    }
)
"""Kind of record to its pyarrow schema: `line` is int64, `negated` and `deprecated` are bool, all else text."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one kind.

    Attributes:
        kind: A key of `SCHEMAS`.
        table: The records, with the schema of their kind. A reader of long files yields some 100,000 rows at
            a time, so that memory stays bounded.
    """

    kind: str
    table: pa.Table


def batch(kind: str, columns: Mapping[str, Iterable[Any]]) -> Batch:
    """Return a batch from columns; those left out are empty text or false.

    >>> made = batch(NODES, {"source": ["a"], "file": ["a.tsv"], "line": [2], "id": ["DOID:182"]})
    >>> made.table.to_pylist()[0]["id"], made.table.to_pylist()[0]["deprecated"]
    ('DOID:182', False)

    Raises:
        ValueError: A column that the kind does not have, columns of different lengths, or a cell of another type.
    """
    schema = SCHEMAS[kind]
    unknown = sorted(set(columns) - set(schema.names))
    if unknown:
        raise ValueError(f"{kind} have no column {unknown}")
    arrays = {name: _array(values, schema.field(name).type) for name, values in columns.items()}
    length = len(next(iter(arrays.values()), ()))
    made = [arrays[field.name] if field.name in arrays else _blank(field.type, length) for field in schema]
    return Batch(kind, pa.table(made, schema=schema))


def _array(values: Iterable[Any], kind: pa.DataType) -> pa.ChunkedArray:
    given: Any = values
    found = given.cast(kind) if isinstance(given, pa.Array | pa.ChunkedArray) else pa.array(list(given), type=kind)
    if found.null_count:
        raise ValueError("a cell is null; write the empty text for what is absent")
    return found


def _blank(kind: pa.DataType, length: int) -> pa.Array:
    return pa.repeat(pa.scalar({pa.int64(): 0, pa.bool_(): False}.get(kind, ""), type=kind), length)


def join(values: Iterable[str]) -> str:
    """Return several values as one cell, sorted, each once: '|' between them, '%7C' and '%25' inside.

    >>> join(["PMID:2", "PMID:1", "a|b", "PMID:2"])
    'PMID:1|PMID:2|a%7Cb'
    """
    return "|".join(sorted({value.replace("%", "%25").replace("|", "%7C") for value in values if value}))


def split(cell: str) -> list[str]:
    """Return the values of a cell that `join` made.

    >>> split("PMID:1|a%7Cb")
    ['PMID:1', 'a|b']
    """
    return [value.replace("%7C", "|").replace("%25", "%") for value in cell.split("|")] if cell else []


def canonical(values: Mapping[str, Any]) -> str:
    """Return an object as JSON text with sorted keys and no spaces, or the empty text where it has none.

    Empty values say nothing and are left out.

    >>> canonical({"onset": "HP:0003577", "aspect": "P", "sex": ""}), canonical({})
    ('{"aspect":"P","onset":"HP:0003577"}', '')
    """
    kept = {key: value for key, value in values.items() if value not in ("", None, [], {})}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if kept else ""
