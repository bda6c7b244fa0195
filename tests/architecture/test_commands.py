"""Each command of `ax` that tells something tells it to programs too, or there is a reason why not."""

from collections.abc import Iterator
from typing import Any

import typer

from orchestration.cli import app

ACTS = "does one thing and says in a sentence that it did; what came of it `{}` tells"
# Commands without --json, each with the reason; a new one gets the option or a line here.
WITHOUT = {
    "open": "starts a browser",
    "explore": "starts a server and stays until Ctrl-C",
    "sandbox serve": "starts a server and stays until Ctrl-C",
    "mf": "hands its words on to MetricFlow, whose output is its own",
    "env": "prints shell, to be evaluated",
    "generate": "its exit code is the answer",
    "quarantine show": "prints JSON as it is: the record, ready to be mended",
    "quarantine replay": ACTS.format("ax quarantine list --json"),
    "copy": ACTS.format("ax publications --json"),
    "rollback": ACTS.format("ax publications --json"),
    "export": "writes a file, CSV or Parquet; with contacts the log has a JSON line of it",
    "export-subject": "writes JSON into a file",
    "forget": "writes a receipt, in JSON",
    "audiences init": "asks a person",
    "sandbox advance": ACTS.format("ax status --json"),
    "sandbox reset": ACTS.format("ax status --json"),
    "source new": "writes files and says what a person does next",
    "label run": "writes labels; what became of them are metrics",
    "label import": "writes labels; what became of them are metrics",
    "label drop": "forgets labels; what became of them are metrics",
    "label export": "writes a file, Parquet",
    "label train": "prints rows of CSV, to be put into labellers.csv",
    "identity link": "writes a file, CSV or Parquet",
    "identity propose": ACTS.format("ax identity review --json"),
    **{
        f"identity {decision}": ACTS.format("ax identity journal --json")
        for decision in (
            "merge", "bind", "detach", "exclude", "include", "confirm", "reject", "undo",
        )
    },
}  # fmt: skip


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield every command of `ax` by its words."""
    if not hasattr(command, "commands"):
        yield " ".join(words), command
        return
    for name, inner in command.commands.items():
        yield from commands(inner, (*words, name))


def test_a_command_has_json_or_a_reason() -> None:
    found = dict(commands(typer.main.get_command(app)))
    silent = {
        name for name, command in found.items()
        if not any("--json" in given.opts for given in command.params)
    }  # fmt: skip

    assert silent == WITHOUT.keys()
    assert len(found) > len(silent) + 8
