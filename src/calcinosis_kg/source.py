"""Reads the hand-edited files under `ontology/`, and finds every mistake in one reading."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from calcinosis_kg import checks, publications, yamlfiles
from calcinosis_kg.claims import (
    Claim,
    Curation,
    Document,
    Entity,
    Evidence,
    Hedge,
    LiteratureClaim,
    NonClaim,
    Publication,
    Span,
)
from calcinosis_kg.errors import CalcinosisKGError, InputError, SourceError
from calcinosis_kg.terms import WITHOUT_LABEL, TermIndex

Problems = list[CalcinosisKGError]


def read(ontology: Path, terms: TermIndex) -> Curation:
    """Read the document's record, the entities and the claims of an ontology folder.

    Args:
        ontology: The folder that holds `document.yaml`, `publications.yaml`, `entities/`, `claims/` and `literature/`.
        terms: The terms that CURIEs may name; each label in the files must be the term's own.

    Raises:
        SourceError: Mistakes in the files; all of them at once, each with its file and line.
        InputError: A folder is missing.
    """
    problems: Problems = []
    document = _document(ontology, problems)
    files, whole = _files(ontology / "entities", "entities.schema.json", problems)
    entities = _entities(files, terms, document, problems)
    known = entities if whole else None
    path = ontology / publications.NAME
    listed = publications.read(path, _name(path), problems)
    files, whole = _files(ontology / "claims", "claims.schema.json", problems)
    claims: list[Claim] = []
    non_claims: list[NonClaim] = []
    for file in files:
        claims += _claims(file, known, listed or {}, terms, problems)
        non_claims += _non_claims(file, problems)
    beyond, whole_too = _literature(ontology, known, listed or {}, terms, problems)
    if listed is not None:
        problems += checks.citations([*claims, *beyond], listed, whole=whole and whole_too)
    problems += checks.between(document, claims, non_claims)
    problems += checks.distinct(beyond)
    if whole:
        problems += checks.links(claims, non_claims)
    if problems or document is None:
        raise SourceError(sorted(problems, key=_by_place))
    order = {section: number for number, section in enumerate(document.sections)}
    claims.sort(key=lambda claim: (order[claim.section], claim.id))
    non_claims.sort(key=lambda span: (order[span.section], span.id))
    beyond.sort(key=lambda claim: claim.id)
    return Curation(
        document, tuple(claims), tuple(non_claims), dict(sorted(entities.items())), listed or {}, tuple(beyond)
    )


def _files(folder: Path, schema: str, problems: Problems) -> tuple[list[yamlfiles.YamlFile], bool]:
    """Return the folder's good files in order of name, and whether that is all of them.

    What stands in a wrong file is not known, so nothing is called missing then.
    """
    found = sorted(folder.glob("*.yaml"))
    if not found:
        problem = "holds no .yaml file" if folder.is_dir() else "is not a folder"
        raise InputError(problem, "Give the ontology folder of this project, or a copy of it.", str(folder))
    files: list[yamlfiles.YamlFile] = []
    for path in found:
        file, wrong = yamlfiles.read(path, schema, _name(path))
        problems += wrong
        files += [file] if file else []
    misnamed = sorted(folder.glob("*.yml"))
    problems += [InputError("is not read: it ends in .yml", "Rename it to .yaml.", _name(path)) for path in misnamed]
    return files, len(files) == len(found) and not misnamed


def _name(path: Path) -> str:
    """Return the path from the folder `ontology` on, as people know it."""
    parts = path.parts
    depth = 2 if path.name in ("document.yaml", publications.NAME) else 3
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
    try:
        dt.date.fromisoformat(act["date"])
    except ValueError:
        where = file.place("extraction", "date")
        problems.append(InputError(f"'{act['date']}' is no day of the calendar", "Write a date: 2026-11-23.", where))
    return Document(
        curie, label, record["sha256"], int(record["bytes"]), int(record["code_points"]),
        act["agent"], act["method"], act["date"], tuple(record["sections"]),
    )  # fmt: skip


def _split(text: str) -> tuple[str, str]:
    curie, _, label = text.partition(" ! ")
    return curie, label


def _entities(
    files: Sequence[yamlfiles.YamlFile], terms: TermIndex, document: Document | None, problems: Problems
) -> dict[str, Entity]:
    entities: dict[str, Entity] = {}
    for file in files:
        for number, record in enumerate(file.content["entities"]):
            way = ("entities", number)
            place = file.place(*way)
            curie, label = _split(record["id"])
            if curie in entities:
                problem = f"'{curie}' stands in {entities[curie].place} too"
                problems.append(InputError(problem, "Keep one of the two.", place))
                continue
            if document is None or curie != document.id:
                problems += checks.term_problems(curie, label, terms, place)
            problems += checks.curie_problems(record["category"], terms, file.place(*way, "category"))
            symptom, symptom_label = _split(record.get("symptom", ""))
            if symptom:
                problems += checks.term_problems(symptom, symptom_label, terms, file.place(*way, "symptom"))
            entities[curie] = Entity(
                id=curie,
                # A wrong label is told here, and not again at each claim that has the right one.
                label=terms[curie].label if curie in terms else label,
                category=record["category"],
                role=record["role"],
                match=record.get("match", ""),
                symptom=symptom,
                note=record.get("note", ""),
                place=place,
            )
    return entities


def _span(record: Mapping[str, Any]) -> Span:
    start, end = record["span"].split("-")
    return Span(int(start), int(end), record["sha256"])


def _claims(
    file: yamlfiles.YamlFile,
    entities: Mapping[str, Entity] | None,
    listed: Mapping[str, Publication],
    terms: TermIndex,
    problems: Problems,
) -> Iterator[Claim]:
    for number, record in enumerate(file.content.get("claims", ())):
        problems += _said_problems(file, number, record, entities, terms)
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
            relation=_split(record.get("relation", ""))[0],
            hedges=tuple(Hedge(hedge["cue"], hedge["type"]) for hedge in record.get("hedges", ())),
            negation_cue=record.get("negation_cue", ""),
            qualifiers=_qualifiers(record),
            evidence=tuple(_evidence(line, listed) for line in record.get("evidence", ())),
            repeats=record.get("repeats", ""),
            searched=record.get("searched", ""),
            note=record.get("note", ""),
            status_reason=record.get("status_reason", ""),
            place=file.place("claims", number),
        )


def _literature(
    ontology: Path,
    entities: Mapping[str, Entity] | None,
    listed: Mapping[str, Publication],
    terms: TermIndex,
    problems: Problems,
) -> tuple[list[LiteratureClaim], bool]:
    """Read what publications claim beyond the document, and whether all of it could be read; there may be none."""
    if not (ontology / "literature").is_dir():
        return [], True
    claims: list[LiteratureClaim] = []
    files, whole = _files(ontology / "literature", "literature.schema.json", problems)
    for file in files:
        for number, record in enumerate(file.content["claims"]):
            problems += _said_problems(file, number, record, entities, terms)
            claims.append(
                LiteratureClaim(
                    id=record["id"],
                    topic=file.content["topic"],
                    subject=_split(record["subject"])[0],
                    predicate=record["predicate"],
                    object=_split(record["object"])[0],
                    kind=record["kind"],
                    evidence=tuple(_evidence(line, listed) for line in record["evidence"]),
                    relation=_split(record.get("relation", ""))[0],
                    negated=record.get("negated", False),
                    qualifiers=_qualifiers(record),
                    note=record.get("note", ""),
                    place=file.place("claims", number),
                )
            )
    return claims, whole


_TERMS_IN_QUALIFIERS = ("population", "severity")


def _said_problems(
    file: yamlfiles.YamlFile,
    number: int,
    record: Mapping[str, Any],
    entities: Mapping[str, Entity] | None,
    terms: TermIndex,
) -> Iterator[CalcinosisKGError]:
    """Find what is wrong with the terms and references of one claim."""
    way = ("claims", number)
    for role in ("subject", "object"):
        yield from checks.entity_problems(record[role], entities, file.place(*way, role))
    yield from checks.curie_problems(record["predicate"], terms, file.place(*way, "predicate"))
    relation, label = _split(record.get("relation", ""))
    if relation and relation.partition(":")[0] not in WITHOUT_LABEL:
        yield from checks.term_problems(relation, label, terms, file.place(*way, "relation"))
    for key in _TERMS_IN_QUALIFIERS:
        if key in record.get("qualifiers", {}):
            where = file.place(*way, "qualifiers", key)
            yield from checks.entity_problems(record["qualifiers"][key], entities, where)
    for index, line in enumerate(record.get("evidence", ())):
        for reference in line["references"]:
            yield from checks.reference_problems(reference, terms, file.place(*way, "evidence", index))


def _qualifiers(record: Mapping[str, Any]) -> dict[str, str]:
    given = record.get("qualifiers", {})
    return {key: _split(content)[0] if key in _TERMS_IN_QUALIFIERS else content for key, content in given.items()}


def _evidence(line: Mapping[str, Any], listed: Mapping[str, Publication]) -> Evidence:
    """Return a line of evidence; unless it has a level of its own, that of its strongest publication."""
    cited = [listed[reference].level for reference in line["references"] if reference in listed]
    level = int(line["level"]) if "level" in line else min(cited, default=None)
    references = tuple(line["references"])
    return Evidence(line["direction"], line["directness"], line["basis"], references, line["summary"], level)


def _non_claims(file: yamlfiles.YamlFile, problems: Problems) -> Iterator[NonClaim]:
    for number, record in enumerate(file.content.get("non_claims", ())):
        place = file.place("non_claims", number)
        repeats = tuple(record.get("repeats", ()))
        if record["type"].startswith("duplicate/") and not repeats:
            problems.append(InputError("a duplicate repeats no claim", "Add 'repeats: [CKG-C…]'.", place))
        yield NonClaim(
            record["id"], file.content["section"], _span(record), record["type"], repeats, record.get("note", ""), place
        )
