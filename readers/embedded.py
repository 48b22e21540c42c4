"""Puts the schema.org JSON-LD of a release into a web page, and takes it out again with extruct, as crawlers do.

Environment: embedded. Usage: embedded.py RELEASE_DIR
"""

import json
import sys
from pathlib import Path

import extruct

PAGE = '<!DOCTYPE html><html><head><title>x</title><script type="application/ld+json">{}</script></head></html>'


def main(release: Path) -> None:
    """Print a line of counts; exit 1 if what comes out is not what went in."""
    path = release / "data" / "calcinosis-kg.schemaorg.jsonld"
    text = path.read_text(encoding="utf-8")
    if "</" in text:
        sys.exit(f"{path}: holds '</', which would end a script element")
    (found,) = extruct.extract(PAGE.format(text), syntaxes=["json-ld"], uniform=False)["json-ld"]
    if found != json.loads(text):
        sys.exit(f"{path}: extruct finds something else in a page")
    kinds = [node["@type"] for node in found["@graph"]]
    if kinds.count("Dataset") != 1 or "MedicalCondition" not in kinds:
        sys.exit(f"{path}: has no dataset or no condition")
    conditions = len(kinds) - kinds.count("Dataset") - kinds.count("DefinedTermSet")
    print(json.dumps({"reader": "extruct", "file": f"data/{path.name}", "conditions": conditions}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
