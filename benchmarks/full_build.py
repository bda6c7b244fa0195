"""The whole house over a bulk world, beside one script by hand that gives the same five things.

`python -m benchmarks.full_build --scale 0.1 1` writes `benchmarks/results/full_build.json`. In one
run, on the same raw: the yardstick; ours on exactly what gives these five things (NPS, CSAT, first
response, the journey funnel, touchpoints) and its ancestors; the whole build; both again after a
day that adds one percent; and what dashboards ask of the file that is published.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from benchmarks import by_hand
from benchmarks.house import (
    ROOT,
    ancestors,
    built,
    house,
    measured,
    rows,
    with_fewer_metrics,
)
from ingestion.sandbox import bulk
from orchestration.publish import close
from orchestration.settings import Settings

RESULTS = ROOT / "benchmarks" / "results" / "full_build.json"
DASHBOARDS = ROOT / "benchmarks" / "yardsticks" / "dashboard_queries.sql"
# The five things, as they are published.
FIVE = ("pub_nps_monthly", "pub_metric_values", "pub_journey_funnel", "pub_touchpoints")
# The metrics that they show.
METRICS = (
    "nps", "response_rate", "csat", "first_response_minutes_p50",
    "stage_conversion", "stage_skip_share", "days_in_stage_p50",
)  # fmt: skip
# Cells that are published with a figure, and those for which the script has the same one. They part
# where identity recognises somebody whom a shared address alone does not show, and nowhere else.
COMPARED = """
with ours as (
    select metric as thing, audience, period_start as quarter, '' as place, value
    from publication.pub_metric_values
    where metric in ('nps', 'csat', 'first_response_minutes_p50') and period_kind = 'quarter'
        and segment = 'all' and value is not null
    union all
    select 'journey_funnel', audience, period_start, journey || ':' || stage, conversion
    from publication.pub_journey_funnel where conversion is not null
    union all
    select 'touchpoints', audience,
        date_trunc('quarter', timezone('Europe/Berlin', timezone('UTC', occurred_at)))::date, '',
        count(*)
    from publication.pub_touchpoints group by all
),
theirs as (
    select 'nps' as thing, audience, quarter, '' as place, value from nps
    union all select 'csat', audience, quarter, '', value from csat
    union all select 'first_response_minutes_p50', audience, quarter, '', value from first_response
    union all
    select 'journey_funnel', audience, quarter, journey || ':' || stage, conversion
    from journey_funnel
    union all select 'touchpoints', audience, quarter, '', touchpoints from touchpoints
)
select thing, count(*), count(*) filter (abs(ours.value - theirs.value) < 1e-6),
    round(quantile_cont(abs(ours.value - theirs.value) / greatest(abs(ours.value), 1e-6), 0.5), 6)
from ours left join theirs using (thing, audience, quarter, place) group by thing order by thing
"""
COMPARED_BY = ("seconds", "processor_seconds")
TIMES = 10  # each query of a dashboard
COUNTED = (
    "contracts.person_observations", "contracts.touchpoints", "contracts.tickets",
    "contracts.ticket_events", "contracts.survey_answers", "contracts.feedback_turns",
    "identity.persons", "publication.pub_metric_values", "publication.pub_touchpoints",
)  # fmt: skip


def raw(scale: float, data: Path, day: int = 0) -> dict[str, Any]:
    """Write raw as Parquet and load it: the world of a scale, or what a later day adds to it."""
    return {
        "written": apart("written", str(scale), str(data), str(day)),
        "loaded": apart("loaded", str(data), str(day)),
    }


def written(scale: float, data: Path, day: int) -> None:
    """Write the Parquet files of a world's first days, or of one later day."""
    people = bulk.scaled(scale)
    parts = [bulk.later_day(people, day)] if day else bulk.parts(people)
    for part in parts:
        bulk.write(part, _folder(data, day))


def loaded(data: Path, day: int) -> None:
    """Load what was written, and drop the files."""
    current = house(data)
    bulk.load(_folder(data, day), current.warehouse, bulk.START + timedelta(days=day))
    shutil.rmtree(_folder(data, day))


def yardstick(data: Path) -> dict[str, Any]:
    """Return what the hand-written script costs on a warehouse that is loaded."""
    command = [sys.executable, "-m", "benchmarks.by_hand", str(house(data).warehouse)]
    return measured(command, ROOT)


def agreement(data: Path) -> dict[str, Any]:
    """Return, of each of the five things, how many published cells the script gives the same.

    By its own guess of who is who, and by the persons that identity recognised.
    """
    command = [sys.executable, "-m", "benchmarks.full_build", "--call", "compared", str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def compared(data: Path) -> None:
    """Print what `agreement` returns."""
    current = house(data)
    scripts = {"its_own_persons": None, "our_persons": by_hand.of_our_persons()}
    print(json.dumps({name: _same(current, script) for name, script in scripts.items()}))


def _same(current: Settings, script: str | None) -> dict[str, Any]:
    with duckdb.connect(str(current.warehouse)) as db:
        by_hand.run(db, script)
        db.execute(f"attach '{current.publication}' as publication")
        found = db.execute(COMPARED).fetchall()
    names = ("cells", "same", "median_relative_difference")
    return {thing: dict(zip(names, told, strict=True)) for thing, *told in found}


def five(data: Path, alone: bool) -> dict[str, Any]:
    """Build the five things and what they are made of, without tests.

    The models that make them make every metric of the registry; `alone` takes the others out of it.
    """
    root = with_fewer_metrics(data / "cut", METRICS) if alone else ROOT
    current = house(data, root)
    return built(current, ancestors(current, FIVE))


def all_of_it(data: Path) -> dict[str, Any]:
    """Build everything that a run builds, with its tests, up to what is published."""
    return built(house(data))


def dashboards(data: Path) -> dict[str, Any]:
    """Ask the published file what dashboards ask; return milliseconds, by query and of all."""
    publication = house(data).publication
    close(publication)
    took: dict[str, list[float]] = {}
    with duckdb.connect(str(publication), read_only=True) as db:
        db.execute("set threads = 2")
        for name, query in dashboard_queries().items():
            took[name] = [_milliseconds(db, query) for _ in range(TIMES)]
    every = [each for times in took.values() for each in times]
    return {
        "queries": len(took),
        "times": TIMES,
        **_quantiles(every),
        "by_query": {name: _quantiles(times) for name, times in took.items()},
        "file_mb": publication.stat().st_size >> 20,
    }


def dashboard_queries() -> dict[str, str]:
    """Return each query of a dashboard by what its comment calls it."""
    parts = DASHBOARDS.read_text().split("\n\n")[1:]
    named = (part.strip().split("\n", 1) for part in parts)
    return {name.removeprefix("-- "): query for name, query in named}


def _milliseconds(db: duckdb.DuckDBPyConnection, query: str) -> float:
    start = time.perf_counter()
    db.execute(query).fetchall()
    return (time.perf_counter() - start) * 1000


def _quantiles(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return {"p50_ms": round(cuts[9], 1), "p95_ms": round(cuts[18], 1)}


def at(scale: float, data: Path) -> dict[str, Any]:
    """Return everything of one scale; each build begins from a fresh raw."""
    made = raw(scale, data)
    ours: dict[str, Any] = {"yardstick": yardstick(data)}
    _told("yardstick", ours["yardstick"])
    builds: dict[str, Callable[[Path], dict[str, Any]]] = {
        "five_alone": lambda folder: five(folder, alone=True),
        "five": lambda folder: five(folder, alone=False),
        "whole": all_of_it,
    }
    fresh = house(data).warehouse
    assert isinstance(fresh, Path), "a lake can not be put aside as a file"
    kept = shutil.copy(fresh, data.with_name("raw.duckdb"))
    for name, build in builds.items():
        shutil.rmtree(fresh.parent)
        fresh.parent.mkdir()
        shutil.copy(kept, fresh)
        ours[name] = build(data)
        _told(name, ours[name])
    full = ours["whole"]
    counted = rows(house(data), COUNTED)
    same = agreement(data)
    shown = dashboards(data)
    raw(scale, data, day=1)
    later = all_of_it(data)
    return {
        "raw": made,
        "rows": counted,
        **ours,
        "agreement": same,
        "one_percent_new": later,
        "dashboards": shown,
        "ratios": {
            "five_of_yardstick": _ratio(ours["five"], ours["yardstick"]),
            "five_alone_of_yardstick": _ratio(ours["five_alone"], ours["yardstick"]),
            "one_percent_new_of_whole": _ratio(later, full),
        },
    }


def _ratio(one: dict[str, Any], other: dict[str, Any]) -> dict[str, float]:
    return {what: round(float(one[what] / other[what]), 3) for what in COMPARED_BY}


def _told(name: str, found: dict[str, Any]) -> None:
    print(f"{name}: {json.dumps(found)}", file=sys.stderr, flush=True)


def _folder(data: Path, day: int) -> Path:
    return data / f"raw-{day}"


def apart(function: str, *words: str) -> dict[str, Any]:
    """Call a function of this module in a process of its own; return what it cost."""
    command = [sys.executable, "-m", "benchmarks.full_build", "--call", function, *words]
    return measured(command, ROOT)


CALLS: dict[str, Callable[..., None]] = {
    "written": lambda scale, data, day: written(float(scale), Path(data), int(day)),
    "loaded": lambda data, day: loaded(Path(data), int(day)),
    "compared": lambda data: compared(Path(data)),
}


def main() -> None:
    """Run the benchmark for some scales and write its results, beside those of other scales."""
    options = argparse.ArgumentParser()
    options.add_argument("--scale", type=float, nargs="+", default=[0.1])
    options.add_argument("--call", nargs="+")
    said = options.parse_args()
    if said.call:
        CALLS[said.call[0]](*said.call[1:])
        return
    for scale in said.scale:
        with tempfile.TemporaryDirectory(prefix="ax-full-build-") as folder:
            result = at(scale, Path(folder) / "data")
        facts = {
            "commit": _git("rev-parse", "HEAD"),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}",
            "duckdb": duckdb.__version__,
            "load_average": os.getloadavg()[0],
        }
        before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        RESULTS.write_text(
            json.dumps({**before, f"{scale:g}": {**facts, **result}}, indent=2) + "\n"
        )


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
