"""`ax export`: a published relation as a file; with contacts through the one logged door."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.project import manifest
from orchestration.settings import Settings, settings
from orchestration.terminal import say


def export(
    name: Annotated[str, typer.Argument(help="What is published, for example pub_touchpoints.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", help="CSV or Parquet, by its ending; else exports/NAME.csv."),
    ] = None,
    with_contacts: Annotated[
        bool, typer.Option("--with-contacts", help="With name, e-mail and phone; it is logged.")
    ] = False,
    contacted_for: Annotated[
        str | None, typer.Option("--for", help="What they are contacted for: marketing, survey, ..")
    ] = None,
) -> None:
    """Write what is published as a file that only you can read.

    With contacts only those leave who may be contacted for the purpose (docs/classification.md).
    """
    from orchestration import contacts

    current = settings()
    file = (to or current.data / "exports" / f"{name}.csv").expanduser().absolute()
    if with_contacts:
        done = contacts.export_with_contacts(
            current, name, file, contacted_for, published_for(current, name)
        )
    elif contacted_for:
        raise typer.BadParameter("is said of contacts; add --with-contacts", param_hint="--for")
    else:
        done = contacts.export(current, name, file)
    say(f"{done.rows:,} rows are in {done.file}")
    if done.left_out:
        why = ", ".join(f"{n:,} {why.replace('_', ' ')}" for why, n in done.left_out.items())
        say(f"left out, in persons: {why}")
    if with_contacts:
        say(f"written down in {contacts.audit_log(current)}")


def published_for(current: Settings, name: str) -> str | None:
    """Return the purpose that a published model declares; None where it is about nobody."""
    nodes = manifest(current)["nodes"]
    node = nodes.get(f"model.ax_warehouse.{name}", {"config": {}})
    purpose = node["config"].get("meta", {}).get("purpose")
    return str(purpose) if purpose else None
