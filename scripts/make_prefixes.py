"""Makes `src/calcinosis_kg/merging/prefixes.tsv`, the spellings of prefixes, from the Bioregistry's registry.

    python scripts/make_prefixes.py bioregistry-0.15.6-py3-none-any.whl [--check]

The registry (https://github.com/biopragmatics/bioregistry, `bioregistry.json`) is CC0; it is read out of the
wheel, which is not imported. `--check` writes nothing and exits with 1 where the shipped table differs.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "src" / "calcinosis_kg" / "merging" / "prefixes.tsv"
OURS = {"omim.ps": "OMIMPS", "clinicaltrials": "NCT", "pmc": "PMC"}
"""Spellings that the registry does not prefer: Mondo's for phenotypic series, and two of context.jsonld."""
PEELS = {"clinicaltrials": "NCT", "pmc": "PMC"}
"""What the local part repeats there and our CURIEs do not."""
SHORTEST = 10
"""An IRI start without scheme that is shorter says nothing about whose it is."""

RESOLVERS = frozenset({"identifiers.org/", "bioregistry.io/", "n2t.net/"})
"""They stand before IRIs of everybody; `prefixes.py` reads what follows."""

Registry = dict[str, dict[str, Any]]


def registry(wheel: Path) -> Registry:
    """Return the registry out of a wheel of bioregistry."""
    with zipfile.ZipFile(wheel) as archive:
        found: Registry = json.loads(archive.read("bioregistry/data/bioregistry.json"))
    return found


def context() -> dict[str, str]:
    """Return the prefixes of `context.jsonld`: prefix to IRI start."""
    entries = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    return {name: entry["@id"] for name, entry in entries.items() if isinstance(entry, dict) and "@prefix" in entry}


def bare(iri: str) -> str:
    """Return an IRI without scheme and `www.`."""
    return re.sub(r"^https?://(www\.)?", "", iri)


def canonical(resources: Registry, name: str) -> str:
    """Return the resource that another is a twin of, or its own name."""
    target = resources[name].get("has_canonical", name)
    return target if target in resources else name


def spelling(name: str, resource: dict[str, Any], known: dict[str, str]) -> str:
    """Return how a resource's prefix is written: as in `context.jsonld`, else as the registry prefers."""
    if name in OURS:
        return OURS[name]
    folded = {own.casefold(): own for own in known}
    for synonym in (name, resource.get("preferred_prefix", ""), *resource.get("synonyms", ())):
        if synonym.casefold() in folded:
            return folded[synonym.casefold()]
    foundry = resource.get("obofoundry", {}).get("preferredPrefix", name.upper()) if "obofoundry" in resource else ""
    cased = sorted(text for text in resource.get("synonyms", ()) if text.casefold() == name and text != name)
    return str(resource.get("preferred_prefix") or foundry or (cased[0] if len(cased) == 1 else name))


def starts(resource: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield the IRI starts of a resource, each with its weight: its own before what others say of it."""
    own = [resource.get("uri_format"), resource.get("rdf_uri_format")]
    told = [provider.get("uri_format") for provider in resource.get("providers", ())]
    told += [value.get("uri_format") for value in resource.values() if isinstance(value, dict)]
    for weight, formats in ((1, own), (2, told)):
        for text in formats:
            if isinstance(text, str) and text.startswith("http") and text.endswith("$1") and text.count("$") == 1:
                start = bare(text.removesuffix("$1"))
                if len(start) >= SHORTEST and "/" in start and start not in RESOLVERS:
                    yield weight, start


def expansions(resources: Registry, known: dict[str, str], iris: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield the IRI start of each prefix that is not ours, where reading it again gives the same prefix.

    That of RDF comes first, then the resource's own, then those that others give, by their names.
    """
    for name, resource in sorted(resources.items()):
        prefix = spelling(name, resource, known)
        if canonical(resources, name) != name or resource.get("deprecated") or prefix in known:
            continue
        told = [value.get("uri_format") for _, value in sorted(resource.items()) if isinstance(value, dict)]
        for text in (resource.get("rdf_uri_format"), resource.get("uri_format"), *told):
            start = text.removesuffix("$1") if isinstance(text, str) and text.startswith("http") else ""
            number = str(resource.get("pattern", "")).startswith(r"^\d")
            ends = start.endswith(tuple("/#_=:")) or (start[-1:].isalpha() and number)
            if ends and text == f"{start}$1" and "$" not in start and iris.get(bare(start)) == prefix:
                yield "expand", start, prefix
                break


def table(resources: Registry) -> str:
    """Return the table as text."""
    known = context()
    prefixes: dict[str, set[tuple[int, str]]] = {name.casefold(): {(0, name)} for name in known}
    iris: dict[str, set[tuple[int, str]]] = {bare(iri): {(0, name)} for name, iri in known.items()}
    peels: dict[str, set[str]] = {}
    for name, resource in sorted(resources.items()):
        target = canonical(resources, name)
        prefix = spelling(target, resources[target], known)
        late = 2 * bool(resource.get("deprecated"))
        prefixes.setdefault(name.casefold(), set()).add((1 + late, prefix))
        for synonym in (resource.get("preferred_prefix", name), *resource.get("synonyms", ())):
            prefixes.setdefault(synonym.casefold(), set()).add((2 + late, prefix))
        for weight, start in starts(resource):
            iris.setdefault(start, set()).add((weight + late, prefix))
        if "banana" in resource:
            peels.setdefault(prefix, set()).add(resource["banana"] + resource.get("banana_peel", ":"))
        if name in PEELS:
            peels.setdefault(prefix, set()).add(PEELS[name])
    rows = [("prefix", text, owner) for text, owners in prefixes.items() if (owner := best(owners))]
    owned = {text: owner for text, owners in iris.items() if (owner := best(owners))}
    rows += [("iri", text, owner) for text, owner in owned.items()]
    rows += expansions(resources, known, owned)
    rows += [("peel", text, prefix) for prefix, texts in peels.items() for text in texts]
    return "".join("\t".join(row) + "\n" for row in sorted(rows) if not re.search(r"[\t\n]", "".join(row)[:-1]))


def best(owners: set[tuple[int, str]]) -> str:
    """Return the owner of least weight, or nothing where two claim it alike."""
    least = min(weight for weight, _ in owners)
    names = {name for weight, name in owners if weight == least}
    return names.pop() if len(names) == 1 else ""


def main() -> None:
    """Write the table, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path, help="a wheel of bioregistry")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    given = parser.parse_args()
    version = given.wheel.name.split("-")[1]
    head = (
        f"# Made by scripts/make_prefixes.py from the registry of bioregistry {version} (CC0) and context.jsonld.\n"
        "# prefix: spelling in lower case, preferred prefix; iri: start without scheme, preferred prefix;\n"
        "# peel: what the local part repeats, prefix; expand: start of IRIs, preferred prefix.\n"
    )
    made = head + table(registry(given.wheel))
    if given.check:
        same = TABLE.exists() and TABLE.read_text(encoding="utf-8") == made
        print("the same" if same else f"{TABLE.relative_to(ROOT)} differs; run this script without --check")
        sys.exit(0 if same else 1)
    TABLE.write_text(made, encoding="utf-8")
    print(f"{TABLE.relative_to(ROOT)}: {len(made.splitlines()):,} lines")


if __name__ == "__main__":
    main()
