"""How `ax` speaks: on the terminal it was started from, plainly where there is none."""

import json
import shlex
import sys
from collections.abc import Sequence
from datetime import datetime

import typer
from rich.console import Console

from orchestration.settings import terminal

# Of every command that lists or tells: the same for programs.
AS_JSON = typer.Option(False, "--json", help="Print JSON.")


def show_json(facts: object) -> None:
    """Print facts for a program; instants in ISO 8601."""
    text = json.dumps(facts, indent=2, ensure_ascii=False, default=_as_text)
    print(text, file=sys.__stdout__)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def console(error: bool = False) -> Console:
    """Return the terminal as it was before a run's own output was put into a log."""
    plain = not terminal()
    stream = sys.__stderr__ if error else sys.__stdout__
    width = None if stream and stream.isatty() else 200
    return Console(
        file=stream, no_color=plain, force_terminal=False if plain else None, width=width
    )


def say(text: str, error: bool = False) -> None:
    """Print a line as it is; an error says whose it is."""
    line = f"ax: {text}" if error else text
    style = "red" if error else None
    console(error).print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def show_native(verbose: bool, command: Sequence[str], folder: str | None = None) -> None:
    """Print the native command that does the same, if it was asked for."""
    if verbose:
        where = f"cd {shlex.quote(folder)} && " if folder else ""
        say(f'$ eval "$(ax env)" && {where}{shlex.join(command)}')
