"""Reads croissant.json of a release with mlcroissant: valid, and every table yields the rows that it has.

Environment: metadata. Usage: croissant.py RELEASE_DIR
"""

import csv
import json
import sys
from pathlib import Path

import mlcroissant


def main(release: Path) -> None:
    """Print a line of counts for each record set; exit 1 if something does not hold."""
    place = release / "croissant.json"
    dataset = mlcroissant.Dataset(jsonld=str(place))
    issues = dataset.metadata.issues
    if issues.errors:
        sys.exit(f"{place}: not valid Croissant: {'; '.join(sorted(issues.errors))}")
    described = json.loads(place.read_text(encoding="utf-8"))
    if not described["recordSet"]:
        print(json.dumps({"reader": "mlcroissant", "file": place.name, "files": len(described["distribution"])}))
    for record_set in described["recordSet"]:
        path = release / record_set["field"][0]["source"]["fileObject"]["@id"]
        delimiter = "," if path.suffix == ".csv" else "\t"
        with path.open(encoding="utf-8", newline="") as file:
            quoting = csv.QUOTE_MINIMAL if delimiter == "," else csv.QUOTE_NONE
            rows = sum(1 for _ in csv.reader(file, delimiter=delimiter, quoting=quoting)) - 1
        records = list(dataset.records(record_set["@id"]))
        if len(records) != rows:
            sys.exit(f"{place}: record set {record_set['@id']} yields {len(records)} records, {path.name} has {rows}")
        fields = {field["@id"] for field in record_set["field"]}
        if records and set(records[0]) != fields:
            sys.exit(f"{place}: record set {record_set['@id']} yields other fields than it names")
        print(json.dumps({"reader": "mlcroissant", "file": path.relative_to(release).as_posix(), "rows": rows}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
