"""Makes a release: every file of it, from a dataset and a version, the same bytes every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from calcinosis_kg.errors import InputError
from calcinosis_kg.releases import (
    changes,
    citations,
    counts,
    crates,
    croissants,
    descriptions,
    differences,
    exports,
    folders,
    gates,
    headers,
    pages,
    redirects,
    registrations,
)
from calcinosis_kg.releases.artefacts import Artefact
from calcinosis_kg.releases.descriptions import Release

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyoxigraph as ox

    from calcinosis_kg.releases.differences import Differences
    from calcinosis_kg.reports import Report


@dataclass(frozen=True, slots=True)
class Made:
    """A release that was made.

    Attributes:
        artefacts: Its files.
        report: What the shapes find; a release with violations is not to be written.
        differences: From the release before; None if none was given.
    """

    artefacts: tuple[Artefact, ...]
    report: Report
    differences: Differences | None


def make(
    quads: Sequence[ox.Quad],
    version: str,
    *,
    previous: Sequence[ox.Quad] | None = None,
    site: str = "",
    step: Callable[[str], None] = lambda _: None,
) -> Made:
    """Return every file of a release.

    Args:
        quads: The dataset.
        version: The date of the release.
        previous: The dataset of the release before.
        site: Where the files will be served; empty if that is not known.
        step: Called with the name of each step as it begins.

    Raises:
        InputError: The version is no date, or not after the version of the release before.
        MissingExtraError: A format needs a library that is not installed.
    """
    release = Release(headers.check(version), _before(previous, version), site.rstrip("/"))
    given = headers.dated(quads, version, release.previous)
    found = list(exports.data(given, step))
    step("what belongs to it")
    found += exports.companions(version, release.previous)
    step("descriptions")
    dataset = next(artefact for artefact in found if artefact.format == "trig")
    said = [*descriptions.void_quads(release, found), *descriptions.dcat_quads(release, found)]
    step("shapes of a release")
    report = gates.judged(found, said)
    found += [
        Artefact("metadata/void.ttl", descriptions.void(release, found), "VoID: figures"),
        Artefact("metadata/dcat.ttl", descriptions.dcat(release, found), "DCAT: files, sizes, digests, licences"),
        Artefact(registrations.BIOREGISTRY, registrations.bioregistry(release), "record for the Bioregistry"),
        Artefact(registrations.INFORES, registrations.infores(dataset), "record for the catalogue of infores"),
        Artefact(redirects.NAME, redirects.write(release.site), "redirects of w3id.org, for Apache"),
        Artefact(citations.NAME, citations.write(release), "how to cite"),
        Artefact(pages.OPEN, pages.open_points(release), "what only others can do"),
    ]
    compared = None
    if previous is not None:
        step("differences")
        compared = differences.compare(headers.dated(previous, release.previous), given)
        found.append(Artefact(changes.PAGE, changes.page(release, compared), "what changed, for people"))
        found.append(Artefact(changes.TABLE, changes.table(release, compared), "what changed, for programs"))
    found.sort(key=lambda artefact: artefact.path)
    cited = citations.line(release)
    found.append(Artefact(croissants.NAME, croissants.write(release, found, cited), "Croissant: tables"))
    figures = {view: counts.contents(artefact) for view, artefact in _counted(found).items()}
    found.append(Artefact(folders.MANIFEST, _manifest(release, found, figures), "this list, for programs"))
    found.append(Artefact(crates.NAME, crates.write(release, found, cited), "RO-Crate: all files"))
    found.append(Artefact(pages.INDEX, pages.index(release, found, figures["all"]), "this list, for people"))
    found.append(Artefact(folders.SUMS, folders.sums(found), "digests"))
    return Made(tuple(found), report, compared)


def _before(previous: Sequence[ox.Quad] | None, version: str) -> str:
    """Return the version of the release before."""
    if previous is None:
        return ""
    found = headers.versions(previous).get(headers.MODULES[0], "")
    if not found:
        remedy = "Give the folder of a release, or its data/calcinosis-kg.trig."
        raise InputError("the previous release has no header with a version", remedy)
    if not found < version:
        problem = f"the version {version} is not after {found}, that of the previous release"
        raise InputError(problem, "Give a later date, or another release to compare with.")
    return found


def _counted(artefacts: Sequence[Artefact]) -> dict[str, Artefact]:
    """Return the file in which each view is counted."""
    chosen = {"all": "trig", "accepted": "nt"}
    return {view: next(each for each in artefacts if each.format == form) for view, form in chosen.items()}


def _manifest(release: Release, artefacts: Sequence[Artefact], figures: dict[str, dict[str, int]]) -> bytes:
    return folders.manifest(
        {
            "version": release.version,
            "previous": release.previous,
            "counts": figures,
            "files": [
                {
                    "path": artefact.path,
                    "title": artefact.title,
                    "view": artefact.view,
                    "format": artefact.format,
                    "media_type": artefact.media,
                    "size": artefact.size,
                    "sha256": artefact.sha256,
                    "licence": artefact.licence,
                }
                for artefact in artefacts
            ],
        }
    )
