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

_NUMBERS = {
    "http://www.w3.org/2001/XMLSchema#integer": int,
    "http://www.w3.org/2001/XMLSchema#decimal": float,
    "http://www.w3.org/2001/XMLSchema#double": float,
}


@dataclass(frozen=True)
class Table:
    """Ordered rows of an answer.

    Attributes:
        columns: The variable names, in the query's order.
        cells: The rows, as RDF terms; None where a variable is unbound.

    >>> table = Table(("drug", "label"), ((ox.NamedNode("http://purl.obolibrary.org/obo/CHEBI_10033"), ox.Literal("warfarin")),))
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
        """The rows as Python values: text, int, float, bool, or None."""
        return [tuple(_python(cell) for cell in row) for row in self.cells]

    def to_text(self) -> str:
        """Return the table in aligned columns, IRIs as CURIEs."""
        shown = [self.columns, *(tuple(_shown(cell) for cell in row) for row in self.cells)]
        widths = [max(len(row[index]) for row in shown) for index in range(len(self.columns))]
        lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in shown]
        lines.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join(lines)

    def to_csv(self) -> str:
        r"""Return comma-separated values with LF line ends.

        >>> Table(("n",), ((ox.Literal("a,b"),),)).to_csv()
        'n\n"a,b"\n'
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        for row in self.cells:
            writer.writerow(["" if cell is None else cell.value for cell in row])
        return out.getvalue()

    def to_tsv(self) -> str:
        """Return SPARQL 1.1 tab-separated values: names with `?`, terms in Turtle syntax."""
        lines = ["\t".join(f"?{name}" for name in self.columns)]
        lines += ["\t".join("" if cell is None else _turtle(cell) for cell in row) for row in self.cells]
        return "\n".join(lines) + "\n"

    def to_json(self) -> str:
        """Return the SPARQL 1.1 Query Results JSON Format."""
        return self._standard(ox.QueryResultsFormat.JSON)

    def to_xml(self) -> str:
        """Return the SPARQL Query Results XML Format."""
        return self._standard(ox.QueryResultsFormat.XML)

    def _standard(self, form: ox.QueryResultsFormat) -> str:
        solutions = ox.parse_query_results(self.to_tsv().encode(), format=ox.QueryResultsFormat.TSV)
        return bytes(solutions.serialize(format=form)).decode() + "\n"

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas is optional
        """Return a pandas DataFrame.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        try:
            import pandas as pd  # noqa: PLC0415 - optional and slow to import
        except ImportError as error:
            raise MissingExtraError("pandas", "dataframes") from error
        return pd.DataFrame(self.rows, columns=list(self.columns))

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


def _python(cell: Cell) -> str | int | float | bool | None:
    if cell is None:
        return None
    if isinstance(cell, ox.Literal):
        datatype = cell.datatype.value
        if datatype.endswith("#boolean"):
            return cell.value in ("true", "1")
        if datatype in _NUMBERS:
            return _NUMBERS[datatype](cell.value)
    return str(cell.value)


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    return compress(cell.value) if isinstance(cell, ox.NamedNode) else str(cell.value)


def _html(cell: Cell) -> str:
    shown = html.escape(_shown(cell))
    if isinstance(cell, ox.NamedNode):
        return f'<td><a href="{html.escape(cell.value, quote=True)}">{shown}</a></td>'
    return f"<td>{shown}</td>"


def _turtle(cell: Cell) -> str:
    return str(cell).replace("\t", "\\t")
