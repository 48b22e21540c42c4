"""Reads the RO-Crate of a release with rocrate, and holds it against the required rules of roc-validator.

The validator fetches the context of RO-Crate from the network; here the copy that rocrate carries is handed to it,
and any other request fails. Environment: metadata. Usage: crate.py RELEASE_DIR
"""

import hashlib
import importlib.resources
import json
import sys
from pathlib import Path

import requests
from rocrate.rocrate import ROCrate
from rocrate_validator import models, services
from rocrate_validator.utils import document_loader
from rocrate_validator.utils.http import HttpRequester

CONTEXT = "https://w3id.org/ro/crate/1.1/context"


def offline() -> None:
    """Answer requests for the context from the copy, and no others."""
    text = importlib.resources.files("rocrate").joinpath("data/ro-crate.jsonld").read_text(encoding="utf-8")
    known = {CONTEXT: text, f"{CONTEXT}.jsonld": text}

    def get(_: HttpRequester, url: str, *__: object, **___: object) -> requests.Response:
        if url not in known:
            raise ConnectionError(f"not to be fetched: {url}")
        answer = requests.Response()
        answer.status_code, answer.url = 200, url
        answer.headers["Content-Type"] = "application/ld+json"
        answer._content = known[url].encode()  # noqa: SLF001 - requests has no public way to make an answer
        return answer

    HttpRequester.get = get
    document_loader.install_document_loader()


def main(release: Path) -> None:
    """Print a line of counts; exit 1 if something does not hold."""
    crate = ROCrate(release)
    files = [entity for entity in crate.data_entities if entity.type == "File"]
    for entity in files:
        content = (release / entity.id).read_bytes()
        if entity["sha256"] != hashlib.sha256(content).hexdigest() or entity["contentSize"] != str(len(content)):
            sys.exit(f"ro-crate-metadata.json: {entity.id} has another size or digest than the crate says")
    listed = {entity.id for entity in files}
    own = {"ro-crate-metadata.json", "README.md", "SHA256SUMS"}
    there = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    if there - own != listed:
        sys.exit(f"ro-crate-metadata.json: lists other files than there are: {sorted(listed ^ (there - own))}")
    offline()
    settings = services.ValidationSettings(
        rocrate_uri=str(release),
        profile_identifier="ro-crate-1.1",
        requirement_severity=models.Severity.REQUIRED,
        enable_profile_inheritance=False,
    )
    result = services.validate(settings)
    if result.has_issues():
        said = sorted({f"{issue.check.identifier}: {issue.message}" for issue in result.get_issues()})
        sys.exit(f"ro-crate-metadata.json: breaks required rules of RO-Crate 1.1: {'; '.join(said)}")
    line = {"reader": "rocrate, roc-validator", "file": "ro-crate-metadata.json", "files": len(files)}
    print(json.dumps({**line, "rules": len(result.executed_checks)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
