"""`ax quarantine`: rows that did not fit, why, and the way back in."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from orchestration.commands.source import known
from orchestration.errors import NotARecord, NothingLoaded
from orchestration.lock import locked
from orchestration.settings import Settings, clock, settings
from orchestration.terminal import AS_JSON, console, say, show_json

if TYPE_CHECKING:
    from ingestion.quarantine import Aside, Replayed

app = typer.Typer(help="Rows that were set aside on the way in.", no_args_is_help=True)
SOURCE = Annotated[str, typer.Argument(help="A source by name.")]
ROW = Annotated[str, typer.Argument(help="A row's id, or how it begins, as `list` shows it.")]
SHOWN = 12  # of an id; a row is named by as much of it as is clear


@app.command("list")
def list_rows(
    source: Annotated[str | None, typer.Argument(help="Only this source.")] = None,
    most: Annotated[int, typer.Option("--most", help="How many of a source to list.")] = 20,
    as_json: bool = AS_JSON,
) -> None:
    """List what waits, oldest first; nothing of it leaves this terminal."""
    current = settings()
    names = [known(source).name] if source else list(current.sources)
    found = {name: rows for name in names if (rows := _waiting(current, name))}
    if as_json:
        show_json(
            [
                {"source": name, "row": row.quarantine_id, "table": row.table,
                 "key": row.record_key, "reason": row.reason}
                for name, rows in found.items() for row in rows
            ]
        )  # fmt: skip
        return
    for name, rows in found.items():
        say(f"\n{name}: {len(rows):,} rows wait")
        table = Table(box=None, pad_edge=False)
        for column in ("row", "table", "key", "reason"):
            table.add_column(column)
        for row in rows[:most]:
            table.add_row(row.quarantine_id[:SHOWN], row.table, row.record_key, row.reason)
        console().print(table)
        if len(rows) > most:
            say(f"and {len(rows) - most:,} more")
    say(
        "\n`ax quarantine show SOURCE ROW` prints a row, `ax quarantine replay SOURCE` tries again"
        if found
        else "nothing waits in quarantine"
    )


@app.command()
def show(source: SOURCE, row: ROW) -> None:
    """Print a row's record as JSON, ready to be mended; why it waits goes to the other stream."""
    current = settings()
    for aside in _waiting(current, known(source).name, row):
        say(f"{aside.table} {aside.record_key}: {aside.reason}", error=True)
        print(json.dumps(json.loads(aside.record), indent=2, ensure_ascii=False))


@app.command("replay")
def replay_rows(
    source: SOURCE,
    row: Annotated[str | None, typer.Argument(help="Only this row; without it all.")] = None,
    mended: Annotated[
        Path | None, typer.Option("--with", help="A file with the mended record, for one row.")
    ] = None,
) -> None:
    """Try rows again: those that fit go into raw, unless raw holds them in a later state."""
    from ingestion.pipeline import Landing
    from ingestion.quarantine import replay
    from orchestration.kept_out import gate

    current = settings()
    connector = known(source)
    with locked(current.data / "run.lock"):
        tried = _waiting(current, source, row)
        records = _records(tried, mended) if mended else {}
        landing = Landing(current.warehouse, current.work, clock(current), gate(current))
        _say(source, replay(connector, landing, tried, records))


def _waiting(current: Settings, source: str, row: str | None = None) -> "list[Aside]":
    from ingestion.pipeline import connect
    from ingestion.quarantine import waiting

    if not current.warehouse.exists():
        raise NothingLoaded(current.warehouse)
    with connect(current.warehouse) as db:
        return waiting(db, source, row)


def _records(tried: "Sequence[Aside]", file: Path) -> dict[str, str]:
    """Return the mended record of the one row that is tried."""
    if len(tried) != 1:
        raise NotARecord(file, f"is for one row and {len(tried)} are meant; name one row")
    try:
        text = file.read_text(encoding="utf-8")
        is_object = isinstance(json.loads(text), dict)
    except (OSError, ValueError) as why:
        raise NotARecord(file, f"can not be read ({why}); write what `show` prints") from why
    if not is_object:
        raise NotARecord(file, "holds no JSON object; write what `show` prints")
    return {tried[0].quarantine_id: text}


def _say(source: str, done: "Replayed") -> None:
    if done.load and done.load.problem:
        say(done.load.problem, error=True)
        raise typer.Exit(1)
    say(f"{len(done.replayed):,} rows went in; `ax run` takes them on")
    if done.superseded:
        say(f"{len(done.superseded):,} rows stay out: raw holds them as they were later")
    for row in done.misfits[:SHOWN]:
        say(f"{row.quarantine_id[:SHOWN]} of {row.table} still waits: {row.reason}", error=True)
    if done.misfits:
        say(
            f"{len(done.misfits):,} rows of {source} still wait; mend the connector's columns, or "
            f"one row by `ax quarantine replay {source} ROW --with FILE`",
            error=True,
        )
        raise typer.Exit(1)
