"""Write an import slice as Turtle: sorted, readable, the same bytes under every hash seed.

The writer prints text and never asks a library to serialise, so nothing depends on set
order or on blank node names: an OWL restriction is one inline `[ ... ]`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from slices_read import InputError

if TYPE_CHECKING:
    from slices_read import Term

BASE = "https://w3id.org/calcinosis-kg/imports/"
ANNOTATIONS = (
    "dcterms:license",
    "dcterms:source",
    "dcterms:title",
    "oboInOwl:hasDbXref",
    "oboInOwl:hasExactSynonym",
    "skos:altLabel",
)


class Header(NamedTuple):
    """What the ontology header of a slice says."""

    name: str
    title: str
    source: str
    licence: str
    release: str
    file: str
    note: str


@dataclass(frozen=True)
class Slice:
    """One slice: its header, its terms, and the labels to print beside foreign CURIEs."""

    header: Header
    terms: tuple[Term, ...]
    labels: dict[str, str]


def order(curie: str) -> tuple[str, int, str]:
    """Sort key of a CURIE: prefix, then number, then text."""
    prefix, _, local = curie.partition(":")
    digits = re.sub(r"\D", "", local)
    return prefix, int(digits) if digits and prefix != "biolink" else 0, local


def quoted(text: str) -> str:
    """Return a Turtle string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def block(subject: str, statements: list[tuple[str, str, str]]) -> str:
    """Print `(predicate, object, remark)` statements of one subject, one to a line.

    >>> print(block("DOID:182", [("a", "owl:Class", ""), ("rdfs:subClassOf", "DOID:4", "disease")]))
    DOID:182 a owl:Class ;
        rdfs:subClassOf DOID:4 . # disease
    """
    lines = []
    for number, (predicate, value, remark) in enumerate(statements, start=1):
        start = f"{subject} " if number == 1 else "    "
        end = "." if number == len(statements) else ";"
        lines.append(f"{start}{predicate} {value} {end}" + (f" # {remark}" if remark else ""))
    return "\n".join(lines)


def about(term: Term, labels: dict[str, str]) -> str:
    """Print one term."""
    up = "rdfs:subClassOf" if term.kind == "Class" else "rdfs:subPropertyOf"
    rows = [("a", f"owl:{term.kind}", ""), ("rdfs:label", quoted(term.label), "")]
    if term.transitive:
        rows[0] = ("a", "owl:ObjectProperty, owl:TransitiveProperty", "")
    if term.other_label:
        rows.append(("skos:altLabel", quoted(term.other_label), ""))
    rows += [(up, p, labels.get(p, "")) for p in sorted(term.parents, key=order)]
    for on, some in sorted(term.restrictions, key=lambda pair: (order(pair[0]), order(pair[1]))):
        value = f"[ a owl:Restriction ; owl:onProperty {on} ; owl:someValuesFrom {some} ]"
        rows.append((up, value, f"{labels.get(on, on)} some {labels.get(some, some)}"))
    for genus, pairs in sorted(term.definitions):
        some = " ".join(f"[ a owl:Restriction ; owl:onProperty {on} ; owl:someValuesFrom {to} ]" for on, to in pairs)
        said = [f"{labels.get(on, on)} some {labels.get(to, to)}" for on, to in pairs]
        value = f"[ a owl:Class ; owl:intersectionOf ( {genus} {some} ) ]"
        rows.append(("owl:equivalentClass", value, " and ".join([labels.get(genus, genus), *said])))
    for chain in sorted(term.chains):
        remark = " o ".join(labels.get(link, link) for link in chain)
        rows.append(("owl:propertyChainAxiom", f"( {' '.join(chain)} )", remark))
    rows += [("oboInOwl:hasExactSynonym", quoted(s), "") for s in sorted(term.synonyms)]
    rows += [("oboInOwl:hasDbXref", quoted(x), "") for x in sorted(term.xrefs)]
    return block(term.curie, rows)


def turtle(cut: Slice, prefixes: dict[str, str]) -> str:
    """Return the Turtle of a slice; `prefixes` is the prefix map of the project."""
    head = cut.header
    ontology = block(
        f"<{BASE}{head.name}.ttl>",
        [
            ("a", "owl:Ontology", ""),
            ("dcterms:title", quoted(head.title), ""),
            ("dcterms:source", f"<{head.source}>", ""),
            ("dcterms:license", f"<{head.licence}>", ""),
            ("owl:versionInfo", quoted(head.release), ""),
            ("rdfs:comment", quoted(head.note), ""),
        ],
    )
    body = [about(term, cut.labels) for term in sorted(cut.terms, key=lambda t: order(t.curie))]
    joined = "\n\n".join(body)
    used = [a for a in ANNOTATIONS if a in joined or a in ontology]
    declared = "\n".join(f"{a} a owl:AnnotationProperty ." for a in used)
    spoken = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>|#.*', "", f"{ontology}\n{declared}\n{joined}")
    names = sorted(set(re.findall(r"(?<!\S)([A-Za-z.]+):", spoken)), key=str.lower)
    unknown = [name for name in names if name not in prefixes]
    if unknown:
        raise InputError(f"context.jsonld: has no prefix {', '.join(unknown)}. Add it there.")
    declarations = "\n".join(f"@prefix {name}: <{prefixes[name]}> ." for name in names)
    first = f"# Generated by scripts/make_slices.py from {head.file}; do not edit."
    return f"{first}\n\n{declarations}\n\n{ontology}\n\n{declared}\n\n{joined}" + "\n"
