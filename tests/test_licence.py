"""No text of the source document stands anywhere in the project: only offsets and digests may."""

import hashlib
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
DIGESTS = Path(__file__).parent / "data" / "page-windows.bin"
LENGTH, SIZE = 61, 8


@pytest.fixture(scope="module")
def forbidden() -> set[bytes]:
    content = DIGESTS.read_bytes()
    return {content[start : start + SIZE] for start in range(0, len(content), SIZE)}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_windows", ROOT / "scripts" / "make_windows.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def project_files() -> list[Path]:
    """The files that the project holds: those that git tracks, or all of an unpacked archive."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        names = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        found = ((path, path.relative_to(ROOT).parts) for path in ROOT.rglob("*"))
        names = [path for path, parts in found if not any(part.startswith(".") for part in parts)]
    return sorted(path for path in names if path.is_file() and path != DIGESTS)


def copied(text: str, forbidden: set[bytes]) -> str:
    """The first run of 61 characters that the document has too; empty if none."""
    plain = re.sub(r"\s+", " ", text)
    for start in range(len(plain) - LENGTH + 1):
        window = plain[start : start + LENGTH]
        if hashlib.blake2b(window.encode(), digest_size=SIZE).digest() in forbidden:
            return window
    return ""


def test_no_run_of_the_document_stands_in_the_project(forbidden: set[bytes]) -> None:
    found = {}
    for path in project_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        run = copied(text, forbidden)
        if run:
            found[str(path.relative_to(ROOT))] = run
    assert not found, f"say it in your own words: {found}"


def test_the_gate_catches_a_copied_run(document: Path, forbidden: set[bytes]) -> None:
    text = re.sub(r"\s+", " ", document.read_text(encoding="utf-8"))
    for start in (0, 500, 5000, len(text) - LENGTH):
        assert copied("before " + text[start : start + LENGTH] + " after", forbidden)
        assert not copied("~" + text[start : start + LENGTH - 1] + "~", forbidden)


def test_digests_are_those_of_the_document(document: Path, forbidden: set[bytes], script: ModuleType) -> None:
    assert script.windows(document.read_text(encoding="utf-8")) == forbidden


def test_script_says_what_is_wrong(tmp_path: Path) -> None:
    missing = tmp_path / "missing.txt"
    command = [sys.executable, str(ROOT / "scripts" / "make_windows.py"), str(missing), str(tmp_path / "out")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "cannot be read as UTF-8 text" in run.stderr
    assert not (tmp_path / "out").exists()
