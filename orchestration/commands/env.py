"""`ax env` and `ax generate`: what the native commands need."""

import shlex

import typer

from orchestration.errors import HouseError
from orchestration.project import dbt_environment, is_generated
from orchestration.project import generate as write_slices
from orchestration.settings import settings
from orchestration.terminal import say


def env() -> None:
    """Print the variables for native commands: eval "$(ax env)"."""
    for name, value in dbt_environment(settings()).items():
        say(f"export {name}={shlex.quote(value)}")


def generate(
    check: bool = typer.Option(False, "--check", help="Only say whether it is up to date."),
) -> None:
    """Write what the folders imply: which connector fills which input contract."""
    current = settings()
    if check and not is_generated(current.project):
        raise HouseError("connector_slices.sql is out of date; run `ax generate`")
    changed = not check and write_slices(current.project)
    say("written anew" if changed else "up to date")
