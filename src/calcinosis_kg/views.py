"""Which part of a dataset a query or an export sees.

A view is named by what it trusts. `accepted`, the default, holds the terms, the accepted plain triples and
the accepted claims with their evidence: whoever asks without thinking is handed nothing that is reported,
contested, refuted or an artefact, neither as a triple nor as a claim. `claims` holds every claim and no plain
triple; `all` holds everything, with each plain triple in the named graph of its status.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import pyoxigraph as ox

from calcinosis_kg.claims import SHORTCUT_STATUSES, STATUSES
from calcinosis_kg.errors import QueryError
from calcinosis_kg.namespaces import GRAPH, SOURCE, expand

Node = ox.NamedNode | ox.BlankNode | ox.Triple

_TERMS = ("tbox", "bridge", "imports", "mappings", "provenance")
_SINGLE = (*_TERMS, "evidence")

VIEWS = {
    "accepted": "terms, accepted plain triples, accepted claims and their evidence (the default)",
    "reported": "terms, reported plain triples, reported claims and their evidence",
    "contested": "terms, contested plain triples, contested claims and their evidence",
    "refuted": "terms, refuted claims and their evidence; no plain triples",
    "artefact": "terms, artefact claims and their evidence; no plain triples",
    "claims": "terms, all claims of the document and their evidence; no plain triples",
    "literature": "terms, what publications claim beyond the document, and the evidence for it; no plain triples",
    "all": "everything, each plain triple in the named graph of its status",
    "tbox": "our classes and vocabulary alone",
    "bridge": "our axioms on classes of other ontologies alone",
    "imports": "the slices of other ontologies alone",
    "mappings": "the mappings alone",
    "evidence": "the lines of evidence alone",
    "provenance": "the document's record alone",
}
"""Name of each view, and what it holds."""

_STANDING = ox.NamedNode(expand("ckgv:standing"))
_STATUS = ox.NamedNode(expand("ckgv:claimStatus"))
_TYPE = ox.NamedNode(expand("rdf:type"))
_CLAIM = ox.NamedNode(expand("ckgv:Claim"))
_INDIVIDUAL = ox.NamedNode(expand("owl:NamedIndividual"))
_OWL_AND_RDF_SCHEMA = (expand("owl:"), expand("rdfs:"), expand("rdf:first"), expand("rdf:rest"))
_ARTEFACT = ox.NamedNode(expand("ckgv:ArtefactEntity"))
_CITES = ox.NamedNode(expand("cito:citesAsEvidence"))
_MAPPING_NODES = {ox.NamedNode(expand(name)) for name in ("sssom:Mapping", "sssom:MappingSet", "owl:Ontology")}
_MAPS = {
    ox.NamedNode(expand(name))
    for name in (
        "oboInOwl:hasDbXref", "skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch",
        "skos:relatedMatch",
    )
}  # fmt: skip
"""The properties by which a term is mapped to another."""
_PARTS = {
    ox.NamedNode(expand(curie))
    for curie in (
        "biolink:has_evidence", "ckgv:hedge", "ckgv:proposition", "oa:hasTarget", "oa:hasSelector", "spdx:checksum",
    )
}  # fmt: skip
"""The properties that lead from a claim to what is only there for its sake."""
_EVIDENCE = ox.NamedNode(GRAPH + "evidence")
_FILTERED = {ox.DefaultGraph(), ox.NamedNode(GRAPH + "claims"), _EVIDENCE}


def check(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of views as given, if each is one.

    >>> check(["accepted", "reported"])
    ('accepted', 'reported')

    Raises:
        QueryError: A name is no view.
    """
    found = tuple(names)
    for name in found:
        if name not in VIEWS:
            raise QueryError(f"unknown graph '{name}'", f"Use one of: {', '.join(VIEWS)}.")
    return found


def plain_statuses(names: Iterable[str]) -> set[str]:
    """Return the statuses whose plain triples are in the views.

    >>> sorted(plain_statuses(["all"])), plain_statuses(["claims"])
    (['accepted', 'contested', 'reported'], set())
    """
    return {status for name in names for status in SHORTCUT_STATUSES if name in (status, "all")}


def select(quads: Iterable[ox.Quad], names: Iterable[str]) -> list[ox.Quad]:
    """Return the quads of the views together, in the order given.

    Quads of the default graph (a plain graph has no other) belong to every view, unless they are about a claim
    that does not. So do, in `accepted` alone, the graphs of a merge's sources, but for statements that have a
    standing, such as refuted. Named graphs of anybody else are seen by `all` alone.

    Raises:
        QueryError: A name is no view.
    """
    views = check(names)
    given = list(quads)
    if "all" in views:
        return given
    statuses: set[str] = set(STATUSES) if "claims" in views else {name for name in views if name in STATUSES}
    graphs = {name for name in views if name in _SINGLE} | plain_statuses(views)
    if statuses:
        graphs |= {*_TERMS, "claims", "evidence"}
    if "literature" in views:
        graphs |= {*_TERMS, "literature"}
    wanted: set[object] = {ox.DefaultGraph(), *(ox.NamedNode(GRAPH + name) for name in graphs)}
    if "accepted" in views:
        wanted |= {quad.graph_name for quad in given if _of_source(quad)}
    keep = _keeper(given, statuses) if statuses and statuses != set(STATUSES) else lambda _: True
    return [quad for quad in given if quad.graph_name in wanted and keep(quad)]


def ontology(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return what of a dataset is for a reasoner: classes and properties, never claims nor their plain triples.

    Of our dataset that is a matter of named graphs. A file without them, such as an export to Turtle, has it all in
    the default graph; if claims stand there, only what OWL and RDF Schema say is kept, with whatever is said of
    declared individuals. A default graph without claims, as of a user's own ontology, is kept as it is.
    """
    selected = select(quads, ("tbox", "bridge", "imports"))
    free = [quad for quad in selected if quad.graph_name == ox.DefaultGraph()]
    if not any(quad.predicate == _TYPE and quad.object == _CLAIM for quad in free):
        return selected
    declared = {quad.subject for quad in free if quad.predicate == _TYPE and quad.object == _INDIVIDUAL}

    def of_owl(quad: ox.Quad) -> bool:
        said = quad.object if quad.predicate == _TYPE else quad.predicate
        return isinstance(said, ox.NamedNode) and said.value.startswith(_OWL_AND_RDF_SCHEMA)

    return [
        quad for quad in selected if quad.graph_name != ox.DefaultGraph() or quad.subject in declared or of_owl(quad)
    ]


def terms(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return what `ontology` returns, and the plain mappings: what terms are, and what they are called elsewhere."""
    given = list(quads)
    found = ontology(given)
    mapped = [quad for quad in select(given, ("mappings",)) if quad.predicate in _MAPS]
    return list(dict.fromkeys((*found, *mapped)))


def mappings(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the nodes of mapping rows and sets, and of ontologies, whose version is that of our set."""
    selected = select(quads, ("accepted",))
    nodes = {quad.subject for quad in selected if quad.predicate == _TYPE and quad.object in _MAPPING_NODES}
    return [quad for quad in selected if quad.subject in nodes]


def _of_source(quad: ox.Quad) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(SOURCE)


def _keeper(quads: list[ox.Quad], statuses: set[str]) -> Callable[[ox.Quad], bool]:
    """Return the test that keeps a quad unless it is about a claim of another status, or a part of such a claim.

    Whatever a kept claim shares with one that goes (a proposition, a span, a reference) is kept.
    """
    kept_values = {ox.NamedNode(expand(f"ckgv:{status}")) for status in statuses}
    others: set[Node] = set()
    artefacts: set[Node] = set()
    parts: dict[Node, list[Node]] = defaultdict(list)
    cited: dict[Node, list[Node]] = defaultdict(list)
    for quad in quads:
        if quad.graph_name not in _FILTERED and not _of_source(quad):
            continue
        if (quad.predicate == _STATUS and quad.object not in kept_values) or quad.predicate == _STANDING:
            others.add(quad.subject)
        elif quad.object == _ARTEFACT and quad.predicate == _TYPE and "artefact" not in statuses:
            artefacts.add(quad.subject)
        elif not isinstance(quad.object, ox.Literal) and quad.predicate in _PARTS:
            parts[quad.subject].append(quad.object)
        elif not isinstance(quad.object, ox.Literal) and quad.predicate == _CITES:
            cited[quad.subject].append(quad.object)
    gone = _reached(others, parts)
    gone -= _reached(parts.keys() - gone, parts)
    references = {node for part in gone for node in cited[part]}
    references -= {node for part, nodes in cited.items() if part not in gone for node in nodes}

    def keep(quad: ox.Quad) -> bool:
        if quad.graph_name not in _FILTERED and not _of_source(quad):
            return True
        if quad.subject in gone or quad.subject in artefacts:
            return False
        return quad.graph_name != _EVIDENCE or quad.subject not in references

    return keep


def _reached(starts: Iterable[Node], parts: Mapping[Node, list[Node]]) -> set[Node]:
    """Return nodes with their parts, and the parts of those."""
    found: set[Node] = set()
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += parts.get(node, ())
    return found
