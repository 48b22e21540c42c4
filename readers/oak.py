"""Opens the OBO and OBO Graphs files of a release with OAK, and holds them against its OWL file, read by rdflib.

Environment: linkml. Usage: oak.py RELEASE_DIR. Nothing is fetched. Each class must have its label, its definition and
its parents, and calcinosis its descendants and ancestors.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import rdflib
from oaklib import get_adapter
from oaklib.datamodels.vocabulary import IS_A

BASE = "https://w3id.org/calcinosis-kg/CKG_"
DEFINITION = rdflib.URIRef("http://purl.obolibrary.org/obo/IAO_0000115")
CALCINOSIS = "http://purl.obolibrary.org/obo/DOID_182"
DEFINED = "CKG:0000021"


def reached(start: str, steps: dict[str, set[str]]) -> set[str]:
    """Return what is reached from a class, the class too."""
    found, waiting = {start}, [start]
    while waiting:
        new = steps.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def expected(path: Path) -> dict[str, tuple[str | None, str | None, set[str]]]:
    """Return label, definition and parents of each class of the OWL file, by its IRI."""
    graph = rdflib.Graph().parse(path, format="xml")
    classes = [node for node in graph.subjects(rdflib.RDF.type, rdflib.OWL.Class) if isinstance(node, rdflib.URIRef)]

    def text(node: rdflib.URIRef, predicate: rdflib.URIRef) -> str | None:
        value = graph.value(node, predicate)
        return None if value is None else str(value)

    return {
        str(node): (
            text(node, rdflib.RDFS.label),
            text(node, DEFINITION),
            {str(other) for other in graph.objects(node, rdflib.RDFS.subClassOf) if isinstance(other, rdflib.URIRef)},
        )
        for node in classes
    }


def defined(adapter: Any, name: str) -> str | None:  # noqa: ANN401 - OAK has adapters of many kinds
    """Return the definition of a class; OAK 0.7.4 stumbles over a node of OBO Graphs with other metadata and none."""
    try:
        found: str | None = adapter.definition(name)
    except AttributeError as error:
        if error.name != "val":
            raise
        return None
    return found


def opened(path: Path, selector: str, wanted: dict[str, tuple[str | None, str | None, set[str]]]) -> dict[str, object]:
    """Return counts of a file that OAK opened; exit 1 if it finds anything else than what is wanted."""
    adapter: Any = get_adapter(f"{selector}:{path}")
    adapter.prefix_map()["CKG"] = BASE
    adapter.prefix_map()["ckgv"] = "https://w3id.org/calcinosis-kg/vocabulary/"
    names = {name: adapter.curie_to_uri(name, strict=False) or name for name in adapter.entities(owl_type="owl:Class")}
    missing = set(wanted) - set(names.values())
    if missing:
        sys.exit(f"{path}: OAK does not find {len(missing)} classes, such as {min(missing)}")
    with_definition = 0
    for name, iri in names.items():
        if iri not in wanted:
            sys.exit(f"{path}: OAK finds the class {name}, which the OWL file does not have")
        label, definition, parents = wanted[iri]
        with_definition += definition is not None
        related = adapter.relationships(subjects=[name], predicates=[IS_A])
        found = (
            adapter.label(name),
            defined(adapter, name),
            {adapter.curie_to_uri(other, strict=False) or other for _, _, other in related},
        )
        if found != (label, definition, parents):
            sys.exit(f"{path}: of {name} OAK finds {found}, the OWL file has {(label, definition, parents)}")
    below: dict[str, set[str]] = {}
    for iri, (_, _, parents) in wanted.items():
        for parent in parents:
            below.setdefault(parent, set()).add(iri)
    family = {
        "descendants": (adapter.descendants("DOID:182", predicates=[IS_A]), reached(CALCINOSIS, below)),
        "ancestors": (
            adapter.ancestors("DOID:182", predicates=[IS_A]),
            reached(CALCINOSIS, {iri: parents for iri, (_, _, parents) in wanted.items()}),
        ),
    }
    counts: dict[str, object] = {"reader": f"oaklib ({selector})", "file": f"data/{path.name}", "classes": len(names)}
    counts["definitions"] = with_definition
    for kind, (found_names, reachable) in family.items():
        found_iris = {adapter.curie_to_uri(name, strict=False) or name for name in found_names}
        if found_iris != reachable:
            sys.exit(f"{path}: OAK finds other {kind} of DOID:182: {sorted(found_iris ^ reachable)}")
        counts[f"{kind} of DOID:182"] = len(found_iris)
    if not defined(adapter, DEFINED):
        sys.exit(f"{path}: {DEFINED} has no definition")
    return counts


def main(release: Path) -> None:
    """Print a line of counts for each file; exit 1 if something does not hold."""
    wanted = expected(release / "data" / "calcinosis-kg.owl")
    for ending, selector in ((".obo", "simpleobo"), (".json", "obograph")):
        print(json.dumps(opened(release / "data" / f"calcinosis-kg{ending}", selector, wanted)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
