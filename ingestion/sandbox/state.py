"""The sandbox's clock and size, kept in the data folder; the clock only moves forward."""

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingestion.sandbox.world import PEOPLE, SEED

START = datetime(2026, 6, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class State:
    """Which world it is, and what time it is there."""

    people: int = PEOPLE
    seed: int = SEED
    as_of: datetime = START


def read(data: Path) -> State:
    """Return the state of a data folder; write the default one where there is none."""
    file = _file(data)
    if not file.exists():
        write(data, State())
    kept = json.loads(file.read_text())
    return State(kept["people"], kept["seed"], datetime.fromisoformat(kept["as_of"]))


def write(data: Path, state: State) -> State:
    """Keep the state; a crash leaves the old one whole."""
    file = _file(data)
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(json.dumps({**asdict(state), "as_of": state.as_of.isoformat()}) + "\n")
    os.replace(new, file)
    return state


def advance(data: Path, days: int) -> State:
    """Move the clock forward by whole days and return the new state."""
    if days < 1:
        raise ValueError(f"The sandbox's clock only moves forward; {days} days is not forward.")
    state = read(data)
    return write(data, replace(state, as_of=state.as_of + timedelta(days=days)))


def _file(data: Path) -> Path:
    return data / "sandbox" / "state.json"
