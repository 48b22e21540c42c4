"""The causal chain of the dataset: from causes by processes to the deposit, and from it to symptoms.

`causality` says which statements are arrows, `networks` what can be read off them; here the chain is read out of a
dataset, and written down.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from calcinosis_kg import causality, oxigraph, turtle
from calcinosis_kg.causality import INFLUENCES
from calcinosis_kg.claims import SHORTCUT_STATUSES
from calcinosis_kg.errors import QueryError
from calcinosis_kg.namespaces import BASE, compress, expand
from calcinosis_kg.networks import LAYERS, Chain, order
from calcinosis_kg.sheets import Sheet, iri, text, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from calcinosis_kg.causality import Arrow

_LABEL = ox.NamedNode(expand("rdfs:label"))
_FINDING = "biolink:PhenotypicFeature"
_CONDITIONS = (_FINDING, "biolink:Disease")
_COLOURS = {"accepted": "black", "reported": "gray45", "contested": "firebrick", "axiom": "steelblue"}
_HEADS = {"raises": "normal", "lowers": "tee", "open": "odiamond", "link": "vee"}
_TITLES = {
    "cause": "Causes",
    "process": "Processes",
    "deposit": "Deposit, and the diseases that have one",
    "symptom": "Symptoms, findings and complications",
    "brake": "Only holding back",
    "apart": "No way to a deposit",
}


def read(quads: Iterable[ox.Quad], statuses: Iterable[str] = SHORTCUT_STATUSES, *, literature: bool = False) -> Chain:
    """Return the causal chain of a dataset.

    Args:
        quads: The dataset, in its named graphs.
        statuses: Keep claims of these alone; refuted and artefact claims are never arrows.
        literature: Whether claims of the literature count, each marked as such.

    Raises:
        QueryError: A status is none that an arrow can have.

    >>> from calcinosis_kg import shipped
    >>> chain = read(shipped.quads(), ["accepted"])
    >>> chain.layers["DOID:784"], chain.layers["HP:0012531"], len(chain.loops)
    ('cause', 'symptom', 1)
    """
    wanted = tuple(statuses)
    for status in wanted:
        if status not in SHORTCUT_STATUSES:
            raise QueryError(f"no arrow is '{status}'", f"Use one of: {', '.join(SHORTCUT_STATUSES)}.")
    given = list(quads)
    relations = causality.Relations(causality.facts(given, "graph:imports"))
    axioms = list(causality.axioms(given, relations))
    deposits = causality.deposits(axioms, relations)
    claims = [
        arrow
        for arrow in causality.claims(given, relations, literature=literature)
        if not relations.is_form(arrow.relation) or {arrow.cause, arrow.effect} <= deposits
    ]
    arrows = [arrow for arrow in claims if arrow.status in wanted and not arrow.negated]
    said = {(arrow.cause, arrow.effect) for arrow in arrows}
    ends = {end for step in said for end in step}
    arrows += [
        arrow for arrow in axioms
        if (arrow.cause, arrow.effect) not in said and {arrow.cause, arrow.effect} <= ends
        and (arrow.relation != "rdfs:subClassOf" or {arrow.cause, arrow.effect} <= deposits)
    ]  # fmt: skip
    arrows.sort(key=lambda arrow: (arrow.origin == "axiom", order(arrow.source), order(arrow.cause)))
    denied = [arrow for arrow in claims if arrow.status == "refuted" or (arrow.negated and arrow.status in wanted)]
    categories = _categories(given)
    conditions = frozenset(node for node, kinds in categories.items() if kinds & {*_CONDITIONS})
    chain = Chain(tuple(arrows), _labels(given), deposits, conditions, (), tuple(sorted(denied, key=_by_source)))
    return replace(chain, unreached=tuple(_unreached(chain, given, categories, wanted)))


def _by_source(arrow: Arrow) -> tuple[list[tuple[int, str]], str]:
    return order(arrow.source)


def _unreached(
    chain: Chain, quads: Iterable[ox.Quad], categories: Mapping[str, set[str]], statuses: tuple[str, ...]
) -> Iterator[str]:
    """Yield findings that claims of these statuses speak of, that no arrow leads to, and that cause no deposit."""
    reached = {arrow.effect for arrow in chain.arrows if arrow.influence != "lowers"}
    named: set[str] = set()
    for said in causality.facts(quads, "graph:claims").values():
        status = said.get("ckgv:claimStatus", [""])[0].removeprefix("ckgv:")
        if status in statuses and said["biolink:negated"] == ["false"]:
            named |= {*said["rdf:subject"], *said["rdf:object"]}
    for node in sorted(named - reached, key=order):
        if _FINDING in categories.get(node, ()) and chain.layers.get(node, "apart") == "apart":
            yield node


def _categories(quads: Iterable[ox.Quad]) -> dict[str, set[str]]:
    """Return the Biolink categories of each entity, except of placeholders and artefacts."""
    found = {}
    for name, said in causality.facts(quads, "graph:tbox", "graph:claims", "graph:imports", "graph:literature").items():
        if "biolink:category" in said and "ckgv:placeholder" not in said:
            found[name] = set(said["biolink:category"])
    return found


def _labels(quads: Iterable[ox.Quad]) -> dict[str, str]:
    found: dict[str, str] = {}
    for quad in quads:
        if quad.predicate == _LABEL and isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            found.setdefault(compress(quad.subject.value), quad.object.value)
    return found


def to_json(chain: Chain, arrows: Sequence[Arrow], paths: Sequence[Sequence[str]] = ()) -> str:
    """Return arrows of a chain as JSON, with their nodes and layers, the loops, and what is missing.

    Args:
        chain: The chain.
        arrows: Those of its arrows to write, as `Chain.part` gives them.
        paths: Paths between two nodes, if they were asked for.
    """
    content = {
        "nodes": [{"id": node, "label": chain.labels.get(node), "layer": chain.layers[node]} for node in ends(arrows)],
        "arrows": [
            {
                "claim": None if arrow.origin == "axiom" else arrow.source,
                "axiom_of": arrow.source if arrow.origin == "axiom" else None,
                "origin": arrow.origin,
                "cause": arrow.cause,
                "relation": arrow.relation,
                "relation_label": chain.labels.get(arrow.relation, arrow.relation),
                "effect": arrow.effect,
                "influence": arrow.influence,
                "status": arrow.status,
                "hedged": arrow.hedged,
                "kind": arrow.kind or None,
                "limits": list(arrow.limits),
            }
            for arrow in arrows
        ],
        "paths": [list(path) for path in paths],
        "loops": [list(loop) for loop in chain.loops],
        "missing": {
            "no_way_to_a_deposit": list(chain.dead_ends),
            "mechanisms_that_break_off": list(chain.broken_off),
            "findings_that_no_arrow_reaches": list(chain.unreached),
            "symptoms_that_no_causal_arrow_reaches": list(chain.unexplained),
        },
        "refuted_or_negated": [arrow.source for arrow in denied(chain, arrows)],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def ends(arrows: Iterable[Arrow]) -> list[str]:
    """Return the nodes of arrows in the order of people."""
    return sorted({end for arrow in arrows for end in (arrow.cause, arrow.effect)}, key=order)


def denied(chain: Chain, arrows: Iterable[Arrow]) -> list[Arrow]:
    """Return the refuted and negated claims between the nodes of arrows: they are no arrows."""
    known = set(ends(arrows))
    return [arrow for arrow in chain.denied if {arrow.cause, arrow.effect} <= known]


def to_dot(chain: Chain, arrows: Sequence[Arrow]) -> str:
    """Return arrows of a chain as a Graphviz graph: dashed where hedged, a bar where something is held back."""
    lines = ["digraph chain {", "  rankdir=LR;", '  node [shape=box, fontname="sans-serif"];']
    for layer in LAYERS:
        nodes = [node for node in ends(arrows) if chain.layers[node] == layer]
        if nodes:
            lines += [f"  subgraph cluster_{layer} {{", f"    label={_quoted(_TITLES[layer])};"]
            lines += [f"    {_quoted(node)} [label={_quoted(chain.labels.get(node, node))}];" for node in nodes]
            lines.append("  }")
    for arrow in arrows:
        said = f"axiom ({arrow.source})" if arrow.origin == "axiom" else arrow.source
        if arrow.origin == "literature":
            said += " (literature)"
        style = "dashed" if arrow.hedged else "solid"
        lines.append(
            f"  {_quoted(arrow.cause)} -> {_quoted(arrow.effect)} [label={_quoted(said)}, style={style}, "
            f"arrowhead={_HEADS[arrow.influence]}, color={_COLOURS[arrow.status]}, tooltip={_quoted(arrow.status)}];"
        )
    return "\n".join((*lines, "}")) + "\n"


def _quoted(content: str) -> str:
    escaped = content.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def quads_of(chain: Chain, arrows: Iterable[Arrow]) -> Iterator[ox.Quad]:
    """Yield arrows in RDF: each a node that derives from its claim, or from the graph that holds its axiom."""
    sheet = Sheet("graph:chain")
    given = list(arrows)
    for arrow in given:
        name = arrow.source
        if arrow.origin == "axiom":
            name = f"{arrow.source}-{arrow.cause}-{arrow.effect}".replace(":", "_")
        labels = [chain.labels.get(end, end) for end in (arrow.cause, arrow.effect)]
        yield from sheet.write(
            ox.NamedNode(f"{BASE}arrow/{name}"),
            ("rdf:type", iri("ckgv:CausalArrow")),
            ("rdfs:label", text(f" {INFLUENCES[arrow.influence]} ".join(labels))),
            ("ckgv:hasCause", iri(arrow.cause)),
            ("ckgv:relation", iri(arrow.relation)),
            ("ckgv:hasEffect", iri(arrow.effect)),
            ("ckgv:influence", ox.Literal(arrow.influence)),
            ("ckgv:origin", ox.Literal(arrow.origin)),
            ("prov:wasDerivedFrom", iri(f"graph:{arrow.source}" if arrow.origin == "axiom" else arrow.source)),
        )
        if arrow.origin != "axiom":
            yield from sheet.write(ox.NamedNode(f"{BASE}arrow/{name}"), ("ckgv:claimStatus", value(arrow.status)))
        if arrow.origin == "page":
            modality = value("hedged" if arrow.hedged else "asserted")
            yield from sheet.write(ox.NamedNode(f"{BASE}arrow/{name}"), ("ckgv:modality", modality))
    for node in ends(given):
        facts = [("ckgv:layer", ox.Literal(chain.layers[node]))]
        if node in chain.labels:
            facts.append(("rdfs:label", text(chain.labels[node])))
        yield from sheet.write(node, *facts)
    for relation in sorted({arrow.relation for arrow in given}):
        if relation in chain.labels:
            yield from sheet.write(relation, ("rdfs:label", text(chain.labels[relation])))


def to_turtle(chain: Chain, arrows: Iterable[Arrow]) -> str:
    """Return arrows of a chain as Turtle."""
    plain = (ox.Quad(*quad.triple) for quad in quads_of(chain, arrows))
    return turtle.write(oxigraph.canonical(plain), named_graphs=False)
