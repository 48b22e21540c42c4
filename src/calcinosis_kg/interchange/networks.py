"""Rows as graphs: networkx, igraph, and index arrays for graph learning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from calcinosis_kg.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from calcinosis_kg.interchange import rows


@dataclass(frozen=True)
class Arrays:
    """A graph as arrays, as PyTorch Geometric and its like take them; an edge is a claim.

    Attributes:
        node_ids: CURIE of each node; its place is its index.
        edge_index: Indices of subject and object, int64, of shape (2, edges).
        edge_type: Index into `relations` of each edge, int64.
        relations: The OBO relation of a claim, or its Biolink predicate where it has none, and the direction of the
            effect if one is given: what drives a process and what holds it back are both `biolink:affects`, and must
            not be learnt as the same.
        claims: Id of the claim of each edge.
        status: Its status, as text.
        negated: Its polarity, bool.
        hedged: Whether a word weakens it, bool.
    """

    node_ids: tuple[str, ...]
    edge_index: NDArray[np.int64]
    edge_type: NDArray[np.int64]
    relations: tuple[str, ...]
    claims: tuple[str, ...]
    status: tuple[str, ...]
    negated: NDArray[np.bool]
    hedged: NDArray[np.bool]


def to_networkx(nodes: Sequence[rows.Row], edges: Sequence[rows.Row]) -> Any:  # noqa: ANN401 - networkx is optional
    """Return a `networkx.MultiDiGraph`: nodes by CURIE, an edge for each claim, its key the claim's id.

    Raises:
        MissingExtraError: networkx is not installed.
    """
    try:
        import networkx as nx  # noqa: PLC0415 - optional and slow to import
    except ImportError as error:
        raise MissingExtraError("networkx", "networks") from error
    graph = nx.MultiDiGraph()
    graph.add_nodes_from((row["id"], _attributes(row)) for row in nodes)
    graph.add_edges_from((row["subject"], row["object"], row["claim"], _attributes(row)) for row in edges)
    return graph


def to_igraph(nodes: Sequence[rows.Row], edges: Sequence[rows.Row]) -> Any:  # noqa: ANN401 - igraph is optional
    """Return a directed `igraph.Graph`: a vertex's `name` is its CURIE and `label` its name.

    Raises:
        MissingExtraError: igraph is not installed.
    """
    try:
        import igraph as ig  # noqa: PLC0415 - optional and slow to import
    except ImportError as error:
        raise MissingExtraError("igraph", "networks") from error
    place = {row["id"]: number for number, row in enumerate(nodes)}
    graph = ig.Graph(
        n=len(nodes), edges=[(place[row["subject"]], place[row["object"]]) for row in edges], directed=True
    )
    for name in nodes[0] if nodes else ():
        graph.vs[{"id": "name", "name": "label"}.get(name, name)] = [row[name] for row in nodes]
    for name in edges[0] if edges else ():
        graph.es[name] = [row[name] for row in edges]
    return graph


def to_arrays(nodes: Sequence[rows.Row], edges: Sequence[rows.Row]) -> Arrays:
    """Return a graph as arrays.

    Raises:
        MissingExtraError: numpy is not installed.
    """
    try:
        import numpy as np  # noqa: PLC0415 - optional and slow to import
    except ImportError as error:
        raise MissingExtraError("numpy", "networks") from error
    place = {row["id"]: number for number, row in enumerate(nodes)}
    kinds = [_kind(row) for row in edges]
    relations = tuple(sorted(set(kinds)))
    number = {kind: place for place, kind in enumerate(relations)}
    ends = [[place[row[end]] for row in edges] for end in ("subject", "object")]
    return Arrays(
        node_ids=tuple(place),
        edge_index=np.array(ends, np.int64).reshape(2, -1),
        edge_type=np.array([number[kind] for kind in kinds], np.int64),
        relations=relations,
        claims=tuple(row["claim"] for row in edges),
        status=tuple(row["claim_status"] for row in edges),
        negated=np.array([row["negated"] for row in edges], np.bool),
        hedged=np.array([row["modality"] == "hedged" for row in edges], np.bool),
    )


def _kind(row: rows.Row) -> str:
    said = row["relation"] or row["original_predicate"] or row["predicate"]
    return " ".join(filter(None, (said, row["object_direction_qualifier"])))


def _attributes(row: rows.Row) -> rows.Row:
    return {name: value for name, value in row.items() if value not in (None, [])}
