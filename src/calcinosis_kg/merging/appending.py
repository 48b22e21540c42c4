"""A few more edges into a big result, at the cost of the few: they become a segment beside what is there.

The segment holds its own statements, evidence, nodes and KGX, with the identifiers of the result's cliques. Of
the result only what is about the same ends is read, to tell what it has already and what contradicts it
(`contradictions`). Merging the result again, alone or with others, makes one whole of it, with
the bytes of a merge of all inputs.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import (
    columns,
    contradictions,
    equivalences,
    identity,
    inputs,
    merges,
    records,
    results,
    store,
)
from calcinosis_kg.merging.prefixes import Spelling

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def append(folder: Path, given: Sequence[inputs.Input], settings: merges.Settings | None = None) -> dict[str, Any]:
    """Add inputs to a result as a segment, and return what the manifest says of it.

    Args:
        folder: The result.
        given: Inputs without mapping rows that join and without obsolete terms: those can change which of the
            result's identifiers are the same, and want a merge of all.
        settings: Memory, threads and progress.

    Returns:
        The segment's name, inputs and counts, among them how many of its statements the result had already, and how
        many it contradicts. Nothing is added, and nothing returned, if the result has all inputs already.

    Raises:
        InputError: The folder is no result, a source of another content has the same name, or an input can
            change identity.
    """
    before = store.manifest(folder)
    options = results.as_before(folder, settings)
    known = results.as_input(folder)
    more = [(one, names) for one, names in inputs.chosen([known, *given]) if one is not known]
    if not more:
        return {}
    segments = before.get(results.SEGMENTS, [])
    name = f"{len(segments) + 1:04}"
    beside = folder / f"{results.SEGMENTS}.unfinished"
    shutil.rmtree(beside, ignore_errors=True)
    made, work = beside / "result", beside / "work"
    made.mkdir(parents=True)
    work.mkdir()
    try:
        wanted = [inputs.Input(tuple(o for o in one.origins if o.source in names), one.read) for one, names in more]
        gathered = inputs.gather(wanted, work, lambda source, rows: options.told(f"reading {source}", rows, 0))
        _check(gathered, folder)
        folders = [folder, *(folder / results.SEGMENTS / part["name"] for part in segments)]
        options = replace(options, steps=(*options.steps, partial(contradictions.report, folders)))
        facts = merges.write(gathered, made, work, options, leader=equivalences.aliases(folder))
        entry: dict[str, Any] = {key: facts[key] for key in ("inputs", "counts")}
        place = folder / results.SEGMENTS / name
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(exist_ok=True)
        made.rename(place)
    except OSError as error:
        if error.filename is not None:
            raise
        raise store.full(folder, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    entry["name"] = name
    store.extend(folder, before, results.SEGMENTS, [*segments, entry], f"{results.SEGMENTS}/{name}")
    return entry


def _check(gathered: inputs.Gathered, folder: Path) -> None:
    """Refuse what can change which identifiers of the result are the same, and say which rows it is.

    Raises:
        InputError: A mapping row is exact, or a term is obsolete.
    """
    spelling = Spelling()
    exact: list[tuple[str, int]] = []
    for table in gathered.spools[records.MAPPINGS].read():
        column = columns.whole(table["predicate_id"])
        texts = column.dictionary.to_pylist()
        joins = [identity.EXACT in spelling.normal([text]) for text in texts]
        exact += _places(table.filter(pa.array(joins, pa.bool_()).take(column.indices)))
    _refuse(exact, "is an exactMatch row", folder)
    obsolete = [
        place for table in gathered.spools[records.NODES].read() for place in _places(table.filter(table["deprecated"]))
    ]
    _refuse(obsolete, "is an obsolete term", folder)


def _places(table: pa.Table) -> list[tuple[str, int]]:
    return list(zip(table["file"].to_pylist(), table["line"].to_pylist(), strict=True))


def _refuse(places: list[tuple[str, int]], what: str, folder: Path) -> None:
    if not places:
        return
    file, line = min(places)
    others = f" (and {len(places) - 1:,} more)" if len(places) > 1 else ""
    remedy = (
        "Only edges, nodes and rows that join nothing can be appended; merge it with the result instead: "
        f"calcinosis-kg merge {folder} {file} --no-shipped --out {folder}."
    )
    raise InputError(f"{what}{others}, which can change what is the same", remedy, f"{file}:{line}")
