"""Edge records become statements with evidence.

A statement's key is subject, predicate, object, polarity, qualifiers and standing, all in their final form;
everything else that its records say hangs under it as evidence, one line for each record, with the
identifiers as they were in the file. So a NOT never meets a yes, and what is refuted never meets what is
plain: they are other statements.

A statement's id is 128 bits: the sums, modulo 2**64, of the two first words of the SHA-256 of each part of its
key (of the name of the part, U+001F, and its text). Each distinct text is thus digested once, not once for
each edge; that no two keys share an id is checked on every merge.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from calcinosis_kg.merging import columns, groups, records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from calcinosis_kg.merging.prefixes import Spelling

KEY = ("subject", "predicate", "object", "negated", "qualifiers", "standing")
UNITED = {
    "sources": ("source", False),
    "knowledge_sources": ("knowledge_source", True),
    "publications": ("publications", True),
    "evidence_codes": ("evidence_codes", True),
    "frequencies": ("frequency", False),
}
"""Column of a statement to the column of its records whose distinct values it holds, and whether that column's
cells hold several values already. Which of them belong together is told by the evidence."""
STATEMENT = pa.schema(
    [("id", columns.ID)]
    + [(name, pa.bool_() if name == "negated" else columns.TEXT) for name in KEY]
    + [(name, columns.TEXT) for name in UNITED]
    + [("evidence", pa.int32())]
)
EVIDENCE = pa.schema([("id", columns.ID)] + [(field.name, columns.kept(field)) for field in records.SCHEMAS["edges"]])
_FINAL = "final "
"""How the columns of a key in its final form are named while the records are beside them."""


class Keys:
    """Gives edge records the final form of their keys, and ids.

    Args:
        spelling: Normalises identifiers.
        leader: Identifiers that another one stands for.
    """

    def __init__(self, spelling: Spelling, leader: Mapping[str, str]) -> None:
        def end(texts: Sequence[str]) -> list[str]:
            return [leader.get(text, text) for text in spelling.normal(texts)]

        def ends(values: pa.Array) -> list[str]:
            return [leader.get(text, text) for text in spelling.of(values)]

        def qualifiers(values: pa.Array) -> list[str]:
            return [_qualifiers(text, end) for text in values.to_pylist()]

        self._parts = {
            "subject": columns.Part("subject", ends),
            "predicate": columns.Part("predicate", spelling.of),
            "object": columns.Part("object", ends),
            "negated": columns.Part("negated"),
            "qualifiers": columns.Part("qualifiers", qualifiers),
            "standing": columns.Part("standing"),
        }

    def of(self, table: pa.Table, standing: pa.DictionaryArray | None = None) -> tuple[pa.Table, columns.Words]:
        """Return coded edge records with `id` and the final key before them, and the first words of the ids.

        Args:
            table: The records.
            standing: Their final standing, where it is not as written.
        """
        high = np.zeros(table.num_rows, np.uint64)
        low = np.zeros(table.num_rows, np.uint64)
        made: dict[str, Any] = {}
        for name, part in self._parts.items():
            column = standing if name == "standing" and standing is not None else columns.whole(table[name])
            if name == "negated":
                flags = column.to_numpy(zero_copy_only=False).astype(np.int32)
                _, more_high, more_low = part.of(columns.coded(flags, ["false", "true"]))
            else:
                made[_FINAL + name], more_high, more_low = part.of(column)
            high += more_high
            low += more_low
        return pa.table({"id": columns.ids(high, low), **made, **columns.named(table)}), high


def _qualifiers(text: str, end: Callable[[list[str]], Sequence[str]]) -> str:
    """Return qualifiers with the identifiers in them in their final form."""
    if ":" not in text:
        return text
    found = json.loads(text)
    return records.canonical({key: _final(value, end) for key, value in found.items()})


def _final(value: object, end: Callable[[list[str]], Sequence[str]]) -> object:
    if isinstance(value, str):
        return end([value])[0]
    if isinstance(value, list):
        return [_final(item, end) for item in value]
    return value


def statement_id(
    subject: str,
    predicate: str,
    end: str,
    *,
    negated: bool = False,
    qualifiers: str = "",
    standing: str = "",
) -> str:
    """Return the id of a statement as 32 hexadecimal digits; the parts must be in their final form.

    Args:
        subject: CURIE.
        predicate: CURIE.
        end: CURIE of the object.
        negated: Whether it is denied.
        qualifiers: As `records.canonical` writes them.
        standing: Empty, or a status such as `refuted`.

    >>> statement_id("DOID:9074", "RO:0003302", "DOID:182")
    '9399640b9ea948d20c4c428fb2f2097e'
    """
    parts = (subject, predicate, end, "true" if negated else "false", qualifiers, standing)
    high = low = 0
    for name, text in zip(KEY, parts, strict=True):
        _, more_high, more_low = columns.Part(name).of(columns.coded(np.zeros(1, np.int32), [text]))
        high, low = high + int(more_high[0]), low + int(more_low[0])
    return f"{high % 2**64:016x}{low % 2**64:016x}"


class Ends:
    """The distinct subjects and objects, in their final form, of tables that `Keys.of` returned."""

    def __init__(self) -> None:
        self._used = {_FINAL + name: columns.Used() for name in ("subject", "object")}

    def add(self, table: pa.Table) -> pa.Array:
        """Note the ends of a table; return those of earlier ones that have other lists."""
        return pa.concat_arrays([used.add(columns.whole(table[name])) for name, used in self._used.items()])

    def rest(self) -> pa.Array:
        """Return those that were not returned yet."""
        return pa.concat_arrays([used.rest() for used in self._used.values()])


def merged(parts: Iterable[pa.Table]) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield statements and evidence of one partition after the other.

    Args:
        parts: What `Keys.of` returned, by partitions.

    Raises:
        CalcinosisKGError: Two different keys have the same id.
    """
    for part in parts:
        table = groups.ordered(part)
        key = [name if name == "negated" else _FINAL + name for name in KEY]
        begin = groups.starts(table, key)
        first = table.select(["id", *key]).take(pa.array(begin))
        lengths = np.diff(np.append(begin, table.num_rows)).astype(np.int32)
        united = [
            groups.united(columns.whole(table[name]), begin, several=several) for name, several in UNITED.values()
        ]
        statements = pa.table([*first.columns, *united, pa.array(lengths)], schema=STATEMENT)
        yield statements, table.select(EVIDENCE.names).cast(EVIDENCE)
