"""The reasoners, each in a process of its own that is bounded in memory and killed when its time is up.

| name | what runs | needs |
|---|---|---|
| `hermit` | HermiT 1.3.8, the Java program that owlready2 carries | owlready2, `java` on PATH |
| `rustdl` | rustdl | rustdl |

HermiT is started directly and its own output is read. owlready2 as go-between loses equivalences where four or more
classes are the same, and its Java process cannot be stopped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calcinosis_kg.axioms import NOTHING, THING
from calcinosis_kg.errors import InputError, MissingExtraError, ReasonerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ENGINES = ("hermit", "rustdl")
"""The engines, in the order in which `auto` takes the first that is there."""

_EXTRA = "reason"
_LIBRARY = {"hermit": "owlready2", "rustdl": "rustdl"}
_HERMIT_LINE = re.compile(r"^(SubClassOf|EquivalentClasses)\(((?:\s*<[^>]*>)+)\s*\)", re.MULTILINE)


@dataclass(frozen=True)
class Limits:
    """What a reasoner may use.

    Attributes:
        seconds: Time on the clock; then it is killed.
        megabytes: Memory.
    """

    seconds: float = 120.0
    megabytes: int = 4000


@dataclass(frozen=True)
class Answer:
    """What a reasoner found.

    Attributes:
        consistent: Whether the axioms can all be true.
        unsatisfiable: IRIs of named classes that can have no member.
        above: IRI of each other named class, to all named classes it is a kind of; itself and `owl:Thing` left out.
        doubts: Why it may have missed something; empty if it has not.
    """

    consistent: bool
    unsatisfiable: frozenset[str] = frozenset()
    above: Mapping[str, frozenset[str]] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()


def choose(engine: str) -> str:
    """Return the name of an engine that can run here: HermiT if it can, else rustdl, or the one asked for.

    Raises:
        InputError: It is unknown, or needs Java where there is none.
        MissingExtraError: Its library is not installed.
    """
    if engine == "auto":
        here = [name for name in ENGINES if find_spec(_LIBRARY[name]) and (name != "hermit" or shutil.which("java"))]
        if not here:
            raise MissingExtraError("rustdl", _EXTRA)
        return here[0]
    if engine not in ENGINES:
        raise InputError(f"unknown engine '{engine}'", f"Use one of: auto, {', '.join(ENGINES)}.")
    if not find_spec(_LIBRARY[engine]):
        raise MissingExtraError(_LIBRARY[engine], _EXTRA)
    if engine == "hermit" and not shutil.which("java"):
        raise InputError("HermiT needs Java, and there is no 'java' on PATH", "Install Java, or use rustdl.")
    return engine


def classify(engine: str, ontology: bytes, classes: Iterable[str], limits: Limits) -> Answer:
    """Let an engine classify an ontology in RDF/XML.

    Args:
        engine: Its name.
        ontology: The ontology.
        classes: IRIs of its named classes; an engine may be silent about those of which there is nothing to say.
        limits: What it may use.

    Raises:
        ReasonerError: It gave no answer.
    """
    with tempfile.TemporaryDirectory(prefix="calcinosis-kg-") as folder:
        path = Path(folder) / "ontology.owl"
        path.write_bytes(ontology)
        every = [(name, THING) for name in classes]
        return _hermit(path, every, limits) if engine == "hermit" else _rustdl(path, every, limits)


def justify(ontology: bytes, questions: Sequence[Sequence[str]], limits: Limits) -> list[list[str]]:
    """Return for each question the axioms that its answer rests on, in Manchester syntax; rustdl finds them.

    Raises:
        MissingExtraError: rustdl is not installed.
        ReasonerError: It gave no answer.
    """
    choose("rustdl")
    with tempfile.TemporaryDirectory(prefix="calcinosis-kg-") as folder:
        path = Path(folder) / "ontology.owl"
        path.write_bytes(ontology)
        return [sorted(map(str, axioms)) for axioms in _child(path, limits, questions)]


def _hermit(path: Path, every: list[tuple[str, str]], limits: Limits) -> Answer:
    spec = find_spec("owlready2")
    home = Path(spec.origin).parent / "hermit" if spec and spec.origin else Path()
    command = [
        shutil.which("java") or "java", f"-Xmx{limits.megabytes}M", "-XX:+UseSerialGC", "-XX:-UsePerfData",
        "-cp", os.pathsep.join((str(home), str(home / "HermiT.jar"))),
        "org.semanticweb.HermiT.cli.CommandLine", "-c", path.as_uri(),
    ]  # fmt: skip
    run = _run("HermiT", command, limits)
    if run.returncode:
        if "InconsistentOntologyException" in run.stderr:
            return Answer(consistent=False)
        raise _failed("HermiT", run, limits)
    pairs = list(every)
    for kind, names in _HERMIT_LINE.findall(run.stdout):
        members = re.findall("<([^>]*)>", names)
        if kind == "SubClassOf":
            pairs.append((members[0], members[1]))
        else:
            pairs += [(one, other) for one, other in zip(members, members[1:] + members[:1], strict=True)]
    return _answer(pairs)


def _rustdl(path: Path, every: list[tuple[str, str]], limits: Limits) -> Answer:
    found = _child(path, limits, [])
    if not found["consistent"]:
        return Answer(consistent=False)
    pairs = every + [(sub, sup) for sub, sup in found["subclasses"]]
    pairs += [(name, NOTHING) for name in found["unsatisfiable"]]
    answer = _answer(pairs)
    return Answer(
        consistent=True, unsatisfiable=answer.unsatisfiable, above=answer.above, doubts=tuple(found["doubts"])
    )


def _answer(pairs: Iterable[tuple[str, str]]) -> Answer:
    closed = closure(pairs)
    empty = {name for name, above in closed.items() if NOTHING in above} - {NOTHING, THING}
    left = {NOTHING, THING} | empty
    tops = closed.get(THING, frozenset()) - left
    kept = {name: (above | tops) - left - {name} for name, above in closed.items() if name not in left}
    return Answer(
        consistent=True,
        unsatisfiable=frozenset(empty),
        above={name: frozenset(above) for name, above in kept.items() if above},
    )


def closure(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return for each first name all that is reached from it; itself only on a way round.

    >>> sorted(closure([("a", "b"), ("b", "c")])["a"])
    ['b', 'c']
    """
    direct: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        direct[one].add(other)
    found: dict[str, frozenset[str]] = {}
    for name in list(direct):
        reached: set[str] = set()
        waiting = [name]
        while waiting:
            for other in direct.get(waiting.pop(), ()):
                if other in reached:
                    continue
                reached.add(other)
                if other in found:
                    reached |= found[other]
                else:
                    waiting.append(other)
        found[name] = frozenset(reached)
    return found


def _child(path: Path, limits: Limits, questions: Sequence[Sequence[str]]) -> Any:  # noqa: ANN401 - JSON
    task = path.with_name("task.json")
    content = {"ontology": str(path), "megabytes": limits.megabytes, "questions": questions}
    task.write_text(json.dumps(content), encoding="utf-8")
    command = [sys.executable, "-I", str(Path(__file__).with_name("rustdl_child.py")), str(task)]
    run = _run("rustdl", command, limits)
    if run.returncode:
        raise _failed("rustdl", run, limits)
    return json.loads(run.stdout)


def _run(name: str, command: list[str], limits: Limits) -> subprocess.CompletedProcess[str]:
    process = subprocess.Popen(  # noqa: S603 - our own command, no shell
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        errors="replace", start_new_session=True,
    )  # fmt: skip
    with process:
        try:
            out, err = process.communicate(timeout=limits.seconds)
        except BaseException as error:
            _kill(process)
            if isinstance(error, subprocess.TimeoutExpired):
                problem = f"{name} was stopped after {limits.seconds:g} seconds"
                raise ReasonerError(problem, "Allow it more time, or use the other engine.") from error
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _kill(process: subprocess.Popen[str]) -> None:
    """End the process and all that it has started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


def _failed(name: str, run: subprocess.CompletedProcess[str], limits: Limits) -> ReasonerError:
    if re.search(
        "OutOfMemoryError|MemoryError|memory allocation of|failed to map segment|Too small maximum heap",
        run.stderr + run.stdout,
    ):
        remedy = "Give it more, or use the other engine."
        return ReasonerError(f"{name} ran out of its {limits.megabytes} MB of memory", remedy)
    lines = [line.strip() for line in run.stderr.splitlines() if re.match(r"\S.*(?:Error|Exception)\b", line)]
    said = (lines[-1] if name == "rustdl" else lines[0]) if lines else f"exit code {run.returncode}"
    said = said.removeprefix('Exception in thread "main" ').rstrip(". ")
    return ReasonerError(f"{name} gave no answer: {said}", "Mend the axiom it names, or use the other engine.")
