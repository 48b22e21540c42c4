"""Reads the Turtle of RDF 1.2 of a release with Oxigraph, and counts claims and annotations in it by SPARQL 1.2.

Environment: rdf12. Usage: rdf12.py RELEASE_DIR
"""

import json
import sys
from pathlib import Path

import pyoxigraph as ox

PREFIXES = """
PREFIX biolink: <https://w3id.org/biolink/vocab/>
PREFIX ckgv: <https://w3id.org/calcinosis-kg/vocabulary/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
COUNTS = {
    "claims": "SELECT (COUNT(DISTINCT ?claim) AS ?n) { ?claim a ckgv:Claim }",
    "negated": "SELECT (COUNT(DISTINCT ?claim) AS ?n) { ?claim a ckgv:Claim ; biolink:negated true }",
    "hedged": "SELECT (COUNT(DISTINCT ?claim) AS ?n) { ?claim a ckgv:Claim ; ckgv:modality ckgv:hedged }",
    "entities": """SELECT (COUNT(DISTINCT ?entity) AS ?n) { ?claim a ckgv:Claim ;
        rdf:subject|rdf:object|biolink:population_context_qualifier|ckgv:severityContext ?entity }""",
    "annotated": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o ~ ?claim }",
    "bad": """SELECT (COUNT(*) AS ?n) { ?claim rdf:reifies ?term
        FILTER NOT EXISTS { ?s ?p ?o ~ ?claim {| ckgv:claimStatus ckgv:accepted ; biolink:negated false |}
          FILTER(TRIPLE(?s, ?p, ?o) = ?term) } }""",
}


def main(release: Path) -> None:
    """Print a line of counts; exit 1 if a claim that is not accepted, or denies, reifies a triple."""
    path = release / "data" / "calcinosis-kg.rdf12.ttl"
    store = ox.Store()
    store.load(path=path, format=ox.RdfFormat.TURTLE)
    found = {name: int(next(store.query(PREFIXES + query))["n"].value) for name, query in COUNTS.items()}
    if found.pop("bad") or not found["annotated"]:
        sys.exit(f"{path}: a triple term is of no accepted positive claim, or there is none")
    print(json.dumps({"reader": "Oxigraph, SPARQL 1.2", "file": f"data/{path.name}", **found}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
