"""Runs the W3C SHACL test suite through the SHACL engines, as this package uses them.

    python benchmarks/w3c_shacl.py ../shared/suites/shacl

A test passes when the engine gives exactly the expected results, each as often as expected: focus node, path, value,
constraint component and severity. A test that expects a failure passes when the engine refuses the shapes. Every file
is read with the IRI that it would have on the web as base; nothing is fetched.
"""

from __future__ import annotations

import argparse
import logging
import platform
import sys
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg.engines import ENGINES
from calcinosis_kg.errors import CalcinosisKGError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BASE = "https://w3c.github.io/data-shapes/data-shapes-test-suite/tests/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SH, SHT = "http://www.w3.org/ns/shacl#", "http://www.w3.org/ns/shacl-test#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PARTS = ("focusNode", "resultPath", "value", "sourceConstraintComponent", "resultSeverity")

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Facts = dict[Node, dict[str, list[Node]]]
Row = tuple[str, ...]


@dataclass(frozen=True)
class Test:
    """A test of the suite: the rows of the expected report, or None where the engine must fail."""

    name: str
    group: str
    data: tuple[ox.Quad, ...]
    shapes: tuple[ox.Quad, ...]
    expected: Counter[Row] | None


def facts_of(quads: Iterable[ox.Quad]) -> Facts:
    """Return what is said of each node, by the predicate's IRI."""
    found: Facts = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        found[quad.subject][quad.predicate.value].append(quad.object)
    return found


def read(path: Path, root: Path) -> tuple[ox.Quad, ...]:
    """Return the triples of a file of the suite, with the names of its blank nodes kept."""
    base = BASE + path.relative_to(root).as_posix()
    return tuple(ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=base))


def items(facts: Facts, head: Node) -> Iterator[Node]:
    """Yield the members of an RDF list."""
    while head in facts and RDF + "first" in facts[head]:
        yield facts[head][RDF + "first"][0]
        head = facts[head][RDF + "rest"][0]


def path_text(facts: Facts, node: Node) -> str:
    """Return a property path in words, whatever its blank nodes are called."""
    if not isinstance(node, ox.BlankNode):
        return str(node)
    found = facts[node]
    if RDF + "first" in found:
        return "(" + " ".join(path_text(facts, item) for item in items(facts, node)) + ")"
    kinds = [(key.removeprefix(SH), path_text(facts, found[key][0])) for key in sorted(found) if key.startswith(SH)]
    return " ".join(f"[{kind} {inner}]" for kind, inner in kinds)


def rows(facts: Facts, report: Node) -> Counter[Row]:
    """Return the results of a report, each with how often it stands there."""
    found: Counter[Row] = Counter()
    for result in facts[report][SH + "result"]:
        fact = facts[result]
        found[tuple(" ".join(sorted(path_text(facts, node) for node in fact[SH + part])) for part in PARTS)] += 1
    return found


def tests(root: Path) -> Iterator[Test]:
    """Yield the tests of all files, also of one that no manifest of the suite includes."""
    for path in sorted(root.rglob("*.ttl")):
        quads = read(path, root)
        facts = facts_of(quads)
        for entry in [node for node, fact in facts.items() if ox.NamedNode(SHT + "Validate") in fact[RDF + "type"]]:
            action, result = facts[entry][MF + "action"][0], facts[entry][MF + "result"][0]
            files = [local(facts[action][SHT + key][0], root) for key in ("dataGraph", "shapesGraph")]
            data, shapes = (quads if file == path else read(file, root) for file in files)
            expected = None if result == ox.NamedNode(SHT + "Failure") else rows(facts, result)
            yield Test(path.stem, path.relative_to(root).parts[0], data, shapes, expected)


def local(node: Node, root: Path) -> Path:
    """Return the file of an IRI."""
    return root / str(node)[1:-1].removeprefix(BASE)


def outcome(test: Test, engine: str) -> str:
    """Return why an engine fails a test; empty where it passes."""
    try:
        quads = list(ENGINES[engine].report(test.data, test.shapes))
    except CalcinosisKGError as error:
        return "" if test.expected is None else f"refused: {str(error).splitlines()[0]}"
    except Exception as error:  # noqa: BLE001 - whatever an engine does is an outcome
        return f"broke: {type(error).__name__}: {str(error).splitlines()[0]}"
    if test.expected is None:
        return "accepted what it must refuse"
    facts = facts_of(quads)
    report = next(quad.subject for quad in quads if quad.object == ox.NamedNode(SH + "ValidationReport"))
    found = rows(facts, report)
    said = [f"missing {count} times {' '.join(row)}" for row, count in sorted((test.expected - found).items())]
    said += [f"too much {count} times {' '.join(row)}" for row, count in sorted((found - test.expected).items())]
    return "; ".join(said)


def main() -> int:
    """Print a table of the counts and the tests that fail."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    logging.disable()  # pySHACL and rdflib report ill-typed literals and the like, which the suite is full of
    warnings.simplefilter("ignore")
    parser.add_argument("suite", type=Path, help="the folder with the suite's manifest.ttl")
    suite = list(tests(parser.parse_args().suite))
    print(f"Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')}, {len(suite)} tests\n")
    sizes = Counter(test.group for test in suite)
    print("| engine | " + " | ".join(f"{group} ({size})" for group, size in sizes.items()) + " |")
    print("|---|" + "---|" * len(sizes))
    failures = []
    for name, engine in ENGINES.items():
        if not engine.installed():
            print(f"| {name} | not installed |" + " |" * (len(sizes) - 1))
            continue
        passed: Counter[str] = Counter()
        for test in suite:
            reason = outcome(test, name)
            passed[test.group] += not reason
            if reason:
                failures.append(f"{name}: {test.group}/{test.name}: {reason}")
        print(f"| {name} {version(name)} | " + " | ".join(str(passed[group]) for group in sizes) + " |")
    print("\n" + "\n".join(failures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
