"""Checks each nanopublication of a release with nanopub-sign, and counts the claims in them with rdflib.

Environment: nanopubs. Usage: nanopubs.py RELEASE_DIR
"""

import json
import os
import re
import sys
from pathlib import Path

import nanopub_sign
import rdflib
from rdf import counts, plain

SCHEMA = rdflib.Namespace("http://www.nanopub.org/nschema#")
BETWEEN = re.compile(r"(?<=^}\n)\n(?=@prefix )", re.MULTILINE)


def checked(text: str) -> str:
    """Return the name of a nanopublication that holds; exit 1 if it does not."""
    try:
        return str(nanopub_sign.Nanopub(text).check().info()["uri"]["value"])
    except Exception as error:  # noqa: BLE001 - the library raises nothing narrower
        sys.exit(f"nanopub-sign refuses a nanopublication: {error}")


def main(release: Path) -> None:
    """Print a line of counts; exit 1 if something does not hold."""
    path = release / "data" / "calcinosis-kg.nanopubs.trig"
    text = path.read_text(encoding="utf-8")
    spoken = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the library prints a line for each
    names = {checked(document) for document in BETWEEN.split(text)}
    os.dup2(spoken, 1)
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format="trig")
    declared = {str(node) for node, _, _, _ in dataset.quads((None, rdflib.RDF.type, SCHEMA.Nanopublication, None))}
    found = counts(dataset)
    if names != declared or len(names) != found["claims"]:
        sys.exit(f"{path}: {len(names)} nanopublications were checked, of {len(declared)}, on {found['claims']} claims")
    plain(dataset)
    print(json.dumps({"reader": "nanopub-sign, rdflib", "file": f"data/{path.name}", "nanopubs": len(names), **found}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
