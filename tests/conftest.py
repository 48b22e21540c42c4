"""Fixtures that several test files share."""

import os
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, settings

from calcinosis_kg import shipped
from calcinosis_kg.claims import Curation
from calcinosis_kg.graph import curation

ROOT = Path(__file__).parents[1]

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
