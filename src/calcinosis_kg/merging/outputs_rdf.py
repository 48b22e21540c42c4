"""A result as RDF: each statement a node with its evidence below it, in the named graphs of its sources.

A plain triple stands in the graph of a source for what that source says as it is: never for what is denied or has a
standing such as refuted, and not for what a qualifier restricts (see `is_plain`). All else is reachable as a
statement alone. Whatever has no IRI (an unknown prefix) is left out, and `rdf-left-out.tsv` says what and why.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyoxigraph as ox

from calcinosis_kg.merging import parquet, rdf_files, records, tables
from calcinosis_kg.merging import rdf_terms as rdf
from calcinosis_kg.merging.prefixes import normal
from calcinosis_kg.namespaces import STATEMENT, VOCABULARY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from calcinosis_kg.merging.rdf_files import Node

LEFT_OUT = "rdf-left-out.tsv"
UNRESTRICTED = frozenset({"modality"})
"""Qualifiers that leave what is said as it is: a hedge, as in the plain triples of our own accepted claims."""
_SLOTS = frozenset(
    f"{name}_qualifier"
    for name in (
        "anatomical_context", "causal_mechanism", "clinical_modifier", "disease_context", "object_aspect",
        "object_context", "object_derivative", "object_direction", "object_form_or_variant", "object_part", "onset",
        "population_context", "severity", "sex", "species_context", "stage", "subject_aspect", "subject_context",
        "subject_derivative", "subject_direction", "subject_form_or_variant", "subject_part", "temporal_context",
    )
) | {"qualified_predicate"}  # fmt: skip
"""Qualifiers that are slots of the Biolink Model 4.4.4; the others stand in `ckgv:qualifiers` alone."""
_UNFIT = (f"<{VOCABULARY}placeholder>", f"<{VOCABULARY}ArtefactEntity>")
_BESIDE, _CLAIM = '"plain_triple_in":[', '"ckgv:Claim"'
"""What records of claims in RDF say in their `rest`."""
_AT_ONCE = 5_000


def write(folder: Path, work: Path, form: str, told: Callable[[str, int, int], None]) -> dict[str, int]:
    """Write the RDF of a result, and return how much of it has no IRI.

    Args:
        folder: The result.
        work: For what is in between.
        form: `nq` or `trig`.
        told: Called with what is done, how much of it, and how much there is.
    """
    terms = rdf.Terms(short=form == "trig")
    quads = _Quads(folder, terms)
    with rdf_files.writer(folder / f"merged.{form}", work, form) as file:
        total = parquet.length(folder / tables.STATEMENTS)
        for number, (row, lines) in enumerate(
            tables.with_records(folder / tables.STATEMENTS, folder / tables.EVIDENCE)
        ):
            file.add(quads.statement(row, lines))
            if not number % _AT_ONCE:
                told(f"writing merged.{form}", number, total)
        for row, lines in tables.with_records(folder / tables.NODES, folder / tables.NODE_EVIDENCE):
            file.add(quads.node(row, lines))
        for row in tables.rows(folder / tables.MAPPINGS):
            file.add(quads.mapping(row))
        for source, quad in _carried(folder):
            file.quad(quad, rdf.graph(source))
    with (folder / LEFT_OUT).open("w", encoding="utf-8", newline="\n") as file:
        file.write("kind\tid\tidentifier\tsources\treason\n")
        file.writelines("\t".join(row) + "\n" for row in sorted(quads.left_out))
    return {"left out of RDF": len(quads.left_out)}


def is_plain(row: tables.Row, rests: Sequence[str] = ()) -> bool:
    """Whether a statement may stand as a plain triple in the graph of a source.

    Never if it is denied or has a standing. Else if the source itself has the triple beside its claim, or if nothing
    qualifies the statement; but a claim of our model that has no plain triple gets none.

    Args:
        row: The statement.
        rests: What the records of the source say beyond their columns.

    >>> is_plain({"negated": False, "standing": "", "qualifiers": '{"modality":"hedged"}'})
    True
    >>> is_plain({"negated": False, "standing": "", "qualifiers": '{"sex_qualifier":"female"}'})
    False
    """
    if row["negated"] or row["standing"]:
        return False
    if any(_BESIDE in rest for rest in rests):
        return True
    if all(_CLAIM in rest for rest in rests) and rests:
        return False
    return not row["qualifiers"] or UNRESTRICTED.issuperset(json.loads(row["qualifiers"]))


def _carried(folder: Path) -> Iterator[tuple[str, ox.Quad]]:
    before = ("", "")
    for row in tables.rows(folder / tables.CARRIED, ["source", "quad"]):
        here = (row["source"], row["quad"])
        if here != before:
            before = here
            for quad in ox.parse(f"{row['quad']}\n".encode(), format=ox.RdfFormat.N_QUADS):
                yield row["source"], quad


def _unfit(folder: Path, terms: rdf.Terms) -> frozenset[str]:
    """Return the placeholders and artefacts of our model: they stand in no plain triple."""
    found = set()
    for table in parquet.read(folder / tables.CARRIED, ["quad"]):
        column = table["quad"].cast(pa.string())
        for mark in _UNFIT:
            for quad in column.filter(pc.match_substring(column, mark)).to_pylist():
                found.add(terms.iri(normal(quad.partition("> ")[0].removeprefix("<"))))
    for row in tables.rows(folder / tables.NODES, ["node", "category"]):
        if "ArtefactEntity" in row["category"]:
            found.add(terms.iri(row["node"]))
    return frozenset(found)


class _Quads:
    """Turns rows of a result into nodes of RDF, and remembers what has no IRI."""

    def __init__(self, folder: Path, terms: rdf.Terms) -> None:
        self.left_out: set[tuple[str, str, str, str, str]] = set()
        self._terms = terms
        self._unfit = _unfit(folder, terms)
        self._rows = rdf.Places()
        name = terms.ours
        self._type, self._association = name("rdf:type"), name("biolink:Association")
        self._ends = {end: name(f"rdf:{end}") for end in ("subject", "predicate", "object")}
        self._negated, self._has_evidence = name("biolink:negated"), name("biolink:has_evidence")
        self._standing, self._qualifiers = name("ckgv:standing"), name("ckgv:qualifiers")
        self._record = name("ckgv:SourceRecord")
        self._file, self._line, self._others = name("ckgv:file"), name("ckgv:line"), name("ckgv:otherColumns")
        self._original = {end: name(f"biolink:original_{end}") for end in self._ends}
        self._label, self._other_label = name("rdfs:label"), name("skos:altLabel")
        self._category, self._deprecated = name("biolink:category"), name("owl:deprecated")
        self._instead = {"replaced_by": name("IAO:0100001"), "consider": name("oboInOwl:consider")}
        self._cells = {
            "frequency": name("biolink:frequency_qualifier"), "curator": name("ckgv:curator"),
            "record_id": name("dcterms:identifier"),
        }  # fmt: skip
        self._lists = {
            "publications": name("biolink:publications"),
            "knowledge_source": name("biolink:primary_knowledge_source"),
        }

    def _without(self, kind: str, identifier: str, row: tables.Row, *ends: str) -> bool:
        """Note the ends that have no IRI, and whether there are any."""
        missing = [end for end in ends if not self._terms.iri(end)]
        for end in missing:
            reason = "has a prefix that nobody resolves, or a character that no IRI holds"
            self.left_out.add((kind, identifier, end, row.get("sources") or row.get("source", ""), reason))
        return bool(missing)

    def statement(self, row: tables.Row, lines: Sequence[tables.Row]) -> Iterator[Node]:
        """Yield the nodes of a statement and its evidence, by graph."""
        iri = self._terms.iri
        ends = [row[end] for end in self._ends]
        if self._without("statement", row["id"], row, *ends):
            return
        node = rdf.statement(row["id"])
        subject, predicate, end = map(iri, ends)
        said = [(self._type, self._association)]
        said += zip(self._ends.values(), (subject, predicate, end), strict=True)
        said.append((self._negated, rdf.truth(row["negated"])))
        if row["standing"]:
            said.append((self._standing, rdf.text(row["standing"])))
        if row["qualifiers"]:
            said += self._qualified(row["qualifiers"])
        fit = not {subject, end} & self._unfit
        places = rdf.Places()
        by_graph: dict[str, list[tuple[str, tables.Row]]] = {}
        for line in lines:
            place = places.of(STATEMENT + row["id"], line["source"], line["line"])
            by_graph.setdefault(line["source"], []).append((place, line))
        for source, found in by_graph.items():
            name = rdf.graph(source)
            if fit and is_plain(row, [line["rest"] for _, line in found]):
                yield name, subject, [(predicate, end)]
            yield name, node, [*said, *((self._has_evidence, place) for place, _ in found)]
            for place, line in found:
                yield name, place, self._evidence(line)

    def _qualified(self, cell: str) -> Iterator[tuple[str, str]]:
        yield self._qualifiers, rdf.text(cell)
        for key, value in json.loads(cell).items():
            if key in _SLOTS:
                values = value if isinstance(value, list) else records.split(str(value))
                yield from ((self._terms.ours(f"biolink:{key}"), self._value(str(item))) for item in values)

    def _value(self, item: str) -> str:
        return self._terms.iri(item) or rdf.text(item)

    def _evidence(self, line: tables.Row) -> list[tuple[str, str]]:
        said = [
            (self._type, self._record), (self._file, rdf.text(line["file"])), (self._line, rdf.number(line["line"])),
        ]  # fmt: skip
        said += [(name, rdf.text(line[end])) for end, name in self._original.items()]
        for code in records.split(line["evidence_codes"]):
            of_eco = self._terms.iri(code) if code.startswith("ECO:") else ""
            said.append((self._type, of_eco) if of_eco else (self._has_evidence, rdf.text(code)))
        for cell, name in self._lists.items():
            said += [(name, self._terms.known(value)) for value in records.split(line[cell])]
        said += [(name, rdf.text(line[cell])) for cell, name in self._cells.items() if line[cell]]
        if line["rest"]:
            said.append((self._others, rdf.text(line["rest"])))
        return said

    def node(self, row: tables.Row, lines: Sequence[tables.Row]) -> Iterator[Node]:
        """Yield what sources say of an entity: its names, categories, and that it is obsolete."""
        said: dict[str, dict[tuple[str, str], None]] = {}
        for line in lines:
            own = said.setdefault(line["source"], {})
            if line["name"]:
                own[self._label if line["name"] == row["name"] else self._other_label, rdf.text(line["name"])] = None
            for category in records.split(line["category"]):
                own[self._category, self._value(normal(category))] = None
            if line["deprecated"]:
                yield from self._obsolete(line)
        if any(said.values()) and not self._without("node", row["id"], row, row["node"]):
            subject = self._terms.iri(row["node"])
            yield from ((rdf.graph(source), subject, list(pairs)) for source, pairs in said.items() if pairs)

    def _obsolete(self, line: tables.Row) -> Iterator[Node]:
        """Yield what stands in the place of an obsolete identifier, which is itself no node of the result."""
        name = normal(line["id"])
        if not self._without("node", name, line, name):
            said = [(self._deprecated, rdf.truth(value=True))]
            for column, predicate in self._instead.items():
                said += [(predicate, self._value(normal(other))) for other in records.split(line[column])]
            yield rdf.graph(line["source"]), self._terms.iri(name), said

    def mapping(self, row: tables.Row) -> Iterator[Node]:
        """Yield the node of a mapping row that was used."""
        place = self._rows.of(rdf.MAPPING, row["source"], row["line"])
        ends = [normal(row[name]) for name in ("subject_id", "predicate_id", "object_id")]
        if row["verdict"] != "used" or self._without("mapping", place.strip("<>"), row, *ends):
            return
        name = self._terms.ours
        said = [(self._type, name("sssom:Mapping"))]
        for column, end in zip(("subject_id", "predicate_id", "object_id"), ends, strict=True):
            said.append((name(f"sssom:{column}"), self._terms.iri(end)))
        if row["predicate_modifier"]:
            said.append((name("sssom:predicate_modifier"), name("sssom:NegatedPredicate")))
        if row["mapping_justification"]:
            said.append((name("sssom:mapping_justification"), self._value(row["mapping_justification"])))
        texts = ("confidence", "subject_label", "object_label")
        said += [(name(f"sssom:{column}"), rdf.text(row[column])) for column in texts if row[column]]
        said += [(self._file, rdf.text(row["file"])), (self._line, rdf.number(row["line"]))]
        yield rdf.graph(row["source"]), place, said
