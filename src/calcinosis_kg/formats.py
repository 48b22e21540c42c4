"""Writes a graph to files and reads it back: RDF here, other tools' formats by the rooms of `interchange`.

The same graph gives the same bytes every time, in every format.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import oxigraph, rdfxml, turtle, views
from calcinosis_kg.errors import FormatError
from calcinosis_kg.interchange.catalogue import CATALOGUE, Foreign
from calcinosis_kg.namespaces import BASE
from calcinosis_kg.outfiles import save_all

if TYPE_CHECKING:
    from collections.abc import Iterable

    import rdflib

_IMPORTS = ox.NamedNode("http://www.w3.org/2002/07/owl#imports")


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes:
        name: What people call it.
        suffix: Its file ending, which is also its short name.
        named_graphs: Whether it can say which graph a triple is in.
    """

    name: str
    suffix: str
    named_graphs: bool


FORMATS = {
    form.suffix: form
    for form in (
        Format("Turtle", "ttl", named_graphs=False),
        Format("TriG", "trig", named_graphs=True),
        Format("JSON-LD", "jsonld", named_graphs=True),
        Format("N-Triples", "nt", named_graphs=False),
        Format("N-Quads", "nq", named_graphs=True),
        Format("RDF/XML", "rdf", named_graphs=False),
    )
}
"""Short name to format."""


def choose(path: Path, name: str | None = None) -> Format | Foreign:
    """Return the format of that short name, or of the file's ending; the longest ending that fits decides.

    >>> choose(Path("a.ttl")).name, choose(Path("a"), "nq").name
    ('Turtle', 'N-Quads')

    Raises:
        FormatError: There is no such format.
    """
    wanted = (name or path.suffix.removeprefix(".")).lower()
    known: dict[str, Format | Foreign] = {**FORMATS, **CATALOGUE}
    if name is None:
        fitting = [(len(ending), form) for form in known.values() for ending in _fitting(path, form)]
        if fitting:
            return max(fitting, key=lambda pair: pair[0])[1]
    elif wanted in known:
        return known[wanted]
    problem = f"unknown format '{wanted}'" if wanted else "no format is given and the name has no ending"
    raise FormatError(problem, f"Use one of: {', '.join(known)}.", str(path))


def _fitting(path: Path, form: Format | Foreign) -> list[str]:
    """Return the endings of a format that a file's name has."""
    endings = form.endings if isinstance(form, Foreign) else (f".{form.suffix}",)
    return [ending for ending in endings if path.name.lower().endswith(ending) and len(path.name) > len(ending)]


def write(
    graph: rdflib.Graph,
    path: str | Path,
    *,
    view: str | Iterable[str] = "accepted",
    format: str | None = None,  # noqa: A002 - rdflib's own word
) -> None:
    """Write a view of a graph or dataset to a file, or to the files that share a stem where a format has several.

    Args:
        graph: A dataset made by this package, or any rdflib graph.
        path: Where to; its ending names the format.
        view: Name of a view, or names of several (`views.VIEWS`).
        format: Short name of a format, where the ending does not say it.

    Raises:
        FormatError: Unknown format, one that would lose the status of plain triples, or one that cannot say
            what the graph says.
        InputError: A file cannot be written; what stood there before is untouched.
        MissingExtraError: The format needs a library that is not installed.
        QueryError: Unknown view.
    """
    names = (view,) if isinstance(view, str) else tuple(view)
    target = Path(path)
    save_all(contents(oxigraph.to_ox(graph), choose(target, format), names, target))


def read(path: str | Path, *, format: str | None = None) -> rdflib.Dataset:  # noqa: A002 - rdflib's own word
    """Read a file in any format that `write` knows the way back from, as a new dataset.

    What a format does not hold is not there; its page in the documentation says what that is.

    Args:
        path: One file; others of the same stem that belong to it are read too.
        format: Short name of a format, where the ending does not say it.

    Raises:
        FormatError: Unknown format, or one without a way back.
        InputError: A file is missing or badly written.
        MissingExtraError: The format needs a library that is not installed.
    """
    target = Path(path)
    form = choose(target, format)
    if isinstance(form, Format):
        return oxigraph.to_dataset(oxigraph.parse(target, oxigraph.RDF_FORMATS[f".{form.suffix}"]))
    if not form.reads:
        raise FormatError(f"{form.name} has no way back", "Read trig, nq or jsonld, which hold everything.", str(path))
    stem = _stem(target, form)
    parts = {ending: _part(stem, ending, form) for ending in form.endings}
    needed = {ending: part for ending, part in parts.items() if part.exists() or ending not in form.optional}
    found = {ending: oxigraph.content(part) for ending, part in needed.items()}
    return oxigraph.to_dataset(form.open().read(found, str(path)))


def contents(
    quads: Iterable[ox.Quad], form: Format | Foreign, names: Iterable[str], path: Path
) -> dict[Path, bytes | None]:
    """Return what `write` writes: path to content; None for a file that must not stand there.

    Raises:
        FormatError: As in `write`.
        QueryError: Unknown view.
    """
    if isinstance(form, Format):
        return {path: render(quads, form, names, str(path))}
    chosen = views.check(names)
    parts = {"ontology": views.ontology, "terms": views.terms, "mappings": views.mappings}
    if form.holds in parts:
        if chosen not in (("accepted",), ("all",)):
            raise FormatError(f"{form.name} holds the {form.holds} alone", "Leave --graph out.", str(path))
        selected = parts[form.holds](quads)
    else:
        selected = views.select(quads, chosen)
    stem = _stem(path, form)
    try:
        found: dict[str, bytes | None] = {**form.open().write(oxigraph.canonical(selected))}
    except FormatError as error:
        raise FormatError(error.problem, error.remedy, str(path)) from error
    return {_part(stem, ending, form): found.get(ending) for ending in form.endings}


def _stem(path: Path, form: Foreign) -> Path:
    """Return what the files of a format share: the path, without the ending of any of them."""
    if len(form.endings) == 1:
        return path
    found = max(_fitting(path, form), key=len, default="")
    return path.with_name(path.name[: len(path.name) - len(found)])


def _part(stem: Path, ending: str, form: Foreign) -> Path:
    return stem if len(form.endings) == 1 else stem.with_name(stem.name + ending)


def render(quads: Iterable[ox.Quad], form: Format, names: Iterable[str], place: str = "") -> bytes:
    """Return the file content of a view of the quads; the rest is as in `write`.

    A format without named graphs makes one ontology of them all, so it leaves out `owl:imports` among our own files.
    """
    chosen = views.check(names)
    unsure = views.plain_statuses(chosen) - {"accepted"}
    if unsure and not form.named_graphs:
        problem = f"{form.name} cannot say that a plain triple is only {' or '.join(sorted(unsure))}"
        remedy = "Use trig, nq or jsonld, or --graph claims, which has claims and no plain triples."
        raise FormatError(problem, remedy, place)
    selected = views.select(quads, chosen)
    if not form.named_graphs:
        selected = [ox.Quad(*quad.triple) for quad in selected if not _is_own_import(quad)]
    try:
        return _serialised(oxigraph.canonical(selected), form)
    except FormatError as error:
        raise FormatError(error.problem, error.remedy, place) from error


def _is_own_import(quad: ox.Quad) -> bool:
    """Whether it imports another file of ours: what is there is in the dataset, and OWL tools would fetch it."""
    target = quad.object.value if isinstance(quad.object, ox.NamedNode) else ""
    return quad.predicate == _IMPORTS and target.startswith(BASE)


def _serialised(quads: list[ox.Quad], form: Format) -> bytes:
    if form.suffix in ("ttl", "trig"):
        return turtle.write(quads, named_graphs=form.named_graphs).encode()
    if form.suffix == "jsonld":
        from calcinosis_kg import jsonld  # noqa: PLC0415 - a quarter of a second, and for this format alone

        return jsonld.write(quads).encode()
    if form.suffix == "nq":
        return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    if form.suffix == "nt":
        return ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    return rdfxml.write(quads)
