"""`ax env` and `ax generate`: what the native commands need."""

import shlex

import typer

from orchestration import metric_pages, semantic_models
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
    """Write what folders and registries imply: slices, a page a metric, the semantic layer."""
    current = settings()
    if check:
        are_generated = [
            is_generated(current.project),
            metric_pages.is_generated(current.root),
            semantic_models.is_generated(current.root),
        ]
        if not all(are_generated):
            raise HouseError("what is generated is out of date; run `ax generate`")
        say("up to date")
        return
    changed = [
        write_slices(current.project),
        metric_pages.generate(current.root),
        semantic_models.generate(current.root),
    ]
    say("written anew" if any(changed) else "up to date")
