"""Statements with their evidence as the columns of KGX edges, so that reading the edges gives the same again.

A row is a statement. Where it rests on one line of evidence, the columns say all of it. Where there are several, the
columns hold lists, and `evidence_lines` says which values belong together; so it does where a column cannot hold
a value as it is, such as a tab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calcinosis_kg.merging import columns, kgx_names, outputs_evidence, predicates
from calcinosis_kg.merging.outputs_evidence import SEVERAL, Bundles, Lines
from calcinosis_kg.merging.outputs_properties import properties, qualifiers

if TYPE_CHECKING:
    from calcinosis_kg.merging.outputs_properties import Names

    Table = dict[str, pa.Array]

LISTS = frozenset({kgx_names.PROVIDED, *kgx_names.DETAILS.values(), *kgx_names.ORIGINALS.values()})
"""Columns of which a cell holds several values, joined."""

_CACHED = 200_000
"""Qualifiers that are remembered."""


class Edges:
    """Makes rows of statements and their evidence.

    Args:
        names: The columns that not every file has.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._biolink = predicates.of_biolink()
        self._met: dict[str, tuple[str, ...]] = {}

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order; `standing` is empty in a file of plain edges."""
        start = ["id", *kgx_names.ENDS, kgx_names.RELATION, "negated", "standing"]
        said = [kgx_names.QUALIFIERS, *self._names.qualifiers]
        details = [*kgx_names.DETAILS.values(), *kgx_names.OWN]
        return [*start, *said, *details, *self._names.properties, kgx_names.OTHERS, kgx_names.LINES]

    def of(self, table: pa.Table, evidence: pa.Table) -> pa.Table:
        """Return a row for each statement.

        Args:
            table: Coded statements.
            evidence: Their evidence, in the same order.
        """
        table, evidence = columns.trimmed(table), columns.trimmed(evidence)  # lists of values may be long, and shared
        made: Table = {name: columns.whole(table[name]) for name in ("id", "subject", "object", "standing")}
        made |= self._predicates(columns.whole(table["predicate"]))
        flags = columns.whole(table["negated"]).to_numpy(zero_copy_only=False).astype(np.int32)
        made["negated"] = columns.coded(flags, ["", "true"])  # kgx takes any text for true, `false` too
        made |= self._qualifiers(columns.whole(table["qualifiers"]))
        made |= self._details(table, Lines(evidence, table["evidence"].to_numpy().astype(np.int64)))
        return pa.table({name: made[name] for name in self.columns})

    def _predicates(self, column: pa.DictionaryArray) -> Table:
        texts, numbers = column.dictionary.to_pylist(), columns.codes(column)
        return {
            "predicate": columns.coded(numbers, [self._biolink.get(text, text) for text in texts]),
            kgx_names.RELATION: columns.coded(numbers, [text if text in self._biolink else "" for text in texts]),
        }

    def _qualifiers(self, column: pa.DictionaryArray) -> Table:
        names = (*self._names.qualifiers, kgx_names.QUALIFIERS)
        texts = column.dictionary.to_pylist()
        if len(self._met) > _CACHED:
            self._met.clear()
        self._met |= {text: qualifiers(text, names[:-1]) for text in texts if text not in self._met}
        cells = [self._met[text] for text in texts]
        numbers = columns.codes(column)
        return {name: columns.coded(numbers, [some[place] for some in cells]) for place, name in enumerate(names)}

    def _details(self, table: pa.Table, lines: Lines) -> Table:
        """Return what hangs under statements."""
        rest = lines["rest"]
        known = [properties(text, self._names.properties) for text in rest.dictionary.to_pylist()]
        provided, identifier, *ends = ([one.own[place] for one in known] for place in range(len(kgx_names.OWN)))
        each: Table = {kgx_names.PROVIDED: outputs_evidence.providers(lines, provided)}
        each |= {kgx: lines[name] for name, kgx in kgx_names.DETAILS.items()}
        for (end, name), given in zip(kgx_names.ORIGINALS.items(), ends, strict=True):
            each[name] = outputs_evidence.original(end, columns.whole(table[end]), lines, given)
        identifiers = outputs_evidence.identifiers(lines, identifier)
        made = {name: lines.united(column, several=name in SEVERAL) for name, column in each.items()}
        made[kgx_names.ORIGINAL_ID] = lines.listed(identifiers)
        numbers = columns.codes(rest)
        for place, name in enumerate(self._names.properties):
            made[name] = lines.united(columns.coded(numbers, [one.cells[place] for one in known]), several=True)
        made[kgx_names.OTHERS] = lines.agreed(columns.coded(numbers, [one.others for one in known]))
        counted = np.array([one.counted for one in known], bool)[numbers]
        unsaid = outputs_evidence.flags(each["frequency"], lambda texts: pc.equal(texts, ""))
        unfit = np.array([not one.fit for one in known], bool)[numbers]
        bundles = Bundles(each, identifiers, columns.coded(numbers, [one.every for one in known]))
        made[kgx_names.LINES] = bundles.of(lines, unfit, counted & unsaid)
        return made
