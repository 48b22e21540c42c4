"""The reference data that people may want beside the graph: which release, whose, and where it lies in the cache."""

from __future__ import annotations

import difflib
import hashlib
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from calcinosis_kg import downloads, yamlfiles
from calcinosis_kg.errors import CalcinosisKGError, InputError, SourceError
from calcinosis_kg.resources import folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, BinaryIO

REGISTRY = "references.yaml"
"""The file of pinned releases, inside the folder `ontology`."""
CACHE = "CALCINOSIS_KG_DATA"
"""The variable of the environment that names another cache."""

_BLOCK = 2**20


@dataclass(frozen=True)
class Reference:
    """One pinned release.

    Attributes:
        name: What people ask for.
        file: The name of the file in the cache.
        what: What it is, and in which format.
        version: The release.
        licence: SPDX name, or name and address.
        source: Who gives it out.
        download: What the address gives, with digest and size.
        member: The path of the file in the archive that the address gives; empty if it gives the file itself.
        sha256: The digest of the file.
        size: How many bytes the file has.
        place: `file:line` of its entry.
    """

    name: str
    file: str
    what: str
    version: str
    licence: str
    source: str
    download: downloads.Download
    member: str
    sha256: str
    size: int
    place: str

    def path(self, cache: Path) -> Path:
        """Return where the file lies, if it lies there."""
        return cache / self.name / self.version / self.file


@dataclass(frozen=True)
class Registry:
    """All that can be fetched, and what people ask for that cannot.

    Attributes:
        references: Name to reference, in the order of the file.
        unpinned: Name to what it is, and where its latest release lies if that is known.
    """

    references: Mapping[str, Reference]
    unpinned: Mapping[str, tuple[str, str]]

    def find(self, name: str) -> Reference:
        """Return the reference of a name.

        Raises:
            InputError: There is none.
        """
        if name in self.references:
            return self.references[name]
        if name in self.unpinned:
            what, address = self.unpinned[name]
            where = f" from {address}" if address else ""
            problem = f"no release of {what} is pinned, as none could be checked"
            raise InputError(problem, f"Download it yourself{where}; the merge reads the file.", name)
        near = difflib.get_close_matches(name, self.references, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Use one of: {', '.join(self.references)}."
        raise InputError("no reference data has this name", hint, name)


def read(path: Path | None = None) -> Registry:
    """Read the shipped registry, or one of your own in the same form.

    >>> read().find("hp").version
    '2026-02-16'

    Raises:
        SourceError: The file has mistakes; each is listed with its line.
    """
    path = path or folder("ontology") / REGISTRY
    file, problems = yamlfiles.read(path, "references.schema.json", str(path))
    if file is None:
        raise SourceError(problems)
    found: dict[str, Reference] = {}
    files: dict[str, str] = {}
    for number, record in enumerate(file.content["references"]):
        reference = _reference(record, file.place("references", number))
        for known, key in ((found, reference.name), (files, reference.file)):
            if key in known:
                problems.append(InputError(f"'{key}' stands twice", "Give each its own.", reference.place))
        found[reference.name] = reference
        files[reference.file] = reference.place
    if problems:
        raise SourceError(problems)
    unpinned = {entry["name"]: (entry["what"], entry.get("address", "")) for entry in file.content.get("unpinned", ())}
    return Registry(found, unpinned)


def _reference(record: Mapping[str, Any], place: str) -> Reference:
    member = record.get("member", {"path": "", "sha256": record["sha256"], "size": record["size"]})
    return Reference(
        name=record["name"],
        file=record["file"],
        what=record["what"],
        version=record["version"],
        licence=record["licence"],
        source=record["source"],
        download=downloads.Download(record["name"], record["url"], record["sha256"], int(record["size"])),
        member=member["path"],
        sha256=member["sha256"],
        size=int(member["size"]),
        place=place,
    )


def cache_folder(chosen: Path | None = None) -> Path:
    """Return the cache: the chosen one, else that of the environment, else the usual one of this user.

    >>> cache_folder(Path("here")).as_posix()
    'here'

    Raises:
        MissingExtraError: pooch, which knows the usual one, is not installed.
    """
    if chosen is not None:
        return chosen
    return Path(os.environ[CACHE]) if os.environ.get(CACHE) else downloads.cache_folder()


def state(reference: Reference, cache: Path) -> str:
    """Return whether the file is in the cache: `yes`, `no`, or `altered` if it is not what was fetched."""
    found = _digest(reference.path(cache))
    return "no" if not found else "yes" if found == reference.sha256 else "altered"


def fetch(
    reference: Reference, cache: Path, *, offline: bool = False, network: downloads.Network | None = None
) -> Path:
    """Return the path of a file in the cache, which is brought there if it is missing or altered.

    Args:
        reference: What is wanted.
        cache: The folder of the cache; made if there is none.
        offline: Whether the network may not be asked.
        network: How to deal with servers.

    Raises:
        InputError: It is not in the cache and may not, or could not, be brought.
        MissingExtraError: pooch is not installed.
    """
    path = reference.path(cache)
    if _digest(path) == reference.sha256:
        return path
    source = cache / "archives" / f"{reference.download.sha256}.zip" if reference.member else path
    if _digest(source) != reference.download.sha256:
        if offline:
            state = "is altered" if path.exists() else "is not there"
            problem = f"with --offline the file has to be in the cache, and {path} {state}"
            raise InputError(problem, f"Run once with a network: calcinosis-kg fetch {reference.name}", reference.name)
        downloads.bring(reference.download, source, network or downloads.Network())
    if reference.member:
        _unpack(reference, source, path)
    return path


def _unpack(reference: Reference, archive: Path, path: Path) -> None:
    """Put the member of an archive in its place; what is not what the registry says leaves nothing behind."""
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(archive) as packed, packed.open(reference.member) as member:
            handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
            temporary = Path(name)
            with os.fdopen(handle, "wb") as file:
                found = _copy(member, file, reference.size)
        if found != reference.sha256:
            raise _misdescribed(reference, "has another SHA-256 than the registry says")
        temporary.chmod(downloads.READABLE)
        temporary.replace(path)
        temporary = None
    except KeyError as error:
        raise _misdescribed(reference, "is not in the archive") from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise _misdescribed(reference, "cannot be unpacked: the download is no zip archive that can be read") from error
    except OSError as error:
        problem = f"cannot be written: {(error.strerror or 'unknown reason').lower()}"
        raise InputError(problem, "Choose another cache with --cache.", str(path.parent)) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _misdescribed(reference: Reference, problem: str) -> CalcinosisKGError:
    return InputError(f"'{reference.member}' {problem}", "Correct `member` there.", reference.place)


def _copy(source: Any, target: BinaryIO, size: int) -> str:  # noqa: ANN401 - zipfile's own kind of file
    """Copy no more than the bytes that there should be and one; return the digest of what was copied."""
    digest = hashlib.sha256()
    left = size + 1
    while left and (block := source.read(min(_BLOCK, left))):
        target.write(block)
        digest.update(block)
        left -= len(block)
    return digest.hexdigest()


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file; nothing if there is none that can be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
