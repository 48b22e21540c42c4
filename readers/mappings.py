"""Holds the SSSOM file of a release against the schema of SSSOM with sssom-py, and its rows against the dataset.

Environment: linkml. Usage: mappings.py RELEASE_DIR. Nothing is fetched.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import rdflib
from sssom.constants import SchemaValidationType
from sssom.parsers import parse_sssom_table
from sssom.validators import validate

SSSOM = rdflib.Namespace("https://w3id.org/sssom/")
CHECKS = (
    SchemaValidationType.JsonSchema,
    SchemaValidationType.PrefixMapCompleteness,
    SchemaValidationType.StrictCurieFormat,
)


def main(release: Path) -> None:
    """Print a line of counts; exit 1 if the file is not valid, or says something else than the dataset."""
    path = release / "data" / "calcinosis-kg.sssom.tsv"
    found = parse_sssom_table(path)
    try:
        reports = validate(found, list(CHECKS), fail_on_error=True)
    except Exception as error:  # noqa: BLE001 - it has errors of several libraries
        sys.exit(f"{path}: is not valid: {error}")
    for check, report in reports.items():
        if report.results:
            sys.exit(f"{path}: {check.value}: {report.results[0].message}")
    for slot in ("mapping_set_id", "mapping_set_version", "license"):
        if not found.metadata.get(slot):
            sys.exit(f"{path}: the header has no {slot}")
    dataset = rdflib.Dataset()
    dataset.parse(release / "data" / "calcinosis-kg.nq", format="nquads")
    rows = {node for node, _, _, _ in dataset.quads((None, rdflib.RDF.type, SSSOM.Mapping, None))}
    denied = {node for node, _, _, _ in dataset.quads((None, SSSOM.predicate_modifier, None, None))}
    modifiers = found.df["predicate_modifier"].eq("Not").sum()
    if (len(found.df), modifiers) != (len(rows), len(denied)):
        sys.exit(f"{path}: has {len(found.df)} rows, {modifiers} denied; the dataset {len(rows)}, {len(denied)} denied")
    counts = {"reader": "sssom", "file": f"data/{path.name}", "view": "all", "mappings": len(found.df)}
    print(json.dumps({**counts, "denied": int(modifiers)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
