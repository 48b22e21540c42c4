"""Where sources disagree: looked for in a whole result, and reported with both sides and their sources."""

from __future__ import annotations

import gc
from collections import Counter
from typing import TYPE_CHECKING

from calcinosis_kg.merging import conflicts_outputs, equivalences
from calcinosis_kg.merging.conflicts_frequencies import frequencies
from calcinosis_kg.merging.conflicts_hierarchy import Hierarchy
from calcinosis_kg.merging.conflicts_inheritance import Inheritance
from calcinosis_kg.merging.conflicts_kinds import KINDS, SEVERITIES
from calcinosis_kg.merging.conflicts_labels import labels
from calcinosis_kg.merging.conflicts_ledger import Ledger
from calcinosis_kg.merging.conflicts_lines import Lines
from calcinosis_kg.merging.conflicts_polarity import Polarity
from calcinosis_kg.merging.conflicts_relations import relations

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "conflicts: "
"""How the names of the counts start."""


def report(folder: Path) -> dict[str, int]:
    """Look for conflicts in the tables of a result, and write the report beside them.

    The files are `conflicts.parquet`, `.tsv`, `.json` and `.ttl`; they depend on the tables alone.

    Args:
        folder: A folder with statements, evidence, nodes and aliases of a merge.

    Returns:
        `conflicts: KIND` to the number of its findings, for each kind that there is, and their number by severity.
    """
    collecting = gc.isenabled()
    gc.disable()  # many small objects and no cycles: collecting would cost a third of the time
    try:
        return _reported(folder)
    finally:
        if collecting:
            gc.enable()


def _reported(folder: Path) -> dict[str, int]:
    ledger = Ledger(folder)
    hierarchy = Hierarchy(ledger)
    polarity = Polarity(ledger, hierarchy)
    found = [
        *polarity.findings(),
        *polarity.doubtful(),
        *frequencies(ledger),
        *relations(ledger),
        *Inheritance(ledger, hierarchy, equivalences.aliases(folder)).findings(folder),
        *hierarchy.circles(),
        *labels(folder),
    ]
    rows = conflicts_outputs.rows(found, Lines(folder, ledger, found))
    conflicts_outputs.write(rows, folder)
    return _counts([(row.severity, row.finding.kind) for row in rows])


def _counts(found: list[tuple[str, str]]) -> dict[str, int]:
    kinds = Counter(kind for _, kind in found)
    grave = Counter(severity for severity, _ in found)
    counts = {f"{PREFIX}{kind}": kinds[kind] for kind in KINDS if kinds[kind]}
    return counts | {f"{PREFIX}{severity}": grave[severity] for severity in SEVERITIES}
