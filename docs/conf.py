# ruff: noqa: INP001 - Sphinx reads it; it is no package
"""How Sphinx builds these pages: `make docs`. Nothing is fetched, and no page loads anything from elsewhere."""

import re
import tomllib
from pathlib import Path

import click
from docutils.nodes import Element
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

_PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = _PROJECT["name"]
version = release = _PROJECT["version"]
author = _PROJECT["authors"][0]["name"]
project_copyright = f"{author}; texts CC BY 4.0, code MIT"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_click"]
exclude_patterns = ["examples"]

smartquotes = False
default_role = "code"

html_theme = "furo"
html_title = project
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False

myst_heading_anchors = 3

autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
napoleon_use_ivar = True
add_module_names = False
python_use_unqualified_type_names = True

nitpicky = True
# Types of the standard library and of other libraries have their pages elsewhere; a build asks no network for them.
nitpick_ignore_regex = [
    (r"py:.*", r"(rdflib|ox|pyoxigraph|collections|pathlib|typing|pandas|polars|np|numpy)(\..*)?"),
    (
        r"py:.*",
        r"(Path|Any|given\.Input|Iterable|Iterator|Mapping|Sequence|Callable|Literal|NDArray|ImportError|Exception)",
    ),
]


def _escape(line: str) -> str:
    """Return text as reStructuredText that shows it as it is."""
    return re.sub(r"([\\*`|_])", r"\\\1", line)


def _describe(_app: Sphinx, _context: click.Context, lines: list[str]) -> None:
    """Show the help of a verb as it is written: paragraphs, and examples as code."""
    shown: list[str] = []
    for line in lines:
        if line == "| Examples:":
            shown += ["Examples:", "", ".. code-block:: shell", ""]
        else:
            shown.append(f"    {line[1:].strip()}" if line.startswith("|") else _escape(line))
    lines[:] = shown


def _list_options(_app: Sphinx, _context: click.Context, lines: list[str]) -> None:
    """Show the help of options as it is written."""
    lines[:] = [line if line.lstrip().startswith((".. ", ":")) else _escape(line) for line in lines]


def _spare(_app: Sphinx, what: str, _name: str, _obj: object, _options: object, lines: list[str]) -> None:
    """Keep napoleon from taking what stands before a colon for the type of a property."""
    if what == "property":
        lines[:0] = ["..", ""]


def _resolve(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: Element) -> Element | None:
    """Find a name of ours by its last part: docstrings write `InputError`, wherever it lives."""
    wanted = f".{node.get('reftarget', '')}".rpartition(".")[2]
    domain = env.domains.python_domain
    found = {entry for name, entry in domain.objects.items() if name.rpartition(".")[2] == wanted and not entry.aliased}
    if node.get("refdomain") != "py" or len(found) != 1:
        return None
    entry = found.pop()
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, content)


def setup(app: Sphinx) -> None:
    """Tell Sphinx of what is above."""
    app.connect("sphinx-click-process-description", _describe)
    app.connect("sphinx-click-process-options", _list_options)
    app.connect("autodoc-process-docstring", _spare, priority=400)
    app.connect("missing-reference", _resolve)
