"""HPO annotations: `phenotype.hpoa`, `genes_to_phenotype.txt` and `phenotype_to_genes.txt`, old and new headers.

What the columns and aspects mean: https://obophenotype.github.io/human-phenotype-ontology/annotations/phenotype_hpoa/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from calcinosis_kg.merging import records
from calcinosis_kg.merging.readers_cells import Origin, distinct, filled, joined, json_objects, pl
from calcinosis_kg.merging.readers_checks import Check, Fits, Identifier, sift
from calcinosis_kg.merging.readers_rows import LINE, Header, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from calcinosis_kg.merging.readers_streams import Fault

_DISEASE = {
    "databaseid": "disease", "diseasename": "name", "dbname": "name", "qualifier": "qualifier", "hpoid": "phenotype",
    "reference": "reference", "dbreference": "reference", "evidence": "evidence", "evidencecode": "evidence",
    "onset": "onset", "frequency": "frequency", "sex": "sex", "modifier": "modifier", "aspect": "aspect",
    "biocuration": "curator", "assignedby": "curator",
}  # fmt: skip
_GENE = {
    "ncbigeneid": "gene", "entrezgeneid": "gene", "genesymbol": "symbol", "entrezgenesymbol": "symbol",
    "hpoid": "phenotype", "hpotermid": "phenotype", "hponame": "term", "hpotermname": "term",
    "frequency": "frequency", "frequencyraw": "frequency", "diseaseid": "disease", "diseaseidforlink": "disease",
}  # fmt: skip
_ASPECTS = {
    "P": "biolink:has_phenotype",
    "I": "biolink:has_mode_of_inheritance",
    "": "biolink:has_phenotype",
}
"""Aspect to predicate. The others (C clinical course, M modifier, H history) are no phenotypes and Biolink has no
predicate for them: they become `biolink:related_to`, with the aspect as a qualifier."""

_OTHERS = ("C", "M", "H")
_QUALIFIERS = {"onset": "onset_qualifier", "sex": "sex_qualifier", "modifier": "clinical_modifier_qualifier"}


def key(name: str) -> str:
    """Return a column name as it is looked up.

    >>> key("#DatabaseID"), key("ncbi_gene_id"), key("entrez-gene-id")
    ('databaseid', 'ncbigeneid', 'entrezgeneid')
    """
    return "".join(sign for sign in name.lower() if sign.isalnum())


@dataclass
class Annotations:
    """A reader of one annotation file: its columns, and which names it has told already.

    Attributes:
        columns: What a column is to the column of the file.
        genes: Whether the rows are about genes.
    """

    columns: Mapping[str, str]
    genes: bool
    told: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, head: Header) -> Annotations | None:
        """Return the reader for a header, or None if the header is of something else."""
        for table, needed in (
            (_DISEASE, ("disease", "phenotype", "aspect")),
            (_GENE, ("gene", "phenotype", "disease")),
        ):
            columns = {table[key(name)]: name for name in reversed(head.names) if key(name) in table}
            if all(column in columns for column in needed):
                return cls(columns, table is _GENE)
        return None

    def batches(self, part: Rows, head: Header, origin: Origin, faults: list[Fault]) -> Iterator[records.Batch]:
        """Yield edges, and a node for each identifier and name that was not told before."""
        frame = sift(part, head, self._checks(), faults)
        if frame.height:
            named = frame.select(pl.col(name).alias(column) for column, name in self.columns.items())
            unread = {name: name for name in head.names if name not in self.columns.values()}
            rest = json_objects(frame, unread) if unread else ""
            made = self._genes(named) if self.genes else self._diseases(named)
            edges = {"line": frame[LINE], "rest": rest, **made}
            yield origin.batch(records.EDGES, edges, frame.height)
            yield from self._nodes(named.with_columns(frame[LINE].alias(LINE)), origin)

    def _checks(self) -> list[Check]:
        columns = self.columns
        if self.genes:
            gene = Fits(columns["gene"], str.isdecimal, "Write the number of the gene at NCBI.")
            return [gene, Identifier(columns["phenotype"]), Identifier(columns["disease"])]
        checks: list[Check] = [Identifier(columns["disease"]), Identifier(columns["phenotype"])]
        checks.append(Fits(columns["aspect"], _is_aspect, "Write one of P, I, C, M, H."))
        if "qualifier" in columns:
            checks.append(Fits(columns["qualifier"], _is_not, "Write NOT, or leave it empty."))
        return checks

    def _diseases(self, named: pl.DataFrame) -> dict[str, pl.Series | str]:
        """Return columns of edges from rows about diseases."""
        aspect = named["aspect"].str.strip_chars()
        others = distinct(aspect, lambda text: text if text in _OTHERS else "")
        qualifiers = {name: column for column, name in _QUALIFIERS.items() if column in named.columns}
        frame = named.with_columns(others.alias("aspect"))
        made: dict[str, pl.Series | str] = {
            "subject": named["disease"],
            "predicate": distinct(aspect, lambda text: _ASPECTS.get(text, "biolink:related_to")),
            "object": named["phenotype"],
            "qualifiers": json_objects(frame, qualifiers | {"hpoa_aspect": "aspect"}),
        }
        if "qualifier" in named.columns:
            made["negated"] = distinct(named["qualifier"], lambda text: bool(text.strip()), pl.Boolean)
        if "reference" in named.columns:
            made["publications"] = joined(distinct(named["reference"], lambda text: text.replace(";", "|")))
        columns = {"evidence_codes": "evidence", "curator": "curator", "frequency": "frequency"}
        return made | {column: named[name] for column, name in columns.items() if name in named.columns}

    def _genes(self, named: pl.DataFrame) -> dict[str, pl.Series | str]:
        """Return columns of edges from rows about genes: each holds in the context of a disease."""
        made: dict[str, pl.Series | str] = {
            "subject": "NCBIGene:" + named["gene"],
            "predicate": "biolink:has_phenotype",
            "object": named["phenotype"],
            "qualifiers": json_objects(named, {"disease_context_qualifier": "disease"}),
        }
        if "frequency" in named.columns:
            made["frequency"] = distinct(named["frequency"], lambda text: "" if text == "-" else text)
        return made

    def _nodes(self, named: pl.DataFrame, origin: Origin) -> Iterator[records.Batch]:
        pairs = [("disease", "name"), ("phenotype", "term"), ("gene", "symbol")]
        for column, label in pairs:
            if column not in named.columns or label not in named.columns or not filled(named[label]):
                continue
            first = named.group_by(column, label).agg(pl.col(LINE).min()).sort(LINE, column, label)
            new = [row for row in first.iter_rows() if row[1] and (row[0], row[1]) not in self.told]
            self.told |= {(row[0], row[1]) for row in new}
            if new:
                start = "NCBIGene:" if column == "gene" else ""
                nodes = {
                    "line": [row[2] for row in new],
                    "id": [start + row[0] for row in new],
                    "name": [row[1] for row in new],
                }
                yield origin.batch(records.NODES, nodes, len(new))


def _is_aspect(text: str) -> bool:
    return text.strip() in _ASPECTS or text.strip() in _OTHERS


def _is_not(text: str) -> bool:
    return text.strip().upper() in ("", "NOT")
