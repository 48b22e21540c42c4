"""The RO-Crate of a release: every file of it, for archives and workflow registries.

RO-Crate 1.1, since that is the version that validators read without the network; 1.2 adds nothing that is used here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from calcinosis_kg.namespaces import BASE
from calcinosis_kg.releases.artefacts import CC_BY
from calcinosis_kg.releases.descriptions import ABOUT, CREATORS, KEYWORDS, TITLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from calcinosis_kg.releases.artefacts import Artefact
    from calcinosis_kg.releases.descriptions import Release

NAME = "ro-crate-metadata.json"
_VERSION = "https://w3id.org/ro/crate/1.1"
_LICENCES = {
    CC_BY: "Creative Commons Attribution 4.0 International",
    "https://creativecommons.org/licenses/by/3.0/": "Creative Commons Attribution 3.0 Unported",
    "https://creativecommons.org/publicdomain/zero/1.0/": "Creative Commons Zero 1.0 Universal",
}


def write(release: Release, artefacts: Sequence[Artefact], citation: str) -> bytes:
    """Return the metadata file of the crate, which the folder of a release is.

    Args:
        release: The release.
        artefacts: Every file that stands in it already.
        citation: How to cite it, in one line.
    """
    agent = {"@id": BASE + "founders"}
    graph: list[dict[str, Any]] = [
        {
            "@id": NAME,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": _VERSION},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": f"{TITLE} {release.version}",
            "description": ABOUT,
            "identifier": release.address,
            "datePublished": release.version,
            "version": release.version,
            "license": {"@id": CC_BY},
            "author": agent,
            "publisher": agent,
            "keywords": list(KEYWORDS),
            "creditText": citation,
            "hasPart": [{"@id": artefact.path} for artefact in artefacts],
        },
        {**agent, "@type": "Organization", "name": CREATORS, "url": BASE},
        *({"@id": licence, "@type": "CreativeWork", **_named(licence)} for licence in _licences(artefacts)),
        *(_file(artefact) for artefact in artefacts),
    ]
    content = {"@context": f"{_VERSION}/context", "@graph": graph}
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _file(artefact: Artefact) -> dict[str, Any]:
    return {
        "@id": artefact.path,
        "@type": "File",
        "name": artefact.path,
        "description": artefact.title,
        "contentSize": str(artefact.size),
        "encodingFormat": artefact.media or "application/octet-stream",
        "sha256": artefact.sha256,
        "license": {"@id": artefact.licence},
    }


def _licences(artefacts: Sequence[Artefact]) -> list[str]:
    return sorted({CC_BY, *(artefact.licence for artefact in artefacts)})


def _named(licence: str) -> dict[str, str]:
    name = _LICENCES.get(licence, licence)
    return {"name": name, "description": f"The licence {name}.", "identifier": licence}
