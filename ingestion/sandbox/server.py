"""The sandbox's server: every vendor's emulator over one world, on loopback and nowhere else.

`python -m ingestion.sandbox.server --data-dir data` prints `{"port": N}` when it is ready.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import pkgutil
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

import ingestion.connectors
from ingestion.sandbox import state
from ingestion.sandbox.faults import FaultLayer, Faults, plain_body
from ingestion.sandbox.inbox import write_inbox
from ingestion.sandbox.snapshot import Current

LOOPBACK = "127.0.0.1"
Tables = Callable[[], dict[str, pd.DataFrame]]


def build(tables: Tables, faults: Faults | None = None) -> Starlette:
    """Return the app that mounts each connector's emulator under its name, the faults around it."""
    faults = faults or Faults()
    routes = []
    for folder in pkgutil.iter_modules(ingestion.connectors.__path__):
        name = f"ingestion.connectors.{folder.name}.emulator"
        # A source without an API, such as files, has no emulator.
        if folder.ispkg and importlib.util.find_spec(name):
            emulator = importlib.import_module(name)
            body = getattr(emulator, "fault_body", plain_body)
            layer = FaultLayer(emulator.app(tables, faults), faults, body)
            routes.append(Mount(f"/{folder.name}", layer))
    return Starlette(routes=routes)


def main(arguments: list[str] | None = None) -> None:
    """Serve the sandbox of a data folder until told to stop."""
    chosen = _parser().parse_args(arguments)
    if chosen.host != LOOPBACK:
        sys.exit(
            f"The sandbox has no locks on its doors and serves {LOOPBACK} only; leave --host out."
        )
    try:
        _choose_world(chosen.data_dir, chosen.people, chosen.seed)
        tables = Current(chosen.data_dir)
        shown = tables()
        faults = Faults.from_json(chosen.faults.read_text()) if chosen.faults else None
    except (ValueError, TypeError, OSError) as wrong:
        sys.exit(str(wrong))
    if chosen.inbox:
        write_inbox(shown, chosen.inbox)
    serve(partial(build, tables, faults), chosen.port, chosen.with_parent)


def serve(made: Callable[[], Starlette], port: int, with_parent: bool) -> None:
    """Listen, say where, and end when told to, or with the parent that holds standard input."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((LOOPBACK, port))
    # From here on a caller is kept waiting, not refused, until the emulators answer.
    listener.listen(128)
    # Said before the emulators are made: whoever reads from them has things to do first.
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    config = uvicorn.Config(made(), log_level="error", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    if with_parent:
        threading.Thread(target=_stop_with_parent, args=(server,), daemon=True).start()
    server.run(sockets=[listener])


def _choose_world(data: Path, people: int | None, seed: int | None) -> None:
    """Keep the size and seed asked for; refuse to change them once there is a world."""
    file_existed = state.exists(data)
    now = state.read(data)
    wanted = replace(now, people=people or now.people, seed=now.seed if seed is None else seed)
    if wanted == now:
        return
    if file_existed:
        raise state.UnusableState(
            f"{data} holds the sandbox of {now.people} people and seed {now.seed}; take another"
            " data folder for another one, or `ax sandbox reset`."
        )
    state.write(data, wanted)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ingestion.sandbox.server")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--people", type=int, help="size of a new world")
    parser.add_argument("--seed", type=int, help="seed of a new world")
    parser.add_argument("--inbox", type=Path, help="drop the organisation's files here first")
    parser.add_argument("--faults", type=Path, help="JSON file of faults for every vendor")
    parser.add_argument(
        "--with-parent", action="store_true", help="end when standard input is closed"
    )
    return parser


def _stop_with_parent(server: uvicorn.Server) -> None:
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    main()
