"""Contents for property tests of formats: claims of every status, polarity, hedge and source."""

from hypothesis import strategies as st

from calcinosis_kg.claims import STATUSES, Span
from calcinosis_kg.interchange.associations import QUALIFIERS, Association, Contents, Entity, Line

_WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=12
).filter(lambda text: text == text.strip())
_NUMBERS = st.integers(1, 9_999_999)
_ENDS = st.sampled_from(("DOID", "HP", "CHEBI", "CKG", "UBERON")).flatmap(
    lambda prefix: _NUMBERS.map(lambda number: f"{prefix}:{number:07}")
)
_CATEGORIES = st.sampled_from(("biolink:Disease", "biolink:PhenotypicFeature", "biolink:ChemicalEntity"))


def _value(key: str) -> st.SearchStrategy[str]:
    if key in ("biolink:population_context_qualifier", "ckgv:severityContext"):
        return _ENDS
    if key == "ckgv:scope":
        return st.just("ckgv:someSubclasses")
    if key.endswith("Percentage"):
        return st.integers(0, 100).map(str)
    return st.sampled_from(("increased", "decreased")) if "direction" in key else _WORDS


@st.composite
def _lines(draw: st.DrawFn, claim: str) -> tuple[Line, ...]:
    count = draw(st.integers(0, 2))
    return tuple(
        Line(
            id=f"{claim}-ev{number}",
            direction=draw(st.sampled_from(("supports", "qualifies", "disputes"))),
            directness=draw(st.sampled_from(("direct", "indirect"))),
            basis=draw(st.sampled_from(("study", "review", "page"))),
            references=tuple(sorted(draw(st.lists(_NUMBERS.map("PMID:{:08}".format), unique=True, max_size=2)))),
            summary=draw(_WORDS),
            level=draw(st.none() | st.integers(1, 5)),
            types=("ECO:0000033",),
        )
        for number in range(count)
    )


@st.composite
def _associations(draw: st.DrawFn, number: int) -> Association:
    of_page = draw(st.booleans())
    name = f"CKG-{'C' if of_page else 'L'}{number:03}"
    hedges = draw(st.lists(st.tuples(_WORDS, st.sampled_from(("frequency", "possibility"))), max_size=2))
    keys = draw(st.sets(st.sampled_from(QUALIFIERS), max_size=3))
    negated = draw(st.booleans())
    start = draw(st.integers(0, 5000))
    status = draw(st.sampled_from(STATUSES))
    return Association(
        id=name,
        source="document" if of_page else "literature",
        label=draw(_WORDS),
        category="biolink:Association",
        subject=draw(_ENDS),
        predicate=draw(st.sampled_from(("biolink:affects", "biolink:associated_with", "biolink:has_phenotype"))),
        object=draw(_ENDS),
        relation=draw(st.sampled_from(("", "RO:0002200", "RO:0002597"))),
        negated=negated,
        negation_cue=draw(_WORDS) if negated and of_page else "",
        modality=("hedged" if hedges else "asserted") if of_page else "",
        hedges=tuple(hedges) if of_page else (),
        status=status,
        computed_status=draw(st.sampled_from((status, "reported"))),
        status_reason=draw(st.just("") | _WORDS),
        rule="directly-supported",
        verdict="supported" if of_page else "",
        kind=draw(st.sampled_from(("treatment", "symptom"))),
        section=draw(_WORDS),
        qualifiers=tuple((key, draw(_value(key))) for key in QUALIFIERS if key in keys),
        knowledge_level=draw(st.sampled_from(("not_provided", "knowledge_assertion"))),
        agent_type="not_provided",
        proposition=draw(st.integers(0, 2**64 - 1).map("{:016x}".format)),
        spans=(Span(start, start + draw(st.integers(1, 99)), f"{start:064x}"),) if of_page else (),
        repeats=draw(st.sampled_from(("", "CKG-C900"))) if of_page else "",
        derived_from=("CKG:0000071",) if of_page else (),
        evidence=draw(_lines(name)),
        searched=draw(st.just("") | _WORDS) if of_page else "",
        note=draw(st.just("") | _WORDS),
    )


@st.composite
def _contents(draw: st.DrawFn) -> Contents:
    numbers = sorted(draw(st.sets(st.integers(1, 999), min_size=1, max_size=3)))
    claims = [draw(_associations(number)) for number in numbers]
    associations = tuple(sorted(claims, key=lambda claim: (claim.source != "document", claim.id)))
    named = {end for claim in claims for end in (claim.subject, claim.object)}
    named |= {value for claim in claims for key, value in claim.qualifiers if key in QUALIFIERS[1:2] + QUALIFIERS[5:6]}
    entities = tuple(
        Entity(
            curie,
            draw(st.just("") | _WORDS),
            (draw(_CATEGORIES),),
            draw(st.just("") | _WORDS),
            tuple(sorted(draw(st.lists(_WORDS, unique=True, max_size=2)))),
            draw(st.sampled_from(((), (("skos:exactMatch", "MONDO:0000001"), ("oboInOwl:hasDbXref", "UMLS:C1"))))),
            draw(st.booleans()),
        )
        for curie in sorted(named)
    )
    return Contents(entities, associations)


CONTENTS = _contents()
"""Contents in the order in which `contents.of` gives them."""
