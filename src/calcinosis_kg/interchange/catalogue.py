"""The formats of other tools: what each is called, which files it is, which room writes and reads it.

A room has two functions, `write(quads) -> {ending: content}` and, if the way back exists,
`read({ending: content}, place) -> quads`. What it is given depends on `Foreign.holds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyoxigraph as ox


class Room(Protocol):
    """What a room of this annex can do."""

    def write(self, quads: list[ox.Quad]) -> dict[str, bytes]:
        """Return the content of each file of the format, by its ending."""
        ...

    def read(self, files: Mapping[str, bytes], place: str) -> list[ox.Quad]:
        """Return what the files say."""
        ...


@dataclass(frozen=True, slots=True)
class Foreign:
    """A format of other tools.

    Attributes:
        name: What people call it.
        suffix: Its short name.
        endings: Of its files; with more than one, they share a stem, and those in `optional` may be missing.
        room: The module of this annex that knows it.
        holds: What it is about. `claims`: associations, each with its status, of any view. `triples`: quads of
            any view that it can tell apart. `ontology` and `mappings`: that part of the dataset, always; `terms`: the
            ontology, and the plain mappings of its terms.
        optional: Endings of files that are only written if they have rows.
        reads: Whether there is a way back.
    """

    name: str
    suffix: str
    endings: tuple[str, ...]
    room: str
    holds: Literal["claims", "triples", "ontology", "terms", "mappings"]
    optional: tuple[str, ...] = ()
    reads: bool = True

    def open(self) -> Room:
        """Return its room; what that needs is imported only now.

        Raises:
            MissingExtraError: A library that it needs is not installed.
        """
        return cast("Room", import_module(f"calcinosis_kg.interchange.{self.room}"))


_ALL: tuple[Foreign, ...] = (
    # One entry a format, in the order of the documentation.
    Foreign("OWL", "owl", (".owl",), "owl", "ontology"),
    Foreign("SSSOM", "sssom", (".sssom.tsv",), "sssom", "mappings"),
    Foreign("Nanopublications", "nanopubs", (".nanopubs.trig",), "nanopubs", "claims"),
    Foreign("Turtle of RDF 1.2", "ttl12", (".rdf12.ttl",), "turtle12", "triples"),
    Foreign("schema.org JSON-LD", "schemaorg", (".schemaorg.jsonld",), "schemaorg", "triples", reads=False),
    Foreign(
        "KGX TSV",
        "kgx",
        ("_nodes.tsv", "_edges.tsv", "_negated_claims.tsv", "_refuted_claims.tsv"),
        "kgx",
        "claims",
        ("_negated_claims.tsv", "_refuted_claims.tsv"),
    ),
    Foreign(
        "KGX JSON Lines",
        "kgx-jsonl",
        ("_nodes.jsonl", "_edges.jsonl", "_negated_claims.jsonl", "_refuted_claims.jsonl"),
        "kgx_jsonl",
        "claims",
        ("_negated_claims.jsonl", "_refuted_claims.jsonl"),
    ),
    Foreign("HPO annotations", "hpoa", (".hpoa",), "hpoa", "claims", reads=False),
    Foreign(
        "Parquet",
        "parquet",
        ("_nodes.parquet", "_edges.parquet", "_negated_claims.parquet", "_refuted_claims.parquet"),
        "parquet",
        "claims",
        ("_negated_claims.parquet", "_refuted_claims.parquet"),
    ),
    Foreign(
        "Cypher and CSV",
        "cypher",
        (".cypher", "_schema.cypher", "_entities.csv", "_associations.csv", "_claims.csv"),
        "cypher",
        "claims",
        reads=False,
    ),
)

CATALOGUE = {form.suffix: form for form in _ALL}
"""Short name to format."""
