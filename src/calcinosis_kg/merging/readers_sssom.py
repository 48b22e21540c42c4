"""SSSOM TSV: mapping rows, and the header's metadata (https://mapping-commons.github.io/sssom/).

A row of `sssom:NoTermFound` is a mapping record too: `identity` leaves it out of cliques.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from calcinosis_kg.merging import records
from calcinosis_kg.merging.prefixes import normal, prefix_of, start_of
from calcinosis_kg.merging.readers_cells import Origin, distinct, json_objects, pl
from calcinosis_kg.merging.readers_checks import Check, Fits, Identifier, Twins, sift
from calcinosis_kg.merging.readers_rows import LINE, Header, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from calcinosis_kg.merging.readers_streams import Fault

_ENDS = ("subject_id", "predicate_id", "object_id")
_OWN = (
    *_ENDS, "predicate_modifier", "mapping_justification", "confidence", "subject_label", "object_label",
)  # fmt: skip
_SET = (
    "mapping_set_id", "mapping_set_version", "mapping_set_confidence", "mapping_provider", "mapping_tool",
    "mapping_date", "license", "subject_source", "object_source", "subject_source_version", "object_source_version",
)  # fmt: skip
"""Metadata of the set that says something of each row; kept with the row where it has no cell of that name."""

_SAMPLE = "1234567"
"""A local part by which prefixes are compared."""


def is_header(names: tuple[str, ...]) -> bool:
    """Whether column names are those of a mapping set; one of literals has no subject_id."""
    return set(_ENDS) <= set(names) or {"predicate_id", "mapping_justification"} <= set(names)


def confident(text: str) -> bool:
    """Whether a text is a confidence: empty, or a number from 0 to 1.

    >>> confident("0.9"), confident(""), confident("high"), confident("nan")
    (True, True, False, False)
    """
    try:
        return not text or 0 <= float(text) <= 1
    except ValueError:
        return False


def modifier(text: str) -> bool:
    """Whether a text is a predicate modifier: `Not`, in any case, or nothing."""
    return text.strip().lower() in ("", "not")


def batches(
    part: Rows,
    head: Header,
    metadata: Mapping[str, str],
    origin: Origin,
    faults: list[Fault],
    *,
    meant: Mapping[str, str] | None = None,
) -> Iterator[records.Batch]:
    """Yield the mapping records of rows; rows that make none become faults.

    Args:
        part: The rows.
        head: Their header.
        metadata: What the set says of itself.
        origin: Where they come from.
        faults: Where rows go that make no record.
        meant: Prefixes that mean something else here than by their name, to the start of their IRIs; such an
            identifier becomes its IRI, and stays as written in `rest`.
    """
    missing = [name for name in _ENDS if name not in head.names]
    part = Rows(part.frame.with_columns(pl.lit("").alias(name) for name in missing), part.raw)
    checks: list[Check] = [Identifier(name) for name in _ENDS]
    if "predicate_modifier" in head.names:
        checks.append(Fits("predicate_modifier", modifier, "Write Not, or leave it empty."))
    if "confidence" in head.names:
        checks.append(Fits("confidence", confident, "Write a number from 0 to 1."))
    checks += [Twins(first, again) for first, again in head.twins if first in _OWN]
    frame = sift(part, head, checks, faults)
    if not frame.height:
        return
    twins = {again for first, again in head.twins if first in _OWN}
    made: dict[str, pl.Series | str] = {name: frame[name] for name in _OWN if name in head.names}
    made["line"] = frame[LINE]
    if "predicate_modifier" in head.names:
        made["predicate_modifier"] = distinct(frame["predicate_modifier"], lambda text: "Not" if text.strip() else "")
    rest = {name: name for name in head.names if name not in _OWN and name not in twins}
    of_set = {name: metadata[name] for name in _SET if name in metadata and name not in head.names}
    frame = frame.with_columns(pl.lit(value).alias(name) for name, value in of_set.items())
    rest |= {name: name for name in of_set}
    for name in _ENDS if meant else ():
        made[name] = distinct(frame[name], lambda text: _expanded(text, meant or {}))
        written = distinct(frame[name], lambda text: text if _expanded(text, meant or {}) != text else "")
        frame = frame.with_columns(written.alias(f"written {name}"))
        rest[f"written {name}"] = f"written {name}"
    made["rest"] = json_objects(frame, rest)
    yield origin.batch(records.MAPPINGS, made, frame.height)


def _expanded(identifier: str, meant: Mapping[str, str]) -> str:
    prefix, _, local = identifier.partition(":")
    return meant[prefix] + local if prefix in meant and not local.startswith("//") else identifier


def meanings(given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the prefixes of a `curie_map` that do not mean what their name says, and notes on those.

    A prefix is looked up by its IRI too; where the two agree, or nobody knows the IRI, the name counts. A prefix of
    a house that nobody knows by either is as good as any.

    >>> meanings({"HP": "http://purl.obolibrary.org/obo/HP_", "D": "http://purl.obolibrary.org/obo/DOID_"})
    ({'D': 'http://purl.obolibrary.org/obo/DOID_'}, ['the curie_map says that D is DOID; it is read so'])
    """
    meant, notes = {}, []
    for prefix, start in sorted(given.items()):
        by_name, by_iri = normal(f"{prefix}:{_SAMPLE}"), normal(start + _SAMPLE)
        if by_iri == by_name:
            continue
        if by_iri != start + _SAMPLE:
            meant[prefix] = start
            notes.append(f"the curie_map says that {prefix} is {prefix_of(by_iri)}; it is read so")
        elif start_of(prefix_of(by_name)):
            notes.append(f"the curie_map gives {prefix} the IRI {start}, which nobody knows; it is read by its name")
    return meant, notes


def curie_map(comments: list[tuple[int, str]]) -> dict[str, str]:
    """Return the `curie_map` of a header: prefix to the start of its IRIs.

    >>> curie_map([(1, "#curie_map:"), (2, '#  HP: "http://x/"'), (3, "#license: y")])
    {'HP': 'http://x/'}
    """
    found: dict[str, str] = {}
    inside = False
    for line in _uncommented(comments):
        if line.rstrip() == "curie_map:":
            inside = True
        elif inside and line.startswith(" "):
            key, colon, value = line.strip().partition(": ")
            key, value = key.strip("'\""), value.strip().strip("'\"")
            if colon and "://" in value:
                found[key] = value
        else:
            inside = inside and not line.strip()
    return found


def _uncommented(comments: list[tuple[int, str]]) -> list[str]:
    """Return the lines of a header as YAML: the comment sign is taken off as SSSOM says."""
    lines = [text.removeprefix("#") for _, text in comments]
    if all(line.startswith(" ") or not line for line in lines):
        lines = [line[1:] for line in lines]
    return lines


def metadata(comments: list[tuple[int, str]]) -> dict[str, str]:
    """Return the scalars at the top level of the header's YAML; a list is written with '|' between.

    The nested `curie_map` is left to `curie_map`.

    >>> metadata([(1, "#curie_map:"), (2, "#  HP: http://x/"), (3, '#license: "https://y/"'), (4, "# - a")])
    {'license': 'https://y/'}
    """
    found = {}
    for line in _uncommented(comments):
        key, colon, value = line.partition(":")
        value = value.strip()
        if colon and value and key == key.strip() and " " not in key and value not in (">-", "|", ">", "|-"):
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            found[key] = value[1:-1] if quoted else value
    return found
