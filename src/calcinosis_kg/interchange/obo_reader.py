"""Reads OBO 1.2 and 1.4 by fastobo: stanzas become terms, and what would lose a part of an axiom is refused."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from calcinosis_kg.errors import InputError, MissingExtraError
from calcinosis_kg.interchange.ontologies import TRAITS, Definition, Ontology, Term
from calcinosis_kg.interchange.ontology_contents import distinct, short
from calcinosis_kg.namespaces import prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator

_OBO = "http://purl.obolibrary.org/obo/"
_LISTS = {
    "is_a": "parents", "alt_id": "alternatives", "equivalent_to": "equivalents", "disjoint_from": "disjoint",
    "domain": "domains", "range": "ranges", "inverse_of": "inverses", "replaced_by": "replaced_by",
    "consider": "considered",
}  # fmt: skip
"""Tags of one identifier, and where that goes."""

_ANNOTATIONS = {
    "created_by": "oboInOwl:created_by",
    "creation_date": "oboInOwl:creation_date",
    "namespace": "oboInOwl:hasOBONamespace",
    "subset": "oboInOwl:inSubset",
    "expand_assertion_to": "IAO:0000425",
    "expand_expression_to": "IAO:0000424",
}
"""Tags that are annotations in OWL, by the format's own translation."""

_HARMLESS = {"is_cyclic", "builtin", "is_class_level", "is_metadata_tag"}
"""Tags of a truth value that say nothing which OWL has a word for, and the one that is the kind of a term."""

_MEANT = {"gci_relation", "gci_filler", "cardinality", "minCardinality", "maxCardinality", "all_only", "all_some"}
"""Modifiers that change what a line says; any other is a remark on it, and is left out."""


def parse(content: bytes, place: str) -> Ontology:
    """Return what a file says.

    Raises:
        InputError: It does not keep to the grammar, or says what terms cannot hold.
        MissingExtraError: fastobo is not installed.
    """
    try:
        import fastobo  # noqa: PLC0415 - optional
    except ImportError as error:
        raise MissingExtraError("fastobo", "obo") from error
    try:
        document = fastobo.loads(content.decode())
    except SyntaxError as error:
        raise InputError(f"is no OBO: {error.msg}", "Mend the line.", f"{place}:{error.lineno or 1}") from error
    except ValueError as error:  # UnicodeDecodeError is one
        raise InputError(f"is no OBO: {error}", "Mend the file.", place) from error
    return _Reader(document, place).ontology()


class _Reader:
    """Reads one file; what its identifiers stand for is said in its header and in its relations."""

    def __init__(self, document: Any, place: str) -> None:  # noqa: ANN401 - the library has no common type
        self._document = document
        self._place = place
        self._starts = dict(prefixes())
        self._header: dict[str, list[Any]] = defaultdict(list)
        for clause in document.header:
            self._header[clause.raw_tag()].append(clause)
        self._starts |= {str(clause.prefix): str(clause.url) for clause in self._header["idspace"]}
        self._iri = next((str(clause.ontology) for clause in self._header["ontology"]), "")
        if self._iri and ":" not in self._iri:
            self._iri = f"{_OBO}{self._iri}.owl"
        self._shorthands: dict[str, str] = {}
        for frame in document:
            if _kind(frame) == "Typedef" and type(frame.id).__name__ == "UnprefixedIdent":
                meant = [clause.xref.id for clause in frame if clause.raw_tag() == "xref"]
                named = [name for name in meant if type(name).__name__ == "PrefixedIdent"]
                self._shorthands[str(frame.id)] = self._name(named[0]) if named else self._local(str(frame.id))

    def ontology(self) -> Ontology:
        """Return all of it."""
        for tag in self._header:
            if tag.startswith("treat-xrefs") or tag == "owl-axioms":
                raise self._refused(
                    f"the header's {tag} makes axioms that terms do not show", "Convert the file to OWL."
                )
        terms = [self._term(frame) for frame in self._document if _kind(frame) != "Instance"]
        properties = [self._property(clause.property_value) for clause in self._header["property_value"]]
        properties += [("owl:imports", short(str(clause.reference)), "") for clause in self._header["import"]]
        version_iri = [value for key, value, _ in properties if key == "owl:versionIRI"]
        ranks = {"class": 0, "relation": 1, "annotation": 2}
        order = {name: place for place, name in enumerate(distinct(term.id for term in terms))}
        return Ontology(
            iri=self._iri,
            version=next((str(clause.version) for clause in self._header["data-version"]), ""),
            version_iri=next(iter(version_iri), ""),
            remarks=tuple(sorted(clause.remark for clause in self._header["remark"])),
            properties=tuple(sorted(value for value in properties if value[0] != "owl:versionIRI")),
            terms=tuple(sorted(terms, key=lambda term: (ranks[term.kind], order[term.id]))),
        )

    def _term(self, frame: Any) -> Term:  # noqa: ANN401 - as above
        name = self._name(frame.id)
        lines: dict[str, list[Any]] = defaultdict(list)
        for clause in frame:
            said = sorted({str(item.key) for item in clause.qualifiers or ()} & _MEANT)
            if said:
                raise self._refused(f"a line of {name} has the modifier {said[0]}", "Convert the file to OWL.")
            lines[clause.raw_tag()].append(clause)
        relation = _kind(frame) == "Typedef"
        true = {tag for tag, found in lines.items() if [clause.raw_value() for clause in found] == ["true"]}
        metadata = relation and "is_metadata_tag" in true
        fields: dict[str, Any] = {
            field: distinct(self._name(getattr(clause, _attribute(clause))) for clause in lines.pop(tag, ()))
            for tag, field in _LISTS.items()
        }
        chains = [tuple(map(self._name, (clause.first, clause.last))) for clause in lines.pop("holds_over_chain", ())]
        chains += [(name, self._name(clause.typedef)) for clause in lines.pop("transitive_over", ())]
        definition = next(iter(lines.pop("def", ())), None)
        parts = lines.pop("intersection_of", [])
        genera = distinct(self._name(clause.term) for clause in parts if clause.typedef is None)
        differences = {(self._name(clause.typedef), self._name(clause.term)) for clause in parts if clause.typedef}
        found = Term(
            id=name,
            kind=("annotation" if metadata else "relation") if relation else "class",
            label=next((clause.name for clause in lines.pop("name", ())), ""),
            definition=definition.definition if definition else "",
            sources=distinct(self._written(xref.id) for xref in definition.xrefs) if definition else (),
            comments=tuple(clause.comment for clause in lines.pop("comment", ())),
            synonyms=tuple(
                sorted({(clause.synonym.scope, clause.synonym.desc) for clause in lines.pop("synonym", ())})
            ),
            xrefs=distinct(self._written(clause.xref.id) for clause in lines.pop("xref", ())),
            relationships=tuple(sorted(map(self._pair, lines.pop("relationship", ())))),
            definitions=(Definition(genera, tuple(sorted(differences))),) if parts else (),
            traits=tuple(trait for trait in TRAITS if trait in true),
            chains=tuple(sorted(chains)),
            obsolete="is_obsolete" in true,
            properties=tuple(sorted(self._properties(lines))),
            **fields,
        )
        self._check(name, lines, true)
        return found

    def _pair(self, clause: Any) -> tuple[str, str]:  # noqa: ANN401 - as above
        target = clause.term if hasattr(clause, "term") else clause.target
        return self._name(clause.typedef), self._name(target)

    def _properties(self, lines: dict[str, list[Any]]) -> Iterator[tuple[str, str, str]]:
        for clause in lines.pop("property_value", ()):
            yield self._property(clause.property_value)
        for tag, key in _ANNOTATIONS.items():
            yield from ((key, clause.raw_value().strip('"'), "xsd:string") for clause in lines.pop(tag, ()))

    def _property(self, value: Any) -> tuple[str, str, str]:  # noqa: ANN401 - as above
        predicate = self._name(value.relation)
        if hasattr(value, "datatype"):
            return predicate, value.value, self._name(value.datatype)
        return predicate, self._name(value.value), ""

    def _check(self, name: str, lines: dict[str, list[Any]], true: set[str]) -> None:
        """Find a line that is an axiom and was not read."""
        for tag in lines:
            if tag not in {*TRAITS, *_HARMLESS, "is_obsolete"} and not (tag.startswith("is_") and tag not in true):
                raise self._refused(f"'{tag}' of {name} cannot be read here", "Convert the file to OWL.")

    def _name(self, ident: Any) -> str:  # noqa: ANN401 - as above
        """Return an identifier as a CURIE of ours, or as an IRI."""
        if type(ident).__name__ == "PrefixedIdent":
            return short(self._starts.get(ident.prefix, f"{_OBO}{ident.prefix}_") + ident.local)
        written = str(ident)
        if type(ident).__name__ == "Url":
            return short(written)
        return self._shorthands.get(written) or self._local(written)

    def _local(self, written: str) -> str:
        return (self._iri.removesuffix(".owl") or f"{_OBO}unknown") + f"#{written}"

    def _written(self, ident: Any) -> str:  # noqa: ANN401 - as above
        """Return what a cross-reference names: many have a prefix that stands for nothing."""
        if type(ident).__name__ == "PrefixedIdent" and ident.prefix not in self._starts:
            return f"{ident.prefix}:{ident.local}"
        return ident.unescaped if type(ident).__name__ == "UnprefixedIdent" else self._name(ident)

    def _refused(self, problem: str, remedy: str) -> InputError:
        return InputError(problem, remedy, self._place)


def _kind(frame: Any) -> str:  # noqa: ANN401 - as above
    return type(frame).__name__.removesuffix("Frame")


def _attribute(clause: Any) -> str:  # noqa: ANN401 - as above
    """Return the name of the attribute that holds the identifier of a line."""
    return next(name for name in ("term", "typedef", "alt_id", "domain", "range", "id") if hasattr(clause, name))
