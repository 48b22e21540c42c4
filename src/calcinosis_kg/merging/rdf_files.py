"""Nodes of RDF as a file: N-Quads as they come, TriG by graphs."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from calcinosis_kg.namespaces import prefixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

Node = tuple[str, str, "Sequence[tuple[str, str]]"]
"""Graph, subject, and pairs of predicate and object, all as terms."""
_FULL = 2**20


class File(Protocol):
    """What nodes and quads are written to."""

    def add(self, nodes: Iterable[Node]) -> None:
        """Write nodes."""

    def quad(self, quad: ox.Quad, graph: str) -> None:
        """Write a quad; one of the default graph goes to that graph."""


@contextmanager
def writer(path: Path, work: Path, form: str) -> Iterator[File]:
    """Give what writes a file of that form, and end the file."""
    if form == "nq":
        with path.open("w", encoding="utf-8", newline="\n") as file:
            yield _Lines(file.write)
        return
    graphs = _Graphs(work / "graphs")
    yield graphs
    graphs.gather(path)


class _Lines:
    """Writes N-Quads."""

    def __init__(self, write: Callable[[str], int]) -> None:
        self._write = write

    def add(self, nodes: Iterable[Node]) -> None:
        for graph, subject, pairs in nodes:
            for predicate, value in pairs:
                self._write(f"{subject} {predicate} {value} {graph} .\n")

    def quad(self, quad: ox.Quad, graph: str) -> None:
        name = graph if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
        self._write(f"{quad.triple} {name} .\n")


class _Graphs:
    """Gathers the nodes of each graph in a file of its own, and puts the graphs one after the other."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._waiting: dict[str, list[str]] = {}
        self._files: dict[str, Path] = {}
        self._size = 0

    def add(self, nodes: Iterable[Node]) -> None:
        for graph, subject, pairs in nodes:
            body = " ;\n        ".join(f"{predicate} {value}" for predicate, value in pairs)
            self._keep(graph, f"    {subject} {body} .\n")

    def quad(self, quad: ox.Quad, graph: str) -> None:
        name = graph if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
        self._keep(name, f"    {quad.triple} .\n")

    def _keep(self, graph: str, text: str) -> None:
        self._waiting.setdefault(graph, []).append(text)
        self._size += len(text)
        if self._size > _FULL:
            self._flush()

    def _flush(self) -> None:
        for graph, texts in self._waiting.items():
            path = self._files.setdefault(graph, self._folder / str(len(self._files)))
            with path.open("a", encoding="utf-8", newline="\n") as file:
                file.writelines(texts)
        self._waiting, self._size = {}, 0

    def gather(self, path: Path) -> None:
        """Write prefixes and graphs, by name."""
        self._flush()
        with path.open("wb") as file:
            for prefix, start in prefixes().items():
                file.write(f"@prefix {prefix}: <{start}> .\n".encode())
            for graph, part in sorted(self._files.items()):
                file.write(f"\n{graph} {{\n".encode())
                with part.open("rb") as content:
                    shutil.copyfileobj(content, file)
                file.write(b"}\n")
        shutil.rmtree(self._folder)
