"""The differences between two releases as a page for people and as JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from calcinosis_kg.releases.differences import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from calcinosis_kg.releases.descriptions import Release
    from calcinosis_kg.releases.differences import Change, Differences

PAGE, TABLE = "CHANGES.md", "changes.json"
_HEADINGS = {"term": "Terms", "claim": "Claims", "evidence": "Evidence", "mapping": "Mappings"}


def page(release: Release, found: Differences) -> bytes:
    """Return the differences in Markdown."""
    return ("\n".join(_lines(release, found)) + "\n").encode()


def table(release: Release, found: Differences) -> bytes:
    """Return the differences as JSON."""
    content = {
        "previous": release.previous,
        "version": release.version,
        "counts": counted(found.changes),
        "changes": [{key: value for key, value in asdict(change).items() if value} for change in found.changes],
        "statements": {
            graph: {"added": added, "removed": removed} for graph, (added, removed) in found.statements.items()
        },
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _lines(release: Release, found: Differences) -> Iterator[str]:
    yield f"# Changes from {release.previous} to {release.version}"
    if not found:
        yield from ("", "None but the version.")
        return
    for about, heading in _HEADINGS.items():
        of_it = [change for change in found.changes if change.about == about]
        if not of_it:
            continue
        numbers = ", ".join(f"{number} {key.partition(' ')[2]}" for key, number in counted(of_it).items())
        yield from ("", f"## {heading}", "", f"{numbers}.", "")
        yield from (f"- {_line(change)}" for change in of_it)
    yield from ("", "## Statements", "", "| named graph | added | removed |", "|---|---|---|")
    yield from (f"| {graph} | {added} | {removed} |" for graph, (added, removed) in found.statements.items())


def _line(change: Change) -> str:
    """Return one change in words.

    >>> from calcinosis_kg.releases.differences import Change
    >>> _line(Change("claim", "CKG-C217", "warfarin treats", "re-judged", "status", "contested", "refuted", "rule 02"))
    '**CKG-C217** warfarin treats: re-judged, contested → refuted (rule 02)'
    """
    label = f" {change.label}" if change.label else ""
    said = f"**{change.id}**{label}: {change.kind}"
    if change.field and change.kind == "changed":
        said += f" {change.field}"
    if change.before and change.after:
        said += f", {change.before} → {change.after}"
    elif change.before or change.after:
        said += f", {change.after}" if change.after else f", was {change.before}"
    return (said + (f" ({change.reason})" if change.reason else "")).replace("\n", " ")
