"""A real Spark cluster on this machine: master, two workers and a Connect server, from pip's wheel.

    .venv-spark/bin/python -m tests.spark.cluster FOLDER

starts one and keeps it until Ctrl-C; what is written lies in FOLDER/warehouse. All of it listens on
loopback, on free ports, and is ended by the process ids that were recorded when it was started.
"""

import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from storage.cluster import SESSION

WORKERS = 2
HOST = "127.0.0.1"
STARTS_WITHIN = 180  # seconds, of a busy machine
# A small world's plans are many and each runs once: the optimizing compiler never earns its cost (of
# 202 models 431 s of CPU with it, 270 without). The cheap one alone has too little room by default.
JVM = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC"
# Of the server alone; what a session needs to give DuckDB's answers, the adapter sets.
CONF = {
    "spark.driver.extraJavaOptions": JVM,
    "spark.executor.extraJavaOptions": JVM,
    "spark.sql.catalogImplementation": "hive",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
}


class NoSpark(Exception):
    """What a cluster needs and this machine does not have."""


def missing() -> str | None:
    """Say in one sentence what a cluster lacks here; None where it can start."""
    if find_spec("pyspark") is None or find_spec("dbt.adapters.spark") is None:
        return "the extra `spark` is not installed; run make test-spark"
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        return "Spark needs Java 17; install openjdk-17-jre-headless and run make test-spark"
    return None


@dataclass(frozen=True)
class Cluster:
    """A cluster that runs: what it is asked by, and the processes that it is made of."""

    folder: Path
    master: int
    master_page: int
    connect: int
    pids: dict[str, int] = field(default_factory=dict)

    @property
    def remote(self) -> str:
        """What SPARK_REMOTE is for whoever speaks to it."""
        return f"sc://{HOST}:{self.connect}/;user_id=ax"

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse"

    @cached_property
    def session(self) -> Any:
        """A session over Spark Connect with the settings that the adapter gives its own."""
        from pyspark.sql.connect.session import SparkSession

        made = SparkSession.builder.remote(self.remote).create()
        for name, value in SESSION.items():
            made.conf.set(name, value)
        return made

    def state(self) -> dict[str, Any]:
        """What the master tells of itself."""
        with urllib.request.urlopen(f"http://{HOST}:{self.master_page}/json/", timeout=10) as page:
            return dict(json.load(page))

    def workers(self) -> list[str]:
        """The workers that the master takes for alive."""
        return [w["id"] for w in self.state()["workers"] if w["state"] == "ALIVE"]

    def apps(self) -> list[dict[str, Any]]:
        """The applications that run on the workers."""
        return [app for app in self.state()["activeapps"] if app["state"] == "RUNNING"]

    def tasks_done(self) -> dict[str, int]:
        """How many tasks the executors of each worker finished, by their own logs."""
        return {
            folder.name: sum(
                log.read_text(errors="replace").count("Finished task")
                for log in folder.glob("*/*/stderr")
            )
            for folder in sorted(self.folder.glob("worker[0-9]"))
        }


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind((HOST, 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _spark_home() -> Path:
    spec = find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise NoSpark(missing())
    return Path(spec.origin).parent


def _start(cluster: Cluster, name: str, *command: str) -> None:
    """Start a process of the cluster in a group of its own, and record its id."""
    home = _spark_home()
    log = (cluster.folder / f"{name}.log").open("wb")
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("SPARK_")},
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_NO_DAEMONIZE": "1",
        "PYSPARK_PYTHON": sys.executable,
        # Of master and worker; the Connect server would take it for the driver's.
        # A second cluster on the machine would find its port taken.
        "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false",
        **({} if command[0] == "spark-submit" else {"SPARK_DAEMON_MEMORY": "256m"}),
    }
    process = subprocess.Popen(
        [str(home / "bin" / command[0]), *command[1:]],
        cwd=cluster.folder,  # Derby makes its metastore where it is started
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_who_started_it,
    )
    cluster.pids[name] = process.pid
    (cluster.folder / "pids.json").write_text(json.dumps(cluster.pids))


def _end_with_who_started_it() -> None:
    """Let the kernel end a process of the cluster when this one is gone, however it went."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _wait(cluster: Cluster, what: str, ready: Callable[[], Any]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and all(map(_lives, cluster.pids.values())):
        try:
            if ready():
                return
        except OSError:
            pass
        time.sleep(0.3)
    logs = ", ".join(str(cluster.folder / f"{name}.log") for name in cluster.pids)
    raise NoSpark(f"{what} did not come up; what each process said is in {logs}")


def _answers(port: int) -> bool:
    with socket.create_connection((HOST, port), timeout=1):
        return True


def start(folder: Path, driver: str = "1500m", executor: str = "1g") -> Cluster:
    """Start a cluster that lives in a folder; return it once both workers and the server answer."""
    if lacks := missing():
        raise NoSpark(lacks)
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(folder, *_free_ports(3))
    url = f"spark://{HOST}:{cluster.master}"
    pages = str(cluster.master_page)
    try:
        _start(cluster, "master", "spark-class", "org.apache.spark.deploy.master.Master",
               "--host", HOST, "--port", str(cluster.master), "--webui-port", pages)  # fmt: skip
        _wait(cluster, "the master", lambda: cluster.state())
        for number in range(WORKERS):
            _start(cluster, f"worker{number}", "spark-class", "org.apache.spark.deploy.worker.Worker",
                   "--host", HOST, "--cores", "1", "--memory", "2g", "--webui-port", "0",
                   "--work-dir", str(folder / f"worker{number}"), url)  # fmt: skip
        _wait(cluster, "two workers", lambda: len(cluster.workers()) == WORKERS)
        conf = {
            **CONF,
            "spark.connect.grpc.binding.address": HOST,
            "spark.connect.grpc.binding.port": str(cluster.connect),
            "spark.sql.warehouse.dir": str(cluster.warehouse),
        }
        _start(cluster, "connect", "spark-submit",
               "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
               "--master", url, "--driver-memory", driver, "--executor-memory", executor,
               "--total-executor-cores", str(WORKERS), "--executor-cores", "1",
               *(word for key, value in conf.items() for word in ("--conf", f"{key}={value}")),
               "spark-internal")  # fmt: skip
        _wait(cluster, "the Connect server", lambda: _answers(cluster.connect))
    except BaseException:
        stop(cluster)
        raise
    return cluster


def stop(cluster: Cluster) -> None:
    """End what was started, by its recorded ids: each leads a group that its children are in."""
    # A session that outlives its server calls for it for minutes when this process ends.
    if "session" in vars(cluster):
        cluster.session.stop()
    for pid in reversed(cluster.pids.values()):
        _end(pid, signal.SIGTERM)
    until = time.monotonic() + 15
    while any(_lives(pid) for pid in cluster.pids.values()) and time.monotonic() < until:
        time.sleep(0.2)
    for pid in cluster.pids.values():
        _end(pid, signal.SIGKILL)
    cluster.pids.clear()


def _end(pid: int, how: signal.Signals) -> None:
    try:
        os.killpg(pid, how)
    except ProcessLookupError:
        return


def _lives(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


@contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """Have a cluster for as long as the block lasts."""
    cluster = start(folder)
    try:
        yield cluster
    finally:
        stop(cluster)


if __name__ == "__main__":
    with running(Path(sys.argv[1]).absolute()) as mine:
        print(f"SPARK_REMOTE='{mine.remote}'  # ends with Ctrl-C", flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print("stopped")
