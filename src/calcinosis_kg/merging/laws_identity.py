"""What may be one thing, in the plainest way: sets joined pair by pair, and what speaks against a set.

This is written anew, and on purpose does not use the code that settles identity in a merge: it judges it.
It trusts the spelling of identifiers (`prefixes`) alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from calcinosis_kg.merging import records
from calcinosis_kg.merging.prefixes import normal, prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EXACT = "skos:exactMatch"
CONFIDENT = 0.8
"""The least stated confidence with which a row may join; the result's own option is used where it has one."""
KINDS = MappingProxyType(
    {
        **dict.fromkeys(("DOID", "MONDO", "ORPHA", "OMIMPS"), "disease"),
        **dict.fromkeys(("HP", "MP", "SYMP"), "phenotype"),
        **dict.fromkeys(("HGNC", "NCBIGene"), "gene"),
        **dict.fromkeys(("CHEBI", "DRUGBANK"), "chemical"),
        **dict.fromkeys(("UBERON", "CL"), "anatomy"),
    }
)
"""Prefix to the one kind of thing that it holds."""


CATEGORIES = MappingProxyType(
    {"Disease": "disease", "PhenotypicFeature": "phenotype", "Gene": "gene", "SmallMolecule": "chemical",
     "ChemicalEntity": "chemical", "Drug": "chemical", "AnatomicalEntity": "anatomy"}
)  # fmt: skip
"""Class of the Biolink Model to kind, for prefixes that hold several kinds."""


class Sets:
    """Disjoint sets of names.

    >>> sets = Sets()
    >>> sets.join("A:1", "B:1")
    >>> sets.of("A:1") == sets.of("B:1"), sets.of("C:1")
    (True, 'C:1')
    """

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, name: str) -> str:
        """Return the name that stands for the set of a name."""
        above = self._above
        top = name
        while top in above:
            top = above[top]
        while name != top:
            above[name], name = top, above[name]
        return top

    def join(self, one: str, other: str) -> None:
        """Make one set of two; the first name in the alphabet stands for it."""
        first, second = sorted((self.of(one), self.of(other)))
        if first != second:
            self._above[second] = first

    def members(self) -> dict[str, list[str]]:
        """Return the sets of more than one name, by the name that stands for them."""
        found: dict[str, list[str]] = {}
        for name in list(self._above):
            found.setdefault(self.of(name), []).append(name)
        return {top: sorted([top, *names]) for top, names in found.items()}


@dataclass(slots=True)
class Known:
    """What inputs say of identity, as far as it matters here; all names normalised.

    Attributes:
        pairs: Pair that an exact row joins, to its place.
        denied: Pair, sorted, that a row denies, to its place.
        next: Obsolete name to its successors.
        kinds: Name to the kinds of the categories that its node records give it.
    """

    pairs: dict[tuple[str, str], str] = field(default_factory=dict)
    denied: dict[tuple[str, str], str] = field(default_factory=dict)
    next: dict[str, set[str]] = field(default_factory=dict)
    kinds: dict[str, set[str]] = field(default_factory=dict)

    def mapping(self, row: Mapping[str, str], place: str, least: float = CONFIDENT) -> None:
        """Take note of a mapping row."""
        if normal(row["predicate_id"]) != EXACT:
            return
        first, second = sorted((normal(row["subject_id"]), normal(row["object_id"])))
        if first == second:
            return
        if row["predicate_modifier"]:
            self.denied.setdefault((first, second), place)
        elif _confident(row["confidence"], least):
            self.pairs.setdefault((first, second), place)

    def category(self, name: str, cell: str) -> None:
        """Take note of the categories of a name."""
        for text in records.split(cell):
            if kind := CATEGORIES.get(text.rpartition(":")[2]):
                self.kinds.setdefault(normal(name), set()).add(kind)

    def kind(self, name: str) -> str:
        """Return the kind of a name, by its prefix or by categories that agree, or the empty text."""
        said = self.kinds.get(name, set())
        return KINDS.get(prefix_of(name)) or (next(iter(said)) if len(said) == 1 else "")

    def unlike(self, names: Iterable[str]) -> bool:
        """Return whether names are of more than one kind.

        >>> Known().unlike(["DOID:182", "HP:0003761"]), Known().unlike(["DOID:182", "UMLS:C0006663"])
        (True, False)
        """
        return len({kind for name in names if (kind := self.kind(name))}) > 1

    def node(self, name: str, successors: str) -> None:
        """Take note of an obsolete name."""
        self.next.setdefault(normal(name), set()).update(normal(text) for text in records.split(successors))

    def sets(self) -> Sets:
        """Return what may be one thing at most: every exact row that nothing plainly speaks against is followed."""
        sets = Sets()
        for pair in self.pairs:
            if pair not in self.denied and not self.unlike(pair) and prefix_of(pair[0]) != prefix_of(pair[1]):
                sets.join(*pair)
        for name, successors in self.next.items():
            if len(successors) == 1:
                (successor,) = successors
                if (
                    len(self.next.get(successor, {""})) == 1
                    and (min(name, successor), max(name, successor)) not in self.denied
                ):
                    sets.join(name, successor)
        return sets


def _confident(text: str, least: float) -> bool:
    try:
        return not text or least <= float(text) <= 1
    except ValueError:
        return False


def doubts(members: Iterable[str], known: Known) -> list[str]:
    """Return what speaks against some names being one thing: two kinds, two live terms of a vocabulary, a denial."""
    names = sorted(members)
    found = [f"{', '.join(names[:4])} are of two kinds"] if known.unlike(names) else []
    terms: dict[str, str] = {}
    for name in names:
        prefix = prefix_of(name)
        if prefix and name not in known.next and terms.setdefault(prefix, name) != name:
            found.append(f"{terms[prefix]} and {name} are two terms of {prefix}")
    return found


def denials(sets: Mapping[str, str], known: Known) -> list[str]:
    """Return the denials that names, each with the name of its set, do not keep."""
    return [
        f"{place}: denies that {one} and {other} are the same, but they were made one"
        for (one, other), place in sorted(known.denied.items())
        if sets.get(one, one) == sets.get(other, other)
    ]
