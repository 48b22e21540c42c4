"""The dataset in every format, and the files that belong to it: what a release holds before it is described.

A format that cannot say that a triple is only reported holds the accepted part; one that has named graphs, or a
column for the status, holds everything.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import formats, oxigraph, turtle
from calcinosis_kg.interchange.catalogue import CATALOGUE, Foreign
from calcinosis_kg.namespaces import expand
from calcinosis_kg.releases.artefacts import CC_BY, Artefact
from calcinosis_kg.releases.headers import MODULES, dated
from calcinosis_kg.resources import folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

STEM = "data/calcinosis-kg"
"""Where the dataset stands in a release; endings follow."""

VIEWS = {
    "accepted": "what is accepted",
    "all": "everything, with its status",
    "ontology": "the ontology",
    "terms": "our terms",
    "mappings": "the mappings",
}
"""Which part of the dataset a file holds, in words."""

_OF = {"claims": "all", "triples": "accepted", "ontology": "ontology", "terms": "terms", "mappings": "mappings"}
"""What a format of other tools is about, and which part of the dataset a release has in it."""

_LICENCE = ox.NamedNode(expand("dcterms:license"))
_TITLE = ox.NamedNode(expand("dcterms:title"))


def view_of(form: formats.Format | Foreign) -> str:
    """Return which part of the dataset a release has in a format.

    >>> view_of(formats.FORMATS["ttl"]), view_of(formats.FORMATS["trig"])
    ('accepted', 'all')
    """
    if isinstance(form, formats.Format):
        return "all" if form.named_graphs else "accepted"
    return _OF[form.holds]


def data(quads: Iterable[ox.Quad], step: Callable[[str], None] = lambda _: None) -> Iterator[Artefact]:
    """Yield the dataset in every format that there is.

    Args:
        quads: The whole dataset.
        step: Called with the name of each format before it is written.

    Raises:
        MissingExtraError: A format needs a library that is not installed.
    """
    given = list(quads)
    known: tuple[formats.Format | Foreign, ...] = (*formats.FORMATS.values(), *CATALOGUE.values())
    for form in known:
        step(form.name)
        view = view_of(form)
        endings = form.endings if isinstance(form, Foreign) else (f".{form.suffix}",)
        names = [view if view in ("accepted", "all") else "all"]
        found = formats.contents(given, form, names, Path(STEM + endings[0]))
        for path, content in found.items():
            if content is not None:
                ending = path.name.removeprefix(PurePosixPath(STEM).name)
                title = f"{form.name}: {_part(ending, endings) or VIEWS[view]}"
                yield Artefact(PurePosixPath(path).as_posix(), content, title, view, form.suffix)


def _part(ending: str, endings: tuple[str, ...]) -> str:
    """Return what one of several files of a format holds, in words.

    >>> _part("_refuted_claims.tsv", ("_edges.tsv", "_refuted_claims.tsv"))
    'refuted claims'
    """
    words = ending.partition(".")[0].strip("_").replace("_", " ")
    return {"nodes": "entities", "edges": "claims that are asserted"}.get(words, words) if len(endings) > 1 else ""


def companions(version: str, previous: str = "") -> Iterator[Artefact]:
    """Yield what belongs to the dataset: the ontology as files that import each other, queries, shapes, the licence.

    Args:
        version: Of the release; it goes into the headers of our ontology.
        previous: The version before; empty for none.

    Raises:
        InputError: The installation lacks a file.
    """
    root = folder("ontology")
    for name in MODULES:
        quads = dated(oxigraph.parse(root / name), version, previous)
        content = turtle.write(oxigraph.canonical(quads), named_graphs=False).encode()
        yield Artefact(f"ontology/{name}", content, _one(quads, _TITLE))
    for path in sorted((root / "imports").glob("*.ttl")):
        quads = oxigraph.parse(path)
        licence = _one(quads, _LICENCE) or CC_BY
        yield Artefact(f"ontology/imports/{path.name}", oxigraph.content(path), _one(quads, _TITLE), licence=licence)
    for name, title in (
        ("context.jsonld", "the JSON-LD context: prefixes and short names"),
        ("catalog-v001.xml", "where Protégé finds the imports"),
        ("mappings.sssom.tsv", "the mappings as they are edited (SSSOM)"),
    ):
        yield Artefact(f"ontology/{name}", oxigraph.content(root / name), title)
    for place, pattern, title in (
        ("queries", "questions/*.rq", "a public question"),
        ("queries", "checks/*.rq", "a check"),
        ("queries", "README.md", "the table of questions"),
        ("shapes", "*.ttl", "SHACL shapes"),
        ("shapes", "release/*.ttl", "SHACL shapes of a release"),
        ("shapes", "README.md", "what shapes there are"),
    ):
        at = folder(place)
        for path in sorted(at.glob(pattern)):
            shown = path.relative_to(at).as_posix()
            named = title if path.suffix == ".md" else f"{title}: {path.stem}"
            yield Artefact(f"{place}/{shown}", oxigraph.content(path), named)
    yield Artefact("LICENSE", oxigraph.content(root / "LICENSE"), "the licence")


def _one(quads: Iterable[ox.Quad], predicate: ox.NamedNode) -> str:
    """Return the value of a property of a header."""
    values = (quad.object for quad in quads if quad.predicate == predicate)
    return next((value.value for value in values if isinstance(value, ox.NamedNode | ox.Literal)), "")
