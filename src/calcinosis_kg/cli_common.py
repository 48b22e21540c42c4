"""What several verbs share: exit codes, and the option that says which part of the dataset to see."""

from __future__ import annotations

import click

from calcinosis_kg import views

FINDINGS, BAD_INPUT, STOPPED = 1, 2, 130
"""Exit codes: something was found, bad input or usage, stopped by the user."""

GRAPHS = click.option(
    "--graph", "graphs", multiple=True, metavar="NAME",
    help=f"Which part to see; may be repeated. One of: {', '.join(views.VIEWS)}.",
)  # fmt: skip
