"""OBO Graphs: an ontology as JSON, nodes and edges, after https://github.com/geneontology/obographs.

Written by this room, since OAK refuses what pronto writes.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from calcinosis_kg.errors import InputError
from calcinosis_kg.interchange import ontology_contents, ontology_restored
from calcinosis_kg.interchange.ontologies import SCOPES, Definition, Kind, Ontology, Term
from calcinosis_kg.interchange.ontology_contents import distinct, full, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyoxigraph as ox

ENDING = ".json"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\"<>]+\Z")
_STRING = full("xsd:string")
_TYPES: dict[Kind, dict[str, str]] = {
    "class": {"type": "CLASS"},
    "relation": {"type": "PROPERTY", "propertyType": "OBJECT"},
    "annotation": {"type": "PROPERTY", "propertyType": "ANNOTATION"},
}
_ABOVE = {"class": "is_a", "relation": "subPropertyOf", "annotation": "subPropertyOf"}
_ASIDE = {"IAO:0100001": "replaced_by", "oboInOwl:consider": "considered", "oboInOwl:hasAlternativeId": "alternatives"}
_VERSION = ("owl:versionInfo", "rdfs:comment")

_Json = dict[str, Any]


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return the file.

    Raises:
        FormatError: An axiom that OBO Graphs have no words for.
    """
    document = {"graphs": [graph(ontology_contents.of(quads))]}
    return {ENDING: (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()}


def read(files: Mapping[str, bytes], place: str) -> list[ox.Quad]:
    """Return what a file says; it holds one graph.

    Raises:
        InputError: It is no OBO Graphs document, or holds several graphs.
    """
    return list(ontology_restored.quads(parse(files[ENDING], place)))


def graph(ontology: Ontology) -> _Json:
    """Return an ontology as an OBO graph; whole IRIs, and CURIEs where the format gives cross-references.

    >>> graph(Ontology(terms=(Term("CKG:0000001", "class", "calcinosis cutis"),)))["nodes"]
    [{'id': 'https://w3id.org/calcinosis-kg/CKG_0000001', 'lbl': 'calcinosis cutis', 'type': 'CLASS'}]
    """
    properties = [*ontology.properties]
    if ontology.version:
        properties.append(("owl:versionInfo", ontology.version, "xsd:string"))
    meta = _meta(comments=list(ontology.remarks), properties=properties, version=ontology.version_iri)
    found: _Json = {"id": ontology.iri} if ontology.iri else {}
    terms = ontology.terms
    return found | {
        "meta": meta,
        "nodes": [_node(term) for term in terms],
        "edges": [edge for term in terms for edge in _edges(term)],
        "equivalentNodesSets": [
            {"representativeNodeId": full(term.id), "nodeIds": [full(term.id), full(other)]}
            for term in terms
            for other in term.equivalents
        ],
        "logicalDefinitionAxioms": [_logical(term, definition) for term in terms for definition in term.definitions],
        "domainRangeAxioms": [
            {
                "predicateId": full(term.id),
                "domainClassIds": [full(name) for name in term.domains],
                "rangeClassIds": [full(name) for name in term.ranges],
            }
            for term in terms
            if term.domains or term.ranges
        ],
        "propertyChainAxioms": [
            {"predicateId": full(term.id), "chainPredicateIds": [full(name) for name in chain]}
            for term in terms
            for chain in term.chains
        ],
    }


def _node(term: Term) -> _Json:
    found: _Json = {"id": full(term.id)}
    if term.label:
        found["lbl"] = term.label
    found |= _TYPES[term.kind]
    properties = [*term.properties]
    properties += [("IAO:0100001", name, "") for name in term.replaced_by]
    properties += [("oboInOwl:consider", name, "xsd:string") for name in term.considered]
    properties += [("oboInOwl:hasAlternativeId", name, "xsd:string") for name in term.alternatives]
    meta = _meta(comments=list(term.comments), properties=properties)
    if term.definition:
        meta = {"definition": {"val": term.definition, "xrefs": list(term.sources)}} | meta
    if term.synonyms:
        meta["synonyms"] = [{"pred": SCOPES[scope].partition(":")[2], "val": said} for scope, said in term.synonyms]
    if term.xrefs:
        meta["xrefs"] = [{"val": name} for name in term.xrefs]
    if term.obsolete:
        meta["deprecated"] = True
    return found | ({"meta": meta} if meta else {})


def _meta(*, comments: list[str], properties: list[tuple[str, str, str]], version: str = "") -> _Json:
    found: _Json = {"comments": comments} if comments else {}
    if properties:
        found["basicPropertyValues"] = [_property(*value) for value in sorted(properties)]
    return found | ({"version": version} if version else {})


def _property(predicate: str, value: str, datatype: str) -> _Json:
    """Return an annotation; the type of its value is told where it is no string, or a string like an address."""
    said = {"pred": full(predicate), "val": value if datatype else full(value)}
    plain = not datatype or (datatype == "xsd:string" and not _ADDRESS.match(value))
    return said if plain else {**said, "valType": full(datatype)}


def _edges(term: Term) -> Iterator[_Json]:
    pairs = [(_ABOVE[term.kind], name) for name in term.parents]
    pairs += [("inverseOf", name) for name in term.inverses]
    pairs += [(full(relation), name) for relation, name in term.relationships]
    yield from ({"sub": full(term.id), "pred": predicate, "obj": full(name)} for predicate, name in pairs)


def _logical(term: Term, definition: Definition) -> _Json:
    return {
        "definedClassId": full(term.id),
        "genusIds": [full(name) for name in definition.genera],
        "restrictions": [
            {"propertyId": full(relation), "fillerId": full(name)} for relation, name in definition.differences
        ],
    }


def parse(content: bytes, place: str) -> Ontology:
    """Return what a file says.

    Raises:
        InputError: It is no OBO Graphs document, or holds several graphs.
    """
    try:
        document = json.loads(content)
    except ValueError as error:
        raise InputError(f"is no JSON: {error}", "Mend the file.", place) from error
    graphs = document.get("graphs") if isinstance(document, dict) else None
    if not isinstance(graphs, list) or len(graphs) != 1:
        number = len(graphs) if isinstance(graphs, list) else "no"
        raise InputError(f"holds {number} graphs, not one", "Give an OBO Graphs document of one ontology.", place)
    try:
        return _ontology(graphs[0])
    except (AttributeError, KeyError, TypeError) as error:
        problem = f"is no OBO Graphs document: {type(error).__name__} {error}"
        raise InputError(problem, "Make it by a tool that knows the format.", place) from error


def _ontology(found: _Json) -> Ontology:
    related: dict[str, list[_Json]] = defaultdict(list)
    for edge in found.get("edges", ()):
        related[edge["sub"]].append(edge)
    said: dict[str, dict[str, list[_Json]]] = defaultdict(lambda: defaultdict(list))
    for section, key in (
        ("equivalentNodesSets", "representativeNodeId"), ("logicalDefinitionAxioms", "definedClassId"),
        ("domainRangeAxioms", "predicateId"), ("propertyChainAxioms", "predicateId"),
    ):  # fmt: skip
        for axiom in found.get(section, ()):
            said[axiom[key]][section].append(axiom)
    kinds: dict[str | None, Kind] = {"CLASS": "class", "OBJECT": "relation", "ANNOTATION": "annotation"}
    terms = []
    for node in found.get("nodes", ()):
        kind = kinds.get(node.get("type")) or kinds.get(node.get("propertyType"))
        if kind:
            terms.append(_term(node, kind, related[node["id"]], said[node["id"]]))
    meta = found.get("meta") or {}
    properties = _properties(meta)
    ranks = list(_TYPES)
    order = {name: place for place, name in enumerate(distinct(term.id for term in terms))}
    return Ontology(
        iri=found.get("id", ""),
        version=next((value for key, value, _ in properties if key == "owl:versionInfo"), ""),
        version_iri=meta.get("version", ""),
        remarks=tuple(meta.get("comments") or ()),
        properties=tuple(value for value in properties if value[0] not in _VERSION),
        terms=tuple(sorted(terms, key=lambda term: (ranks.index(term.kind), order[term.id]))),
    )


def _term(node: _Json, kind: Kind, edges: list[_Json], said: Mapping[str, list[_Json]]) -> Term:
    meta = node.get("meta") or {}
    definition = meta.get("definition") or {}
    scopes = {key.partition(":")[2]: scope for scope, key in SCOPES.items()}
    properties = _properties(meta)
    aside = {field: distinct(value for key, value, _ in properties if key == name) for name, field in _ASIDE.items()}
    names = {predicate: distinct(short(edge["obj"]) for edge in edges if edge["pred"] == predicate) for predicate in
             ("is_a", "subPropertyOf", "inverseOf")}  # fmt: skip
    return Term(
        id=short(node["id"]),
        kind=kind,
        label=node.get("lbl") or "",
        definition=definition.get("val") or "",
        sources=distinct(definition.get("xrefs") or ()),
        comments=tuple(meta.get("comments") or ()),
        synonyms=tuple(sorted({(scopes[each["pred"]], each["val"]) for each in meta.get("synonyms") or ()})),
        xrefs=distinct(each["val"] for each in meta.get("xrefs") or ()),
        parents=names[_ABOVE[kind]],
        relationships=tuple(
            sorted((short(edge["pred"]), short(edge["obj"])) for edge in edges if edge["pred"] not in names)
        ),
        definitions=tuple(
            sorted(
                (
                    Definition(
                        distinct(map(short, each.get("genusIds") or ())),
                        tuple(
                            sorted(
                                (short(part["propertyId"]), short(part["fillerId"]))
                                for part in each.get("restrictions") or ()
                            )
                        ),
                    )
                    for each in said["logicalDefinitionAxioms"]
                ),
                key=str,
            )
        ),
        equivalents=distinct(
            short(name) for each in said["equivalentNodesSets"] for name in each["nodeIds"] if name != node["id"]
        ),
        domains=distinct(
            short(name) for each in said["domainRangeAxioms"] for name in each.get("domainClassIds") or ()
        ),
        ranges=distinct(short(name) for each in said["domainRangeAxioms"] for name in each.get("rangeClassIds") or ()),
        inverses=names["inverseOf"],
        chains=tuple(sorted(tuple(map(short, each["chainPredicateIds"])) for each in said["propertyChainAxioms"])),
        obsolete=bool(meta.get("deprecated")),
        properties=tuple(value for value in properties if value[0] not in _ASIDE),
        **aside,
    )


def _properties(meta: _Json) -> list[tuple[str, str, str]]:
    found = []
    for each in meta.get("basicPropertyValues") or ():
        value, datatype = each["val"], each.get("valType") or ""
        if not datatype and _ADDRESS.match(value):
            found.append((short(each["pred"]), short(value), ""))
        else:
            found.append((short(each["pred"]), value, short(datatype or _STRING)))
    return sorted(found)
