"""The merge as users call it: names of files in, a result folder out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from calcinosis_kg import oxigraph
from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import appending, merges, outputs, readers, results, store
from calcinosis_kg.merging import inputs as given
from calcinosis_kg.merging.identity import CONFIDENCE, LEADERS
from calcinosis_kg.resources import folder
from calcinosis_kg.shipped import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import rdflib

SHIPPED = "calcinosis-kg"
"""Name of the shipped graph as a source."""
NQUADS = "merged.nq"


def merge(
    inputs: Iterable[str | Path | given.Input],
    *,
    out: str | Path,
    mappings: Iterable[str | Path] = (),
    shipped: bool = True,
    leaders: Iterable[str] = LEADERS,
    confidence: float = CONFIDENCE,
    columns: Mapping[str, str | Path] | None = None,
    strict: bool = False,
    memory: int = merges.MEMORY,
    threads: int = 0,
    formats: Iterable[str] = (),
    told: Callable[[str, int, int], None] | None = None,
) -> dict[str, Any]:
    """Merge graphs into a folder, so that nothing is lost, fused or silenced.

    The result is the same, byte for byte, for any order of inputs, number of threads and amount of memory. The
    shipped graph, of which each claim keeps its polarity and status, is an input too.

    Args:
        inputs: Files, each as a path or as `NAME=path`, and folders of earlier results.
        out: The folder to write; an earlier result is replaced once the new one is whole.
        mappings: Further files, of SSSOM mapping rows.
        shipped: Whether the shipped graph is an input.
        leaders: Prefixes, first to last, whose identifiers stand for others.
        confidence: The least confidence, from 0 to 1, of a mapping row that states one.
        columns: Name of a source to a YAML file that says what its columns are.
        strict: Whether the first row that cannot be read is an error; else it goes into quarantine.
        memory: Bytes to keep to; larger work is done on disk.
        threads: Threads; 0 for one each processor.
        formats: What to write besides tables and KGX TSV: `nq`, `trig`, `jsonl`. `dataset` gives it as rdflib.
        told: Called with a stage, how much is done of it, and how much there is (0 if unknown).

    Returns:
        The manifest, with inputs (SHA-256, number of records), options, counts and digests.

    Raises:
        InputError: An input cannot be read or recognised, two have one name and differ, `out` is in the way, or a
            format is unknown.
        MissingExtraError: pyarrow is not installed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     done = merge([], out=f"{folder}/merged")
    >>> [entry["source"] for entry in done["inputs"]]
    ['calcinosis-kg']
    """
    options = columns or {}
    found = [one if isinstance(one, given.Input) else opened(one, options, strict=strict) for one in inputs]
    found += [opened(one, options, strict=strict) for one in mappings]
    names = {origin.source for one in found for origin in one.origins}
    for name in options:
        if name not in names:
            raise InputError(f"there is no input called '{name}' to give columns to", "Name an input as NAME=PATH.")
    if shipped and SHIPPED not in names:
        found.append(shipped_graph(strict=strict))
    if not found:
        raise InputError("there is nothing to merge", "Give a file, or do not leave out the shipped graph.")
    settings = merges.Settings(
        tuple(leaders),
        confidence,
        memory,
        threads,
        told or (lambda _stage, _done, _all: None),
        formats=outputs.check(formats),
    )
    return merges.merge(found, Path(out), settings)


def shipped_graph(*, strict: bool = False) -> given.Input:
    """Return the shipped graph as an input."""
    return opened(f"{SHIPPED}={folder('ontology') / NAME}", {}, strict=strict)


def append(
    folder: str | Path,
    given_inputs: Iterable[str | Path | given.Input],
    *,
    columns: Mapping[str, str | Path] | None = None,
    strict: bool = False,
    settings: merges.Settings | None = None,
) -> dict[str, Any]:
    """Add inputs to a result in the time that the new edges take, not the whole.

    Args:
        folder: The result.
        given_inputs: As in `merge`, without mapping rows that join and without obsolete terms.
        columns: As in `merge`.
        strict: As in `merge`.
        settings: Memory, threads and progress; what decides on the result is taken from its manifest.

    Returns:
        What the manifest says of the new part: its inputs and counts, among them how many of its statements
        contradict one of the result, and how many were known before. Nothing if all was there already.

    Raises:
        InputError: The folder is no result, an input cannot be read, or it can change what is the same.
    """
    path = Path(folder)
    store.manifest(path)
    found = [one if isinstance(one, given.Input) else opened(one, columns or {}, strict=strict) for one in given_inputs]
    return appending.append(path, found, settings)


def dataset(folder: str | Path) -> rdflib.Dataset:
    """Return a result as an rdflib dataset: for a small one, since rdflib holds it in memory.

    Args:
        folder: A result that was merged with `formats=["nq"]`.

    Raises:
        InputError: The folder is no result, or has no `merged.nq`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     done = merge([], out=f"{folder}/merged", formats=["nq"])
    ...     graph = dataset(f"{folder}/merged")
    >>> type(graph).__name__
    'Dataset'
    """
    path = Path(folder)
    parts = results.parts(path)
    if not (path / NQUADS).is_file():
        raise InputError(
            f"has no {NQUADS}", f"Write: calcinosis-kg merge {path} --no-shipped --format nq --out OUT.", str(path)
        )
    return oxigraph.to_dataset(quad for part in parts for quad in oxigraph.parse(part / NQUADS))


def opened(spec: str | Path, columns: Mapping[str, str | Path], *, strict: bool) -> given.Input:
    """Return the input that a path or `NAME=path` stands for.

    Raises:
        InputError: It cannot be read.
    """
    name, path = _named(spec)
    if path.is_dir() and store.is_result(path):
        if name:
            raise InputError("is an earlier result, whose sources have names", f"Write {path}.", str(spec))
        return results.as_input(path)
    source = name or readers.source_name(path)
    mapping = columns.get(source)
    also = [Path(mapping)] if mapping else []
    return given.of_file(
        path, source, lambda: readers.read(path, source, strict=strict, mapping_file=mapping), also=also
    )


def _named(spec: str | Path) -> tuple[str, Path]:
    """Return name and path; a file whose own name has a '=' is taken as it is."""
    if isinstance(spec, Path) or Path(spec).exists():
        return "", Path(spec)
    name, equals, path = spec.partition("=")
    return (name, Path(path)) if equals and name and "/" not in name else ("", Path(spec))
