"""Parquet: the tables of nodes, edges, and what is denied or refuted, for whoever works with columns."""

from __future__ import annotations

import io
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from calcinosis_kg.errors import InputError, MissingExtraError
from calcinosis_kg.interchange import frames, rows, sheaves

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyoxigraph as ox

ENDINGS = {f"_{part}.parquet": part for part in (sheaves.NODES, *rows.PARTS)}
"""Ending of a file to the part that it holds."""

_ABOUT = {
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "creator": "The calcinosis-kg founders",
    "homepage": "https://w3id.org/calcinosis-kg/",
    "conforms_to": "KGX, Biolink Model 4.4.6",
}


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return the content of each file, by its ending; the same quads give the same bytes with the same pyarrow.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    return {f"_{part}.parquet": content for part, content in sheaves.written(quads, _table).items()}


def read(files: Mapping[str, bytes], place: str) -> list[ox.Quad]:
    """Return what files say that `write` made.

    Raises:
        InputError: They are not such files.
        MissingExtraError: pyarrow is not installed.
    """
    pq = _library()
    stem = next((place.removesuffix(ending) for ending in ENDINGS if place.endswith(ending)), place)
    found = {}
    for ending, content in files.items():
        try:
            table = pq.read_table(io.BytesIO(content))
        except (OSError, ValueError) as error:
            raise InputError("is not Parquet", "Write the files again.", f"{stem}{ending}") from error
        found[ENDINGS[ending]] = list(enumerate(frames.from_frame(table), 1))
    return sheaves.read(found, lambda part: f"{stem}_{part}.parquet")


def _table(found: list[rows.Row], columns: tuple[str, ...]) -> bytes:
    pq, of_nodes = _library(), columns == rows.NODE
    nodes, edges = frames.to_arrow(found if of_nodes else [], [] if of_nodes else found)
    table = (nodes if of_nodes else edges).replace_schema_metadata({**_ABOUT, "version": version("calcinosis-kg")})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd", use_dictionary=False, write_statistics=False)
    return out.getvalue()


def _library() -> Any:  # noqa: ANN401 - pyarrow is optional
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415 - optional and slow to import
    except ImportError as error:
        raise MissingExtraError("pyarrow", "dataframes") from error
    return pq
