"""What the business minutes of a million tickets cost.

`python -m benchmarks.support_minutes` compiles the models with dbt, fills their inputs with tickets
made in DuckDB, runs the models' own SQL and writes `benchmarks/results/support_minutes.json`. A
ticket has three clocks of its own and one turn of ours, so a million tickets are four million
clocks. The yardstick, in the same run: plain calendar minutes of the same clocks.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "support_minutes.json"
TICKETS = 1_000_000
LIMIT_SECONDS = 5.0
AS_OF = "2026-06-30T00:00:00"
MODELS = ("int_business_days", "int_tickets__clocks")
SCHEDULES = (
    ("default", "Europe/Berlin", [(540, 1080)]),
    ("new_york", "America/New_York", [(540, 1020)]),
    ("siesta", "Europe/Madrid", [(540, 840), (960, 1200)]),
    ("sydney", "Australia/Sydney", [(540, 1020)]),
)
# Two and a half years of tickets: replies from minutes to days, one in ten still open.
MADE = f"""
create table intermediate.int_tickets__milestones as
select
    't' || number as ticket_id,
    ['default', 'new_york', 'siesta', 'sydney'][1 + number % 4] as schedule,
    number % 10 > 0 as is_over,
    created_at,
    case when number % 20 > 0 then created_at + to_seconds(number * 7919 % 259200) end
        as first_replied_at,
    case when number % 10 > 0 then created_at + to_seconds(number * 104729 % 864000) end
        as first_solved_at,
    case when number % 10 > 0 then created_at + to_seconds(number * 104729 % 864000) end
        as last_solved_at,
    cast(null as timestamp) as closed_at
from (
    select
        number,
        timestamp '2024-01-01' + to_seconds(number * 6700417 % 78000000) as created_at
    from range({TICKETS}) as numbers (number)
);
create table intermediate.int_tickets__turns as
select
    ticket_id,
    1 as turn_number,
    'creation' as started_by,
    'reply' as stopped_by,
    created_at as started_at,
    first_replied_at as stopped_at
from intermediate.int_tickets__milestones;
"""


def compiled(folder: Path) -> dict[str, str]:
    """Return the models' SQL as dbt compiles it."""
    (folder / "warehouse").mkdir()
    environment = os.environ | {
        "AX_DATA_DIR": str(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    dbt = str(Path(sys.executable).with_name("dbt"))
    chosen = ["--select", *MODELS, "--vars", f"{{as_of: {AS_OF}}}", "--no-introspect"]
    done = subprocess.run(
        [dbt, "compile", *chosen],
        cwd=ROOT / "dbt_project",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"dbt could not compile the models: {done.stdout[-2000:]}")
    texts = {file.stem: file for file in (folder / "target" / "compiled").rglob("*.sql")}
    return {model: texts[model].read_text(encoding="utf-8") for model in MODELS}


def fill(db: duckdb.DuckDBPyConnection) -> None:
    """Write the registries, with four schedules in four zones, and the tickets."""
    db.execute("attach ':memory:' as warehouse")
    db.execute("use warehouse")
    db.execute("create schema registry; create schema intermediate")
    db.execute("create table registry.schedules (schedule varchar, time_zone varchar)")
    db.execute(
        "create table registry.business_hours (schedule varchar, valid_from date, weekday bigint, "
        "opens_minute bigint, closes_minute bigint)"
    )
    for schedule, zone, openings in SCHEDULES:
        db.execute("insert into registry.schedules values (?, ?)", [schedule, zone])
        for opens, closes in openings:
            db.execute(
                "insert into registry.business_hours "
                "select ?, date '2020-01-01', unnest(range(1, 6)), ?, ?",
                [schedule, opens, closes],
            )
    seeds = ROOT / "dbt_project" / "seeds" / "holidays.csv"
    db.execute(f"create table registry.holidays as from read_csv('{seeds}', header = true)")
    db.execute(MADE)


def timed(db: duckdb.DuckDBPyConnection, query: str) -> dict[str, float]:
    """Run a statement; return its wall seconds and the CPU seconds of all its threads."""
    start, used = time.monotonic(), time.process_time()
    db.execute(query)
    return {
        "seconds": round(time.monotonic() - start, 2),
        "cpu_seconds": round(time.process_time() - used, 2),
    }


def quickest(runs: list[dict[str, float]]) -> dict[str, float]:
    """Return the run that was disturbed the least."""
    return min(runs, key=lambda run: run["seconds"])


def measure(sql: dict[str, str]) -> dict[str, Any]:
    """Run the models over the tickets, and the yardstick over the same clocks."""
    with duckdb.connect() as db:
        db.execute("set TimeZone = 'UTC'")
        fill(db)
        calendar, clocks = (sql[model] for model in MODELS)
        made = timed(db, f"create table intermediate.int_business_days as {calendar}")
        runs = [timed(db, f"create or replace table clocks as {clocks}") for _ in range(3)]
        plain = (
            "create or replace table plain as select ticket_id, clock, turn_number, "
            "date_diff('second', started_at, stopped_at) / 60.0 as minutes from clocks"
        )
        yardsticks = [timed(db, plain) for _ in range(3)]
        totals = "select count(*), sum(business_minutes) from clocks"
        [[rows, minutes]] = db.execute(totals).fetchall()
    best = quickest(runs)
    return {
        "tickets": TICKETS,
        "clocks": rows,
        "business_minutes": round(float(minutes)),
        "calendar_of_four_schedules": made,
        "business_minutes_of_all_clocks": best,
        "runs": runs,
        "yardstick_calendar_minutes": quickest(yardsticks),
        "limit_seconds": LIMIT_SECONDS,
        "is_within_limit": made["seconds"] + best["seconds"] <= LIMIT_SECONDS,
    }


def main() -> None:
    """Run the benchmark and write its result."""
    with tempfile.TemporaryDirectory(prefix="ax-benchmark-") as folder:
        sql = compiled(Path(folder))
    result = {
        "commit": _git("rev-parse", "HEAD"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "duckdb": duckdb.__version__,
        "load_average": os.getloadavg()[0],
        **measure(sql),
    }
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
