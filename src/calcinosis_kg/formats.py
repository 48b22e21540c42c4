"""Writes a graph to a file: Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD; the same bytes every time."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

import pyoxigraph as ox

from calcinosis_kg import oxigraph, turtle, views
from calcinosis_kg.errors import FormatError, InputError
from calcinosis_kg.namespaces import BASE, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable

    import rdflib

_OBO = "http://purl.obolibrary.org/obo/"
_IMPORTS = ox.NamedNode("http://www.w3.org/2002/07/owl#imports")
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*>\Z")
"""What makes an IRI usable as the name of an XML element."""


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
    graph: rdflib.Graph,
    path: str | Path,
    *,
    view: str | Iterable[str] = "accepted",
    format: str | None = None,  # noqa: A002 - rdflib's own word
) -> None:
    """Write a view of a graph or dataset to a file.

    Args:
        graph: A dataset made by this package, or any rdflib graph.
        path: Where to; its ending names the format.
        view: Name of a view, or names of several (`views.VIEWS`).
        format: Short name of a format, where the ending does not say it.

    Raises:
        FormatError: Unknown format, one that would lose the status of plain triples, or one that cannot say
            what the graph says.
        InputError: The file cannot be written; what stood there before is untouched.
        QueryError: Unknown view.
    """
    names = (view,) if isinstance(view, str) else tuple(view)
    target = Path(path)
    save(target, render(oxigraph.to_ox(graph), choose(target, format), names, str(path)))


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
    return _rdfxml(quads)


def _rdfxml(quads: list[ox.Quad]) -> bytes:
    """Return RDF/XML, types first, that an XML parser accepts."""

    def place(quad: ox.Quad) -> tuple[object, ...]:
        named_type = quad.predicate == _TYPE and _XML_NAME.search(str(quad.object))
        return oxigraph.natural(quad.subject), not named_type, str(quad.predicate), oxigraph.natural(quad.object)

    triples = [quad.triple for quad in sorted(quads, key=place)]
    known = {"obo": _OBO, **prefixes()}
    wanted = {prefix: iri for prefix, iri in known.items() if iri.endswith(("#", "/")) or prefix == "obo"}
    try:
        content = ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=wanted) or b""
        content = content.replace(b"\r", b"&#13;")  # else an XML parser makes a line feed of it
        expat.ParserCreate(namespace_separator=" ").Parse(content, True)  # noqa: FBT003 - expat takes it by place alone
    except (OSError, expat.ExpatError) as error:
        problem = f"RDF/XML cannot say this: {str(error).partition(':')[0]}"
        remedy = "Use ttl or nt: XML has no control characters, and its properties must end in a name."
        raise FormatError(problem, remedy) from error
    return content


def save(path: Path, content: bytes) -> None:
    """Write a file whole: beside its place first, then renamed, so that a failure leaves the old one.

    Raises:
        InputError: It cannot be written.
    """
    temporary: str | None = None
    try:
        if path.is_dir():
            raise IsADirectoryError(None, "is a folder")
        if path.exists() and not path.is_file():
            # A device or a pipe: a file put in its place would take it away from everybody.
            path.write_bytes(content)
            return
        target = path.resolve()
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(target)
        temporary = None
    except OSError as error:
        problem = f"cannot be written: {(error.strerror or 'unknown reason').lower()}"
        raise InputError(problem, "Choose another place, or change its rights.", str(path)) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
