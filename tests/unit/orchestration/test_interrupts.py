"""Ctrl-C while a library has the word: DuckDB makes an error of its own of it, dlt forgets it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
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
from tests.unit.orchestration.toys import toy_house

LONG = "select count(*) as n from range(10000000) a, range(10000000) b where a.range > b.range"
IN_DUCKDB = f"""
import os, signal, threading, duckdb
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
duckdb.execute("{LONG}")
"""
ENDLESS = {
    "models/contracts/endless.sql": "{{ config(materialized='table') }} " + LONG,
    "models/marts/nothing.sql": "select 1 as one",
}


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
    )
    assert done.returncode == 130
    assert done.stderr.startswith("ax: stopped; nothing half-made was published")
    assert not (tmp_path / "logs").exists()


AT_WORK = """
import sys, time
try:
    print("working", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    sys.exit(3)
"""


def test_what_a_stopped_step_leaves_at_work_is_asked_to_stop() -> None:
    def working(process: "subprocess.Popen[bytes]") -> None:
        with dbt_bridge.stopping(process):
            process.stdout.readline()
            raise KeyboardInterrupt

    with subprocess.Popen([sys.executable, "-c", AT_WORK], stdout=subprocess.PIPE) as process:
        with pytest.raises(KeyboardInterrupt):
            working(process)
        assert process.returncode == 3


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
    [contracts, _] = build_models(endless, prepare(endless))
    deaf = tmp_path / "deaf-dbt"
    deaf.write_text(f"#!/bin/sh\ntrap '' INT\nexec '{dbt_bridge.DBT}' \"$@\"\n")
    deaf.chmod(0o700)
    monkeypatch.setattr(dbt_bridge, "DBT", str(deaf))
    monkeypatch.setattr(dbt_bridge, "GRACE", 1)
    threading.Thread(target=interrupt_at_work, args=[endless.manifest.with_name("dbt.log")]).start()

    house = House(lock_file=str(tmp_path / "run.lock"))
    with dg.instance_for_test(temp_dir=str(tmp_path)) as instance, pytest.raises(KeyboardInterrupt):
        problems(
            dg.materialize(
                [contracts], instance=instance, resources={"house": house}, raise_on_error=False
            )
        )
    duckdb.connect(str(endless.warehouse)).close()  # which nobody holds


def interrupt_at_work(log: Path) -> None:
    for _ in range(3_000):
        if log.exists() and "START sql table model" in log.read_text():
            os.kill(os.getpid(), signal.SIGINT)
            return
        time.sleep(0.1)
