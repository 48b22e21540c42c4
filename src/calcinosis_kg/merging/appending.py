"""A few more edges into a big result, at the cost of the few: they become a segment beside what is there.

The segment holds its own statements, evidence, nodes and KGX, with the identifiers of the result's cliques. Of
the result only the ids are read: to tell which statements it has already, and which it contradicts. Merging
the result again, alone or with others, makes one whole of it, with the bytes of a merge of all inputs.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import columns, equivalences, identity, inputs, merges, records, results, store
from calcinosis_kg.merging.lines import hexadecimal
from calcinosis_kg.merging.prefixes import Spelling

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SHOWN = 100
"""How many ids of contradicted statements the manifest lists."""


def append(folder: Path, given: Sequence[inputs.Input], settings: merges.Settings | None = None) -> dict[str, Any]:
    """Add inputs to a result as a segment, and return what the manifest says of it.

    Args:
        folder: The result.
        given: Inputs without mapping rows that join and without obsolete terms: those can change which of the
            result's identifiers are the same, and want a merge of all.
        settings: Memory, threads and progress.

    Returns:
        The segment's name, inputs and counts; how many of its statements the result had already; and the ids of
        those whose opposite polarity the result holds. Nothing is added, and nothing returned, if the result has
        all inputs already.

    Raises:
        InputError: The folder is no result, a source of another content has the same name, or an input can
            change identity.
    """
    before = store.manifest(folder)
    settings = results.as_before(folder, settings)
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
        gathered = inputs.gather(wanted, work, lambda source, rows: settings.told(f"reading {source}", rows, 0))
        _check(gathered)
        facts = merges.write(gathered, made, work, settings, leader=equivalences.aliases(folder))
        entry = {key: facts[key] for key in ("inputs", "counts")} | _compared(folder, made, segments)
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


def _check(gathered: inputs.Gathered) -> None:
    """Refuse what can change which identifiers of the result are the same."""
    spelling = Spelling()
    remedy = "Merge it with the result instead: calcinosis-kg merge RESULT INPUT --out RESULT."
    for table in gathered.spools[records.MAPPINGS].read():
        column = columns.whole(table["predicate_id"])
        if identity.EXACT in spelling.normal(column.dictionary.to_pylist()):
            raise InputError("has mapping rows, which can change what is the same", remedy, table["file"][0].as_py())
    for table in gathered.spools[records.NODES].read():
        if pc.any(table["deprecated"]).as_py():
            raise InputError("has obsolete terms, which can change what is the same", remedy, table["file"][0].as_py())


def _compared(folder: Path, made: Path, segments: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Compare the statements of a new segment with those of the result, by id alone."""
    new = pq.read_table(made / merges.STATEMENTS, columns=["id", "negated"])
    ids = columns.whole(new["id"]) if new.num_rows else pa.array([], columns.ID)
    if not len(ids):
        return {"statements known before": 0, "contradicted": 0, "contradicted ids": []}
    high, low = columns.words(ids)
    opposite = columns.ids(*_opposite(high, low, new["negated"].to_numpy()))
    folders = [folder, *(folder / results.SEGMENTS / part["name"] for part in segments)]
    old = pa.chunked_array(
        [chunk for part in folders for chunk in pq.read_table(part / merges.STATEMENTS, columns=["id"])["id"].chunks],
        columns.ID,
    )
    met = old.filter(pc.is_in(old, value_set=pa.concat_arrays([ids, opposite]))).combine_chunks()
    known = pc.sum(pc.is_in(ids, value_set=met)).as_py()
    both = pa.concat_arrays([met, ids])
    contradicted = hexadecimal(ids.filter(pc.is_in(opposite, value_set=both))).to_pylist()
    return {
        "statements known before": known,
        "contradicted": len(contradicted),
        "contradicted ids": contradicted[:SHOWN],
    }


def _opposite(high: columns.Words, low: columns.Words, negated: Any) -> tuple[columns.Words, columns.Words]:  # noqa: ANN401
    """Return the ids of the same statements with the opposite polarity: an id is a sum, of which one part changes."""
    flags = columns.coded(np.array([0, 1], np.int32), ["false", "true"])
    _, part_high, part_low = columns.Part("negated").of(flags)
    now = negated.astype(np.int64)
    return high - part_high[now] + part_high[1 - now], low - part_low[now] + part_low[1 - now]
