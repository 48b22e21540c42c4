"""The dataset that the package carries: read, and nothing else, so that a question is answered at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calcinosis_kg import oxigraph
from calcinosis_kg.resources import folder

if TYPE_CHECKING:
    import pyoxigraph as ox
    import rdflib

NAME = "calcinosis-kg.trig"
"""Name of the built dataset inside the folder `ontology`."""


def load() -> rdflib.Dataset:
    """Return the shipped dataset, without building it.

    Raises:
        InputError: The installation lacks it.

    >>> sorted(graph.identifier.rsplit("/", 1)[-1] for graph in load().graphs() if len(graph))[:3]
    ['accepted', 'bridge', 'claims']
    """
    return oxigraph.to_dataset(quads())


def quads() -> list[ox.Quad]:
    """Return the quads of the shipped dataset.

    Raises:
        InputError: The installation lacks it.
    """
    return oxigraph.parse(folder("ontology") / NAME)
