"""How much there is in a release, counted by SPARQL in the files themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.claims import STATUSES
from calcinosis_kg.namespaces import GRAPH, VOCABULARY, expand, prefixes

if TYPE_CHECKING:
    from calcinosis_kg.releases.artefacts import Artefact

RDF = {
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "rdf": ox.RdfFormat.RDF_XML,
}
"""Short name of each RDF format that counts are taken from."""

_STATISTICS = {
    "triples": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }",
    "entities": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ?type }",
    "subjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    "objects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o FILTER(!isLiteral(?o)) }",
    "literals": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o FILTER(isLiteral(?o)) }",
    "classes": "SELECT (COUNT(DISTINCT ?type) AS ?n) { ?s a ?type }",
}
"""What VoID and the HCLS profile ask for, each as a query over all graphs together."""

_CLAIM = "VALUES ?kind { ckgv:Claim ckgv:LiteratureClaim } ?claim a ?kind"
_ENDS = "rdf:subject|rdf:object|biolink:population_context_qualifier|ckgv:severityContext"
_CONTENTS = {
    "claims": f"SELECT (COUNT(DISTINCT ?claim) AS ?n) {{ {_CLAIM} }}",
    "negated": f"SELECT (COUNT(DISTINCT ?claim) AS ?n) {{ {_CLAIM} ; biolink:negated true }}",
    "hedged": f"SELECT (COUNT(DISTINCT ?claim) AS ?n) {{ {_CLAIM} ; ckgv:modality ckgv:hedged }}",
    "literature": "SELECT (COUNT(DISTINCT ?claim) AS ?n) { ?claim a ckgv:LiteratureClaim }",
    "entities": f"SELECT (COUNT(DISTINCT ?entity) AS ?n) {{ {_CLAIM} ; {_ENDS} ?entity }}",
    "evidence": "SELECT (COUNT(DISTINCT ?line) AS ?n) { ?line a ckgv:EvidenceLine }",
    "mappings": "SELECT (COUNT(DISTINCT ?row) AS ?n) { ?row a sssom:Mapping }",
}
"""What the model counts."""


def statistics(artefact: Artefact) -> dict[str, int]:
    """Return the figures of an RDF file, all its graphs together."""
    return _asked(_store(artefact), _STATISTICS)


def contents(artefact: Artefact) -> dict[str, int]:
    """Return how many claims, entities and so on an RDF file has; of claims also by status, as `status:refuted`."""
    by_status = {
        f"status:{status}": f"SELECT (COUNT(DISTINCT ?claim) AS ?n) {{ {_CLAIM} ; ckgv:claimStatus ckgv:{status} }}"
        for status in STATUSES
    }
    return _asked(_store(artefact), {**_CONTENTS, **by_status})


def of_graphs(artefact: Artefact) -> dict[str, int]:
    """Return the number of triples in each named graph of ours, by its IRI."""
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    rows = _store(artefact).query(query)
    found = {row["g"].value: int(row["n"].value) for row in rows}  # type: ignore[union-attr] # a SELECT gives rows
    return {name: found[name] for name in sorted(found) if name.startswith(GRAPH)}


def values(artefact: Artefact, predicate: str) -> list[str]:
    """Return the values of a property in an RDF file, sorted, each once.

    Args:
        artefact: The file.
        predicate: CURIE of the property.
    """
    query = f"SELECT DISTINCT ?value {{ ?s <{expand(predicate)}> ?value }}"
    rows = _store(artefact).query(query, use_default_graph_as_union=True)
    return sorted(row["value"].value for row in rows)  # type: ignore[union-attr] # as above


def terms(artefact: Artefact) -> int:
    """Return the number of terms of ours that an RDF file labels: domain classes and words of the vocabulary."""
    own = (expand("CKG:"), VOCABULARY)
    tests = " || ".join(f'STRSTARTS(STR(?term), "{start}")' for start in own)
    query = f"SELECT (COUNT(DISTINCT ?term) AS ?n) {{ ?term rdfs:label ?label FILTER(isIRI(?term) && ({tests})) }}"
    return _asked(_store(artefact), {"n": query})["n"]


def _asked(store: ox.Store, queries: dict[str, str]) -> dict[str, int]:
    known, found = dict(prefixes()), {}
    for name, query in queries.items():
        rows = store.query(query, use_default_graph_as_union=True, prefixes=known)
        found[name] = next(int(row["n"].value) for row in rows)  # type: ignore[union-attr] # as above
    return found


_STORES: dict[str, ox.Store] = {}


def _store(artefact: Artefact) -> ox.Store:
    """Return a file as a store; the last one is kept, since it is asked several times in a row."""
    found = _STORES.get(artefact.sha256)
    if found is None:
        found = ox.Store()
        found.bulk_load(artefact.content, format=RDF[artefact.format])
        _STORES.clear()
        _STORES[artefact.sha256] = found
    return found
