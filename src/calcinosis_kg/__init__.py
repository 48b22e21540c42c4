"""Every claim of one published page on calcinosis (DOID:182) as linked data that says how far it can be trusted.

>>> import calcinosis_kg as ckg
>>> graph = ckg.load()
>>> ckg.query(graph, "ancestry").rows
[('HANCESTRO:0010', 'African ancestry', 'CKG:0000002')]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calcinosis_kg.claims import Claim, Evidence
    from calcinosis_kg.errors import CalcinosisKGError
    from calcinosis_kg.formats import read, write
    from calcinosis_kg.graph import build, curation
    from calcinosis_kg.merging.front import merge
    from calcinosis_kg.queries import run as query
    from calcinosis_kg.reasoner import infer
    from calcinosis_kg.reports import Report
    from calcinosis_kg.shapes import validate
    from calcinosis_kg.shipped import load
    from calcinosis_kg.tables import Table
    from calcinosis_kg.verification import verify

_HOME = {
    "CalcinosisKGError": ("errors", "CalcinosisKGError"),
    "Claim": ("claims", "Claim"),
    "Evidence": ("claims", "Evidence"),
    "Report": ("reports", "Report"),
    "Table": ("tables", "Table"),
    "build": ("graph", "build"),
    "curation": ("graph", "curation"),
    "infer": ("reasoner", "infer"),
    "load": ("shipped", "load"),
    "merge": ("merging.front", "merge"),
    "query": ("queries", "run"),
    "read": ("formats", "read"),
    "validate": ("shapes", "validate"),
    "verify": ("verification", "verify"),
    "write": ("formats", "write"),
}

__all__ = [
    "CalcinosisKGError",
    "Claim",
    "Evidence",
    "Report",
    "Table",
    "build",
    "curation",
    "infer",
    "load",
    "merge",
    "query",
    "read",
    "validate",
    "verify",
    "write",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: the command line starts without rdflib."""
    if name == "__version__":
        return import_module("importlib.metadata").version("calcinosis-kg")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOME[name]
    return getattr(import_module(f"{__name__}.{module}"), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
