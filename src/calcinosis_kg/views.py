"""Which part of a dataset a query or an export sees.

A view is named by what it trusts. `accepted`, the default, holds the terms, the accepted plain triples and
the accepted claims with their evidence: whoever asks without thinking is handed nothing that is reported,
contested, refuted or an artefact, neither as a triple nor as a claim. `claims` holds every claim and no plain
triple; `all` holds everything, with each plain triple in the named graph of its status.
"""

from collections.abc import Callable, Iterable

import pyoxigraph as ox

from calcinosis_kg.claims import SHORTCUT_STATUSES, STATUSES
from calcinosis_kg.errors import QueryError
from calcinosis_kg.namespaces import CLAIM, GRAPH, expand

_TERMS = ("tbox", "bridge", "imports", "mappings", "provenance")
_SINGLE = (*_TERMS, "evidence")

VIEWS = {
    "accepted": "terms, accepted plain triples, accepted claims and their evidence (the default)",
    "reported": "terms, reported plain triples, reported claims and their evidence",
    "contested": "terms, contested plain triples, contested claims and their evidence",
    "refuted": "terms, refuted claims and their evidence; no plain triples",
    "artefact": "terms, artefact claims and their evidence; no plain triples",
    "claims": "terms, all claims and their evidence; no plain triples",
    "all": "everything, each plain triple in the named graph of its status",
    "tbox": "our classes and vocabulary alone",
    "bridge": "our axioms on classes of other ontologies alone",
    "imports": "the slices of other ontologies alone",
    "mappings": "the mappings alone",
    "evidence": "the lines of evidence alone",
    "provenance": "the document's record alone",
}
"""Name of each view, and what it holds."""

_STATUS = ox.NamedNode(expand("ckgv:claimStatus"))
_PROPOSITION = ox.NamedNode(expand("ckgv:proposition"))
_ARTEFACT = ox.NamedNode(expand("ckgv:ArtefactEntity"))
_CLAIM_GRAPHS = {ox.NamedNode(GRAPH + "claims"), ox.NamedNode(GRAPH + "evidence")}


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

    Quads of the default graph (a plain graph has no other) belong to every view. Named graphs that are not
    ours are seen by `all` alone.

    Raises:
        QueryError: A name is no view.
    """
    views = check(names)
    given = list(quads)
    if "all" in views:
        return given
    statuses = {name for name in views if name in STATUSES} | (set(STATUSES) if "claims" in views else set())
    graphs = {name for name in views if name in _SINGLE} | plain_statuses(views)
    if statuses:
        graphs |= {*_TERMS, "claims", "evidence"}
    wanted = {ox.NamedNode(GRAPH + name) for name in graphs}
    keep = _keeper(given, statuses) if statuses and statuses != set(STATUSES) else lambda _: True
    default = ox.DefaultGraph()
    return [quad for quad in given if quad.graph_name == default or (quad.graph_name in wanted and keep(quad))]


def _keeper(quads: list[ox.Quad], statuses: set[str]) -> Callable[[ox.Quad], bool]:
    """Return the test that keeps a quad about a claim of these statuses, or about no claim."""
    kept_values = {ox.NamedNode(expand(f"ckgv:{status}")) for status in statuses}
    claims, others = set(), set()
    for quad in quads:
        if quad.predicate == _STATUS:
            (claims if quad.object in kept_values else others).add(quad.subject.value)
    said = {q.object for q in quads if q.predicate == _PROPOSITION and q.subject.value in claims}
    unsaid = {q.object for q in quads if q.predicate == _PROPOSITION} - said
    artefacts = set() if "artefact" in statuses else {q.subject for q in quads if q.object == _ARTEFACT}

    def keep(quad: ox.Quad) -> bool:
        if quad.graph_name not in _CLAIM_GRAPHS:
            return True
        subject = quad.subject
        if subject in unsaid or subject in artefacts:
            return False
        name = subject.value
        if not name.startswith(CLAIM):
            return True
        return "-".join(name.split("-")[:3]) not in others

    return keep
