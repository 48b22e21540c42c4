"""Hands a graph to the tools of others: data frames, Arrow, DuckDB, networkx, igraph, arrays for graph learning.

Each function takes an rdflib graph and gives nodes and edges; an edge is a claim, with its status, polarity, modality,
qualifiers and evidence as columns or attributes. They see the view `accepted` unless another is asked for, and of any
view only what is asserted: claims that are negated, refuted or artefacts are left out, since whoever counts neighbours
takes no notice of an attribute. `claims=True` gives them too.

>>> from calcinosis_kg import handoffs, load
>>> graph = load()
>>> handoffs.to_networkx(graph).has_edge("CHEBI:10033", "CKG:0000021")
False
>>> everything = handoffs.to_networkx(graph, view="all", claims=True)
>>> [claim["claim_status"] for claim in everything["CHEBI:10033"]["CKG:0000021"].values()]
['refuted']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from calcinosis_kg import oxigraph, views
from calcinosis_kg.errors import CalcinosisKGError, InputError, QueryError
from calcinosis_kg.interchange import contents, frames, networks, restored, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    import rdflib


def to_pandas(graph: rdflib.Graph, *, view: str | Iterable[str] = "accepted", claims: bool = False) -> tuple[Any, Any]:
    """Return nodes and edges as pandas DataFrames.

    Args:
        graph: A dataset made by this package, or any rdflib graph with its claims.
        view: Name of a view, or names of several (`views.VIEWS`).
        claims: Whether negated, refuted and artefact claims are among the edges.

    >>> from calcinosis_kg import load
    >>> nodes, edges = to_pandas(load())
    >>> len(edges), int(edges["negated"].sum())
    (139, 0)

    Raises:
        MissingExtraError: pandas is not installed.
        QueryError: Unknown view, or one of which no claim is asserted, without `claims`.
    """
    return frames.to_pandas(*_rows(graph, view, claims))


def to_polars(graph: rdflib.Graph, *, view: str | Iterable[str] = "accepted", claims: bool = False) -> tuple[Any, Any]:
    """Return nodes and edges as polars DataFrames; the rest is as in `to_pandas`.

    >>> from calcinosis_kg import load
    >>> to_polars(load())[1]["claim"].n_unique()
    139

    Raises:
        MissingExtraError: polars is not installed.
        QueryError: As in `to_pandas`.
    """
    return frames.to_polars(*_rows(graph, view, claims))


def to_arrow(graph: rdflib.Graph, *, view: str | Iterable[str] = "accepted", claims: bool = False) -> tuple[Any, Any]:
    """Return nodes and edges as Arrow tables; the rest is as in `to_pandas`.

    >>> from calcinosis_kg import load
    >>> to_arrow(load())[1].num_rows
    139

    Raises:
        MissingExtraError: pyarrow is not installed.
        QueryError: As in `to_pandas`.
    """
    return frames.to_arrow(*_rows(graph, view, claims))


def to_duckdb(
    graph: rdflib.Graph, path: str = ":memory:", *, view: str | Iterable[str] = "accepted", claims: bool = False
) -> Any:  # noqa: ANN401 - duckdb is optional
    """Return a connection to a DuckDB database with the tables `nodes` and `edges`; the rest is as in `to_pandas`.

    Args:
        graph: As in `to_pandas`.
        path: File of the database; tables of these two names in it are replaced. In memory unless given.
        view: As in `to_pandas`.
        claims: As in `to_pandas`.

    >>> from calcinosis_kg import load
    >>> to_duckdb(load()).sql("select count(*) from edges where claim_status = 'accepted'").fetchall()
    [(139,)]

    Raises:
        InputError: The database cannot be opened.
        MissingExtraError: duckdb or pyarrow is not installed.
        QueryError: As in `to_pandas`.
    """
    return frames.to_duckdb(*_rows(graph, view, claims), path)


def to_networkx(graph: rdflib.Graph, *, view: str | Iterable[str] = "accepted", claims: bool = False) -> Any:  # noqa: ANN401 - optional
    """Return a `networkx.MultiDiGraph`, an edge for each claim with its id as key; the rest is as in `to_pandas`.

    >>> from calcinosis_kg import load
    >>> to_networkx(load()).number_of_edges()
    139

    Raises:
        MissingExtraError: networkx is not installed.
        QueryError: As in `to_pandas`.
    """
    return networks.to_networkx(*_rows(graph, view, claims))


def to_igraph(graph: rdflib.Graph, *, view: str | Iterable[str] = "accepted", claims: bool = False) -> Any:  # noqa: ANN401 - optional
    """Return a directed `igraph.Graph`; a vertex's `name` is its CURIE. The rest is as in `to_pandas`.

    >>> from calcinosis_kg import load
    >>> to_igraph(load()).ecount()
    139

    Raises:
        MissingExtraError: igraph is not installed.
        QueryError: As in `to_pandas`.
    """
    return networks.to_igraph(*_rows(graph, view, claims))


def to_pyg(graph: rdflib.Graph, *, view: str | Iterable[str] = "accepted", claims: bool = False) -> networks.Arrays:
    """Return numpy arrays as PyTorch Geometric takes them (`torch.from_numpy(arrays.edge_index)`); torch is not needed.

    The rest is as in `to_pandas`.

    >>> from calcinosis_kg import load
    >>> arrays = to_pyg(load())
    >>> arrays.edge_index.shape, arrays.edge_index.dtype.name
    ((2, 139), 'int64')

    Raises:
        MissingExtraError: numpy is not installed.
        QueryError: As in `to_pandas`.
    """
    return networks.to_arrays(*_rows(graph, view, claims))


def from_frames(nodes: Any, edges: Any) -> rdflib.Dataset:  # noqa: ANN401 - of any library
    """Return the claims that two data frames or Arrow tables hold as a new dataset, without plain triples.

    It is the way back from `to_pandas`, `to_polars` and `to_arrow`, also after rows were taken out.

    >>> from calcinosis_kg import load
    >>> nodes, edges = to_polars(load())
    >>> to_polars(from_frames(nodes, edges[:5]))[1]["claim"].to_list() == edges["claim"][:5].to_list()
    True

    Raises:
        InputError: A row cannot be what one of those functions gave.
    """
    try:
        found = rows.contents(frames.from_frame(nodes), frames.from_frame(edges))
        return oxigraph.to_dataset(restored.quads(found))
    except (KeyError, TypeError, ValueError, AttributeError, CalcinosisKGError) as error:
        raise InputError(f"not rows of a hand-off: {error}", "Keep the columns of the frames as they came.") from error


def _rows(graph: rdflib.Graph, view: str | Iterable[str], claims: bool) -> tuple[list[rows.Row], list[rows.Row]]:  # noqa: FBT001
    names = (view,) if isinstance(view, str) else tuple(view)
    found = contents.of(views.select(oxigraph.to_ox(graph), names))
    edges = rows.edges(found)
    kept = edges if claims else [row for row in edges if rows.asserted(row)]
    if edges and not kept:
        problem = f"no claim of the view {', '.join(names)} is asserted, so none is an edge"
        raise QueryError(problem, "Give claims=True to have claims with their status.")
    named = {row[end] for row in kept for end in ("subject", "object", *_NODES)}
    return [row for row in rows.nodes(found) if row["id"] in named], kept


_NODES = ("population_context_qualifier", "ckg_severity_qualifier")
"""The qualifiers that are nodes."""
