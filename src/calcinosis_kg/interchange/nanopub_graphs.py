"""Nanopublications in a set of quads: which there are, and which graphs are theirs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable

NP = "http://www.nanopub.org/nschema#"
"""The namespace of the nanopublication schema."""

NPX = "http://purl.org/nanopub/x/"
"""The namespace of signatures and other additions to it."""

PARTS = ("assertion", "provenance", "publication info")
"""The graphs that a Head names, in the order of `Nanopub.named`."""

TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
NANOPUB = ox.NamedNode(NP + "Nanopublication")
LINKS = (
    ox.NamedNode(NP + "hasAssertion"),
    ox.NamedNode(NP + "hasProvenance"),
    ox.NamedNode(NP + "hasPublicationInfo"),
)

Node = ox.NamedNode | ox.BlankNode
Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


@dataclass(frozen=True, slots=True)
class Nanopub:
    """A nanopublication, sound or not.

    Attributes:
        node: What it is called.
        heads: The graphs that declare it; one if it is sound.
        named: What they name as assertion, provenance and publication info; one each if it is sound.
        graphs: Quads by graph: those of the heads, of what they name, and of strays below its own IRI.
    """

    node: Node
    heads: tuple[Graph, ...]
    named: tuple[tuple[object, ...], ...]
    graphs: dict[Graph, list[ox.Quad]] = field(compare=False)

    @property
    def iri(self) -> str:
        """What it is called, as text."""
        return self.node.value

    @property
    def quads(self) -> list[ox.Quad]:
        """All its quads."""
        return [quad for graph in self.graphs.values() for quad in graph]

    def part(self, number: int) -> list[ox.Quad]:
        """Return the quads of a part by its place in `PARTS`; none if the Head does not name it."""
        return [
            quad
            for name in self.named[number]
            if isinstance(name, ox.NamedNode | ox.BlankNode)
            for quad in self.graphs.get(name, ())
        ]


def split(quads: Iterable[ox.Quad]) -> tuple[list[Nanopub], list[Graph]]:
    """Return the nanopublications, in the order of their Heads, and the graphs that belong to none of them.

    >>> split([])
    ([], [])
    """
    graphs: dict[Graph, list[ox.Quad]] = defaultdict(list)
    heads: dict[Node, dict[Graph, None]] = defaultdict(dict)
    for quad in dict.fromkeys(quads):
        graphs[quad.graph_name].append(quad)
        if quad.predicate == TYPE and quad.object == NANOPUB and not isinstance(quad.subject, ox.Triple):
            heads[quad.subject][quad.graph_name] = None
    found: dict[Node, Nanopub] = {}
    for node, places in heads.items():
        said = [quad for place in places for quad in graphs[place] if quad.subject == node]
        named = tuple(tuple(dict.fromkeys(quad.object for quad in said if quad.predicate == link)) for link in LINKS)
        own = dict.fromkeys([*places, *(name for names in named for name in names)])
        found[node] = Nanopub(node, tuple(places), named, {name: graphs[name] for name in own if name in graphs})  # type: ignore[index,misc]
    taken = {name for nanopub in found.values() for name in nanopub.graphs}
    free = []
    for name in (name for name in graphs if name not in taken):
        owner = _above(name, found)
        if owner is None:
            free.append(name)
        else:
            found[owner].graphs[name] = graphs[name]
    return list(found.values()), free


def _above(name: Graph, nodes: Iterable[Node]) -> Node | None:
    """Return the nanopublication below whose IRI a graph stands, the nearest if there are several."""
    if not isinstance(name, ox.NamedNode):
        return None
    fitting = [node for node in nodes if isinstance(node, ox.NamedNode) and name.value.startswith(node.value)]
    return max(fitting, key=lambda node: len(node.value), default=None)
