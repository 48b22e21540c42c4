"""The rules by which w3id.org leads from our identifiers to files: an `.htaccess` for its folder `calcinosis-kg`.

A site serves every release at `releases/VERSION/` and a copy of the newest at `latest/`. What is no file (a term, a
claim, a named graph) is redirected by 303 to a file that speaks of it, chosen by the header `Accept`; a file by 302.
mod_rewrite does not weigh the q-values of that header: RDF goes before HTML, and whoever names neither gets Turtle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from calcinosis_kg.releases.headers import MODULES

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "w3id/.htaccess"
UNKNOWN = "https://example.org/calcinosis-kg"
"""What stands in the rules if no site is given: an address that is reserved for examples."""

_ACCEPT = {
    "nq": ("application/n-quads",),
    "trig": ("application/trig",),
    "jsonld": (r"application/ld\+json",),
    "nt": ("application/n-triples",),
    "rdf": (r"application/rdf\+xml", "application/owl"),
    "ttl": ("text/turtle", "application/x-turtle"),
}
"""Short name of a format to the media types that ask for it."""

_HTML = ("text/html", r"application/xhtml\+xml")
_DATA = "latest/data/calcinosis-kg"


@dataclass(frozen=True, slots=True)
class Rule:
    """Where identifiers of one kind lead.

    Attributes:
        about: What they identify.
        pattern: A regular expression on what follows `https://w3id.org/calcinosis-kg/`.
        files: Short name of a format to the file to get in it.
        otherwise: The file for whoever asks for nothing in particular.
        page: The page for people.
    """

    about: str
    pattern: str
    files: dict[str, str]
    otherwise: str
    page: str


def _all(*names: str) -> dict[str, str]:
    return {name: f"{_DATA}.{name}" for name in names}


_EVERYTHING = _all("nq", "trig", "jsonld")
_RULES = (
    Rule(
        "the dataset, and who makes it",
        r"^(?:founders)?$",
        {"ttl": "latest/metadata/dcat.ttl", **_EVERYTHING},
        "latest/metadata/dcat.ttl",
        "",
    ),
    Rule(
        "terms of ours",
        r"^(CKG_[0-9]{7})$",
        {"ttl": "latest/ontology/calcinosis.ttl", **_all("rdf", "nt", "jsonld", "nq", "trig")},
        "latest/ontology/calcinosis.ttl",
        "$1",
    ),
    Rule(
        "words of the vocabulary",
        r"^(vocabulary/[A-Za-z]*)$",
        {"ttl": "latest/ontology/vocabulary.ttl", **_all("rdf", "nt", "jsonld", "nq", "trig")},
        "latest/ontology/vocabulary.ttl",
        "$1",
    ),
    Rule("shapes", r"^(shape/[A-Za-z0-9-]*)$", {}, "latest/shapes/README.md", "latest/shapes/README.md"),
    Rule(
        "claims, and whatever stands in a named graph",
        r"^((?:activity|agent|claim|document|graph|mapping|proposition|span|status-rule)/.+)$",
        _EVERYTHING,
        f"{_DATA}.trig",
        "$1",
    ),
)
_MODULES = "|".join(name.replace(".", r"\.") for name in MODULES)
_FILES = (
    ("files of the ontology", rf"^({_MODULES}|context\.jsonld|imports/[a-z]+\.ttl)$", "latest/ontology/$1"),
    (
        "files of the ontology in one version",
        rf"^releases/([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})/({_MODULES})$",
        "releases/$1/ontology/$2",
    ),
    ("a release, and its files", r"^(releases/.*)$", "$1"),
)


def write(site: str) -> bytes:
    """Return the `.htaccess`.

    Args:
        site: Where the files are served, without a slash at the end; empty if that is not known.
    """
    head = (
        "# Redirects of https://w3id.org/calcinosis-kg/ to the site that serves its releases.\n"
        "# Made by 'calcinosis-kg release'; the site serves releases/VERSION/ and, of the newest, latest/.\n"
        "Options +FollowSymLinks\n"
        "RewriteEngine on\n"
    )
    return (head + "".join(_lines(site or UNKNOWN))).encode()


def targets() -> list[str]:
    """Return the files, below the folder of a release, that rules lead to whatever the release; for tests."""
    found = {path for rule in _RULES for path in (*rule.files.values(), rule.otherwise)}
    return sorted(path.removeprefix("latest/") for path in found if "$" not in path)


def _lines(site: str) -> Iterator[str]:
    for about, pattern, target in _FILES:
        yield f"\n# {about}\nRewriteRule {pattern} {site}/{target} [R=302,L]\n"
    for rule in _RULES:
        yield f"\n# {rule.about}\n"
        for name, types in _ACCEPT.items():
            if name in rule.files:
                yield f"RewriteCond %{{HTTP_ACCEPT}} {'|'.join(types)}\n"
                yield f"RewriteRule {rule.pattern} {site}/{rule.files[name]} [R=303,L]\n"
        yield f"RewriteCond %{{HTTP_ACCEPT}} {'|'.join(_HTML)}\n"
        yield f"RewriteRule {rule.pattern} {site}/{rule.page} [R=303,L]\n"
        yield f"RewriteRule {rule.pattern} {site}/{rule.otherwise} [R=303,L]\n"
