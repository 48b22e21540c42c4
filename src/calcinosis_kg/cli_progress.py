"""What the verbs of the merge share: progress on a terminal, and options."""

from __future__ import annotations

import re
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Self

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}
_MEMORY = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]?)i?b?\Z", re.IGNORECASE)
_LEAST = 2**28
_OFTEN = 0.2
"""Seconds between two lines of progress: five times a second is as often as one can read."""


def _bytes(_context: click.Context, _option: click.Parameter, value: str) -> int:
    """Return an amount of memory, written with a unit, in bytes."""
    match = _MEMORY.match(value)
    if not match:
        raise click.BadParameter(f"'{value}' is no amount of memory. Write, for example, 1GB or 512MB.")
    size = int(float(match[1]) * _UNITS[match[2].lower()])
    if size < _LEAST:
        raise click.BadParameter(f"{value} is too little. Give 256MB or more.")
    return size


memory_option = click.option(
    "--memory", default="1GB", show_default=True, callback=_bytes, help="Keep to so much; larger work is done on disk.",
)  # fmt: skip
threads_option = click.option(
    "--threads", default=0, type=click.IntRange(0, 256), help="Threads; 0: one each processor."
)


def column_mappings(texts: Iterable[str]) -> dict[str, str]:
    """Return what `--columns NAME=YAML` says: name of a source to its file."""
    given = {}
    for text in texts:
        name, equals, path = text.partition("=")
        if not equals or not name or not path:
            raise click.BadParameter(f"'{text}' is not NAME=YAML.", param_hint="--columns")
        given[name] = path
    return given


class Progress:
    """Shows on a terminal what is being done, how fast, and how long it will take; and stops it at a safe point.

    The first Ctrl-C is noted, and the work stops where it next reports, between two steps of ours: libraries that
    are interrupted in the midst of a call may swallow it, or fail in ways of their own. The second stops at once.
    """

    def __init__(self) -> None:
        self._stopped = False
        self._earlier: Any = None
        self._stage = ""
        self._begun = self._shown = 0.0
        self._terminal = sys.stderr.isatty()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show a stage, with how much of it is done and how much there is, 0 if unknown."""
        if self._stopped:
            raise KeyboardInterrupt
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._begun = stage, now
        elif now - self._shown < _OFTEN:
            return
        self._shown = now
        if self._terminal:
            click.echo(f"\r\x1b[K{self._line(done, total, now - self._begun)}", err=True, nl=False)

    def _line(self, done: int, total: int, seconds: float) -> str:
        shown = self._stage
        if done:
            shown += f": {done:,}" + (f" of {total:,}" if total else "")
        if done and seconds > 1:
            rate = done / seconds
            shown += f", {rate:,.0f}/s" + (f", {(total - done) / rate:.0f} s left" if total else "")
        return shown

    def __enter__(self) -> Self:
        """Begin; nothing is shown yet."""
        if threading.current_thread() is threading.main_thread():
            self._earlier = signal.signal(signal.SIGINT, self._noted)
        return self

    def _noted(self, _number: int, _frame: object) -> None:
        self._stopped = True
        signal.signal(signal.SIGINT, self._earlier)
        if self._terminal:
            click.echo("\r\x1b[KStopping at the next step; Ctrl-C again to stop at once.", err=True)

    def __exit__(self, *_: object) -> None:
        """Clear the line, if one is shown."""
        if self._earlier is not None:
            signal.signal(signal.SIGINT, self._earlier)
        self.clear()

    def clear(self) -> None:
        """Clear the line, if one is shown; for work that any Ctrl-C may stop at once."""
        if self._terminal and self._stage:
            click.echo("\r\x1b[K", err=True, nl=False)
