"""Nothing of the dataset passes unseen: each property of each kind of node is looked at by a shape."""

import gzip
import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from calcinosis_kg import shapes
from calcinosis_kg.claims import Curation
from calcinosis_kg.flattened import prepared
from calcinosis_kg.namespaces import GRAPH, compress, expand
from calcinosis_kg.resources import folder

SHARED = Path(__file__).parents[2] / "shared"
SH, RDF = "http://www.w3.org/ns/shacl#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
GRAPHS = {ox.NamedNode(GRAPH + name) for name in ("claims", "evidence", "literature", "mappings", "provenance")}
TYPE = ox.NamedNode(RDF + "type")
Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

EXEMPT = {
    "rdf:type": "by the type a shape finds its nodes; a type that no shape targets fails test_every_kind_has_a_shape",
    "oboInOwl:hasDbXref": "a plain mapping: ckgsh:MappingTriple looks at each as a node",
    "skos:broadMatch": "as oboInOwl:hasDbXref",
    "skos:closeMatch": "as oboInOwl:hasDbXref",
    "skos:exactMatch": "as oboInOwl:hasDbXref",
    "skos:narrowMatch": "as oboInOwl:hasDbXref",
    "skos:relatedMatch": "as oboInOwl:hasDbXref",
}
"""Properties that no shape has as its path, each with the reason."""

SECOND_TYPES = {
    "oa:SpecificResource": "every one is a ckgv:DocumentSpan too, which has a shape",
    "prov:Entity": "every one is a ckgv:SourceDocument too, which has a shape",
}
"""Types that no shape targets, each with the reason."""


@cache
def facts() -> dict[Node, dict[str, list[Node]]]:
    """What the shapes say, by node and by the last part of the predicate."""
    found: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for quad in shapes.read(folder("shapes")):
        found[quad.subject][quad.predicate.value.rpartition("#")[2]].append(quad.object)
    return found


def members(head: Node) -> list[Node]:
    """The members of an RDF list."""
    found = []
    while facts()[head]["first"]:
        found.append(facts()[head]["first"][0])
        head = facts()[head]["rest"][0]
    return found


def first_steps(path: Node) -> set[str]:
    """The properties that a path starts from its focus node with; an inverse one starts at another node."""
    if isinstance(path, ox.NamedNode):
        return {path.value}
    branches = [branch for way in facts()[path]["alternativePath"] for branch in members(way)] or members(path)[:1]
    return set().union(*map(first_steps, branches))


def looks_at(shape: Node) -> set[str]:
    """The properties of a focus node that a shape looks at, itself or through the shapes that it is made of."""
    fact = facts()[shape]
    if fact["path"]:
        return first_steps(fact["path"][0])
    parts = [*fact["property"], *fact["not"], *fact["node"]]
    parts += [part for key in ("or", "and", "xone") for head in fact[key] for part in members(head)]
    return set().union(*map(looks_at, parts))


@cache
def targets() -> dict[str, dict[Node, set[str]]]:
    """By kind of target and target, the properties that shapes with that target look at."""
    found: dict[str, dict[Node, set[str]]] = {key: defaultdict(set) for key in ("Class", "SubjectsOf", "ObjectsOf")}
    for shape in list(facts()):
        for key, nodes in found.items():
            for target in facts()[shape][f"target{key}"]:
                nodes[target] |= looks_at(shape)
    return found


def test_every_property_is_seen_by_a_shape(quads: list[ox.Quad]) -> None:
    kinds: dict[Node, set[Node]] = defaultdict(set)
    objects: dict[Node, set[Node]] = defaultdict(set)
    subjects: dict[Node, set[Node]] = defaultdict(set)
    for quad in prepared(quads):
        subjects[quad.subject].add(quad.predicate)
        objects[quad.object].add(quad.predicate)
        if quad.predicate == TYPE:
            kinds[quad.subject].add(quad.object)
    unseen = set()
    for quad in quads:
        if quad.graph_name in GRAPHS and compress(quad.predicate.value) not in EXEMPT:
            node = quad.subject
            ways = (("Class", kinds[node]), ("SubjectsOf", subjects[node]), ("ObjectsOf", objects[node]))
            if not any(quad.predicate.value in targets()[key].get(name, ()) for key, names in ways for name in names):
                shown = sorted(compress(str(kind)[1:-1]) for kind in kinds[node]) or ["no type"]
                unseen.add(f"{compress(quad.predicate.value)} of {', '.join(shown)}")
    assert unseen == set(), "write a property shape for it, with a case, or exempt it with its reason"


def test_every_exemption_is_needed(quads: list[ox.Quad]) -> None:
    used = {compress(quad.predicate.value) for quad in quads if quad.graph_name in GRAPHS}
    assert set(EXEMPT) <= used


def test_every_kind_has_a_shape(quads: list[ox.Quad]) -> None:
    known = {compress(str(target)[1:-1]) for target in targets()["Class"]}
    used = {
        compress(quad.object.value)
        for quad in quads
        if quad.graph_name in GRAPHS and quad.predicate == TYPE and isinstance(quad.object, ox.NamedNode)
    }
    types_of_claims_and_lines = {kind for kind in used if kind.startswith(("biolink:", "ECO:"))}
    assert used - known - types_of_claims_and_lines == set(SECOND_TYPES)


LISTS = {
    "status": "Claim-status",
    "kind": "Claim-kind",
    "verdict": "Claim-verdict",
    "qualifiers.direction": "Claim-direction",
    "qualifiers.scope": "Claim-scope",
    "qualifiers.regulatory_context": "Claim-regulatory-context",
    "qualifiers.route": "Claim-route",
    "evidence.direction": "EvidenceLine-direction",
    "evidence.directness": "EvidenceLine-directness",
    "evidence.basis": "EvidenceLine-basis",
    "hedges.type": "Hedge-type",
}
"""Where the schema of the claims has a list of values, and the shape that has it too."""


@pytest.mark.parametrize("key", LISTS)
def test_schema_and_shapes_allow_the_same_values(key: str) -> None:
    schema = json.loads((folder("ontology") / "schema" / "claims.schema.json").read_text(encoding="utf-8"))
    place = schema["$defs"]["claim"]
    for part in key.split("."):
        place = place.get("items", place)["properties"][part]
    allowed = {re.sub("_([a-z])", lambda letter: letter[1].upper(), value) for value in place["enum"]}
    (head,) = facts()[ox.NamedNode(f"https://w3id.org/calcinosis-kg/shape/{LISTS[key]}")]["in"]
    values = {value.value.rpartition("/")[2] for value in members(head) if isinstance(value, ox.NamedNode | ox.Literal)}
    assert {re.sub("_([a-z])", lambda letter: letter[1].upper(), value) for value in values} == allowed


def pairs() -> list[str]:
    """The table of relations and predicates."""
    (head,) = facts()[ox.NamedNode("https://w3id.org/calcinosis-kg/shape/Pair")]["in"]
    return [pair.value for pair in members(head) if isinstance(pair, ox.Literal)]


def test_relations_and_predicates_go_together(curated: Curation) -> None:
    used = {f"{claim.relation} {claim.predicate}" for claim in curated.claims if claim.relation}
    used |= {f"{claim.relation} {claim.predicate}" for claim in curated.literature if claim.relation}
    assert used <= set(pairs())
    (pattern,) = facts()[ox.NamedNode("https://w3id.org/calcinosis-kg/shape/IsOfTheseRelations")]["pattern"]
    judged = {pair.split()[0] for pair in pairs()}
    assert isinstance(pattern, ox.Literal)
    assert re.sub(r"[()^ ]", "", pattern.value).split("|") == list(dict.fromkeys(p.split()[0] for p in pairs()))
    assert judged == {pair.split()[0] for pair in used}
    assert all(expand(part) for pair in pairs() for part in pair.split())


def test_the_pairs_are_those_of_biolink_or_needed(curated: Curation) -> None:
    model = SHARED / "reference" / "biolink-model.yaml.gz"
    if not model.exists():
        pytest.skip(f"needs the Biolink Model 4.4.4 at ../shared/reference/{model.name}")
    slots = yaml.safe_load(gzip.decompress(model.read_bytes()))["slots"]

    def says_something(name: str | None) -> bool:
        """Whether a slot is a predicate, and not the root of them."""
        above = slots[name].get("is_a") if name else None
        return name == "has attribute" or above == "related to" or (above is not None and says_something(above))

    stated = {
        f"{relation} biolink:{name.replace(' ', '_')}"
        for name, slot in slots.items()
        if says_something(name)
        for key in ("exact_mappings", "narrow_mappings", "broad_mappings")
        for relation in slot.get(key) or []
    }
    used = {f"{claim.relation} {claim.predicate}" for claim in curated.claims if claim.relation}
    used |= {f"{claim.relation} {claim.predicate}" for claim in curated.literature if claim.relation}
    judged = {pair.split()[0] for pair in pairs()}
    assert set(pairs()) == used | {pair for pair in stated if pair.split()[0] in judged}
