"""What can be wrong with a curation that its schema cannot see: terms, labels, ids, spans, evidence.

Each function gives the problems that it finds, with their places; `source.read` reports them all at once.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from calcinosis_kg.claims import Claim, Document, Entity, LiteratureClaim, NonClaim, Publication
from calcinosis_kg.errors import CalcinosisKGError, InputError, PrefixError
from calcinosis_kg.namespaces import expand
from calcinosis_kg.terms import WITHOUT_LABEL, WITHOUT_SLICE, TermIndex

Problems = Iterator[CalcinosisKGError]


def _written(curie: str, place: str) -> CalcinosisKGError | None:
    """Return what keeps a CURIE or an address from being an IRI, if anything does."""
    try:
        ox.NamedNode(curie if curie.startswith(("https://", "http://")) else expand(curie))
    except PrefixError as error:
        return PrefixError(error.problem, error.remedy, place)
    except ValueError:
        return InputError(f"'{curie}' makes no valid IRI", "Correct the identifier.", place)
    return None


def curie_problems(curie: str, terms: TermIndex, place: str) -> Problems:
    """Check that a CURIE can be expanded, and that its term is known and not deprecated."""
    wrong = _written(curie, place)
    if wrong:
        yield wrong
        return
    prefix = curie.partition(":")[0]
    if prefix in WITHOUT_LABEL | WITHOUT_SLICE:
        return
    if curie not in terms:
        near = difflib.get_close_matches(curie, [term.curie for term in terms if prefix == "biolink"], n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        remedy = f"{hint}Check it; a new term goes into ontology/imports/terms.txt, then run scripts/make_slices.py."
        yield InputError(f"'{curie}' is in no import slice and not in calcinosis.ttl", remedy, place)
    elif terms[curie].deprecated:
        yield InputError(f"'{curie}' is deprecated", "Use the term that replaces it.", place)


def term_problems(curie: str, label: str, terms: TermIndex, place: str) -> Problems:
    """Check a CURIE as above, and that the label beside it is the term's own."""
    yield from curie_problems(curie, terms, place)
    if curie in terms and terms[curie].label != label:
        yield _wrong_label(curie, terms[curie].label, label, place)


def _wrong_label(curie: str, right: str, given: str, place: str) -> CalcinosisKGError:
    remedy = "Check that the identifier is the one you mean, then copy the label."
    return InputError(f"the label of '{curie}' is '{right}', not '{given}'", remedy, place)


def entity_problems(text: str, entities: Mapping[str, Entity] | None, place: str) -> Problems:
    """Check that a `CURIE ! label` names an entity by its own label; without entities, that it can be an IRI."""
    curie, _, label = text.partition(" ! ")
    wrong = _written(curie, place)
    if wrong:
        yield wrong
    elif entities is None:
        return
    elif curie not in entities:
        near = [entity.id for entity in entities.values() if entity.label == label]
        near += difflib.get_close_matches(curie, entities, n=1)
        hint = f"Did you mean {near[0]} ! {entities[near[0]].label}? " if near else ""
        remedy = f"{hint}{'Else a' if hint else 'A'}dd it to a file of ontology/entities/."
        yield InputError(f"'{curie}' is not an entity", remedy, place)
    elif entities[curie].label != label:
        yield _wrong_label(curie, entities[curie].label, label, place)


def reference_problems(reference: str, terms: TermIndex, place: str) -> Problems:
    """Check that a reference can be an IRI, and is no deprecated term; a claim's id is looked up by `links`."""
    if reference.startswith("CKG-C"):
        return
    wrong = _written(reference, place)
    if wrong:
        yield wrong
    elif reference in terms and terms[reference].deprecated:
        yield InputError(f"reference '{reference}' is deprecated", "Use the term that replaces it.", place)


def between(document: Document | None, claims: Sequence[Claim], non_claims: Sequence[NonClaim]) -> Problems:
    """Find what is wrong between blocks: ids, spans, sections, statuses without evidence."""
    known: dict[str, str] = {}
    items: list[Claim | NonClaim] = [*claims, *non_claims]
    for item in items:
        if item.id in known:
            remedy = "Give the new one the next free number."
            yield InputError(f"'{item.id}' stands in {known[item.id]} too", remedy, item.place)
        known.setdefault(item.id, item.place)
        where = f"span {item.span.start}-{item.span.end}"
        if item.span.start >= item.span.end:
            remedy = "The start comes first, and the end is the code point after the last."
            yield InputError(f"{where} starts at or after its end", remedy, item.place)
        if document and item.span.end > document.code_points:
            problem = f"{where} ends outside the document of {document.code_points} code points"
            remedy = "Correct the offsets; 'calcinosis-kg verify' shows where spans stand."
            yield InputError(problem, remedy, item.place)
        if document and item.section not in document.sections:
            problem = f"section '{item.section}' is not in document.yaml"
            yield InputError(problem, "Add it there, or correct the file's 'section:'.", item.place)
    for claim in claims:
        disputed = any(line.direction == "disputes" for line in claim.evidence)
        if claim.status in ("refuted", "artefact") and not disputed:
            remedy = "Add a line of evidence with 'direction: disputes' and its reference, or change the status."
            yield InputError(f"{claim.id} is {claim.status} but nothing disputes it", remedy, claim.place)


def links(claims: Sequence[Claim], non_claims: Sequence[NonClaim]) -> Problems:
    """Find ids that name no claim; to be asked when every file could be read."""
    ids = {claim.id for claim in claims}
    for span in non_claims:
        for repeated in span.repeats:
            if repeated not in ids:
                yield InputError(f"repeats '{repeated}', which is no claim", "Correct the id.", span.place)
    for claim in claims:
        if claim.repeats == claim.id:
            yield InputError(f"{claim.id} repeats itself", "Name the claim that it says again.", claim.place)
        elif claim.repeats and claim.repeats not in ids:
            yield InputError(f"repeats '{claim.repeats}', which is no claim", "Correct the id.", claim.place)
        for reference in (reference for line in claim.evidence for reference in line.references):
            if reference.startswith("CKG-C") and reference not in ids:
                yield InputError(f"evidence cites '{reference}', which is no claim", "Correct the id.", claim.place)


def citations(
    claims: Sequence[Claim | LiteratureClaim], publications: Mapping[str, Publication], *, whole: bool
) -> Problems:
    """Find publications that are cited and not listed, cited by a second name, or listed and not cited.

    Where not all claims could be read (`whole` is False), nothing is called uncited.
    """
    used: set[str] = set()
    for claim in claims:
        for reference in (reference for line in claim.evidence for reference in line.references):
            listed = publications.get(reference)
            if listed is None:
                if reference.startswith(("DOI:", "NCT:", "PMC:")):
                    remedy = "Add it to ontology/publications.yaml with its design and level."
                    yield InputError(f"'{reference}' is not listed", remedy, claim.place)
                continue
            used.add(listed.id)
            if reference != listed.id:
                yield InputError(f"'{reference}' is '{listed.id}' too", f"Cite it as {listed.id}.", claim.place)
        for line in claim.evidence:
            studied = line.basis in ("review", "study", "case_report")
            if studied and line.level is None and not any(_written(name, "") for name in line.references):
                remedy = "List the publication in ontology/publications.yaml with its design and level."
                yield InputError(f"a {line.basis.replace('_', ' ')} without a level is cited", remedy, claim.place)
    for publication in sorted({entry.id: entry for entry in publications.values()}.values(), key=lambda one: one.id):
        if whole and publication.id not in used:
            remedy = "Delete the block, or cite it."
            yield InputError(f"'{publication.id}' is listed, and no evidence cites it", remedy, publication.place)


def distinct(claims: Sequence[LiteratureClaim]) -> Problems:
    """Find claims of the literature with one id, or that say the same."""
    known: dict[str, LiteratureClaim] = {}
    said: dict[tuple[str, bool, tuple[tuple[str, str], ...]], LiteratureClaim] = {}
    for claim in claims:
        if claim.id in known:
            problem = f"'{claim.id}' stands in {known[claim.id].place} too"
            yield InputError(problem, "Give the new one the next free number.", claim.place)
        known.setdefault(claim.id, claim)
        key = (claim.proposition, claim.negated, tuple(sorted(claim.qualifiers.items())))
        if key in said:
            problem = f"{claim.id} says what {said[key].id} says"
            yield InputError(problem, "Put both claims' evidence under one of them.", claim.place)
        said.setdefault(key, claim)
