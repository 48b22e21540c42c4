"""The causal chain: what is an arrow, where nodes stand, loops and paths, and what the command prints.

The files of `tests/chain` were written by hand from the source document, before the chain was first computed; since
then `layers.txt` was only split finer (what holds back, what breaks off), by hand as well.
"""

import gzip
import json
import re
from collections.abc import Iterator
from itertools import pairwise, permutations
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from calcinosis_kg import chains, oxigraph, shipped
from calcinosis_kg.causality import INFLUENCES, Arrow, Relations, axioms, facts
from calcinosis_kg.cli_chain import chain as verb
from calcinosis_kg.errors import QueryError
from calcinosis_kg.namespaces import compress, expand
from calcinosis_kg.networks import MOST_PATHS, Chain
from calcinosis_kg.sheets import Sheet, iri, text, truth

FOLDER = Path(__file__).parent / "chain"
RO = Path(__file__).parents[2] / "shared" / "reference" / "ro.json.gz"
PREFIXES = """
PREFIX RO: <http://purl.obolibrary.org/obo/RO_>
PREFIX biolink: <https://w3id.org/biolink/vocab/>
PREFIX ckgv: <https://w3id.org/calcinosis-kg/vocabulary/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


def golden(name: str) -> Iterator[list[str]]:
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.replace(":", " :", 1).split(" ") if name == "layers.txt" else line.split()


@pytest.fixture(scope="module")
def whole(quads: list[ox.Quad]) -> Chain:
    """The chain of the shipped dataset, all statuses."""
    return chains.read(quads)


@pytest.fixture(scope="module")
def store(quads: list[ox.Quad]) -> ox.Store:
    """The shipped dataset, to be asked apart from the code under test."""
    found = ox.Store()
    found.bulk_extend(quads)
    return found


def ask(store: ox.Store, query: str) -> set[tuple[str, ...]]:
    answer = store.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(answer, ox.QuerySolutions)
    return {tuple(compress(cell.value) for cell in row) for row in answer}


def shown(*arguments: str) -> Result:
    return CliRunner().invoke(verb, arguments, catch_exceptions=False)


# The golden answer


def test_arrows_are_those_that_the_document_states(whole: Chain) -> None:
    found = [[arrow.source, arrow.cause, INFLUENCES[arrow.influence], arrow.effect] for arrow in whole.arrows]
    wanted = list(golden("arrows.txt"))
    assert sorted(found) == sorted(wanted)
    assert len({tuple(line) for line in wanted}) == len(wanted)


def test_nodes_stand_where_the_document_puts_them(whole: Chain) -> None:
    wanted: dict[str, str] = {}
    for layer, _, *nodes in ([line[0], line[1], *line[2:]] for line in golden("layers.txt")):
        if layer != "loop":
            wanted |= dict.fromkeys(filter(None, nodes), "apart" if layer == "broken" else layer)
    assert dict(whole.layers) == wanted


def test_what_breaks_off_is_what_the_document_breaks_off(whole: Chain) -> None:
    wanted = {node for layer, _, *nodes in golden("layers.txt") if layer == "broken" for node in nodes if node}
    assert set(whole.broken_off) == wanted
    assert set(whole.unreached) == {"HP:0003406", "CKG:0000012", "CKG:0000069"}


def test_loops_are_those_that_the_document_states(whole: Chain) -> None:
    wanted = {tuple(filter(None, nodes)) for layer, _, *nodes in golden("layers.txt") if layer == "loop"}
    assert {loop[:-1] for loop in whole.loops} == wanted
    assert len(whole.loops) == len(wanted)
    assert all(loop[0] == loop[-1] for loop in whole.loops)


def test_loop_of_the_public_question_is_among_them(whole: Chain) -> None:
    lines = (Path(__file__).parent / "queries" / "feedback-loop.csv").read_text(encoding="utf-8").splitlines()[1:]
    start, *steps = (line.split(",")[1] for line in lines)
    assert (start, *steps) in whole.paths(start, start)


def test_causes_of_the_public_question_lead_to_calcification(whole: Chain) -> None:
    lines = (Path(__file__).parent / "queries" / "upstream-causes.csv").read_text(encoding="utf-8").splitlines()[1:]
    for line in lines:
        cause, _, status = line.split(",")
        found = whole.between(cause, "CKG:0000021")
        assert status in {arrow.status for arrow in found}, cause


# Laws


@pytest.mark.parametrize("literature", [False, True])
@pytest.mark.parametrize("statuses", [("accepted",), ("reported",), ("contested",), ("accepted", "contested")])
def test_every_arrow_is_a_claim_that_stands_in_that_direction(
    quads: list[ox.Quad], store: ox.Store, statuses: tuple[str, ...], *, literature: bool
) -> None:
    rows = ask(
        store,
        """SELECT ?claim ?cause ?effect ?status WHERE {
          ?claim rdf:subject ?s ; rdf:object ?o ; rdf:predicate ?p ; biolink:negated false ; ckgv:claimStatus ?status .
          OPTIONAL { ?claim ckgv:relation ?r }
          BIND (BOUND(?r) && EXISTS { ?r rdfs:subPropertyOf* RO:0004017 } AS ?backward)
          BIND (IF(?backward, ?o, ?s) AS ?cause) BIND (IF(?backward, ?s, ?o) AS ?effect)
          FILTER (?status NOT IN (ckgv:refuted, ckgv:artefact))
        }""",
    )
    found = chains.read(quads, statuses, literature=literature)
    for arrow in found.arrows:
        if arrow.origin != "axiom":
            assert arrow.status in statuses
            assert (arrow.source, arrow.cause, arrow.effect, f"ckgv:{arrow.status}") in rows


def test_no_causal_claim_is_lost(whole: Chain, store: ox.Store) -> None:
    rows = ask(
        store,
        """SELECT ?claim WHERE {
          ?claim a ckgv:Claim ; rdf:subject ?s ; rdf:object ?o ; rdf:predicate ?p ; biolink:negated false ;
            ckgv:claimStatus ?status .
          OPTIONAL { ?claim ckgv:relation ?r }
          FILTER ((BOUND(?r) && EXISTS { ?r rdfs:subPropertyOf+ RO:0002410 })
            || EXISTS { ?p rdfs:subPropertyOf* biolink:affects }
            || EXISTS { ?p rdfs:subPropertyOf* biolink:contributes_to })
          FILTER (?status NOT IN (ckgv:refuted, ckgv:artefact))
          FILTER NOT EXISTS { ?s ckgv:placeholder true } FILTER NOT EXISTS { ?o ckgv:placeholder true }
        }""",
    )
    found = {(one.source,) for one in whole.arrows if one.origin == "page" and one.influence != "link"}
    assert found == rows


def test_refuted_artefact_and_negated_claims_are_no_arrows(whole: Chain, quads: list[ox.Quad]) -> None:
    sources = {arrow.source for arrow in whole.arrows}
    for name, said in facts(quads, "graph:claims").items():
        status = said.get("ckgv:claimStatus", [""])[0]
        if status in ("ckgv:refuted", "ckgv:artefact") or said.get("biolink:negated") == ["true"]:
            assert name not in sources
    assert {"CKG-C217", "CKG-C258", "CKG-C191"} <= {arrow.source for arrow in whole.denied}


def test_artefacts_and_placeholders_are_no_nodes(whole: Chain, quads: list[ox.Quad]) -> None:
    marked = {
        name
        for name, said in facts(quads, "graph:tbox", "graph:claims").items()
        if "ckgv:placeholder" in said or "ckgv:ArtefactEntity" in said.get("rdf:type", ())
    }
    assert len(marked) > 5
    assert not marked & set(whole.nodes)


def test_an_axiom_is_an_arrow_only_where_no_claim_says_the_same(whole: Chain, quads: list[ox.Quad]) -> None:
    said = {(arrow.cause, arrow.effect) for arrow in whole.arrows if arrow.origin == "page"}
    stated = {
        (arrow.source, arrow.cause, arrow.effect) for arrow in axioms(quads, Relations(facts(quads, "graph:imports")))
    }
    for arrow in (arrow for arrow in whole.arrows if arrow.origin == "axiom"):
        assert (arrow.cause, arrow.effect) not in said
        assert (arrow.source, arrow.cause, arrow.effect) in stated
    # DOID:182 has its basis in calcification: the bridge says so, and so does CKG-C006, unhedged
    assert ("bridge", "CKG:0000021", "DOID:182") in stated
    assert {arrow.source for arrow in whole.between("CKG:0000021", "DOID:182")} == {"CKG-C006"}


def test_relations_of_claims_are_causal_as_the_whole_relation_ontology_has_it(quads: list[ox.Quad]) -> None:
    if not RO.is_file():
        pytest.skip("the whole Relation Ontology is not part of the repository; our slice of it is tested without")
    parents: dict[str, list[str]] = {}
    for edge in json.loads(gzip.decompress(RO.read_bytes()))["graphs"][0]["edges"]:
        if edge["pred"] == "subPropertyOf":
            parents.setdefault(compress(edge["sub"]), []).append(compress(edge["obj"]))
    reference = Relations({name: {"rdfs:subPropertyOf": above} for name, above in parents.items()})
    ours = Relations(facts(quads, "graph:imports"))
    used = {name for said in facts(quads, "graph:claims").values() for name in said.get("ckgv:relation", ())}
    causal = {name: reference.below(name, "RO:0002410") for name in used}
    # left out of our slice with its reason, see ontology/imports/terms.txt; Biolink's place counts instead
    assert causal.pop("RO:0003307")
    assert sum(causal.values()) > 8
    for name, is_causal in causal.items():
        assert ours.below(name, "RO:0002410") == is_causal, name
        assert ours.is_backward(name) == reference.is_backward(name), name


def test_a_drug_is_no_cause_of_a_deposit(whole: Chain) -> None:
    for node in ("CHEBI:10033", "CHEBI:101278", "MESH:D004164", "CHEBI:132112"):
        assert whole.layers[node] == "brake"
    assert whole.layers["HGNC:7060"] == "cause", "matrix Gla protein is said to do both"


def arrow(cause: str, effect: str, influence: str = "raises") -> Arrow:
    return Arrow(f"CKG-C{cause[2:]}{effect[2:]}", "page", cause, "RO:0002411", effect, influence, "accepted")


NODES = [f"X:{number}" for number in range(5)]
steps = st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=14)


@given(steps, st.sets(st.sampled_from(NODES), max_size=2))
def test_paths_and_loops_of_any_graph_are_those_that_trying_all_finds(
    given_steps: set[tuple[str, str]], deposits: set[str]
) -> None:
    found = Chain(tuple(arrow(*step) for step in sorted(given_steps)), {}, frozenset(deposits), frozenset(), (), ())
    simple = [way for size in range(1, 6) for way in permutations(NODES, size) if set(pairwise(way)) <= given_steps]
    for start in found.nodes:
        for end in found.nodes:
            wanted = {way for way in simple if (way[0], way[-1]) == (start, end) and start != end}
            if start == end:
                wanted = {(*way, start) for way in simple if way[0] == start and (way[-1], start) in given_steps}
            ways = found.paths(start, end)
            assert set(ways) == wanted
            assert [len(way) for way in ways] == sorted(len(way) for way in wanted)
    around = {frozenset(pairwise((*way, way[0]))) for way in simple if (way[-1], way[0]) in given_steps}
    assert {frozenset(pairwise(loop)) for loop in found.loops} == around
    assert len(found.loops) == len(around)
    assert set(found.layers) == set(found.nodes)


def test_paths_through_a_dense_graph_stop() -> None:
    nodes = [f"X:{number}" for number in range(14)]
    found = Chain(tuple(arrow(*pair) for pair in permutations(nodes, 2)), {}, frozenset(), frozenset(), (), ())
    ways = found.paths("X:0", "X:1")
    assert len(ways) == MOST_PATHS
    assert len(ways[0]) == 2


# Claims of the literature


@pytest.fixture
def more(quads: list[ox.Quad]) -> list[ox.Quad]:
    """The shipped dataset with an invented claim of the literature, and one that it refutes."""
    sheet = Sheet("graph:literature")
    added: list[ox.Quad] = []
    for name, predicate, status in (
        ("CKG-L901", "biolink:causes", "accepted"),
        ("CKG-L902", "biolink:associated_with", "accepted"),
        ("CKG-L903", "biolink:contributes_to", "refuted"),
    ):
        added += sheet.write(
            name,
            ("rdf:type", iri("ckgv:LiteratureClaim")),
            ("rdf:subject", iri("DOID:11476")),
            ("rdf:predicate", iri(predicate)),
            ("rdf:object", iri("CKG:0000021")),
            ("biolink:negated", truth(False)),  # noqa: FBT003 - it is the value itself
            ("ckgv:claimStatus", iri(f"ckgv:{status}")),
            ("rdfs:label", text("an invented claim")),
        )
    return [*quads, *added]


def test_literature_is_no_part_of_the_chain_unless_asked_for(whole: Chain, more: list[ox.Quad]) -> None:
    assert chains.read(more).arrows == whole.arrows
    found = chains.read(more, literature=True)
    beyond = [one for one in found.arrows if one.source.startswith("CKG-L9")]
    assert [(one.source, one.origin, one.influence) for one in beyond] == [("CKG-L901", "literature", "raises")]
    assert [one for one in found.arrows if one.origin != "literature"] == list(whole.arrows)
    assert "CKG-L903" in {one.source for one in found.denied}


def test_literature_is_marked_in_every_format(more: list[ox.Quad], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "quads", lambda: more)
    assert "CKG-L9" not in shown().stdout
    table = shown("--literature").stdout
    assert re.search(r"^  CKG-L901 accepted  lit\.   -> pathological calcification ", table, re.MULTILINE)
    assert "what the literature says, not the page" in table
    assert "CKG-L901 (literature)" in shown("--literature", "--format", "dot").stdout
    listed = json.loads(shown("--literature", "--format", "json").stdout)["arrows"]
    assert {one["origin"] for one in listed if one["claim"] == "CKG-L901"} == {"literature"}
    turtle = shown("--literature", "--format", "turtle").stdout
    assert '    ckgv:origin "literature" ;\n    prov:wasDerivedFrom claim:CKG-L901 .' in turtle


# What is printed


@pytest.mark.parametrize("form", ["table", "json", "dot", "turtle"])
def test_same_input_same_bytes(form: str, quads: list[ox.Quad], monkeypatch: pytest.MonkeyPatch) -> None:
    first = shown("--format", form)
    monkeypatch.setattr(shipped, "quads", lambda: quads[::-1])
    assert shown("--format", form).stdout == first.stdout
    assert first.exit_code == 0


def test_table_has_every_arrow_once_and_fits_a_terminal(whole: Chain) -> None:
    table = shown().stdout
    before = table.partition("\nLOOPS")[0]
    claims = re.findall(r"(?:^  |also\s+)(CKG-C\d+)", before, re.MULTILINE)
    assert sorted(claims) == sorted(one.source for one in whole.arrows if one.origin == "page")
    assert len(re.findall(r"^  axiom ", before, re.MULTILINE)) == sum(one.origin == "axiom" for one in whole.arrows)
    assert max(map(len, table.splitlines())) <= 100
    assert table.isascii()


def test_table_says_what_is_no_arrow_and_what_is_missing() -> None:
    table = shown().stdout
    assert "  CKG-C258 refuted   warfarin -| pathological calcification\n" in table
    assert "  CKG-C277 reported  NOT: nutraceutical -| calcinosis\n" in table
    assert "Mechanisms that break off, with no way to a deposit: mineral; " in table


def test_paths_show_their_weakest_step_and_the_refuted_short_cut() -> None:
    table = shown("--from", "CHEBI:10033", "--to", "CKG:0000019").stdout
    assert "[weakest step: contested]" in table
    assert "CKG-C258 refuted" in table
    assert "MISSING" not in table


def test_parts_hold_what_follows_and_what_leads_there(whole: Chain) -> None:
    assert {one.effect for one in whole.part(end="CKG:0000036")} == {"CKG:0000036"}
    assert {one.cause for one in whole.part(start="GO:0042359")} >= {"GO:0042359", "CKG:0000036", "DOID:182"}
    between = whole.part("DOID:784", "CKG:0000021")
    assert [one.source for one in between] == ["CKG-C119", "CKG-C273"]
    assert whole.part("HP:0012531", "DOID:784") == ()


def test_no_way_is_said() -> None:
    done = shown("--from", "HP:0012531", "--to", "DOID:784")
    assert done.exit_code == 0
    assert "No way leads from Pain (HP:0012531) to chronic kidney disease (DOID:784)." in done.stdout


def test_one_status_alone() -> None:
    listed = json.loads(shown("--status", "accepted", "--format", "json").stdout)["arrows"]
    assert {one["status"] for one in listed} == {"accepted", "axiom"}


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ("CKG:000022", "Did you mean CKG:0000022 (tissue damage)"),
        ("tissue damge", "Did you mean CKG:0000022 (tissue damage)"),
        ("DOID:0080170", "'DOID:0080170' (normophosphatemic familial tumoral calcinosis) has no causal arrow of the "),
        ("warfarin", "Did you mean CHEBI:10033 (warfarin)?"),
        ("$$$$$$$$", "Look for it with 'calcinosis-kg chain'."),
    ],
)
def test_unknown_node_is_answered_with_near_ones(node: str, message: str, whole: Chain) -> None:
    with pytest.raises(QueryError, match=re.escape(message)):
        whole.part(node)
    with pytest.raises(QueryError, match=re.escape(message)):
        whole.part("CKG:0000022", node)


def test_no_arrow_is_refuted_and_asking_for_it_is_a_mistake(quads: list[ox.Quad]) -> None:
    with pytest.raises(QueryError, match=r"no arrow is 'refuted'\. Use one of: accepted, reported, contested"):
        chains.read(quads, ["refuted"])
    done = CliRunner().invoke(verb, ["--status", "refuted"])
    assert done.exit_code == 2


def test_turtle_names_claim_or_axiom_and_makes_no_plain_triple(whole: Chain) -> None:
    graph = list(ox.parse(shown("--format", "turtle").stdout.encode(), format=ox.RdfFormat.TURTLE))
    sources = [quad.object for quad in graph if quad.predicate.value == expand("prov:wasDerivedFrom")]
    assert sorted(map(str, sources)) == sorted(
        str(iri(f"graph:{one.source}" if one.origin == "axiom" else one.source)) for one in whole.arrows
    )
    relations = {one.relation for one in whole.arrows}
    assert not relations & {compress(quad.predicate.value) for quad in graph}
    assert len(oxigraph.canonical(graph)) == len(graph)
    layers = {compress(q.subject.value): q.object.value for q in graph if q.predicate.value == expand("ckgv:layer")}
    assert layers == dict(whole.layers)


def test_turtle_uses_defined_words() -> None:
    found = set(re.findall(r"\bckgv:\w+", shown("--format", "turtle").stdout))
    defined = {f"ckgv:{name}" for name in re.findall(
        r"^ckgv:(\w+) a ", (Path(__file__).parents[1] / "ontology" / "vocabulary.ttl").read_text(encoding="utf-8"),
        re.MULTILINE,
    )}  # fmt: skip
    assert found <= defined, found - defined
    assert "ckgv:CausalArrow" in found


def test_dot_is_well_formed(whole: Chain) -> None:
    dot = shown("--format", "dot").stdout
    name = r'"(?:[^"\\]|\\.)*"'
    edge = rf"\[label={name}, style=(?:dashed|solid), arrowhead=\w+, color=\w+, tooltip={name}\]"
    known = (
        r"digraph chain \{", r"  rankdir=LR;", r'  node \[shape=box, fontname="sans-serif"\];',
        r"  subgraph cluster_\w+ \{",
        rf"    label={name};", rf"    {name} \[label={name}\];", r"  \}", r"\}", rf"  {name} -> {name} {edge};",
    )  # fmt: skip
    line = re.compile("|".join(known))
    for number, one in enumerate(dot.splitlines(), 1):
        assert line.fullmatch(one), (number, one)
    assert dot.count(' -> "') == len(whole.arrows)
    assert dot.count("{") == dot.count("}")


def test_json_has_nodes_for_all_arrows(whole: Chain) -> None:
    content = json.loads(shown("--format", "json").stdout)
    assert {one["id"]: one["layer"] for one in content["nodes"]} == dict(whole.layers)
    assert len(content["arrows"]) == len(whole.arrows)
    assert [one["axiom_of"] for one in content["arrows"] if one["claim"] is None] == ["tbox"] * 4
    assert content["loops"] == [list(loop) for loop in whole.loops]
    assert set(content["missing"]["mechanisms_that_break_off"]) <= set(content["missing"]["no_way_to_a_deposit"])
