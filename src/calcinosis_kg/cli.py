"""The command line: each verb parses, calls, prints.

Exit codes: 0 fine, 1 findings, 2 bad input or usage, 130 stopped by the user. Whoever stops reading the
output (`| head`) ends the work as with other commands.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib.abc import MetaPathFinder
from typing import NoReturn

import click

from calcinosis_kg import (
    cli_append,
    cli_build,
    cli_chain,
    cli_conflicts,
    cli_export,
    cli_fetch,
    cli_infer,
    cli_merge,
    cli_merge_check,
    cli_nanopubs,
    cli_query,
    cli_release,
    cli_validate,
    cli_verify,
    cli_why,
)
from calcinosis_kg.cli_common import BAD_INPUT, STOPPED
from calcinosis_kg.errors import CalcinosisKGError

_VERBS = (
    cli_append.append,
    cli_build.build,
    cli_chain.chain,
    cli_conflicts.conflicts,
    cli_export.export,
    cli_fetch.fetch,
    cli_infer.infer,
    cli_merge.merge,
    cli_merge.unmerge,
    cli_merge_check.merge_check,
    cli_nanopubs.nanopubs,
    cli_query.queries,
    cli_query.query,
    cli_release.release,
    cli_validate.validate,
    cli_verify.verify,
    cli_why.why,
)
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_SETTINGS)
@click.version_option(package_name="calcinosis-kg")
def cli() -> None:
    """Ask, check and export the claims of one published page on calcinosis (DOID:182).

    \b
    Examples:
      calcinosis-kg query drugs
      calcinosis-kg query challenged-drug-claims --param drug=CHEBI:10033
      calcinosis-kg export calcinosis.ttl

    Not medical advice: a claim is here because a page makes it, not because it is true.
    """


for _verb in _VERBS:
    cli.add_command(_verb)


class _NoPandas(MetaPathFinder):
    """Hides pandas: pyarrow imports it with its first array if it is there, and takes 0.4 CPU-seconds for nothing."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        """Refuse pandas, and leave the rest to others."""
        del path, target
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)


def main() -> NoReturn:
    """Run the command line; a user's mistake gives one clear message, never a traceback."""
    if hasattr(signal, "SIGPIPE"):
        # As `cat` does: whoever reads the output may stop reading.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.meta_path.insert(0, _NoPandas())
    try:
        code = cli.main(prog_name="calcinosis-kg", standalone_mode=False)
    except CalcinosisKGError as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
    except click.ClickException as error:
        error.show()
        sys.exit(BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. Files that were there before are unchanged.", err=True)
        # At once: a query may still be at work in its thread.
        os._exit(STOPPED)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        place = error.filename or "standard output"
        click.echo(f"{place}: cannot be read or written: {reason}. Choose another place.", err=True)
        # What is left of the output cannot be written either.
        os._exit(BAD_INPUT)
    sys.exit(code if isinstance(code, int) else 0)
