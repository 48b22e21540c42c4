"""Choose the terms of every slice, and cut them out of their sources."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slices_ontologies import HOME, ONTOLOGIES
from slices_read import Definition, Source, Term, ancestors
from slices_turtle import Header, Slice, order

if TYPE_CHECKING:
    from collections.abc import Callable

    from slices_terms import Seed

MANY = 25


def home(curie: str, here: str) -> str:
    """Return the slice that holds a term met in another; RO keeps all that it declares."""
    return here if here == "ro" else HOME.get(curie.partition(":")[0], "")


def select(found: list[Seed], sources: Callable[[str], Source]) -> dict[str, set[str]]:
    """Choose the terms of every slice: seeds, descendants, ancestors, fillers."""
    kept: dict[str, set[str]] = {name: set() for name in ONTOLOGIES}
    waiting: list[tuple[str, str]] = []
    for seed in (s for s in found if s.slice in ONTOLOGIES):
        waiting.append((seed.slice, seed.curie))
        if seed.descendants:
            terms = sources(seed.slice).terms
            waiting += [(seed.slice, c) for c in terms if seed.curie in ancestors(terms, c)]
    done: set[tuple[str, str]] = set()
    while waiting:
        here, curie = waiting.pop()
        source = sources(here)
        if (here, curie) in done or curie not in source.terms or source.terms[curie].deprecated:
            continue
        done.add((here, curie))
        kept[here].add(curie)
        above = ancestors(source.terms, curie)
        if len(above) > MANY:
            above = set(source.terms[curie].parents)
        kept[here] |= {c for c in above if home(c, here) == here and usable(source, c)}
        waiting += [(home(c, here), c) for c in above if home(c, here) not in {here, ""}]
        for member in kept["doid"] & {*above, curie}:
            for on, some in source.terms[member].restrictions:
                if home(on, here) and home(some, here):
                    waiting += [(home(on, here), on), (home(some, here), some)]
    return kept


def usable(source: Source, curie: str) -> bool:
    """Tell whether a source holds a term that is not deprecated."""
    return curie in source.terms and not source.terms[curie].deprecated


def cut(name: str, kept: dict[str, set[str]], sources: Callable[[str], Source]) -> Slice:
    """Build one slice from the chosen terms."""
    source, ontology = sources(name), ONTOLOGIES[name]
    held = set().union(*kept.values())
    labels = {c: sources(n).terms[c].label for n in kept for c in sorted(kept[n])}
    terms = []
    for curie in sorted(kept[name], key=order):
        term = source.terms[curie]
        whole = name == "doid"
        terms.append(
            replace(
                term,
                parents=tuple(sorted(nearest(source.terms, curie, held), key=order)),
                restrictions=tuple(r for r in term.restrictions if whole and set(r) <= held),
                definitions=tuple(d for d in term.definitions if whole and parts(d) <= held),
                chains=tuple(c for c in term.chains if set(c) <= kept[name]),
                synonyms=term.synonyms if whole else (),
                xrefs=term.xrefs if whole else (),
            )
        )
    tree = any(term.parents for term in terms)
    scope = "with ancestors: labels and hierarchy, no definitions." if tree else "labels only."
    note = (
        f"The terms that calcinosis-kg names, {scope} {ontology.remark} "
        f"Made by scripts/make_slices.py from {source.file}; "
        "the seeds, and the axioms left out, are in terms.txt."
    )
    release = source.release + (" (rebuilt)" if "rebuilt" in source.file else "")
    title = f"{ontology.title}: the slice that calcinosis-kg imports"
    header = Header(name, title, ontology.source, ontology.licence, release, source.file, " ".join(note.split()))
    return Slice(header, tuple(terms), labels)


def parts(definition: Definition) -> set[str]:
    """Return all terms that a definition names."""
    return {definition.genus, *(curie for pair in definition.restrictions for curie in pair)}


def nearest(terms: dict[str, Term], curie: str, held: set[str]) -> set[str]:
    """Return the closest kept ancestors, without those that another of them implies."""
    found: set[str] = set()
    waiting = list(terms[curie].parents)
    while waiting:
        parent = waiting.pop()
        if parent in held:
            found.add(parent)
        elif parent in terms:
            waiting += terms[parent].parents
    implied = set().union(*(ancestors(terms, c) for c in found))
    return found - implied
