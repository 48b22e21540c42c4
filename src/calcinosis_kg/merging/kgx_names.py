"""The names of KGX edge files, for those who read them and those who write them.

They are those of the KGX format (https://github.com/biolink/kgx, "KGX format") and of the Biolink Model's association
slots; a `biolink:` before a name and its case do not matter. Two are our own: `other_properties` and
`evidence_lines`, which hold as JSON what columns cannot say.
"""

from __future__ import annotations

import re
from types import MappingProxyType

ENDS = ("subject", "predicate", "object")
SINGLE = MappingProxyType(
    {
        "record_id": ("id", "edge_id"),
        "standing": ("standing",),
        "publications": ("publications",),
        "evidence_codes": ("has_evidence", "evidence_codes"),
        "knowledge_source": ("primary_knowledge_source", "knowledge_source"),
        "curator": ("curator", "biocuration"),
        "frequency": ("frequency_qualifier", "frequency"),
    }
)
"""Column of an edge record to the KGX columns that may hold it: the first that the file has."""
LISTS = frozenset({"publications", "evidence_codes"})
"""Columns of an edge record that hold several values."""
DETAILS = MappingProxyType(
    {
        "knowledge_source": "primary_knowledge_source",
        "publications": "publications",
        "evidence_codes": "has_evidence",
        "frequency": "frequency",
        "curator": "curator",
    }
)
"""Column of an edge record to the KGX column that we write it to; all say what a line of evidence says."""
PROVIDED = "provided_by"
ORIGINAL_ID = "original_id"
ORIGINALS = MappingProxyType({end: f"original_{end}" for end in ENDS})
"""End of an edge to the column that says how a source has it."""
OWN = (PROVIDED, ORIGINAL_ID, *ORIGINALS.values())
"""Columns of which the values of an input go on, with what a merge has to add."""
RELATION = "relation"
"""Where a predicate of Biolink stands for one of another vocabulary: that one."""
OTHERS = "other_properties"
"""A JSON object: properties that have no column of their own."""
LINES = "evidence_lines"
"""A JSON list with an object for each line of evidence: what belongs together, where the columns hold lists."""
PROPERTIES = "properties"
"""In such an object: all that the line has beyond the columns of evidence."""
QUALIFIERS = "qualifiers"
"""A JSON object of the qualifiers that have no column of their own."""
_TAKEN = frozenset(
    {*ENDS, "negated", RELATION, OTHERS, LINES, PROPERTIES, QUALIFIERS, *OWN}
    | {name for names in SINGLE.values() for name in names}
)
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def bare(name: str) -> str:
    """Return a column's name as it is looked up.

    >>> bare("biolink:Negated")
    'negated'
    """
    return name.strip().lower().removeprefix("biolink:").removeprefix(":")


def is_qualifier(name: str) -> bool:
    """Whether a column is part of what an edge says: all qualifiers but the frequency, which is evidence.

    >>> is_qualifier("onset_qualifier"), is_qualifier("frequency_qualifier"), is_qualifier("qualified_predicate")
    (True, False, True)
    """
    key = bare(name)
    return (key.endswith("_qualifier") and key != "frequency_qualifier") or key in ("qualified_predicate", QUALIFIERS)


def is_qualifier_column(name: str) -> bool:
    """Whether a qualifier can have a column of its own, and be read back as what it is.

    >>> is_qualifier_column("sex_qualifier"), is_qualifier_column("modality"), is_qualifier_column("Sex_qualifier")
    (True, False, False)
    """
    return bool(_NAME.match(name)) and is_qualifier(name) and name not in _TAKEN


def is_property_column(name: str) -> bool:
    """Whether another property can have a column of its own, and be read back as what it is.

    >>> is_property_column("agent_type"), is_property_column("relation"), is_property_column("a b")
    (True, False, False)
    """
    return bool(_NAME.match(name)) and not is_qualifier(name) and name not in _TAKEN
