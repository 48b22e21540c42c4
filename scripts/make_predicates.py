"""Makes `src/calcinosis_kg/merging/predicates.tsv`, the predicates that Biolink has an exact mapping for.

    python scripts/make_predicates.py ../shared/reference [--check]

The folder holds `biolink-model.yaml.gz` (Apache-2.0), and the ontologies whose relations it maps: RO and GENO as OWL,
BFO and IAO. An exact mapping of the model is taken if the relation is in its ontology, not deprecated there, mapped by
one predicate alone, and both have the same label; the last keeps out BFO:0000055 'realizes', which the model has under
'has part', and RO:0002448 'directly regulates activity of', which it has under 'regulates'. What was not taken stands
in the table too, as a comment with the reason. `--check` writes nothing and exits with 1 where the table differs.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "src" / "calcinosis_kg" / "merging" / "predicates.tsv"
ONTOLOGIES = {
    "ro.owl.gz": ox.RdfFormat.RDF_XML,
    "geno.owl.gz": ox.RdfFormat.RDF_XML,
    "iao.owl.gz": ox.RdfFormat.RDF_XML,
    "bfo-2020-core.ttl.gz": ox.RdfFormat.TURTLE,
}
STANDARD = {"rdfs:subClassOf", "owl:sameAs", "skos:broadMatch", "skos:narrowMatch", "skos:closeMatch", "skos:member"}
"""Relations of W3C vocabularies, whose names are their labels; skos:member is 'has member' there and here."""
PREFIXES = ("RO", "BFO", "GENO", "IAO", "rdfs", "owl", "skos")
_OBO = "http://purl.obolibrary.org/obo/"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_DEPRECATED = "http://www.w3.org/2002/07/owl#deprecated"


def labels(folder: Path) -> dict[str, tuple[str, bool]]:
    """Return the relations of the ontologies by CURIE: their label, and whether they are deprecated."""
    found: dict[str, tuple[str, bool]] = {}
    for name, form in ONTOLOGIES.items():
        for quad in ox.parse(gzip.decompress((folder / name).read_bytes()), form):
            if not isinstance(quad.subject, ox.NamedNode) or not quad.subject.value.startswith(_OBO):
                continue
            curie = quad.subject.value.removeprefix(_OBO).replace("_", ":", 1)
            label, old = found.get(curie, ("", False))
            if quad.predicate.value == _LABEL and isinstance(quad.object, ox.Literal):
                found[curie] = (label or quad.object.value, old)
            elif quad.predicate.value == _DEPRECATED and isinstance(quad.object, ox.Literal):
                found[curie] = (label, quad.object.value == "true")
    return found


def plain(label: str) -> str:
    """Return a label as it is compared.

    >>> plain("is opposite of"), plain("has_variant_part"), plain("acts upstream of, positive effect")
    ('opposite of', 'has variant part', 'acts upstream of positive effect')
    """
    return re.sub(r"\s+", " ", label.replace("_", " ").replace(",", "")).strip().lower().removeprefix("is ")


def mapped(slots: dict[str, Any]) -> dict[str, list[str]]:
    """Return relation to the predicates that have it as an exact mapping."""

    def is_predicate(name: str | None) -> bool:
        while name and name != "related to":
            name = (slots.get(name) or {}).get("is_a")
        return bool(name)

    found: dict[str, list[str]] = {}
    for name, slot in slots.items():
        if is_predicate(name) and not (slot or {}).get("deprecated"):
            for relation in (slot or {}).get("exact_mappings", []):
                found.setdefault(relation, []).append(name)
    return {relation: sorted(names) for relation, names in found.items() if relation.partition(":")[0] in PREFIXES}


def rows(folder: Path) -> list[str]:
    """Return the lines of the table."""
    model = yaml.safe_load(gzip.decompress((folder / "biolink-model.yaml.gz").read_bytes()))
    known = labels(folder)
    taken, left = [], []
    for relation, names in sorted(mapped(model["slots"]).items()):
        prefix, _, local = relation.partition(":")
        standard = prefix in ("rdfs", "owl", "skos")
        spelt = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local)
        label, old = (
            ({"skos:member": "has member"}.get(relation, spelt), False)
            if standard
            else known.get(relation, ("", False))
        )
        same = plain(label).replace(" ", "") == plain(names[0]).replace(" ", "")
        reason = (
            "the model has it under several predicates" if len(names) > 1
            else "not in its ontology" if not label
            else "deprecated" if old
            else "" if same and (not standard or relation in STANDARD)
            else "the labels differ"
        )  # fmt: skip
        if reason:
            left.append(f"# {relation} '{label}' is not {', '.join(names)}: {reason}")
        else:
            taken.append(f"{relation}\tbiolink:{names[0].replace(' ', '_')}\t{label}")
    head = [
        f"# Exact mappings of the Biolink Model {model['version']} (Apache-2.0), held against RO, BFO, GENO, IAO.",
        "# Generated by scripts/make_predicates.py. Columns: relation, predicate, label of the relation.",
    ]
    return [*head, *left, *taken]


def main() -> int:
    """Write the table, or hold it against what would be written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder with the Biolink Model and the ontologies")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 where the table differs")
    options = parser.parse_args()
    made = "\n".join(rows(options.folder)) + "\n"
    if options.check:
        same = TABLE.read_text(encoding="utf-8") == made
        print("the same" if same else f"{TABLE} differs. Run: python scripts/make_predicates.py {options.folder}")
        return 0 if same else 1
    TABLE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
