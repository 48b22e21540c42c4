"""Edges that a NOT elsewhere makes doubtful: they get a standing of their own before keys are made.

A file of genes and phenotypes, such as `genes_to_phenotype.txt`, is derived from one of diseases and phenotypes: a
gene has the phenotype *in the context of* a disease. Where all that the records say of that disease and that
phenotype is NOT, nothing is left for the edge to rest on. A count of 0 of n is no yes.

Some files, such as `phenotype_to_genes.txt`, also hold the terms above each. Where a disease is denied something under
a term, and nothing at or under that term is affirmed of it, an edge to the term rests on the NOT alone too, and
wrongly: a NOT says nothing of what is more general.

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
from calcinosis_kg.merging.ancestry import UNDER, Ancestry
from calcinosis_kg.merging.frequencies import is_absence
from calcinosis_kg.merging.lists import Once

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
_LOW = 2**32 - 1


class Doubts:
    """The pairs of disease and phenotype that are denied and nowhere affirmed, and those above that rest on them.

    Args:
        edges: All edge records, coded.
        spelling: Normalises identifiers.
        leader: Identifiers that another one stands for.
    """

    def __init__(self, edges: Spool, spelling: Spelling, leader: Mapping[str, str]) -> None:
        self._spelling, self._leader = spelling, leader
        ends = ("subject", "object")
        self._final = {name: Once(self._finals) for name in ends}
        self._coded = {name: Once(self._numbers_of) for name in ends}
        self._known, self._free = Once(self._knowns), Once(_free_of)
        self._absent = Once(lambda values: np.array([is_absence(text) for text in values.to_pylist()], bool))
        self._diseases = Once(self._diseases_of)
        self._unders = Once(self._unders_of)
        self._numbers: dict[str, int] = {}
        self._pairs = np.zeros(0, np.int64)
        self._steps: list[pa.Table] = []
        if self._denials(edges):
            self._settle(self._affirmed(edges))

    def __len__(self) -> int:
        return len(self._pairs)

    def standing(self, table: pa.Table) -> pa.DictionaryArray | None:
        """Return the standing of each edge record, or None where it is as written for all of them."""
        if not len(self._pairs):
            return None
        found = columns.whole(table["qualifiers"])
        free = self._free.of(found)
        if free.all():
            return None
        coded = columns.codes(found)
        in_context = ~free[coded]
        rows = np.flatnonzero(in_context & self._plain(table) & ~_flags(table["negated"]))
        phenotype = self._codes(table, "object")[rows]
        doubtful = np.ones(len(rows), bool)
        for disease in self._diseases.of(found):  # nearly always one: all contexts of what is in doubt are denied
            doubtful &= np.isin(_pairs(disease[coded][rows], phenotype), self._pairs)
        if not doubtful.any():
            return None
        written = columns.whole(table["standing"])
        values = [*written.dictionary.to_pylist(), DOUBTFUL]
        cells = columns.codes(written).copy()
        cells[rows[doubtful]] = len(values) - 1
        return columns.compact(columns.coded(cells, values))

    def _denials(self, edges: Spool) -> bool:
        """Gather what is denied, and what is under what; return whether any of it can put an edge in doubt."""
        parts = []
        derived = False
        for table in edges.read():
            derived = derived or not self._free.of(columns.whole(table["qualifiers"])).all()
            negated = _flags(table["negated"])
            under = self._under(table) & ~negated
            if under.any():
                self._steps.append(table.select(["subject", "object"]).filter(pa.array(under)))
            if negated.any():
                some = table.filter(pa.array(negated & self._plain(table) & self._bare(table)))
                parts.append(_pairs(self._added(some, "subject"), self._added(some, "object")))
        if derived and parts:
            self._pairs = np.unique(np.concatenate(parts))
        return len(self._pairs) > 0

    def _affirmed(self, edges: Spool) -> Numbers:
        """Return what is affirmed of the diseases of which something is denied."""
        steps = [(self._added(some, "subject"), self._added(some, "object")) for some in self._steps]
        self._child, self._parent = (
            np.concatenate([np.zeros(0, np.int64), *(step[place] for step in steps)]) for place in (0, 1)
        )
        about = np.zeros(len(self._numbers) + 1, bool)  # the last for those without a number, which is -1
        about[self._pairs >> 32] = True
        found = [np.zeros(0, np.int64)]
        for table in edges.read():
            subject = self._codes(table, "subject")
            rows = np.flatnonzero(about[subject])
            if len(rows):
                some = table.take(pa.array(rows))
                frequency = columns.whole(some["frequency"])
                absent = self._absent.of(frequency)[columns.codes(frequency)]
                yes = self._plain(some) & self._bare(some) & ~_flags(some["negated"]) & ~absent
                ends = _pairs(subject[rows[yes]], self._codes(some, "object")[yes])
                found.append(np.unique(ends[ends >= 0]))
        return np.unique(np.concatenate(found))

    def _settle(self, affirmed: Numbers) -> None:
        """Leave out what is affirmed too, and add what is above and rests on a NOT alone."""
        denied, self._pairs = self._pairs, np.setdiff1d(self._pairs, affirmed)
        if not len(self._child):
            return
        ancestry = Ancestry(self._child, self._parent, np.unique(np.concatenate([denied, affirmed]) & _LOW).tolist())
        above: dict[int, set[int]] = {}
        for pairs, change in ((denied, set[int].update), (affirmed, set[int].difference_update)):
            for disease, term in zip((pairs >> 32).tolist(), (pairs & _LOW).tolist(), strict=True):
                change(above.setdefault(disease, set()), ancestry.above(term))
        more = [disease << 32 | term for disease, terms in above.items() for term in terms]
        self._pairs = np.union1d(self._pairs, np.array(more, np.int64))

    def _under(self, table: pa.Table) -> Flags:
        """Return which records say that a term is under another, without reserve and without qualifiers."""
        predicate = columns.whole(table["predicate"])
        under = self._unders.of(predicate)
        if not under.any():
            return np.zeros(table.num_rows, bool)
        empty = [columns.whole(table[name]) for name in ("standing", "qualifiers")]
        free = [
            pc.equal(column.dictionary, "").to_numpy(zero_copy_only=False)[columns.codes(column)] for column in empty
        ]
        found: Flags = under[columns.codes(predicate)] & free[0] & free[1]
        return found

    def _unders_of(self, values: pa.Array) -> Flags:
        return np.array([name in UNDER for name in self._spelling.normal(values.to_pylist())], bool)

    def _plain(self, table: pa.Table) -> Flags:
        """Return which records say, without reserve, that something has a phenotype."""
        predicate, standing = columns.whole(table["predicate"]), columns.whole(table["standing"])
        plain: Flags = pc.equal(standing.dictionary, "").to_numpy(zero_copy_only=False)
        return self._known.of(predicate)[columns.codes(predicate)] & plain[columns.codes(standing)]

    def _knowns(self, predicates: pa.Array) -> Flags:
        return np.array([name in PREDICATES for name in self._spelling.normal(predicates.to_pylist())], bool)

    def _bare(self, table: pa.Table) -> Flags:
        """Return which records hold in no context."""
        found = columns.whole(table["qualifiers"])
        return self._free.of(found)[columns.codes(found)]

    def _finals(self, values: pa.Array) -> list[str]:
        leader = self._leader
        return [leader.get(name, name) for name in self._spelling.of(values)]

    def _added(self, table: pa.Table, end: str) -> Numbers:
        """Return the number of each identifier; those without one get it."""
        whole = columns.whole(table[end])
        final, codes = self._final[end].of(whole), columns.codes(whole)
        numbers = self._numbers
        place = np.zeros(len(final), np.int64)
        for code in np.unique(codes).tolist():
            place[code] = numbers.setdefault(final[code], len(numbers))
        return place[codes]

    def _codes(self, table: pa.Table, end: str) -> Numbers:
        """Return the number of each identifier, once all denials are known; -1 for those that are in none."""
        whole = columns.whole(table[end])
        return self._coded[end].of(whole)[columns.codes(whole)]

    def _numbers_of(self, values: pa.Array) -> Numbers:
        return np.array([self._numbers.get(name, -1) for name in self._finals(values)], np.int64)

    def _diseases_of(self, qualifiers: pa.Array) -> list[Numbers]:
        """Return the number of each first context, of each second one or the last before it, and so on."""
        named = [contexts(text) for text in qualifiers.to_pylist()]
        numbers = [[self._number(name) for name in names] or [-1] for names in named]
        most = max(map(len, numbers))
        return [np.array([row[min(place, len(row) - 1)] for row in numbers], np.int64) for place in range(most)]

    def _number(self, name: str) -> int:
        (spelt,) = self._spelling.normal([name])
        return self._numbers.get(self._leader.get(spelt, spelt), -1)


def _pairs(one: Numbers, other: Numbers) -> Numbers:
    return np.where((one < 0) | (other < 0), -1, (one << 32) | other)


def _flags(column: pa.ChunkedArray) -> Flags:
    found: Flags = column.to_numpy().astype(bool)
    return found


def _free_of(qualifiers: pa.Array) -> Flags:
    """Return which texts name no context."""
    return np.array([not contexts(text) for text in qualifiers.to_pylist()], bool)


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
