"""Parquet: read by pandas, polars and DuckDB, the same bytes every time, and back."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

import calcinosis_kg as ckg
from calcinosis_kg import shipped
from calcinosis_kg.errors import InputError
from calcinosis_kg.interchange import contents, parquet, restored
from calcinosis_kg.interchange.associations import Contents
from given_contents import CONTENTS

COUNTS = {"nodes": 263, "edges": 354, "negated_claims": 10, "refuted_claims": 26}


@cache
def written() -> dict[str, bytes]:
    return parquet.write(shipped.quads())


def asked(query: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return list(connection.execute(query).fetchall())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("parquet")
    for ending, content in written().items():
        (path / f"a{ending}").write_bytes(content)
    return path


@settings(max_examples=30)
@given(CONTENTS)
def test_contents_come_back_whole(found: Contents) -> None:
    assert contents.of(parquet.read(parquet.write(list(restored.quads(found))), "x")) == found


def test_the_shipped_graph_comes_back_through_files(folder: Path) -> None:
    found = ckg.read(folder / "a_edges.parquet")
    ckg.write(found, folder / "b_edges.parquet", view="all")
    for part in COUNTS:
        assert (folder / f"a_{part}.parquet").read_bytes() == (folder / f"b_{part}.parquet").read_bytes()


@pytest.mark.parametrize("part", COUNTS)
def test_every_library_counts_the_same(folder: Path, part: str) -> None:
    path = folder / f"a_{part}.parquet"
    counted = asked(f"select count(*) from '{path}'")[0][0]  # noqa: S608 - a path of this test
    assert len(pd.read_parquet(path)) == pl.read_parquet(path).height == counted == COUNTS[part]


def test_status_and_polarity_arrive_typed(folder: Path) -> None:
    refuted = pl.read_parquet(folder / "a_refuted_claims.parquet")
    assert set(refuted["claim_status"]) == {"refuted", "artefact"}
    assert refuted["negated"].dtype == pl.Boolean
    assert refuted["span_starts"].dtype == pl.List(pl.Int64)
    edges = pd.read_parquet(folder / "a_edges.parquet")
    assert not edges["negated"].any()
    assert set(edges["claim_status"]) == {"accepted", "reported", "contested"}
    query = "select claim, evidence_against[1] from '{}' where claim = 'CKG-C258'"
    told = asked(query.format(folder / "a_refuted_claims.parquet"))
    assert told == [("CKG-C258", "PMID:31302187")]


def test_each_file_names_licence_and_version(folder: Path) -> None:
    for part in COUNTS:
        about = pq.read_schema(folder / f"a_{part}.parquet").metadata
        assert about[b"license"] == b"https://creativecommons.org/licenses/by/4.0/"
        assert about[b"version"] == str(ckg.__version__).encode()


def test_bytes_do_not_depend_on_the_process() -> None:
    code = (
        "import hashlib; from calcinosis_kg import shipped; from calcinosis_kg.interchange import parquet\n"
        "print(*[hashlib.sha256(x).hexdigest() for x in parquet.write(shipped.quads()[::-1]).values()])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(told) == 1


def test_what_is_no_parquet_is_named() -> None:
    with pytest.raises(InputError, match=r"x_edges\.parquet: is not Parquet. Write the files again."):
        parquet.read({**written(), "_edges.parquet": b"PAR1"}, "x_nodes.parquet")


def test_a_missing_library_says_the_pip_line(tmp_path: Path) -> None:
    code = "import sys; sys.modules['pyarrow'] = None; from calcinosis_kg.cli import main; main()"
    command = [sys.executable, "-c", code, "export", str(tmp_path / "a_edges.parquet")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "pyarrow is not installed. Run: pip install 'calcinosis-kg[dataframes]'" in run.stderr
