"""The verb `chain` of the command line: the causal chain from cause to deposit to symptom, for a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

import click

from calcinosis_kg.causality import INFLUENCES
from calcinosis_kg.claims import SHORTCUT_STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from calcinosis_kg.causality import Arrow
    from calcinosis_kg.networks import Chain

_WIDTH = 98
_TITLES = {
    "cause": "CAUSES: they lead to a deposit, and nothing leads to them",
    "process": "PROCESSES: something leads to them, and they lead to a deposit",
    "deposit": "DEPOSIT: calcification, the deposit, the diseases that have one",
    "symptom": "SYMPTOMS, FINDINGS, COMPLICATIONS: what a deposit or its disease leads to",
    "apart": "APART: these arrows have no way to a deposit or from it",
}
_KEY = (
    "->  furthers, brings about      -|  holds back      ~>  influences, direction not said",
    "=>  link, not causal in itself: puts out, shows as, is a form of",
)
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
        lines = _paths(found, paths, start, end) if start and end else _whole(found, arrows, complete=not (start or end))
        refuted = chains.denied(found, arrows)
        click.echo("\n".join((*lines, *_denied(refuted))))
    else:
        write = {"dot": chains.to_dot, "turtle": chains.to_turtle}
        click.echo(chains.to_json(found, arrows, paths) if form == "json" else write[form](found, arrows), nl=False)
    counts = Counter(arrow.status for arrow in arrows)
    said = ", ".join(f"{counts[status]} {status}" for status in (*SHORTCUT_STATUSES, "axiom") if counts[status])
    click.echo(f"({len(arrows)} arrows{': ' if said else ''}{said})", err=True)


def _whole(found: Chain, arrows: Sequence[Arrow], *, complete: bool) -> Iterator[str]:
    """Yield the chain layer by layer, each arrow under its cause."""
    yield from _KEY
    onward = [arrow for arrow in arrows if arrow.influence != "lowers" or found.layers[arrow.effect] == "apart"]
    for layer, title in _TITLES.items():
        if layer == "apart":
            yield from _section("HELD BACK", _held(found, arrows))
        if layer == "symptom":
            yield from _section(title, _reached(found, arrows))
            continue
        mine = [arrow for arrow in onward if found.layers[arrow.cause] == layer]
        yield from _section(title, _under(found, mine))
    if complete:
        yield from _section("LOOPS: ways that return to where they start", _loops(found))
        yield from _section("MISSING: where the claims break off", _missing(found))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    given = list(lines)
    if given:
        yield from ("", title, "", *given)


def _under(found: Chain, arrows: Sequence[Arrow]) -> Iterator[str]:
    for node in found.nodes:
        mine = [arrow for arrow in arrows if arrow.cause == node]
        if mine:
            yield _named(found, node)
            yield from (_line(found, arrow) for arrow in mine)


def _reached(found: Chain, arrows: Sequence[Arrow]) -> Iterator[str]:
    """Yield each symptom with what leads to it: a reader looks for it from this end."""
    for node in found.nodes:
        mine = [arrow for arrow in arrows if arrow.effect == node and arrow.influence != "lowers"]
        if found.layers[node] == "symptom" and mine:
            yield _named(found, node)
            yield from (_line(found, arrow, backward=True) for arrow in mine)


def _held(found: Chain, arrows: Sequence[Arrow]) -> Iterator[str]:
    lowering = [arrow for arrow in arrows if arrow.influence == "lowers" and found.layers[arrow.effect] != "apart"]
    for node in found.nodes:
        mine = [arrow for arrow in lowering if arrow.effect == node]
        if mine:
            yield _named(found, node)
            yield from (_line(found, arrow, backward=True) for arrow in mine)


def _named(found: Chain, node: str) -> str:
    return f"{found.labels.get(node, node)}  ({node})"


def _line(found: Chain, arrow: Arrow, *, backward: bool = False) -> str:
    """Return one arrow on a line: claim, status, hedge, relation, and the node at its other end."""
    status = f"({arrow.source})" if arrow.origin == "axiom" else arrow.status
    source = "axiom" if arrow.origin == "axiom" else arrow.source
    hedged = "literature" if arrow.origin == "literature" else "hedged" if arrow.hedged else ""
    head = f"    {source:<9}{status:<10}{hedged:<7} "
    relation = found.labels.get(arrow.relation, arrow.relation)
    mark = INFLUENCES[arrow.influence]
    if backward:
        said = f"{found.labels.get(arrow.cause, arrow.cause)} {mark}  ({relation})"
    else:
        said = f"{mark} {found.labels.get(arrow.effect, arrow.effect)}  ({relation})"
    return textwrap.fill(said, _WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def _loops(found: Chain) -> Iterator[str]:
    for number, loop in enumerate(found.loops, 1):
        yield _way(found, loop, f"{number}. ")


def _way(found: Chain, way: Sequence[str], head: str) -> str:
    """Return a way in words, with the mark of the first arrow of each step."""
    words = found.labels.get(way[0], way[0])
    for cause, effect in zip(way, way[1:], strict=False):
        marks = dict.fromkeys(INFLUENCES[arrow.influence] for arrow in found.between(cause, effect))
        words += f" {'/'.join(marks)} {found.labels.get(effect, effect)}"
    return textwrap.fill(words, _WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def _missing(found: Chain) -> Iterator[str]:
    lists = (
        ("No way to a deposit", found.dead_ends),
        ("Findings that no arrow reaches", found.unreached),
        ("Symptoms that calcinosis is said to show, with no causal arrow to them", found.unexplained),
    )
    for title, nodes in lists:
        said = "; ".join(found.labels.get(node, node) for node in nodes) or "none"
        yield textwrap.fill(f"{title}: {said}.", _WIDTH, subsequent_indent="    ")


def _paths(found: Chain, paths: Sequence[Sequence[str]], start: str, end: str) -> Iterator[str]:
    """Yield each path, step by step, with its weakest status: a chain is worth no more than that."""
    names = f"{found.labels.get(start, start)} ({start}) to {found.labels.get(end, end)} ({end})"
    yield f"No way leads from {names}." if not paths else f"From {names}"
    for number, path in enumerate(paths, 1):
        steps = [found.between(cause, effect) for cause, effect in zip(path, path[1:], strict=False)]
        best = [min((arrow.status for arrow in step), key=_STATUS.__getitem__) for step in steps]
        weakest = max(best, key=_STATUS.__getitem__)
        yield from ("", _way(found, path, f"{number}. "), f"    weakest step: {weakest}")
        yield from (_line(found, arrow) for step in steps for arrow in step)


def _denied(arrows: Sequence[Arrow]) -> Iterator[str]:
    """Yield a line on claims between the nodes shown that are no arrows."""
    kinds = {"refuted": [arrow.source for arrow in arrows if arrow.status == "refuted"]}
    kinds["negated"] = [arrow.source for arrow in arrows if arrow.status != "refuted"]
    for kind, sources in kinds.items():
        if sources:
            yield from ("", f"No arrow, since {kind}: {', '.join(sources)}.")
