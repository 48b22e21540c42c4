"""Nanopublications: each claim by itself, with what it rests on and who says so, under a trusty URI.

What an assertion says. A nanopublication is quoted alone and its assertion read as what its makers assert. So the plain
triple stands there only for a claim that is accepted, positive, not hedged and restricted by no qualifier, and only if
the view holds that triple. Every claim, that one too, is said as a claim: subject, predicate, object, polarity, hedges,
qualifiers, status. Whoever merges all assertions thus gets no triple that we do not stand for.

The same dataset gives the same names: dates are those of the dataset.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import turtle
from calcinosis_kg.errors import FormatError, InputError
from calcinosis_kg.interchange import contents, nanopub_files, restored, trusty
from calcinosis_kg.interchange.associations import CLASSES, NODES, Association, Contents, Entity
from calcinosis_kg.interchange.nanopub_graphs import LINKS, NANOPUB, NP, NPX, TYPE, Nanopub, split
from calcinosis_kg.interchange.nanopub_rules import faults
from calcinosis_kg.namespaces import BASE, GRAPH, expand
from calcinosis_kg.sheets import iri, moment, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from calcinosis_kg.nesting import Term

ENDING = ".nanopubs.trig"
NANOPUBS = BASE + "nanopub/"
"""The namespace of unsigned nanopublications of this project."""

_DRAFT = "RA" + 43 * "_"
"""Stands for the artifact code while it is computed; no content has it."""

_GRAPHS = ("Head", "assertion", "provenance", "pubinfo")
_ONTOLOGY = ox.NamedNode(BASE + "calcinosis.ttl")
_CURATORS = ox.NamedNode(BASE + "agent/curators")
_ACCEPTED = ox.NamedNode(GRAPH + "accepted")
_PROVENANCE = {
    iri(curie)
    for curie in (
        "oa:hasTarget", "prov:wasDerivedFrom", "biolink:has_evidence", "biolink:knowledge_level", "biolink:agent_type",
        "ckgv:verdict", "ckgv:computedStatus", "ckgv:statusReason", "ckgv:firedRule", "ckgv:searched",
        "ckgv:section", "ckgv:topic",
    )
}  # fmt: skip
"""What is said of a claim about where it comes from and how it was judged."""

_PUBINFO = {iri("dcterms:identifier"), iri("rdfs:comment")}
_CHECKSUM, _LABEL = iri("spdx:checksum"), iri("rdfs:label")


def write(quads: list[ox.Quad]) -> dict[str, bytes]:
    """Return TriG with a nanopublication for each claim, in the order of the claims.

    Raises:
        FormatError: There is no claim.
    """
    labels = _labels(quads)
    documents = [document(nanopub, labels) for nanopub in make(quads)]
    if not documents:
        raise FormatError("there is no claim to make a nanopublication of", "Use --graph accepted, claims or all.")
    return {ENDING: "\n".join(documents).encode()}


def read(files: Mapping[str, bytes], place: str) -> list[ox.Quad]:
    """Return the claims of nanopublications, those we made ourselves or signed ones made from them.

    Raises:
        InputError: A nanopublication is not sound, two are of the same claim, or the file is badly written.
    """
    content = b"".join(files.values())
    try:
        quads = list(ox.parse(content, format=ox.RdfFormat.TRIG, rename_blank_nodes=True))
    except SyntaxError as error:
        raise InputError(f"{error.msg}", "Mend the file.", f"{place}:{error.lineno or 1}") from error
    found = _sound(quads, place)
    said: dict[str, str] = {}
    back: list[ox.Quad] = []
    for nanopub in found:
        given = contents.of(nanopub.quads)
        for claim in given.associations:
            if said.setdefault(claim.id, nanopub.iri) != nanopub.iri:
                problem = f"{claim.id} stands in two nanopublications, {said[claim.id]} and {nanopub.iri}"
                raise InputError(problem, "Read one version of a claim at a time.", place)
            back += [quad for quad in nanopub.part(0) if _is_plain(claim, quad)]
        back += restored.quads(given)
    accepted = {quad for quad in back if quad.graph_name not in _OWN_GRAPHS}
    plain = [_placed(quad.triple, _ACCEPTED) for quad in dict.fromkeys(back) if quad in accepted]
    return [*(quad for quad in dict.fromkeys(back) if quad not in accepted), *plain]


_OWN_GRAPHS = {ox.DefaultGraph(), *(ox.NamedNode(GRAPH + name) for name in ("claims", "evidence", "literature"))}
"""Where `restored.quads` puts claims."""


def sound(path: Path) -> list[Nanopub]:
    """Return the nanopublications of a file.

    Raises:
        InputError: One is not sound, or the file cannot be read.
    """
    return _sound(nanopub_files.quads(path), str(path))


def _sound(quads: Iterable[ox.Quad], place: str) -> list[Nanopub]:
    found, free = split(quads)
    if not found:
        raise InputError("there is no nanopublication in it", "Give a file of nanopublications.", place)
    for nanopub in found:
        for fault in faults(nanopub):
            raise InputError(f"{nanopub.iri} is not sound: {fault}", "Get it anew from where it came.", place)
    for name in free:
        problem = f"the graph {name} belongs to no nanopublication"
        raise InputError(problem, "Give a file of nanopublications alone.", place)
    return found


def make(quads: Iterable[ox.Quad]) -> Iterator[Nanopub]:
    """Yield a nanopublication for each claim in quads."""
    given = list(quads)
    plain = {quad.triple for quad in given if quad.graph_name == _ACCEPTED}
    about: dict[object, list[ox.Quad]] = defaultdict(list)
    for quad in given:
        about[quad.subject].append(quad)
    found = contents.of(given)
    entities = {entity.id: entity for entity in found.entities}
    for claim in found.associations:
        yield named(list(_draft(claim, entities, about, plain)), NANOPUBS + _DRAFT)


def named(quads: list[ox.Quad], draft: str) -> Nanopub:
    """Return a nanopublication under its trusty URI.

    Args:
        quads: Its quads, in whose IRIs a draft's code stands where the code is to be.
        draft: What it is called in them; the last 45 characters are the draft's code.
    """
    own = draft[-len(_DRAFT) :]
    code = trusty.code_of(quads, own)

    def renamed(term: object) -> object:
        return ox.NamedNode(term.value.replace(own, code)) if isinstance(term, ox.NamedNode) else term

    done = [ox.Quad(*(renamed(term) for term in (*quad.triple, quad.graph_name))) for quad in quads]  # type: ignore[arg-type]
    (nanopub,), _ = split(sorted(done, key=str))
    return nanopub


def document(nanopub: Nanopub, labels: Mapping[Term, str] | None = None) -> str:
    """Return TriG of one nanopublication, with its own prefixes, so that it can be cut out of a file.

    Args:
        nanopub: A sound one.
        labels: What its identifiers are called, for the comments.
    """
    own = {"this": nanopub.iri, "sub": nanopub.iri + "/", "np": NP, "npx": NPX}
    quads = sorted(nanopub.quads, key=str)
    return turtle.write(quads, named_graphs=True, own=own, names=labels)


def _labels(quads: Iterable[ox.Quad]) -> dict[Term, str]:
    return {
        quad.subject: quad.object.value
        for quad in sorted(quads, key=str, reverse=True)
        if quad.predicate == _LABEL and isinstance(quad.object, ox.Literal) and not isinstance(quad.subject, ox.Triple)
    }


def _is_plain(claim: Association, quad: ox.Quad) -> bool:
    """Whether a quad says plainly what a claim says, and may."""
    relations = {iri(name) for name in (claim.relation, claim.predicate) if name}
    fits = (quad.subject, quad.object) == (iri(claim.subject), iri(claim.object)) and quad.predicate in relations
    return fits and claim.status == "accepted" and not (claim.negated or claim.hedges or claim.qualifiers)


def _draft(
    claim: Association,
    entities: Mapping[str, Entity],
    about: Mapping[object, list[ox.Quad]],
    plain: set[ox.Triple],
) -> Iterator[ox.Quad]:
    """Yield the quads of a nanopublication under its draft name."""
    this = ox.NamedNode(NANOPUBS + _DRAFT)
    head, *graphs = (ox.NamedNode(f"{this.value}/{name}") for name in _GRAPHS)
    assertion, provenance, pubinfo = graphs
    yield ox.Quad(this, TYPE, NANOPUB, head)
    for link, graph in zip(LINKS, graphs, strict=True):
        yield ox.Quad(this, link, graph, head)
    ends = [claim.subject, claim.object, *(value for key, value in claim.qualifiers if key in NODES[:2])]
    bare = tuple(_bare(entities[end]) for end in dict.fromkeys(ends))
    node = iri(claim.id)
    for quad in restored.quads(Contents(bare, (claim,))):
        if quad.subject == node:
            where = (
                provenance if quad.predicate in _PROVENANCE else pubinfo if quad.predicate in _PUBINFO else assertion
            )
        elif _is_hedge(quad.subject, node):
            where = assertion
        else:
            where = pubinfo if isinstance(quad.graph_name, ox.DefaultGraph) else provenance
        yield _placed(quad.triple, where)
    said = ox.Triple(iri(claim.subject), iri(claim.relation or claim.predicate), iri(claim.object))
    if said in plain and _is_plain(claim, ox.Quad(*said)):
        yield _placed(said, assertion)
    yield from (_placed(triple, provenance) for triple in _sources(claim, assertion, about))
    yield from (_placed(triple, pubinfo) for triple in _makers(claim, this, about))


def _placed(triple: ox.Triple, graph: ox.NamedNode) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _bare(entity: Entity) -> Entity:
    """Return what a nanopublication says of an entity: name, kind, and whether it is an artefact."""
    return Entity(entity.id, entity.label, entity.categories, artefact=entity.artefact)


def _is_hedge(subject: object, claim: ox.NamedNode) -> bool:
    return isinstance(subject, ox.NamedNode) and subject.value.startswith(f"{claim.value}-hedge")


def _sources(claim: Association, assertion: ox.NamedNode, about: Mapping[object, list[ox.Quad]]) -> Iterator[ox.Triple]:
    """Yield where the assertion comes from: the dataset, document (with its digest) or publications, and its place."""
    derived = iri("prov:wasDerivedFrom")
    yield ox.Triple(assertion, derived, iri("graph:claims" if claim.source == "document" else "graph:literature"))
    for source in map(iri, claim.derived_from):
        yield ox.Triple(assertion, derived, source)
        for quad in about.get(source, ()):
            if quad.predicate == _CHECKSUM:
                yield quad.triple
                yield from (fact.triple for fact in about.get(quad.object, ()))
    for quad in about.get(iri(claim.id), ()):
        if quad.predicate == iri("prov:wasGeneratedBy"):
            yield ox.Triple(assertion, quad.predicate, quad.object)
    for span in claim.spans:
        for node in (iri(f"span:{span.start}-{span.end}"), iri(f"span:{span.start}-{span.end}/selector")):
            yield from (quad.triple for quad in about.get(node, ()))


def _makers(claim: Association, this: ox.NamedNode, about: Mapping[object, list[ox.Quad]]) -> Iterator[ox.Triple]:
    """Yield who makes the nanopublication, when, under which licence, and what it is about."""
    node = iri(claim.id)
    yield ox.Triple(this, _LABEL, text(f"{claim.id}, {claim.status}: {claim.label}"))
    yield ox.Triple(this, ox.NamedNode(NPX + "hasNanopubType"), iri(CLASSES[claim.source]))
    yield ox.Triple(this, iri("dcterms:subject"), node)
    yield ox.Triple(this, iri("dcterms:creator"), _CURATORS)
    for quad in about.get(_CURATORS, ()):
        if quad.predicate == _LABEL:
            yield quad.triple
    for quad in about.get(_ONTOLOGY, ()):
        if quad.predicate.value in (expand("dcterms:license"), expand("owl:versionInfo")):
            yield ox.Triple(this, quad.predicate, quad.object)
        elif quad.predicate == iri("dcterms:created") and isinstance(quad.object, ox.Literal):
            yield ox.Triple(this, quad.predicate, moment(quad.object.value))
    yield ox.Triple(node, iri("ckgv:claimStatus"), iri(f"ckgv:{claim.status}"))
    if claim.modality:
        yield ox.Triple(node, iri("ckgv:modality"), iri(f"ckgv:{claim.modality}"))
