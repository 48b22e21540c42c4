"""Bytes of an input: unpacked as they stream, cut into blocks of whole lines that know their line numbers.

Whatever is found on the way (a truncated archive, a byte order mark, line ends of Windows) is noted, never
silent. Memory is bounded by `BLOCK` and `LONGEST`, whatever the file.
"""

from __future__ import annotations

import bz2
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from calcinosis_kg.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BLOCK = 8 << 20
"""Bytes of text that are worked on at a time."""

LONGEST = 64 << 20
"""A longer line is no row: it is quarantined, and its text cut."""

NOTE = "note: "
"""How the reason of a quarantine record starts that is about the file, and so not about a row of its own."""

_SHOWN = 1000
_NEWLINE = 10
_BOM = b"\xef\xbb\xbf"
_ENDINGS = {".gz": "gzip", ".bz2": "bzip2", ".zst": "Zstandard"}
_MAGIC = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\x28\xb5\x2f\xfd": "Zstandard"}
_PIECE = {"gzip": 1 << 16, "bzip2": 1 << 16, "Zstandard": 1 << 12}
"""Packed bytes given to an unpacker at a time: what they can grow to stays within some 100 MB."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in an input that became no record, or that a reader put right.

    Attributes:
        line: Physical line from 1, or the number of the record.
        reason: What is wrong and what to do; starts with `NOTE` where no row is lost.
        text: The raw row.
    """

    line: int
    reason: str
    text: str = ""


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def shown(raw: bytes) -> str:
    r"""Return a raw row as text; bytes that are not UTF-8 are written \xNN.

    >>> shown(b"caf\xe9")
    'caf\\xe9'
    """
    return raw.decode("utf-8", "backslashreplace")


def line_count(block: bytes) -> int:
    """Return the number of line ends, several times as fast as `bytes.count` where there are many."""
    return int(np.count_nonzero(np.frombuffer(block, dtype=np.uint8) == _NEWLINE))


def plain_name(name: str) -> str:
    """Return a file's name without the ending of its packing.

    >>> plain_name("a_edges.tsv.gz")
    'a_edges.tsv'
    """
    for ending in _ENDINGS:
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


@dataclass
class Stream:
    """The unpacked bytes of a file.

    Attributes:
        path: The file.
        faults: What was found so far; whoever reads takes them with `taken`.
        truncated: Whether the packed content ended too early, or broke.
    """

    path: Path
    faults: list[Fault] = field(default_factory=list)
    truncated: bool = False

    def taken(self) -> list[Fault]:
        """Return the faults found since the last call."""
        found, self.faults = self.faults, []
        return found

    def note(self, problem: str, line: int = 1) -> None:
        """Report something about the file that costs no row."""
        self.faults.append(Fault(line, NOTE + problem))

    def pieces(self) -> Iterator[bytes]:
        """Yield the unpacked content in pieces.

        Raises:
            InputError: The file cannot be read at all.
        """
        try:
            with self.path.open("rb") as file:
                packing = next((name for magic, name in _MAGIC.items() if file.peek(4).startswith(magic)), "")
                self._check_name(packing)
                if not packing:
                    while piece := file.read(BLOCK):
                        yield piece
                    return
                packed = iter(lambda: file.read(_PIECE[packing]), b"")
                yield from self._unpacked(packed, packing)
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            raise InputError(f"cannot be read: {reason}", "Check the path.", str(self.path)) from error

    def content(self) -> Iterator[bytes]:
        """Yield the unpacked content in pieces, without its byte order mark, which is noted.

        Raises:
            InputError: The file cannot be read at all.
        """
        for number, piece in enumerate(self.pieces()):
            if not number and piece.startswith(_BOM):
                self.note("starts with a byte order mark, which was left out")
                yield piece[len(_BOM) :]
            else:
                yield piece

    def start(self, size: int = 1 << 16) -> bytes:
        """Return the first bytes of the content, for recognition; notes nothing."""
        other = Stream(self.path)
        found = b""
        for piece in other.pieces():
            found += piece
            if len(found) >= size:
                break
        return found[:size].removeprefix(_BOM)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        r"""Yield blocks of whole lines, each with the number of its first line.

        Each line ends in `\n`, the last one too; `\r\n` has become `\n` and a byte order mark is gone, both noted.
        A carriage return that is still there stands alone.
        """
        line, rest, windows = 1, b"", 0
        for piece in self._filled():
            block = rest + piece
            end = block.rfind(b"\n") + 1
            block, rest = block[:end], block[end:]
            if len(rest) > LONGEST:
                rest = self._overlong(rest, line + line_count(block))
            if block:
                count = line_count(block)
                block, ends = _unix(block)
                windows += ends
                yield line, block
                line += count
        if rest and self.truncated:
            self.faults.append(
                Fault(line, "was cut where the packed file breaks off. Fetch the file again.", shown(rest))
            )
        elif rest:
            block, ends = _unix(rest + b"\n")
            windows += ends
            yield line, block
        if windows:
            self.note(f"{windows} lines end in CR LF; they were read as if in LF")

    def _overlong(self, rest: bytes, line: int) -> bytes:
        """Cut a line without end; a NUL in front of what is left of it makes sure that it is no row."""
        if not rest.startswith(b"\0"):
            self.note(f"the line is longer than {LONGEST >> 20} MB, so it is no row. Check the line ends", line)
        return b"\0" + rest[:_SHOWN]

    def _filled(self) -> Iterator[bytes]:
        """Yield pieces of about `BLOCK` bytes."""
        waiting: list[bytes] = []
        size = 0
        for piece in self.content():
            waiting.append(piece)
            size += len(piece)
            if size >= BLOCK:
                yield b"".join(waiting)
                waiting, size = [], 0
        if waiting:
            yield b"".join(waiting)

    def _check_name(self, packing: str) -> None:
        named = _ENDINGS.get(self.path.suffix.lower(), "")
        if named and named != packing:
            self.note(f"is named as if packed with {named}, and is {f'packed with {packing}' if packing else 'plain'}")
        elif packing and not named:
            self.note(f"is packed with {packing}, which its name does not say")

    def _unpacked(self, packed: Iterator[bytes], packing: str) -> Iterator[bytes]:
        new, errors = _unpacker(packing)
        engine: _Unpacker | None = None
        for piece in packed:
            raw = piece
            while raw:
                engine = engine or new()
                spare = engine.copy() if hasattr(engine, "copy") else None
                try:
                    yield engine.decompress(raw)
                except errors as error:
                    self.truncated = True
                    self.note(f"the {packing} content is broken ({error}); what was read before it is kept")
                    if spare is not None:
                        yield from _before(spare, raw, errors)
                    return
                raw = engine.unused_data.lstrip(b"\0") if engine.eof else b""
                engine = None if engine.eof else engine
        if engine is not None:
            self.truncated = True
            self.note(f"the {packing} content breaks off; what was read before that is kept. Fetch the file again")


def _before(engine: _Unpacker, raw: bytes, errors: tuple[type[Exception], ...]) -> Iterator[bytes]:
    """Yield what can be unpacked of a piece before the byte at which it breaks."""
    for place in range(len(raw)):
        try:
            yield engine.decompress(raw[place : place + 1])
        except errors:
            return


def _unix(block: bytes) -> tuple[bytes, int]:
    """Return the block with LF line ends, and how many were CR LF."""
    if b"\r" not in block:
        return block, 0
    return block.replace(b"\r\n", b"\n"), block.count(b"\r\n")


def _unpacker(packing: str) -> tuple[Callable[[], _Unpacker], tuple[type[Exception], ...]]:
    if packing == "gzip":
        return lambda: zlib.decompressobj(wbits=31), (zlib.error,)
    if packing == "bzip2":
        return bz2.BZ2Decompressor, (OSError, ValueError)
    try:
        import zstandard  # noqa: PLC0415 - for this packing alone
    except ImportError as error:
        raise MissingExtraError("zstandard", "merge") from error
    return lambda: zstandard.ZstdDecompressor().decompressobj(), (zstandard.ZstdError,)
