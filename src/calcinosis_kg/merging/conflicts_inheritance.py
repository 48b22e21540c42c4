"""Modes of inheritance that are opposite: of one disease, of a group and its form, of diseases that a mapping relates.

Sources: HPO 2025-01-16, GENO 2023-10-08, DO 2026-07-31, Mondo 2026-05-05; each identifier was checked there with its
label.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calcinosis_kg.merging.ancestry import UNDER
from calcinosis_kg.merging.conflicts_kinds import INFO, INHERITANCE, INHERITANCE_BELOW, INHERITANCE_NEAR, Finding, Pick
from calcinosis_kg.merging.conflicts_ledger import flags
from calcinosis_kg.merging.doubts import CONTEXT
from calcinosis_kg.merging.equivalences import FILE
from calcinosis_kg.merging.prefixes import normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from calcinosis_kg.merging.conflicts_hierarchy import Hierarchy
    from calcinosis_kg.merging.conflicts_ledger import Flags, Ledger

    Modes = dict[int, dict[str, list[int]]]

MODES = MappingProxyType(
    {
        # autosomal and X-linked dominant, the former with imprinting, pseudoautosomal dominant
        "HP:0000006": "dominant", "HP:0001423": "dominant", "HP:0012274": "dominant", "HP:0012275": "dominant",
        "HP:0034340": "dominant",
        # autosomal (also complete, incomplete) and X-linked dominant inheritance
        "GENO:0000147": "dominant", "GENO:0000144": "dominant", "GENO:0000145": "dominant", "GENO:0000146": "dominant",
        # autosomal, X-linked and pseudoautosomal recessive
        "HP:0000007": "recessive", "HP:0001419": "recessive", "HP:0034341": "recessive",
        "GENO:0000148": "recessive", "GENO:0000149": "recessive",
    }
)  # fmt: skip
"""Modes of inheritance. HP:0032113 Semidominant is neither."""
CLASSES = MappingProxyType(
    {
        # autosomal and X-linked dominant disease; autosomal and X-linked recessive disease
        "DOID:0050736": "dominant", "DOID:0080009": "dominant", "MONDO:0000426": "dominant",
        "MONDO:0020604": "dominant", "DOID:0050737": "recessive", "DOID:0080012": "recessive",
        "MONDO:0006025": "recessive", "MONDO:0020605": "recessive",
    }
)  # fmt: skip
"""Diseases by mode of inheritance: what is directly under one of them is said to have the mode."""
_SKOS = ("skos:", "http://www.w3.org/2004/02/skos/core#")
_NEAR = [f"{start}{name}Match" for start in _SKOS for name in ("close", "narrow", "broad", "related")]
_REFUTED = "; one side is known to be refuted"


class Inheritance:
    """Looks for opposite modes of inheritance.

    Args:
        ledger: The statements.
        hierarchy: What is under what.
        leader: Identifiers that another one stands for.
    """

    def __init__(self, ledger: Ledger, hierarchy: Hierarchy, leader: Mapping[str, str]) -> None:
        self._ledger, self._hierarchy, self._leader = ledger, hierarchy, leader
        self._numbers, self._classes = (
            dict(zip(ledger.numbers([leader.get(name, name) for name in known]), known.values(), strict=True))
            for known in (MODES, CLASSES)
        )
        self._under = ledger.of_predicates(UNDER)
        said = self._said()
        self._held = self._modes(said & ledger.yes())
        self._wrong = self._modes(said & ledger.disproved & ~ledger.negated)
        self._known = frozenset(self._held.keys() | self._wrong.keys())

    def findings(self, folder: Path) -> Iterator[Finding]:
        """Yield what is opposite.

        Args:
            folder: The result, for its mapping rows.
        """
        for disease in sorted(self._known):
            yield from self._of_one(disease)
            yield from self._of_groups(disease)
        yield from self._of_mappings(folder)

    def _said(self) -> Flags:
        """Return which statements say how a disease is inherited."""
        ledger = self._ledger
        matches = flags(ledger.predicates, lambda name: str(name).startswith(("skos:", "owl:")))[ledger.predicate]
        free = flags(ledger.qualifiers, lambda text: CONTEXT not in str(text))[ledger.qualifier]
        direct = ~self._under & ~matches & free & self._ends(self._numbers)
        return direct | (self._under & self._ends(self._classes))

    def _ends(self, numbers: Mapping[int, str]) -> Flags:
        wanted = np.zeros(len(self._ledger.entities) + 1, bool)
        wanted[list(numbers)] = True
        wanted[-1] = False  # stands for those that the result does not have
        found: Flags = wanted[self._ledger.object]
        return found

    def _modes(self, said: Flags) -> Modes:
        found: Modes = {}
        for row in np.flatnonzero(said).tolist():
            mode = (self._classes if self._under[row] else self._numbers)[int(self._ledger.object[row])]
            found.setdefault(int(self._ledger.subject[row]), {}).setdefault(mode, []).append(row)
        return found

    def _of_one(self, disease: int) -> Iterator[Finding]:
        """Yield two modes of one disease; a source that gives both says that it has forms of both kinds."""
        held, wrong = self._held.get(disease, {}), self._wrong.get(disease, {})
        if len(held.keys() | wrong.keys()) < len({"dominant", "recessive"}):
            return
        left, right = (held.get(mode) or wrong[mode] for mode in ("dominant", "recessive"))
        if len(held) < len({"dominant", "recessive"}):
            yield Finding(INHERITANCE, _picks(left), _picks(right), "one side is known to be refuted", INFO)
            return
        said = [set().union(*map(self._ledger.said_by, rows)) for rows in (left, right)]
        same = bool(said[0] & said[1])
        detail = "one source says both: there may be forms of both kinds" if same else "the sources differ"
        yield Finding(INHERITANCE, _picks(left), _picks(right), detail, INFO if same else "")

    def _single(self, disease: int) -> tuple[str, list[int], bool] | None:
        """Return the only mode of a disease, who says it, and whether it is not known to be refuted."""
        held = self._held.get(disease)
        found = held or self._wrong.get(disease)
        if not found or len(found) > 1:
            return None
        ((mode, rows),) = found.items()
        return mode, rows, held is not None

    def _of_groups(self, disease: int) -> Iterator[Finding]:
        """Yield groups of which a disease is a form, and that have the opposite mode."""
        own = self._single(disease)
        above = self._hierarchy.above(disease) - {disease} if own else frozenset()
        for group in sorted(above & self._known):
            other = self._single(group)
            if own and other and own[0] != other[0] and group not in self._classes and (own[2] or other[2]):
                sure = own[2] and other[2]
                detail = f"the form is {own[0]}, the group {other[0]}" + ("" if sure else _REFUTED)
                through = self._hierarchy.path(disease, group)
                sides = _picks(own[1]), _picks(other[1])
                yield Finding(INHERITANCE_BELOW, *sides, detail, "" if sure else INFO, through)

    def _of_mappings(self, folder: Path) -> Iterator[Finding]:
        """Yield diseases that a mapping row other than an exact one relates."""
        names = ["subject_id", "predicate_id", "object_id", "predicate_modifier", "file", "line"]
        table = pq.read_table(folder / FILE, columns=names, read_dictionary=["predicate_id", "file"])
        table = table.filter(pc.is_in(table["predicate_id"].cast(pa.string()), value_set=pa.array(_NEAR)))
        rows = table.filter(pc.equal(table["predicate_modifier"], "")).to_pylist()
        for row in rows:
            for end in ("subject_id", "object_id"):
                row[end] = normal(row[end])
        ends = sorted({self._leader.get(row[end], row[end]) for row in rows for end in ("subject_id", "object_id")})
        numbers = dict(zip(ends, self._ledger.numbers(ends), strict=True))
        met: set[tuple[int, int]] = set()
        for row in rows:
            one, other = (numbers[self._leader.get(row[end], row[end])] for end in ("subject_id", "object_id"))
            left, right = self._single(one), self._single(other)
            if left and right and left[0] != right[0] and (left[2] or right[2]) and (one, other) not in met:
                met |= {(one, other), (other, one)}
                said = " ".join([row["subject_id"], normal(row["predicate_id"]), row["object_id"]])
                detail = f"{said} ({row['file']}:{row['line']})" + ("" if left[2] and right[2] else _REFUTED)
                yield Finding(INHERITANCE_NEAR, _picks(left[1]), _picks(right[1]), detail)


def _picks(rows: list[int]) -> tuple[Pick, ...]:
    return tuple(map(Pick, rows))
