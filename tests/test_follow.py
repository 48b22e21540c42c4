"""Five claims through every format, each opened by a reader that is not ours: polarity, hedge and status arrive.

A format either shows the claims with all three, or holds no claim at all; there is no third kind.
"""

import csv
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import ladybug
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest

import calcinosis_kg as ckg
from calcinosis_kg import formats, outfiles, shipped
from calcinosis_kg.interchange.catalogue import CATALOGUE
from calcinosis_kg.namespaces import expand

FOLLOWED = {
    "CKG-C009": ("negated", "asserted", "accepted"),
    "CKG-C017": ("negated", "hedged", "reported"),
    "CKG-C070": ("positive", "hedged", "contested"),
    "CKG-C258": ("positive", "hedged", "refuted"),
    "CKG-C060": ("positive", "hedged", "artefact"),
}
"""What the document does with each: denied and accepted; denied and hedged; hedged and contested; refuted; artefact."""

NO_CLAIMS = {
    "owl": "the ontology alone",
    "sssom": "the mappings alone",
    "hpoa": "accepted phenotypes of HPO, NOT kept",
    "schemaorg": "accepted positive claims, as properties of a page",
}
RDF = {
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nanopubs": ox.RdfFormat.TRIG,
    "ttl12": ox.RdfFormat.TURTLE,
}
Fate = dict[str, tuple[str, str, str]]


def of_rdf(form: str, paths: list[Path]) -> Fate:
    """What an RDF parser finds, whatever graph it stands in."""
    found: dict[str, dict[str, str]] = {}
    for quad in ox.parse(paths[0].read_bytes(), format=RDF[form]):
        for name in ("biolink:negated", "ckgv:modality", "ckgv:claimStatus"):
            if quad.predicate.value == expand(name) and isinstance(quad.object, ox.NamedNode | ox.Literal):
                found.setdefault(str(quad.subject.value).rpartition("/")[2], {})[name] = quad.object.value
    return {
        claim: (
            "negated" if said["biolink:negated"] == "true" else "positive",
            said["ckgv:modality"].rpartition("/")[2],
            said["ckgv:claimStatus"].rpartition("/")[2],
        )
        for claim, said in found.items()
        if claim in FOLLOWED
    }


def of_rows(rows: list[dict[str, object]]) -> Fate:
    return {
        str(row["claim"]): (
            "negated" if str(row.get("negated")).lower() == "true" else "positive",
            str(row["modality"]),
            str(row["claim_status"]),
        )
        for row in rows
        if row["claim"] in FOLLOWED
    }


def of_tsv(_form: str, paths: list[Path]) -> Fate:
    rows: list[dict[str, object]] = []
    for path in (path for path in paths if "_nodes" not in path.name):
        with path.open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    return of_rows(rows)


def of_json_lines(_form: str, paths: list[Path]) -> Fate:
    lines = [line for path in paths if "_nodes" not in path.name for line in path.read_text("utf-8").splitlines()]
    return of_rows([json.loads(line) for line in lines])


def of_parquet(_form: str, paths: list[Path]) -> Fate:
    tables = [pq.read_table(path) for path in paths if "_nodes" not in path.name]
    return of_rows([row for table in tables for row in table.to_pylist()])


def of_cypher(_form: str, paths: list[Path]) -> Fate:
    """What an embedded engine answers that ran the scripts."""
    connection = ladybug.Connection(ladybug.Database(":memory:"))
    for path in sorted((path for path in paths if path.suffix == ".cypher"), key=lambda path: len(path.name))[::-1]:
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            connection.execute(line)
    columns = ("claim", "negated", "modality", "claim_status")
    answer: Any = connection.execute(f"MATCH (c:Claim) RETURN {', '.join(f'c.{name}' for name in columns)}")
    rows = []
    while answer.has_next():
        rows.append(dict(zip(columns, answer.get_next(), strict=True)))
    return of_rows(rows)


READERS: dict[str, Callable[[str, list[Path]], Fate]] = {
    **dict.fromkeys(RDF, of_rdf),
    "kgx": of_tsv,
    "kgx-jsonl": of_json_lines,
    "parquet": of_parquet,
    "cypher": of_cypher,
}
EVERY = [*formats.FORMATS, *CATALOGUE]


@cache
def quads() -> list[ox.Quad]:
    return list(shipped.quads())


def exported(form: str, folder: Path) -> list[Path]:
    """Every claim that the format takes, written."""
    path = folder / "followed"
    chosen = formats.choose(path, form)
    view = "claims" if form in READERS else "accepted"
    contents = formats.contents(quads(), chosen, [view], path)
    outfiles.save_all(contents)
    return [written for written, content in contents.items() if content is not None]


def test_every_format_is_of_one_kind() -> None:
    assert sorted(EVERY) == sorted([*READERS, *NO_CLAIMS])


@pytest.mark.parametrize("form", READERS)
def test_polarity_hedge_and_status_arrive(form: str, tmp_path: Path) -> None:
    assert READERS[form](form, exported(form, tmp_path)) == FOLLOWED


@pytest.mark.parametrize("form", NO_CLAIMS)
def test_what_holds_no_claim_says_none_of_them(form: str, tmp_path: Path) -> None:
    content = b"".join(path.read_bytes() for path in exported(form, tmp_path)).decode()
    assert not [claim for claim in FOLLOWED if claim in content]


def test_the_five_are_in_the_dataset_as_they_are_listed(tmp_path: Path) -> None:
    ckg.write(ckg.load(), tmp_path / "all.nq", view="all")
    assert of_rdf("nq", [tmp_path / "all.nq"]) == FOLLOWED
