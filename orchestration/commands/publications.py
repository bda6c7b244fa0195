"""`ax publications` and `ax rollback`: what readers have, had, and can have again."""

from collections.abc import Mapping

import typer
from rich.table import Table

from orchestration import publish
from orchestration.errors import NoCopy, NoPublication
from orchestration.lock import locked
from orchestration.settings import Settings, settings
from orchestration.terminal import AS_JSON, console, say, show_json


def publications(as_json: bool = AS_JSON) -> None:
    """List the publications that are kept."""
    current = settings()
    serving = publish.served(current)
    if as_json:
        show_json(
            [
                {"id": kept.id, **kept.facts, "is_served": bool(serving and serving.id == kept.id)}
                for kept in publish.publications(current)
            ]
        )
        return
    table = Table(box=None, pad_edge=False)
    for name in ("id", "as of", "rows", "code", "checks", "served"):
        table.add_column(name)
    for kept in publish.publications(current):
        checks = ", ".join(f"{n} {how}" for how, n in kept.facts.get("checks", {}).items())
        rows = f"{sum(kept.facts['rows'].values()):,}"
        is_served = "yes" if serving and serving.id == kept.id else ""
        facts = [kept.facts["as_of"], rows, kept.facts.get("code") or "", checks, is_served]
        table.add_row(kept.id, *facts)
    console().print(table)


def copy() -> None:
    """Bring what readers have into the other database again (AX_COPY_TO names its kind)."""
    from orchestration.copies import renew

    current = settings()
    if not current.copy_to:
        raise NoCopy
    serving = publish.served(current)
    if serving is None:
        raise NoPublication("to copy", [])
    with locked(current.data / "run.lock"):
        rows = renew(current)
    say(
        f"{current.copy_to} now has {serving.id}: {sum(rows.values()):,} rows in {len(rows)} tables"
    )


def rollback(
    to: str | None = typer.Option(None, "--to", help="Id of the publication; else the one before."),
) -> None:
    """Give readers a former publication again; the next run with news publishes anew."""
    current = settings()
    with locked(current.data / "run.lock"):
        _serve(current, to)


def _serve(current: Settings, to: str | None) -> None:
    from dashboards.site import write
    from orchestration.copies import renew

    chosen = publish.rollback(current, to)
    say(f"readers now have {chosen.id}, as of {chosen.facts['as_of']}")
    write(current.serving, current.published)  # the pages tell of what readers have
    renew(current)


def metric_values(current: Settings) -> dict[str, int | None]:
    """Return how many metric values readers have, and how many there may be at most."""
    serving = publish.served(current)
    rows = serving.facts["rows"].get("pub_metric_values") if serving else None
    return {"published": rows, "at_most": current.max_metric_cells}


def values_said(found: Mapping[str, int | None]) -> str:
    """Say how many metric values there are and may be; '' before the first publication."""
    if found["published"] is None:
        return ""
    return f"{found['published']:,} metric values, at most {found['at_most']:,}"
