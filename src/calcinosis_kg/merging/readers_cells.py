"""Cells of text to cells of records, a column at a time: identifiers, truth values, lists, JSON objects, batches."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from calcinosis_kg.errors import MissingExtraError
from calcinosis_kg.merging import records

try:
    import polars as pl
    import pyarrow as pa
except ImportError as error:  # pragma: no cover - the extra is installed where tests run
    raise MissingExtraError("polars and pyarrow", "merge") from error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from calcinosis_kg.merging.readers_streams import Fault

__all__ = [
    "CURIE", "Origin", "curie", "distinct", "filled", "identified", "joined", "json_objects", "negation", "pl",
    "repeated", "truth",
]  # fmt: skip

CURIE = r"^[A-Za-z0-9_][^\x00-\x20:|]*:[^\x00-\x20|]+$"
"""What an identifier looks like, CURIE or IRI: a prefix, a colon, something; no blanks, no list of several."""

_CURIE = re.compile(CURIE.replace("$", r"\Z"))
_TEXT = 100_000
_ESCAPED = r'["\\\x00-\x1f]'
_TRUE = frozenset({"true", "t", "1", "1.0", "yes", "y", "not"})
_FALSE = frozenset({"", "false", "f", "0", "0.0", "no", "n", "none", "null", "nan", "na"})


@dataclass(frozen=True)
class Origin:
    """Where records come from.

    Attributes:
        source: Name of the input.
        file: Name of its file, without folder.
    """

    source: str
    file: str

    def batch(self, kind: str, columns: Mapping[str, Any], length: int) -> records.Batch:
        """Return a batch of records of this origin; columns left out are empty, and a single text fills its column."""
        given = {"source": self.source, "file": self.file, **columns}
        made: dict[str, Any] = {}
        for field in records.SCHEMAS[kind]:
            values = given.pop(field.name, "")
            if isinstance(values, str):
                if field.type == pa.string():
                    made[field.name] = repeated(values, length)
            elif isinstance(values, pl.Series):
                made[field.name] = values.to_arrow(compat_level=pl.CompatLevel.oldest())
            else:
                made[field.name] = values
        return records.batch(kind, made | given)

    def faults(self, found: Sequence[Fault]) -> records.Batch:
        """Return quarantine records."""
        columns = {
            "line": [fault.line for fault in found],
            "reason": [fault.reason for fault in found],
            "text": [shortened(fault.text) for fault in found],
        }
        return self.batch(records.QUARANTINE, columns, len(found))


def repeated(text: str, length: int) -> pa.Array:
    """Return a column of one text, without a look at each row.

    >>> repeated("ab", 2).to_pylist(), repeated("", 2).to_pylist()
    (['ab', 'ab'], ['', ''])
    """
    raw = text.encode()
    places = np.arange(length + 1, dtype=np.int32) * len(raw)
    return pa.StringArray.from_buffers(length, pa.py_buffer(places), pa.py_buffer(raw * length))


def shortened(text: str) -> str:
    """Return a raw row, cut where it is longer than any row should be.

    >>> shortened("a" * 100_001)[-12:]
    'aa… (1 more)'
    """
    return text if len(text) <= _TEXT else f"{text[:_TEXT]}… ({len(text) - _TEXT} more)"


def curie(text: str) -> bool:
    """Whether a text looks like a CURIE or an IRI.

    >>> curie("DOID:182"), curie("calcinosis"), curie("DOID: 182")
    (True, False, False)
    """
    return bool(_CURIE.match(text))


def identified(values: pl.Series) -> pl.Series:
    """Whether each text looks like an identifier; as `curie`, a column at a time."""
    if values.len() and (values == values[0]).all():
        return pl.repeat(curie(values[0]), values.len(), dtype=pl.Boolean, eager=True)
    if values.unique().str.contains(CURIE).all():
        return pl.repeat(value=True, n=values.len(), dtype=pl.Boolean, eager=True)
    return values.str.contains(CURIE)


def truth(text: str) -> bool | None:
    """Return the truth value that a text spells, or None.

    >>> truth("True"), truth(""), truth("NOT"), truth("maybe")
    (True, False, True, None)
    """
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def negation(values: pl.Series) -> pl.Series:
    """Return the truth values that texts spell; null where one spells none."""
    return distinct(values, truth, pl.Boolean)


def distinct(values: pl.Series, change: Callable[[str], Any], dtype: Any = pl.String) -> pl.Series:  # noqa: ANN401 - a polars type
    """Return each text changed, where different texts are few: each is changed once."""
    if not values.len():
        return pl.Series([], dtype=dtype)
    if (values == values[0]).all():
        return pl.repeat(change(values[0]), values.len(), dtype=dtype, eager=True)
    old = values.unique()
    return values.replace_strict(old, pl.Series([change(text) for text in old], dtype=dtype), return_dtype=dtype)


def filled(values: pl.Series) -> bool:
    """Whether any text of a column is not empty."""
    return bool((values != "").any())


def joined(values: pl.Series) -> pl.Series:
    """Return lists separated by '|' as `records.join` writes them.

    >>> joined(pl.Series(["PMID:2|PMID:1", "a%b", ""])).to_list()
    ['PMID:1|PMID:2', 'a%25b', '']
    """
    if values.str.contains("%", literal=True).any():
        values = values.str.replace_all("%", "%25", literal=True)
    bars = values.str.count_matches("|", literal=True)
    most = bars.max()
    if not most:
        return values
    # Two values, the usual list, are put in order without making lists: that is ten times as fast.
    first, second = pl.col("first"), pl.col("second")
    pair = (
        pl.when(second.is_null() | (first < second) & (first != ""))
        .then(pl.col("v"))
        .when((first == "") | (first == second))
        .then(second)
        .when(second == "")
        .then(first)
        .otherwise(second + "|" + first)
    )
    halves = values.str.split_exact("|", 1).struct.rename_fields(["first", "second"]).struct.unnest()
    made = halves.with_columns(values.alias("v")).select(pair.alias("v"))["v"]
    if most == 1:
        return made
    places = (bars > 1).arg_true()
    lists = values.gather(places).str.split("|").list.unique().list.sort().list.join("|").str.strip_prefix("|")
    return made.scatter(places, lists)


def json_objects(frame: pl.DataFrame, columns: Mapping[str, str]) -> pl.Series | str:
    r"""Return the canonical JSON text of some columns of each row, as `records.canonical` writes it.

    Args:
        frame: Columns of text.
        columns: Key of the object to the name of the column that has its text.

    Returns:
        A column, or one text if all rows have the same.

    >>> made = json_objects(pl.DataFrame({"a": ["x", ""], "b": ["", 'say "hi"']}), {"A": "a", "B": "b"})
    >>> made.to_list()
    ['{"A":"x"}', '{"B":"say \\"hi\\""}']
    """
    parts: list[pl.Expr] = []
    constant: dict[str, str] | None = {}
    for key in sorted(columns):
        values = frame[columns[key]]
        if not values.len() or not filled(values):
            continue
        first = values[0]
        name = json.dumps(key, ensure_ascii=False)
        if (values == first).all():
            parts.append(pl.lit(f",{name}:{json.dumps(first, ensure_ascii=False)}"))
            if constant is not None:
                constant[key] = first
            continue
        constant = None
        text = pl.concat_str([pl.lit(f',{name}:"'), pl.lit(_escaped(values)), pl.lit('"')])
        parts.append(pl.when(pl.lit(values != "")).then(text).otherwise(pl.lit("")))
    if constant is not None:
        return records.canonical(constant)
    body = frame.select(pl.concat_str(parts).str.slice(1).alias("v"))["v"]
    braced = pl.when(pl.col("v") == "").then(pl.lit("")).otherwise(pl.lit("{") + pl.col("v") + pl.lit("}"))
    return body.to_frame().select(braced.alias("v"))["v"]


def _escaped(values: pl.Series) -> pl.Series:
    special = values.str.contains(_ESCAPED)
    if not special.any():
        return values
    old = values.filter(special).unique()
    new = pl.Series([json.dumps(text, ensure_ascii=False)[1:-1] for text in old], dtype=pl.String)
    return values.replace(old, new)


def texts(values: Iterable[object]) -> str:
    """Return scalars as one cell, as `records.join` writes it.

    >>> texts(["b", 1, True])
    '1|b|true'
    """
    return records.join(value if isinstance(value, str) else json.dumps(value) for value in values)
