"""What is past its time goes by itself: a job of Dagster, before the daily run."""

from collections.abc import Mapping
from datetime import UTC, datetime

import dagster as dg

from ingestion.connector import Connector
from ingestion.pipeline import connect
from orchestration import standing
from orchestration.erasure import held_file
from orchestration.settings import FILES, Settings, clock
from privacy import retention, rewrite
from storage import turn
from storage.cleaning import tidy

JOB = "retention"


def enforce(current: Settings, connectors: Mapping[str, Connector]) -> dict[str, int]:
    """Delete what is older than its source's days and what the law no longer holds; return rows."""
    gone: dict[str, int] = {}
    if current.warehouse.exists() and any(kept.days for kept in current.retention.values()):
        with turn(current.warehouse), connect(current.warehouse) as db:
            gone = retention.expire(db, connectors, current.retention, clock(current))
        if gone:
            rewrite.warehouse(current.warehouse)
            standing.forget(current)
    if current.lake:
        tidy(current.lake)
    released = retention.release(held_file(current), clock(current))
    if released:
        rewrite.duckdb_file(held_file(current))
    old = {f"inbox/{name}": 1 for name in _old_files(current)}
    return gone | {f"held {name}": rows for name, rows in released.items()} | old


def _old_files(current: Settings) -> list[str]:
    """Delete files of the inbox that are older than the days of the source that reads them."""
    kept = current.retention.get(FILES)
    if not kept or kept.days is None or not current.inbox.exists():
        return []
    before = datetime.now(UTC).timestamp() - kept.days * 86_400
    old = [f for f in current.inbox.rglob("*") if f.is_file() and f.stat().st_mtime < before]
    for file in old:
        file.unlink()
    return sorted(file.name for file in old)


def build_retention(current: Settings, connectors: Mapping[str, Connector]) -> dg.JobDefinition:
    """Return the job; it waits its turn as every run does."""

    @dg.op(name="expire", pool="warehouse", required_resource_keys={"house"})
    def expire(context: dg.OpExecutionContext) -> None:
        for relation, rows in enforce(current, connectors).items():
            context.log.info(f"{relation}: {rows:,} rows were past their time")

    @dg.job(name=JOB, description="Takes away what is past its time.")
    def past_its_time() -> None:
        expire()

    return past_its_time


def build_retention_schedule(current: Settings, job: dg.JobDefinition) -> dg.ScheduleDefinition:
    """Return the schedule, an hour before the daily run."""
    return dg.ScheduleDefinition(
        name=JOB,
        job=job,
        cron_schedule="0 4 * * *",
        execution_timezone=current.time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="What is past its time goes before the daily run.",
    )
