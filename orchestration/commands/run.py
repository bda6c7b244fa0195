"""`ax run` and `ax load`: Dagster's main job in this process, on the instance `make dev` shows."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingestion.secrets import Scrubbed
from orchestration.commands.publications import metric_values, values_said
from orchestration.commands.scorecard import scorecard, show_scorecard
from orchestration.errors import OURS, AcceptWhich, UnknownSource
from orchestration.settings import Settings, claim, settings
from orchestration.terminal import AS_JSON, console, say, show_json, show_native

if TYPE_CHECKING:
    import dagster as dg

VERBOSE = typer.Option(False, "-v", "--verbose", help="Print each native command that is run.")
ACCEPT = typer.Option(
    False, "--accept", help="Take the load as it is, whatever the raw door finds odd about it."
)
PROFILE = typer.Option(
    False, "--profile", help="Write where the time went, as a trace that a browser opens."
)
MODULE = ["-m", "orchestration.definitions"]
# Ctrl-C behind a failed step, where a library may have put an error of its own before it.
INTERRUPTS = {"DagsterExecutionInterruptedError", "KeyboardInterrupt"}


def run(verbose: bool = VERBOSE, profile: bool = PROFILE, as_json: bool = AS_JSON) -> None:
    """Read every source that is on, rebuild what that changes, publish, show the scorecard."""
    current = settings()
    show_native(
        verbose and not as_json,
        ["dagster", "job", "execute", *MODULE, "-j", "main"],
        str(current.root),
    )
    trace = current.logs / f"trace-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json" if profile else None
    problems = execute(current, verbose, as_json=as_json, trace=trace)
    if as_json:
        show_json(outcome(current, problems) | {"scorecard": scorecard(current.serving)})
    elif current.serving.exists():
        show_scorecard(current.serving, console())
        say(values_said(metric_values(current)))
    if trace and not as_json:
        say(f"where the time went is in {trace}; open it in chrome://tracing or Perfetto")
    conclude(problems)


def outcome(
    current: Settings, problems: Sequence[str], vendors: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what a run came to, in the words of `ax status --json`, with what went wrong."""
    from orchestration.commands import status

    return {
        "problems": [*problems],
        "sources": [
            row for row in status.sources(current) if not vendors or row["source"] in vendors
        ],
        "tables": status.tables(current, vendors or current.sources),
        "publications": status.publications(current),
        "metric_values": metric_values(current),
    }


def load(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCES]...", help="By name; without one, all that are on."),
    ] = None,
    accept: bool = ACCEPT,
    verbose: bool = VERBOSE,
    as_json: bool = AS_JSON,
) -> None:
    """Read some sources into raw, and nothing else."""
    current = settings()
    if unknown := [name for name in named or () if name not in current.sources]:
        raise UnknownSource(unknown, list(current.sources))
    if accept and not named:
        raise AcceptWhich
    vendors = named or list(current.sources)
    select = " or ".join(f'key:"{name}/*"' for name in [*vendors, "ops"])
    config = accepting(vendors) if accept else {}
    command = ["dagster", "asset", "materialize", *MODULE, "--select", select]
    configured = ["--config-json", json.dumps(config)] if config else []
    show_native(verbose and not as_json, [*command, *configured], str(current.root))
    problems = execute(current, verbose, vendors, config, as_json)
    if as_json:
        show_json(outcome(current, problems, vendors))
    conclude(problems)


def accepting(vendors: Sequence[str]) -> dict[str, Any]:
    """Return the run's configuration that lets these sources through the raw door."""
    return {"ops": {"load": {"config": {"accepted": [*vendors]}}}}


def conclude(problems: Sequence[str]) -> None:
    """End with what went wrong, one line each, and the exit code that says so."""
    for problem in problems:
        say(problem, error=True)
    if problems:
        raise typer.Exit(1)


def execute(
    current: Settings,
    verbose: bool,
    vendors: Sequence[str] = (),
    config: Mapping[str, Any] | None = None,
    as_json: bool = False,
    trace: Path | None = None,
) -> list[str]:
    """Run the main job, or its loads alone; return a sentence for all that is not green.

    Where the answer is JSON, progress is told on the other stream.
    """
    claim(current)
    import dagster as dg

    from orchestration.definitions import defs
    from orchestration.trace import write as write_trace

    job = defs().resolve_job_def("main")
    loads = [key for key in job.asset_layer.executable_asset_keys if key.path[0] in {*vendors}]
    ledger = [dg.AssetKey(["ops", name]) for name in ("loads", "clock")]
    with instance(current) as on, quiet(current.logs):
        # A run of some sources alone takes another time, and nobody waits at a pipe.
        follows = console(error=as_json).is_terminal and not vendors
        progress = {
            "verbose": verbose, "aside": as_json, "before": seconds_before(on) if follows else {}
        }  # fmt: skip
        try:
            result = job.execute_in_process(
                instance=on,
                raise_on_error=False,
                asset_selection=[*loads, *ledger] if vendors else None,
                run_config={
                    "loggers": {"progress": {"config": progress}},
                    **(config or {}),
                },
            )
        except dg.DagsterExecutionInterruptedError:
            raise KeyboardInterrupt from None
        if trace:
            write_trace(trace, on.all_logs(result.run_id), current.manifest)
    return problems(result)


def seconds_before(on: "dg.DagsterInstance") -> dict[str, float]:
    """Return how long each step took in the last of ten runs that published; {} before one."""
    import dagster as dg

    for record in on.get_run_records(dg.RunsFilter(job_name="main"), limit=10):
        steps = {
            step.step_key: step.end_time - step.start_time
            for step in on.get_run_step_stats(record.dagster_run.run_id)
            if step.status and step.status.name == "SUCCESS" and step.start_time and step.end_time
        }
        if "publication" in steps:
            return steps
    return {}


@contextlib.contextmanager
def instance(current: Settings) -> Iterator["dg.DagsterInstance"]:
    """Open the Dagster instance of the data folder; a run of `ax` keeps its output in a log."""
    import dagster as dg
    from dagster._core.instance.ref import InstanceRef

    (current.data / "dagster").mkdir(parents=True, exist_ok=True)
    # Dagster's own capture would start two helpers and repeat everything on the terminal.
    capture = {
        "module": "dagster._core.storage.noop_compute_log_manager",
        "class": "NoOpComputeLogManager",
    }
    ref = InstanceRef.from_dir(str(current.root), overrides={"compute_logs": capture})
    with dg.DagsterInstance.from_ref(ref) as opened:
        yield opened


@contextlib.contextmanager
def quiet(logs: Path) -> Iterator[None]:
    """Put what tools print into a log of its own."""
    logs.mkdir(parents=True, exist_ok=True)
    file = logs / f"run-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log"
    with file.open("w") as raw:
        log: Any = Scrubbed(raw)
        with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
            yield
        log.flush()


def problems(result: "dg.ExecuteInProcessResult") -> list[str]:
    """Return what went wrong: failed steps in their own words, else checks that do not pass."""
    failures = [event for event in result.all_events if event.is_step_failure]
    if any(_is_interrupt(event.step_failure_data.error) for event in failures):
        raise KeyboardInterrupt
    failed = [_said(event.step_failure_data, event.step_key) for event in failures]
    if failed or result.success:
        return list(dict.fromkeys(failed or _failed_checks(result)))
    ended = [event for event in result.all_events if event.is_failure]
    return [_reason(event.job_failure_data.error, "the run") for event in ended] or [
        "the run failed"
    ]


def _is_interrupt(error: Any) -> bool:
    """Tell a person's Ctrl-C, which Dagster records as a step's failure, from a fault."""
    return error is not None and (
        error.cls_name in INTERRUPTS or _is_interrupt(error.cause) or _is_interrupt(error.context)
    )


def _said(data: "dg.StepFailureData", step: str | None) -> str:
    if data.user_failure_data and data.user_failure_data.description:
        return str(data.user_failure_data.description)
    return _reason(data.error, step)


def _reason(error: Any, where: str | None) -> str:
    words, ours = "no reason given", None
    while error:
        words = " ".join(error.message.split())
        ours = OURS.match(words) or ours  # a sentence of the house stands before what caused it
        error = error.cause
    if ours:
        return ours["sentence"]
    return f"{where}: {words[:400]}; the rest is on the run's page (`make dev`)"


def _failed_checks(result: "dg.ExecuteInProcessResult") -> list[str]:
    from dagster import AssetCheckSeverity

    return [
        evaluation.description or f"{evaluation.check_name} does not hold"
        for evaluation in result.get_asset_check_evaluations()
        if not evaluation.passed and evaluation.severity == AssetCheckSeverity.ERROR
    ]
