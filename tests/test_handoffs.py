"""Hand-offs: the same claims in every library, none that is denied or refuted unless it is asked for, and back."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rdflib
from hypothesis import given, settings

from calcinosis_kg import handoffs, oxigraph, shipped
from calcinosis_kg.errors import InputError, MissingExtraError, QueryError
from calcinosis_kg.interchange import contents, frames, restored, rows
from calcinosis_kg.interchange.associations import Contents
from given_contents import CONTENTS

FRAMES = {"pandas": handoffs.to_pandas, "polars": handoffs.to_polars, "arrow": handoffs.to_arrow}
LIBRARIES = {
    "pandas": "dataframes",
    "polars": "dataframes",
    "arrow": "dataframes",
    "duckdb": "duckdb",
    "networkx": "networks",
    "igraph": "networks",
    "pyg": "networks",
}
"""Hand-off to the extra that it needs."""


def dataset(found: Contents) -> rdflib.Dataset:
    return oxigraph.to_dataset(restored.quads(found))


@pytest.fixture(scope="module")
def graph() -> rdflib.Dataset:
    return dataset(contents.of(shipped.quads()))


def listed(graph: rdflib.Graph, *, claims: bool) -> dict[str, tuple[set[str], list[tuple[str, str, str, str, bool]]]]:
    """Return nodes and edges as each library has them: claim, ends, status, polarity."""
    told = {}
    for name, hand in FRAMES.items():
        nodes, edges = hand(graph, view="all", claims=claims)
        told[name] = (
            {row["id"] for row in frames.from_frame(nodes)},
            [
                (row["claim"], row["subject"], row["object"], row["claim_status"], bool(row["negated"]))
                for row in frames.from_frame(edges)
            ],
        )
    connection = handoffs.to_duckdb(graph, view="all", claims=claims)
    told["duckdb"] = (
        {name for (name,) in connection.sql("select id from nodes").fetchall()},
        connection.sql("select claim, subject, object, claim_status, negated from edges").fetchall(),
    )
    connection.close()
    network = handoffs.to_networkx(graph, view="all", claims=claims)
    told["networkx"] = (
        set(network),
        [(key, s, o, data["claim_status"], data["negated"]) for s, o, key, data in network.edges(keys=True, data=True)],
    )
    vertices = handoffs.to_igraph(graph, view="all", claims=claims)
    told["igraph"] = (
        set(vertices.vs["name"]),
        [
            (e["claim"], vertices.vs[e.source]["name"], vertices.vs[e.target]["name"], e["claim_status"], e["negated"])
            for e in vertices.es
        ],
    )
    arrays = handoffs.to_pyg(graph, view="all", claims=claims)
    ends = arrays.edge_index.T.tolist()
    flags = arrays.negated.tolist()
    told["pyg"] = (
        set(arrays.node_ids),
        [
            (claim, arrays.node_ids[s], arrays.node_ids[o], status, flag)
            for claim, (s, o), status, flag in zip(arrays.claims, ends, arrays.status, flags, strict=True)
        ],
    )
    return told


# ---- laws ----


@settings(max_examples=15, deadline=None)
@given(CONTENTS)
def test_every_library_has_the_same_claims(found: Contents) -> None:
    told = listed(dataset(found), claims=True)
    wanted = sorted((one.id, one.subject, one.object, one.status, one.negated) for one in found.associations)
    for name, (nodes, edges) in told.items():
        assert sorted(edges) == wanted, name
        assert nodes == {entity.id for entity in found.entities}, name


@settings(max_examples=15, deadline=None)
@given(CONTENTS)
def test_only_what_is_asserted_is_an_edge(found: Contents) -> None:
    graph = dataset(found)
    wanted = {
        claim.id
        for claim in found.associations
        if not claim.negated and claim.status in ("accepted", "reported", "contested")
    }
    if not wanted:
        with pytest.raises(QueryError, match=r"no claim of the view all is asserted.*claims=True"):
            handoffs.to_pyg(graph, view="all")
        return
    for name, (_, edges) in listed(graph, claims=False).items():
        assert {edge[0] for edge in edges} == wanted, name


@pytest.mark.parametrize("name", FRAMES)
@settings(max_examples=20, deadline=None)
@given(found=CONTENTS)
def test_frames_come_back(name: str, found: Contents) -> None:
    nodes, edges = FRAMES[name](dataset(found), view="all", claims=True)
    assert contents.of(oxigraph.to_ox(handoffs.from_frames(nodes, edges))) == found


# ---- the shipped graph ----


def test_the_shipped_graph_has_the_same_counts_everywhere(graph: rdflib.Dataset) -> None:
    told = listed(graph, claims=True)
    assert {name: len(edges) for name, (_, edges) in told.items()} == dict.fromkeys(told, 390)
    assert {name: len(nodes) for name, (nodes, _) in told.items()} == dict.fromkeys(told, 263)
    assert len(handoffs.to_pyg(graph, view="all").claims) == 354


def test_the_shipped_graph_comes_back(graph: rdflib.Dataset) -> None:
    nodes, edges = handoffs.to_pandas(graph, view="all", claims=True)
    back = contents.of(oxigraph.to_ox(handoffs.from_frames(nodes, edges)))
    assert back == contents.of(shipped.quads())


def test_accepted_is_what_one_gets(graph: rdflib.Dataset) -> None:
    nodes, edges = handoffs.to_pandas(graph)
    assert set(edges["claim_status"]) == {"accepted"}
    assert not edges["negated"].any()
    assert set(edges["subject"]) | set(edges["object"]) <= set(nodes["id"])
    assert not {"CKG-C258", "CKG-C009"} & set(edges["claim"])


def test_a_view_of_what_is_refuted_is_not_empty_by_accident(graph: rdflib.Dataset) -> None:
    with pytest.raises(QueryError, match=r"no claim of the view refuted is asserted.*claims=True"):
        handoffs.to_networkx(graph, view="refuted")
    refuted = handoffs.to_networkx(graph, view="refuted", claims=True)
    assert {data["claim_status"] for *_, data in refuted.edges(data=True)} == {"refuted"}
    with pytest.raises(QueryError, match="unknown graph 'nonsense'"):
        handoffs.to_networkx(graph, view="nonsense")


def test_opposite_effects_have_different_types(graph: rdflib.Dataset) -> None:
    """Both are `biolink:affects`; a model must not learn them as one."""
    arrays = handoffs.to_pyg(graph, view=["accepted", "contested"])
    kinds = {arrays.relations[number] for number in np.unique(arrays.edge_type)}
    assert {"RO:0002597 decreased", "RO:0002598 increased", "RO:0002566", "RO:0002566 decreased"} <= kinds
    assert arrays.edge_index.max() < len(arrays.node_ids)


def test_absent_is_null_and_lists_are_lists(graph: rdflib.Dataset) -> None:
    nodes, edges = handoffs.to_arrow(graph, view="all", claims=True)
    assert str(edges.schema.field("span_starts").type) == "list<item: int64>"
    assert str(edges.schema.field("negated").type) == "bool"
    assert edges["status_reason"].null_count > 0
    assert "" not in edges["status_reason"].to_pylist()
    assert edges["publications"].null_count == nodes["synonym"].null_count == 0


def test_a_graph_of_others_without_claims_is_empty() -> None:
    triples = rdflib.Graph().parse(data="<urn:a> <urn:b> <urn:c> .", format="turtle")
    assert handoffs.to_networkx(triples).number_of_edges() == 0
    assert handoffs.to_igraph(triples).ecount() == 0
    assert handoffs.to_pyg(triples).edge_index.shape == (2, 0)


def test_a_database_is_made_anew(graph: rdflib.Dataset, tmp_path: Path) -> None:
    path = str(tmp_path / "c.duckdb")
    for _ in range(2):
        connection = handoffs.to_duckdb(graph, path)
        assert connection.sql("select count(*) from edges").fetchall() == [(139,)]
        connection.close()
    (tmp_path / "no.duckdb").write_text("not a database")
    with pytest.raises(InputError, match=r"cannot be opened as a DuckDB database"):
        handoffs.to_duckdb(graph, str(tmp_path / "no.duckdb"))


def test_frames_of_others_are_refused() -> None:
    with pytest.raises(InputError, match="not rows of a hand-off"):
        handoffs.from_frames(pd.DataFrame({"id": ["A:1"]}), pd.DataFrame({"subject": ["A:1"]}))
    with pytest.raises(InputError, match="neither a DataFrame nor an Arrow table: list"):
        handoffs.from_frames([], [])


def test_columns_are_those_of_kgx(graph: rdflib.Dataset) -> None:
    nodes, edges = handoffs.to_pandas(graph)
    assert (tuple(nodes.columns), tuple(edges.columns)) == (rows.NODE, rows.EDGE)


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_missing_extra_says_the_pip_line(name: str) -> None:
    library = {"arrow": "pyarrow", "pyg": "numpy"}.get(name, name)
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "import rdflib; from calcinosis_kg import handoffs\n"
        f"handoffs.to_{name}(rdflib.Graph())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    wanted = MissingExtraError(library, LIBRARIES[name])
    assert f"{wanted}" in run.stderr, run.stderr
