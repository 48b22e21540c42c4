"""Reads files of nanopublications, and tells which are valid: form, trusty URI, signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.parsers import expat

import pyoxigraph as ox

from calcinosis_kg import oxigraph
from calcinosis_kg.errors import InputError
from calcinosis_kg.interchange import nanopub_keys, trusty
from calcinosis_kg.interchange.nanopub_graphs import split
from calcinosis_kg.interchange.nanopub_rules import faults, notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ENDINGS = (".trig", ".nq", ".jsonld", ".xml", ".trix")
"""Of the files that are read; the last two are TriX."""

_TRIX = "{http://www.w3.org/2004/03/trix/trix-1/}"
_TRIPLE = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one nanopublication.

    Attributes:
        name: Its IRI; or the file, where that is at fault.
        kind: `signed`, `trusty` or `plain`.
        faults: Why it is not valid; nothing if it is.
        notes: What does not make it invalid, but is to be known.
    """

    name: str
    kind: str
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether it is valid."""
        return not self.faults


def check(path: Path) -> Iterator[Verdict]:
    """Yield a verdict on each nanopublication of a file, then one on the file if it holds anything else or nothing.

    Raises:
        InputError: The file cannot be read.
        MissingExtraError: There is a signature, and cryptography is not installed.
    """
    found, free = split(quads(path))
    for nanopub in found:
        signed, code = nanopub_keys.is_signed(nanopub), trusty.code_in(nanopub.iri)
        problems = faults(nanopub) or nanopub_keys.faults(nanopub)
        kind = "signed" if signed else "trusty" if code else "plain"
        yield Verdict(nanopub.iri, kind, tuple(problems), tuple(notes(nanopub)))
    loose = [f"the graph {name} belongs to no nanopublication in it" for name in free]
    if loose or not found:
        yield Verdict(str(path), "file", tuple(loose if found else ["there is no nanopublication in it"]))


def quads(path: Path) -> list[ox.Quad]:
    """Read a file of nanopublications; nothing is fetched.

    Raises:
        InputError: It is missing, of another ending, or badly written.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InputError(f"unknown ending '{path.suffix}'", f"Use one of {', '.join(ENDINGS)}.", str(path))
    return list(_trix(path)) if ending in ENDINGS[-2:] else oxigraph.parse(path)


def _trix(path: Path) -> Iterator[ox.Quad]:
    """Yield the quads of a TriX file.

    rdflib reads TriX too, but writes numbers its own way, so that no trusty URI with one would fit.
    """
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise InputError("has a document type", "Take it out: entities are not expanded.", str(path))

    parser.StartDoctypeDeclHandler = refuse
    content = oxigraph.content(path)
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat takes it by place alone
        root = ET.fromstring(content)  # noqa: S314 - it has no document type, so nothing to expand
        for graph in root.iter(_TRIX + "graph"):
            yield from _graph(list(graph))
    except (expat.ExpatError, ValueError) as error:
        raise InputError(f"is no TriX: {error}", "Mend the file.", str(path)) from error


def _graph(parts: Iterable[ET.Element]) -> Iterator[ox.Quad]:
    name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph = ox.DefaultGraph()
    for part in parts:
        if part.tag == _TRIX + "triple":
            terms = [_term(child) for child in part]
            if len(terms) != _TRIPLE or not isinstance(terms[1], ox.NamedNode) or isinstance(terms[0], ox.Literal):
                raise ValueError("a triple is none")
            yield ox.Quad(terms[0], terms[1], terms[2], name)
        else:
            found = _term(part)
            if isinstance(found, ox.Literal):
                raise ValueError("a graph is named by a literal")
            name = found


def _term(part: ET.Element) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    text, kind = part.text or "", part.tag.removeprefix(_TRIX)
    if kind == "uri":
        return ox.NamedNode(text.strip())
    if kind == "id":
        return ox.BlankNode(text.strip())
    if kind == "typedLiteral":
        return ox.Literal(text, datatype=ox.NamedNode(part.attrib.get("datatype", "")))
    if kind == "plainLiteral":
        language = part.attrib.get("{http://www.w3.org/XML/1998/namespace}lang")
        return ox.Literal(text, language=language) if language else ox.Literal(text)
    raise ValueError(f"it has an element <{kind}>")
