"""HPO annotations: only what is accepted, NOT kept, and read by others."""

import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import hpotk
import pandas as pd
import pytest
from hpotk.annotations.load.hpoa import SimpleHpoaDiseaseLoader
from hypothesis import given, settings

from calcinosis_kg import shipped, views
from calcinosis_kg.interchange import contents, hpoa, restored
from calcinosis_kg.interchange.associations import Association, Contents, Entity, Line
from calcinosis_kg.merging import readers, records
from given_contents import CONTENTS


def claim(number: int, phenotype: str, status: str = "accepted", *, negated: bool = False) -> Association:
    """Return an invented claim; the phenotypes of this file are invented too."""
    texts = dict.fromkeys(
        (
            "label", "relation", "negation_cue", "computed_status", "status_reason", "rule", "verdict", "section",
            "proposition", "repeats", "searched", "note",
        ),
        "",
    )  # fmt: skip
    name = f"CKG-C{number}"
    line = Line(f"{name}-ev1", "supports", "direct", "study", ("PMID:9999901",), "seen", None, ())
    return Association(
        id=name, source="document", category="biolink:Association", subject="DOID:9999902",
        predicate="biolink:has_phenotype", object=phenotype, negated=negated, modality="asserted", hedges=(),
        status=status, kind="symptom", qualifiers=(), knowledge_level="not_provided", agent_type="not_provided",
        spans=(), derived_from=(), evidence=(line,), **texts,
    )  # fmt: skip


INVENTED = Contents(
    (Entity("DOID:9999902", "invented disease", ("biolink:Disease",)),),
    (
        claim(1, "HP:9999903"),
        claim(2, "HP:9999904", negated=True),
        claim(3, "HP:9999905", "refuted"),
        claim(4, "HP:9999906", "reported", negated=True),
        claim(5, "CKG:9999907"),
    ),
)


def table(content: bytes) -> list[dict[str, str]]:
    frame = pd.read_csv(io.BytesIO(content), sep="\t", comment="#", dtype=str, keep_default_na=False)
    assert tuple(frame.columns) == hpoa.COLUMNS
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


@pytest.fixture
def invented(tmp_path: Path) -> Path:
    path = tmp_path / "invented.hpoa"
    path.write_bytes(hpoa.write(list(restored.quads(INVENTED)))[".hpoa"])
    return path


def test_only_accepted_claims_are_rows_and_not_is_kept(invented: Path) -> None:
    rows = table(invented.read_bytes())
    assert [(row["hpo_id"], row["qualifier"], row["evidence"], row["biocuration"]) for row in rows] == [
        ("HP:9999903", "", "PCS", "calcinosis-kg:CKG-C1"),
        ("HP:9999904", "NOT", "PCS", "calcinosis-kg:CKG-C2"),
    ]


@settings(max_examples=60)
@given(CONTENTS)
def test_no_row_says_more_than_its_claim(found: Contents) -> None:
    line = Line("", "supports", "direct", "study", ("PMID:9999901",), "seen", None, ())
    claims = tuple(
        dataclasses.replace(
            one,
            predicate="biolink:has_phenotype",
            object="HP:9999903",
            evidence=(*one.evidence, dataclasses.replace(line, id=f"{one.id}-ev9")),
        )
        for one in found.associations
    )
    rows = table(hpoa.write(list(restored.quads(Contents(found.entities, claims))))[".hpoa"])
    told = {row["biocuration"].removeprefix("calcinosis-kg:"): row["qualifier"] for row in rows}
    assert told == {
        one.id: "NOT" if one.negated else "" for one in claims if one.status == "accepted" and not one.qualifiers
    }
    supporting = {
        ref for one in claims for line in one.evidence if line.direction == "supports" for ref in line.references
    }
    assert {row["reference"] for row in rows} <= supporting
    assert {row["evidence"] for row in rows} <= {"PCS", "TAS"}


def test_our_merge_reads_the_rows(invented: Path) -> None:
    edges = [
        row
        for batch in readers.read(invented, strict=True)
        if batch.kind == records.EDGES
        for row in batch.table.to_pylist()
    ]
    assert [(row["subject"], row["predicate"], row["object"], row["negated"]) for row in edges] == [
        ("DOID:9999902", "biolink:has_phenotype", "HP:9999903", False),
        ("DOID:9999902", "biolink:has_phenotype", "HP:9999904", True),
    ]


def test_hpo_toolkit_reads_the_rows(invented: Path, tmp_path: Path) -> None:
    def node(name: str) -> dict[str, str]:
        return {"id": f"http://purl.obolibrary.org/obo/{name}", "lbl": name, "type": "CLASS"}

    names = ("HP_0000001", "HP_0000118", "HP_0003674", "HP_9999903", "HP_9999904")
    edges = [
        {"sub": node(name)["id"], "pred": "is_a", "obj": node(parent)["id"]}
        for name, parent in zip(names[1:], ("HP_0000001", "HP_0000001", "HP_0000118", "HP_0000118"), strict=True)
    ]
    meta = {"version": "invented"}
    (path := tmp_path / "invented.json").write_text(
        json.dumps({"graphs": [{"nodes": [node(name) for name in names], "edges": edges, "meta": meta}]})
    )
    diseases = SimpleHpoaDiseaseLoader(hpotk.load_minimal_ontology(str(path))).load(str(invented))
    disease: Any = next(iter(diseases))
    assert len(diseases) == 1
    assert disease.name == "invented disease"
    assert {str(one.identifier): one.is_present for one in disease.annotations} == {
        "HP:9999903": True,
        "HP:9999904": False,
    }


def test_the_shipped_rows_have_a_source_each() -> None:
    accepted = views.select(shipped.quads(), ["accepted"])
    rows = table(hpoa.write(accepted)[".hpoa"])
    assert {row["biocuration"].partition(":")[2] for row in rows} == {
        claim.id for claim in hpoa.held(contents.of(accepted))
    }
    assert len(rows) == 10
    assert {row["database_id"] for row in rows} == {"DOID:182"}
    assert all(row["reference"] and row["aspect"] == "P" for row in rows)
    every = hpoa.held(contents.of(shipped.quads()))
    assert len(every) - len(hpoa.held(contents.of(accepted))) == 2  # the literature says two more of its own
