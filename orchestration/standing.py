"""How the house stands by its own ledger: the clock, the last load of each source, what is new."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from identity import journal
from ingestion.durable import write_whole
from labelling.fingerprint import imported
from orchestration.counting import arrival_of
from orchestration.errors import ROOMS
from orchestration.project import hash_of, project_hash
from orchestration.publish import is_whole
from orchestration.settings import Settings
from storage import opened, turn

# What a publication and its pages are made by: programs, templates, styles and scripts.
CODE = (".py", ".j2", ".css", ".js")
# How what each stage was built of looked then (`orchestration/affected.py`).
BUILT = "ops.built"


@dataclass(frozen=True, slots=True)
class Stand:
    """The last load of a source; `problem` is None when it went through."""

    source: str
    as_of: datetime
    problem: str | None


def as_of(current: Settings) -> datetime:
    """Return the run's instant, as the load wrote it down."""
    with opened(current.warehouse) as db:
        row = db.execute("select max(as_of) from ops.clock").fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment


def stands(current: Settings) -> list[Stand]:
    """Return the last load of each source that is on and was ever loaded."""
    with opened(current.warehouse) as db:
        rows = db.execute(
            """
            select source, as_of, problem from ops.loads
            where list_contains(?, source)
            qualify row_number() over (partition by source order by load_number desc) = 1
            order by source
            """,
            [list(current.sources)],
        ).fetchall()
    return [Stand(*row) for row in rows]


def problems(current: Settings) -> list[str]:
    """Return the sentence of each source whose last load failed."""
    return [stand.problem for stand in stands(current) if stand.problem]


def fingerprint(current: Settings) -> str:
    """Return a hash of all that a publication is made of: code, clock, raw, decisions, labels."""
    with opened(current.warehouse) as db:
        raw = arrived(db)
        decisions = journal.latest(db)
        labels = imported(db)
    facts = [project_hash(current), as_of(current).isoformat(), *map(str, raw), *problems(current)]
    models = sorted(current.labellers.glob("*.npz"))
    return hash_of([*programs(current), *models], [*facts, str(decisions), labels])


def programs(current: Settings) -> list[Path]:
    """Return the files that make what is published, dbt's project apart."""
    found = (file for room in ROOMS for file in sorted((current.root / room).rglob("*")))
    return [file for file in found if file.suffix in CODE]


def arrived(db: duckdb.DuckDBPyConnection) -> list[tuple[str, int, str | None]]:
    """Return each raw table that has rows, with how many and the last load that brought any.

    Of raw itself: a load that was killed after its rows were in left no word in the ledger. Not of
    dlt's own tables: a cursor that moves is no news.
    """
    tables = db.execute(
        "select schema_name || '.' || table_name from duckdb_columns() "
        "where starts_with(schema_name, 'raw_') and not starts_with(table_name, '_dlt') "
        "and column_name = '_dlt_load_id' order by all"
    ).fetchall()
    found = [(name, *arrival_of(db, name)) for (name,) in tables]
    return [table for table in found if table[1]]  # dlt makes tables to stage in when it needs them


def is_published(current: Settings) -> bool:
    """Say whether the last run that went through to the page saw exactly this."""
    done = _done_file(current)
    if not (done.exists() and current.page.exists() and current.site.exists()):
        return False
    is_of_now = json.loads(done.read_text())["fingerprint"] == fingerprint(current)
    return is_of_now and is_whole(current)  # last, for it reads every byte that was published


def remember(current: Settings) -> None:
    """Write down that everything up to the page was made of what is there now."""
    write_whole(_done_file(current), json.dumps({"fingerprint": fingerprint(current)}) + "\n")


def forget(current: Settings) -> None:
    """Let the next run build all and publish, whatever else is new."""
    _done_file(current).unlink(missing_ok=True)
    with turn(current.warehouse), opened(current.warehouse) as db:
        db.execute(f"drop table if exists {BUILT}")


def _done_file(current: Settings) -> Path:
    return current.published / "done.json"
