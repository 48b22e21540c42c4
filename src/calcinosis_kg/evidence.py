"""Says evidence in RDF: lines of evidence, and the publications that they cite."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from calcinosis_kg.claims import Evidence, Publication
from calcinosis_kg.publications import citation
from calcinosis_kg.sheets import Sheet, iri, text, value, whole


def evidence_quads(node: str, line: Evidence, graph: str = "graph:evidence") -> Iterator[ox.Quad]:
    """Yield one line of evidence.

    ECO:0000034 is an author statement without traceable support, ECO:0000033 one with (ECO 2024-07-19).
    """
    sheet = Sheet(graph)
    untraced = line.basis == "page" and not any(reference.startswith("CKG-") for reference in line.references)
    yield from sheet.write(
        node,
        ("rdf:type", iri("ckgv:EvidenceLine")),
        ("rdf:type", iri("ECO:0000034" if untraced else "ECO:0000033")),
        ("ckgv:direction", value(line.direction)),
        ("ckgv:directness", value(line.directness)),
        ("ckgv:basis", value(line.basis)),
        ("ckgv:summary", text(line.summary)),
    )
    if line.level is not None:
        yield from sheet.write(node, ("ckgv:level", whole(line.level)))
    for reference in line.references:
        yield from sheet.write(node, ("cito:citesAsEvidence", iri(reference)))
        if not reference.startswith(("CKG-", "CKG:", "http")):
            yield from sheet.write(iri(reference), ("dcterms:identifier", ox.Literal(reference)))


def publication_quads(publications: Iterable[Publication]) -> Iterator[ox.Quad]:
    """Yield each publication: what names it, its design, and its level.

    The level is that of the Oxford Centre for Evidence-Based Medicine, 1 (strongest) to 5.
    """
    sheet = Sheet("graph:provenance")
    for publication in sorted({entry.id: entry for entry in publications}.values(), key=lambda entry: entry.id):
        yield from sheet.write(
            iri(publication.id),
            ("rdf:type", iri("ckgv:Publication")),
            ("dcterms:identifier", ox.Literal(publication.id)),
            ("dcterms:bibliographicCitation", ox.Literal(citation(publication))),
            ("ckgv:studyDesign", text(publication.design)),
            ("ckgv:level", whole(publication.level)),
        )
        for other in publication.also:
            yield from sheet.write(iri(publication.id), ("oboInOwl:hasDbXref", ox.Literal(other)))
        if publication.participants:
            yield from sheet.write(iri(publication.id), ("ckgv:participants", text(publication.participants)))
