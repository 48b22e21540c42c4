"""Let kgx itself read the KGX files of a release: validate them, and turn TSV into JSON Lines and back.

Environment: kgx. Usage: kgx_offline.py RELEASE_DIR. kgx fetches its schema when it is imported; it is given the one of
the package biolink-model instead, and every attempt to reach the network is counted and refused. (The script is not
called `kgx.py`, as `import kgx` would then import it.)
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import shutil
import socket
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

attempts: list[str] = []
PARTS = ("edges", "negated_claims", "refuted_claims")


def refuse(*given: object, **_: object) -> NoReturn:
    """Count an attempt to reach the network, and refuse it."""
    attempts.append(repr(given[-1])[:80])
    raise OSError("the network is shut")


def offline() -> None:
    """Shut the network and give kgx its schema and prefixes from the package biolink-model."""
    socket.socket.connect = socket.getaddrinfo = refuse  # type: ignore[assignment,method-assign]
    import bmt.toolkit  # noqa: PLC0415 - before kgx, after the network is shut
    import kgx.config  # noqa: PLC0415 - as bmt; this module alone fetches nothing
    from linkml_runtime.utils.schemaview import SchemaView  # noqa: PLC0415 - as bmt

    model = files("biolink_model")

    def local(self: Any, *_: object, **__: object) -> None:  # noqa: ANN401 - bmt's own
        self.view = SchemaView(str(model / "schema/biolink_model.yaml"))
        self.pmap = {}

    bmt.toolkit.Toolkit.__init__ = local
    prefixes = json.loads((model / "prefixmaps/biolink-model-prefix-map.json").read_text(encoding="utf-8"))
    known = prefixes.get("@context", prefixes)
    kgx.config.jsonld_context_map["biolink"] = {
        **known,
        "CKG": "https://w3id.org/calcinosis-kg/CKG_",
    }  # not registered yet


def transformed(inputs: list[Path], form: str, stem: Path, out: str) -> list[dict[str, Any]]:
    """Return the edges that kgx makes of files, in another format."""
    from kgx.transformer import Transformer  # noqa: PLC0415 - as bmt

    told = Transformer(stream=True)  # in memory kgx keeps one edge for each subject, predicate and object
    kept = ["id", "subject", "predicate", "object", "category", "negated", "claim"]  # of TSV; else `negated` is lost
    told.transform(
        input_args={"filename": [str(path) for path in inputs], "format": form},
        output_args={
            "filename": str(stem),
            "format": out,
            "edge_properties": kept,
            "node_properties": ["id", "category"],
        },
    )
    if out == "jsonl":
        return [json.loads(line) for line in Path(f"{stem}_edges.jsonl").read_text(encoding="utf-8").splitlines()]
    lines = Path(f"{stem}_edges.tsv").read_text(encoding="utf-8").rstrip("\n").split("\n")
    return [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]]


def validated(inputs: list[Path], form: str) -> list[str]:
    """Return the errors that kgx finds in files."""
    from kgx.cli.cli_utils import validate  # noqa: PLC0415 - as bmt

    with tempfile.NamedTemporaryFile("w", suffix=".txt") as report, contextlib.redirect_stderr(io.StringIO()):
        found = validate([str(path) for path in inputs], form, None, report.name)
    return [f"{kind}: {message}" for level, kinds in found.items() if "ERROR" in str(level).upper()
            for kind, messages in kinds.items() for message in messages]  # fmt: skip


def check(release: Path, stem: str, form: str, told: list[str]) -> dict[str, Any]:
    """Return counts of one KGX; what does not hold is added to `told`."""
    nodes, edges = release / f"{stem}_nodes.{form}", release / f"{stem}_edges.{form}"
    other = {"tsv": "jsonl", "jsonl": "tsv"}[form]
    counts: dict[str, Any] = {"reader": "kgx", "file": str(nodes.relative_to(release))}
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for part in PARTS:
            given = release / f"{stem}_{part}.{form}"
            if not given.exists():
                continue
            renamed = work / f"{part}_edges.{form}"  # kgx takes nothing else for edges: a claim is none by accident
            shutil.copyfile(given, renamed)
            told += [f"{given.name}: {error}" for error in validated([nodes, renamed], form)]
            rows = transformed([nodes, renamed], form, work / f"{part}-out", other)
            counts[part] = len(rows)
            denied = [row for row in rows if row.get("negated") in (True, "True", "true")]
            counts["negated"] = counts.get("negated", 0) + len(denied)
            if part == "edges" and denied:
                told.append(f"{given.name}: kgx takes {len(denied)} edges for negated")
            if part == "negated_claims" and len(denied) < len(rows):
                told.append(f"{given.name}: kgx takes {len(rows) - len(denied)} claims for positive")
            back = transformed(
                [work / f"{part}-out_{kind}.{other}" for kind in ("nodes", "edges")], other, work / f"{part}-back", form
            )
            if sorted(row["id"] for row in back) != sorted(row["id"] for row in rows):
                told.append(f"{given.name}: edges are lost on the way to {other} and back")
        if form == "tsv":
            claims = sorted(release.glob(f"{stem}_*_claims.tsv"))
            missed = transformed([nodes, edges, *claims], "tsv", work / "glob", "jsonl")
            if len(missed) != counts["edges"]:
                told.append(f"{stem}: kgx reads claims as edges, where it is given all files")
    counts["claims"] = sum(counts.get(part, 0) for part in PARTS)
    return counts


def main(release: Path) -> int:
    """Check every KGX of a release; return the exit code."""
    offline()
    logging.disable(logging.WARNING)
    found = sorted(
        str(path.relative_to(release)) for form in ("tsv", "jsonl") for path in release.rglob(f"*_nodes.{form}")
    )
    told = [] if found else [f"{release}: no KGX files"]
    for name in found:
        stem, _, form = name.partition("_nodes.")
        counts = check(release, stem, form, told)
        print(json.dumps({**counts, "network attempts": len(attempts), "faults": len(told)}))
    told += [f"network: {attempt}" for attempt in attempts]
    for fault in told:
        print(fault, file=sys.stderr)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
