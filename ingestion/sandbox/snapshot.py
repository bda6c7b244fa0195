"""What the vendors show now: the world of a data folder at its clock, made once and kept.

The kept world is named after everything that made it (people, seed, month of the clock, code), so
a changed sandbox or a moved clock never serves an old one.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from ingestion.sandbox import state
from ingestion.sandbox.world import World, make_world

_ROOM = Path(__file__).parent


def world_of(data: Path, now: state.State) -> World:
    """Return the world up to the month of the clock, from the cache where it lies there."""
    key = _key(now)
    kept = data / "sandbox" / f"world-{key}.pickle"
    world = _unpacked(kept, key)
    if world is None:
        month = now.as_of.date().replace(day=1)
        world = make_world(now.people, now.seed, month, now.shuffled)
        _keep(kept, key, world)
    return world


class Current:
    """The tables at the clock of a data folder; made again only once the clock has moved."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._read: tuple[int, int] | None = None
        self._tables: dict[str, pd.DataFrame] = {}

    def __call__(self) -> dict[str, pd.DataFrame]:
        """Return the tables; the same object for as long as the clock stands still."""
        now = state.read(self.data)
        written = state.stamp(self.data)
        if written != self._read:
            self._tables = world_of(self.data, now).at(now.as_of)
            self._read = written
        return self._tables


def _key(now: state.State) -> str:
    """Name a world after people, seed, month, and the code and libraries that make it."""
    parts = [
        f"{now.people}|{now.seed}|{now.shuffled}|{now.as_of:%Y-%m}|{np.__version__}|{pd.__version__}"
    ]
    parts += [path.read_text(encoding="utf-8") for path in _sources()]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"{now.people}-{now.seed}-{now.as_of:%Y-%m}-{digest[:16]}"


def _sources() -> Iterator[Path]:
    return iter(sorted([*_ROOM.glob("*.py"), *_ROOM.glob("*.yml")]))


def _unpacked(kept: Path, key: str) -> World | None:
    """Return the world of a cache file; None where there is none, another or half of one."""
    try:
        # Only this program writes into the data folder; the cache is never fetched.
        found, world = pickle.loads(kept.read_bytes())
    except (FileNotFoundError, pickle.UnpicklingError, EOFError, ValueError, TypeError):
        return None
    return world if found == key and isinstance(world, World) else None


def _keep(kept: Path, key: str, world: World) -> None:
    """Write the cache in one rename and take earlier worlds away."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    new = kept.with_suffix(f".{os.getpid()}.part")
    new.write_bytes(pickle.dumps((key, world), protocol=5))
    os.replace(new, kept)
    for other in kept.parent.glob("world-*.pickle"):
        if other != kept:
            other.unlink(missing_ok=True)
