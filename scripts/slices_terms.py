"""Read terms.txt, and hold its seeds against the reference ontologies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from slices_ontologies import CHECKED_ONLY, ONTOLOGIES
from slices_read import InputError, Source, Term

if TYPE_CHECKING:
    from pathlib import Path


class Seed(NamedTuple):
    """One line of terms.txt."""

    slice: str
    curie: str
    label: str
    descendants: bool
    line: int


class LeftOut(NamedTuple):
    """One axiom of a reference that a slice does not repeat, from terms.txt."""

    curie: str
    kind: str
    value: str
    line: int


def seeds(path: Path) -> tuple[list[Seed], list[LeftOut]]:
    """Read terms.txt: sections `[slice]` of `CURIE ! label`, and `[left out]` axioms."""
    if not path.is_file():
        problem = f"{path}: no such file. It names the seed terms; give it with --terms."
        raise InputError(problem)
    found: list[Seed] = []
    dropped: list[LeftOut] = []
    section = ""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
            if section not in {*ONTOLOGIES, *CHECKED_ONLY, "left out"}:
                problem = f"{path}:{number}: no slice is called '{section}'. Add it to ONTOLOGIES."
                raise InputError(problem)
            continue
        term, bang, label = line.partition(" ! ")
        words = term.split()
        if not section or not bang or len(words) < (3 if section == "left out" else 1):
            problem = f"{path}:{number}: not `CURIE ! label` in a [section]. Write it so."
            raise InputError(problem)
        if section == "left out":
            dropped.append(LeftOut(words[0], words[1], " ".join(words[2:]), number))
        else:
            found.append(Seed(section, words[0], label.strip(), "{descendants}" in words, number))
    return found, dropped


def trim(sources: dict[str, Source], dropped: list[LeftOut], file: Path) -> list[str]:
    """Take the `[left out]` axioms out of the sources; report those that are not there."""
    problems = []
    for axiom in dropped:
        changed = False
        for source in sources.values():
            if axiom.curie in source.terms:
                old = source.terms[axiom.curie]
                source.terms[axiom.curie] = lighter(old, axiom)
                changed |= source.terms[axiom.curie] != old
        if not changed:
            place = f"{file}:{axiom.line}"
            problems.append(f"{place}: {axiom.curie} has no such axiom. Delete the line.")
    return problems


def lighter(term: Term, axiom: LeftOut) -> Term:
    """Return the term without one axiom."""
    if axiom.kind in {"subClassOf", "subPropertyOf"}:
        return replace(term, parents=tuple(p for p in term.parents if p != axiom.value))
    if axiom.kind == "xref":
        return replace(term, xrefs=tuple(x for x in term.xrefs if x != axiom.value))
    if axiom.kind == "synonym":
        return replace(term, synonyms=tuple(s for s in term.synonyms if s != axiom.value))
    pair = (axiom.kind, axiom.value)
    return replace(term, restrictions=tuple(r for r in term.restrictions if r != pair))


def judge(seed: Seed, source: Source, file: Path) -> str:
    """Return what is wrong with a seed, or an empty string."""
    place = f"{file}:{seed.line}: {seed.curie}"
    term = source.terms.get(seed.curie)
    if term is None:
        return f"{place} is not in {source.file}. Correct the CURIE or take it out."
    if term.deprecated:
        return f"{place} '{term.label}' is deprecated in {source.file}. Use its replacement."
    if term.label != seed.label:
        return f"{place} is labelled '{term.label}' in {source.file}. Write that label."
    return ""
