"""`ax status`: what came from each source, how each check ended, what readers have."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import duckdb
import typer
from rich.table import Table

from orchestration import publish
from orchestration.commands.publications import metric_values, values_said
from orchestration.commands.run import instance
from orchestration.errors import UnknownSource
from orchestration.settings import FILES, Settings, folder_kind, settings
from orchestration.terminal import AS_JSON, console, say, show_json
from storage import has

SOURCES = """
with latest as (
    select source, as_of, problem from ops.loads
    where list_contains(?, source)
    qualify row_number() over (partition by source order by load_number desc) = 1
),
good as (
    select source, max(as_of) as as_of from ops.loads where status = 'loaded' group by source
)
select
    latest.source, latest.as_of as last_tried, good.as_of as last_load,
    date_diff('minute', good.as_of, (select max(as_of) from ops.clock)) as lag_minutes,
    latest.problem
from latest left join good using (source)
order by latest.source
"""


HEALTH = """
select source, table_name as "table", status, reason, rows, expected_low, expected_high, loads,
    silent_hours, allowed_hours
from ops.table_health where list_contains(?, source) order by source, table_name
"""

TABLES = """
select source, table_name as "table", extracted, new, changed, unchanged, duplicate, quarantined,
    json_keys(undeclared) as undeclared
from ops.loads
where list_contains(?, source) and status = 'loaded'
qualify load_number = max(load_number) over (partition by source)
order by source, table_name
"""


def status(
    only: Annotated[
        str | None, typer.Argument(metavar="[SOURCE]", help="Only the tables of this source.")
    ] = None,
    as_json: bool = AS_JSON,
) -> None:
    """Say how every source, check and publication stands; of one source, table by table."""
    current = settings()
    if only and only not in current.sources:
        raise UnknownSource([only], list(current.sources))
    if only and not as_json:
        show_tables(only, tables(current, [only]))
        show_health(health(current, [only]))
        return
    facts = {
        "data": str(current.data),
        "kind": folder_kind(current) or current.kind,
        "sources": sources(current),
        "tables": tables(current, [only] if only else current.sources),
        "health": health(current, [only] if only else current.sources),
        "checks": checks(current),
        "publications": publications(current),
        "metric_values": metric_values(current),
        "texts": texts(current),
        "declared": declared(current),
    }
    if as_json:
        show_json(facts)
    else:
        show(facts)


def sources(current: Settings) -> list[dict[str, Any]]:
    """Return, per source that is on: last load, rows, lag in minutes, quarantined, problem."""
    seen: dict[str, dict[str, Any]] = {}
    rows: dict[str, int] = {}
    aside: dict[str, int] = {}
    if current.warehouse.exists():
        from ingestion.pipeline import connect
        from ingestion.quarantine import count_waiting

        with connect(current.warehouse) as db:
            if _has_ledger(db):
                found = db.execute(SOURCES, [list(current.sources)]).df()
                seen = {str(row["source"]): row for row in _records(found)}
                rows = {name: _raw_rows(db, name) for name in seen}
                aside = {name: count_waiting(db, name) for name in seen}
    never = {"last_tried": None, "last_load": None, "lag_minutes": None,
             "problem": "never loaded; run `ax run`"}  # fmt: skip
    return [
        {"source": name, **never, **seen.get(name, {}), "rows": rows.get(name, 0),
         "quarantined": aside.get(name, 0)}
        for name in current.sources
    ]  # fmt: skip


def tables(current: Settings, of: Sequence[str]) -> list[dict[str, Any]]:
    """Return what the last good load of each source brought, table by table.

    extracted = new + changed + unchanged + duplicate + quarantined; `undeclared` are keys that the
    vendor sends and the connector does not declare.
    """
    if not current.warehouse.exists():
        return []
    from ingestion.pipeline import connect

    with connect(current.warehouse) as db:
        return _records(db.execute(TABLES, [list(of)]).df()) if _has_ledger(db) else []


def health(current: Settings, of: Sequence[str]) -> list[dict[str, Any]]:
    """Return how each table stood against its own history when it last came."""
    if not current.warehouse.exists():
        return []
    from ingestion.pipeline import connect

    with connect(current.warehouse) as db:
        is_kept = has(db, "ops.table_health")
        return _records(db.execute(HEALTH, [list(of)]).df()) if is_kept else []


def show_health(rows: list[dict[str, Any]]) -> None:
    """Print how tables stand against their own history."""
    columns = ("source", "table", "status", "rows", "expected_low", "expected_high", "reason")
    console().print(_table("Against their own history", rows, columns))


def show_tables(source: str, rows: list[dict[str, Any]]) -> None:
    """Print the last good load of one source."""
    columns = ("table", "extracted", "new", "changed", "unchanged", "duplicate", "quarantined")
    console().print(_table(f"Last good load of {source}, in rows", rows, columns))
    for row in rows:
        if row["undeclared"]:
            say(
                f"{row['table']} also sends, undeclared and dropped: {', '.join(row['undeclared'])}"
            )


def _has_ledger(db: duckdb.DuckDBPyConnection) -> bool:
    return has(db, "ops.loads") and has(db, "ops.clock")


def _records(frame: Any) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", date_format="iso"))
    return records


def _raw_rows(db: duckdb.DuckDBPyConnection, source: str) -> int:
    names = db.execute(
        "select distinct table_name from duckdb_columns() where schema_name = ? "
        "and not starts_with(table_name, '_') and table_name <> 'quarantine'",
        [f"raw_{source}"],
    ).fetchall()
    counts = (db.execute(f'select count(*) from raw_{source}."{n}"').fetchone() for (n,) in names)
    return sum(count[0] for count in counts if count)


def checks(current: Settings) -> list[dict[str, Any]]:
    """Return how each check ended when it last ran, the broken ones first."""
    if not (current.data / "dagster").exists():
        return []
    from orchestration.event_log import last_answers
    from orchestration.published import DOOR

    with instance(current) as on:
        answers = [_check(at, said) for at, said in last_answers(on, DOOR)]
    return sorted(answers, key=lambda c: (c["passed"], c["asset"], c["check"]))


def _check(at: float, done: Any) -> dict[str, Any]:
    return {
        "asset": done.asset_key.to_user_string(),
        "check": done.check_name,
        "passed": done.passed,
        "severity": done.severity.value.lower(),
        "said": done.description,
        "at": datetime.fromtimestamp(at).astimezone().isoformat(timespec="seconds"),
    }


def publications(current: Settings) -> list[dict[str, Any]]:
    """Return the publications that are kept, and which of them readers have."""
    serving = publish.served(current)
    return [
        {
            "id": kept.id,
            "as_of": kept.facts["as_of"],
            "rows": sum(kept.facts["rows"].values()),
            "is_served": bool(serving and serving.id == kept.id),
        }
        for kept in publish.publications(current)
    ]


def texts(current: Settings) -> dict[str, int]:
    """Return how many turns are redacted, withheld and empty; nothing before the first run."""
    if not current.warehouse.exists():
        return {}
    from ingestion.pipeline import connect

    with connect(current.warehouse) as db:
        if not has(db, "redacted.turns"):
            return {}
        return dict(
            db.execute("select status, count(*) from redacted.turns group by all").fetchall()
        )


def declared(current: Settings) -> list[dict[str, Any]]:
    """Return what file mappings declare instead of reading it: snapshot dates, audiences."""
    if FILES not in current.sources:
        return []
    from ingestion.connectors.files import declared_constants

    constants: list[dict[str, Any]] = declared_constants(current.inbox)
    return constants


def show(facts: Mapping[str, Any]) -> None:
    """Print the same for people."""
    out = console()
    say(f"{facts['data']} belongs to the {facts['kind']}")
    columns = ("source", "last_load", "rows", "lag_minutes", "quarantined", "problem")
    out.print(_table("Sources", facts["sources"], columns))
    if odd := [row for row in facts["health"] if row["status"] == "odd"]:
        show_health(odd)
    failed = [check for check in facts["checks"] if not check["passed"]]
    say(f"\n{len(facts['checks'])} checks, {len(failed)} of them do not hold")
    if failed:
        out.print(_table("Broken checks", failed, ("asset", "check", "severity", "said", "at")))
    if said := values_said(facts["metric_values"]):
        say(f"\n{said}")
    if facts["texts"]:
        told = ", ".join(f"{count:,} {status}" for status, count in sorted(facts["texts"].items()))
        say(f"\nTexts: {told} (docs/redaction.md)")
    out.print(_table("Publications", facts["publications"], ("id", "as_of", "rows", "is_served")))
    if facts["declared"]:
        out.print(_table("Declared in mappings", facts["declared"], tuple(facts["declared"][0])))


def _table(title: str, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Table:
    table = Table(title=f"\n{title}", title_justify="left", box=None, pad_edge=False)
    for name in columns:
        table.add_column(name.replace("_", " "))
    for row in rows:
        table.add_row(*("" if row[name] is None else str(row[name]) for name in columns))
    return table
