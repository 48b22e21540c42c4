"""Cypher: a script that makes a property graph, and the same as CSV.

An entity is a node `Entity`, a claim a node `Claim` that points to its ends by `SUBJECT` and `OBJECT`. What is asserted
is besides a relationship `ASSOCIATION` between them: so no path over relationships between entities rests on anything
that is denied or refuted. Each statement of the script stands in a line of its own and is of the part of Cypher that
Neo4j and ladybug (Kuzu's successor) share; the latter wants tables first, which the second file makes.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from calcinosis_kg.interchange import contents, rows
from calcinosis_kg.interchange.escapes import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyoxigraph as ox

_ENDS = ("subject", "object")
_SAID = tuple(name for name in rows.EDGE if name not in _ENDS)
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return the content of each file, by its ending.

    >>> from calcinosis_kg import shipped
    >>> files = write(shipped.quads())
    >>> said = b"warfarin capable of negatively regulating pathological calcification"
    >>> said in files["_claims.csv"], said in files["_associations.csv"]
    (True, False)
    """
    found = contents.of(quads)
    nodes, claims = rows.nodes(found), rows.edges(found)
    edges = [row for row in claims if rows.asserted(row)]
    files = {
        ".cypher": "".join(f"{line}\n" for line in _script(nodes, claims, edges)),
        "_schema.cypher": "".join(f"{line}\n" for line in _schema()),
        "_entities.csv": _csv(nodes, rows.NODE),
        "_associations.csv": _csv(edges, (*_ENDS, *_SAID)),
        "_claims.csv": _csv(claims, (*_ENDS, *_SAID)),
    }
    return {ending: content.encode() for ending, content in files.items()}


def _script(nodes: list[rows.Row], claims: list[rows.Row], edges: list[rows.Row]) -> Iterator[str]:
    for row in nodes:
        yield f"CREATE (:Entity {_map(row, rows.NODE)});"
    for row in claims:
        yield f"CREATE (:Claim {_map(row, _SAID)});"
        for end in _ENDS:
            match = f"MATCH (c:Claim {{claim: {literal(row['claim'])}}}), (e:Entity {{id: {literal(row[end])}}})"
            yield f"{match} CREATE (c)-[:{end.upper()}]->(e);"
    for row in edges:
        match = "MATCH " + ", ".join(f"({end[0]}:Entity {{id: {literal(row[end])}}})" for end in _ENDS)
        yield f"{match} CREATE (s)-[:ASSOCIATION {_map(row, _SAID)}]->(o);"


def _schema() -> Iterator[str]:
    yield f"CREATE NODE TABLE Entity({_columns(rows.NODE)}, PRIMARY KEY(`id`));"
    yield f"CREATE NODE TABLE Claim({_columns(_SAID)}, PRIMARY KEY(`claim`));"
    for end in _ENDS:
        yield f"CREATE REL TABLE {end.upper()}(FROM Claim TO Entity);"
    yield f"CREATE REL TABLE ASSOCIATION(FROM Entity TO Entity, {_columns(_SAID)});"


def _columns(names: Sequence[str]) -> str:
    def kind(name: str) -> str:
        if name in rows.LISTS:
            return "INT64[]" if name in rows.NUMBERS else "STRING[]"
        return "BOOLEAN" if name in rows.TRUTHS else "STRING"

    return ", ".join(f"`{name}` {kind(name)}" for name in names)


def _map(row: rows.Row, names: Sequence[str]) -> str:
    kept = ((name, _told(row[name], name)) for name in names)
    return "{" + ", ".join(f"`{name}`: {literal(value)}" for name, value in kept if value not in (None, [])) + "}"


def _told(value: Any, name: str) -> Any:  # noqa: ANN401 - what a row holds
    return json.dumps(value, ensure_ascii=False) if name in rows.JSON and value else value


def literal(value: Any) -> str:  # noqa: ANN401 - what a row holds
    r"""Return a value as Cypher writes it: text, whole number, truth value, or a list of these.

    >>> print(literal(["it's", "a\\b", 7, False]))
    ['it\'s', 'a\\b', 7, false]
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return str(value) if isinstance(value, int) else f"'{value.translate(_ESCAPES)}'"


def _csv(found: list[rows.Row], names: Sequence[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row[name], name) for name in names] for row in found)
    return out.getvalue()


def _cell(value: Any, name: str) -> str:  # noqa: ANN401 - what a row holds
    if isinstance(value, bool):
        return "true" if value else "false"
    if name in rows.LISTS:
        return joined([str(item) for item in value])
    return _told(value, name) or ""
