"""One spelling for each identifier: CURIEs and IRIs of any source become CURIEs with the preferred prefix.

The spellings are those of the Bioregistry's registry (CC0), in `prefixes.tsv`, which a script makes; where
`ontology/context.jsonld` has a prefix, it is spelt as there. The registry itself is not needed to merge.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from calcinosis_kg.merging.lists import of_list
from calcinosis_kg.namespaces import prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

TABLE = Path(__file__).with_name("prefixes.tsv")

_DATED = re.compile(r"(.+?)_\d{4}(_\d\d?){1,2}\Z")
"""A vocabulary with its release in the prefix, as UMLS writes it: SNOMEDCT_US_2025_03_01."""
_SCHEME = re.compile(r"<?https?://(?:www\.)?([^\s<>]+)>?\Z")
_OBO = re.compile(r"([A-Za-z][A-Za-z.]*)_(\w+)\Z")
_RESOLVERS = ("identifiers.org/", "bioregistry.io/", "n2t.net/", "name-to-thing.net/")
_BREAKS = re.compile(r"[/#_=:]|[A-Za-z](?=\d)")
_OPAQUE = frozenset({"http", "https", "urn", "mailto", "_", "file", "ftp"})
_starts: dict[str, str] = {}
"""Prefix to the start of its IRIs, as the registry has it."""
_LISTS = 2
"""Lists of identifiers that are remembered whole."""
_CACHED = 1_000_000
"""Identifiers that are remembered before memory is freed; some 200 MB."""


@cache
def _tables() -> tuple[dict[str, str], dict[str, str], dict[str, tuple[str, ...]]]:
    tables: dict[str, dict[str, str]] = {"prefix": {}, "iri": {}, "expand": {}}
    peels: dict[str, tuple[str, ...]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        kind, text, prefix = line.split("\t")
        if kind == "peel":
            peels[prefix] = (*peels.get(prefix, ()), text)
        else:
            tables[kind][text] = prefix
    _starts.update({prefix: start for start, prefix in sorted(tables.pop("expand").items(), reverse=True)})
    return tables["prefix"], tables["iri"], peels


@cache
def preferred(prefix: str) -> str:
    """Return the preferred spelling of a prefix, or the prefix itself where the registry does not know it.

    >>> preferred("MIM"), preferred("Orphanet"), preferred("SNOMEDCT_US_2025_03_01"), preferred("house")
    ('OMIM', 'ORPHA', 'SNOMEDCT', 'house')
    """
    known = _tables()[0]
    found = known.get(prefix.casefold())
    if found is None and (dated := _DATED.match(prefix)):
        found = known.get(dated[1].casefold())
    return found or prefix


@cache
def _repeats(prefix: str, written: str) -> tuple[str, ...]:
    """Return what may stand once more before the local part: `HGNC:HGNC:5`, `OMIMPS:PS214100`."""
    spelt = {prefix, prefix.upper(), prefix.lower(), written}
    return (*_tables()[2].get(prefix, ()), *sorted(f"{text}{mark}" for text in spelt for mark in ":_"))


def normal(identifier: str) -> str:
    """Return an identifier in its one spelling; what is neither a CURIE nor a known IRI comes back as it is.

    >>> normal("MIM:PS211900"), normal("hgnc:HGNC:4392"), normal("ORDO:Orphanet_53715")
    ('OMIMPS:211900', 'HGNC:4392', 'ORPHA:53715')
    >>> normal("http://purl.obolibrary.org/obo/DOID_182"), normal("https://identifiers.org/mesh/D002114")
    ('DOID:182', 'MESH:D002114')
    >>> normal("https://example.org/x"), normal("warfarin")
    ('https://example.org/x', 'warfarin')
    """
    prefix, colon, local = identifier.partition(":")
    if not colon:
        return identifier
    if local.startswith("//"):
        return _of_iri(identifier)
    if prefix in _OPAQUE or not local:
        return identifier
    owner = preferred(prefix)
    if local.isdecimal():  # nothing that may stand once more is all digits
        return identifier if owner == prefix else f"{owner}:{local}"
    if owner == "OMIM" and local.startswith("PS"):  # MIM numbers of phenotypic series, as DO writes them
        owner = "OMIMPS"
    for repeat in _repeats(owner, prefix):
        if local.startswith(repeat) and len(local) > len(repeat):
            local = local[len(repeat) :]
            break
    return f"{owner}:{local}"


@cache
def start_of(prefix: str) -> str:
    """Return what the IRIs of a preferred prefix start with, or the empty text where nobody knows the prefix.

    Our own prefix map goes before the registry; a prefix that the registry has without an IRI is resolved by the
    Bioregistry. No IRI is ever made up.

    >>> start_of("DOID"), start_of("MP"), start_of("house")
    ('http://purl.obolibrary.org/obo/DOID_', 'http://purl.obolibrary.org/obo/MP_', '')
    """
    known = _tables()[0]
    ours = prefixes().get(prefix) or _starts.get(prefix)
    return ours or (f"https://bioregistry.io/{prefix}:" if known.get(prefix.casefold()) == prefix else "")


def _of_iri(iri: str) -> str:
    match = _SCHEME.match(iri)
    if not match:
        return iri
    bare = match[1]
    known = _tables()[1]
    for end in sorted((found.end() for found in _BREAKS.finditer(bare)), reverse=True):
        owner = known.get(bare[:end])
        if owner and end < len(bare):
            return normal(f"{owner}:{bare[end:]}")
    for resolver in _RESOLVERS:
        if bare.startswith(resolver):
            return _resolved(bare.removeprefix(resolver), iri)
    if bare.startswith("purl.obolibrary.org/obo/") and (obo := _OBO.match(bare.rpartition("/")[2])):
        return normal(f"{obo[1]}:{obo[2]}")
    return iri


def _resolved(path: str, iri: str) -> str:
    """Return the CURIE that a resolver's IRI ends in: `mesh/D002114`, `MESH:D002114` or `doid/DOID:182`."""
    prefix, slash, local = path.partition("/")
    if not slash or ":" in prefix:
        prefix, slash, local = path.partition(":")
    if not slash or not local or prefix.casefold() not in _tables()[0]:
        return iri
    return normal(f"{prefix}:{local}")


class Spelling:
    """Normalises many identifiers, and remembers those it met.

    >>> Spelling().normal(["MIM:211900", "mesh:D002114"])
    ['OMIM:211900', 'MESH:D002114']
    """

    def __init__(self) -> None:
        self._met: dict[str, str] = {}
        self._lists: dict[tuple[int, int, int], tuple[pa.Array, list[str]]] = {}

    def of(self, values: pa.Array) -> list[str]:
        """Return a list of identifiers in their one spelling; the last lists that were asked for are remembered."""
        key = of_list(values)
        found = self._lists.get(key)
        if found is None:
            while len(self._lists) >= _LISTS:
                del self._lists[next(iter(self._lists))]
            found = self._lists[key] = (values, self.normal(values.to_pylist()))
        return found[1]

    def normal(self, identifiers: Iterable[str]) -> list[str]:
        """Return the identifiers in their one spelling, in the given order."""
        met = self._met
        if len(met) > _CACHED:
            met.clear()
        found = []
        for identifier in identifiers:
            prefix, _, local = identifier.partition(":")
            if local.isdecimal() and preferred(prefix) == prefix:  # most are like this, and need not be remembered
                found.append(identifier)
                continue
            spelt = met.get(identifier)
            if spelt is None:
                spelt = met[identifier] = normal(identifier)
            found.append(spelt)
        return found


def prefix_of(curie: str) -> str:
    """Return the prefix of a normalised CURIE, or the empty text.

    >>> prefix_of("DOID:182"), prefix_of("https://example.org/x")
    ('DOID', '')
    """
    end = curie.find(":")
    return "" if end < 0 or curie.startswith("://", end) else curie[:end]
