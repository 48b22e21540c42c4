"""What is no statement: RDF that is carried through as it is, and rows that could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from calcinosis_kg.merging import columns, groups, records
from calcinosis_kg.merging.parquet import Writer
from calcinosis_kg.merging.spool import Partitions

if TYPE_CHECKING:
    from pathlib import Path

    from calcinosis_kg.merging.inputs import Gathered

CARRIED, QUADS = "carried.parquet", "carried.nq"
QUARANTINE, TABLE = "quarantine.parquet", "quarantine.tsv"
NOTE = "note: "
"""How the reason of a note starts, as readers write it."""
_CARRIED = pa.schema([("id", columns.ID)] + [(field.name, columns.kept(field)) for field in records.SCHEMAS["carried"]])
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def write_carried(gathered: Gathered, folder: Path, work: Path, bits: int) -> int:
    """Write the carried quads with their places, and each quad once as N-Quads; return how many quads there are."""
    part = columns.Part("quad")
    partitions = Partitions(work, "carried", bits)
    for table in gathered.spools[records.CARRIED].read():
        _, high, low = part.of(columns.whole(table["quad"]))
        partitions.add(pa.table({"id": columns.ids(high, low), **columns.named(table)}), high)
    quads = 0
    with Writer(folder / CARRIED, _CARRIED) as writer, (folder / QUADS).open("w", encoding="utf-8") as file:
        for rows in partitions.read():
            table = groups.ordered(rows)
            writer.add(table.cast(_CARRIED))
            once = table["quad"].take(pa.array(groups.starts(table, ["quad"])))
            quads += len(once)
            file.writelines(f"{quad}\n" for quad in once.to_pylist())
    return quads


def write_quarantine(gathered: Gathered, folder: Path) -> dict[str, int]:
    """Write the rows that could not be read, by place, as Parquet and as a table.

    Returns:
        How many rows there are, and how many notes, which are about a file as a whole and stand for no row.
    """
    schema = records.SCHEMAS[records.QUARANTINE]
    tables = [table.cast(schema) for table in gathered.spools[records.QUARANTINE].read()]
    table = pa.concat_tables(tables) if tables else schema.empty_table()
    table = table.take(pc.sort_indices(table, sort_keys=[(name, "ascending") for name in schema.names]))
    pq.write_table(table, folder / QUARANTINE, compression="zstd", store_schema=False)
    with (folder / TABLE).open("w", encoding="utf-8", newline="\n") as file:
        file.write("\t".join(schema.names) + "\n")
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            file.write("\t".join(str(cell).translate(_ESCAPES) for cell in row) + "\n")
    notes = pc.sum(pc.starts_with(table["reason"], NOTE)).as_py() or 0
    return {"rows in quarantine": table.num_rows - notes, "notes on files": notes}
