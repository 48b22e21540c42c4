"""The public questions, and whatever else a user asks.

A query file starts with a header that stays valid SPARQL: `#+ summary:`, `#+ description:`, `#+ tags:`,
`#+ graph:` (the view it reads unless told otherwise), `#+ caution:` (what a reader of the answer must know)
and `#+ param NAME:`. A variable that starts with `?_` is a parameter: with `VALUES ?_name { default }` in the
query it may be left out, else it must be given. So each file also runs as it is, in any SPARQL endpoint.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import oxigraph, screening, views
from calcinosis_kg.errors import InputError, PrefixError, QueryError
from calcinosis_kg.namespaces import expand, prefixes
from calcinosis_kg.resources import folder
from calcinosis_kg.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import rdflib

_HEADER = re.compile(r"#\+\s*(\w+)(?:\s+(\w+))?\s*:\s*(.*)")
_PARAMETER = re.compile(r"[?$]_([A-Za-z]\w*)")
_SLOT = re.compile(
    rf"(?P<kept>{screening.SKIPPED.pattern})|(?P<values>VALUES\s+[?$]_(?P<of>[A-Za-z]\w*)\s*\{{)[^}}]*\}}"
    r"|[?$]_(?P<name>[A-Za-z]\w*)",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True)
class Query:
    """A query and what its header says.

    Attributes:
        name: `drugs`, or the file's path.
        text: The SPARQL.
        summary: One line: what it asks.
        description: More about it; may be empty.
        caution: What a reader of the answer must know; may be empty.
        tags: Who asks.
        graph: The view that it reads unless told otherwise.
        parameters: Name to description.
    """

    name: str
    text: str
    summary: str = ""
    description: str = ""
    caution: str = ""
    tags: tuple[str, ...] = ()
    graph: str = "accepted"
    parameters: Mapping[str, str] = field(default_factory=dict)


def parse(name: str, text: str) -> Query:
    r"""Read the header of a query.

    >>> parse("toy", "#+ summary: all\n#+ param drug: CURIE\nSELECT * {}").parameters
    {'drug': 'CURIE'}
    """
    entries: dict[str, str] = {}
    parameters = dict.fromkeys(_PARAMETER.findall(screening.blank(text)), "")
    for line in text.splitlines():
        match = _HEADER.match(line)
        if match and match[2]:
            parameters[match[2]] = match[3]
        elif match:
            entries[match[1]] = match[3]
    return Query(
        name=name,
        text=text,
        summary=entries.get("summary", ""),
        description=entries.get("description", ""),
        caution=entries.get("caution", ""),
        tags=tuple(tag.strip() for tag in entries.get("tags", "").split(",") if tag.strip()),
        graph=entries.get("graph", "accepted"),
        parameters=parameters,
    )


@cache
def catalogue() -> tuple[Query, ...]:
    """Return the public questions, sorted by name.

    >>> [query.name for query in catalogue()][:2]
    ['ancestry', 'artefacts']
    """
    files = sorted((folder("queries") / "questions").glob("*.rq"), key=lambda file: file.stem)
    return tuple(parse(file.stem, file.read_text(encoding="utf-8")) for file in files)


def find(name: str) -> Query:
    """Return the public question of that name, or the query in that file.

    Raises:
        QueryError: There is no such question.
        InputError: The file cannot be read.
    """
    known = {query.name: query for query in catalogue()}
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix in (".rq", ".sparql") or "/" in name:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError("is not UTF-8", "Save the query as UTF-8.", name) from error
        except OSError as error:
            problem = f"cannot be read: {(error.strerror or 'unknown reason').lower()}"
            raise InputError(problem, "Check the path, or run 'calcinosis-kg queries'.", name) from error
        if not screening.blank(text).strip():
            raise QueryError("holds no query", "Write a SELECT query there.", name)
        return parse(name, text)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"Did you mean '{near[0]}'? " if near else ""
    remedy = f"{hint}'calcinosis-kg queries' lists them all; a file ends in .rq."
    raise QueryError(f"there is no query '{name}'", remedy)


def run(graph: rdflib.Graph, name: str, *, view: str | Iterable[str] | None = None, **parameters: str) -> Table:
    """Ask a graph or dataset a public question, or the query in a file.

    Args:
        graph: A dataset made by this package, or any graph that uses its model.
        name: Name of a question, or path of a `.rq` file.
        view: Name of a view, or names of several (default: the query's own).
        parameters: Values of the query's parameters: CURIEs, IRIs or text.

    Raises:
        QueryError: Unknown, unsafe or badly written query; unknown view; missing or unknown parameter.
        InputError: The file cannot be read.
        PrefixError: A parameter's CURIE has an unknown prefix.

    >>> import calcinosis_kg as ckg
    >>> ckg.query(ckg.load(), "ancestry").rows
    [('HANCESTRO:0010', 'African ancestry', 'CKG:0000002')]
    """
    return ask(oxigraph.to_ox(graph), find(name), view, parameters)


def ask(
    quads: Iterable[ox.Quad], query: Query, view: str | Iterable[str] | None, parameters: Mapping[str, str]
) -> Table:
    """Ask quads a query; the rest is as in `run`."""
    text = fill(query, parameters)
    screening.refuse_unsafe(query.name, text)
    names = (query.graph,) if view is None else (view,) if isinstance(view, str) else tuple(view)
    try:
        answer = _store(views.select(quads, names), text).query(text, prefixes=dict(prefixes()))
    except SyntaxError as error:
        raise screening.syntax_error(query.name, text, error.msg) from error
    if isinstance(answer, ox.QueryBoolean):
        return Table(("answer",), ((ox.Literal(bool(answer)),),))
    if isinstance(answer, ox.QueryTriples):
        triples = sorted(((t.subject, t.predicate, t.object) for t in answer), key=str)
        return Table(("subject", "predicate", "object"), tuple(triples))
    columns = tuple(variable.value for variable in answer.variables)
    return Table(columns, tuple(tuple(row[column] for column in columns) for row in answer))


def _store(quads: list[ox.Quad], text: str) -> ox.Store:
    """Return a store whose default graph is the merge of all graphs, each triple once.

    Oxigraph's own union of graphs gives a triple that stands in two graphs twice. The named graphs are there
    too if the query asks for any.
    """
    store = ox.Store()
    if re.search(r"\bGRAPH\b", screening.blank(text), re.IGNORECASE):
        store.bulk_extend(quad for quad in quads if quad.graph_name != ox.DefaultGraph())
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return store


def fill(query: Query, parameters: Mapping[str, str]) -> str:
    """Return the query's text with its parameters in place.

    Raises:
        QueryError: A parameter is missing or unknown.
        PrefixError: A CURIE has an unknown prefix.
    """
    terms: dict[str, str] = {}
    for name, given in parameters.items():
        if name not in query.parameters:
            known = ", ".join(query.parameters) or "none"
            raise QueryError(f"has no parameter '{name}'", f"Its parameters: {known}.", query.name)
        terms[name] = _term(query, name, given)
    defaults = {match["of"] for match in _SLOT.finditer(query.text) if match["of"]}
    for name, meaning in query.parameters.items():
        if name not in parameters and name not in defaults:
            what = f" ({meaning})" if meaning else ""
            raise QueryError(f"needs the parameter '{name}'{what}", f"Add --param {name}=VALUE.", query.name)

    def put(slot: re.Match[str]) -> str:
        name = slot["of"] or slot["name"]
        if name not in terms or (slot["name"] and name in defaults):
            return slot[0]
        return f"{slot['values']} {terms[name]} }}" if slot["of"] else terms[name]

    # One pass over the query's own text: nothing that a value holds is ever read as a place for another.
    return _SLOT.sub(put, query.text)


def _term(query: Query, name: str, given: str) -> str:
    """Return a parameter's value as a SPARQL term: text where the header says so, else an IRI if it can be."""
    meaning = query.parameters[name]
    remedy = "Write a CURIE such as CHEBI:10033, or an address."
    try:
        if not meaning.startswith("text"):
            try:
                claim = re.match(r"CKG-[CN]\d+\Z", given)
                address = re.match(r"https?://", given)
                return str(ox.NamedNode(given if address else expand(f"claim:{given}" if claim else given)))
            except (PrefixError, ValueError):
                if meaning:
                    raise
        return str(ox.Literal(given))
    except PrefixError as error:
        raise PrefixError(f"parameter '{name}': {error.problem}", error.remedy, query.name) from error
    except ValueError as error:
        raise QueryError(f"parameter '{name}': '{given}' makes no valid term", remedy, query.name) from error
