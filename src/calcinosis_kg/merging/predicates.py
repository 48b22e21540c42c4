"""Relations of OBO and of the W3C that Biolink has a predicate for, and the predicate: by exact mappings alone.

The table is made from the Biolink Model by a script, which holds each mapping against the relation's own ontology and
keeps in the table what it left out, with the reason.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = Path(__file__).with_name("predicates.tsv")


@cache
def of_biolink() -> Mapping[str, str]:
    """Return relation to predicate.

    >>> of_biolink()["rdfs:subClassOf"], of_biolink()["RO:0002200"], "BFO:0000055" in of_biolink()
    ('biolink:subclass_of', 'biolink:has_phenotype', False)
    """
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    cells = (line.split("\t") for line in lines if not line.startswith("#"))
    return MappingProxyType({relation: predicate for relation, predicate, _ in cells})
