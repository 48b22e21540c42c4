"""Reads the hand-edited files under `ontology/`, and finds every mistake in one reading."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from calcinosis_kg import yamlfiles
from calcinosis_kg.claims import Claim, Curation, Document, Entity, Evidence, Hedge, NonClaim, Span
from calcinosis_kg.errors import CalcinosisKGError, InputError, PrefixError, SourceError
from calcinosis_kg.namespaces import expand
from calcinosis_kg.terms import WITHOUT_LABEL, WITHOUT_SLICE, TermIndex

Problems = list[CalcinosisKGError]


def read(ontology: Path, terms: TermIndex) -> Curation:
    """Read the document's record, the entities and the claims of an ontology folder.

    Args:
        ontology: The folder that holds `document.yaml`, `entities/` and `claims/`.
        terms: The terms that CURIEs may name; each label in the files must be the term's own.

    Raises:
        SourceError: Mistakes in the files; all of them at once, each with its file and line.
        InputError: A folder is missing.
    """
    problems: Problems = []
    document = _document(ontology, problems)
    entities = _entities(ontology, terms, document, problems)
    claims: list[Claim] = []
    non_claims: list[NonClaim] = []
    for path in _files(ontology / "claims"):
        file, found = yamlfiles.read(path, "claims.schema.json", _name(path))
        problems += found
        if file is not None:
            claims += _claims(file, entities, terms, problems)
            non_claims += _non_claims(file, problems)
    problems += _across(document, claims, non_claims)
    if problems or document is None:
        raise SourceError(sorted(problems, key=_by_place))
    order = {section: number for number, section in enumerate(document.sections)}
    claims.sort(key=lambda claim: (order[claim.section], claim.id))
    non_claims.sort(key=lambda span: (order[span.section], span.id))
    return Curation(document, tuple(claims), tuple(non_claims), dict(sorted(entities.items())))


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.yaml"))
    if not found:
        raise InputError("holds no .yaml file", "Give the ontology folder of this project, or a copy of it.", str(folder))
    return found


def _name(path: Path) -> str:
    """Return the path from the folder `ontology` on, as people know it."""
    parts = path.parts
    depth = 2 if path.name == "document.yaml" else 3
    return "/".join(parts[-depth:])


def _by_place(problem: CalcinosisKGError) -> tuple[str, int, str]:
    file, _, line = problem.place.rpartition(":")
    return (file, int(line), problem.problem) if line.isdigit() else (problem.place, 0, problem.problem)


def _document(ontology: Path, problems: Problems) -> Document | None:
    path = ontology / "document.yaml"
    file, found = yamlfiles.read(path, "document.schema.json", _name(path))
    problems += found
    if file is None:
        return None
    record = file.content
    curie, label = _split(record["id"])
    act = record["extraction"]
    return Document(
        curie, label, record["sha256"], int(record["bytes"]), int(record["code_points"]),
        act["agent"], act["method"], act["date"], tuple(record["sections"]),
    )  # fmt: skip


def _split(text: str) -> tuple[str, str]:
    curie, _, label = text.partition(" ! ")
    return curie, label


def _entities(
    ontology: Path, terms: TermIndex, document: Document | None, problems: Problems
) -> dict[str, Entity]:
    entities: dict[str, Entity] = {}
    for path in _files(ontology / "entities"):
        file, found = yamlfiles.read(path, "entities.schema.json", _name(path))
        problems += found
        for number, record in enumerate(file.content["entities"] if file else ()):
            assert file is not None  # noqa: S101 - for the type checker: without a file there are no records
            place = file.place("entities", number)
            curie, label = _split(record["id"])
            if curie in entities:
                problems.append(InputError(f"'{curie}' stands in {entities[curie].place} too", "Keep one of the two.", place))
                continue
            if document is None or curie != document.id:
                problems += _term_problems(curie, label, terms, place)
            problems += _curie_problems(record["category"], terms, place)
            symptom, symptom_label = _split(record.get("symptom", ""))
            if symptom:
                problems += _term_problems(symptom, symptom_label, terms, file.place("entities", number, "symptom"))
            entities[curie] = Entity(
                id=curie,
                label=label,
                category=record["category"],
                role=record["role"],
                match=record.get("match", ""),
                symptom=symptom,
                note=record.get("note", ""),
                place=place,
            )
    return entities


def _curie_problems(curie: str, terms: TermIndex, place: str) -> Iterator[CalcinosisKGError]:
    """Check that a CURIE can be expanded, and that its term is known and not deprecated."""
    try:
        expand(curie)
    except PrefixError as error:
        yield PrefixError(error.problem, error.remedy, place)
        return
    if curie.partition(":")[0] in WITHOUT_LABEL | WITHOUT_SLICE:
        return
    if curie not in terms:
        remedy = "Check the identifier; a new term goes into ontology/imports/terms.txt, then run scripts/make_slices.py."
        yield InputError(f"'{curie}' is in no import slice and not in calcinosis.ttl", remedy, place)
    elif terms[curie].deprecated:
        yield InputError(f"'{curie}' is deprecated", "Use the term that replaces it.", place)


def _term_problems(curie: str, label: str, terms: TermIndex, place: str) -> Iterator[CalcinosisKGError]:
    yield from _curie_problems(curie, terms, place)
    if curie in terms and terms[curie].label != label:
        remedy = "Check that the identifier is the one you mean, then copy the label."
        yield InputError(f"the label of '{curie}' is '{terms[curie].label}', not '{label}'", remedy, place)


def _entity_problems(text: str, entities: Mapping[str, Entity], place: str) -> Iterator[CalcinosisKGError]:
    """Check that a `CURIE ! label` names an entity by its own label."""
    curie, label = _split(text)
    if curie not in entities:
        try:
            expand(curie)
        except PrefixError as error:
            yield PrefixError(error.problem, error.remedy, place)
            return
        near = difflib.get_close_matches(curie, entities, n=1)
        hint = f" Did you mean {near[0]} ! {entities[near[0]].label}?" if near else ""
        yield InputError(f"'{curie}' is not an entity", f"Add it to a file of ontology/entities/.{hint}", place)
    elif entities[curie].label != label:
        remedy = "Check that the identifier is the one you mean, then copy the label."
        yield InputError(f"the label of '{curie}' is '{entities[curie].label}', not '{label}'", remedy, place)


def _span(record: Mapping[str, Any]) -> Span:
    start, end = record["span"].split("-")
    return Span(int(start), int(end), record["sha256"])


def _claims(
    file: yamlfiles.YamlFile, entities: Mapping[str, Entity], terms: TermIndex, problems: Problems
) -> Iterator[Claim]:
    for number, record in enumerate(file.content.get("claims", ())):
        way = ("claims", number)
        place = file.place(*way)
        for role in ("subject", "object"):
            problems += _entity_problems(record[role], entities, file.place(*way, role))
        problems += _curie_problems(record["predicate"], terms, file.place(*way, "predicate"))
        relation, relation_label = _split(record.get("relation", ""))
        if relation and relation.partition(":")[0] not in WITHOUT_LABEL:
            problems += _term_problems(relation, relation_label, terms, file.place(*way, "relation"))
        qualifiers = dict(record.get("qualifiers", {}))
        for key in ("population", "severity"):
            if key in qualifiers:
                problems += _entity_problems(qualifiers[key], entities, file.place(*way, "qualifiers", key))
                qualifiers[key] = _split(qualifiers[key])[0]
        for index, line in enumerate(record.get("evidence", ())):
            where = file.place(*way, "evidence", index)
            for reference in line["references"]:
                problems += _reference_problems(reference, terms, where)
        yield Claim(
            id=record["id"],
            section=file.content["section"],
            span=_span(record),
            subject=_split(record["subject"])[0],
            predicate=record["predicate"],
            object=_split(record["object"])[0],
            kind=record["kind"],
            verdict=record["verdict"],
            status=record["status"],
            relation=relation,
            hedges=tuple(Hedge(hedge["cue"], hedge["type"]) for hedge in record.get("hedges", ())),
            negation_cue=record.get("negation_cue", ""),
            qualifiers=qualifiers,
            evidence=tuple(_evidence(line) for line in record.get("evidence", ())),
            repeats=record.get("repeats", ""),
            searched=record.get("searched", ""),
            note=record.get("note", ""),
            place=place,
        )


def _evidence(line: Mapping[str, Any]) -> Evidence:
    return Evidence(line["direction"], line["directness"], line["basis"], tuple(line["references"]), line["summary"])


def _reference_problems(reference: str, terms: TermIndex, place: str) -> Iterator[CalcinosisKGError]:
    if reference.startswith(("https:", "http:", "CKG-C")):
        return
    try:
        expand(reference)
    except PrefixError as error:
        yield PrefixError(error.problem, error.remedy, place)
        return
    if reference in terms and terms[reference].deprecated:
        yield InputError(f"reference '{reference}' is deprecated", "Use the term that replaces it.", place)


def _non_claims(file: yamlfiles.YamlFile, problems: Problems) -> Iterator[NonClaim]:
    for number, record in enumerate(file.content.get("non_claims", ())):
        place = file.place("non_claims", number)
        repeats = tuple(record.get("repeats", ()))
        if record["type"].startswith("duplicate/") and not repeats:
            problems.append(InputError("a duplicate repeats no claim", "Add 'repeats: [CKG-C…]'.", place))
        yield NonClaim(
            record["id"], file.content["section"], _span(record), record["type"], repeats, record.get("note", ""), place
        )


def _across(
    document: Document | None, claims: Sequence[Claim], non_claims: Sequence[NonClaim]
) -> Iterator[CalcinosisKGError]:
    """Find what is wrong between blocks: ids, spans, sections, statuses without evidence."""
    known: dict[str, str] = {}
    ids = {claim.id for claim in claims}
    for item in (*claims, *non_claims):
        if item.id in known:
            yield InputError(f"'{item.id}' stands in {known[item.id]} too", "Give the new one the next free number.", item.place)
        known.setdefault(item.id, item.place)
        if item.span.start >= item.span.end:
            remedy = "The start comes first, and the end is the code point after the last."
            yield InputError(f"span {item.span.start}-{item.span.end} starts at or after its end", remedy, item.place)
        if document and item.span.end > document.code_points:
            problem = f"span {item.span.start}-{item.span.end} ends outside the document of {document.code_points} code points"
            yield InputError(problem, "Correct the offsets; 'calcinosis-kg verify' shows where spans stand.", item.place)
        if document and item.section not in document.sections:
            problem = f"section '{item.section}' is not in document.yaml"
            yield InputError(problem, "Add it there, or correct the file's 'section:'.", item.place)
        for repeated in item.repeats if isinstance(item.repeats, tuple) else (item.repeats,):
            if repeated and repeated not in ids:
                yield InputError(f"repeats '{repeated}', which is no claim", "Correct the id.", item.place)
    for claim in claims:
        disputed = any(line.direction == "disputes" for line in claim.evidence)
        if claim.status in ("refuted", "artefact") and not disputed:
            remedy = "Add a line of evidence with 'direction: disputes' and its reference, or change the status."
            yield InputError(f"{claim.id} is {claim.status} but nothing disputes it", remedy, claim.place)
        for line in claim.evidence:
            for reference in line.references:
                if reference.startswith("CKG-C") and reference not in ids:
                    yield InputError(f"evidence cites '{reference}', which is no claim", "Correct the id.", claim.place)
