"""The reference ontologies: title, address, licence, and the reader of each.

Licences are those that the files state (BFO, Biolink, ECO, GENO, IAO, MAXO, PATO, RO, SYMP)
or, where a file states none, those that the OBO Foundry and Bioregistry list.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

import slices_read as read
import slices_tables as tables
from slices_read import Source

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
CC_BY_3 = "https://creativecommons.org/licenses/by/3.0/"
CC_BY_4 = "https://creativecommons.org/licenses/by/4.0/"
MESH_TERMS = "https://www.nlm.nih.gov/databases/download/terms_and_conditions_mesh.html"

Loader = Callable[[Path, Path], Source]


class Ontology(NamedTuple):
    """A reference ontology: how it is called, where it comes from, how it is read."""

    title: str
    source: str
    licence: str
    load: Loader
    remark: str = ""


def purl(name: str) -> str:
    """Return the address of an OBO ontology."""
    return f"{read.OBO}{name}.owl"


ONTOLOGIES = {
    "bfo": Ontology(
        "Basic Formal Ontology",
        purl("bfo"),
        CC_BY_4,
        lambda r, _: read.owl(r / "bfo-2020-core.ttl.gz", ox.RdfFormat.TURTLE),
    ),
    "biolink": Ontology(
        "Biolink Model",
        "https://w3id.org/biolink/biolink-model.yaml",
        CC0,
        lambda r, _: tables.biolink(r / "biolink-model.yaml.gz"),
        "Predicates are object properties, other slots annotation properties; mixins are left out.",
    ),
    "chebi": Ontology(
        "Chemical Entities of Biological Interest",
        purl("chebi"),
        CC_BY_4,
        lambda _, w: tables.cellxgene(w, "CHEBI"),
    ),
    "cl": Ontology("Cell Ontology", purl("cl"), CC_BY_4, lambda _, w: tables.cellxgene(w, "CL")),
    "doid": Ontology(
        "Human Disease Ontology",
        purl("doid"),
        CC0,
        lambda r, _: read.defined(read.obo(r / "doid-2026-07-31-rebuilt.obo.gz"), r / "doid-2026-07-31-rebuilt.ttl.gz"),
        "The file was rebuilt from DO's public tables and is not a release; some synonyms are "
        "exact by assumption. Restrictions whose filler no slice can hold (HP, OMIM) are left out. "
        "Equivalent classes, read from its Turtle twin, are kept where the slices hold all their parts.",
    ),
    "eco": Ontology(
        "Evidence and Conclusion Ontology",
        purl("eco"),
        CC0,
        lambda r, _: read.obo(r / "eco.obo.gz"),
    ),
    "geno": Ontology("Genotype Ontology", purl("geno"), CC_BY_4, lambda r, _: read.owl(r / "geno.owl.gz")),
    "go": Ontology("Gene Ontology", purl("go"), CC_BY_4, lambda _, w: tables.go(w)),
    "hancestro": Ontology(
        "Human Ancestry Ontology",
        purl("hancestro"),
        CC_BY_4,
        lambda _, w: tables.cellxgene(w, "HANCESTRO"),
    ),
    "hgnc": Ontology(
        "HGNC gene symbols",
        "https://www.genenames.org/",
        CC0,
        lambda _, w: tables.hgnc(w),
        "The symbol is the label, the name stands beside it.",
    ),
    "iao": Ontology(
        "Information Artifact Ontology",
        purl("iao"),
        CC_BY_4,
        lambda r, _: read.owl(r / "iao.owl.gz"),
    ),
    "maxo": Ontology(
        "Medical Action Ontology",
        purl("maxo"),
        CC_BY_4,
        lambda r, _: read.obo(r / "maxo-base.obo.gz"),
    ),
    "mesh": Ontology(
        "Medical Subject Headings",
        "http://id.nlm.nih.gov/mesh/",
        MESH_TERMS,
        lambda _, w: tables.mesh(w),
        "Descriptors are declared as classes so that they can stand beside OBO classes. Courtesy "
        "of the U.S. National Library of Medicine; later versions may exist.",
    ),
    "mondo": Ontology("Mondo Disease Ontology", purl("mondo"), CC_BY_4, lambda _, w: tables.cellxgene(w, "MONDO")),
    "pato": Ontology(
        "Phenotype And Trait Ontology",
        purl("pato"),
        CC_BY_3,
        lambda r, _: read.obo(r / "pato.obo.gz"),
    ),
    "ro": Ontology(
        "OBO Relations Ontology",
        purl("ro"),
        CC0,
        lambda r, _: read.owl(r / "ro.owl.gz"),
        "Transitivity and property chains are kept, inverses, symmetry, domains and ranges are not.",
    ),
    "symp": Ontology("Symptom Ontology", purl("symp"), CC0, lambda r, _: read.obo(r / "symp.obo.gz")),
    "uberon": Ontology(
        "Uberon",
        purl("uberon"),
        CC_BY_3,
        tables.uberon,
        "A parent stands where the OBO subset says is_a and the newer release upholds it.",
    ),
}
CHECKED_ONLY: dict[str, Loader] = {"hp": lambda _, w: read.hpo(w)}
HOME = {name.upper(): name for name in ONTOLOGIES} | {"IDO": "doid", "biolink": "biolink"}
