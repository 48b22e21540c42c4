"""Changes one thing of the shipped dataset at a time and prints how many of the changes the shapes catch.

Each change breaks the model's contract: what it does is told beside its name. `--each` says how many nodes each
change is tried on, evenly spread and in order, so that the score is the same every time.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import shapes, shipped
from calcinosis_kg.namespaces import GRAPH, compress, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Change = tuple[str, list[ox.Quad], list[ox.Quad]]
"""What is changed, the quads that go, and those that come."""


def named(curie: str) -> ox.NamedNode:
    """Return a CURIE as a node."""
    return ox.NamedNode(expand(curie))


def drops(quads: list[ox.Quad], kind: str, predicate: str) -> Iterator[Change]:
    """Yield the loss of each triple with a predicate on nodes of a kind."""
    nodes = {quad.subject for quad in quads if quad.predicate == named("rdf:type") and quad.object == named(kind)}
    for quad in quads:
        if quad.predicate == named(predicate) and quad.subject in nodes:
            yield compress(getattr(quad.subject, "value", "_")), [quad], []


def swaps(
    quads: list[ox.Quad], predicate: str, new: Callable[[ox.Quad], ox.NamedNode | ox.Literal | None]
) -> Iterator[Change]:
    """Yield each triple with a predicate with another object."""
    for quad in quads:
        if quad.predicate == named(predicate):
            value = new(quad)
            if value is not None and value != quad.object:
                changed = ox.Quad(quad.subject, quad.predicate, value, quad.graph_name)
                yield compress(getattr(quad.subject, "value", "_")), [quad], [changed]


def always(value: ox.NamedNode | ox.Literal) -> Callable[[ox.Quad], ox.NamedNode | ox.Literal]:
    """Return what gives the same value for any quad."""
    return lambda _: value


def decimal(text: str) -> ox.Literal:
    """Return a number as xsd:decimal."""
    return ox.Literal(text, datatype=named("xsd:decimal"))


def plain_mapping(quad: ox.Quad) -> bool:
    """Return whether a triple says that one term matches another."""
    name = compress(quad.predicate.value)
    return name == "oboInOwl:hasDbXref" or (name.startswith("skos:") and name.endswith("Match"))


REQUIRED = {
    "ckgv:Claim": (
        "rdfs:label", "dcterms:identifier", "rdf:subject", "rdf:predicate", "rdf:object", "biolink:negated",
        "ckgv:modality", "ckgv:claimKind", "ckgv:claimStatus", "ckgv:verdict", "ckgv:section", "ckgv:proposition",
        "biolink:has_evidence", "prov:wasDerivedFrom", "prov:wasGeneratedBy", "ckgv:hedge", "ckgv:negationCue",
        "ckgv:relation", "biolink:knowledge_level", "biolink:agent_type",
    ),
    "ckgv:EvidenceLine": ("ckgv:direction", "ckgv:directness", "ckgv:basis", "ckgv:summary", "cito:citesAsEvidence"),
    "ckgv:Hedge": ("ckgv:hedgeCue", "ckgv:hedgeType"),
    "oa:TextPositionSelector": ("oa:start", "oa:end", "spdx:checksum", "ckgv:offsetUnit"),
    "spdx:Checksum": ("spdx:checksumValue", "spdx:algorithm"),
    "ckgv:DocumentSpan": ("oa:hasSelector", "oa:hasSource"),
    "ckgv:NonClaimSpan": ("ckgv:spanType", "oa:hasTarget"),
    "sssom:Mapping": ("sssom:subject_id", "sssom:object_id", "sssom:predicate_id", "sssom:mapping_justification"),
    "owl:Ontology": ("dcterms:license", "dcterms:title", "owl:versionInfo"),
    "owl:Restriction": ("owl:onProperty", "owl:someValuesFrom"),
}  # fmt: skip


def changes(quads: list[ox.Quad]) -> dict[str, list[Change]]:
    """Return every kind of change with the places where it can be made."""
    found: dict[str, list[Change]] = {}
    for kind, predicates in REQUIRED.items():
        for predicate in predicates:
            found[f"drop {predicate} of {kind}"] = list(drops(quads, kind, predicate))
    entities = {quad.subject for quad in quads if quad.predicate == named("biolink:category")}
    for predicate in ("rdfs:label", "dcterms:identifier", "biolink:category"):
        found[f"drop {predicate} of an entity"] = [
            (compress(getattr(quad.subject, "value", "_")), [quad], [])
            for quad in quads
            if quad.predicate == named(predicate) and quad.subject in entities
        ]
    statuses = [named(f"ckgv:{name}") for name in ("accepted", "reported", "contested", "refuted", "artefact")]
    for status in statuses:
        found[f"flip status to {compress(status.value)}"] = list(swaps(quads, "ckgv:claimStatus", always(status)))
    true, false = ox.Literal(True), ox.Literal(False)  # noqa: FBT003 - the literals are the values
    found["flip biolink:negated"] = list(swaps(quads, "biolink:negated", lambda q: false if q.object == true else true))
    asserted, hedged = named("ckgv:asserted"), named("ckgv:hedged")
    found["flip modality"] = list(swaps(quads, "ckgv:modality", lambda q: hedged if q.object == asserted else asserted))
    found["object of a claim to an obsolete id"] = list(swaps(quads, "rdf:object", always(named("EFO:0000717"))))
    found["mapping to an obsolete id"] = list(swaps(quads, "sssom:object_id", always(named("EFO:0000717"))))
    found["relation to rdfs:subClassOf"] = list(swaps(quads, "ckgv:relation", always(named("rdfs:subClassOf"))))
    found["predicate to another of Biolink"] = list(swaps(quads, "rdf:predicate", always(named("biolink:treats"))))
    found["predicate to mere relatedness"] = list(swaps(quads, "rdf:predicate", always(named("biolink:related_to"))))
    found["severity to a symptom"] = list(swaps(quads, "ckgv:severityContext", always(named("HP:0012531"))))
    found["scope to none of the scopes"] = list(swaps(quads, "ckgv:scope", always(named("ckgv:possibility"))))
    found["percentage over 100"] = list(swaps(quads, "ckgv:maxPercentage", always(decimal("140"))))
    found["CURIE of a source to words"] = [
        (where, gone, come)
        for where, gone, come in swaps(quads, "dcterms:identifier", always(ox.Literal("a paper")))
        if gone[0].graph_name == ox.NamedNode(GRAPH + "evidence")
    ]
    found["subject of a claim to calcinosis"] = list(swaps(quads, "rdf:subject", always(named("DOID:182"))))
    found["evidence to none of the directions"] = list(swaps(quads, "ckgv:direction", always(named("ckgv:refuted"))))
    found["cue to a long quotation"] = list(
        swaps(quads, "ckgv:hedgeCue", always(ox.Literal("word " * 20, language="en")))
    )
    found["checksum cut"] = list(swaps(quads, "spdx:checksumValue", lambda q: ox.Literal(str(q.object)[1:-2])))
    found["span end before its start"] = list(swaps(quads, "oa:end", always(ox.Literal(-1))))
    found["span beyond the document"] = list(swaps(quads, "oa:end", always(ox.Literal(10**6))))
    plain = [
        quad
        for quad in quads
        if quad.graph_name in {ox.NamedNode(GRAPH + s) for s in ("accepted", "reported", "contested")}
    ]
    found["drop a plain triple"] = [(str(quad), [quad], []) for quad in plain]
    matches = [quad for quad in quads if quad.graph_name == ox.NamedNode(GRAPH + "mappings") and plain_mapping(quad)]
    found["drop a plain mapping"] = [(str(quad), [quad], []) for quad in matches]
    found["plain mapping to another term"] = [
        (str(quad), [], [ox.Quad(quad.subject, quad.predicate, named("DOID:4"), quad.graph_name)]) for quad in matches
    ]
    found["plain triple turned round"] = [
        (str(quad), [], [ox.Quad(quad.object, quad.predicate, quad.subject, quad.graph_name)])
        for quad in plain
        if isinstance(quad.object, ox.NamedNode)
    ]
    found["plain triple to another graph"] = [
        (str(quad), [], [ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(GRAPH + other))])
        for quad in plain
        for other in ("contested",)
        if quad.graph_name != ox.NamedNode(GRAPH + other)
    ]
    return {name: places for name, places in found.items() if places}


def without(quads: list[ox.Quad], gone: list[ox.Quad]) -> list[ox.Quad]:
    """Return the quads without some; a triple goes from every graph that has it, a plain triple from its own alone."""
    plain = {ox.NamedNode(GRAPH + status) for status in ("accepted", "reported", "contested")}
    triples = {quad.triple for quad in gone if quad.graph_name not in plain}
    return [quad for quad in quads if quad not in gone and quad.triple not in triples]


def main() -> int:
    """Print the score; exit 1 if it is below 95 %."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=3, help="how many places to try each change at (default 3)")
    parser.add_argument(
        "--engine", default="shacl", help="pyshacl is right too, and takes a quarter of a minute a change"
    )
    given = parser.parse_args()
    quads = shipped.quads()
    tried, caught = 0, 0
    survivors: dict[str, list[str]] = defaultdict(list)
    for name, places in changes(quads).items():
        for where, gone, come in places[:: max(1, len(places) // given.each)][: given.each]:
            report = shapes.validate(without(quads, gone) + come, engine=given.engine)
            tried += 1
            caught += bool(report.violations)
            if not report.violations:
                survivors[name].append(where)
    for name, wheres in survivors.items():
        print(f"survives: {name} ({', '.join(wheres)})")
    print(f"{caught} of {tried} changes caught: {100 * caught / tried:.1f} %")
    return 0 if caught >= 0.95 * tried else 1


if __name__ == "__main__":
    sys.exit(main())
