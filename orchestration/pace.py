"""How far a stage of a run is: told by whoever does the work, shown by whoever watches.

What is left is said only where an earlier run shows how long the same work took.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

# From this share of the work on a run is measured by its own pace, before by the last one's.
OWN_PACE_FROM = 0.1
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Far:
    """How far a stage is: `done` of so many `things`, rows so far, seconds left.

    `left` is as of the telling; None where nothing is known.
    """

    done: int
    of: int
    things: str
    rows: int | None = None
    left: float | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """How long the same work took last time: in all, and of each of its parts (seconds)."""

    seconds: float
    parts: Mapping[str, float] = field(default_factory=dict)

    def left(self, done: Collection[str], elapsed: float) -> float | None:
        """Return the seconds that are left after so many; None where it knows none of the parts."""
        whole = sum(self.parts.values())
        if not whole:
            return None
        share = sum(self.parts.get(part, 0.0) for part in done) / whole
        whole_run = elapsed / share if share >= OWN_PACE_FROM else self.seconds
        return whole_run * (1 - share)

    def of(self, parts: Collection[str]) -> "Past":
        """Return how long these parts took, at the same pace."""
        some = {part: seconds for part, seconds in self.parts.items() if part in parts}
        return Past(self.seconds * _share(some, self.parts), some)

    def renewed(self, seconds: float, parts: Mapping[str, float]) -> "Past":
        """Return this past with what some of its parts took now, in so many seconds together."""
        known = {**self.parts, **parts}
        share = _share(parts, known)
        return Past(seconds / share if share else self.seconds, known)


def _share(some: Mapping[str, float], of: Mapping[str, float]) -> float:
    whole = sum(of.values())
    return sum(some.values()) / whole if whole else 0.0


def read(file: Path) -> Past:
    """Return what was kept of the last time; a past that knows nothing where nothing was."""
    if not file.exists():
        return Past(0)
    try:
        return Past(**json.loads(file.read_text()))
    except (ValueError, TypeError):  # broken off, or another version's: worth as much as none
        return Past(0)


def keep(file: Path, past: Past) -> None:
    """Keep how long the work took, for the next time."""
    file.write_text(json.dumps(asdict(past)))


# Who watches the stage that is under way; nobody where there is no terminal.
WATCHERS: list[Callable[[Far], None]] = []


def tell(far: Far) -> None:
    """Say how far a stage is to whoever watches."""
    for watch in WATCHERS:
        watch(far)


def words(title: str, far: Far | None, left: float | None) -> str:
    """Return a stage as a person follows it: its title, how far it is, what is left."""
    told = [f"{far.done:,} of {far.of:,} {far.things}"] if far else []
    told += [f"{far.rows:,} rows"] if far and far.rows is not None else []
    told += [f"about {duration(left)} left"] if left is not None and left >= 1 else []
    return f"{title}: {', '.join(told)}" if told else title


def duration(seconds: float) -> str:
    """Return a span as coarsely as it is known: 8 s, 40 s, 3 min."""
    if seconds < 10:
        return f"{seconds:.0f} s"
    if seconds < 1.5 * MINUTE:
        return f"{round(seconds, -1):.0f} s"
    return f"{seconds / MINUTE:.0f} min"
