"""Hold the KGX files of a release against the Biolink Model: its pydantic classes, and bmt with its schema.

Environment: linkml. Usage: biolink.py RELEASE_DIR. Nothing is fetched. What no class of Biolink has (our own columns,
which `docs/formats/kgx.md` lists) is left out before a class sees an edge.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import biolink_model.datamodel.pydanticmodel_v2 as biolink
from bmt import Toolkit
from pydantic import BaseModel, ValidationError

OURS = {
    "claim", "claim_source", "claim_status", "standing", "modality", "hedge_cues", "hedge_types", "negation_cue",
    "relation", "proposition", "claim_kind", "section", "verdict", "computed_status", "status_rule", "status_reason",
    "evidence_for", "evidence_qualifying", "evidence_against", "evidence_lines", "span_starts", "span_ends",
    "span_sha256", "repeats", "derived_from", "searched", "note", "max_percentage", "min_percentage", "artefact",
    "exact_mappings", "close_mappings", "broad_mappings", "narrow_mappings", "related_mappings",
}  # fmt: skip
"""Columns that are no slots of Biolink, besides those that start with `ckg_`."""
PARTS = ("edges", "negated_claims", "refuted_claims")
ENDING = "_nodes.jsonl"


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of JSON Lines; none if it is not there."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def known(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without our own columns."""
    return {name: value for name, value in row.items() if name not in OURS and not name.startswith("ckg_")}


def faults(row: dict[str, Any], lacking: Counter[str]) -> list[str]:
    """Return what the pydantic class of a row's category has against it.

    A qualifier of Biolink that this class does not have is no fault, as no class has it for such ends: it is counted.
    """
    found: type[BaseModel] | None = getattr(biolink, row["category"][0].removeprefix("biolink:"), None)
    if found is None:
        return [f"{row['id']}: no class {row['category'][0]}"]
    try:
        found(**known(row))
    except ValidationError as error:
        told = []
        for problem in error.errors():
            place = ".".join(map(str, problem["loc"]))
            if problem["type"] == "extra_forbidden" and place.endswith("_qualifier"):
                lacking[f"{row['category'][0]} {place}"] += 1
            else:
                told.append(f"{row.get('claim', row['id'])}: {place}: {problem['msg']}")
        return told
    return []


def by_toolkit(row: dict[str, Any], kit: Toolkit) -> list[str]:
    """Return what bmt has against the predicate, categories and qualifiers of an edge."""
    told = []
    if not kit.is_predicate(row["predicate"]):
        told.append(f"{row['claim']}: {row['predicate']} is no predicate")
    if not kit.is_association(row["category"][0]):
        told.append(f"{row['claim']}: {row['category'][0]} is no association")
    slots = [name for name in known(row) if name.endswith("_qualifier")]
    told += [f"{row['claim']}: {name} is no qualifier" for name in slots if not kit.is_qualifier(name)]
    return told


def main(release: Path) -> int:
    """Check every KGX of a release; return the exit code."""
    schema = str(files("biolink_model") / "schema/biolink_model.yaml")
    kit = Toolkit(schema=schema, predicate_map={"predicate mappings": []})
    stems = sorted(str(path.relative_to(release)).removesuffix(ENDING) for path in release.rglob(f"*{ENDING}"))
    told = [] if stems else [f"{release}: no file *{ENDING}"]
    for stem in stems:
        nodes = lines(release / f"{stem}{ENDING}")
        parts = {part: lines(release / f"{stem}_{part}.jsonl") for part in PARTS}
        claims = [row for part in parts.values() for row in part]
        lacking: Counter[str] = Counter()
        told += [fault for row in (*nodes, *claims) for fault in faults(row, lacking)]
        told += [fault for row in claims for fault in by_toolkit(row, kit)]
        told += [
            f"{row['id']}: {name} is no category"
            for row in nodes
            for name in row["category"]
            if not kit.is_category(name)
        ]
        told += [f"{row['claim']}: stands among the edges" for row in parts["edges"] if row["negated"]]
        told += [f"{row['claim']}: is {row['claim_status']}, and stands among the edges" for row in parts["edges"]
                 if row["claim_status"] in ("refuted", "artefact")]  # fmt: skip
        category = {row["id"]: row["category"][0] for row in nodes}
        told += [f"{row['claim']}: {row[end]} is no node" for row in claims for end in ("subject", "object")
                 if row[end] not in category]  # fmt: skip
        narrow = [row for row in claims if row["subject"] in category and row["object"] in category and not
                  kit.validate_edge(category[row["subject"]], row["predicate"], category[row["object"]])]  # fmt: skip
        counts = {
            "reader": "biolink-model, bmt",
            "file": f"{stem}{ENDING}",
            "claims": len(claims),
            "negated": sum(row["negated"] for row in claims),
            "hedged": sum(row.get("modality") == "hedged" for row in claims),
            "literature": sum(row["claim_source"] == "literature" for row in claims),
            "entities": len(nodes),
            "evidence": sum(len(row.get("evidence_lines", ())) for row in claims),
            "by_status": dict(sorted(Counter(row["claim_status"] for row in claims).items())),
            "edges": len(parts["edges"]),
            "qualifiers that no class has": sum(lacking.values()),
            "outside domain or range": len(narrow),
            "faults": len(told),
        }
        print(json.dumps(counts))
    for fault in told:
        print(fault, file=sys.stderr)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
