"""SSSOM TSV: the mapping set as a table under a header of metadata."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import yaml

from calcinosis_kg.errors import FormatError, InputError
from calcinosis_kg.interchange import mapping_sets
from calcinosis_kg.interchange.mapping_sets import (
    ADDRESSES,
    ENTITIES,
    HANDED_DOWN,
    MANY,
    OURS,
    REQUIRED,
    ROW_SLOTS,
    SAID,
    SET_SLOTS,
    Cells,
    MappingSet,
)  # fmt: skip
from calcinosis_kg.namespaces import BASE, GRAPH, compress, prefixes
from calcinosis_kg.sheets import iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ENDING = ".sssom.tsv"
UNSPECIFIED = "https://w3id.org/sssom/license/unspecified"
"""What SSSOM calls a licence that nobody states."""

_GRAPH = ox.NamedNode(GRAPH + "mappings")
_CURIE = re.compile(r"([\w.-]+):([^\s/].*|)\Z")
_NAMESPACE = re.compile(r"(.*[/#_=?:])([^/#_=?:|\s]+)\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_LABELS = ("subject_label", "object_label", "comment")
"""Texts that our own set has in English."""


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return the file: rows sorted, columns in the order of the specification, those alone that are used.

    Raises:
        FormatError: A row that SSSOM cannot hold.
    """
    return {ENDING: render(mapping_sets.of(quads)).encode()}


def render(found: MappingSet) -> str:
    """Return a mapping set as SSSOM TSV.

    Raises:
        FormatError: An identifier that no CURIE can be made of.
    """
    names = _Names()
    slots = [slot for slot in ROW_SLOTS if slot in REQUIRED or any(slot in row for row in found.rows)]
    lines = [[_cell(row.get(slot, ()), slot, names) for slot in slots] for row in found.rows]
    about = dict(found.about)
    if "mapping_set_id" not in about:
        digest = hashlib.sha256("\n".join("\t".join(line) for line in lines).encode()).hexdigest()
        about["mapping_set_id"] = (f"{BASE}mapping-set/{digest[:16]}",)
    about.setdefault("license", (UNSPECIFIED,))
    about.setdefault("sssom_version", ("1.1" if "record_id" in slots else "1.0",))
    version = about.get("mapping_set_version", ("",))[0]
    if _DATE.match(version):
        about.setdefault("publication_date", (version,))
    header = [f"{slot}: {_scalar(slot, about[slot], names)}" for slot in SET_SLOTS if slot in about]
    header[1:1] = ["curie_map:", *(f"  {prefix}: {_quoted(start)}" for prefix, start in sorted(names.used.items()))]
    out = io.StringIO()
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(slots)
    table.writerows(lines)
    return "".join(f"# {line}\n" for line in header) + out.getvalue()


class _Names:
    """Makes CURIEs; gives a prefix to a namespace that has none, and knows which prefixes were used."""

    def __init__(self) -> None:
        self.used: dict[str, str] = {prefix: prefixes()[prefix] for prefix in ("semapv", "skos")}
        self._given: dict[str, str] = {}

    def curie(self, name: str) -> str:
        short = compress(name)
        match = _CURIE.match(short)
        if match and match[1] in prefixes():
            self.used[match[1]] = prefixes()[match[1]]
            return short
        parts = _NAMESPACE.match(name)
        if not parts:
            raise FormatError(f"no CURIE can be made of '{name}'", "Use an IRI that ends in an identifier.")
        prefix = self._given.setdefault(parts[1], f"ns{len(self._given) + 1}")
        self.used[prefix] = parts[1]
        return f"{prefix}:{parts[2]}"


def _cell(values: tuple[str, ...], slot: str, names: _Names) -> str:
    shown = [names.curie(value) for value in values] if slot in ENTITIES else list(values)
    if slot in MANY:
        return "|".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in shown)
    return "".join(shown)


def _scalar(slot: str, values: tuple[str, ...], names: _Names) -> str:
    shown = [_quoted(names.curie(value) if slot in ENTITIES else value) for value in values]
    return f"[{', '.join(shown)}]" if slot in MANY else shown[0]


def _quoted(text: str) -> str:
    """Return a scalar of YAML: JSON is one, but for two line separators of Unicode."""
    return json.dumps(text, ensure_ascii=any(sign in text for sign in "\x7f\x85\u2028\u2029\ufeff"))


def read(files: Mapping[str, bytes], place: str) -> list[ox.Quad]:
    """Return what a file says, in the graph of the mappings: a node a row, and a plain triple unless it is denied.

    Raises:
        InputError: It is no SSSOM TSV; the first line that is wrong is named.
    """
    return list(_quads(parse(files[ENDING], place)))


def parse(content: bytes, place: str) -> MappingSet:
    """Return the mapping set of a file; columns that are no slots of SSSOM are left out.

    Raises:
        InputError: As in `read`.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 (byte {error.start})", "Save the file as UTF-8.", place) from error
    lines = text.split("\n")
    length = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    header = _header(lines[:length], place)
    known = {**prefixes(), **header.pop("curie_map", {})}
    table = csv.reader(io.StringIO("\n".join(lines[length:]), newline=""), delimiter="\t", strict=True)
    rows: list[Cells] = []
    columns: list[str] = []
    handed = {slot: _values(value, slot, known, place) for slot, value in header.items() if slot in HANDED_DOWN}
    try:
        columns = next(table, [])
        for slot in REQUIRED:
            if slot not in columns and slot not in handed:
                raise InputError(
                    f"lacks the column {slot}", "Add it, with tabs between columns.", f"{place}:{length + 1}"
                )
        for cells in table:
            if not any(cells):
                continue
            where = f"{place}:{length + table.line_num}"
            if len(cells) != len(columns):
                problem = f"has {len(cells)} cells, and there are {len(columns)} columns"
                raise InputError(problem, "Mend the row.", where)
            given = {
                slot: _values(_parts(cell) if slot in MANY else cell, slot, known, where)
                for slot, cell in zip(columns, cells, strict=True)
                if slot in ROW_SLOTS and cell
            }
            rows.append(_checked(handed | given, where))
    except csv.Error as error:
        raise InputError(
            f"is no tab-separated text: {error}", "Mend the row.", f"{place}:{length + table.line_num}"
        ) from error
    about = {slot: _values(value, slot, known, place) for slot, value in header.items() if slot in SET_SLOTS}
    return MappingSet(about, tuple(rows))


def _header(lines: list[str], place: str) -> dict[str, Any]:
    """Return the metadata; each line has a `#`, and most a space after it."""
    spaced = all(line.startswith("# ") or not line[1:].strip() for line in lines)
    try:
        found = yaml.load("\n".join(line[2 if spaced else 1 :].rstrip("\r") for line in lines), yaml.BaseLoader)  # noqa: S506 - it makes texts, lists and mappings alone
    except (yaml.YAMLError, RecursionError) as error:
        reason = str(getattr(error, "problem", None) or "it is nested too deeply")
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            f"the header is no YAML: {reason}", "Mend it.", f"{place}:{mark.line + 1 if mark else 1}"
        ) from error
    if found is None:
        return {}
    names = found.get("curie_map", {}) if isinstance(found, dict) else None
    if not isinstance(names, dict) or not all(isinstance(start, str) for start in names.values()):
        raise InputError("the header is no SSSOM metadata", "Write 'slot: value' lines, and a curie_map.", f"{place}:1")
    return dict(found)


def _parts(cell: str) -> list[str]:
    r"""Return the values of a cell that may hold several.

    >>> _parts("a\\|b|c")
    ['a|b', 'c']
    """
    return [re.sub(r"\\([\\|])", r"\1", part) for part in re.findall(r"(?:\\[\\|]|[^|])+", cell)]


def _values(given: object, slot: str, known: Mapping[str, str], place: str) -> tuple[str, ...]:
    values = [str(value) for value in given] if isinstance(given, list) else [str(given)]
    if slot in ENTITIES:
        values = [_expanded(value, known, place) for value in values]
    if slot in ENTITIES or slot in ADDRESSES:
        for value in values:
            try:
                ox.NamedNode(value)
            except ValueError as error:
                raise InputError(f"'{value}' is no IRI", f"Correct {slot}.", place) from error
    return tuple(sorted(set(values)))


def _expanded(value: str, known: Mapping[str, str], place: str) -> str:
    match = _CURIE.match(value)
    if match and match[1] in known:
        return known[match[1]] + match[2]
    if value.startswith(("https://", "http://")):
        return value
    raise InputError(f"'{value}' has a prefix that the curie_map does not know", "Add it there.", place)


def _checked(row: Cells, place: str) -> Cells:
    for slot in REQUIRED:
        if slot not in row:
            raise InputError(f"{slot} is empty", "Fill it in, or delete the row.", place)
    if row.get("predicate_modifier", ("Not",)) != ("Not",):
        raise InputError(
            f"predicate_modifier is '{row['predicate_modifier'][0]}'", "Write Not, or leave it empty.", place
        )
    return row


def _quads(found: MappingSet) -> Iterator[ox.Quad]:
    ours = found.about.get("mapping_set_id") == (OURS,)
    if not ours and "mapping_set_id" in found.about:
        node = ox.NamedNode(found.about["mapping_set_id"][0])
        yield ox.Quad(node, iri("rdf:type"), mapping_sets.MAPPING_SET, _GRAPH)
        rest = {slot: values for slot, values in found.about.items() if slot not in ("mapping_set_id", "sssom_version")}
        yield from _facts(node, rest, ours=False)
    for row in found.rows:
        node = ox.NamedNode(row["record_id"][0]) if "record_id" in row else mapping_sets.node(row)
        yield ox.Quad(node, iri("rdf:type"), mapping_sets.MAPPING, _GRAPH)
        yield from _facts(node, {slot: values for slot, values in row.items() if slot != "record_id"}, ours=ours)
        if "predicate_modifier" not in row:
            subject, predicate, other = (ox.NamedNode(row[slot][0]) for slot in REQUIRED[:3])
            yield ox.Quad(subject, predicate, other, _GRAPH)


def _facts(node: ox.NamedNode, cells: Cells, *, ours: bool) -> Iterable[ox.Quad]:
    for slot, values in cells.items():
        for value in values:
            if slot in ENTITIES or slot in ADDRESSES:
                said: ox.NamedNode | ox.Literal = ox.NamedNode(value)
            else:
                said = ox.Literal(value, language="en") if ours and slot in _LABELS else ox.Literal(value)
            yield ox.Quad(node, iri(SAID[slot]), said, _GRAPH)
