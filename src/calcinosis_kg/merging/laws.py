"""Whether a merge kept its word: the laws, recomputed from the files, on our result or on another tool's KGX.

What is trusted: the readers, which turn rows into records; the table of spellings (`prefixes`); and, of a result of
ours, nothing but the layout of its files. Not trusted, and not used: what settled identity, made statements, united
their evidence and wrote the tables. Numbers of 64 bits stand for rows (see `laws_digests`), so memory is some
100 bytes a row.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from calcinosis_kg.errors import InputError
from calcinosis_kg.merging import front, records
from calcinosis_kg.merging.laws_identity import CONFIDENT
from calcinosis_kg.merging.laws_kgx import Output
from calcinosis_kg.merging.laws_records import Kept
from calcinosis_kg.merging.laws_report import Court, Verdicts
from calcinosis_kg.merging.laws_result import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from calcinosis_kg.merging import inputs as given

MANIFEST = "manifest.json"


def check(
    inputs: Iterable[str | Path | given.Input],
    result: str | Path,
    *,
    mappings: Iterable[str | Path] = (),
    columns: Mapping[str, str | Path] | None = None,
    twin: str | Path | None = None,
    told: Callable[[str, int], None] | None = None,
) -> Verdicts:
    """Hold the laws of the merge against a result.

    Args:
        inputs: What was merged: files, as `path` or `NAME=path`, and folders of earlier results. The shipped graph is
            among them if the result names it.
        result: The folder that the merge wrote; or a folder of KGX files, TSV or JSON Lines, of another tool. There,
            files with a name such as `dangling_edges.tsv` count as reported, not as part of the graph.
        mappings: Further inputs, of mapping rows.
        columns: Name of a source to a YAML file that says what its columns are.
        twin: Another result of the same inputs, whose bytes should be the same.
        told: Called with what is being done, and with how many records were read so far.

    Returns:
        A verdict on each law.

    Raises:
        InputError: An input or the result cannot be read.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     done = front.merge([], out=f"{folder}/merged")
    ...     verdicts = check([], f"{folder}/merged")
    >>> verdicts.broken, [verdict.law for verdict in verdicts.laws if verdict.verdict != "holds"]
    (False, ['bytes'])
    """
    folder = Path(result)
    if not folder.is_dir():
        raise InputError("is not a folder", "Give the folder of a merge, or one of KGX files.", str(folder))
    court = Court()
    ours = Result(folder, court) if (folder / MANIFEST).is_file() else None
    found = [one if not isinstance(one, str | Path) else front.opened(one, columns or {}, strict=False)
             for one in (*inputs, *mappings)]  # fmt: skip
    names = {origin.source for one in found for origin in one.origins}
    if ours and front.SHIPPED not in names and front.SHIPPED in ours.sources:
        found.append(front.shipped_graph())
    if not found:
        raise InputError("there is nothing to hold it against", "Give what was merged.", str(folder))

    def batches() -> Iterator[records.Batch]:
        rows = 0
        met: set[str] = set()
        for one in found:
            wanted = frozenset(origin.source for origin in one.origins) - met
            met |= wanted
            if wanted:
                for batch in one.read(wanted):
                    rows += batch.table.num_rows
                    if told:
                        told(f"reading {one.origins[0].source}", rows)
                    yield batch

    kept = Kept(ours.least if ours else CONFIDENT)
    for batch in batches():
        kept.add(batch)
    judge = ours or Output(folder, court)
    judge.check(kept, batches)
    _bytes(folder, Path(twin) if twin else None, court)
    return court.verdicts()


def _bytes(folder: Path, twin: Path | None, court: Court) -> None:
    """Hold two results of the same inputs against each other, file by file."""
    if twin is None:
        court.untold("bytes", "one result cannot tell. Merge the inputs again in another order, and give it as --twin")
        return
    files = [
        {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
        for root in (folder, twin)
    ]
    names = sorted(files[0].keys() | files[1].keys())
    court.looked("bytes", len(names))
    differ = [name for name in names if not _same(files[0].get(name), files[1].get(name))]
    examples = (f"{folder / name}: differs from {twin / name}" for name in differ)
    court.broken("bytes", len(differ), "files differ. Compare the options in their manifests", examples)


def _same(one: Path | None, other: Path | None) -> bool:
    if one is None or other is None or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while block := left.read(2**20):
            if block != right.read(2**20):
                return False
    return True
