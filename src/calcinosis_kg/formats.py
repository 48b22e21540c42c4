"""Writes a graph to a file: Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD; the same bytes every time."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from calcinosis_kg import oxigraph, turtle, views
from calcinosis_kg.errors import FormatError, InputError
from calcinosis_kg.namespaces import prefixes
from calcinosis_kg.resources import folder

if TYPE_CHECKING:
    import rdflib


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


def choose(path: Path, name: str | None = None) -> Format:
    """Return the format of that short name, or of the file's ending.

    >>> choose(Path("a.ttl")).name, choose(Path("a"), "nq").name
    ('Turtle', 'N-Quads')

    Raises:
        FormatError: There is no such format.
    """
    wanted = (name or path.suffix.removeprefix(".")).lower()
    if wanted not in FORMATS:
        problem = f"unknown format '{wanted}'" if wanted else "no format is given and the name has no ending"
        raise FormatError(problem, f"Use one of: {', '.join(FORMATS)}.", str(path))
    return FORMATS[wanted]


def write(
    graph: rdflib.Graph, path: str | Path, *, view: str | Iterable[str] = "accepted", format: str | None = None  # noqa: A002 - rdflib's own word
) -> None:
    """Write a view of a graph or dataset to a file.

    Args:
        graph: A dataset made by this package, or any rdflib graph.
        path: Where to; its ending names the format.
        view: Name of a view, or names of several (`views.VIEWS`).
        format: Short name of a format, where the ending does not say it.

    Raises:
        FormatError: Unknown format, or one that would lose the status of plain triples.
        InputError: The file cannot be written; what stood there before is untouched.
        QueryError: Unknown view.
    """
    names = (view,) if isinstance(view, str) else tuple(view)
    target = Path(path)
    save(target, render(oxigraph.to_ox(graph), choose(target, format), names, str(path)))


def render(quads: Iterable[ox.Quad], form: Format, names: Iterable[str], place: str = "") -> bytes:
    """Return the file content of a view of the quads; the rest is as in `write`."""
    chosen = views.check(names)
    unsure = views.plain_statuses(chosen) - {"accepted"}
    if unsure and not form.named_graphs:
        problem = f"{form.name} cannot say that a plain triple is only {' or '.join(sorted(unsure))}"
        raise FormatError(problem, "Use trig, nq or jsonld, or --graph claims, which has claims and no plain triples.", place)
    selected = views.select(quads, chosen)
    if not form.named_graphs:
        selected = [ox.Quad(quad.subject, quad.predicate, quad.object) for quad in selected]
    ordered = oxigraph.canonical(selected)
    if form.suffix in ("ttl", "trig"):
        return turtle.write(ordered, named_graphs=form.named_graphs).encode()
    if form.suffix == "jsonld":
        return _jsonld(ordered)
    if form.suffix == "nq":
        return bytes(ox.serialize(ordered, format=ox.RdfFormat.N_QUADS))
    triples = [quad.triple for quad in ordered]
    if form.suffix == "nt":
        return bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES))
    return bytes(ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=_xml_prefixes()))


def _xml_prefixes() -> dict[str, str]:
    """Return the prefixes for RDF/XML: those of properties, which end where an XML name may begin."""
    return {prefix: iri for prefix, iri in prefixes().items() if iri.endswith(("#", "/", "_"))}


def _jsonld(quads: list[ox.Quad]) -> bytes:
    """Return JSON-LD 1.1, compacted with the shipped context, which it carries: nothing is fetched to read it."""
    from pyld import jsonld  # noqa: PLC0415 - a quarter of a second, and for this format alone

    context = json.loads((folder("ontology") / "context.jsonld").read_text(encoding="utf-8"))
    text = bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS)).decode()
    expanded = jsonld.from_rdf(text, {"format": "application/n-quads", "useNativeTypes": False})
    compacted: dict[str, Any] = jsonld.compact(expanded, context, {"documentLoader": _refuse, "graph": True})
    return (json.dumps(compacted, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _refuse(url: str, options: object = None) -> object:
    raise FormatError(f"JSON-LD asked for {url}", "Nothing is fetched: report this as a bug.")


def save(path: Path, content: bytes) -> None:
    """Write a file whole: beside its place first, then renamed, so that a failure leaves the old one.

    Raises:
        InputError: It cannot be written.
    """
    temporary: str | None = None
    try:
        if path.is_dir():
            raise IsADirectoryError(None, "is a folder")
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise InputError(f"cannot be written: {reason}", "Choose another place, or change its rights.", str(path)) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
