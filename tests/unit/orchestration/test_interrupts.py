"""Ctrl-C while a library has the word: DuckDB makes an error of its own of it, dlt forgets it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import dagster as dg
import dlt
import pytest

import ingestion.pipeline  # noqa: F401 # sets how dlt takes it
from orchestration.commands.run import problems
from orchestration.settings import ROOT

IN_DUCKDB = """
import os, signal, threading, duckdb
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
duckdb.execute("select count(*) from range(10000000) a, range(10000000) b where a.range > b.range")
"""


def in_duckdb(folder: Path) -> None:
    exec(IN_DUCKDB)


def in_dlt(folder: Path) -> None:
    @dlt.destination
    def busy(items: object, table: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    dlt.pipeline("interrupted", pipelines_dir=str(folder), destination=busy).run(
        [{"n": 1}], table_name="rows"
    )


@pytest.mark.parametrize("interrupted", [in_duckdb, in_dlt])
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
