"""The sandbox's clock and size, kept in the data folder; the clock only moves forward.

Every run may ask for them, so this module imports nothing that computes a world.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ingestion.durable import write_whole

PEOPLE = 5_000
FEWEST_PEOPLE = 100
SEED = 20_260_630
HISTORY_START = date(2023, 7, 1)
START = datetime(2026, 6, 30, tzinfo=UTC)


class UnusableState(ValueError):
    """Raised when the sandbox's state is not one that a world can be made from."""


@dataclass(frozen=True, slots=True)
class State:
    """Which world it is (people, seed, shuffled or not), and what time it is there (UTC).

    Raises UnusableState for a world that can not be made.
    """

    people: int = PEOPLE
    seed: int = SEED
    as_of: datetime = START
    shuffled: bool = False

    def __post_init__(self) -> None:
        if self.people < FEWEST_PEOPLE:
            raise UnusableState(f"The sandbox needs {FEWEST_PEOPLE} people or more.")
        if self.as_of.tzinfo is None or self.as_of.date() < HISTORY_START:
            raise UnusableState(
                f"The sandbox's clock stands at {self.as_of.isoformat()}; give it an instant with a"
                f" time zone, from {HISTORY_START.isoformat()} on."
            )


def read(data: Path) -> State:
    """Return the state of a data folder; write the default one where there is none.

    Raises UnusableState for a file that is no state.
    """
    file = _file(data)
    if not file.exists():
        return write(data, State())
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        as_of = datetime.fromisoformat(kept["as_of"]).astimezone(UTC)
        return State(int(kept["people"]), int(kept["seed"]), as_of, bool(kept.get("shuffled")))
    except (KeyError, TypeError, json.JSONDecodeError) as broken:
        raise UnusableState(
            f"{file} is not the sandbox's state; delete it to begin again on {START.date()}."
        ) from broken


def write(data: Path, state: State) -> State:
    """Keep the state and return it; a crash leaves the old one whole."""
    file = _file(data)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, json.dumps({**asdict(state), "as_of": state.as_of.isoformat()}) + "\n")
    return state


def advance(data: Path, days: int) -> State:
    """Move the clock forward by whole days, at least one (ValueError); return the new state."""
    if days < 1:
        raise ValueError(f"The sandbox's clock only moves forward; {days} days is not forward.")
    state = read(data)
    return write(data, replace(state, as_of=state.as_of + timedelta(days=days)))


def exists(data: Path) -> bool:
    """Return whether the data folder has a sandbox already."""
    return _file(data).exists()


def stamp(data: Path) -> tuple[int, int]:
    """Return what changes whenever the state is written: the file's number and time of change."""
    facts = _file(data).stat()
    return facts.st_ino, facts.st_mtime_ns


def _file(data: Path) -> Path:
    return data / "sandbox" / "state.json"
