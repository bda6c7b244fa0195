"""What bulk costs: files and tables through their connectors into raw, beside DuckDB's own reading.

`python -m benchmarks.bulk` writes `benchmarks/results/bulk.json`; `--rows 10000000` is the long
one. Each load is a process of its own, timed from the start of the load to its ledger, with load
id, content hash, judgement of every cell and the merge by key. The yardsticks, in the same run and
on the same rows: DuckDB's CREATE TABLE AS from the same file (or a bare fetch in Arrow of the same
query), and its CREATE TABLE AS of the rows as raw has them, which is what writing alone costs.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.postgres_server import binaries, running

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "bulk.json"
AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
MAPPING = """
contract: orders
record_id: order_id
time_zone: UTC
columns: {account_id: customer, ordered_at: ordered_at, amount: amount}
constants: {order_kind: order, status: paid, currency: EUR}
"""
ORDERS = """
select i as order_id, 'customer' || (i % 100000) as customer,
    timestamp '2026-01-01' + to_seconds(i % 15000000) as ordered_at,
    (i % 90000) / 100.0 as amount
from range({rows}) as orders (i)
"""


def load(source: str, folder: Path) -> dict[str, Any]:
    """Load a source in this process; return its seconds and its rows."""
    from ingestion.connector import discover
    from ingestion.pipeline import Landing
    from ingestion.pipeline import load as run

    os.environ["SOURCES__FILES__INBOX"] = str(folder / "inbox")
    connector = discover()[source]
    landing = Landing(folder / "warehouse.duckdb", folder / "work", AS_OF)
    start = time.monotonic()
    loaded = run(connector, landing, lambda *_: [])
    seconds = time.monotonic() - start
    if loaded.problem:
        raise SystemExit(loaded.problem)
    return {**_cost(seconds), "rows": loaded.touched}


def _cost(seconds: float) -> dict[str, Any]:
    """Return what this process took; on a machine that is shared, CPU seconds say more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    # Not ru_maxrss, which begins with the memory of whoever started the process.
    peak = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
    return {
        "seconds": round(seconds, 2),
        "process_cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_mb": int(peak) >> 10,
    }


def copied(query: str) -> dict[str, Any]:
    """Let DuckDB make a table of a query in a new file, in this process; the yardstick."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(f"{folder}/bare.duckdb") as db:
        start = time.monotonic()
        db.execute(f"create table orders as {query}")
        db.execute("checkpoint")
        seconds = time.monotonic() - start
    return _cost(seconds)


def fetched(url: str, query: str) -> dict[str, Any]:
    """Fetch a query of PostgreSQL in Arrow, nothing else, into a new DuckDB file."""
    from adbc_driver_postgresql import dbapi

    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(f"{folder}/bare.duckdb") as db,
        dbapi.connect(url) as connection,
        connection.cursor() as cursor,
    ):
        start = time.monotonic()
        cursor.execute(query)
        reader = cursor.fetch_record_batch()  # noqa: F841 - DuckDB reads it by name
        db.execute("create table orders as from reader")
        db.execute("checkpoint")
        seconds = time.monotonic() - start
    return _cost(seconds)


def apart(function: str, *words: str, **environment: str) -> dict[str, Any]:
    """Call a function of this module in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks.bulk", "--call", function, *words]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stderr or done.stdout)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


CALLS: dict[str, Callable[..., dict[str, Any]]] = {
    "load": lambda source, folder: load(source, Path(folder)),
    "copied": copied,
    "fetched": fetched,
}


def of_files(kind: str, rows: int) -> dict[str, Any]:
    """Load a file, then one in which every tenth row has changed."""
    options = {"csv": "(header)", "parquet": "(format parquet)"}[kind]
    folder = Path(tempfile.mkdtemp(prefix="ax-bulk-"))
    file = folder / "inbox" / f"orders.{kind}"
    try:
        for name in ("inbox", "mappings"):
            (folder / name).mkdir()
        (folder / "mappings" / "bulk.yml").write_text(f"match: orders.{kind}{MAPPING}")
        orders = ORDERS.format(rows=rows)
        duckdb.execute(f"copy ({orders}) to '{file}' {options}")
        bare = apart("copied", f"from '{file}'")
        append = apart("load", "files", str(folder))
        shaped = apart("copied", _raw("files", folder))
        changed = orders.replace("(i % 90000)", "(i % 90000 + (i % 10 = 0)::int)")
        duckdb.execute(f"copy ({changed}) to '{file}' {options}")
        merge = apart("load", "files", str(folder))
        size = file.stat().st_size >> 20
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {"file_mb": size, **_against(rows, bare, shaped, append, merge)}


def of_postgres(rows: int) -> dict[str, Any] | None:
    """Load a table of PostgreSQL, then what changed in it; None where there is no server."""
    if binaries() is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="ax-bulk-"))
    text = MAPPING.replace("\n", "\n    ").replace(
        "constants", "cursor: {column: changed, late: 1 day}\n    constants"
    )
    (folder / "databases").mkdir()
    (folder / "databases" / "bulk.yml").write_text(f"tables:\n  orders:\n    table: orders{text}")
    try:
        with running() as server:
            server.run(
                "create table orders as select i as order_id, 'customer' || (i % 100000) as "
                "customer, timestamp '2026-01-01' + make_interval(secs => i % 15000000) as "
                "ordered_at, (i % 90000) / 100.0 as amount, timestamp '2026-01-01' as changed "
                f"from generate_series(1, {rows}) as numbers (i)",
                "create index on orders (changed)",
                "vacuum analyze orders",
            )
            url = server.url()
            query = "select order_id, customer, ordered_at, amount::float8 from orders"
            bare = apart("fetched", url, query)
            append = apart("load", "sql", str(folder), SOURCES__SQL__BULK__URL=url)
            shaped = apart("copied", _raw("sql", folder))
            server.run("update orders set amount = amount + 1, changed = '2026-02-01' "
                       "where order_id % 10 = 0")  # fmt: skip
            merge = apart("load", "sql", str(folder), SOURCES__SQL__BULK__URL=url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return _against(rows, bare, shaped, append, merge)


def _raw(source: str, folder: Path) -> str:
    """Write what raw holds as Parquet; return the query that reads it."""
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as db:
        db.execute(f"copy (from raw_{source}.orders) to '{folder}/raw.parquet' (format parquet)")
    return f"from '{folder}/raw.parquet'"


def _against(
    rows: int,
    bare: dict[str, Any],
    shaped: dict[str, Any],
    append: dict[str, Any],
    merge: dict[str, Any],
) -> dict[str, Any]:
    return {
        "rows": rows,
        "yardstick": bare,
        "yardstick_rows_as_raw_has_them": shaped,
        "first_load": append,
        "first_load_of_yardstick_speed": round(bare["seconds"] / append["seconds"], 2),
        "first_load_of_speed_as_raw_has_them": round(shaped["seconds"] / append["seconds"], 2),
        "first_load_of_yardstick_cpu": _share(bare, append),
        "first_load_of_cpu_as_raw_has_them": _share(shaped, append),
        "rows_per_second": round(rows / append["seconds"]),
        "a_tenth_changed": merge,
    }


def _share(yardstick: dict[str, Any], load: dict[str, Any]) -> float:
    return round(yardstick["process_cpu_seconds"] / load["process_cpu_seconds"], 2)


MADE: dict[str, Callable[[int], Any]] = {
    "csv": lambda rows: of_files("csv", rows),
    "parquet": lambda rows: of_files("parquet", rows),
    "postgres": of_postgres,
}


def main() -> None:
    """Run the benchmark and write its result, beside those of other numbers of rows."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--of", nargs="+", choices=MADE, default=list(MADE))
    asked.add_argument("--call", nargs="+")
    said = asked.parse_args()
    if said.call:
        print(json.dumps(CALLS[said.call[0]](*said.call[1:])))
        return
    result = {
        "commit": _git("rev-parse", "HEAD"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "load_average": os.getloadavg()[0],
        **{name: MADE[name](said.rows) for name in said.of},
    }
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({**before, str(said.rows): result}, indent=2) + "\n")
    print(json.dumps(result, indent=2))


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
