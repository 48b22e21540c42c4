"""What kind of thing an identifier stands for, as far as it matters to identity: things of two kinds never fuse.

A kind comes from the category that a source gives to the node, else from the prefix where one vocabulary
holds one kind only. OMIM, UMLS, MeSH, NCIT, SNOMED CT and MedDRA hold several kinds, so their prefixes say
nothing.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from calcinosis_kg.merging.prefixes import prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_CATEGORIES = {
    "disease": ("Disease", "PhenotypicSeries"),
    "phenotype": ("PhenotypicFeature", "BehavioralFeature", "ClinicalFinding"),
    "gene": ("Gene",),
    "chemical": ("SmallMolecule", "ChemicalEntity", "Drug", "MolecularMixture", "ChemicalMixture"),
    "anatomy": ("AnatomicalEntity", "GrossAnatomicalStructure", "Cell", "CellularComponent"),
    "process": ("BiologicalProcess", "Pathway", "MolecularActivity"),
    "organism": ("OrganismTaxon",),
}
_PREFIXES = {
    "disease": ("DOID", "MONDO", "ORPHA", "OMIMPS", "GARD", "DECIPHER"),
    "phenotype": ("HP", "MP", "SYMP", "WBPhenotype", "ZP", "XPO"),
    "gene": ("HGNC", "NCBIGene", "MGI", "RGD"),
    "chemical": ("CHEBI", "DRUGBANK", "CHEMBL.COMPOUND", "PUBCHEM.COMPOUND"),
    "anatomy": ("UBERON", "CL", "FMA", "EMAPA"),
    "process": ("REACT", "Reactome"),
    "organism": ("NCBITaxon",),
}
OF_CATEGORY = MappingProxyType({name: kind for kind, names in _CATEGORIES.items() for name in names})
"""Class of the Biolink model to kind; classes above these, such as DiseaseOrPhenotypicFeature, say too little."""
OF_PREFIX = MappingProxyType({name: kind for kind, names in _PREFIXES.items() for name in names})
"""Preferred prefix to kind."""


def kind(identifier: str, categories: Iterable[str] = ()) -> str:
    """Return the kind of a normalised identifier, or the empty text where it is unknown or sources differ.

    >>> kind("HP:0003761"), kind("UMLS:C0006663", ["biolink:Disease"]), kind("UMLS:C0006663")
    ('phenotype', 'disease', '')
    """
    prefix = prefix_of(identifier)
    if prefix in OF_PREFIX:
        return OF_PREFIX[prefix]
    names = (category.rpartition(":")[2] for category in categories)
    found = {OF_CATEGORY[name] for name in names if name in OF_CATEGORY}
    return found.pop() if len(found) == 1 else ""
