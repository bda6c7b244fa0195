"""Where a run spent its time: stages, sources and dbt's nodes as a trace that a browser opens.

The format is Chrome's trace events (`chrome://tracing`, Perfetto), with times in microseconds.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg

STARTED = dg.DagsterEventType.STEP_START
ENDED = {dg.DagsterEventType.STEP_SUCCESS, dg.DagsterEventType.STEP_FAILURE}
RESULTS = "run_results_{}.json"  # of dbt's build of one stage


@dataclass(frozen=True, slots=True)
class Span:
    """Something that took time: its name, who did it, and when, in seconds since 1970."""

    name: str
    lane: str
    start: float
    end: float
    told: Mapping[str, Any] = field(default_factory=dict)


def write(path: Path, entries: Sequence[dg.EventLogEntry], manifest: Path) -> None:
    """Write the trace of one run, from Dagster's events and what dbt left beside its manifest."""
    stages = {span.name: span for span in _stages(entries)}
    spans = [*stages.values(), *_sources(entries, stages)]
    for stage in stages.values():
        file = manifest.with_name(RESULTS.format(stage.name))
        if file.exists():
            spans += [node for node in _nodes(file) if stage.start <= node.start <= stage.end]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"traceEvents": [*_events(spans)]}))


def _stages(entries: Sequence[dg.EventLogEntry]) -> Iterator[Span]:
    started: dict[str, float] = {}
    for entry in entries:
        event = entry.dagster_event
        if event is None or event.step_key is None:
            continue
        if event.event_type == STARTED:
            started[event.step_key] = entry.timestamp
        elif event.event_type in ENDED:
            yield Span(event.step_key, "stages", started[event.step_key], entry.timestamp)


def _sources(entries: Sequence[dg.EventLogEntry], stages: Mapping[str, Span]) -> Iterator[Span]:
    """Return a span for each source; all are begun with the stage, each in a thread of its own."""
    took: dict[str, float] = {}
    for entry in entries:
        event = entry.dagster_event
        if event and event.step_key == "load" and event.is_step_materialization:
            made = event.step_materialization_data.materialization
            if "seconds" in made.metadata:
                took[made.asset_key.path[0]] = float(made.metadata["seconds"].value)  # type: ignore[arg-type]
    for source, seconds in took.items():
        start = stages["load"].start
        yield Span(source, f"source {source}", start, start + seconds)


def _nodes(results: Path) -> Iterator[Span]:
    for node in json.loads(results.read_text())["results"]:
        times = [
            datetime.fromisoformat(part[end]).timestamp()
            for part in node["timing"]
            for end in ("started_at", "completed_at")
        ]
        if times:
            kind, _, name, *_ = node["unique_id"].split(".")
            told = {"kind": kind, "status": node["status"]}
            yield Span(name, f"dbt {node['thread_id']}", min(times), max(times), told)


def _events(spans: Iterable[Span]) -> Iterator[dict[str, Any]]:
    lanes: dict[str, int] = {}
    for span in spans:
        if span.lane not in lanes:
            lanes[span.lane] = len(lanes)
            named = {"ph": "M", "name": "thread_name", "args": {"name": span.lane}}
            yield {**named, "pid": 1, "tid": lanes[span.lane]}
        times = {"ts": round(span.start * 1e6), "dur": round((span.end - span.start) * 1e6)}
        what = {"ph": "X", "name": span.name, "args": dict(span.told)}
        yield {**what, **times, "pid": 1, "tid": lanes[span.lane]}
