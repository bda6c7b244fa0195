"""The sandbox's server: every vendor's emulator over one world, on loopback and nowhere else.

`python -m ingestion.sandbox.server --data-dir data` prints `{"port": N}` when it is ready.
"""

import argparse
import importlib
import importlib.util
import json
import os
import pickle
import pkgutil
import socket
import sys
import threading
from datetime import date
from pathlib import Path

import pandas as pd
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

import ingestion.connectors
from ingestion.sandbox import state
from ingestion.sandbox.inbox import write_inbox
from ingestion.sandbox.world import World, make_world

LOOPBACK = "127.0.0.1"


def world_of(data: Path, now: state.State) -> World:
    """Return the world up to the month of the clock, from the folder's cache where it lies there."""
    until = now.as_of.date()
    cache = data / "sandbox" / f"world-{now.people}-{now.seed}-{until:%Y-%m}.pickle"
    if cache.exists():
        # Only this program writes into the data folder; the cache is never fetched.
        kept: World = pickle.loads(cache.read_bytes())
        return kept
    world = make_world(now.people, now.seed, date(until.year, until.month, 1))
    new = cache.with_suffix(".new")
    new.write_bytes(pickle.dumps(world))
    os.replace(new, cache)
    return world


def build(tables: dict[str, pd.DataFrame]) -> Starlette:
    """Return the app that mounts each connector's emulator under its name."""
    folders = [folder for folder in pkgutil.iter_modules(ingestion.connectors.__path__)]
    routes = []
    for folder in folders:
        name = f"ingestion.connectors.{folder.name}.emulator"
        if importlib.util.find_spec(name):  # a source without an API has none
            emulator = importlib.import_module(name)
            routes.append(Mount(f"/{folder.name}", emulator.app(lambda: tables, None)))
    return Starlette(routes=routes)


def main() -> None:
    """Serve the sandbox of a data folder until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m ingestion.sandbox.server")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--inbox", type=Path, help="drop the organisation's files here first")
    parser.add_argument(
        "--with-parent", action="store_true", help="end when standard input is closed"
    )
    chosen = parser.parse_args()
    if chosen.host != LOOPBACK:
        parser.error(f"the sandbox has no locks on its doors and serves {LOOPBACK} only")
    now = state.read(chosen.data_dir)
    tables = world_of(chosen.data_dir, now).at(now.as_of)
    if chosen.inbox:
        write_inbox(tables, chosen.inbox)
    serve(build(tables), chosen.port, chosen.with_parent)


def serve(app: Starlette, port: int, with_parent: bool) -> None:
    """Listen, say where, and end when told to, or with the parent that holds standard input."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((LOOPBACK, port))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    if with_parent:
        threading.Thread(target=_stop_with_parent, args=(server,), daemon=True).start()
    server.run(sockets=[listener])


def _stop_with_parent(server: uvicorn.Server) -> None:
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    main()
