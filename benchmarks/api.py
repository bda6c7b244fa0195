"""Rows a second from each vendor's API into raw, beside a bare loop over the same answers.

`python -m benchmarks.api [--people N] [--of VENDOR ...]` writes `benchmarks/results/api.json`. Each
source is loaded once from its emulator, whose answers are kept; then source and bare loop (one
`requests` session that asks the same and parses the JSON, nothing more) are timed against the kept
answers, so that neither waits for the emulator to think. The profile says in whose code the
source's time goes. Last, `ax load` of all of them at once, twice: the second finds nothing new.
"""

import argparse
import cProfile
import json
import multiprocessing
import os
import platform
import pstats
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import requests
import uvicorn
from starlette.requests import Request
from starlette.responses import Response

from ingestion.connector import Connector, discover
from ingestion.pipeline import Landing, load
from ingestion.sandbox.world import World, make_world
from orchestration.declarations import declarations
from orchestration.settings import settings

RESULTS = Path(__file__).parent / "results" / "api.json"
AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
NOTHING_NEW_LIMIT = 30.0  # seconds
PARTS = ("dlt", "pyarrow", "duckdb", "requests", "urllib3", "json", "ingestion")
Asked = dict[str, Any]


def remembering(name: str, world: World, asked: Any) -> Any:
    """Return the emulator of a vendor behind a memory: what was asked once is answered from it."""
    tables, kept = world.at(AS_OF), {}  # type: dict[str, Any], dict[str, Any]
    app = import_module(f"ingestion.connectors.{name}.emulator").app(lambda: tables, None)

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        body = await Request(scope, receive).body()
        path = scope["path"] + "?" + scope["query_string"].decode()
        key = f"{scope['method']} {path} {body.decode()}"
        if key not in kept:
            headers = {k.decode(): v.decode() for k, v in scope["headers"]}
            asked.append(
                {"method": scope["method"], "path": path, "body": body, "headers": headers}
            )
            kept[key] = await _through(app, scope, body)
        status, sent, content = kept[key]
        await Response(content, status, dict(sent))(scope, receive, send)

    return answer


async def _through(app: Any, scope: Any, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    parts: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        parts.append(message)

    await app(scope, receive, send)
    headers = [(k.decode(), v.decode()) for k, v in parts[0]["headers"] if k != b"content-length"]
    return parts[0]["status"], headers, b"".join(part.get("body", b"") for part in parts[1:])


def _serve(name: str, world: World, port: Any, asked: Any) -> None:
    app = remembering(name, world, asked)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    socket = server.config.bind_socket()
    port.value = socket.getsockname()[1]
    server.run(sockets=[socket])


@contextmanager
def vendor(name: str, world: World) -> Iterator[tuple[str, Any]]:
    """Serve a vendor in a process of its own; give its address and what it was asked."""
    with multiprocessing.Manager() as manager:
        port, asked = manager.Value("i", 0), manager.list()
        process = multiprocessing.Process(target=_serve, args=(name, world, port, asked))
        process.start()
        while not port.value:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port.value}", asked
        process.terminate()
        process.join()


def source_of(connector: Connector, url: str) -> tuple[int, float]:
    """Load a source into a new warehouse; return its rows and seconds."""
    for setting, value in {"base_url": url, **connector.sandbox}.items():
        os.environ[f"SOURCES__{connector.name.upper()}__{setting.upper()}"] = str(value)
    with tempfile.TemporaryDirectory() as folder:
        landing = Landing(Path(folder) / "warehouse.duckdb", Path(folder) / "work", AS_OF)
        start = time.monotonic()
        loaded = load(connector, landing, lambda *_: [])
        seconds = time.monotonic() - start
    if loaded.problem:
        raise SystemExit(loaded.problem)
    return sum(table.extracted for table in loaded.tables), seconds


def bare(url: str, asked: list[Asked]) -> float:
    """Ask the same of the vendor with nothing around it; return the seconds."""
    start = time.monotonic()
    with requests.Session() as session:
        for one in asked:
            headers = {
                k: v for k, v in one["headers"].items() if k not in ("host", "content-length")
            }
            answer = session.request(
                one["method"], url + one["path"], data=one["body"], headers=headers, timeout=30
            )
            if "json" in answer.headers.get("content-type", ""):
                answer.json()
    return time.monotonic() - start


def shares(profile: cProfile.Profile) -> dict[str, float]:
    """Return in whose code the time was spent, as shares; built-in functions by their caller's."""
    spent: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if file != "~":
            spent[_part(file)] += own
            continue
        for (caller, _, _), (_, _, share, _) in callers.items():
            spent[_part(caller)] += share
    whole = sum(spent.values())
    return {part: round(seconds / whole, 2) for part, seconds in spent.most_common(6)}


def _part(file: str) -> str:
    found = re.search(rf"/({'|'.join(PARTS)})/", file)
    return found[1] if found else "other"


def measure(connector: Connector, world: World) -> dict[str, Any]:
    """Return rows and seconds of a source and of the bare loop, and the source's profile."""
    with vendor(connector.name, world) as (url, asked):
        source_of(connector, url)
        requests_made = list(asked)
        rows, seconds = source_of(connector, url)
        bare_seconds = bare(url, requests_made)
        profile = cProfile.Profile()
        profile.runcall(source_of, connector, url)
    return {
        "rows": rows,
        "requests": len(requests_made),
        "seconds": round(seconds, 2),
        "rows_per_second": round(rows / seconds),
        "bare_seconds": round(bare_seconds, 2),
        "of_bare": round(seconds / bare_seconds, 1),
        "whose_time": shares(profile),
    }


def nothing_new(names: list[str]) -> dict[str, Any]:
    """Return the seconds of `ax load` over these sources, first time and with nothing new."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SOURCES__")}
        environment |= {"AX_DATA_DIR": folder, "AX_SOURCES": ",".join(names)}
        seconds = []
        for _ in range(2):
            start = time.monotonic()
            subprocess.run(
                [sys.executable, "-m", "orchestration", "load", *names],
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            seconds.append(round(time.monotonic() - start, 1))
    return {
        "sources": names,
        "first_seconds": seconds[0],
        "seconds": seconds[1],
        "limit_seconds": NOTHING_NEW_LIMIT,
        "is_within_limit": seconds[1] <= NOTHING_NEW_LIMIT,
    }


def main() -> None:
    """Run the benchmark and write its result."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--people", type=int, default=4000)
    asked.add_argument("--of", nargs="*")
    options = asked.parse_args()
    os.environ.update(declarations(settings()))
    known = {name: each for name, each in discover().items() if "base_url" in each.settings}
    chosen = options.of or list(known)
    world = make_world(people=options.people)
    result = {
        "people": options.people,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}",
        "load_average": os.getloadavg()[0],
        "sources": {name: measure(known[name], world) for name in chosen},
        "nothing_new": nothing_new([*chosen, "files"]),
    }
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
