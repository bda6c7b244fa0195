"""When the house runs by itself, and who hears of it when it fails."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import requests

from orchestration.errors import WebhookFailed
from orchestration.lock import holder
from orchestration.settings import Settings

STEADY_SECONDS = 10  # a file still being copied grows or is younger than this
IGNORED = (".", "~")
KILLED = "its process was killed; the next run picks up where it stopped"


def build_schedule(current: Settings, job: str) -> dg.ScheduleDefinition:
    """Return the daily run, early in the organisation's morning."""
    return dg.ScheduleDefinition(
        name="daily",
        job_name=job,
        cron_schedule="0 5 * * *",
        execution_timezone=current.time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Everything that is on, once a day before work begins.",
    )


def inbox_state(inbox: Path) -> dict[str, list[int]]:
    """Return size and time of change of each file that lies in the inbox."""
    files = (file for file in sorted(inbox.rglob("*")) if file.is_file())
    return {
        str(file.relative_to(inbox)): [file.stat().st_size, file.stat().st_mtime_ns]
        for file in files
        if not file.name.startswith(IGNORED)
    }


def is_steady(state: dict[str, list[int]], now: datetime) -> bool:
    """Say whether nothing in the inbox is still being written."""
    youngest = max((changed for _, changed in state.values()), default=0)
    return now.timestamp() - youngest / 1e9 >= STEADY_SECONDS


def build_inbox_sensor(current: Settings, job: str) -> dg.SensorDefinition:
    """Return the sensor that starts a run when a file lands in the inbox."""

    @dg.sensor(
        name="inbox",
        job_name=job,
        minimum_interval_seconds=15,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="A new or changed file in the inbox, once it is whole, starts a run.",
    )
    def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        state = inbox_state(current.inbox)
        seen = json.loads(context.cursor) if context.cursor else {}
        new = [name for name, facts in state.items() if seen.get(name) != facts]
        if not new:
            return dg.SkipReason("nothing new in the inbox")
        if not is_steady(state, datetime.now(UTC)):
            return dg.SkipReason(f"{new[0]} is still being written")
        cursor = json.dumps(state, sort_keys=True)
        return dg.SensorResult(
            run_requests=[dg.RunRequest(run_key=cursor, tags={"ax/files": ", ".join(new)[:200]})],
            cursor=cursor,
        )

    return inbox


def build_killed_sensor(current: Settings, job: str) -> dg.SensorDefinition:
    """Return the sensor that ends, on paper, a run whose process was killed.

    Dagster would wait two hours for it, and start no other run meanwhile.
    """

    @dg.sensor(
        name="killed",
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="A run that holds no lock any more has failed, and stands in nobody's way.",
    )
    def killed(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        started = dg.RunsFilter(job_name=job, statuses=[dg.DagsterRunStatus.STARTED])
        is_held = holder(current.data / "run.lock") is not None
        runs = {} if is_held else {run.run_id: run for run in context.instance.get_runs(started)}
        # A run that begins or ends at this very moment has no lock either; a dead one stays so.
        seen = json.loads(context.cursor) if context.cursor else []
        gone = [run for run_id, run in runs.items() if run_id in seen]
        for run in gone:
            context.instance.report_run_failed(run, KILLED)
        context.update_cursor(json.dumps([*runs]))
        return dg.SkipReason(f"{len(gone)} runs were killed")

    return killed


def build_failure_sensor(current: Settings) -> dg.SensorDefinition:
    """Return the sensor that tells of a failed run: in a log always, at a webhook if one is set."""

    @dg.run_failure_sensor(
        name="failures",
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Writes each failed run to data/logs/failures.log and to AX_WEBHOOK_URL.",
    )
    def failures(context: dg.RunFailureSensorContext) -> None:
        told = {
            "run": context.dagster_run.run_id,
            "job": context.dagster_run.job_name,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "problems": list(_problems(context)),
        }
        tell(current, told)

    return failures


def _problems(context: dg.RunFailureSensorContext) -> Iterator[str]:
    for event in context.get_step_failure_events():
        data = event.step_failure_data
        said = data.user_failure_data and data.user_failure_data.description
        yield f"{event.step_key}: {said or event.message}"


def tell(current: Settings, told: Mapping[str, Any]) -> None:
    """Append one line to the log of failures, and post it if there is a webhook."""
    current.logs.mkdir(parents=True, exist_ok=True)
    with (current.logs / "failures.log").open("a") as log:
        log.write(json.dumps(told) + "\n")
    if current.webhook and (problem := _posted(current.webhook, told)):
        raise problem


def _posted(webhook: str, told: Mapping[str, Any]) -> WebhookFailed | None:
    """Post, and return what went wrong: an exception of the library holds the whole address."""
    try:
        requests.post(webhook, json=dict(told), timeout=10).raise_for_status()
    except requests.RequestException as failure:
        return WebhookFailed(type(failure).__name__, failure.response)
    return None
