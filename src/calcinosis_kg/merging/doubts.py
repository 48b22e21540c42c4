"""Edges that a NOT elsewhere makes doubtful: they get a standing of their own before keys are made.

A file of genes and phenotypes, such as `genes_to_phenotype.txt`, is derived from one of diseases and phenotypes: a
gene has the phenotype *in the context of* a disease. Where all that the records say of that disease and that
phenotype is NOT, nothing is left for the edge to rest on. A count of 0 of n is no yes.

What is doubtful follows from all records together, never from their order; the records themselves stay as they
were written, so that taking a source out takes its doubts out.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calcinosis_kg.merging import columns, records
from calcinosis_kg.merging.frequencies import is_absence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from calcinosis_kg.merging.prefixes import Spelling
    from calcinosis_kg.merging.spool import Spool

    Flags = NDArray[np.bool_]
    Numbers = NDArray[np.int64]

DOUBTFUL = "doubtful"
"""The standing."""
CONTEXT = "disease_context_qualifier"
"""The qualifier of Biolink that names the disease in whose context an edge holds."""
PREDICATES = frozenset({"biolink:has_phenotype", "RO:0002200", "biolink:has_mode_of_inheritance", "biolink:related_to"})
"""What HPO annotations of all aspects become, and RO's 'has phenotype'."""


class Doubts:
    """The pairs of disease and phenotype that are denied and nowhere affirmed.

    Args:
        edges: All edge records, coded.
        spelling: Normalises identifiers.
        leader: Identifiers that another one stands for.
    """

    def __init__(self, edges: Spool, spelling: Spelling, leader: Mapping[str, str]) -> None:
        self._spelling, self._leader = spelling, leader
        self._numbers: dict[str, int] = {}
        self._pairs = np.zeros(0, np.int64)
        if self._denials(edges):
            self._affirmations(edges)

    def __len__(self) -> int:
        return len(self._pairs)

    def standing(self, table: pa.Table) -> pa.DictionaryArray | None:
        """Return the standing of each edge record, or None where it is as written for all of them."""
        if not len(self._pairs):
            return None
        found = columns.whole(table["qualifiers"])
        named = [contexts(text) for text in found.dictionary.to_pylist()]
        if not any(named):
            return None
        coded = columns.codes(found)
        in_context = np.array([bool(names) for names in named], bool)[coded]
        rows = np.flatnonzero(in_context & self._plain(table) & ~_flags(table["negated"]))
        phenotype = self._codes(table["object"])[rows]
        doubtful = np.ones(len(rows), bool)
        most = max(map(len, named))
        for place in range(most):  # nearly always one: an edge is in doubt if all its contexts are denied
            disease = np.array([self._number(names[min(place, len(names) - 1)]) if names else -1 for names in named])
            doubtful &= np.isin(_pairs(disease[coded][rows], phenotype), self._pairs)
        if not doubtful.any():
            return None
        written = columns.whole(table["standing"])
        values = [*written.dictionary.to_pylist(), DOUBTFUL]
        cells = columns.codes(written).copy()
        cells[rows[doubtful]] = len(values) - 1
        return columns.compact(columns.coded(cells, values))

    def _denials(self, edges: Spool) -> bool:
        """Gather what is denied; return whether any of it can put an edge in doubt."""
        parts = []
        derived = False
        for table in edges.read():
            derived = derived or any(map(contexts, columns.whole(table["qualifiers"]).dictionary.to_pylist()))
            negated = _flags(table["negated"])
            if negated.any():
                some = table.filter(pa.array(negated & self._plain(table) & _bare(table)))
                parts.append(_pairs(self._codes(some["subject"], add=True), self._codes(some["object"], add=True)))
        if derived and parts:
            self._pairs = np.unique(np.concatenate(parts))
        return len(self._pairs) > 0

    def _affirmations(self, edges: Spool) -> None:
        """Leave out what is affirmed too."""
        for table in edges.read():
            ends = _pairs(self._codes(table["subject"]), self._codes(table["object"]))
            rows = np.flatnonzero(np.isin(ends, self._pairs))
            if len(rows):
                some = table.take(pa.array(rows))
                frequency = columns.whole(some["frequency"])
                absent = np.array([is_absence(text) for text in frequency.dictionary.to_pylist()], bool)
                yes = self._plain(some) & _bare(some) & ~_flags(some["negated"]) & ~absent[columns.codes(frequency)]
                self._pairs = np.setdiff1d(self._pairs, ends[rows[yes]])

    def _plain(self, table: pa.Table) -> Flags:
        """Return which records say, without reserve, that something has a phenotype."""
        predicate = columns.whole(table["predicate"])
        known = np.array([name in PREDICATES for name in self._spelling.normal(predicate.dictionary.to_pylist())], bool)
        plain: Flags = pc.equal(table["standing"].cast(pa.string()), "").to_numpy()
        return known[columns.codes(predicate)] & plain

    def _codes(self, column: pa.ChunkedArray, *, add: bool = False) -> Numbers:
        """Return the number of each identifier; -1 for those that are in no denial."""
        whole = columns.whole(column)
        spelt = self._spelling.normal(whole.dictionary.to_pylist())
        final = [self._leader.get(name, name) for name in spelt]
        if add:
            used = set(columns.codes(whole).tolist())
            for place, name in enumerate(final):
                if place in used:
                    self._numbers.setdefault(name, len(self._numbers))
        return np.array([self._numbers.get(name, -1) for name in final], np.int64)[columns.codes(whole)]

    def _number(self, name: str) -> int:
        (spelt,) = self._spelling.normal([name])
        return self._numbers.get(self._leader.get(spelt, spelt), -1)


def _pairs(one: Numbers, other: Numbers) -> Numbers:
    return np.where((one < 0) | (other < 0), -1, (one << 32) | other)


def _flags(column: pa.ChunkedArray) -> Flags:
    found: Flags = column.to_numpy().astype(bool)
    return found


def _bare(table: pa.Table) -> Flags:
    """Return which records hold in no context."""
    found = columns.whole(table["qualifiers"])
    free = np.array([not contexts(text) for text in found.dictionary.to_pylist()], bool)
    return free[columns.codes(found)]


@lru_cache(maxsize=100_000)
def contexts(qualifiers: str) -> tuple[str, ...]:
    """Return the diseases in whose context an edge holds.

    >>> contexts('{"disease_context_qualifier":"OMIM:1"}'), contexts("")
    (('OMIM:1',), ())
    """
    if CONTEXT not in qualifiers:
        return ()
    found = json.loads(qualifiers).get(CONTEXT, "")
    return tuple(records.split(found) if isinstance(found, str) else map(str, found))
