"""Fixtures that several test files share."""

import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, settings

from calcinosis_kg import shipped
from calcinosis_kg.claims import Curation
from calcinosis_kg.graph import curation

ROOT = Path(__file__).parents[1]
VERSION = "2027-02-01"
"""Of the release that tests share."""

# Same examples in every run, and no verdict from a busy machine's clock.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture(scope="session")
def quads() -> list[ox.Quad]:
    """The shipped dataset."""
    return shipped.quads()


@pytest.fixture(scope="session")
def curated() -> Curation:
    """What people edit."""
    return curation()


@pytest.fixture(scope="session")
def document() -> Path:
    """The source document, where it is; it may not be redistributed."""
    given = os.environ.get("CALCINOSIS_SOURCE")
    path = Path(given) if given else ROOT.parent / "shared" / "source" / "calcinosis.txt"
    if not path.is_file():
        pytest.skip("the source document may not be redistributed; set CALCINOSIS_SOURCE to its path")
    return path


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release, made once: by the command line, from another folder and under another hash seed than the tests'."""
    place = tmp_path_factory.mktemp("release")
    earlier = ROOT / "ontology" / "calcinosis-kg.trig"
    command = [sys.executable, "-m", "calcinosis_kg", "release", "--version", VERSION, "--out", "made"]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    done = subprocess.run(
        [*command, "--previous", str(earlier)],
        cwd=place, env=environment, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"made: release {VERSION}, ")
    return place / "made"
