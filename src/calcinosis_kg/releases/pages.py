"""The pages of a release for people: what its files are, and what only others can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calcinosis_kg.releases.artefacts import shown_size
from calcinosis_kg.releases.descriptions import ABOUT, TITLE
from calcinosis_kg.releases.redirects import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from calcinosis_kg.releases.artefacts import Artefact
    from calcinosis_kg.releases.descriptions import Release

INDEX, OPEN = "README.md", "OPEN.md"

_FOLDERS = (
    ("data/", "The dataset", "One file a format. See below what each holds."),
    ("ontology/", "The ontology", "Our files with the slices that they import; opens in Protégé."),
    ("metadata/", "Descriptions", "VoID and DCAT; records for registries, not yet submitted."),
    ("w3id/", "Redirects", "For the folder `calcinosis-kg` of w3id.org; not yet registered."),
    ("queries/", "Queries", ""),
    ("shapes/", "Shapes", ""),
    ("", "At the top", ""),
)

_VIEWS = """\
`accepted`: terms, accepted plain triples, accepted claims with their evidence. `all`: everything, each claim with its
status; formats with named graphs have each plain triple in the graph of its status. A refuted or artefact claim is a
plain triple in none of them."""


def index(release: Release, artefacts: Sequence[Artefact], figures: Mapping[str, int]) -> bytes:
    """Return the page that lists the files.

    Args:
        release: The release.
        artefacts: Its files but for this page and the list of digests.
        figures: What the dataset holds, as counted in it.
    """
    return ("\n".join(_index(release, artefacts, figures)) + "\n").encode()


def _index(release: Release, artefacts: Sequence[Artefact], figures: Mapping[str, int]) -> Iterator[str]:
    yield from (f"# {TITLE}, release {release.version}", "", ABOUT, "")
    yield (
        f"{figures['claims']} claims ({figures['negated']} negated, {figures['literature']} of the literature) on "
        f"{figures['entities']} entities, {figures['evidence']} lines of evidence, {figures['mappings']} mappings."
    )
    yield from ("", "No medical advice: a claim is here because a page makes it.", "", "Check the files:", "")
    yield from ("```sh", "sha256sum -c SHA256SUMS", "```", "", _VIEWS)
    rest = list(artefacts)
    for start, heading, remark in _FOLDERS:
        here = [
            artefact for artefact in rest if artefact.path.startswith(start) and (start or "/" not in artefact.path)
        ]
        rest = [artefact for artefact in rest if artefact not in here]
        if not here:
            continue
        yield from ("", f"## {heading}", "")
        if remark:
            yield from (remark, "")
        yield from ("| file | what | view | size | media type | SHA-256 |", "|---|---|---|---|---|---|")
        for artefact in here:
            what, view = artefact.title.replace("|", "\\|"), artefact.view or "-"
            shown = f"`{artefact.path}` | {what} | {view} | {shown_size(artefact.size)}"
            yield f"| {shown} | {artefact.media or 'none registered'} | `{artefact.sha256}` |"


def open_points(release: Release) -> bytes:
    """Return the page of what only the outside world can do, none of it done by writing a release."""
    site = release.site or f"{UNKNOWN} (an address for examples: none was given with --site)"
    return f"""\
# Open: what only people outside this folder can do

A release is a folder. None of these points is done by making it.

- **w3id.org**: submit `w3id/.htaccess`, with a page that names a maintainer, as folder `calcinosis-kg` of the
  repository perma-id/w3id.org. Until that is taken over, no address below https://w3id.org/calcinosis-kg/
  leads anywhere.
- **Site**: serve this folder as `releases/{release.version}/` and, while it is the newest, as `latest/`, below {site}.
  For people, the redirects also lead to a page for each term (`CKG_0000001`), claim (`claim/CKG-C258`) and word of the
  vocabulary (`vocabulary/Claim`), which no release holds.
- **DOI**: deposit the folder in an archive that gives one (Zenodo reads `CITATION.cff`), and write the DOI into
  `CITATION.cff` and the headers for the next release.
- **Bioregistry**: propose `metadata/bioregistry.json` for the prefix `ckg`. It needs a contributor and a contact with
  name, ORCID and e-mail address, a homepage and a repository: the project has none on record, and none was invented.
- **infores**: propose `metadata/infores.yaml` to the catalogue of information resources; its status is draft till then.
- **Contact and ORCID**: name a person in `CITATION.cff` and, as `dcat:contactPoint`, in the description of the dataset.
- **Ontology registries**: announce the vocabulary to Linked Open Vocabularies, the ontology to BioPortal or OLS.
- **Review**: the status in the headers is draft, since nobody outside the project has reviewed the curation.
- **Logo**: there is none (`foaf:logo`).
""".encode()
