"""Mapping rows as mappers write them: rows that found nothing, and prefixes that mean something else here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

import calcinosis_kg as ckg
from calcinosis_kg.merging import equivalences

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
MANUAL = "semapv:ManualMappingCuration"


def merged(tmp_path: Path, text: str) -> tuple[Path, dict[str, str]]:
    file = tmp_path / "m.sssom.tsv"
    file.write_text(text, encoding="utf-8")
    ckg.merge([], mappings=[file], out=tmp_path / "out", shipped=False)
    rows = pq.read_table(tmp_path / "out" / equivalences.FILE).to_pylist()
    return tmp_path / "out", {row["subject_id"]: f"{row['verdict']}: {row['reason']}" for row in rows}


def test_what_was_not_found_joins_nothing(tmp_path: Path) -> None:
    rows = [f"{name}\tskos:exactMatch\tsssom:NoTermFound\t{MANUAL}\n" for name in ("DOID:1", "HP:2")]
    out, verdicts = merged(tmp_path, HEAD + "".join(rows))
    assert equivalences.aliases(out) == {}
    assert verdicts["DOID:1"] == "refused: sssom:NoTermFound is no term: the row says that none was found"
    assert verdicts["HP:2"] == verdicts["DOID:1"]


def test_a_prefix_means_what_the_curie_map_says(tmp_path: Path) -> None:
    head = '#curie_map:\n#  D: "http://purl.obolibrary.org/obo/DOID_"\n#  MP: http://purl.obolibrary.org/obo/MONDO_\n'
    head += "#  HP: http://example.org/hp-of-ours/\n#license: https://example.org/\n"
    rows = f"D:182\tskos:exactMatch\tMP:0002123\t{MANUAL}\nHP:1\tskos:exactMatch\tNCIT:C1\t{MANUAL}\n"
    out, verdicts = merged(tmp_path, head + HEAD + rows)
    assert equivalences.aliases(out) == {"DOID:182": "MONDO:0002123", "NCIT:C1": "HP:1"}
    assert verdicts["http://purl.obolibrary.org/obo/DOID_182"] == "used: joins"
    (row,) = [row for row in pq.read_table(out / equivalences.FILE).to_pylist() if "D:182" in row["rest"]]
    assert '"written subject_id":"D:182"' in row["rest"]
    notes = (out / "quarantine.tsv").read_text(encoding="utf-8")
    assert "the curie_map says that D is DOID; it is read so" in notes
    assert "the curie_map says that MP is MONDO; it is read so" in notes
    assert "the curie_map gives HP the IRI http://example.org/hp-of-ours/, which nobody knows" in notes
