"""What a release is, in VoID and DCAT, on the three levels of the HCLS profile.

| level | node |
|---|---|
| summary: the dataset, whatever its version | `https://w3id.org/calcinosis-kg/` |
| version | `https://w3id.org/calcinosis-kg/releases/VERSION/` |
| distribution: one file of it | its address, and `#file` |

Figures are counted by SPARQL in the files (`counts`). What only the outside world can give, such as a DOI or a
person to write to, is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import oxigraph, turtle
from calcinosis_kg.namespaces import BASE, expand, prefixes
from calcinosis_kg.releases import counts
from calcinosis_kg.releases.artefacts import CC_BY
from calcinosis_kg.releases.headers import RELEASES
from calcinosis_kg.sheets import iri, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from calcinosis_kg.releases.artefacts import Artefact
    from calcinosis_kg.sheets import Value

TITLE = "calcinosis-kg"
ABOUT = (
    "The claims of one published page on calcinosis (DOID:182) as linked data: what is claimed, where it stands, "
    "how it is hedged, what speaks for and against it, and so what it is worth."
)
KEYWORDS = ("calcinosis", "claims", "evidence", "knowledge graph", "linked data", "biomedical ontology")
CREATORS = "The calcinosis-kg founders"

_IANA = "https://www.iana.org/assignments/media-types/"
_FEATURES = {"ttl": "Turtle", "trig": "TriG", "jsonld": "JSON-LD", "nt": "N-Triples", "nq": "N-Quads", "rdf": "RDF_XML"}
_FORMATS = "http://www.w3.org/ns/formats/"
_VOID = {
    "triples": "void:triples",
    "entities": "void:entities",
    "subjects": "void:distinctSubjects",
    "objects": "void:distinctObjects",
    "properties": "void:properties",
    "classes": "void:classes",
}
_VOCABULARIES = ("ckgv", "biolink", "oa", "prov", "skos", "sssom", "dcterms", "cito")


@dataclass(frozen=True, slots=True)
class Release:
    """What is said of a release as a whole.

    Attributes:
        version: Its date.
        previous: The version before; empty for none.
        site: Where its files are served, without a slash at the end; empty if that is not known.
    """

    version: str
    previous: str = ""
    site: str = ""

    @property
    def address(self) -> str:
        """The IRI of this version; addresses of files start with it."""
        return f"{RELEASES}{self.version}/"


def void(release: Release, artefacts: Sequence[Artefact]) -> bytes:
    """Return the VoID description of a release, in Turtle."""
    return _turtle(void_quads(release, artefacts))


def dcat(release: Release, artefacts: Sequence[Artefact]) -> bytes:
    """Return the DCAT description of a release, in Turtle."""
    return _turtle(dcat_quads(release, artefacts))


def void_quads(release: Release, artefacts: Sequence[Artefact]) -> Iterator[ox.Quad]:
    """Yield what VoID says: figures of the dataset, of each named graph and of each RDF file."""
    node, files = release.address, [artefact for artefact in artefacts if artefact.format in counts.RDF]
    yield from _facts(
        node,
        ("rdf:type", iri("void:Dataset")),
        ("dcterms:title", text(f"{TITLE} {release.version}")),
        ("dcterms:license", iri(CC_BY)),
        ("void:uriSpace", ox.Literal(BASE)),
        ("void:exampleResource", iri("CKG-C258")),
        ("void:rootResource", iri("DOID:182")),
        *(("void:vocabulary", iri(prefixes()[prefix])) for prefix in _VOCABULARIES),
        *(("void:dataDump", iri(release.address + artefact.path)) for artefact in files),
        *(("void:feature", iri(_FORMATS + _FEATURES[artefact.format])) for artefact in files),
    )
    whole_dataset = next(artefact for artefact in files if artefact.format == "trig")
    yield from _figures(node, counts.statistics(whole_dataset))
    for graph, triples in counts.of_graphs(whole_dataset).items():
        yield from _facts(node, ("void:subset", iri(graph)))
        yield from _facts(graph, ("rdf:type", iri("void:Dataset")), ("void:triples", whole(triples)))
    for artefact in files:
        place = _distribution(release, artefact)
        yield from _facts(place, ("rdf:type", iri("void:Dataset")))
        yield from _figures(place, counts.statistics(artefact))


def dcat_quads(release: Release, artefacts: Iterable[Artefact]) -> Iterator[ox.Quad]:
    """Yield what DCAT says: the dataset, this version of it, and every file."""
    agent, node = BASE + "founders", release.address
    yield from _facts(agent, ("rdf:type", iri("foaf:Agent")), ("foaf:name", ox.Literal(CREATORS)))
    date = ox.Literal(release.version, datatype=iri("xsd:date"))
    common: list[tuple[str, Value]] = [
        ("rdf:type", iri("dcat:Dataset")),
        ("dcterms:description", text(ABOUT)),
        ("dcterms:license", iri(CC_BY)),
        ("dcterms:publisher", iri(agent)),
        ("dcterms:creator", iri(agent)),
        ("dcterms:language", iri("http://id.loc.gov/vocabulary/iso639-1/en")),
        ("dcat:theme", iri("DOID:182")),
        *(("dcat:keyword", text(word)) for word in KEYWORDS),
    ]
    yield from _facts(BASE, *common, ("dcterms:title", text(TITLE)), ("dcterms:hasVersion", iri(node)))
    yield from _facts(
        node,
        *common,
        ("dcterms:title", text(f"{TITLE} {release.version}")),
        ("dcterms:isVersionOf", iri(BASE)),
        ("dcterms:identifier", ox.Literal(node)),
        ("dcterms:issued", date),
        ("dcterms:source", iri("CKG:0000071")),
        ("owl:versionInfo", ox.Literal(release.version)),
        ("pav:version", ox.Literal(release.version)),
    )
    if release.previous:
        earlier = iri(f"{RELEASES}{release.previous}/")
        yield from _facts(node, ("dcterms:replaces", earlier), ("pav:previousVersion", earlier))
    if release.site:
        yield from _facts(BASE, ("dcat:landingPage", iri(release.site + "/")))
    for artefact in artefacts:
        place = _distribution(release, artefact)
        yield from _facts(node, ("dcat:distribution", iri(place)))
        yield from _facts(
            place,
            ("rdf:type", iri("dcat:Distribution")),
            ("dcterms:title", text(artefact.title)),
            ("dcterms:license", iri(artefact.licence)),
            ("dcterms:issued", date),
            ("dcat:downloadURL", iri(release.address + artefact.path)),
            ("dcat:byteSize", ox.Literal(str(artefact.size), datatype=iri("xsd:nonNegativeInteger"))),
            ("spdx:checksum", iri(place + "-sha256")),
        )
        if artefact.media:
            yield from _facts(place, ("dcat:mediaType", iri(_IANA + artefact.media)))
        else:
            yield from _facts(place, ("dcterms:format", ox.Literal(artefact.path.rpartition(".")[2])))
        yield from _facts(
            place + "-sha256",
            ("rdf:type", iri("spdx:Checksum")),
            ("spdx:algorithm", iri("spdx:checksumAlgorithm_sha256")),
            ("spdx:checksumValue", ox.Literal(artefact.sha256, datatype=iri("xsd:hexBinary"))),
        )


def _distribution(release: Release, artefact: Artefact) -> str:
    return f"{release.address}{artefact.path}#file"


def _figures(node: str, figures: dict[str, int]) -> Iterator[ox.Quad]:
    yield from _facts(node, *((key, whole(figures[name])) for name, key in _VOID.items()))


def _facts(node: str, *facts: tuple[str, Value]) -> Iterator[ox.Quad]:
    for predicate, value in facts:
        yield ox.Quad(ox.NamedNode(node), ox.NamedNode(expand(predicate)), value)


def _turtle(quads: Iterable[ox.Quad]) -> bytes:
    return turtle.write(oxigraph.canonical(quads), named_graphs=False).encode()
