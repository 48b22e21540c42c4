"""Looks up the terms of the import slices and of our own ontology: label, and whether it is deprecated.

HPO's licence does not allow cut-down copies, so there is no slice of it: an HP term's label is the one
that its entity gives, and `scripts/make_slices.py` checks it against a whole hp.obo.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import oxigraph
from calcinosis_kg.errors import InputError
from calcinosis_kg.namespaces import compress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_DEPRECATED = "http://www.w3.org/2002/07/owl#deprecated"

WITHOUT_SLICE = frozenset({"HP"})
"""Prefixes whose terms are known by their entity's label alone."""

WITHOUT_LABEL = frozenset({"skos", "rdfs", "rdf", "owl"})
"""Prefixes of W3C vocabularies, whose terms need no slice."""


@dataclass(frozen=True, slots=True)
class Term:
    """A class, property or individual of an ontology."""

    curie: str
    label: str
    deprecated: bool = False


class TermIndex:
    """Terms by CURIE.

    >>> index = TermIndex([Term("DOID:182", "calcinosis")])
    >>> index["DOID:182"].label, "DOID:0" in index
    ('calcinosis', False)
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms: Mapping[str, Term] = {term.curie: term for term in terms}

    def __getitem__(self, curie: str) -> Term:
        return self._terms[curie]

    def __contains__(self, curie: str) -> bool:
        return curie in self._terms

    def __iter__(self) -> Iterator[Term]:
        return iter(self._terms.values())


def slices(ontology: Path) -> list[Path]:
    """Return the import slices of an ontology folder, sorted by name.

    Raises:
        InputError: There are none.
    """
    found = sorted((ontology / "imports").glob("*.ttl"))
    if not found:
        place = str(ontology / "imports")
        raise InputError("there are no import slices", "Rebuild them with scripts/make_slices.py.", place)
    return found


def index(quads: Iterable[ox.Quad]) -> TermIndex:
    """Return the index of all labelled terms in the quads."""
    labels: dict[str, str] = {}
    deprecated: set[str] = set()
    for quad in quads:
        subject, content = quad.subject, quad.object
        if not isinstance(subject, ox.NamedNode) or not isinstance(content, ox.Literal):
            continue
        if quad.predicate.value == _LABEL:
            labels[subject.value] = content.value
        elif quad.predicate.value == _DEPRECATED and content.value == "true":
            deprecated.add(subject.value)
    return TermIndex(Term(compress(iri), label, iri in deprecated) for iri, label in sorted(labels.items()))


def read(paths: Iterable[Path]) -> list[ox.Quad]:
    """Return all statements of the Turtle files, in file order.

    Raises:
        InputError: A file is missing or badly written.
    """
    return [quad for path in paths for quad in oxigraph.parse(path)]
