"""Node records become nodes: one for each leader, and one for each end of an edge that no record describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calcinosis_kg.merging import columns, groups, records
from calcinosis_kg.merging.lists import Once

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from calcinosis_kg.merging.prefixes import Spelling

NODE = pa.schema(
    [("id", columns.ID)]
    + [(name, columns.TEXT) for name in ("node", "category", "name", "names", "same_as", "sources")]
    + [("deprecated", pa.bool_()), ("evidence", pa.int32())]
)
"""`id` digests `node`, the leader; `name` is that of the leader's own record, `names` are all; `evidence` is the
number of its records, 0 for an end of an edge that no input describes."""
EVIDENCE = pa.schema([("key", columns.ID)] + [(field.name, columns.kept(field)) for field in records.SCHEMAS["nodes"]])
"""A node record; `key` is the `id` of its node."""
_RANK = "rank"


class Keys:
    """Gives node records their leader, and ids.

    Args:
        spelling: Normalises identifiers.
        leader: Identifiers that another one stands for.
    """

    def __init__(self, spelling: Spelling, leader: Mapping[str, str]) -> None:
        self._spelling = spelling
        self._part = columns.Part("node", lambda values: [leader.get(text, text) for text in spelling.of(values)])
        self._own = Once(lambda values: _own(spelling.of(values), leader))
        self._kinds = Once(lambda values: _distinct(_kinds(values, spelling)))

    def of(self, table: pa.Table) -> tuple[pa.Table, columns.Words]:
        """Return coded node records with `id`, `node` and what else is needed, and the first words of the ids."""
        own = columns.whole(table["id"])
        node, high, low = self._part.of(own)
        written, other = self._own.of(own)
        name, category = columns.whole(table["name"]), columns.whole(table["category"])
        nameless = pc.equal(name.dictionary, "").to_numpy(zero_copy_only=False)[columns.codes(name)]
        rank = nameless.astype(np.int64) * 2 + other[columns.codes(own)]
        rest = {name: column for name, column in columns.named(table).items() if name != "id"}
        more = {"id": columns.ids(high, low), "node": node, _RANK: pa.array(rank), "raw": own}
        more["written"] = columns.recoded(own, *written)
        more["kinds"] = columns.recoded(category, *self._kinds.of(category))
        return pa.table({**more, **rest}), high

    def bare(self, ends: pa.Array) -> pa.Table:
        """Return coded records, of no source, for ends of edges."""
        made = records.batch(records.NODES, {"id": ends})
        return columns.encode(made.table)


def _own(spelt: list[str], leader: Mapping[str, str]) -> tuple[tuple[pa.Array, columns.Codes], columns.Codes]:
    """Return identifiers in their one spelling as distinct values and numbers, and whether each has another leader."""
    return _distinct(spelt), np.array([name in leader for name in spelt], np.int32)


def _kinds(values: pa.Array, spelling: Spelling) -> list[str]:
    return [records.join(spelling.normal(records.split(cell))) for cell in values.to_pylist()]


def _distinct(texts: list[str]) -> tuple[pa.Array, columns.Codes]:
    found = pa.array(texts, pa.string()).dictionary_encode()
    return found.dictionary, columns.codes(found)


def merged(parts: Iterable[pa.Table], members: Mapping[str, Sequence[str]]) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield nodes and evidence of one partition after the other.

    Args:
        parts: What `Keys.of` returned, by partitions.
        members: Leader to the others of its clique.
    """
    for part in parts:
        table = groups.ordered(part, first=[_RANK])
        begin = groups.starts(table, ["node"])
        source = columns.whole(table["source"])
        real = pc.not_equal(source.dictionary, "").to_numpy(zero_copy_only=False)[columns.codes(source)]
        numbers = np.add.reduceat(real.astype(np.int32), begin)
        own = np.flatnonzero(real)
        first = columns.compacted(table.select(["id", "node", "name"]).take(pa.array(begin)))
        same = _same_as(columns.whole(first["node"]), members)
        obsolete = np.logical_or.reduceat(_flags(table["deprecated"]) & (table[_RANK].to_numpy() % 2 == 0), begin)
        cells = {
            "id": first["id"], "node": first["node"],
            "category": _united(table, "kinds", begin, several=True), "name": first["name"],
            "names": _united(table, "name", begin), "same_as": same, "sources": _united(table, "source", begin),
            "deprecated": pa.array(obsolete), "evidence": pa.array(numbers),
        }  # fmt: skip
        records_only = table.take(pa.array(own))
        names = ["id", *EVIDENCE.names[1:4], "raw", *EVIDENCE.names[5:]]
        yield (
            pa.table(cells, schema=NODE),
            records_only.select(names).rename_columns(EVIDENCE.names).cast(EVIDENCE),
        )


def _flags(column: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = column.to_numpy().astype(bool)
    return found


def _united(table: pa.Table, name: str, begin: groups.Numbers, *, several: bool = False) -> pa.DictionaryArray:
    return groups.united(columns.whole(table[name]), begin, several=several)


def _same_as(node: pa.DictionaryArray, members: Mapping[str, Sequence[str]]) -> pa.DictionaryArray:
    texts = [records.join(members[name]) if name in members else "" for name in node.dictionary.to_pylist()]
    return columns.coded(columns.codes(node), texts)
