"""The house: floors, sizes, one owner for each library, public names."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import calcinosis_kg as ckg

PACKAGE = Path(__file__).parents[1] / "src" / "calcinosis_kg"
FLOORS = (
    ("errors", "rustdl_child"),
    ("downloads", "outfiles", "processes", "resources"),
    ("namespaces",),
    ("claims", "oxigraph", "yamlfiles", "sheets", "nesting"),
    (
        *("terms", "mappings", "tables", "shipped", "turtle", "jsonld", "flattened", "engines", "reports"),
        *("publications", "references", "screening", "spans", "rdfxml"),
        *("interchange.associations", "interchange.catalogue", "interchange.escapes"),
    ),
    ("interchange.contents", "interchange.headers", "interchange.ontologies", "interchange.restored"),
    ("interchange.nanopub_graphs", "interchange.schemaorg", "interchange.trusty", "interchange.turtle12"),
    ("interchange.nanopub_keys", "interchange.nanopub_rules"),
    ("interchange.nanopub_files",),
    ("interchange.nanopubs",),
    ("interchange.rows",),
    ("interchange.frames", "interchange.networks", "interchange.sheaves"),
    (
        *("interchange.cypher", "interchange.hpoa", "interchange.kgx", "interchange.kgx_jsonl"),
        "interchange.parquet",
    ),
    ("interchange.ontology_contents", "interchange.owl"),
    ("interchange.obo_reader", "interchange.ofn", "interchange.ontology_restored"),
    ("interchange.obo", "interchange.obograph"),
    ("axioms", "causality", "checks", "evidence", "statuses", "verification"),
    ("statements",),
    ("source", "interchange.mapping_sets"),
    ("el_profile", "graph", "networks", "reasoners", "views", "interchange.sssom"),
    ("queries", "formats", "chains", "conflicts", "explanations", "handoffs", "reasoner", "shapes"),
    ("merging.lists",),
    (
        "merging.ancestry",
        "merging.columns",
        "merging.conflicts_kinds",
        "merging.frequencies",
        "merging.kgx_names",
        "merging.predicates",
        "merging.prefixes",
        "merging.laws_digests",
        "merging.laws_report",
        "merging.readers_doctype",
        "merging.records",
    ),
    (
        "merging.groups",
        "merging.kinds",
        "merging.laws_identity",
        "merging.lines",
        "merging.outputs_properties",
        "merging.packed",
        "merging.parquet",
        "merging.rdf_files",
        "merging.rdf_terms",
        "merging.readers_streams",
        "merging.store",
    ),
    ("merging.spool",),
    (
        "merging.conflicts_labels",
        "merging.doubts",
        "merging.inputs",
        "merging.laws_output",
        "merging.laws_records",
        "merging.nodes",
        "merging.outputs_evidence",
        "merging.readers_cells",
        "merging.readers_kinds",
        "merging.statements",
        "merging.successors",
        "merging.tables",
    ),
    (
        "merging.cliques",
        "merging.conflicts_ledger",
        "merging.laws_doubts",
        "merging.laws_files",
        "merging.leftovers",
        "merging.outputs_edges",
        "merging.outputs_rdf",
        "merging.readers_claims",
        "merging.readers_edges",
        "merging.readers_quads",
        "merging.readers_rows",
        "merging.readers_sheaf",
    ),
    (
        "merging.conflicts_frequencies",
        "merging.conflicts_hierarchy",
        "merging.conflicts_lines",
        "merging.identity",
        "merging.laws_statements",
        "merging.outputs_kgx",
        "merging.readers_checks",
        "merging.readers_obo",
        "merging.readers_reified",
    ),
    (
        "merging.conflicts_outputs",
        "merging.laws_result",
        "merging.conflicts_polarity",
        "merging.conflicts_relations",
        "merging.equivalences",
        "merging.outputs_jsonl",
        "merging.readers_columns",
        "merging.readers_hetionet",
        "merging.readers_hpoa",
        "merging.readers_kgx",
        "merging.readers_rdf",
        "merging.readers_sssom",
    ),
    (
        "merging.conflicts_inheritance",
        "merging.outputs",
        "merging.readers_objects",
    ),
    ("merging.conflicts",),
    ("merging.contradictions", "merging.merges"),
    (
        "merging.readers_obograph",
        "merging.readers_tables",
        "merging.readers_terms",
        "merging.results",
    ),
    (
        "merging.appending",
        "merging.readers",
        "merging.reasons",
    ),
    ("merging.front", "merging.laws_kgx"),
    ("merging.laws",),
    ("releases.artefacts", "releases.headers"),
    (
        "releases.folders",
        "releases.counts",
        "releases.exports",
        "releases.differences",
        "releases.gates",
        "releases.redirects",
    ),
    ("releases.descriptions",),
    ("releases.changes", "releases.citations", "releases.crates", "releases.croissants", "releases.registrations"),
    ("releases.pages",),
    ("releases.front",),
    ("cli_common", "cli_progress"),
    (
        *(
            "cli_build",
            "cli_chain",
            "cli_conflicts",
            "cli_export",
            "cli_infer",
            "cli_query",
            "cli_release",
            "cli_validate",
        ),
        *("cli_append", "cli_merge", "cli_merge_check", "cli_nanopubs", "cli_verify", "cli_why", "cli_fetch"),
    ),
    ("cli",),
    ("__main__", "__init__", "merging.__init__", "interchange.__init__", "releases.__init__"),
)
FLOOR = {module: number for number, floor in enumerate(FLOORS) for module in floor}
OWNERS = {
    "yaml": {"yamlfiles", "interchange.sssom"},
    "numpy": {"merging", "interchange"},
    "jsonschema": {"yamlfiles"},
    "pyld": {"jsonld"},
    "click": {module for module in FLOOR if module.startswith("cli")},
    "pooch": {"downloads"},
    "pyhornedowl": {"el_profile", "interchange.ofn"},
    "fastobo": {"interchange.obo_reader"},
    "cryptography": {"interchange.nanopub_keys"},
    "nanopub_sign": {"interchange.nanopub_keys"},
    "pyshacl": {"engines"},
    "shacl": {"engines"},
    "rustdl": {"rustdl_child"},
    "pandas": {"tables", "interchange"},
    "polars": {"tables", "merging", "interchange"},
    "pyarrow": {"merging", "interchange"},
    "duckdb": {"interchange"},
    "networkx": {"interchange"},
    "igraph": {"interchange"},
    "requests": {"downloads"},
    "urllib3": {"downloads"},
    "rdflib": {
        *("oxigraph", "shipped", "graph", "queries", "formats", "reasoner", "shapes", "engines", "handoffs"),
        "merging.front",
    },
}
"""Library to its rooms; `merging` stands for all rooms of that subpackage."""
MODULES = sorted(".".join(path.relative_to(PACKAGE).with_suffix("").parts) for path in PACKAGE.rglob("*.py"))


def file_of(module: str) -> Path:
    return PACKAGE.joinpath(*module.split(".")).with_suffix(".py")


def imports(module: str, *, running: bool = False) -> set[str]:
    """Names that a module imports; with `running`, those it imports when it runs, not for types alone."""
    tree = ast.parse(file_of(module).read_text(encoding="utf-8"))
    if running:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                node.body = [ast.Pass()]
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module in (
            "calcinosis_kg",
            "calcinosis_kg.merging",
            "calcinosis_kg.interchange",
            "calcinosis_kg.releases",
        ):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_every_module_has_its_floor() -> None:
    assert sorted(FLOOR) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_imports_come_from_lower_floors(module: str) -> None:
    ours = {name.removeprefix("calcinosis_kg.") for name in imports(module) if name.startswith("calcinosis_kg.")}
    above = sorted(name for name in ours & set(FLOOR) if FLOOR[name] >= FLOOR[module])
    assert not above, f"{module} imports {above}; move the shared part to a lower floor"


@pytest.mark.parametrize("module", MODULES)
def test_libraries_have_owners(module: str) -> None:
    for name in imports(module):
        owners = OWNERS.get(name.split(".")[0])
        assert owners is None or {module, module.partition(".")[0]} & owners, (
            f"{module} imports {name}, which {sorted(owners or ())} own"
        )


@pytest.mark.parametrize("module", MODULES)
def test_no_module_is_over_300_lines(module: str) -> None:
    lines = len(file_of(module).read_text(encoding="utf-8").splitlines())
    assert lines <= 300, f"{module} has {lines} lines; split it by noun"


def test_public_names_are_those_that_show() -> None:
    assert sorted(ckg.__all__) == dir(ckg)
    assert len(ckg.__all__) <= 15
    for name in ckg.__all__:
        assert getattr(ckg, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        ckg.nonsense  # noqa: B018 - the look-up is the test


def test_a_question_is_answered_without_heavy_libraries() -> None:
    heavy = (
        "rdflib",
        "yaml",
        "jsonschema",
        "pyld",
        "pandas",
        "polars",
        "numpy",
        "pyarrow",
        "duckdb",
        "networkx",
        "igraph",
        "pyshacl",
        "rustdl",
        "owlready2",
        "pyhornedowl",
        "pooch",
        "requests",
    )
    code = (
        "import sys; from calcinosis_kg.cli import main\n"
        "sys.argv = ['calcinosis-kg', 'query', 'ancestry']\n"
        "try: main()\nexcept SystemExit as stop: assert not stop.code\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


def test_every_error_has_its_heading() -> None:
    tree = ast.parse((PACKAGE / "errors.py").read_text(encoding="utf-8"))
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)} - {"CalcinosisKGError"}
    text = (PACKAGE.parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert {line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")} == names
