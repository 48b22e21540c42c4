"""A release: every file described, counted and checksummed; the same bytes twice; nothing written if a gate fails."""

import dataclasses
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
import yaml

from calcinosis_kg import formats, resources
from calcinosis_kg.errors import InputError
from calcinosis_kg.interchange import contents
from calcinosis_kg.interchange.catalogue import CATALOGUE
from calcinosis_kg.namespaces import BASE, GRAPH
from calcinosis_kg.releases import citations, counts, descriptions, exports, folders, front, headers, pages
from calcinosis_kg.releases.artefacts import Artefact
from calcinosis_kg.releases.descriptions import Release
from conftest import VERSION

ROOT = Path(__file__).parents[1]
EARLIER = "2026-11-23"


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the verb."""
    command = [sys.executable, "-m", "calcinosis_kg", "release", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=600)


@pytest.fixture(scope="session")
def files(release: Path) -> dict[str, bytes]:
    """What stands in it."""
    found = sorted(path for path in release.rglob("*") if path.is_file())
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in found}


def test_the_same_bytes_under_another_seed_and_from_another_folder(
    files: dict[str, bytes], quads: list[ox.Quad]
) -> None:
    again = front.make(quads, VERSION, previous=quads)
    assert {artefact.path: artefact.content for artefact in again.artefacts} == files


def test_every_format_is_there(files: dict[str, bytes]) -> None:
    for suffix in formats.FORMATS:
        assert f"{exports.STEM}.{suffix}" in files
    for form in CATALOGUE.values():
        needed = [ending for ending in form.endings if ending not in form.optional]
        assert {f"{exports.STEM}{ending}" for ending in needed} <= set(files), form.name


def test_digests_are_those_of_sha256sum(release: Path, files: dict[str, bytes]) -> None:
    rows = (line.partition("  ") for line in files["SHA256SUMS"].decode().splitlines())
    lines = {name: digest for digest, _, name in rows}
    assert lines == {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "SHA256SUMS"}
    if shutil.which("sha256sum"):
        check = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
        assert subprocess.run(check, cwd=release, capture_output=True, check=False).stdout == b""


def test_every_file_is_listed_everywhere(files: dict[str, bytes]) -> None:
    own = {"SHA256SUMS", "README.md"}
    manifest = json.loads(files["release.json"])
    assert {entry["path"] for entry in manifest["files"]} == set(files) - own - {
        "release.json",
        "ro-crate-metadata.json",
    }
    for entry in manifest["files"]:
        assert entry["size"] == len(files[entry["path"]])
        assert entry["sha256"] == hashlib.sha256(files[entry["path"]]).hexdigest()
    crate = json.loads(files["ro-crate-metadata.json"])["@graph"]
    assert {node["@id"] for node in crate if node["@type"] == "File"} == set(files) - own - {"ro-crate-metadata.json"}
    index = files["README.md"].decode()
    for name, data in files.items():
        if name not in own:
            assert f"`{name}`" in index
            assert hashlib.sha256(data).hexdigest() in index
    assert files["croissant.json"].count(b'"cr:FileObject"') == sum(
        bool(entry["format"]) for entry in manifest["files"]
    )


def test_the_version_is_in_every_header_and_nowhere_else_a_date_of_today(files: dict[str, bytes]) -> None:
    names = [*(f"{exports.STEM}.{suffix}" for suffix in formats.FORMATS), "ontology/calcinosis.ttl"]
    for name in names:
        suffix = name.rpartition(".")[2]
        if suffix in counts.RDF:
            quads = list(ox.parse(files[name], format=counts.RDF[suffix]))
            assert set(headers.versions(quads).values()) == {VERSION}, name
    header = rdflib.Graph().parse(data=files["ontology/calcinosis.ttl"], format="turtle")
    node = rdflib.URIRef(BASE + "calcinosis.ttl")
    assert header.value(node, rdflib.OWL.versionIRI) == rdflib.URIRef(f"{BASE}releases/{VERSION}/calcinosis.ttl")
    assert header.value(node, rdflib.OWL.priorVersion) == rdflib.URIRef(f"{BASE}releases/{EARLIER}/calcinosis.ttl")
    assert str(header.value(node, rdflib.DCTERMS.issued)) == VERSION
    slice_ = rdflib.Graph().parse(data=files["ontology/imports/chebi.ttl"], format="turtle")
    assert str(next(slice_.objects(None, rdflib.OWL.versionInfo))) == "2026-05-01"


def test_what_is_said_of_headers_alone_is_changed(quads: list[ox.Quad]) -> None:
    dated = set(headers.dated(quads, VERSION))
    heads = {BASE + name for name in headers.MODULES}
    for quad in dated ^ set(quads):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value not in heads:
            assert quad.object == ox.NamedNode("http://www.w3.org/2002/07/owl#AnnotationProperty")
    assert set(headers.dated(dated, VERSION)) == dated


def test_counts_are_those_of_the_files(files: dict[str, bytes], quads: list[ox.Quad]) -> None:
    found = contents.of(quads)
    counted = json.loads(files["release.json"])["counts"]["all"]
    assert counted["claims"] == len(found.associations)
    assert counted["negated"] == sum(claim.negated for claim in found.associations)
    assert counted["hedged"] == sum(claim.modality == "hedged" for claim in found.associations)
    assert counted["entities"] == len(found.entities)
    assert counted["evidence"] == sum(len(claim.evidence) for claim in found.associations)
    for status in ("accepted", "reported", "contested", "refuted", "artefact"):
        assert counted[f"status:{status}"] == sum(claim.status == status for claim in found.associations)
    void = rdflib.Graph().parse(data=files["metadata/void.ttl"], format="turtle")
    for suffix in ("ttl", "nt", "trig"):
        node = rdflib.URIRef(f"{BASE}releases/{VERSION}/data/calcinosis-kg.{suffix}#file")
        parsed = ox.parse(files[f"data/calcinosis-kg.{suffix}"], format=counts.RDF[suffix])
        triples = {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in parsed}
        assert void.value(node, rdflib.VOID.triples) == rdflib.Literal(len(triples))
        assert void.value(node, rdflib.VOID.distinctSubjects) == rdflib.Literal(len({triple[0] for triple in triples}))
        assert void.value(node, rdflib.VOID.properties) == rdflib.Literal(len({triple[1] for triple in triples}))
    claims = void.value(rdflib.URIRef(GRAPH + "claims"), rdflib.VOID.triples)
    assert claims == rdflib.Literal(sum(quad.graph_name == ox.NamedNode(GRAPH + "claims") for quad in set(quads)))


def test_every_word_of_the_descriptions_is_one_of_its_vocabulary(files: dict[str, bytes]) -> None:
    known: Any = (rdflib.DCAT, rdflib.VOID, rdflib.FOAF, rdflib.DCTERMS, rdflib.OWL, rdflib.RDF)
    for name in ("metadata/void.ttl", "metadata/dcat.ttl"):
        for _, predicate, value in rdflib.Graph().parse(data=files[name], format="turtle"):
            for term in (predicate, value if predicate == rdflib.RDF.type else predicate):
                for space in known:
                    assert not str(term).startswith(str(space)) or term in space, term


def test_every_file_that_is_no_slice_is_ours_to_give(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["release.json"])
    others = {entry["path"] for entry in manifest["files"] if "by/4.0" not in entry["licence"]}
    assert others
    assert all(path.startswith("ontology/imports/") for path in others)


def test_the_citation_has_the_version(files: dict[str, bytes]) -> None:
    citation = yaml.safe_load(files["CITATION.cff"])
    assert (citation["version"], citation["date-released"]) == (VERSION, VERSION)
    rest = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {**citation, **{key: rest[key] for key in ("version", "date-released")}} == {
        **rest,
        "identifiers": citation["identifiers"],
    }


def test_a_citation_without_a_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "CITATION.cff").write_text("cff-version: 1.2.0\n", encoding="utf-8")
    monkeypatch.setattr(resources, "file", lambda name: tmp_path / name)
    with pytest.raises(InputError, match="has not one line 'version'"):
        citations.write(Release(VERSION))


def test_what_only_others_can_do_is_open(files: dict[str, bytes]) -> None:
    text = files["OPEN.md"].decode()
    for point in ("w3id.org", "DOI", "Bioregistry", "infores", "ORCID", "Linked Open Vocabularies"):
        assert point in text
    record = json.loads(files["metadata/bioregistry.json"])["ckg"]
    assert not {"contact", "contributor", "repository", "homepage"} & set(record)
    assert "https://pages.example/kg" in pages.open_points(Release(VERSION, site="https://pages.example/kg")).decode()


@pytest.mark.parametrize(
    ("version", "problem"),
    [("2026-13-01", "is not a date"), ("20261123", "is not a date"), ("today", "is not a date"), ("", "is not a date")],
)
def test_a_version_that_is_no_date_is_refused(version: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        headers.check(version)


def test_a_version_before_the_previous_one_is_refused(quads: list[ox.Quad]) -> None:
    with pytest.raises(InputError, match="the version 2026-11-23 is not after 2026-11-23"):
        front.make(quads, EARLIER, previous=quads)
    with pytest.raises(InputError, match="has no header with a version"):
        front.make(quads, EARLIER, previous=[])


def test_mistakes_of_a_user(tmp_path: Path, release: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine", encoding="utf-8")
    full = run("--version", VERSION, "--out", "full", cwd=tmp_path)
    assert (full.returncode, full.stderr) == (
        2,
        "full: is not empty, and no release. Give another folder, or empty this one.\n",
    )
    assert run("--version", VERSION, "--out", "full", "--force", cwd=tmp_path).returncode == 2
    again = run("--version", VERSION, "--out", release, cwd=tmp_path)
    assert again.returncode == 2
    assert "holds a release already. Give another folder, or --force to replace it." in again.stderr
    wrong = run("--version", "yesterday", "--out", "new", cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "the version 'yesterday' is not a date" in wrong.stderr
    assert run("--version", VERSION, "--out", "new", "--site", "pages", cwd=tmp_path).returncode == 2
    previous = run("--version", VERSION, "--out", "new", "--previous", "full", cwd=tmp_path)
    assert (previous.returncode, previous.stderr) == (
        2,
        "full: is not a release. Give the folder of a release, or its data/calcinosis-kg.trig.\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


def test_a_release_that_was_altered_is_not_compared_with(tmp_path: Path, release: Path) -> None:
    shutil.copytree(release, tmp_path / "altered")
    with (tmp_path / "altered" / "data" / "calcinosis-kg.trig").open("a", encoding="utf-8") as file:
        file.write("# a line\n")
    assert len(folders.dataset(release)) > 30_000
    with pytest.raises(InputError, match="is not the file of which SHA256SUMS has the digest"):
        folders.dataset(tmp_path / "altered")


def test_a_folder_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = [Artefact("release.json", folders.manifest({"version": "1"}), ""), Artefact("data/a", b"1", "")]
    new = [Artefact("release.json", folders.manifest({"version": "2"}), ""), Artefact("data/b", b"2", "")]
    out = tmp_path / "out"
    folders.check(out, force=False)
    folders.write(out, old)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(InputError, match="cannot be written: no space left on device"):
            folders.write(out, new)
    assert sorted(path.name for path in out.rglob("*")) == ["a", "data", "release.json"]
    folders.check(out, force=True)
    folders.write(out, new)
    assert sorted(path.name for path in out.rglob("*")) == ["b", "data", "release.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_release_that_breaks_a_gate_is_not_written(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from calcinosis_kg import shipped\n"
        "from calcinosis_kg.releases import exports, gates, headers\n"
        "from calcinosis_kg.cli import main\n"
        "exports.data = lambda quads, step: iter(())\n"
        "from calcinosis_kg.releases import front, artefacts\n"
        "real = headers.dated\n"
        "gone = ('dcterms/title', 'dc/terms/title')\n"
        "kept = lambda quad: not quad.predicate.value.endswith(gone)\n"
        "headers.dated = exports.dated = lambda *given: [quad for quad in real(*given) if kept(quad)]\n"
        "import pyoxigraph as ox\n"
        "nothing = b'<https://w3id.org/calcinosis-kg/graph/a> <http://example.org/a> <http://example.org/b> .'\n"
        "def data(quads, step):\n"
        "    for name in ('trig', 'nt'):\n"
        "        yield artefacts.Artefact('data/calcinosis-kg.' + name, nothing, 'a', 'all', name)\n"
        "exports.data = data\n"
        f"sys.argv = ['calcinosis-kg', 'release', '--version', '{VERSION}', '--out', 'new']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 1, done.stderr
    assert "ckgsh:Header-title" in done.stdout
    assert "new is not written." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_descriptions_name_nothing_that_is_not_known() -> None:
    artefact = Artefact("data/calcinosis-kg.obo", b"x", "OBO", "ontology", "obo")
    said = {str(quad.predicate) for quad in descriptions.dcat_quads(Release(VERSION), [artefact])}
    assert not any("landingPage" in name or "mediaType" in name or "previousVersion" in name for name in said)
    assert any("format" in name for name in said)
    assert dataclasses.replace(artefact, path="data/a.ttl").media == "text/turtle"
