"""The documentation: every block runs and prints what stands there; Sphinx builds it without warning or network."""

import doctest
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest

import calcinosis_kg as ckg
from calcinosis_kg.cli import cli
from calcinosis_kg.formats import FORMATS
from calcinosis_kg.interchange.catalogue import CATALOGUE

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
EXAMPLES = DOCS / "examples"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
FENCE = re.compile(r"^```(.*)\n((?:(?!```).*\n)*)```$", re.MULTILINE)
INSTALL = re.compile(r"pip install (\.|'\.\[(\w+)\]')\Z")


def blocks(page: str) -> list[tuple[str, str]]:
    """Kind and content of each block of a page, in order; what Sphinx is told (`{toctree}`) is none."""
    text = (DOCS / page).read_text(encoding="utf-8")
    assert text.count("\n```") == 2 * len(FENCE.findall(text)), f"{page}: a block is not closed"
    return [(kind, block) for kind, block in FENCE.findall(text) if not kind.startswith("{")]


def shown_in_order(shown: str, printed: str) -> bool:
    """Whether what a document shows was printed; a line `...` stands for any lines, and `...` in one for any text."""
    lines = [
        "(?:.*\n)*" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + "\n"
        for line in shown.splitlines()
    ]
    return re.fullmatch("".join(lines), printed.rstrip("\n") + "\n" if printed else "") is not None


def sessions(block: str) -> list[tuple[str, str]]:
    """Commands of a block, each with what it says that it prints."""
    parts = (part.partition("\n") for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:])
    return [(command, output) for command, _, output in parts]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_does_what_it_says(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("COLUMNS", "100")
    names: dict[str, object] = {}
    for kind, block in blocks(page):
        if kind == "console":
            assert block.startswith("$ "), f"{page}: a console block begins with a command"
            for command, output in sessions(block):
                run = subprocess.run(
                    ["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
                )
                assert run.returncode < 2, f"{command}: {run.stdout}"
                assert shown_in_order(output, run.stdout), f"{command} printed:\n{run.stdout}"
        elif kind == "python":
            examples = doctest.DocTestParser().get_doctest(block, names, page, page, 0)
            assert examples.examples, f"{page}: a Python block without >>>"
            runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
            assert runner.run(examples, clear_globs=False).failed == 0
            names = examples.globs
        else:
            assert kind == "sh", f"{page}: nothing runs a block of the kind '{kind}'"
            for line in block.splitlines():
                assert INSTALL.match(line), f"{page}: nothing runs '{line}'"


def test_lines_that_install_name_extras_that_exist() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    lines = [line for page in PAGES for kind, block in blocks(page) if kind == "sh" for line in block.splitlines()]
    named = {found[2] for found in map(INSTALL.match, lines) if found and found[2]}
    assert named
    assert named <= set(extras)


def test_every_example_file_is_used() -> None:
    used = "".join(block for page in PAGES for _, block in blocks(page))
    assert [path.name for path in sorted(EXAMPLES.iterdir()) if path.name not in used] == []


def test_every_format_has_its_page() -> None:
    pages = {page: (DOCS / page).read_text(encoding="utf-8") for page in PAGES if page.startswith("formats/")}
    for page, text in pages.items():
        assert re.search(r"^\|.*keeps.*\|.*cannot hold.*\|$", text, re.MULTILINE), (
            f"{page} has no table of what is kept"
        )
    for name in (*FORMATS, *CATALOGUE):
        assert any(f"`{name}`" in text for text in pages.values()), f"no page in docs/formats says what {name} keeps"


class Page(HTMLParser):
    """What a page loads, and which anchors it has."""

    LOADS = frozenset({("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src")})

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if (tag, name) in self.LOADS and value:
                self.loaded.append(value)
            if name == "id" and value:
                self.anchors.add(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built documentation; a warning fails it, and so does whoever wants the network."""
    for module, extra in (("sphinx", "Sphinx"), ("furo", "furo"), ("myst_parser", "myst-parser")):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{extra} (extra 'docs') is not installed")
    out = tmp_path_factory.mktemp("site")
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    run = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-b", "html", DOCS, out],
        env={**os.environ, **nowhere}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    return out


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > len(PAGES)
    for path in pages:
        loaded = Page(path).loaded
        assert loaded
        outside = [address for address in loaded if re.match(r"(?:[a-z]+:)?//", address, re.IGNORECASE)]
        assert outside == [], path.name
    for path in site.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"@import\s|url\(\s*['\"]?(?:https?:)?//", text), path.name


def test_every_public_name_and_every_verb_has_its_place(site: Path) -> None:
    python = Page(site / "python.html").anchors
    assert {f"calcinosis_kg.{name}" for name in ckg.__all__} <= python
    line = Page(site / "cli.html").anchors
    assert isinstance(cli, click.Group)
    assert {f"calcinosis-kg-{verb}" for verb in cli.commands} <= line


def test_options_are_shown_as_they_are_typed(site: Path) -> None:
    text = (site / "cli.html").read_text(encoding="utf-8")
    assert "--graph" in text
    assert "–graph" not in text  # noqa: RUF001 - a dash that Sphinx makes of two hyphens
