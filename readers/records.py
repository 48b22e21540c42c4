"""Reads the records for registries with the registries' own data models.

Environment: registries. Usage: records.py RELEASE_DIR
"""

import json
import sys
from pathlib import Path

import bioregistry
import yaml
from information_resource_registry.datamodel.information_resource_registry import InformationResourceContainer


def main(release: Path) -> None:
    """Print a line for each record; exit 1 if something does not hold."""
    place = release / "metadata" / "bioregistry.json"
    for prefix, record in json.loads(place.read_text(encoding="utf-8")).items():
        resource = bioregistry.Resource(**record)
        unknown = sorted(set(record) - set(bioregistry.Resource.model_fields))
        if resource.prefix != prefix or unknown:
            sys.exit(f"{place}: the record is of another prefix, or has unknown keys {unknown}")
        iri = resource.get_default_uri(resource.example)
        if iri != "https://w3id.org/calcinosis-kg/CKG_0000001" or not resource.is_valid_identifier(resource.example):
            sys.exit(f"{place}: the example gives {iri}, or does not fit the pattern")
        taken = bioregistry.get_resource(prefix)
        if taken is not None and taken.get_uri_format() != record["uri_format"]:
            sys.exit(f"{place}: the prefix {prefix} belongs to {taken.get_name()} by now; choose another")
        print(json.dumps({"reader": "bioregistry", "file": "metadata/bioregistry.json", "records": 1}))
    place = release / "metadata" / "infores.yaml"
    records = InformationResourceContainer(**yaml.safe_load(place.read_text(encoding="utf-8"))).information_resources
    if [str(record.id) for record in records] != ["infores:calcinosis-kg"]:
        sys.exit(f"{place}: has other records than infores:calcinosis-kg")
    print(json.dumps({"reader": "infores", "file": "metadata/infores.yaml", "records": len(records)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
