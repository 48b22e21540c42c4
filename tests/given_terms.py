"""Ontologies for property tests of formats: terms of every kind, with every axiom that OBO has words for."""

from dataclasses import replace

from hypothesis import strategies as st

from calcinosis_kg.interchange.ontologies import SCOPES, TRAITS, Definition, Ontology, Term
from calcinosis_kg.interchange.ontology_contents import distinct

_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), include_characters='\n"\\{}!,[]:')
_TEXTS = st.text(_LETTERS, min_size=1, max_size=9).filter(lambda text: not text.endswith("\\"))
_CLASSES = (
    *(f"{prefix}:{number:07}" for prefix in ("CKG", "DOID") for number in range(1, 5)),
    "https://example.org/a-class",
)
_RELATIONS = ("RO:0000057", "BFO:0000051", "ckgv:supports", "https://example.org/relation#1")
_ANNOTATIONS = ("ckgv:note", "biolink:category")
_OUTSIDE = ("CHEBI:24866", "PMID:12345678", "DOI:10.1000/a(b):c", "https://example.org/x?y=1#z", "DOID:99")
_PROPERTIES = ("dcterms:subject", "skos:exactMatch", "ckgv:note")


def _some(pool: tuple[str, ...], most: int = 2) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(pool), unique=True, max_size=most).map(distinct)


def _pairs(most: int = 2) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    pair = st.tuples(st.sampled_from(_RELATIONS), st.sampled_from((*_CLASSES, *_OUTSIDE[:1])))
    return st.lists(pair, unique=True, max_size=most).map(lambda found: tuple(sorted(found)))


def _values() -> st.SearchStrategy[tuple[tuple[str, str, str], ...]]:
    said = st.tuples(st.sampled_from(_PROPERTIES), _TEXTS, st.just("xsd:string"))
    flags = st.tuples(st.sampled_from(_PROPERTIES), st.sampled_from(("true", "false")), st.just("xsd:boolean"))
    addresses = st.just(("dcterms:subject", "https://example.org/as-text", "xsd:string"))
    nodes = st.tuples(st.sampled_from(_PROPERTIES), st.sampled_from((*_OUTSIDE, *_CLASSES)), st.just(""))
    return st.lists(said | flags | addresses | nodes, unique=True, max_size=3).map(lambda found: tuple(sorted(found)))


@st.composite
def _definitions(draw: st.DrawFn) -> tuple[Definition, ...]:
    genera = draw(_some(_CLASSES))
    differences = draw(_pairs())
    return (Definition(genera, differences),) if len(genera) + len(differences) > 1 else ()


@st.composite
def _term(draw: st.DrawFn, name: str) -> Term:
    kind = "class" if name in _CLASSES else "relation" if name in _RELATIONS else "annotation"
    definition = draw(st.just("") | _TEXTS)
    term = Term(
        name,
        kind,  # type: ignore[arg-type] # one of the three
        label=draw(_TEXTS if kind == "annotation" else st.just("") | _TEXTS),
        definition=definition,
        sources=draw(_some(_OUTSIDE)) if definition else (),
        comments=distinct(draw(st.lists(_TEXTS, max_size=2))),
        synonyms=tuple(sorted(set(draw(st.lists(st.tuples(st.sampled_from(tuple(SCOPES)), _TEXTS), max_size=2))))),
        properties=draw(_values()),
        replaced_by=draw(_some(_CLASSES)),
        considered=draw(_some(_CLASSES)),
        alternatives=draw(_some(_OUTSIDE[4:])),
    )
    if kind == "annotation":
        return term
    term = replace(term, xrefs=draw(_some(("UMLS_CUI:C1", "MESH:D002114", "a word", "http://example.org/x"))))
    if kind == "class" and draw(st.booleans()):
        return replace(term, obsolete=True)
    if kind == "class":
        return replace(
            term,
            parents=draw(_some(_CLASSES)),
            relationships=draw(_pairs()),
            definitions=draw(_definitions()),
            equivalents=distinct(other for other in draw(_some(_CLASSES, 1)) if other != name),
            disjoint=draw(_some(_CLASSES, 1)),
        )
    traits = draw(st.sets(st.sampled_from(tuple(TRAITS)), max_size=2))
    chain = draw(st.lists(st.sampled_from(_RELATIONS), min_size=2, max_size=2).map(tuple))
    return replace(
        term,
        parents=draw(_some(_RELATIONS)),
        domains=draw(_some(_CLASSES, 1)),
        ranges=draw(_some(_CLASSES, 1)),
        inverses=draw(_some(_RELATIONS, 1)),
        traits=tuple(trait for trait in TRAITS if trait in traits),
        chains=draw(st.sampled_from(((), (chain,)))),
    )


@st.composite
def _ontology(draw: st.DrawFn) -> Ontology:
    pools = (_CLASSES, _RELATIONS, _ANNOTATIONS)
    names = [distinct(draw(st.sets(st.sampled_from(pool), max_size=3))) for pool in pools]
    return Ontology(
        iri="https://example.org/onto.owl",
        version=draw(st.sampled_from(("", "2026-11-23"))),
        version_iri=draw(st.sampled_from(("", "https://example.org/2026-11-23/onto.owl"))),
        remarks=tuple(sorted(set(draw(st.lists(_TEXTS, max_size=2))))),
        properties=draw(_values()),
        terms=tuple(draw(_term(name)) for pool in names for name in pool),
    )


ONTOLOGIES = _ontology()
"""Ontologies in the order in which `ontology_contents.of` gives them."""
