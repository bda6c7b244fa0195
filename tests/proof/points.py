"""Where a run is killed: points named by what is going on there, in the order of a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A moment before or after the n-th call of a function, of those on something by name."""

    name: str
    module: str
    function: str
    when: str = "before"
    call: int = 1
    on: str | None = None


# Of about 1,900 events of such a run 640 say what is planned, then 100 are of the load, 400 of the
# contracts and 800 of the marts.
DAGSTER = "dagster._core.storage.event_log.sql_event_log", "SqlEventLogStorage.store_event"
RUNS = "dagster._core.storage.runs.sql_run_storage", "SqlRunStorage.handle_run_event"
NEW_RUN = "dagster._core.storage.runs.sql_run_storage", "SqlRunStorage.add_run"
PIPELINE = "dlt.pipeline.pipeline"
LOAD = "dlt.load.load"
CLIENT = "dlt.destinations.job_client_impl"
MODEL = "dbt.task.run", "ModelRunner.execute"
TEST = "dbt.task.test", "TestRunner.execute"
PUBLISH = "orchestration.publish"

POINTS = [
    Point("dagster: before the run is written down", *NEW_RUN),
    Point("dagster: once the run is written down", *NEW_RUN, when="after"),
    Point("dagster: before the folder is locked", "orchestration.lock", "locked"),
    Point("dagster: at the run's first event", *DAGSTER),
    Point("dagster: amid what is planned", *DAGSTER, call=40),
    Point("dagster: after the run is said to have started", *RUNS, when="after"),
    Point("sandbox: its server before it listens", "uvicorn.server", "Server.run"),
    Point("extract: before a source is read", "ingestion.pipeline", "Landing.extract", on="zendesk"),
    Point("extract: cursor read back", PIPELINE, "Pipeline.sync_destination", "after", on="zendesk"),
    Point("extract: the first rows read", "ingestion.landing", "convert", "after", on="tickets"),
    Point("extract: before the package is whole", "dlt.extract.extract", "Extract.commit_packages"),
    Point("extract: package whole", "dlt.extract.extract", "Extract.commit_packages", "after", 2),
    Point("normalise: before", PIPELINE, "Pipeline.normalize", on="zendesk"),
    Point("normalise: in it", "dlt.normalize.normalize", "Normalize.spool_schema_files"),
    Point("normalise: after", PIPELINE, "Pipeline.normalize", "after", on="zendesk"),
    Point("load: before rows are held against raw", "ingestion.classification", "classify"),
    Point("load: some tables held against raw", "ingestion.classification", "classify", "after", 3),
    Point("load: the vanished buried", "ingestion.tombstones", "bury", "after"),
    Point("load: before the door's verdict is acted on", "ingestion.pipeline", "_append_new"),
    Point("load: package ready", "ingestion.pipeline", "_append_new", "after", 2),
    Point("load: before dlt loads", PIPELINE, "Pipeline.load", on="zendesk"),
    Point("load: schema about to change", CLIENT, "SqlJobClientBase.update_stored_schema"),
    Point("load: before a job", "dlt.destinations.impl.duckdb.duck", "DuckDbCopyJob.run"),
    Point("load: one job done", "dlt.destinations.impl.duckdb.duck", "DuckDbCopyJob.run", "after"),
    Point("load: two jobs done", "dlt.destinations.impl.duckdb.duck", "DuckDbCopyJob.run", "after", 2),
    Point("load: before dlt's own ledger", CLIENT, "SqlJobClientBase.complete_load"),
    Point("load: in raw, package not yet closed", CLIENT, "SqlJobClientBase.complete_load", "after"),
    Point("load: package closed", LOAD, "Load.complete_package", "after"),
    Point("load: in raw, not in the ledger", "ingestion.ledger", "write_load", on="zendesk"),
    Point("load: half of it in the ledger", "ingestion.ledger", "_append", call=2),
    Point("load: one source whole, the other not", "ingestion.ledger", "write_load", "after"),
    Point("load: all in raw, clock not yet moved", "ingestion.ledger", "write_clock"),
    Point("load: clock moved", "ingestion.ledger", "write_clock", "after"),
    Point("dagster: amid the events of the contracts", *DAGSTER, call=900),
    Point("dagster: amid the events of the load", *DAGSTER, call=700),
    Point("contracts: before dbt's first node", *MODEL),
    Point("contracts: before a contract is built", *MODEL, on="person_observations"),
    Point("contracts: a contract built", *MODEL, when="after", on="feedback_turns"),
    Point("contracts: amid the tests", *TEST, call=20),
    Point("contracts: built, not yet told to dagster", "orchestration.dbt_bridge", "with_facts"),
    Point("identity: before", "identity.resolve", "resolve"),
    Point("identity: clustered, nobody bound", "identity.bindings", "bind"),
    Point("identity: ids claimed, none minted", "identity.bindings", "_mint"),
    Point("identity: bound, not written out", "identity.outputs", "write"),
    Point("identity: written and committed", "identity.resolve", "resolve", "after"),
    Point("labels: before", "labelling.label", "label"),
    Point("labels: forgotten, not yet labelled", "labelling.label", "_forget", "after"),
    Point("labels: one labeller done", "labelling.label", "_label", "after"),
    Point("labels: committed", "labelling.label", "label", "after"),
    Point("marts: before the first mart", *MODEL, on="dim_"),
    Point("marts: before the one incremental model", *MODEL, on="dim_audience_history"),
    Point("marts: the one incremental model built", *MODEL, when="after", on="dim_audience_history"),
    Point("marts: before the values leave", *MODEL, on="pub_metric_values"),
    Point("marts: values built, the rest not", *MODEL, when="after", on="pub_metric_values"),
    Point("marts: amid the tests of what leaves", *TEST, when="after", on="pub_"),
    Point("dagster: amid the events of the marts", *DAGSTER, call=1500),
    Point("checks: before the published door", "quality.published_door", "published_door"),
    Point("checks: after the published door", "quality.published_door", "published_door", "after"),
    Point("publication: build file closed", PUBLISH, "close", "after"),
    Point("publication: before the exports", PUBLISH, "export"),
    Point("publication: whole, not durable", PUBLISH, "flush"),
    Point("publication: durable, not kept", PUBLISH, "make", "after"),
    Point("publication: kept, not served", PUBLISH, "serve"),
    Point("publication: link swapped", PUBLISH, "_link", "after"),
    Point("publication: served, former ones not dropped", PUBLISH, "forget"),
    Point("page: before it is written", "dashboards.site", "write"),
    Point("site: made, not served", "dashboards.site", "_serve"),
    Point("page: written, not remembered", "orchestration.standing", "remember"),
    Point("page: remembered", "orchestration.standing", "remember", "after"),
    Point("dagster: before the run is said to have ended", *RUNS, call=2),
    Point("dagster: after the run is said to have ended", *RUNS, when="after", call=2),
]  # fmt: skip
