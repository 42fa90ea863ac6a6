"""The front door `bango`: every package adds its commands through the entry-point group `bango.commands`."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points

import typer

from bango_spec.errors import BangoError

HELP = "番号制度 適合性試験台 / Bango Testbed: specs, mock national network, conformance tests"


def application() -> typer.Typer:
    """The command line with the commands of every installed package."""
    app = typer.Typer(
        help=HELP, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )
    for entry in sorted(entry_points(group="bango.commands"), key=lambda one: one.name):
        entry.load()(app)
    return app


def main() -> None:
    """Run the command line; an error of ours prints its four parts and exits with its own code."""
    try:
        application()()
    except BangoError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
