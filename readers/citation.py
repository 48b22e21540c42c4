"""Reads CITATION.cff of a release with cffconvert: valid, and of this version.

Environment: cff. Usage: citation.py RELEASE_DIR
"""

import json
import sys
from pathlib import Path

from cffconvert import Citation


def main(release: Path) -> None:
    """Print a line; exit 1 if something does not hold."""
    text = (release / "CITATION.cff").read_text(encoding="utf-8")
    citation = Citation(text)
    citation.validate()
    version = json.loads((release / "release.json").read_text(encoding="utf-8"))["version"]
    shown = citation.as_bibtex()
    if citation.cffobj["version"] != version or str(citation.cffobj["date-released"]) != version:
        sys.exit(f"CITATION.cff: has not the version and the date of the release, {version}")
    print(json.dumps({"reader": "cffconvert", "file": "CITATION.cff", "authors": shown.count("author = ")}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
