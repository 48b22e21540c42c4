"""Measures the SHACL engines on copies of the shipped dataset, with the shipped shapes.

    python benchmarks/shacl_engines.py

Each copy has its own terms, claims and evidence: every node that the dataset describes gets the number of the copy at
the end of its IRI, but for what the shapes name and for properties and types. Every 997th quad of a copy is left out,
so that there is something to find. Each measurement is a process of its own: CPU seconds of the engine and of all of
`validate`, and the peak memory of the process. Engines that finish must have found the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import re
import resource
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version

import pyoxigraph as ox

from calcinosis_kg import engines, shapes, shipped
from calcinosis_kg.namespaces import expand
from calcinosis_kg.resources import folder

COPIES = (1, 4, 40)
CAP = {"pyshacl": 4}
"""The most copies that an engine is given, where more would take it a quarter of an hour."""

Row = dict[str, float | str]


def copies(count: int) -> list[ox.Quad]:
    """Return the dataset so many times over, each copy with nodes of its own and without every 997th quad."""
    quads = shipped.quads()
    fixed = {term for quad in shapes.read(folder("shapes")) for term in (quad.subject, quad.object)}
    for quad in quads:
        fixed.add(quad.predicate)
        if quad.predicate in KINDS or (quad.predicate.value == TYPE and "Property" in str(quad.object)):
            fixed |= {quad.object, quad.subject} if "Property" in str(quad.object) else {quad.object}
    own = {quad.subject for quad in quads} - fixed
    found = []
    for number in range(count):
        names = {node: type(node)(f"{node.value}{number:03}") for node in own if not isinstance(node, ox.Triple)}
        for place, quad in enumerate(quads):
            if place % 997:
                ends = names.get(quad.subject, quad.subject), names.get(quad.object, quad.object)
                found.append(ox.Quad(ends[0], quad.predicate, ends[1], quad.graph_name))
    return found


TYPE = expand("rdf:type")
KINDS = {
    ox.NamedNode(expand(name)) for name in ("rdf:type", "biolink:category", "ckgv:relation", "rdf:predicate")
}  # fmt: skip


def cpu() -> float:
    """Return the CPU seconds that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(engine: str, count: int) -> Row:
    """Validate so many copies, and return what it took and a digest of what was found."""
    quads = copies(count)
    inner = engines.ENGINES[engine]
    spent: list[float] = []

    def timed(data: list[ox.Quad], rules: list[ox.Quad]) -> list[ox.Quad]:
        before = cpu()
        report = list(inner.report(data, rules))
        spent.append(cpu() - before)
        return report

    engines.ENGINES[engine] = replace(inner, report=timed)
    before = cpu()
    report = shapes.validate(quads, engine=engine)
    whole = cpu() - before
    rows = sorted(
        re.sub(r"_:\w+", "_:", f"{r.severity}|{r.focus_term}|{r.shape}|{r.path}|{r.value_term}|{r.component}")
        for r in report.results
    )
    digest = hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "engine": engine, "triples": report.triples, "results": len(rows), "digest": digest,
        "engine_s": spent[0], "whole_s": whole, "peak": peak,
    }  # fmt: skip


def child(engine: str, count: int, limit: float) -> Row | None:
    """Measure in a process of its own; None where it takes longer than the limit."""
    command = [sys.executable, __file__, "--one", engine, "--copies", str(count)]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return None
    found: Row = json.loads(done.stdout)
    return found


def main() -> int:
    """Measure and print a table; exit 1 if the engines differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, nargs="*", default=COPIES)
    parser.add_argument("--limit", type=float, default=900, help="seconds after which an engine is stopped")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one, given.copies[0])))
        return 0
    there = [name for name, engine in engines.ENGINES.items() if engine.installed()]
    print(f"Python {platform.python_version()}, {', '.join(f'{name} {version(name)}' for name in there)}\n")
    print("| triples | results | engine | engine CPU s | all of validate CPU s | peak MiB | ratio of engines |")
    print("|---|---|---|---|---|---|---|")
    same = True
    for count in given.copies:
        found = {}
        for name in there:
            if count > CAP.get(name, count):
                print(f"| {count} copies | | {name} | not run: over its cap | | | |")
                continue
            row = child(name, count, given.limit)
            if row is None:
                print(f"| {count} copies | | {name} | stopped after {given.limit:.0f} s | | | |")
                continue
            found[name] = row
            slowest = max(float(other["engine_s"]) for other in found.values())
            ratio = f"{slowest / float(row['engine_s']):.0f}" if len(found) > 1 else ""
            print(
                f"| {row['triples']:,} | {row['results']:,} | {name} | {row['engine_s']:.1f} | {row['whole_s']:.1f} "
                f"| {row['peak']:.0f} | {ratio} |",
                flush=True,
            )
        same = same and len({row["digest"] for row in found.values()}) <= 1
    print(f"\nresults: {'the same' if same else 'DIFFERENT'} wherever both finished")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
