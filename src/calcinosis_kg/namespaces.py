"""The one prefix map: CURIEs to IRIs and back.

It is read from `ontology/context.jsonld`, which is also the JSON-LD context of every export, so that the
two cannot differ.
"""

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from calcinosis_kg.errors import PrefixError
from calcinosis_kg.resources import folder

BASE = "https://w3id.org/calcinosis-kg/"
"""The namespace that everything of this project stands under."""

VOCABULARY = BASE + "vocabulary/"
"""The namespace of the model's own classes, properties and values (`ckgv:`)."""

GRAPH = BASE + "graph/"
"""The namespace of the named graphs (`graph:`)."""

CLAIM = BASE + "claim/"
"""The namespace of the claims (`claim:`)."""

STATEMENT = BASE + "statement/"
"""The namespace of the statements of a merge; their evidence stands below them."""

SOURCE = BASE + "source/"
"""The namespace of the named graphs of a merge, one for each source."""

_CURIE = re.compile(r"([A-Za-z][\w.-]*):(\S*)\Z")


@cache
def prefixes() -> Mapping[str, str]:
    """Return the prefix map: prefix to IRI prefix, sorted by prefix.

    >>> prefixes()["DOID"]
    'http://purl.obolibrary.org/obo/DOID_'
    """
    context = json.loads((folder("ontology") / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    found = {name: entry["@id"] for name, entry in context.items() if isinstance(entry, dict) and "@prefix" in entry}
    return MappingProxyType(dict(sorted(found.items())))


def expand(curie: str) -> str:
    """Return the IRI of a CURIE.

    >>> expand("DOID:182")
    'http://purl.obolibrary.org/obo/DOID_182'

    Raises:
        PrefixError: It is no CURIE, or its prefix is not in the prefix map.
    """
    match = _CURIE.match(curie)
    if not match:
        raise PrefixError(f"'{curie}' is not a CURIE", "Write prefix:identifier, such as DOID:182.")
    prefix, identifier = match.groups()
    if prefix not in prefixes():
        raise PrefixError(
            f"unknown prefix '{prefix}' in '{curie}'",
            "Use a prefix of ontology/context.jsonld, or add it there.",
        )
    return prefixes()[prefix] + identifier


@cache
def _longest_first() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(((iri, prefix) for prefix, iri in prefixes().items()), key=lambda pair: (-len(pair[0]), pair)))


@lru_cache(maxsize=1 << 16)
def compress(iri: str) -> str:
    """Return the CURIE of an IRI, or the IRI itself where no prefix fits.

    A claim is written without a prefix, `CKG-C258`, as people speak of it.

    >>> compress("http://purl.obolibrary.org/obo/DOID_182"), compress("https://w3id.org/calcinosis-kg/claim/CKG-C258")
    ('DOID:182', 'CKG-C258')
    """
    if iri.startswith(CLAIM):
        return iri.removeprefix(CLAIM)
    for start, prefix in _longest_first():
        if iri.startswith(start):
            return f"{prefix}:{iri.removeprefix(start)}"
    return iri
