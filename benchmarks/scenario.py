"""What is timed: a scenario, as data.

A module under `benchmarks/scenarios/` lists its scenarios as `SCENARIOS`; nothing else names them.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import benchmarks.scenarios

# What is timed, nothing else; what it returns is kept beside the figures, or instead of one.
Timed = Callable[[], Mapping[str, Any] | None]
# Makes ready, in a folder and for a size, and returns what is timed.
Ready = Callable[[Path, int], Timed]


class NotHere(Exception):
    """This machine lacks what a scenario needs."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What we want to reach: seconds, or ours in shares of the yardstick, and no more."""

    at_most: float
    of: Literal["yardstick", "seconds"] = "yardstick"


@dataclass(frozen=True, slots=True)
class Scenario:
    """Ours beside a yardstick, in turns; `prepare` comes once before them.

    Scenarios of a module are a group, and share a folder. `of` says of what there are `size`.
    """

    name: str
    does: str
    ours: Ready
    beside: str = ""
    yardstick: Ready | None = None
    reach: Reach | None = None
    prepare: Callable[[Path, int], None] = lambda folder, size: None
    size: int = 0
    of: str = ""
    rounds: int = 3
    group: str = ""

    @property
    def sides(self) -> dict[str, Ready]:
        """What is timed, by name."""
        return {"ours": self.ours} | ({"yardstick": self.yardstick} if self.yardstick else {})


def scenarios() -> dict[str, Scenario]:
    """Return every scenario by its name, module by module; a module is a group."""
    return {
        scenario.name: replace(scenario, group=found.name)
        for found in pkgutil.iter_modules(benchmarks.scenarios.__path__)
        for scenario in importlib.import_module(f"benchmarks.scenarios.{found.name}").SCENARIOS
    }
