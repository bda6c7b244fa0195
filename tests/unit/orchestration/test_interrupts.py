"""Ctrl-C while a library has the word: DuckDB makes an error of its own of it, dlt forgets it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import dlt
import duckdb
import pytest

import ingestion.pipeline  # noqa: F401 # sets how dlt takes it
from orchestration import dbt_bridge
from orchestration.commands.run import problems
from orchestration.house import House
from orchestration.models import build_models
from orchestration.project import prepare
from orchestration.settings import ROOT, Settings
from tests.unit.orchestration.toys import program, toy_house

# For hours, in pieces that are short: between two of them DuckDB asks whether to go on.
LONG = "select max(hash(range)) as n from range(1000000000000)"
IN_DUCKDB = f"""
import os, signal, tempfile, threading
from pathlib import Path
from storage import opened
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "warehouse.duckdb") as db:
    db.execute("{LONG}")
"""
ENDLESS = {
    "models/contracts/endless.sql": "{{ config(materialized='table') }} " + LONG,
    "models/marts/nothing.sql": "select 1 as one",
}


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Hear Ctrl-C, also where pytest was started in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def in_duckdb(folder: Path) -> None:
    exec(IN_DUCKDB)


def in_dlt(folder: Path) -> None:
    @dlt.destination
    def busy(items: object, table: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    dlt.pipeline("interrupted", pipelines_dir=str(folder), destination=busy).run(
        [{"n": 1}], table_name="rows"
    )


def in_a_child_that_takes_too_long(folder: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", IN_DUCKDB], start_new_session=True)
    try:
        os.kill(os.getpid(), signal.SIGINT)
    finally:  # as dagster-dbt gives up waiting for dbt
        try:
            child.wait(0.1)
        finally:
            child.kill()
            child.wait()


@pytest.mark.parametrize("interrupted", [in_duckdb, in_dlt, in_a_child_that_takes_too_long])
def test_a_step_stopped_in_a_library_stops_the_run_and_is_no_fault_of_the_step(
    interrupted, tmp_path
) -> None:
    @dg.op
    def works() -> None:
        interrupted(tmp_path)

    graph = dg.GraphDefinition("one", node_defs=[works])
    with pytest.raises(KeyboardInterrupt):
        problems(graph.execute_in_process(raise_on_error=False))


def test_a_command_stopped_in_a_query_says_so_and_keeps_no_crash(tmp_path) -> None:
    script = f"from orchestration import cli\ncli.app = lambda **_: exec({IN_DUCKDB!r})\ncli.main()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "AX_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 130
    assert done.stderr.startswith("ax: stopped; nothing half-made was published")
    assert not (tmp_path / "logs").exists()


LISTENS = "trap 'exit 3' INT; echo working; while true; do sleep 0.1; done"
DEAF = "trap '' INT; echo working; while true; do sleep 0.1; done"


def stopped(script: str) -> int:
    """Stop a script that is at work as a stopped step does; return how it ended."""

    def working(process: "subprocess.Popen[bytes]") -> None:
        with dbt_bridge.stopping(process):
            process.stdout.readline()
            raise KeyboardInterrupt

    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE) as process:
        with pytest.raises(KeyboardInterrupt):
            working(process)
        return process.returncode


def test_what_a_stopped_step_leaves_at_work_is_asked_to_stop() -> None:
    assert stopped(LISTENS) == 3


def test_a_second_ctrl_c_waits_for_nothing(monkeypatch) -> None:
    monkeypatch.setattr(dbt_bridge, "GRACE", 600)
    threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
    assert stopped(DEAF) == -signal.SIGKILL


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    current = toy_house(tmp_path_factory.mktemp("toy"), ENDLESS)
    prepare(current)
    return current


def test_half_a_manifest_that_a_stopped_dbt_left_is_read_by_nobody(endless) -> None:
    whole = endless.manifest.read_bytes()
    endless.manifest.write_bytes(whole[: len(whole) // 2])

    assert prepare(endless) == json.loads(whole)


def test_a_dbt_that_does_not_listen_is_made_to_stop(endless, tmp_path, monkeypatch) -> None:
    deaf = f"trap '' INT\nexec '{dbt_bridge.DBT}' \"$@\""
    monkeypatch.setattr(dbt_bridge, "DBT", program(tmp_path / "dbt", deaf))
    monkeypatch.setattr(dbt_bridge, "GRACE", 1)
    threading.Thread(target=interrupt_at_work, args=[endless.manifest.with_name("dbt.log")]).start()

    with pytest.raises(KeyboardInterrupt):
        contracts_of(endless, tmp_path)
    duckdb.connect(str(endless.warehouse)).close()  # which nobody holds


def test_of_a_dbt_that_was_killed_nothing_is_said_that_stands_from_the_last_time(
    endless, tmp_path, monkeypatch
) -> None:
    former = {"unique_id": "model.ax_warehouse.former", "status": "error", "message": "of old"}
    results = endless.manifest.with_name("run_results.json")
    results.write_text(json.dumps({"results": [former], "elapsed_time": 1}))
    monkeypatch.setattr(dbt_bridge, "DBT", program(tmp_path / "dbt", "kill -9 $$"))

    [said] = contracts_of(endless, tmp_path)
    assert said.startswith("dbt ended with code -9 and without results")
    assert said.endswith("dbt.log")


def contracts_of(current: Settings, folder: Path) -> list[str]:
    """Build the contracts in a Dagster of this folder and return what went wrong."""
    [contracts, _] = build_models(current, prepare(current))
    house = {"house": House(lock_file=str(folder / "run.lock"))}
    with dg.instance_for_test(temp_dir=str(folder)) as instance:
        done = dg.materialize([contracts], instance=instance, resources=house, raise_on_error=False)
        return problems(done)


def interrupt_at_work(log: Path) -> None:
    for _ in range(3_000):
        if log.exists() and "START sql table model" in log.read_text():
            os.kill(os.getpid(), signal.SIGINT)
            return
        time.sleep(0.1)
