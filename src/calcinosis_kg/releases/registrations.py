"""Records for registries, ready to be submitted by a person: what is not known stands in none of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from calcinosis_kg.namespaces import BASE, expand
from calcinosis_kg.releases import counts
from calcinosis_kg.releases.descriptions import ABOUT, KEYWORDS

if TYPE_CHECKING:
    from calcinosis_kg.releases.artefacts import Artefact
    from calcinosis_kg.releases.descriptions import Release

BIOREGISTRY = "metadata/bioregistry.json"
INFORES = "metadata/infores.yaml"


def bioregistry(release: Release) -> bytes:
    """Return the record of the prefix `ckg` as the Bioregistry has them.

    A contributor and a contact are persons with an ORCID: whoever submits it adds them.
    """
    record: dict[str, Any] = {
        "prefix": "ckg",
        "preferred_prefix": "CKG",
        "name": "calcinosis-kg",
        "description": f"Terms of calcinosis-kg: forms, mechanisms, features and treatments of calcinosis. {ABOUT}",
        "example": "0000001",
        "pattern": "^\\d{7}$",
        "uri_format": expand("CKG:") + "$1",
        "license": "CC-BY-4.0",
        "version": release.version,
        "keywords": sorted(KEYWORDS),
        "download_rdf": f"{BASE}calcinosis.ttl",
    }
    if release.site:
        record["homepage"] = release.site + "/"
    return (json.dumps({"ckg": record}, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode()


def infores(dataset: Artefact) -> bytes:
    """Return the record of `infores:calcinosis-kg`; knowledge level and agent type are read off the claims.

    Args:
        dataset: The whole dataset, as RDF.
    """
    level = _common(dataset, "biolink:knowledge_level", "mixed")
    agent = _common(dataset, "biolink:agent_type", "not_provided")
    return (
        "# A record for the catalogue of information resources. Draft until it is submitted.\n"
        "information_resources:\n"
        "  - id: infores:calcinosis-kg\n"
        "    name: calcinosis-kg\n"
        "    status: draft\n"
        "    xref:\n"
        f"      - {BASE}\n"
        "    synonym:\n"
        "      - calcinosis knowledge graph\n"
        "    description: >-\n"
        f"      {ABOUT}\n"
        f"    knowledge_level: {level}\n"
        f"    agent_type: {agent}\n"
    ).encode()


def _common(dataset: Artefact, predicate: str, otherwise: str) -> str:
    """Return the one value that all claims have, or another one where they differ."""
    found = counts.values(dataset, predicate)
    return found[0] if len(found) == 1 else otherwise
