"""The answer of a query: variable names and rows, and the ways to show or hand them on."""

from __future__ import annotations

import csv
import html
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from calcinosis_kg.errors import MissingExtraError
from calcinosis_kg.namespaces import compress

if TYPE_CHECKING:
    from collections.abc import Iterator

Cell = ox.NamedNode | ox.BlankNode | ox.Literal | None

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = {
    _XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
}  # fmt: skip
_FLOATS = {_XSD + name for name in ("decimal", "double", "float")}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_INT64 = range(-(2**63), 2**63)


@dataclass(frozen=True)
class Table:
    """Ordered rows of an answer.

    Attributes:
        columns: The variable names, in the query's order.
        cells: The rows, as RDF terms; None where a variable is unbound.

    >>> drug = ox.NamedNode("http://purl.obolibrary.org/obo/CHEBI_10033")
    >>> table = Table(("drug", "label"), ((drug, ox.Literal("warfarin")),))
    >>> print(table.to_text())
    drug         label
    -----------  --------
    CHEBI:10033  warfarin
    >>> table.rows
    [('http://purl.obolibrary.org/obo/CHEBI_10033', 'warfarin')]
    """

    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The rows as Python values: text, int, float, bool, or None; an ill-typed number stays text."""
        return [tuple(_python(cell) for cell in row) for row in self.cells]

    def to_text(self) -> str:
        """Return the table in aligned columns, IRIs as CURIEs, each row on one line."""
        cells = [tuple(" ".join(_shown(cell).split()) for cell in row) for row in self.cells]
        widths = [max(map(len, column)) for column in zip(self.columns, *cells, strict=True)]
        rows = [self.columns, tuple("-" * width for width in widths), *cells]
        return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)

    def to_csv(self) -> str:
        r"""Return comma-separated values with LF line ends.

        >>> Table(("n",), ((ox.Literal("a,b"),),)).to_csv()
        'n\n"a,b"\n'
        """
        rows = [list(self.columns), *([_text(cell) for cell in row] for row in self.cells)]
        return "".join(f"{_csv_line(row)}\n" for row in rows)

    def to_tsv(self) -> str:
        """Return SPARQL 1.1 tab-separated values: names with `?`, terms in Turtle syntax."""
        lines = ["\t".join(f"?{name}" for name in self.columns)]
        lines += ["\t".join("" if cell is None else str(cell) for cell in row) for row in self.cells]
        return "\n".join(lines) + "\n"

    def to_json(self) -> str:
        """Return the SPARQL 1.1 Query Results JSON Format."""
        return self._standard(ox.QueryResultsFormat.JSON)

    def to_xml(self) -> str:
        """Return the SPARQL Query Results XML Format."""
        return self._standard(ox.QueryResultsFormat.XML)

    def _standard(self, form: ox.QueryResultsFormat) -> str:
        solutions = ox.parse_query_results(self.to_tsv().encode(), format=ox.QueryResultsFormat.TSV)
        if not isinstance(solutions, ox.QuerySolutions):
            raise TypeError("a table is read back as one")
        # An XML parser would make a line feed of a raw carriage return; JSON has none.
        return (solutions.serialize(format=form) or b"").decode().replace("\r", "&#13;") + "\n"

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas is optional
        """Return a pandas DataFrame; whole numbers and booleans stay such beside unbound cells.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        try:
            import pandas as pd  # noqa: PLC0415 - optional and slow to import
        except ImportError as error:
            raise MissingExtraError("pandas", "dataframes") from error
        rows = self.rows
        frame = pd.DataFrame(rows, columns=list(self.columns))
        for name, *values in zip(self.columns, *rows, strict=True):
            dtype = _nullable(values)
            if dtype:
                frame[name] = pd.array(values, dtype=dtype)
        return frame

    def to_polars(self) -> Any:  # noqa: ANN401 - polars is optional
        """Return a polars DataFrame.

        Raises:
            MissingExtraError: polars is not installed.
        """
        try:
            import polars as pl  # noqa: PLC0415 - optional and slow to import
        except ImportError as error:
            raise MissingExtraError("polars", "dataframes") from error
        return pl.DataFrame(self.rows, schema=list(self.columns), orient="row", infer_schema_length=None)

    def _repr_html_(self) -> str:
        """Return the table as HTML, for notebooks."""
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        body = "".join("<tr>" + "".join(_html(cell) for cell in row) + "</tr>" for row in self.cells)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _csv_line(row: list[str]) -> str:
    """Return a row without its line end; the writer quotes a carriage return only if its line end has one."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(row)
    return out.getvalue().removesuffix("\r\n")


def _nullable(values: list[Any]) -> str:
    """Return the pandas type of a column with unbound cells that numpy has none for; else nothing."""
    kinds = {type(value) for value in values if value is not None}
    if None not in values:
        return ""
    if kinds == {bool}:
        return "boolean"
    return "Int64" if kinds == {int} and all(value is None or value in _INT64 for value in values) else ""


def _python(cell: Cell) -> str | int | float | bool | None:
    if not isinstance(cell, ox.Literal):
        return None if cell is None else _text(cell)
    datatype, text = cell.datatype.value, str(cell.value)
    try:
        if datatype == _XSD + "boolean":
            return _BOOLEANS.get(text, text)
        if datatype in _INTEGERS:
            return int(text)
        return float(text) if datatype in _FLOATS else text
    except ValueError:
        return text


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return str(cell) if isinstance(cell, ox.BlankNode) else str(cell.value)


def _shown(cell: Cell) -> str:
    return compress(cell.value) if isinstance(cell, ox.NamedNode) else _text(cell)


def _html(cell: Cell) -> str:
    shown = html.escape(_shown(cell))
    if isinstance(cell, ox.NamedNode) and cell.value.startswith(("http://", "https://")):
        return f'<td><a href="{html.escape(cell.value, quote=True)}">{shown}</a></td>'
    return f"<td>{shown}</td>"
