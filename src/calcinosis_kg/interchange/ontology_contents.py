"""Takes terms out of an ontology, for OBO and OBO Graphs."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, cast

import pyoxigraph as ox

from calcinosis_kg import oxigraph
from calcinosis_kg.errors import FormatError
from calcinosis_kg.interchange import headers
from calcinosis_kg.interchange.ontologies import SCOPES, TRAITS, TYPES, Definition, Kind, Ontology, Term
from calcinosis_kg.namespaces import compress, expand, prefixes
from calcinosis_kg.sheets import iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Value = ox.NamedNode | ox.BlankNode | ox.Literal
_Facts = dict[str, list[Value]]

_REMEDY = "Use owl, ofn or ttl, which hold any axiom."
_NAMED = (*SCOPES.items(), ("RELATED", "skos:altLabel"))
_TEXTS = {"rdfs:label", "IAO:0000115", "rdfs:comment", *(key for _, key in _NAMED)}
_SAID = {
    "rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range", "owl:equivalentClass", "owl:disjointWith",
    "owl:inverseOf", "owl:propertyChainAxiom", "owl:deprecated", "oboInOwl:hasDbXref", "oboInOwl:consider",
    "oboInOwl:hasAlternativeId", "IAO:0100001", *_TEXTS,
}  # fmt: skip
"""The properties that have a place of their own; any other is an annotation."""

_CURIE = re.compile(r"[^:]+:[^/:]\S*\Z")
_EXPRESSIONS = {"owl:AllDisjointClasses", "owl:AllDisjointProperties", "owl:NegativePropertyAssertion"}


class _Graph(NamedTuple):
    """Facts by subject, and where definitions come from if axioms are annotated."""

    facts: Mapping[object, _Facts]
    cited: Mapping[object, list[str]]


@cache
def short(node_iri: str) -> str:
    """Return the CURIE of an IRI, or the IRI where none fits.

    >>> short("http://purl.obolibrary.org/obo/DOID_182"), short("http://id.nlm.nih.gov/mesh/")
    ('DOID:182', 'http://id.nlm.nih.gov/mesh/')
    """
    found = compress(node_iri)
    return found if _CURIE.match(found) else node_iri


def full(name: str) -> str:
    """Return the IRI that `short` gave a name to.

    >>> full("DOID:182"), full("https://example.org/a"), full("urn:isbn:1")
    ('http://purl.obolibrary.org/obo/DOID_182', 'https://example.org/a', 'urn:isbn:1')
    """
    return expand(name) if _CURIE.match(name) and name.partition(":")[0] in prefixes() else name


def of(quads: Iterable[ox.Quad]) -> Ontology:
    """Return the classes, object properties and annotation properties that quads declare.

    Data properties, individuals and what nobody declares are left out. Of names and texts in several languages the
    English one is taken.

    >>> from calcinosis_kg import shipped, views
    >>> found = {term.id: term for term in of(views.ontology(shipped.quads())).terms}
    >>> found["CKG:0000001"].label, found["CKG:0000001"].definitions[0].differences
    ('calcinosis cutis', (('RO:0004026', 'UBERON:0002097'),))

    Raises:
        FormatError: An axiom that these formats have no words for.
    """
    header, given = headers.one(quads)
    facts: dict[object, _Facts] = {}
    for quad in given:
        if not isinstance(quad.object, ox.Triple):
            facts.setdefault(quad.subject, defaultdict(list))[short(quad.predicate.value)].append(quad.object)
    graph = _Graph(facts, _cited(facts))
    terms = [
        _term(node, kind, about, graph)
        for node, about in facts.items()
        if isinstance(node, ox.NamedNode) and (kind := _kind(node, about))
    ]
    for node, about in facts.items():
        if isinstance(node, ox.BlankNode) and (
            "rdfs:subClassOf" in about or _EXPRESSIONS & set(_names(about, "rdf:type"))
        ):
            raise FormatError("an axiom is about no named class, but about an expression", _REMEDY)
    kinds = tuple(TYPES)
    terms = [term for term in terms if term.kind != "annotation" or term != Term(term.id, "annotation")]
    terms.sort(key=lambda term: (kinds.index(term.kind), oxigraph.natural(ox.Literal(term.id))))
    of_header = [(short(predicate.value), value) for predicate, value in header.facts]
    return Ontology(
        iri=header.node.value if isinstance(header.node, ox.NamedNode) else "",
        version=next(iter(header.values("owl:versionInfo")), ""),
        version_iri=next(iter(header.values("owl:versionIRI")), ""),
        remarks=tuple(sorted(set(header.values("rdfs:comment")))),
        properties=tuple(
            sorted(
                _property(key, value)
                for key, value in of_header
                if key not in ("owl:versionInfo", "owl:versionIRI", "rdfs:comment")
                and not isinstance(value, ox.BlankNode)
            )
        ),
        terms=tuple(terms),
    )


def _kind(node: ox.NamedNode, about: _Facts) -> Kind | None:
    types = _names(about, "rdf:type")
    found = [kind for kind, name in TYPES.items() if name in types]
    if len(found) > 1:
        raise FormatError(f"{short(node.value)} is both {' and '.join(found)}", "Give one of them another name.")
    return cast("Kind", found[0]) if found and not short(node.value).startswith("owl:") else None


def _cited(facts: Mapping[object, _Facts]) -> dict[object, list[str]]:
    """Return the cross-references of annotated definitions, by the term that is defined."""
    found: dict[object, list[str]] = defaultdict(list)
    for about in facts.values():
        if "IAO:0000115" in _names(about, "owl:annotatedProperty"):
            for source in about.get("owl:annotatedSource", ()):
                found[source] += [value.value for value in about.get("oboInOwl:hasDbXref", ())]
    return found


def _term(node: ox.NamedNode, kind: Kind, about: _Facts, graph: _Graph) -> Term:
    name = short(node.value)
    unknown = sorted(key for key in about if key.startswith("owl:") and key not in _SAID)
    if unknown and any(not isinstance(value, ox.Literal) for key in unknown for value in about[key]):
        raise FormatError(f"{name} has {unknown[0]}, which this format has no word for", _REMEDY)
    definition = _text(name, about, "IAO:0000115")
    rest = tuple(sorted(_rest(name, about, defined=bool(definition))))
    wanted = "rdfs:subClassOf" if kind == "class" else "rdfs:subPropertyOf"
    parents = about.get(wanted, [])
    same = [_definition(name, value, graph) for value in _nameless(about, "owl:equivalentClass")]
    return Term(
        id=name,
        kind=kind,
        label=_text(name, about, "rdfs:label"),
        definition=definition,
        sources=distinct((*_names(about, "IAO:0000119"), *graph.cited.get(node, ()))) if definition else (),
        comments=distinct(_texts(about, "rdfs:comment")),
        synonyms=tuple(sorted({(scope, said) for scope, key in _NAMED for said in _texts(about, key)})),
        xrefs=distinct((*_names(about, "oboInOwl:hasDbXref"), *_texts(about, "oboInOwl:hasDbXref"))),
        parents=distinct(_names(about, wanted)),
        relationships=tuple(
            sorted(_related(name, value, graph) for value in parents if isinstance(value, ox.BlankNode))
        ),
        definitions=tuple(sorted(same, key=str)),
        equivalents=distinct(other for other in _names(about, "owl:equivalentClass") if other != name),
        disjoint=distinct(_only_names(name, about, "owl:disjointWith")),
        domains=distinct(_only_names(name, about, "rdfs:domain")),
        ranges=distinct(_only_names(name, about, "rdfs:range")),
        inverses=distinct(_only_names(name, about, "owl:inverseOf")),
        traits=tuple(trait for trait, type_ in TRAITS.items() if type_ in _names(about, "rdf:type")),
        chains=tuple(sorted(_chain(name, cell, graph) for cell in about.get("owl:propertyChainAxiom", ()))),
        obsolete="true" in [value.value for value in about.get("owl:deprecated", ())],
        replaced_by=_either(about, "IAO:0100001"),
        considered=_either(about, "oboInOwl:consider"),
        alternatives=_either(about, "oboInOwl:hasAlternativeId"),
        properties=rest,
    )


def _rest(name: str, about: _Facts, *, defined: bool) -> Iterator[tuple[str, str, str]]:
    """Yield the annotations that have no place of their own."""
    for key, values in about.items():
        for value in values:
            if isinstance(value, ox.BlankNode) or key in _SAID:
                continue
            own = key == "rdf:type" and short(value.value) in (*TYPES.values(), *TRAITS.values())
            cited = key == "IAO:0000119" and defined and isinstance(value, ox.NamedNode)
            if not own and not cited and (key, value.value) != ("dcterms:identifier", name):
                yield _property(key, value)


def _property(key: str, value: Value) -> tuple[str, str, str]:
    if isinstance(value, ox.Literal):
        return key, value.value, "xsd:string" if value.language else short(value.datatype.value)
    return key, short(value.value), ""


def _related(name: str, node: Value, graph: _Graph) -> tuple[str, str]:
    """Return relation and class of a restriction 'related to some member of a class'."""
    about = graph.facts.get(node, {})
    relation, filler = _names(about, "owl:onProperty"), _names(about, "owl:someValuesFrom")
    if len(relation) != 1 or len(filler) != 1 or set(about) - {"rdf:type", "owl:onProperty", "owl:someValuesFrom"}:
        raise FormatError(f"an axiom on {name} is no 'relation some class'", _REMEDY)
    return relation[0], filler[0]


def _definition(name: str, node: Value, graph: _Graph) -> Definition:
    about = graph.facts.get(node, {})
    if set(about) - {"rdf:type", "owl:intersectionOf"} or len(about.get("owl:intersectionOf", ())) != 1:
        raise FormatError(f"{name} is defined by something else than an intersection", _REMEDY)
    parts = _items(name, about["owl:intersectionOf"][0], graph)
    genera = distinct(short(part.value) for part in parts if isinstance(part, ox.NamedNode))
    differences = sorted({_related(name, part, graph) for part in parts if not isinstance(part, ox.NamedNode)})
    return Definition(genera, tuple(differences))


def _chain(name: str, cell: Value, graph: _Graph) -> tuple[str, ...]:
    parts = _items(name, cell, graph)
    if not all(isinstance(part, ox.NamedNode) for part in parts):
        raise FormatError(f"a chain of {name} holds something else than relations", _REMEDY)
    return tuple(short(part.value) for part in parts)


def _items(name: str, cell: Value, graph: _Graph) -> list[Value]:
    """Return the members of a list."""
    found: list[Value] = []
    seen: set[Value] = set()
    while cell != iri("rdf:nil"):
        about = graph.facts.get(cell, {})
        first, rest = about.get("rdf:first", []), about.get("rdf:rest", [])
        if cell in seen or len(first) != 1 or len(rest) != 1:
            raise FormatError(
                f"a list in an axiom on {name} is broken", "Mend it: each cell has one item and one rest."
            )
        seen.add(cell)
        found.append(first[0])
        cell = rest[0]
    return found


def _nameless(about: _Facts, key: str) -> list[Value]:
    return [value for value in about.get(key, ()) if isinstance(value, ox.BlankNode)]


def _names(about: _Facts, key: str) -> list[str]:
    return [short(value.value) for value in about.get(key, ()) if isinstance(value, ox.NamedNode)]


def _only_names(name: str, about: _Facts, key: str) -> list[str]:
    if _nameless(about, key):
        raise FormatError(f"{name} has {key} an expression without a name", _REMEDY)
    return _names(about, key)


def _either(about: _Facts, key: str) -> tuple[str, ...]:
    """Return what is given as nodes or as texts: both are usual."""
    return distinct((*_names(about, key), *_texts(about, key)))


def _texts(about: _Facts, key: str) -> list[str]:
    """Return the texts in English, or without a language."""
    found = [value for value in about.get(key, ()) if isinstance(value, ox.Literal)]
    return [value.value for value in found if not value.language or value.language.partition("-")[0] == "en"]


def _text(name: str, about: _Facts, key: str) -> str:
    found = distinct(_texts(about, key))
    if len(found) > 1:
        raise FormatError(f"{name} has several {key}: {found[0]!r} and {found[1]!r}", "Keep one, or use owl or ttl.")
    return found[0] if found else ""


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct values, as people would order them."""
    return tuple(sorted(set(values), key=lambda value: oxigraph.natural(ox.Literal(value))))
