"""Dagster's pages, as `make dev` starts them, listen on loopback; read-only they start nothing."""

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.listening import listening

pytestmark = pytest.mark.proof
ROOT = Path(__file__).parents[2]
MORNING = ROOT / "tests" / "unit" / "orchestration" / "morning.py"
BIN = Path(sys.executable).parent
LAUNCH = """
mutation { launchRun(executionParams: {
    selector: {jobName: "main", repositoryName: "__repository__", repositoryLocationName: "morning.py"}
}) { __typename ... on UnauthorizedError { message } } }
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[..., tuple[int, int]]]:
    """Start one of Dagster's servers over a toy; return its process and port once it answers."""
    started = []

    def serve(*words: str) -> tuple[int, int]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = subprocess.Popen(
            [str(BIN / words[0]), *words[1:], "-f", str(MORNING), "-p", str(port)],
            env={**os.environ, "DAGSTER_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        started.append(process)
        for _ in range(600):
            try:
                httpx.get(f"http://127.0.0.1:{port}/server_info", timeout=20)
                return process.pid, port
            except httpx.TransportError:
                assert process.poll() is None
                time.sleep(0.5)
        raise AssertionError("it never answered")

    yield serve
    for process in started:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def test_what_make_dev_starts_listens_on_loopback_alone(
    served: Callable[..., tuple[int, int]], kept: Callable[..., None]
) -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\ndev:")[2].partition("\n\n")[0]
    assert "dagster dev" in recipe
    assert "-h " not in recipe
    assert "--host" not in recipe

    process, port = served("dagster", "dev")
    found = listening(process)

    assert port in {number for _, number in found}
    assert [at for at, _ in found if not ipaddress.ip_address(at).is_loopback] == []
    kept("dagster dev listens on", addresses=sorted({at for at, _ in found}))


def test_read_only_pages_start_no_run(served: Callable[..., tuple[int, int]]) -> None:
    process, port = served("dagster-webserver", "--read-only", "--path-prefix", "/dagster")
    said = httpx.post(
        f"http://127.0.0.1:{port}/dagster/graphql", json={"query": LAUNCH}, timeout=60
    ).json()
    assert said["data"]["launchRun"]["__typename"] == "UnauthorizedError"
    assert {at for at, _ in listening(process)} == {"127.0.0.1"}
