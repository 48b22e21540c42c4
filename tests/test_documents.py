"""Docstrings, README and generated tables say what is so."""

import doctest
import importlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "calcinosis_kg"
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
RUN_ELSEWHERE = "pip install"
"""Blocks with this are run by .ci/run, in a new environment, before the tests."""


def readme_sessions() -> list[tuple[str, str]]:
    """Commands of the README and what it says that they print."""
    found = []
    for kind, block in BLOCKS:
        if kind == "console":
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                found.append((command, output))
    return found


MODULES = sorted(
    ".".join(("calcinosis_kg", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if path.stem != "__main__"
)


@pytest.mark.parametrize("name", MODULES)
def test_docstrings_run(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


@pytest.mark.parametrize(("command", "output"), readme_sessions(), ids=lambda value: value[:40])
def test_readme_sessions_print_what_they_say(command: str, output: str, tmp_path: Path) -> None:
    scripts = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100"}
    run = subprocess.run(
        ["bash", "-c", command],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    lines = run.stdout.rstrip().splitlines()
    wanted = output.rstrip().splitlines()
    if "..." in wanted:
        cut = wanted.index("...")
        assert lines[:cut] == wanted[:cut]
        tail = wanted[cut + 1 :]
        assert lines[len(lines) - len(tail) :] == tail
    else:
        assert lines == wanted


def test_readme_python_runs() -> None:
    code = "\n".join(block for kind, block in BLOCKS if kind == "python")
    assert ">>>" in code
    examples = doctest.DocTestParser().get_doctest(code, {}, "README.md", "README.md", 0)
    assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(examples).failed == 0


def test_readme_has_no_block_that_nothing_runs() -> None:
    for kind, block in BLOCKS:
        assert kind in ("console", "python") or RUN_ELSEWHERE in block, block
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for kind, block in BLOCKS:
        if kind not in ("console", "python"):
            for line in block.strip().splitlines():
                assert line in ci, f".ci/run does not run '{line}'"


def test_readme_is_short_and_names_every_verb() -> None:
    assert len(README.splitlines()) <= 130
    listing = subprocess.run(
        [sys.executable, "-m", "calcinosis_kg", "--help"], capture_output=True, text=True, check=True
    )
    commands = listing.stdout.partition("Commands:")[2]
    for verb in re.findall(r"^  (\w+)", commands, re.MULTILINE):
        assert f"`{verb}" in README, verb


def test_one_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == version
    assert f"## {version} - {citation['date-released']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_table_of_questions_is_up_to_date() -> None:
    run = subprocess.run(
        [sys.executable, ROOT / "scripts" / "make_query_table.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_shipped_dataset_is_what_the_sources_say() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "calcinosis_kg", "build", "--out", "ontology", "--ontology", "ontology", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, f"run 'make build': {run.stdout}{run.stderr}"


def test_every_makefile_target_says_what_it_does() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):", text, re.MULTILINE)
    assert targets == re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE)
