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
GRAPH = "https://w3id.org/calcinosis-kg/graph/"


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
    """Exit 1 if what a claim that is refuted or an artefact says is a triple by itself."""
    positive, bad = set(), {}
    for status, known in (("refuted", bad), ("artefact", bad)):
        for claim, _, _, _ in dataset.quads((None, VOCABULARY.claimStatus, VOCABULARY[status], None)):
            values = [next(dataset.quads((claim, end, None, None)), None) for end in ENDS[:2]]
            relation = next(dataset.quads((claim, VOCABULARY.relation, None, None)), None) or next(
                dataset.quads((claim, rdflib.RDF.predicate, None, None))
            )
            known[values[0][2], relation[2], values[1][2]] = claim
    others = ("accepted", "reported", "contested")
    for status in others:
        for claim, _, _, _ in dataset.quads((None, VOCABULARY.claimStatus, VOCABULARY[status], None)):
            relation = next(dataset.quads((claim, VOCABULARY.relation, None, None)), None) or next(
                dataset.quads((claim, rdflib.RDF.predicate, None, None))
            )
            ends = [next(dataset.quads((claim, end, None, None)))[2] for end in ENDS[:2]]
            positive.add((ends[0], relation[2], ends[1]))
    for triple, claim in bad.items():
        if triple not in positive and next(dataset.quads((*triple, None)), None):
            sys.exit(f"{claim} is refuted or an artefact, and stands as a plain triple")


def main(release: Path) -> None:
    """Print a line of counts for each file; exit 1 if something does not hold."""
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
        print(json.dumps({"reader": "rdflib", "file": f"data/{path.name}", **found}))
    for path in sorted(release.glob("ontology/**/*.ttl")) + sorted(release.glob("metadata/*.ttl")):
        triples = len(rdflib.Graph().parse(path))
        print(json.dumps({"reader": "rdflib", "file": path.relative_to(release).as_posix(), "triples": triples}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
