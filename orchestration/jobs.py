"""The house as one graph: every stage, one job, what triggers it."""

import importlib
from collections.abc import Mapping

import dagster as dg

from ingestion.connector import Connector
from orchestration.errors import UnknownSource
from orchestration.house import House
from orchestration.identity import build_identity
from orchestration.labels import build_labels
from orchestration.load import build_load
from orchestration.models import SKIP_UNCHANGED, build_models
from orchestration.progress import progress_logger
from orchestration.project import prepare
from orchestration.published import build_copy, build_publication, build_site, build_verdict
from orchestration.redaction import build_redaction
from orchestration.retention import build_retention, build_retention_schedule
from orchestration.settings import Settings
from orchestration.stages import told
from orchestration.triggers import (
    build_failure_sensor,
    build_inbox_sensor,
    build_killed_sensor,
    build_schedule,
)

MAIN = "main"


def assemble(current: Settings, known: Mapping[str, Connector]) -> dg.Definitions:
    """Return every asset, check, job, schedule and sensor for the sources that are on."""
    if unknown := [name for name in current.sources if name not in known]:
        raise UnknownSource(unknown, sorted(known))
    manifest = prepare(current, import_what_a_first_run_needs)
    assets = [
        build_load(current, {name: known[name] for name in current.sources}),
        *build_models(current, manifest),
        build_identity(current),
        build_redaction(current),
        build_labels(current),
        build_publication(current, manifest),
        build_site(current),
        *([build_copy(current)] if current.copy_to else []),
        build_verdict(current),
    ]
    main = dg.define_asset_job(
        MAIN,
        dg.AssetSelection.all(),
        description="From the sources to the published scorecard.",
        executor_def=dg.in_process_executor,
        tags={SKIP_UNCHANGED: "true"},
    )
    retention = build_retention(current, {name: known[name] for name in current.sources})
    return dg.Definitions(
        assets=told(current, manifest, assets),
        jobs=[main, retention],
        schedules=[
            build_schedule(current, MAIN),
            build_retention_schedule(current, retention),
        ],
        sensors=[
            build_inbox_sensor(current, MAIN),
            build_killed_sensor(current, MAIN),
            build_failure_sensor(current),
        ],
        resources={"house": House(lock_file=str(current.data / "run.lock"))},
        loggers={"console": dg.colored_console_logger, "progress": progress_logger},
        executor=dg.in_process_executor,
    )


def import_what_a_first_run_needs() -> None:
    """Import what takes seconds and what a run with a new manifest can not do without."""
    importlib.import_module("great_expectations")
    importlib.import_module("orchestration.dbt_bridge")
