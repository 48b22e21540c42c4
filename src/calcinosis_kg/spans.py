"""Says a stretch of the document in RDF: where it is and its digest, never its text."""

from collections.abc import Iterator

import pyoxigraph as ox

from calcinosis_kg.claims import Document, Span
from calcinosis_kg.sheets import Sheet, iri, whole


def span_node(span: Span) -> ox.NamedNode:
    """Return the node of a span: its offsets are its name."""
    return iri(f"span:{span.start}-{span.end}")


def span_quads(span: Span, document: Document, sheet: Sheet) -> Iterator[ox.Quad]:
    """Yield a span as a Web Annotation target; the offset unit is said, as that standard leaves it open."""
    node = span_node(span).value
    selector, checksum = ox.NamedNode(node + "/selector"), ox.NamedNode(node + "/checksum")
    yield from sheet.write(
        span_node(span),
        ("rdf:type", iri("ckgv:DocumentSpan")),
        ("rdf:type", iri("oa:SpecificResource")),
        ("oa:hasSource", iri(document.id)),
        ("oa:hasSelector", selector),
    )
    yield from sheet.write(
        selector,
        ("rdf:type", iri("oa:TextPositionSelector")),
        ("oa:start", whole(span.start)),
        ("oa:end", whole(span.end)),
        ("ckgv:offsetUnit", ox.Literal("unicode-code-point")),
        ("spdx:checksum", checksum),
    )
    yield from checksum_quads(checksum, span.sha256, sheet)


def checksum_quads(node: ox.NamedNode, sha256: str, sheet: Sheet) -> Iterator[ox.Quad]:
    """Yield a SHA-256 in SPDX terms."""
    yield from sheet.write(
        node,
        ("rdf:type", iri("spdx:Checksum")),
        ("spdx:algorithm", iri("spdx:checksumAlgorithm_sha256")),
        ("spdx:checksumValue", ox.Literal(sha256)),
    )
