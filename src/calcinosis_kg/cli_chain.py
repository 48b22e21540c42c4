"""The verb `chain` of the command line: the causal chain from cause to deposit to symptom, for a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import click

from calcinosis_kg.causality import INFLUENCES
from calcinosis_kg.claims import SHORTCUT_STATUSES
from calcinosis_kg.networks import MECHANISM, MOST_PATHS, order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from calcinosis_kg.causality import Arrow
    from calcinosis_kg.networks import Chain

_WIDTH = 100
_TITLES = {
    "cause": "CAUSES: they lead to a deposit, and nothing leads to them",
    "process": "PROCESSES: something leads to them, and they lead to a deposit",
    "deposit": "DEPOSIT: calcification, the deposit, the diseases that have one",
    "symptom": "SYMPTOMS, FINDINGS, COMPLICATIONS: what a deposit or its disease leads to",
    "brake": "HELD BACK: what is said to hold the chain back, and where",
    "broken": "BREAKS OFF: mechanisms with no way to a deposit",
    "apart": "APART: the rest, about dealing with the disease",
}
_BACKWARD = ("symptom", "brake")
"""Sections that list arrows under their effect: a reader looks for them from that end."""
_KEY = (
    "->  furthers or brings about     -|  holds back     ~>  influences, direction not said",
    "=>  a link that is no cause in itself: puts out, shows as, is a form of",
    "axiom: of our ontology, no claim     hedged: the page says may, can, often and the like",
)
_LITERATURE = slice(21, 28)
"""Where a line says that its arrow is the literature's."""
_STATUS = {"accepted": 0, "axiom": 0, "reported": 1, "contested": 2}


@click.command()
@click.option("--from", "start", default="", metavar="CURIE", help="Only what follows from this node.")
@click.option("--to", "end", default="", metavar="CURIE", help="Only what leads to this node; with --from, the paths.")
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice(SHORTCUT_STATUSES),
    help="Only claims of this status; may be repeated. All three, unless given.",
)  # fmt: skip
@click.option("--literature", is_flag=True, help="Claims of the literature too, each marked as such.")
@click.option(
    "--format", "form", default="table", show_default=True, type=click.Choice(["table", "json", "dot", "turtle"]),
    help="How to print the chain.",
)  # fmt: skip
def chain(start: str, end: str, statuses: tuple[str, ...], form: str, *, literature: bool) -> None:
    """Show the causal chain of calcinosis, from cause to deposit to symptom.

    Each arrow is a claim of the page with its status, or an axiom of our ontology. Refuted, artefact and negated
    claims are never arrows. What the page leaves open is said at the end: where a mechanism breaks off, and which
    findings nothing leads to.

    \b
    Examples:
      calcinosis-kg chain --status accepted
      calcinosis-kg chain --from DOID:784 --to HP:0012531
      calcinosis-kg chain --format dot > chain.dot
    """
    from calcinosis_kg import chains, shipped  # noqa: PLC0415 - --help does without them

    found = chains.read(shipped.quads(), statuses or SHORTCUT_STATUSES, literature=literature)
    arrows = found.part(start, end)
    paths = found.paths(start, end) if start and end else ()
    if form == "table":
        shown = _paths(found, paths, start, end) if start and end else ()
        lines = (*shown, *_sections(found, arrows, complete=not (start or end)))
        click.echo("\n".join((*_key(lines), *lines, *_denied(found, chains.denied(found, arrows)))))
    else:
        write = {"dot": chains.to_dot, "turtle": chains.to_turtle}
        click.echo(chains.to_json(found, arrows, paths) if form == "json" else write[form](found, arrows), nl=False)
    counts = Counter(arrow.status for arrow in arrows)
    said = ", ".join(f"{counts[status]} {status}" for status in (*SHORTCUT_STATUSES, "axiom") if counts[status])
    click.echo(f"({len(arrows)} arrows{': ' if said else ''}{said})", err=True)


def _key(lines: Sequence[str]) -> Iterator[str]:
    """Yield what the signs mean, those of the literature where there are any."""
    yield from _KEY
    if any(line[_LITERATURE].strip() == "lit." for line in lines):
        yield "lit.: what the literature says, not the page"


def _sections(found: Chain, arrows: Sequence[Arrow], *, complete: bool) -> Iterator[str]:
    """Yield the chain section by section; each arrow stands in one of them."""
    placed: dict[str, list[Arrow]] = {title: [] for title in _TITLES}
    for arrow in arrows:
        placed[_place(found, arrow)].append(arrow)
    for layer, title in _TITLES.items():
        yield from _section(title, _grouped(found, placed[layer], backward=layer in _BACKWARD))
    steps = {(arrow.cause, arrow.effect) for arrow in arrows}
    loops = [loop for loop in found.loops if steps.issuperset(pairwise(loop))]
    yield from _section("LOOPS: ways that return to where they start", _ways(found, loops))
    if complete:
        yield from _section("MISSING: where the claims break off", _missing(found))


def _place(found: Chain, arrow: Arrow) -> str:
    """Return the section of an arrow."""
    layer = found.layers[arrow.effect]
    if arrow.influence == "lowers" and layer not in ("apart", "brake"):
        return "brake"
    if layer == "symptom":
        return "symptom"
    layer = found.layers[arrow.cause]
    if layer in ("cause", "process", "deposit"):
        return layer
    return "broken" if arrow.kind in MECHANISM else "apart"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    given = list(lines)
    if given:
        yield from ("", title, "", *given)


def _grouped(found: Chain, arrows: Iterable[Arrow], *, backward: bool) -> Iterator[str]:
    """Yield arrows under the node at one end; claims that say the same share a line."""
    groups: dict[str, dict[Arrow, list[str]]] = defaultdict(lambda: defaultdict(list))
    for arrow in arrows:
        groups[arrow.effect if backward else arrow.cause][replace(arrow, source="", kind="")].append(arrow.source)
    for node in sorted(groups, key=order):
        yield f"{_label(found, node)}  ({node})"
        for arrow, sources in groups[node].items():
            yield _line(found, arrow, sources, backward=backward)


def _label(found: Chain, node: str) -> str:
    return found.labels.get(node, node)


def _line(found: Chain, arrow: Arrow, sources: Sequence[str], *, backward: bool) -> str:
    """Return one arrow on a line: claim, status, hedge, the node at its other end, relation."""
    axiom = arrow.origin == "axiom"
    source, status = ("axiom", f"({sources[0]})") if axiom else (sources[0], arrow.status)
    third = "lit." if arrow.origin == "literature" else "hedged" if arrow.hedged else ""
    head = f"  {source:<9}{status:<10}{third:<7}"
    remarks = [_label(found, arrow.relation), *arrow.limits, *(f"also {other}" for other in sources[1:])]
    mark = INFLUENCES[arrow.influence]
    node = f"{_label(found, arrow.cause)} {mark}" if backward else f"{mark} {_label(found, arrow.effect)}"
    said = f"{node}  ({'; '.join(remarks)})"
    return textwrap.fill(said, _WIDTH, initial_indent=head, subsequent_indent=" " * (len(head) + 3))


def _ways(found: Chain, ways: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield numbered ways in words, each with its weakest status: a way is worth no more than that."""
    for number, way in enumerate(ways, 1):
        words, statuses = _label(found, way[0]), []
        for cause, effect in pairwise(way):
            arrows = found.between(cause, effect)
            marks = dict.fromkeys(INFLUENCES[arrow.influence] for arrow in arrows)
            words += f" {'/'.join(marks)} {_label(found, effect)}"
            statuses.append(min((arrow.status for arrow in arrows), key=_STATUS.__getitem__))
        words += f"  [weakest step: {max(statuses, key=_STATUS.__getitem__)}]"
        yield textwrap.fill(words, _WIDTH, initial_indent=f"{number:>3}. ", subsequent_indent=" " * 8)


def _missing(found: Chain) -> Iterator[str]:
    others = [node for node in found.dead_ends if node not in found.broken_off]
    lists = (
        ("Mechanisms that break off, with no way to a deposit", found.broken_off),
        ("Others with no way to a deposit", others),
        ("Findings that no arrow reaches", found.unreached),
        ("Symptoms that calcinosis is said to show, with no causal arrow to them", found.unexplained),
    )
    for title, nodes in lists:
        said = "; ".join(_label(found, node) for node in nodes) or "none"
        yield textwrap.fill(f"{title}: {said}.", _WIDTH, subsequent_indent="    ", break_on_hyphens=False)


def _paths(found: Chain, paths: Sequence[Sequence[str]], start: str, end: str) -> Iterator[str]:
    names = f"from {_label(found, start)} ({start}) to {_label(found, end)} ({end})"
    if not paths:
        yield from ("", f"No way leads {names}.")
    most = " (the shortest; there may be more)" if len(paths) == MOST_PATHS else ""
    yield from _section(f"PATHS {names}{most}", _ways(found, paths))


def _denied(found: Chain, arrows: Iterable[Arrow]) -> Iterator[str]:
    """Yield what stands between the nodes shown and yet is no arrow, since it is refuted or negated."""
    lines = []
    for arrow in arrows:
        said = f"{_label(found, arrow.cause)} {INFLUENCES[arrow.influence]} {_label(found, arrow.effect)}"
        lines.append(f"  {arrow.source:<9}{arrow.status:<10}{'NOT: ' if arrow.negated else ''}{said}")
    yield from _section("NO ARROWS: claims that are refuted, or that deny something", lines)
