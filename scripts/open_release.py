"""Opens a release with every independent reader: makes their environments, runs them, compares what they counted.

    python scripts/open_release.py release/ [--environments DIR] [--only NAME] [--jobs N]

A reader is `readers/NAME.py`; the line `Environment: ENV.` of its docstring says which requirements it runs with
(`readers/ENV.txt`, and `readers/ENV.alone.txt` installed without dependencies), else those of its own name. With `uv`
on the path environments take seconds; without it, pip makes them. They are made from a package index; the readers
themselves run with every proxy pointing nowhere. Exit code 1 if a reader refuses something, or if counts differ.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

READERS = Path(__file__).resolve().parents[1] / "readers"
COMPARES = "counts"
_ENVIRONMENT = re.compile(r"^.*\bEnvironment: ([\w-]+)\.", re.MULTILINE)
_NOWHERE = "http://127.0.0.1:9"
_LIMIT = 600
"""Seconds that one reader, or the making of one environment, may take."""


@dataclass(frozen=True)
class Outcome:
    """What became of a reader, or of the making of an environment."""

    name: str
    seconds: float
    code: int
    output: str
    errors: str


def environment_of(reader: Path) -> str:
    """Return the environment that a reader runs in."""
    match = _ENVIRONMENT.search(reader.read_text(encoding="utf-8"))
    return match[1] if match else reader.stem


def run(name: str, *commands: list[str], environment: dict[str, str] | None = None) -> Outcome:
    """Run commands one after the other, until one fails."""
    begun = time.monotonic()
    code, output, errors = 0, "", ""
    for command in commands:
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LIMIT, env=environment)
            code, output, errors = done.returncode, output + done.stdout, errors + done.stderr
        except subprocess.TimeoutExpired:
            code, errors = 1, f"took more than {_LIMIT} seconds"
        if code:
            break
    return Outcome(name, time.monotonic() - begun, code, output, errors)


def made(name: str, place: Path) -> Outcome:
    """Make an environment, unless it is there."""
    folder, python = place / name, place / name / "bin" / "python"
    if (folder / "complete").exists():
        return Outcome(f"environment {name}", 0.0, 0, "", "")
    files = [READERS / f"{name}.txt", READERS / f"{name}.alone.txt"]
    wanted = [(path, ["--no-deps"] if "alone" in path.name else []) for path in files if path.exists()]
    if shutil.which("uv"):
        start = ["uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)]
        install = ["uv", "pip", "install", "--quiet", "--python", str(python)]
    else:
        start = [sys.executable, "-m", "venv", "--clear", str(folder)]
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    outcome = run(f"environment {name}", start, *([*install, *alone, "-r", str(path)] for path, alone in wanted))
    if not outcome.code:
        (folder / "complete").touch()
    return outcome


def opened(reader: Path, place: Path, release: Path) -> Outcome:
    """Run a reader on a release, without network."""
    python = place / environment_of(reader) / "bin" / "python"
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), _NOWHERE)
    environment = {**os.environ, **proxies, "PYTHONWARNINGS": "ignore", "NO_PROXY": "", "no_proxy": ""}
    environment.pop("PYTHONPATH", None)
    return run(reader.stem, [str(python), str(reader), str(release)], environment=environment)


def all_of_it(release: Path, place: Path, names: list[str], jobs: int) -> int:
    """Make environments and run readers; print a table, and return the exit code."""
    readers = [path for path in sorted(READERS.glob("*.py")) if path.stem != COMPARES]
    readers = [path for path in readers if not names or path.stem in names]
    begun = time.monotonic()
    with ThreadPoolExecutor(jobs) as pool:
        making = {name: pool.submit(made, name, place) for name in sorted({environment_of(path) for path in readers})}
        environments = [future.result() for future in making.values()]
        ready = {outcome.name.partition(" ")[2] for outcome in environments if not outcome.code}
        tried = [pool.submit(opened, path, place, release) for path in readers if environment_of(path) in ready]
        outcomes = [*environments, *(future.result() for future in tried)]
    lines = "".join(outcome.output for outcome in outcomes)
    if not names:
        command = [sys.executable, str(READERS / f"{COMPARES}.py"), str(release)]
        compared = subprocess.run(command, input=lines, capture_output=True, text=True, check=False, timeout=_LIMIT)
        outcomes.append(Outcome(COMPARES, 0.0, compared.returncode, compared.stdout, compared.stderr))
    for outcome in outcomes:
        shown = "fails" if outcome.code else "fine"
        print(f"{outcome.name:<32} {outcome.seconds:6.1f} s  {shown}")
        print("".join(f"    {line}\n" for line in outcome.output.splitlines()), end="")
        if outcome.code:
            print("".join(f"    {line}\n" for line in outcome.errors.strip().splitlines()[-8:]), end="")
    print(f"{'all':<32} {time.monotonic() - begun:6.1f} s")
    return int(any(outcome.code for outcome in outcomes))


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("release", type=Path, help="folder of the release")
    parser.add_argument("--environments", type=Path, help="keep the environments here; default: a temporary folder")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="run this reader alone")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    options = parser.parse_args()
    if not (options.release / "release.json").is_file():
        print(f"{options.release}: is not a release. Make one with 'calcinosis-kg release'.", file=sys.stderr)
        sys.exit(2)
    release = options.release.resolve()
    if options.environments:
        options.environments.mkdir(parents=True, exist_ok=True)
        sys.exit(all_of_it(release, options.environments.resolve(), options.only, options.jobs))
    with tempfile.TemporaryDirectory() as place:
        sys.exit(all_of_it(release, Path(place), options.only, options.jobs))


if __name__ == "__main__":
    main()
