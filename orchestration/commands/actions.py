"""`ax actions`: who is owed an answer, in order; as a list, as a file, or to where people work."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.settings import settings
from orchestration.terminal import AS_JSON, console, say, show_json

if TYPE_CHECKING:
    from orchestration.actions import Queue

COLUMNS = ("due", "what", "as", "owner", "so far", "score", "who")


def actions(
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write them to a CSV file that only you can read.")
    ] = None,
    post: Annotated[
        str | None,
        typer.Option(
            "--post", metavar="URL", help="Post each to a webhook, once a case and state."
        ),
    ] = None,
    as_json: bool = AS_JSON,
) -> None:
    """List the open cases of the closed loop in the order in which they are due.

    With names and addresses of those who may be contacted; each time it is written down. What is
    posted carries an Idempotency-Key, and AX_ACTIONS_TOKEN as its bearer where that is set.
    """
    from orchestration import actions as queue
    from orchestration import contacts

    current = settings()
    found = queue.read(current)
    if as_json:
        queue.noted(current, found, to="terminal")
        show_json({"cases": found.cases, "left_out": found.left_out})
        return
    if found.left_out:
        why = ", ".join(f"{n:,} {why.replace('_', ' ')}" for why, n in found.left_out.items())
        say(f"left out, in cases: {why}")
    if csv:
        file = csv.expanduser().absolute()
        say(f"{queue.write(current, found, file):,} cases are in {file}")
    if post:
        sent, before = queue.post(current, found, post)
        say(f"{sent:,} cases were sent; {before:,} had been sent before")
    if not (csv or post):
        queue.noted(current, found, to="terminal")
        _list(found)
    say(f"written down in {contacts.audit_log(current)}")


def _list(found: "Queue") -> None:
    if not found.cases:
        say("no open case may be acted on")
        return
    table = Table(box=None, pad_edge=False)
    for name in COLUMNS:
        table.add_column(name)
    for case in found.cases:
        table.add_row(*_cells(case))
    console().print(table)


def _cells(case: dict[str, Any]) -> list[str]:
    due = f"{case['due_at']:%Y-%m-%d %H:%M}" if case["due_at"] else "-"
    who = " ".join(
        str(case[name]) for name in ("display_name", "email", "phone", "unit") if case[name]
    )
    cells = [
        f"{due} late" if case["is_overdue"] else due,
        case["label"],
        case["audience"],
        case["owner_role"] or "nobody is named",
        "reopened" if case["is_reopened"] else case["state"],
        "" if case["score"] is None else f"{case['score']:g}",
        who or "no address",
    ]
    return [escape(cell) for cell in cells]
