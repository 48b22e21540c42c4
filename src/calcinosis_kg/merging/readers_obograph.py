"""OBO Graph JSON (https://github.com/geneontology/obographs): nodes, edges, cross-references; lines are record numbers.

The document is held in memory while it is read. Axioms that are more than an edge between two terms are kept
in the `rest` of the record for their graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from calcinosis_kg.merging import records
from calcinosis_kg.merging.readers_cells import curie
from calcinosis_kg.merging.readers_objects import loads
from calcinosis_kg.merging.readers_obo import MATCHING
from calcinosis_kg.merging.readers_sheaf import Sheaf
from calcinosis_kg.merging.readers_streams import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from calcinosis_kg.merging.readers_cells import Origin
    from calcinosis_kg.merging.readers_streams import Stream

_CARRIED = {"inverseOf": "http://www.w3.org/2002/07/owl#inverseOf"}
"""What an edge says between relations: an axiom, not a statement between entities."""

_PREDICATES = {"is_a": "rdfs:subClassOf", "subPropertyOf": "rdfs:subPropertyOf", "type": "rdf:type"}
_TYPES = {"CLASS": "owl:Class", "PROPERTY": "owl:ObjectProperty", "INDIVIDUAL": "owl:NamedIndividual"}
_REPLACED = "http://purl.obolibrary.org/obo/IAO_0100001"
_CONSIDER = "http://www.geneontology.org/formats/oboInOwl#consider"
_ALTERNATIVE = "http://www.geneontology.org/formats/oboInOwl#hasAlternativeId"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_MATCHES = {f"{_SKOS}{name}Match" for name in ("exact", "close", "broad", "narrow", "related")}


def read(stream: Stream, origin: Origin) -> Iterator[records.Batch]:
    """Yield the records of a document."""
    content = loads(b"".join(stream.content()))
    graphs = content.get("graphs") if isinstance(content, dict) else None
    if not isinstance(graphs, list):
        stream.faults.append(
            Fault(1, content if isinstance(content, str) else "has no list 'graphs'. Write OBO Graph JSON.")
        )
        return
    sheaf = Sheaf(origin)
    number = 0
    for graph in graphs:
        if not isinstance(graph, dict):
            stream.faults.append(Fault(number, "a graph is no object. Write {...}.", str(graph)))
            continue
        for kind, say in (("nodes", _node), ("edges", _edge)):
            for value in graph.get(kind) or []:
                number += 1
                why = (
                    say(value, number, sheaf, stream.faults)
                    if isinstance(value, dict)
                    else "is no object. Write {...}."
                )
                if why:
                    stream.faults.append(Fault(number, why, str(value)))
                yield from sheaf.full()
        number += 1
        rest = {key: value for key, value in graph.items() if key not in ("nodes", "edges", "id")}
        name = graph.get("id") or origin.source
        sheaf.add(records.NODES, number, id=_text(name), category="owl:Ontology", rest=records.canonical(rest))
    yield from sheaf.all()


def _node(value: dict[str, Any], number: int, sheaf: Sheaf, faults: list[Fault]) -> str:
    own = value.get("id")
    if not isinstance(own, str) or not curie(own):
        return "a node has no id that is an IRI or a CURIE. Give it one."
    meta = value.get("meta") if isinstance(value.get("meta"), dict) else {}
    assert isinstance(meta, dict)  # noqa: S101 - tested above
    rest = {key: part for key, part in value.items() if key not in ("id", "lbl", "meta", "type")}
    rest |= {key: part for key, part in meta.items() if key not in ("deprecated", "xrefs", "basicPropertyValues")}
    told: dict[str, list[str]] = {_REPLACED: [], _CONSIDER: []}
    for part in _objects(meta.get("xrefs")):
        _mapping(own, "oboInOwl:hasDbXref", part, number=number, sheaf=sheaf, faults=faults)
    left = []
    for part in _objects(meta.get("basicPropertyValues")):
        predicate, text = part.get("pred"), part.get("val")
        if predicate in told and isinstance(text, str):
            told[predicate].append(text)
        elif predicate in _MATCHES:
            _mapping(own, str(predicate), part, number=number, sheaf=sheaf, faults=faults)
        elif predicate == _ALTERNATIVE and isinstance(text, str) and curie(text):
            alternative = records.canonical({"alt_id_of": own})
            sheaf.add(records.NODES, number, id=text, deprecated=True, replaced_by=own, rest=alternative)
        else:
            left.append(part)
    sheaf.add(
        records.NODES,
        number,
        id=own,
        category=_TYPES.get(str(value.get("type", "")), _text(value.get("type", ""))),
        name=_text(value.get("lbl", "")),
        deprecated=meta.get("deprecated") is True,
        replaced_by=records.join(told[_REPLACED]),
        consider=records.join(told[_CONSIDER]),
        rest=records.canonical(rest | {"basicPropertyValues": left}),
    )
    return ""


def _mapping(own: str, predicate: str, part: dict[str, Any], *, number: int, sheaf: Sheaf, faults: list[Fault]) -> None:
    other = part.get("val")
    if not isinstance(other, str) or not curie(other):
        faults.append(Fault(number, f"'{other}' is no CURIE. Write prefix:identifier.", f"{own} {predicate} {other}"))
        return
    rest = records.canonical({key: text for key, text in part.items() if key not in ("val", "pred")})
    cells = {"subject_id": own, "predicate_id": predicate, "object_id": other, "mapping_justification": MATCHING}
    sheaf.add(records.MAPPINGS, number, **cells, rest=rest)


def _edge(value: dict[str, Any], number: int, sheaf: Sheaf, _: list[Fault]) -> str:
    ends = [value.get(key) for key in ("sub", "pred", "obj")]
    for name, end in zip(("sub", "pred", "obj"), ends, strict=True):
        if not isinstance(end, str) or not (curie(end) or (name == "pred" and end in (_PREDICATES | _CARRIED))):
            return f"{name} '{end}' is neither IRI nor CURIE. Mend it."
    subject, predicate, other = map(str, ends)
    rest = {key: part for key, part in value.items() if key not in ("sub", "pred", "obj")}
    if predicate in _CARRIED:
        try:
            axiom = ox.Triple(ox.NamedNode(subject), ox.NamedNode(_CARRIED[predicate]), ox.NamedNode(other))
        except ValueError as error:
            return f"holds no IRI ({error}). Mend it."
        sheaf.add(records.CARRIED, number, quad=f"{axiom} .")
        return ""
    sheaf.add(
        records.EDGES,
        number,
        subject=subject,
        predicate=_PREDICATES.get(predicate, predicate),
        object=other,
        rest=records.canonical(rest),
    )
    return ""


def _objects(value: object) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value)
