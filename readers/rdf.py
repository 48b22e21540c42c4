"""Reads the RDF of a release with rdflib, and counts claims in it.

Environment: rdf. Usage: rdf.py RELEASE_DIR
"""

import json
import sys
from pathlib import Path

import rdflib

FORMATS = {"ttl": "turtle", "trig": "trig", "jsonld": "json-ld", "nt": "nt", "nq": "nquads", "rdf": "xml"}
VOCABULARY = rdflib.Namespace("https://w3id.org/calcinosis-kg/vocabulary/")
BIOLINK = rdflib.Namespace("https://w3id.org/biolink/vocab/")
ENDS = (rdflib.RDF.subject, rdflib.RDF.object, BIOLINK.population_context_qualifier, VOCABULARY.severityContext)
SAID = (rdflib.RDF.subject, VOCABULARY.relation, rdflib.RDF.predicate, rdflib.RDF.object, BIOLINK.negated)
ORDINARY = {VOCABULARY[status] for status in ("accepted", "reported", "contested")}


def counts(dataset: rdflib.Dataset) -> dict[str, object]:
    """Return how many claims, denied claims and entities there are, and claims by status."""
    said: dict[rdflib.term.Node, dict[rdflib.term.Node, set[rdflib.term.Node]]] = {}
    claims = set()
    for subject, predicate, value, _ in dataset.quads():
        said.setdefault(subject, {}).setdefault(predicate, set()).add(value)
        if predicate == rdflib.RDF.type and value in (VOCABULARY.Claim, VOCABULARY.LiteratureClaim):
            claims.add(subject)
    statuses = [str(status).rpartition("/")[2] for claim in claims for status in said[claim][VOCABULARY.claimStatus]]
    return {
        "triples": len({quad[:3] for quad in dataset.quads()}),
        "claims": len(claims),
        "negated": sum(any(value.toPython() is True for value in said[claim][BIOLINK.negated]) for claim in claims),
        "entities": len({value for claim in claims for end in ENDS for value in said[claim].get(end, ())}),
        "by_status": {status: statuses.count(status) for status in sorted(set(statuses))},
    }


def plain(dataset: rdflib.Dataset) -> None:
    """Exit 1 if what only refuted, artefact or negated claims say is a triple by itself."""
    positive, others = set(), {}
    for claim, _, status, _ in dataset.quads((None, VOCABULARY.claimStatus, None, None)):
        values = [next((quad[2] for quad in dataset.quads((claim, key, None, None))), None) for key in SAID]
        triple = (values[0], values[1] or values[2], values[3])
        if status in ORDINARY and values[4].toPython() is False:
            positive.add(triple)
        else:
            others[triple] = claim
    for triple, claim in others.items():
        if triple not in positive and next(dataset.quads((*triple, None)), None):
            sys.exit(f"{claim} is refuted, an artefact or negated, and stands as a plain triple")


def main(release: Path) -> None:
    """Print a line of counts for each file; exit 1 if something does not hold."""
    void = rdflib.Graph().parse(release / "metadata" / "void.ttl")
    for suffix, form in FORMATS.items():
        path = release / "data" / f"calcinosis-kg.{suffix}"
        dataset = rdflib.Dataset()
        if form in ("turtle", "nt", "xml"):
            dataset.default_graph.parse(path, format=form)
        else:
            dataset.parse(path, format=form)
        plain(dataset)
        found = counts(dataset)
        if not found["claims"]:
            sys.exit(f"{path}: has no claim")
        for node in void.subjects(rdflib.VOID.triples):
            if str(node).endswith(f"/data/{path.name}#file"):
                described = void.value(node, rdflib.VOID.triples)
                if described.toPython() != found["triples"]:
                    sys.exit(f"{path}: has {found['triples']} triples, metadata/void.ttl says {described}")
        print(json.dumps({"reader": "rdflib", "file": f"data/{path.name}", **found}))
    files = sorted(release.glob("ontology/**/*.ttl")) + sorted(release.glob("metadata/*.ttl"))
    triples = sum(len(rdflib.Graph().parse(path)) for path in files)
    print(json.dumps({"reader": "rdflib", "file": "ontology/, metadata/", "files": len(files), "triples": triples}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
