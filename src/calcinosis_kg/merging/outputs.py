"""What a result is written as, besides its tables and KGX TSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import outputs_jsonl, outputs_rdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

RDF = ("nq", "trig")
FORMATS = ("jsonl", *RDF)
"""`jsonl`: KGX JSON Lines; `nq`: N-Quads; `trig`: TriG."""


def check(names: Iterable[str]) -> tuple[str, ...]:
    """Return names of formats, sorted, each once.

    Raises:
        InputError: A name is unknown.
    """
    found = tuple(sorted(set(names)))
    for name in found:
        if name not in FORMATS:
            raise InputError(f"unknown format '{name}'", f"Use one of {', '.join(FORMATS)}.")
    return found


def write(folder: Path, work: Path, names: Iterable[str], told: Callable[[str, int, int], None]) -> dict[str, int]:
    """Write the tables of a result in some formats, and return counts.

    Args:
        folder: The result.
        work: For what is in between.
        names: Of `FORMATS`.
        told: Called with what is done, how much of it, and how much there is.
    """
    counts: dict[str, int] = {}
    for name in check(names):
        if name in RDF:
            counts |= outputs_rdf.write(folder, work, name, told)
        else:
            outputs_jsonl.write(folder, told)
    return counts
