"""RDF of any format as a stream of numbered quads; what cannot be parsed is a fault, and parsing goes on.

Nothing is fetched and nothing expanded: a remote JSON-LD context, an external XML entity, and entities that
hold entities are refused. Blank nodes are named by the source and by the order in which they come, so that
the same file always gives the same names and two files never share one.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from calcinosis_kg.merging import readers_doctype
from calcinosis_kg.merging import readers_kinds as kinds
from calcinosis_kg.merging.readers_streams import Fault, Stream, line_count, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = {
    kinds.XML: ox.RdfFormat.RDF_XML,
    kinds.JSONLD: ox.RdfFormat.JSON_LD,
    kinds.TURTLE: ox.RdfFormat.TRIG,
    kinds.TRIPLES: ox.RdfFormat.N_QUADS,
}
"""What a file is to the parser that reads it; TriG takes Turtle, N-Quads takes N-Triples."""

_MOST = 1000
_SUBJECT = re.compile(r"\s*<([^<>\s]*)>")
_REMOTE = "LoadDocumentCallback"


@dataclass
class Quads:
    """The quads of a file.

    Attributes:
        stream: The file.
        kind: What it is: a key of `FORMATS`.
        source: Name of the input, which scopes blank nodes.
        doubtful: Subjects that stand next to something that could not be parsed.
        cut: Whether the file was not read to its end, so that anything may be said there.
    """

    stream: Stream
    kind: str
    source: str
    doubtful: set[ox.NamedNode | ox.BlankNode | ox.Triple] = field(default_factory=set)
    cut: bool = False
    _blank: dict[str, ox.BlankNode] = field(default_factory=dict)
    _last: ox.NamedNode | ox.BlankNode | ox.Triple | None = None
    _broken: bool = False

    def __iter__(self) -> Iterator[tuple[int, ox.Quad]]:
        """Yield each quad with its line, or where the format has none, its number."""
        found = self._lines() if self.kind == kinds.TRIPLES else self._whole()
        scope = hashlib.sha256(self.source.encode()).hexdigest()[:8]
        for number, quad in found:
            own = self._named(quad, scope)
            if self._broken:
                self.doubtful.add(own.subject)
                self._broken = False
            self._last = own.subject
            yield number, own
        self.cut |= self.stream.truncated

    def _named(self, quad: ox.Quad, scope: str) -> ox.Quad:
        """Return the quad with its blank nodes named anew."""
        subject, content, graph = quad.subject, quad.object, quad.graph_name
        blank = isinstance(subject, ox.BlankNode) or isinstance(content, ox.BlankNode)
        if not blank and not isinstance(graph, ox.BlankNode):
            return quad

        def name(term: ox.BlankNode) -> ox.BlankNode:
            if term.value not in self._blank:
                self._blank[term.value] = ox.BlankNode(f"s{scope}b{len(self._blank)}")
            return self._blank[term.value]

        return ox.Quad(
            name(subject) if isinstance(subject, ox.BlankNode) else subject,
            quad.predicate,
            name(content) if isinstance(content, ox.BlankNode) else content,
            name(graph) if isinstance(graph, ox.BlankNode) else graph,
        )

    def _fault(self, line: int, reason: str, text: str = "") -> None:
        self.stream.faults.append(Fault(line, reason, text))
        self._broken = True
        if self._last is not None:
            self.doubtful.add(self._last)

    def _lines(self) -> Iterator[tuple[int, ox.Quad]]:
        """Parse a line at a time, or a block at a time where every line is good."""
        for first, block in self.stream.lines():
            try:
                quads = list(ox.parse(block, format=ox.RdfFormat.N_QUADS))
            except (SyntaxError, ValueError):
                quads = []
            if len(quads) == line_count(block):
                yield from enumerate(quads, first)
                continue
            for number, raw in enumerate(block.split(b"\n")[:-1], first):
                if not raw.strip() or raw.lstrip().startswith(b"#"):
                    continue
                try:
                    quads = list(ox.parse(raw, format=ox.RdfFormat.N_QUADS))
                except (SyntaxError, ValueError) as error:
                    self._fault(number, f"is no triple ({_message(error)}). Mend it.", shown(raw))
                    subject = _SUBJECT.match(shown(raw))
                    if subject:
                        self.doubtful.add(ox.NamedNode(subject[1])) if ":" in subject[1] else None
                    continue
                for quad in quads:
                    yield number, quad

    def _whole(self) -> Iterator[tuple[int, ox.Quad]]:
        """Parse a format that has no lines."""
        refused = readers_doctype.refusal(self.stream.start(readers_doctype.START)) if self.kind == kinds.XML else ""
        if refused:
            self._fault(1, refused)
            return
        parser = ox.parse(cast("IO[bytes]", _File(self.stream)), format=FORMATS[self.kind])
        number = faults = 0
        while True:
            try:
                quad = next(parser)
            except StopIteration:
                return
            except (SyntaxError, ValueError) as error:
                faults += 1
                line = getattr(error, "lineno", None)
                self._fault(line or number + 1, _explained(error, self.kind, has_line=bool(line)))
                if self.kind in (kinds.XML, kinds.JSONLD):
                    self.cut = True
                    return
                if faults == _MOST:
                    self.cut = True
                    self._fault(line or number + 1, f"has {_MOST} errors up to here; the rest was not read. Mend it.")
                    return
                continue
            number += 1
            yield number, quad


class _File:
    """The pieces of a stream, as a file that a parser reads."""

    def __init__(self, stream: Stream) -> None:
        self._pieces = stream.content()
        self._left = b""

    def read(self, size: int = -1) -> bytes:
        """Return up to that many bytes; nothing at the end."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._left = piece
        if size < 0 or size >= len(self._left):
            found, self._left = self._left, b""
            return found
        found, self._left = self._left[:size], self._left[size:]
        return found


def _explained(error: Exception, kind: str, *, has_line: bool) -> str:
    message = _message(error)
    if _REMOTE in message:
        return "refers to a remote JSON-LD context; it is never fetched. Put the context into the file."
    after = (
        "what follows was not read"
        if kind in (kinds.XML, kinds.JSONLD)
        else "up to the next full stop nothing was read"
    )
    return f"cannot be parsed as {kind} ({message}); {after}. Mend {'the line' if has_line else 'the file'}."


def _message(error: Exception) -> str:
    return str(getattr(error, "msg", "") or error).rstrip(".")
