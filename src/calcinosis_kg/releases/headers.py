"""The version of a release in the headers of its ontologies: given by whoever makes it, never taken from a clock.

| in the header of each ontology of ours | value |
|---|---|
| `owl:versionIRI` | where this version of the file will be: `releases/VERSION/NAME` |
| `owl:versionInfo`, `dcterms:issued` | the version, a date |
| `owl:priorVersion` | the version before, if there is one |
| `dcterms:publisher` | its creator |
| `dcterms:source` | of the domain classes alone: the source document |
| `dcterms:bibliographicCitation` | how to cite it |
| `bibo:status` | draft: nobody outside the project has reviewed it |

Whatever else a header says is kept. Slices of other ontologies keep the version of those.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.errors import InputError
from calcinosis_kg.namespaces import BASE, expand
from calcinosis_kg.sheets import iri, text

if TYPE_CHECKING:
    from collections.abc import Iterable

RELEASES = BASE + "releases/"
"""The namespace of releases."""

MODULES = ("calcinosis.ttl", "vocabulary.ttl", "bridge.ttl")
"""The files of our ontology, each with a header of its own."""

DRAFT = ox.NamedNode("http://purl.org/ontology/bibo/status/draft")
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_DATE = ox.NamedNode(expand("xsd:date"))
_TYPE, _ONTOLOGY = iri("rdf:type"), iri("owl:Ontology")
_INFO, _CREATOR, _TITLE = iri("owl:versionInfo"), iri("dcterms:creator"), iri("dcterms:title")
_SET = tuple(
    iri(curie)
    for curie in (
        "owl:versionIRI", "owl:versionInfo", "owl:priorVersion", "dcterms:issued", "dcterms:publisher",
        "dcterms:source", "dcterms:bibliographicCitation", "bibo:status",
    )
)  # fmt: skip
_ANNOTATIONS = ("dcterms:issued", "dcterms:publisher", "dcterms:bibliographicCitation", "bibo:status")
"""Those that OWL does not know by itself and no slice declares."""


def check(version: str) -> str:
    """Return a version as given, if it is a date.

    >>> check("2026-11-23")
    '2026-11-23'

    Raises:
        InputError: It is none, or not written YYYY-MM-DD.
    """
    try:
        known = bool(_VERSION.match(version) and dt.date.fromisoformat(version))
    except ValueError:
        known = False
    if not known:
        remedy = "Give the date of the release as YYYY-MM-DD, such as 2026-11-23."
        raise InputError(f"the version '{version}' is not a date", remedy)
    return version


def versions(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """Return the version of each ontology of ours that has a header in the quads, by the name of its file."""
    return {
        quad.subject.value.removeprefix(BASE): quad.object.value
        for quad in quads
        if quad.predicate == _INFO
        and isinstance(quad.object, ox.Literal)
        and isinstance(quad.subject, ox.NamedNode)
        and _is_ours(quad.subject)
    }


def dated(quads: Iterable[ox.Quad], version: str, previous: str = "") -> list[ox.Quad]:
    """Return the quads with the version in each header of ours; the rest is as it was.

    Args:
        quads: A dataset, or a file of the ontology.
        version: The version to give, a date.
        previous: The version before; empty for none.
    """
    given = list(quads)
    heads = [quad for quad in given if quad.predicate == _TYPE and quad.object == _ONTOLOGY and _is_ours(quad.subject)]
    nodes = {quad.subject for quad in heads}
    found = [quad for quad in given if quad.subject not in nodes or quad.predicate not in _SET]
    said = {(quad.subject, quad.predicate): quad.object for quad in given if quad.subject in nodes}
    for head in heads:
        node = head.subject
        if not isinstance(node, ox.NamedNode):
            continue
        name = node.value.removeprefix(BASE)
        creator, title = said.get((node, _CREATOR)), said.get((node, _TITLE))
        facts: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            ("owl:versionIRI", ox.NamedNode(f"{RELEASES}{version}/{name}")),
            ("owl:versionInfo", ox.Literal(version)),
            ("dcterms:issued", ox.Literal(version, datatype=_DATE)),
            ("bibo:status", DRAFT),
        ]
        if name == MODULES[0]:
            facts.append(("dcterms:source", iri("CKG:0000071")))
        if previous:
            facts.append(("owl:priorVersion", ox.NamedNode(f"{RELEASES}{previous}/{name}")))
        if isinstance(creator, ox.Literal) and isinstance(title, ox.Literal):
            whole = f"{creator.value} ({version[:4]}). {title.value}. Version {version}. {RELEASES}{version}/{name}"
            facts += [("dcterms:publisher", creator), ("dcterms:bibliographicCitation", text(whole))]
        found += [ox.Quad(node, iri(key), value, head.graph_name) for key, value in facts]
        found += [ox.Quad(iri(key), _TYPE, iri("owl:AnnotationProperty"), head.graph_name) for key in _ANNOTATIONS]
    return list(dict.fromkeys(found))


def _is_ours(node: object) -> bool:
    return isinstance(node, ox.NamedNode) and node.value.removeprefix(BASE) in MODULES
