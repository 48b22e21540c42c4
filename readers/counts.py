"""Compares what the readers counted: the same view of the dataset must have the same counts in every format.

Takes the readers' JSON lines from standard input, and the release for its own counts (release.json, counted by SPARQL
in its files). Exits 1 if two differ, or if a file of claims was counted by nobody. Standard library alone.

Usage: cat lines | counts.py RELEASE_DIR
"""

import json
import sys
from pathlib import Path
from typing import Any

KEYS = ("claims", "negated", "hedged", "literature", "entities", "evidence", "mappings")


def flat(line: dict[str, Any]) -> dict[str, int]:
    """Return the counts of a line that mean the same in every format."""
    found = {key: line[key] for key in KEYS if key in line}
    by_status = line.get("by_status", {})
    found |= {f"status:{status}": number for status, number in by_status.items()}
    return found


def problems(lines: list[dict[str, Any]], manifest: dict[str, Any]) -> list[str]:
    """Return what does not agree, as sentences."""
    views = {file["path"]: file["view"] for file in manifest["files"]}
    found, counted = [], set()
    for line in lines:
        name = str(line.get("file", ""))
        view = str(line.get("view") or views.get(name, ""))
        counts = flat(line)
        if "claims" in counts:
            counted.add(name)
        for key, number in counts.items():
            expected = manifest["counts"].get(view, {}).get(key)
            if expected is None:
                found.append(f"{name}: {line.get('reader')} counts {key}, but of the view '{view}' nothing is known")
            elif number != expected:
                found.append(f"{name}: {line.get('reader')} finds {number} {key}, the release has {expected} ({view})")
    for form in sorted({file["format"] for file in manifest["files"] if file["view"] in manifest["counts"]}):
        paths = [file["path"] for file in manifest["files"] if file["format"] == form]
        if not counted.intersection(paths):
            found.append(f"{', '.join(paths)}: no reader counted the claims of the format {form}")
    return found


def main(release: Path) -> None:
    """Print what was compared; exit 1 if something does not agree."""
    manifest = json.loads((release / "release.json").read_text(encoding="utf-8"))
    lines = [json.loads(line) for line in sys.stdin if line.startswith("{")]
    found = problems(lines, manifest)
    if found:
        sys.exit("\n".join(found))
    compared = sum(len(flat(line)) for line in lines)
    if not compared:
        sys.exit("nothing was counted: give the readers' lines as standard input")
    print(f"{compared} counts of {len(lines)} lines agree with those of the release")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
