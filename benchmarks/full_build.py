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

from benchmarks.house import MEMORY, ancestors, built, house, measured, rows, whole
from ingestion.sandbox import bulk
from orchestration.publish import close

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "full_build.json"
YARDSTICK = ROOT / "benchmarks" / "yardsticks" / "full_build.sql"
DASHBOARDS = ROOT / "benchmarks" / "yardsticks" / "dashboard_queries.sql"
# The five things, as they are published.
FIVE = ("pub_nps_monthly", "pub_metric_values", "pub_journey_funnel", "pub_touchpoints")
# Cells that are published with a figure, and those for which the script has the same one. They may
# part where identity recognises somebody whom a shared address alone does not show.
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
select thing, count(*), count(*) filter (abs(ours.value - theirs.value) < 1e-6)
from ours left join theirs using (thing, audience, quarter, place) group by thing order by thing
"""
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
    return apart("asked", str(data))


def asked(data: Path) -> None:
    """Run the hand-written script."""
    with duckdb.connect(str(house(data).warehouse)) as db:
        _run_yardstick(db)


def _run_yardstick(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        f"set TimeZone = 'UTC'; set threads = 2; set memory_limit = '{MEMORY}';"
        f"set variable as_of = (select max(as_of) from ops.clock)"
    )
    db.execute(YARDSTICK.read_text())


def agreement(data: Path) -> dict[str, Any]:
    """Return, of each of the five things, how many published cells the script gives the same."""
    command = [sys.executable, "-m", "benchmarks.full_build", "--call", "compared", str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def compared(data: Path) -> None:
    """Print what `agreement` returns."""
    current = house(data)
    with duckdb.connect(str(current.warehouse)) as db:
        _run_yardstick(db)
        db.execute(f"attach '{current.publication}' as publication")
        found = db.execute(COMPARED).fetchall()
    print(json.dumps({name: {"cells": cells, "same": same} for name, cells, same in found}))


def five(data: Path) -> dict[str, Any]:
    """Build exactly the five things and what they are made of, without tests."""
    current = house(data)
    return built(current, ancestors(current, FIVE), tested=False)


def all_of_it(data: Path) -> dict[str, Any]:
    """Build everything that a run builds, with its tests, up to what is published."""
    current = house(data)
    return built(current, whole(current), tested=True)


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
    """Return everything of one scale; the whole build and the later day begin from a fresh raw."""
    made = raw(scale, data)
    narrow = {"yardstick": yardstick(data), "five": five(data)}
    _told("five", narrow)
    shutil.rmtree(data)
    raw(scale, data)
    full = all_of_it(data)
    _told("whole", full)
    counted = rows(house(data), COUNTED)
    same = agreement(data)
    shown = dashboards(data)
    raw(scale, data, day=1)
    later = all_of_it(data)
    return {
        "raw": made,
        "rows": counted,
        **narrow,
        "agreement": same,
        "whole": full,
        "one_percent_new": later,
        "dashboards": shown,
        "five_of_yardstick_seconds": _ratio(narrow["five"], narrow["yardstick"], "seconds"),
        "five_of_yardstick_cpu": _ratio(narrow["five"], narrow["yardstick"], "processor_seconds"),
        "one_percent_of_whole_seconds": _ratio(later, full, "seconds"),
        "one_percent_of_whole_cpu": _ratio(later, full, "processor_seconds"),
    }


def _ratio(one: dict[str, Any], other: dict[str, Any], what: str) -> float:
    return round(float(one[what] / other[what]), 3)


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
    "asked": lambda data: asked(Path(data)),
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
