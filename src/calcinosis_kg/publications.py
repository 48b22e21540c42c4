"""The publications that evidence cites: reads them, and names them as a citation does."""

from pathlib import Path

from calcinosis_kg import yamlfiles
from calcinosis_kg.claims import Publication
from calcinosis_kg.errors import CalcinosisKGError, InputError

NAME = "publications.yaml"
"""The file, inside the folder `ontology`."""


def read(path: Path, name: str, problems: list[CalcinosisKGError]) -> dict[str, Publication] | None:
    """Return the publications by every identifier that they have; None if the file breaks its schema.

    Args:
        path: The file.
        name: The path as messages show it.
        problems: Gets what is wrong with the file.
    """
    file, found = yamlfiles.read(path, "publications.schema.json", name)
    problems += found
    if file is None:
        return None
    known: dict[str, Publication] = {}
    for number, record in enumerate(file.content["publications"]):
        publication = Publication(
            id=record["id"],
            level=int(record["level"]),
            design=record["design"],
            also=tuple(record.get("also", ())),
            author=record.get("author", ""),
            journal=record.get("journal", ""),
            year=record.get("year", ""),
            participants=record.get("participants", ""),
            place=file.place("publications", number),
        )
        for identifier in (publication.id, *publication.also):
            if identifier in known:
                problem = f"'{identifier}' stands in {known[identifier].place} too"
                problems.append(InputError(problem, "Keep one block for each publication.", publication.place))
            known[identifier] = publication
    return known


def citation(publication: Publication) -> str:
    """Return how a publication is cited: what was seen of author, journal and year, then its identifier.

    >>> citation(Publication("PMID:31302187", 4, "systematic review", (), "Traineau H", "J Am Acad Dermatol", "2020"))
    'Traineau H, J Am Acad Dermatol 2020, PMID:31302187'
    >>> citation(Publication("PMC:8066517", 5, "narrative review"))
    'PMC:8066517'
    """
    where = " ".join(part for part in (publication.journal, publication.year) if part)
    return ", ".join(part for part in (publication.author, where, publication.id) if part)
