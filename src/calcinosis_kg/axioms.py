"""What of a graph a reasoner is given, and axioms in words.

Labels, comments and other annotations stay outside: nothing follows from them. A value of a property that is not
declared as a data property is one. Two ways of writing an axiom are
put into others that mean the same, as readers of RDF differ on them: `owl:AllDisjointClasses` and
`owl:AllDisjointProperties` become pairs, and a class disjoint with itself becomes a subclass of `owl:Nothing`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING
from xml.parsers import expat

import pyoxigraph as ox

from calcinosis_kg import oxigraph
from calcinosis_kg.errors import InputError
from calcinosis_kg.namespaces import compress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from calcinosis_kg.oxigraph import Term

OWL = "http://www.w3.org/2002/07/owl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
THING, NOTHING = OWL + "Thing", OWL + "Nothing"
TYPE, SUBCLASS, SAME = (
    ox.NamedNode(iri) for iri in (_RDF + "type", _RDFS + "subClassOf", OWL + "equivalentClass")
)  # fmt: skip
LABEL = ox.NamedNode(_RDFS + "label")
_DISJOINT = ox.NamedNode(OWL + "disjointWith")
_FIRST, _REST = ox.NamedNode(_RDF + "first"), ox.NamedNode(_RDF + "rest")
_IMPORTS, _MEMBERS = ox.NamedNode(OWL + "imports"), ox.NamedNode(OWL + "members")
_CLASS = ox.NamedNode(OWL + "Class")
_DATA_PROPERTY = ox.NamedNode(OWL + "DatatypeProperty")
_PAIRWISE = {
    ox.NamedNode(OWL + "AllDisjointClasses"): _DISJOINT,
    ox.NamedNode(OWL + "AllDisjointProperties"): ox.NamedNode(OWL + "propertyDisjointWith"),
}
_OUTSIDE = {ox.NamedNode(OWL + name) for name in ("Ontology", "Axiom", "Annotation", "AnnotationProperty")}
_ANNOTATIONS = {
    *(ox.NamedNode(_RDFS + name) for name in ("label", "comment", "seeAlso", "isDefinedBy")),
    *(ox.NamedNode(OWL + name) for name in ("versionInfo", "deprecated", "priorVersion", "backwardCompatibleWith")),
}
_PLAIN = {
    "SubClassOf": "is a kind of",
    "EquivalentTo": "is the same as",
    "DisjointWith": "has nothing in common with",
    "Type": "is an instance of",
    "DifferentFrom": "is another than",
    "SubPropertyOf": "implies",
    "InverseOf": "is the inverse of",
    "Domain": "has only subjects that are",
    "Range": "has only values that are",
    "Characteristics:": "is",
}
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|<([^>]*)>|(?<!\S)(' + "|".join(map(re.escape, _PLAIN)) + r")(?!\S)")
_RESTRICTED = re.compile(r"(SubClassOf) (?=\(?<[^>]*> (?:some|only|value|Self|min|max|exactly)\b)")
_SPECIAL = {THING: "anything", NOTHING: "nothing"}


@dataclass(frozen=True)
class Axioms:
    """The logical part of a graph.

    Attributes:
        triples: Its triples, in canonical order.
        labels: Label of each IRI that has one.
        asserted: Pairs (subclass, superclass) of named classes that the graph states; both ways if equivalent.
        imports: Ontologies that are imported but not in the graph.
    """

    triples: tuple[ox.Triple, ...]
    labels: Mapping[str, str]
    asserted: frozenset[tuple[str, str]]
    imports: tuple[str, ...]

    def rdf_xml(self) -> bytes:
        """Return the triples as RDF/XML, which every reasoner reads.

        Raises:
            InputError: A property's IRI does not end in a name, which RDF/XML demands.
        """
        try:
            content = ox.serialize(self.triples, format=ox.RdfFormat.RDF_XML) or b""
            expat.ParserCreate(namespace_separator=" ").Parse(content, True)  # noqa: FBT003 - expat takes it by place
        except (OSError, expat.ExpatError) as error:
            problem = f"RDF/XML cannot say this: {error}"
            raise InputError(problem, "Let the IRIs of properties end in a name.") from error
        return content

    @property
    def classes(self) -> frozenset[str]:
        """IRIs of the named classes that are declared."""
        declared = (triple.subject for triple in self.triples if triple.predicate == TYPE and triple.object == _CLASS)
        return frozenset(node.value for node in declared if isinstance(node, ox.NamedNode))

    def name(self, iri: str) -> str:
        """Return how a person calls what an IRI stands for: its label and CURIE."""
        if iri in _SPECIAL:
            return _SPECIAL[iri]
        return f"{self.labels[iri]} ({compress(iri)})" if iri in self.labels else compress(iri)

    def words(self, axiom: str) -> str:
        """Return an axiom in words.

        Args:
            axiom: In Manchester syntax with whole IRIs in angle brackets.

        >>> read([]).words("<http://purl.obolibrary.org/obo/DOID_182> SubClassOf <http://purl.obolibrary.org/obo/DOID_4>")
        'DOID:182 is a kind of DOID:4'
        """

        def plain(match: re.Match[str]) -> str:
            iri, keyword = match.groups()
            return self.name(iri) if iri is not None else _PLAIN[keyword] if keyword else match[0]

        return _TOKEN.sub(plain, _RESTRICTED.sub(r"\1 thing with ", axiom))

    def about(self, *starts: str) -> list[str]:
        """Return the asserted axioms on some terms and on what those are said to be, in words, nearest first.

        Without terms: those on all individuals.
        """
        facts: dict[Term | ox.Triple, list[ox.Triple]] = defaultdict(list)
        for triple in self.triples:
            facts[triple.subject].append(triple)
        waiting = [ox.NamedNode(start) for start in starts] or [
            node for node in facts if isinstance(node, ox.NamedNode) and any(_is_fact(triple) for triple in facts[node])
        ]
        found: dict[str, None] = {}
        seen = set(waiting)
        for node in waiting:
            for triple in facts[node]:
                axiom = _axiom(triple, facts)
                if axiom:
                    found[self.words(axiom)] = None
                    new = [ox.NamedNode(iri) for iri in re.findall("<([^>]*)>", axiom)]
                    waiting += dict.fromkeys(other for other in new if other not in seen)
                    seen.update(new)
        return list(found)


def read(quads: Iterable[ox.Quad]) -> Axioms:
    """Return the axioms in quads; which graphs they stand in makes no difference."""
    given = [quad.triple for quad in oxigraph.canonical(ox.Quad(*quad.triple) for quad in quads)]
    labels: dict[str, str] = {}
    outside: set[object] = set()
    valued: set[object] = set()
    for triple in given:
        if triple.predicate == LABEL and isinstance(triple.object, ox.Literal):
            labels.setdefault(getattr(triple.subject, "value", ""), triple.object.value)
        elif triple.predicate == TYPE and triple.object in _OUTSIDE:
            outside.add(triple.subject)
        elif triple.predicate == TYPE and triple.object == _DATA_PROPERTY:
            valued.add(triple.subject)
    imported = {triple.object for triple in given if triple.predicate == _IMPORTS}
    missing = {node.value for node in imported if isinstance(node, ox.NamedNode)} - {
        node.value for node in outside if isinstance(node, ox.NamedNode)
    }
    logical = [
        triple
        for triple in given
        if not {triple.subject, triple.predicate} & outside and not _is_remark(triple, valued)
    ]
    triples = tuple(sorted(set(_rewritten(logical)), key=str))
    asserted = {pair for triple in triples for pair in _pairs(triple)}
    return Axioms(triples, labels, frozenset(asserted), tuple(sorted(missing)))


def _is_remark(triple: ox.Triple, valued: set[object]) -> bool:
    """Whether it is an annotation; so is a value of a property that is not declared as a data property."""
    predicate = triple.predicate
    if isinstance(triple.object, ox.Literal) and predicate not in valued and not predicate.value.startswith(OWL):
        return True
    return predicate in _ANNOTATIONS


def _pairs(triple: ox.Triple) -> Iterator[tuple[str, str]]:
    subject, target = triple.subject, triple.object
    if isinstance(subject, ox.NamedNode) and isinstance(target, ox.NamedNode) and triple.predicate in (SUBCLASS, SAME):
        yield subject.value, target.value
        if triple.predicate == SAME:
            yield target.value, subject.value


def _rewritten(triples: list[ox.Triple]) -> Iterator[ox.Triple]:
    facts = {(triple.subject, triple.predicate): triple.object for triple in triples}
    gone: set[object] = set()
    for triple in triples:
        pairwise = _PAIRWISE.get(triple.object) if isinstance(triple.object, ox.NamedNode) else None
        if triple.predicate == TYPE and pairwise:
            cell = facts.get((triple.subject, _MEMBERS))
            members = []
            gone.add(triple.subject)
            while isinstance(cell, ox.BlankNode) and cell not in gone and (cell, _FIRST) in facts:
                gone.add(cell)
                members.append(facts[cell, _FIRST])
                cell = facts.get((cell, _REST))
            for one, other in combinations(members, 2):
                if isinstance(one, (ox.NamedNode, ox.BlankNode)):
                    yield ox.Triple(one, pairwise, other)
    for triple in triples:
        if triple.subject in gone:
            continue
        if triple.predicate == _DISJOINT and triple.subject == triple.object:
            yield ox.Triple(triple.subject, SUBCLASS, ox.NamedNode(NOTHING))
        else:
            yield triple


_FACTS = {
    SUBCLASS: "SubClassOf",
    SAME: "EquivalentTo",
    _DISJOINT: "DisjointWith",
    ox.NamedNode(_RDFS + "domain"): "Domain",
    ox.NamedNode(_RDFS + "range"): "Range",
    ox.NamedNode(_RDFS + "subPropertyOf"): "SubPropertyOf",
    ox.NamedNode(OWL + "inverseOf"): "InverseOf",
    ox.NamedNode(OWL + "differentFrom"): "DifferentFrom",
}
_QUANTIFIERS = {
    "someValuesFrom": "some", "allValuesFrom": "only", "hasValue": "value", "hasSelf": "Self", "cardinality": "exactly",
    "minCardinality": "min", "maxCardinality": "max", "qualifiedCardinality": "exactly",
    "minQualifiedCardinality": "min", "maxQualifiedCardinality": "max",
}  # fmt: skip
_CONNECTIVES = {"intersectionOf": " and ", "unionOf": " or ", "oneOf": ", "}
_KINDS = {OWL + name for name in ("Class", "NamedIndividual", "ObjectProperty", "DatatypeProperty", "Restriction")}
_CHARACTERISTIC = re.compile(re.escape(OWL) + r"(\w+)Property\Z")


def _is_fact(triple: ox.Triple) -> bool:
    """Whether it is about an individual: no word of OWL or RDF Schema, but for the class it belongs to."""
    if triple.predicate == TYPE:
        target = getattr(triple.object, "value", OWL)
        return target == OWL + "NamedIndividual" or not target.startswith((OWL, _RDFS, _RDF))
    return not triple.predicate.value.startswith((OWL, _RDFS, _RDF))


def _axiom(triple: ox.Triple, facts: Mapping[Term | ox.Triple, list[ox.Triple]]) -> str:
    """Return an axiom in Manchester syntax, or nothing where the triple is a part of one or declares a name."""
    predicate, subject, target = triple.predicate, str(triple.subject), triple.object
    if predicate in _FACTS:
        return f"{subject} {_FACTS[predicate]} {_expression(target, facts)}"
    if predicate == TYPE:
        kind = getattr(target, "value", "")
        if kind in _KINDS:
            return ""
        match = _CHARACTERISTIC.match(kind)
        return f"{subject} Characteristics: {match[1]}" if match else f"{subject} Type {_expression(target, facts)}"
    return "" if predicate.value.startswith((OWL, _RDF)) else f"{subject} {predicate} {target}"


def _expression(node: Term | ox.Triple, facts: Mapping[Term | ox.Triple, list[ox.Triple]]) -> str:
    if not isinstance(node, ox.BlankNode):
        return str(node)
    parts = {triple.predicate.value.removeprefix(OWL): triple.object for triple in facts[node]}
    for name, connective in _CONNECTIVES.items():
        if name in parts:
            return "(" + connective.join(_expression(part, facts) for part in _items(parts[name], facts)) + ")"
    if "complementOf" in parts:
        return f"not {_expression(parts['complementOf'], facts)}"
    for name, word in _QUANTIFIERS.items():
        if name in parts and "onProperty" in parts:
            value = parts[name]
            shown = value.value if isinstance(value, ox.Literal) else _expression(value, facts)
            of = f" {_expression(parts['onClass'], facts)}" if "onClass" in parts else ""
            return f"({_expression(parts['onProperty'], facts)} {word} {shown}{of})"
    return "(a class without a name)"


def _items(cell: Term | ox.Triple, facts: Mapping[Term | ox.Triple, list[ox.Triple]]) -> Iterator[Term | ox.Triple]:
    seen: set[object] = set()
    while isinstance(cell, ox.BlankNode) and cell not in seen:
        seen.add(cell)
        parts = {triple.predicate: triple.object for triple in facts[cell]}
        if _FIRST in parts:
            yield parts[_FIRST]
        cell = parts.get(_REST, cell)
