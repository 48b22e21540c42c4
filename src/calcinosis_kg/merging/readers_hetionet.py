"""Hetionet: nodes (`id`, `name`, `kind`) and edges in SIF (`source`, `metaedge`, `target`).

An identifier such as `Gene::2625` says its kind; the databases behind the kinds, and what the letters of a
metaedge stand for, are told at https://github.com/hetio/hetionet and https://doi.org/10.7554/eLife.26726.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from calcinosis_kg.merging import records
from calcinosis_kg.merging.readers_cells import Origin, curie, distinct, json_objects, pl
from calcinosis_kg.merging.readers_checks import Check, Fits, sift
from calcinosis_kg.merging.readers_rows import LINE, Header, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from calcinosis_kg.merging.readers_streams import Fault

_PREFIXES = {
    "Compound": "DRUGBANK", "Gene": "NCBIGene", "Side Effect": "UMLS", "Symptom": "MESH",
    "Pharmacologic Class": "NDFRT", "Pathway": "hetionet.pathway", "Anatomy": "", "Biological Process": "",
    "Cellular Component": "", "Molecular Function": "", "Disease": "",
}  # fmt: skip
"""Kind of node to the prefix that its identifiers lack; empty where they are CURIEs."""

_METAEDGE = re.compile(r"[A-Z]+[a-z]+[<>]?[A-Z]+\Z")
_EDGES, _NODES, _METAEDGES = ("source", "metaedge", "target"), ("id", "name", "kind"), ("metaedge", "abbreviation")
_HEADERS: dict[tuple[str, ...], str] = {_EDGES: records.EDGES, _NODES: records.NODES}


def kind(head: Header) -> str:
    """Return the kind of record of a Hetionet file, or nothing if the header is of something else."""
    names = tuple(name.lower() for name in head.names)
    return records.NODES if names[:2] == _METAEDGES else _HEADERS.get(names, "")


def identifier(text: str) -> str:
    """Return the CURIE of a Hetionet identifier, or nothing if it is none.

    >>> identifier("Gene::2625"), identifier("Disease::DOID:182"), identifier("Gene::")
    ('NCBIGene:2625', 'DOID:182', '')
    """
    group, _, local = text.partition("::")
    prefix = _PREFIXES.get(group)
    found = f"{prefix}:{local}" if prefix else local
    return found if prefix is not None and local and curie(found) else ""


def batches(part: Rows, head: Header, origin: Origin, faults: list[Fault]) -> Iterator[records.Batch]:
    """Yield the records of rows; rows that make none become faults."""
    names = head.names
    of_node = "Write Kind::identifier, with a kind that Hetionet has."
    if names[1].lower() == "abbreviation":
        yield from _metaedges(part, head, origin, faults)
        return
    if kind(head) == records.NODES:
        frame = sift(part, head, [Fits(names[0], _is_identifier, of_node)], faults)
        columns = {
            "line": frame[LINE],
            "id": distinct(frame[names[0]], identifier),
            "name": frame[names[1]],
            "category": frame[names[2]],
            "rest": json_objects(frame, {"hetionet_id": names[0]}),
        }
        if frame.height:
            yield origin.batch(records.NODES, columns, frame.height)
        return
    checks: list[Check] = [Fits(names[0], _is_identifier, of_node), Fits(names[2], _is_identifier, of_node)]
    checks.append(Fits(names[1], _is_metaedge, "Write the abbreviation of a metaedge, such as CtD."))
    frame = sift(part, head, checks, faults)
    if frame.height:
        edges: dict[str, pl.Series | str] = {
            "line": frame[LINE],
            "subject": distinct(frame[names[0]], identifier),
            "predicate": "hetionet:" + frame[names[1]],
            "object": distinct(frame[names[2]], identifier),
            "rest": json_objects(frame, {"hetionet_source": names[0], "hetionet_target": names[2]}),
        }
        yield origin.batch(records.EDGES, edges, frame.height)


def _metaedges(part: Rows, head: Header, origin: Origin, faults: list[Fault]) -> Iterator[records.Batch]:
    """Yield a node for each predicate: the table of metaedges says what their abbreviations stand for."""
    name, short = head.names[:2]
    frame = sift(part, head, [Fits(short, _is_metaedge, "Write an abbreviation such as CtD.")], faults)
    if frame.height:
        rest = json_objects(frame, {column: column for column in head.names[2:]})
        columns = {"line": frame[LINE], "id": "hetionet:" + frame[short], "name": frame[name], "rest": rest}
        yield origin.batch(records.NODES, columns, frame.height)


def _is_identifier(text: str) -> bool:
    return bool(identifier(text))


def _is_metaedge(text: str) -> bool:
    return bool(_METAEDGE.match(text))
