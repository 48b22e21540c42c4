"""Rows as tables of columns: data frames, Arrow tables, a DuckDB database; and back.

Absent texts are null, absent lists empty. Lines of evidence stay JSON text, so that a column is the same in each.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from calcinosis_kg.errors import InputError, MissingExtraError
from calcinosis_kg.interchange import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

Frames = tuple[Any, Any]
"""Nodes and edges."""


def columns(found: Sequence[rows.Row], names: Sequence[str]) -> dict[str, list[Any]]:
    """Return rows as columns.

    >>> columns([{"id": "A:1", "evidence_lines": []}], ["id", "evidence_lines"])
    {'id': ['A:1'], 'evidence_lines': [None]}
    """
    return {name: [_told(row[name], name) for row in found] for name in names}


def _told(value: Any, name: str) -> Any:  # noqa: ANN401 - what a row holds
    if name in rows.JSON:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else None
    return value


def to_pandas(nodes: Sequence[rows.Row], edges: Sequence[rows.Row]) -> Frames:
    """Return two pandas DataFrames.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    try:
        import pandas as pd  # noqa: PLC0415 - optional and slow to import
    except ImportError as error:
        raise MissingExtraError("pandas", "dataframes") from error

    def made(found: Sequence[rows.Row], names: Sequence[str]) -> Any:  # noqa: ANN401 - pandas is optional
        kinds = {name: "object" if name in rows.LISTS else "bool" if name in rows.TRUTHS else "str" for name in names}
        told = columns(found, names)
        return pd.DataFrame({name: pd.Series(told[name], dtype=kinds[name]) for name in names})

    return made(nodes, rows.NODE), made(edges, rows.EDGE)


def to_arrow(nodes: Sequence[rows.Row], edges: Sequence[rows.Row], extra: str = "dataframes") -> Frames:
    """Return two Arrow tables.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - optional and slow to import
    except ImportError as error:
        raise MissingExtraError("pyarrow", extra) from error

    def kind(name: str) -> Any:  # noqa: ANN401 - pyarrow is optional
        if name in rows.LISTS:
            return pa.list_(pa.int64() if name in rows.NUMBERS else pa.string())
        return pa.bool_() if name in rows.TRUTHS else pa.string()

    def made(found: Sequence[rows.Row], names: Sequence[str]) -> Any:  # noqa: ANN401 - as above
        return pa.table(columns(found, names), schema=pa.schema([(name, kind(name)) for name in names]))

    return made(nodes, rows.NODE), made(edges, rows.EDGE)


def to_polars(nodes: Sequence[rows.Row], edges: Sequence[rows.Row]) -> Frames:
    """Return two polars DataFrames.

    Raises:
        MissingExtraError: polars is not installed.
    """
    try:
        import polars as pl  # noqa: PLC0415 - optional and slow to import
    except ImportError as error:
        raise MissingExtraError("polars", "dataframes") from error

    def kind(name: str) -> Any:  # noqa: ANN401 - polars is optional
        if name in rows.LISTS:
            return pl.List(pl.Int64 if name in rows.NUMBERS else pl.String)
        return pl.Boolean if name in rows.TRUTHS else pl.String

    def made(found: Sequence[rows.Row], names: Sequence[str]) -> Any:  # noqa: ANN401 - as above
        return pl.DataFrame(columns(found, names), schema={name: kind(name) for name in names})

    return made(nodes, rows.NODE), made(edges, rows.EDGE)


def to_duckdb(nodes: Sequence[rows.Row], edges: Sequence[rows.Row], path: str) -> Any:  # noqa: ANN401 - optional
    """Return a connection to a DuckDB database with the tables `nodes` and `edges`, made anew.

    Raises:
        InputError: The database cannot be opened.
        MissingExtraError: duckdb or pyarrow is not installed.
    """
    try:
        import duckdb  # noqa: PLC0415 - optional and slow to import
    except ImportError as error:
        raise MissingExtraError("duckdb", "duckdb") from error
    tables = to_arrow(nodes, edges, "duckdb")
    try:
        connection = duckdb.connect(path)
    except duckdb.Error as error:
        raise InputError(f"cannot be opened as a DuckDB database: {error}", "Choose another place.", path) from error
    for name, table in zip(("nodes", "edges"), tables, strict=True):
        connection.register("given", table)
        connection.execute(f"create or replace table {name} as select * from given")  # noqa: S608 - our own names
        connection.unregister("given")
    return connection


def from_frame(frame: Any) -> list[rows.Row]:  # noqa: ANN401 - of any library
    """Return the rows of a DataFrame or Arrow table that came from here; NaN and null are absent.

    Raises:
        TypeError: It is none of pandas, polars or Arrow.
    """
    for method, given in (("to_dicts", ()), ("to_pylist", ()), ("to_dict", ("records",))):
        if hasattr(frame, method):
            return [{name: _plain(value) for name, value in row.items()} for row in getattr(frame, method)(*given)]
    raise TypeError(f"neither a DataFrame nor an Arrow table: {type(frame).__name__}")


def _plain(value: Any) -> Any:  # noqa: ANN401 - of any library
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.tolist() if hasattr(value, "tolist") else value
