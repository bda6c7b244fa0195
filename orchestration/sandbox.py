"""The sandbox around a load: its server on a free port, its files in the inbox."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import NoSandboxServer
from orchestration.settings import FILES, Settings, lent

if TYPE_CHECKING:
    from ingestion.connector import Connector


@contextmanager
def lending(current: Settings, connectors: Iterable["Connector"]) -> Iterator[None]:
    """Make the sandbox answer for every vendor while the block lasts; nothing for real ones."""
    if current.kind != "sandbox":
        yield
        return
    with serving(current) as port, lent(addresses(connectors, port)):
        yield


def addresses(connectors: Iterable["Connector"], port: int) -> dict[str, str]:
    """Return the dlt settings under which each connector finds its emulator."""
    return {
        f"SOURCES__{connector.name.upper()}__{setting.upper()}": value
        for connector in connectors
        if connector.name != FILES
        for setting, value in _settings(connector, port).items()
    }


def _settings(connector: "Connector", port: int) -> Mapping[str, str]:
    return {"base_url": f"http://127.0.0.1:{port}/{connector.name}", **connector.sandbox}


@contextmanager
def serving(current: Settings) -> Iterator[int]:
    """Start the loopback server, yield its port, and stop it whatever happens inside."""
    log = current.logs / "sandbox.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as errors:
        # A pipe to its standard input lets the server end with us, also when we are killed.
        server = subprocess.Popen(
            [*server_command(current.data), "--inbox", str(current.inbox), "--with-parent"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            yield _port(server, log)
        finally:
            server.terminate()
            server.wait()


def server_command(data: Path, port: int = 0) -> list[str]:
    """Return the native command that serves the sandbox of a data folder."""
    module = "ingestion.sandbox.server"
    return [sys.executable, "-m", module, "--data-dir", os.fspath(data), "--port", str(port)]


def _port(server: "subprocess.Popen[str]", log: Path) -> int:
    assert server.stdout is not None
    try:
        return int(json.loads(server.stdout.readline())["port"])
    except (json.JSONDecodeError, KeyError) as silent:
        raise NoSandboxServer(log) from silent
