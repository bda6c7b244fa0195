"""All metrics over ten million records of a million people, then one percent more.

`python -m benchmarks.metrics [--people N]` writes `benchmarks/results/metrics.json`, by size. The
yardstick, in the same run: one hand-written DuckDB query that makes quarterly NPS, CSAT and first
response times with their intervals from the same contracts, and nothing else.
"""

import argparse
import json
import os
import platform
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from benchmarks import contract_world as world
from benchmarks.commands import DBT
from ingestion import ledger
from labelling import label
from privacy import redaction

RESULTS = Path(__file__).parent / "results" / "metrics.json"
WANTED = ("fct_metric_values", "fct_metric_changes")
LATEST = 0.01
YARDSTICK = """
with lived as (
    select answers.*, members.audience, date_trunc('quarter',
        timezone('Europe/Berlin', timezone('UTC', answers.answered_at))) as quarter
    from contracts.survey_answers as answers
    inner join contracts.membership_evidence as members using (account_id)
),
people as (
    select audience, metric_role, quarter, account_id, count(*) as n,
        sum(case when metric_role = 'csat' then (answer_value >= 4)::int
            when answer_value >= 9 then 1 when answer_value <= 6 then -1 else 0 end) as total,
        sum(case when metric_role = 'csat' then (answer_value >= 4)::int
            when answer_value >= 9 or answer_value <= 6 then 1 else 0 end) as squares
    from lived where metric_role in ('nps', 'csat') group by all
),
cells as (
    select audience, metric_role, quarter, count(*) as persons, sum(n) as n, sum(total) as total,
        sum(squares) as squares from people group by all
),
residuals as (
    select audience, metric_role, quarter,
        sum(pow(people.total - cells.total / cells.n * people.n, 2)) as residual
    from people inner join cells using (audience, metric_role, quarter) group by all
),
scores as (
    select audience, metric_role, quarter, n, total / n as score,
        sqrt((squares / n - pow(total / n, 2)) / n * greatest(1,
            (residual / n / n * persons / (persons - 1))
            / ((squares / n - pow(total / n, 2)) / (n - 1)))) as error
    from cells inner join residuals using (audience, metric_role, quarter)
),
replies as (
    select ticket_id, min(occurred_at) as replied_at from contracts.ticket_events
    where event_type = 'comment' and is_public and actor_role = 'agent' group by ticket_id
),
waits as (
    select members.audience, date_trunc('quarter',
            timezone('Europe/Berlin', timezone('UTC', created_at))) as quarter,
        date_diff('second', created_at, coalesce(replied_at, timestamp '{as_of}')) / 60.0 as minutes
    from contracts.tickets inner join contracts.membership_evidence as members using (account_id)
    left join replies using (ticket_id)
)
select audience, metric_role, quarter, n, score, score - 1.96 * error, score + 1.96 * error
from scores
union all
select audience, 'first_response', quarter, count(*), quantile_cont(minutes, 0.5),
    quantile_cont(minutes, 0.5 - 0.98 / sqrt(10000)),
    quantile_cont(minutes, 0.5 + 0.98 / sqrt(10000))
from waits group by audience, quarter
"""


def main() -> None:
    """Run the benchmark and write its result."""
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, default=1_000_000)
    people = options.parse_args().people
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        warehouse = data / "warehouse" / "warehouse.duckdb"
        records = _make(data, warehouse, people)
        first = _build(data)
        result = {
            "people": people,
            "records": records,
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}",
            "duckdb": duckdb.__version__,
            "yardstick_seconds": _yardstick(warehouse),
            "first": first,
            "values": _count(warehouse),
        }
        with duckdb.connect(str(warehouse)) as db:
            result["records_added"] = world.add(db, people, 1, 1 + LATEST)
        result["one_percent_new"] = again = _build(data)
    result["ratio"] = round(first["seconds"] / result["yardstick_seconds"], 1)
    result["share_of_one_percent"] = round(again["seconds"] / first["seconds"], 2)
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(known | {str(people): result}, indent=2) + "\n")
    print(json.dumps(result, indent=2))


def _make(data: Path, warehouse: Path, people: int) -> int:
    for part in ("warehouse", "keys"):
        (data / part).mkdir()
    (data / "keys" / "cx.key").write_text("a key of the benchmark".ljust(64, "."))
    with duckdb.connect(str(warehouse)) as db:
        db.execute("set TimeZone = 'UTC'")
        world.make(db, people)
        ledger.ensure(db)
        db.execute(redaction.SCHEMA)
        db.execute(label.SCHEMA)
        records = sum(
            db.execute(f"select count(*) from contracts.{name}").fetchall()[0][0]
            for name in ("survey_answers", "survey_invitations", "tickets", "orders")
        )
    _dbt(data, "seed", [])
    return int(records)


def _build(data: Path) -> dict[str, Any]:
    """Build what the metrics are made of; return seconds, memory and the slowest models."""
    start = time.monotonic()
    peak, processor = _dbt(data, "run", ["--select", *(f"+{name}" for name in WANTED)])
    ran = json.loads((data / "target" / "run_results.json").read_text())["results"]
    models = {each["unique_id"].split(".")[-1]: each["execution_time"] for each in ran}
    slowest = sorted(models.items(), key=lambda each: -each[1])[:30]
    return {
        "seconds": round(time.monotonic() - start, 1),
        "processor_seconds": processor,
        "seconds_in_models": round(sum(models.values()), 1),
        "models": len(models),
        "peak_gb": peak,
        "slowest": {name: round(seconds, 1) for name, seconds in slowest},
    }


def _dbt(data: Path, command: str, selected: list[str]) -> tuple[float, float]:
    """Run dbt on the folder; return its peak memory in GB and the seconds of processor it took."""
    folders = (world.PROJECT / "models" / "connectors").iterdir()
    vendors = [
        f"fqn:ax_warehouse.connectors.{f.name}"
        for f in sorted(folders)
        if f.is_dir() and f.name != "ops"
    ]
    timed = ["/usr/bin/env", "python3", "-c", _PEAK]
    arguments = [
        DBT, "--no-use-colors", "--quiet", "--log-level-file", "none", command, *selected,
        "--vars", f"{{as_of: '{world.AS_OF}'}}",
    ]  # fmt: skip
    if command == "run":
        arguments += ["--exclude", "contracts", *vendors]
    done = subprocess.run(
        [*timed, *arguments],
        cwd=world.PROJECT,
        env=os.environ
        | {
            "AX_DATA_DIR": str(data),
            "AX_KEYS_DIR": str(data / "keys"),
            "AX_MEMORY_LIMIT": "6GB",
            "DBT_TARGET_PATH": str(data / "target"),
            "DBT_LOG_PATH": str(data / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stdout[-4000:] + done.stderr[-2000:])
    peak, processor = done.stdout.splitlines()[-1].split()
    return round(float(peak), 2), round(float(processor), 1)


# Prints, as its last line, peak memory in GB and processor seconds of the program that it runs.
_PEAK = (
    "import resource, subprocess, sys\n"
    "done = subprocess.run(sys.argv[1:])\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "print(used.ru_maxrss / 1024 ** 2, used.ru_utime + used.ru_stime)\n"
    "sys.exit(done.returncode)"
)


def _yardstick(warehouse: Path) -> float:
    start = time.monotonic()
    with duckdb.connect(str(warehouse)) as db:
        db.execute("set memory_limit = '6GB'")
        db.execute("create temp table yardstick as " + YARDSTICK.format(as_of=world.AS_OF))
    return round(time.monotonic() - start, 1)


def _count(warehouse: Path) -> int:
    with duckdb.connect(str(warehouse)) as db:
        return int(db.execute("select count(*) from marts.fct_metric_values").fetchall()[0][0])


if __name__ == "__main__":
    main()
