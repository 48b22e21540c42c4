"""The one graph that shapes see: SHACL cannot look into named graphs, and its core cannot join.

`prepared` puts all named graphs together and adds, in the namespace of the shapes, what they say beside:

| added | means |
|---|---|
| a `ckgsh:PlainTriple` | a triple in the named graph of a status: its three parts and its `ckgv:claimStatus` |
| `ckgsh:saidBy` | from it to each claim that says the same, whatever that claim's status and polarity |
| type `ckgsh:PlainClaim` | a claim of a status whose graph is in the data: its plain triple can be asked for |
| a `ckgsh:SubclassAxiom` | `rdfs:subClassOf` between two IRIs, and the named graph that it is `ckgsh:inGraph` |
| `ckgsh:statedPlainly` | whether a mapping is a plain triple too |
| a `ckgsh:MappingTriple` | a plain triple in the named graph of the mappings, `ckgsh:saidBy` the mappings that say it |
| `ckgsh:pair` | from a claim to a text of its relation and predicate: `RO:0002597 biolink:affects` |
| a `rdf:type` | each `biolink:category` |

Nothing is judged here; that is the shapes' part.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.claims import SHORTCUT_STATUSES
from calcinosis_kg.namespaces import BASE, GRAPH, compress, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHAPE = BASE + "shape/"
"""The namespace of the shapes (`ckgsh:`)."""

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_TYPE, _SUBCLASS = ox.NamedNode(expand("rdf:type")), ox.NamedNode(expand("rdfs:subClassOf"))
_SUBJECT, _PREDICATE, _OBJECT = (ox.NamedNode(expand(f"rdf:{end}")) for end in ("subject", "predicate", "object"))
_CATEGORY, _STATUS = ox.NamedNode(expand("biolink:category")), ox.NamedNode(expand("ckgv:claimStatus"))
_RELATION, _CLAIM = ox.NamedNode(expand("ckgv:relation")), ox.NamedNode(expand("ckgv:Claim"))
_PHENOTYPE, _SYMPTOM = ox.NamedNode(expand("RO:0002200")), ox.NamedNode(expand("RO:0002452"))
_TWINS = {ox.NamedNode(expand(f"skos:{name}Match")) for name in ("exact", "close")}
_MAPPING = tuple(ox.NamedNode(expand(f"sssom:{part}_id")) for part in ("subject", "predicate", "object"))
_PLAIN, _AXIOM = ox.NamedNode(SHAPE + "PlainTriple"), ox.NamedNode(SHAPE + "SubclassAxiom")
_PLAIN_CLAIM, _SAID_BY = ox.NamedNode(SHAPE + "PlainClaim"), ox.NamedNode(SHAPE + "saidBy")
_IN_GRAPH, _STATED = ox.NamedNode(SHAPE + "inGraph"), ox.NamedNode(SHAPE + "statedPlainly")
_STATUS_OF = {ox.NamedNode(GRAPH + status): ox.NamedNode(expand(f"ckgv:{status}")) for status in SHORTCUT_STATUSES}
_PAIR, _MAPPING_TRIPLE = ox.NamedNode(SHAPE + "pair"), ox.NamedNode(SHAPE + "MappingTriple")
_MAPPINGS = ox.NamedNode(GRAPH + "mappings")
_MATCHES = {ox.NamedNode(expand(f"skos:{name}Match")) for name in ("exact", "close", "related", "narrow", "broad")}
_MATCHES |= {ox.NamedNode(expand("oboInOwl:hasDbXref"))}
_JOINED = {_SUBJECT, _PREDICATE, _OBJECT, _RELATION, _STATUS, *_MAPPING, *_TWINS}


def prepared(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the graph that the shapes see: all named graphs together, and what they say beside as triples.

    >>> a, b = ox.NamedNode("http://example.org/a"), ox.NamedNode("http://example.org/b")
    >>> len(prepared([ox.Quad(a, b, a, ox.NamedNode(GRAPH + "accepted"))]))
    6
    """
    found: dict[ox.Quad, None] = {}
    plain: dict[ox.Quad, ox.NamedNode] = {}
    facts: dict[ox.NamedNode, dict[Node, list[Node]]] = {name: defaultdict(list) for name in _JOINED}
    claims: dict[Node, None] = {}
    for quad in quads:
        found[ox.Quad(quad.subject, quad.predicate, quad.object)] = None
        if quad.predicate in _JOINED:
            facts[quad.predicate][quad.subject].append(quad.object)
        elif quad.predicate == _TYPE and quad.object == _CLAIM:
            claims[quad.subject] = None
        if quad.graph_name in _STATUS_OF:
            plain[quad] = _node(quad)
        for triple in _beside(quad):
            found[triple] = None
    for triple in (*_said(plain, claims, facts), *_paired(facts), *_mapped(found, facts)):
        found[triple] = None
    return list(found)


def _said(
    plain: dict[ox.Quad, ox.NamedNode], claims: Iterable[Node], facts: dict[ox.NamedNode, dict[Node, list[Node]]]
) -> Iterator[ox.Quad]:
    """Yield from plain triples to the claims that say the same, and what claims are of a status that is there."""
    triples: dict[tuple[Node, Node, Node], list[ox.NamedNode]] = defaultdict(list)
    for quad, node in plain.items():
        triples[quad.subject, quad.predicate, quad.object].append(node)
    statuses = {_STATUS_OF[quad.graph_name] for quad in plain if isinstance(quad.graph_name, ox.NamedNode)}
    for claim in claims:
        if not isinstance(claim, ox.NamedNode):
            continue
        if statuses.intersection(facts[_STATUS][claim]):
            yield ox.Quad(claim, _TYPE, _PLAIN_CLAIM)
        relations = facts[_RELATION][claim] or facts[_PREDICATE][claim]
        for subject in facts[_SUBJECT][claim]:
            for said in facts[_OBJECT][claim]:
                pairs = [(relation, said) for relation in relations]
                if _PHENOTYPE in relations:
                    pairs += [(_SYMPTOM, twin) for match in _TWINS for twin in facts[match][said]]
                for pair in pairs:
                    for node in triples.get((subject, *pair), ()):
                        yield ox.Quad(node, _SAID_BY, claim)


def _paired(facts: dict[ox.NamedNode, dict[Node, list[Node]]]) -> Iterator[ox.Quad]:
    """Yield each pair of relation and predicate of a claim as one text."""
    for claim, relations in facts[_RELATION].items():
        for relation, predicate in product(relations, facts[_PREDICATE][claim]):
            if isinstance(claim, ox.NamedNode | ox.BlankNode):
                yield ox.Quad(claim, _PAIR, ox.Literal(f"{_curie(relation)} {_curie(predicate)}"))


def _mapped(found: dict[ox.Quad, None], facts: dict[ox.NamedNode, dict[Node, list[Node]]]) -> list[ox.Quad]:
    """Return for each mapping whether it is a plain triple too, and from plain mappings to those that say them."""
    stated = []
    for row, subjects in facts[_MAPPING[0]].items():
        ends = (subjects, facts[_MAPPING[1]][row], facts[_MAPPING[2]][row])
        if isinstance(row, ox.NamedNode | ox.BlankNode) and all(len(end) == 1 for end in ends):
            subject, predicate, target = (end[0] for end in ends)
            if isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode):
                said = ox.Quad(subject, predicate, target) in found
                stated.append(ox.Quad(row, _STATED, ox.Literal(said)))
                node = _node(ox.Quad(subject, predicate, target, _MAPPINGS))
                if ox.Quad(node, _TYPE, _MAPPING_TRIPLE) in found:
                    stated.append(ox.Quad(node, _SAID_BY, row))
    return stated


def _beside(quad: ox.Quad) -> Iterator[ox.Quad]:
    if quad.predicate == _CATEGORY:
        yield ox.Quad(quad.subject, _TYPE, quad.object)
    if isinstance(quad.graph_name, ox.NamedNode):
        status = _STATUS_OF.get(quad.graph_name)
        if status is not None:
            yield from _placed(quad, _PLAIN, _STATUS, status)
        if quad.predicate == _SUBCLASS and isinstance(quad.object, ox.NamedNode):
            yield from _placed(quad, _AXIOM, _IN_GRAPH, quad.graph_name)
        if quad.predicate in _MATCHES and quad.graph_name == _MAPPINGS:
            yield from _placed(quad, _MAPPING_TRIPLE, _IN_GRAPH, _MAPPINGS)


def _placed(quad: ox.Quad, kind: ox.NamedNode, key: ox.NamedNode, value: ox.NamedNode) -> Iterator[ox.Quad]:
    """Yield a node that stands for a triple of a named graph."""
    node = _node(quad)
    yield ox.Quad(node, _TYPE, kind)
    yield ox.Quad(node, _SUBJECT, quad.subject)
    yield ox.Quad(node, _PREDICATE, quad.predicate)
    yield ox.Quad(node, _OBJECT, quad.object)
    yield ox.Quad(node, key, value)


def _curie(term: Node) -> str:
    return compress(term.value) if isinstance(term, ox.NamedNode) else str(term)


def _node(quad: ox.Quad) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}triple/{hashlib.sha256(str(quad).encode()).hexdigest()[:16]}")


def words(data: Iterable[ox.Quad], nodes: Iterable[str]) -> dict[str, str]:
    """Return, for nodes that stand for a triple, that triple in words; for restrictions, what they restrict.

    Args:
        data: The graph that the shapes see.
        nodes: The nodes asked for, as N-Triples has them.
    """
    start = BASE + "triple/"
    wanted = {
        node[2:] if node.startswith("_:") else node[1:-1] for node in nodes if node.startswith(("_:", "<" + start))
    }
    parts: dict[str, dict[str, str]] = {}
    for quad in data if wanted else ():
        node = quad.subject
        if isinstance(node, ox.NamedNode | ox.BlankNode) and node.value in wanted:
            shown = compress(quad.object.value) if isinstance(quad.object, ox.NamedNode) else "…"
            parts.setdefault(str(node), {})[compress(quad.predicate.value)] = shown
    found: dict[str, str] = {}
    for name, facts in parts.items():
        if "rdf:subject" in facts:
            where = facts.get("ckgv:claimStatus") or facts.get("ckgsh:inGraph", "")
            said = " ".join(facts.get(f"rdf:{end}", "…") for end in ("subject", "predicate", "object"))
            found[name] = f"{said} (in {where.replace('ckgv:', 'graph:')})"
        elif "owl:onProperty" in facts:
            found[name] = f"{facts['owl:onProperty']} some {facts.get('owl:someValuesFrom', '…')}"
    return found
