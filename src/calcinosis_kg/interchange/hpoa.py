"""Phenotypes as HPO annotations: the columns of `phenotype.hpoa`.

What the columns and evidence codes mean:
https://obophenotype.github.io/human-phenotype-ontology/annotations/phenotype_hpoa/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from calcinosis_kg.interchange import contents

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph as ox

    from calcinosis_kg.interchange.associations import Association, Contents, Line

COLUMNS = (
    "database_id", "disease_name", "qualifier", "hpo_id", "reference", "evidence", "onset", "frequency", "sex",
    "modifier", "aspect", "biocuration",
)  # fmt: skip

_HEAD = (
    "#description: calcinosis-kg: phenotypes of calcinosis and its forms, as one published page has them",
    "#status: accepted claims alone; what is reported, contested, refuted or an artefact is not in this file",
    "#hedges: not held; a row says that patients have it, not how often",
    "#license: https://creativecommons.org/licenses/by/4.0/",
    "#homepage: https://w3id.org/calcinosis-kg/",
)
_STUDIES = ("study", "caseReport")
_ABOUT_TERMS = ("HP:", "DOID:", "MONDO:", "CKG:", "CKG-")


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return the content of the file, by its ending: a row for each claim and source that directly supports it."""
    found = contents.of(quads)
    rows = [row for claim in held(found) for row in _rows(claim, found)]
    lines = [*_HEAD, "\t".join(COLUMNS), *("\t".join(row) for row in rows)]
    return {".hpoa": "".join(f"{line}\n" for line in lines).encode()}


def held(found: Contents) -> list[Association]:
    """Return the claims that a row can say: accepted, on an HP term, without a qualifier, with a source to name.

    >>> from calcinosis_kg import shipped
    >>> [claim.id for claim in held(contents.of(shipped.quads()))][:3]
    ['CKG-C004', 'CKG-C005', 'CKG-C024']
    """
    return [
        claim
        for claim in found.associations
        if claim.predicate == "biolink:has_phenotype"
        and claim.object.startswith("HP:")
        and claim.status == "accepted"
        and not claim.qualifiers
        and any(_sources(claim))
    ]


def _rows(claim: Association, found: Contents) -> Iterator[tuple[str, ...]]:
    names = {entity.id: " ".join(entity.label.split()) for entity in found.entities}
    for reference, line in _sources(claim):
        yield (
            claim.subject, names.get(claim.subject, ""), "NOT" if claim.negated else "", claim.object, reference,
            _code(reference, line), "", "", "", "", "P", f"calcinosis-kg:{claim.id}",
        )  # fmt: skip


def _sources(claim: Association) -> Iterator[tuple[str, Line]]:
    """Yield each source from outside that says directly what the claim says, once, with the first line that cites it.

    A term that is named beside its source is none itself, nor are the document and other claims of it.
    """
    seen = set()
    for line in claim.evidence:
        if line.direction == "supports" and line.directness == "direct" and line.basis != "page":
            for reference in line.references:
                if not reference.startswith(_ABOUT_TERMS) and reference not in seen:
                    seen.add(reference)
                    yield reference, line


def _code(reference: str, line: Line) -> str:
    """Return the evidence code: PCS for a published study of patients, TAS for what others have written."""
    published = reference.startswith(("PMID:", "PMC:", "DOI:"))
    return "PCS" if line.basis in _STUDIES and published else "TAS"
