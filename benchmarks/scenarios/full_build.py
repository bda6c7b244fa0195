"""The whole house over a bulk world: five things beside one script by hand, all of it, a day more.

`benchmarks.full_build` says of larger worlds, in one report, which models and steps take the time.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import full_build
from benchmarks.scenario import Reach, Scenario, Timed
from ingestion.sandbox import bulk

PEOPLE = 10_000  # a tenth of scale 1: what a machine at hand does three times in passing


def made(folder: Path, size: int) -> None:
    """Write the raw of a world of so many people, once."""
    if not (folder / "raw").exists():
        full_build.raw(size / bulk.PART, folder / "raw")


def and_built(folder: Path, size: int) -> None:
    """Have the house built over it once, and once with a day more in raw."""
    made(folder, size)
    if not (folder / "built").exists():
        shutil.copytree(folder / "raw", folder / "built")
        full_build.all_of_it(folder / "built")
        shutil.copytree(folder / "built", folder / "day")
        full_build.raw(size / bulk.PART, folder / "day", day=1)


def by_hand(folder: Path, _: int) -> Timed:
    """Run the script; what it makes is temporary."""
    return lambda: _named(full_build.yardstick(folder / "raw"))


def five(folder: Path, _: int) -> Timed:
    """Build what gives the five things, and what that is made of."""
    data = _fresh(folder, "raw")
    return lambda: _named(full_build.five(data, alone=False))


def whole(folder: Path, _: int) -> Timed:
    """Build everything."""
    data = _fresh(folder, "raw")
    return lambda: _named(full_build.all_of_it(data))


def a_day(folder: Path, _: int) -> Timed:
    """Build what a day more makes new."""
    data = _fresh(folder, "day")
    return lambda: _named(full_build.all_of_it(data))


def dashboards(folder: Path, _: int) -> Timed:
    """Ask what dashboards ask; the figure is what one question in twenty takes longer than."""

    def timed() -> Mapping[str, Any]:
        asked = full_build.dashboards(folder / "built")
        return {"seconds": asked["p95_ms"] / 1000, "by_query": asked["by_query"]}

    return timed


def _fresh(folder: Path, name: str) -> Path:
    shutil.rmtree(folder / "work", ignore_errors=True)
    shutil.copytree(folder / name, folder / "work")
    return folder / "work"


def _named(cost: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("seconds", "stages", "slowest")
    return {name: cost[name] for name in kept if name in cost}


SCENARIOS = [
    Scenario(
        name="five_things",
        does="NPS, CSAT, first response, journey funnel and touchpoints from raw, with intervals",
        ours=five,
        beside="one script by hand (`benchmarks/yardsticks/full_build.sql`)",
        yardstick=by_hand,
        reach=Reach(2),
        prepare=made,
        size=PEOPLE,
        of="people",
    ),
    Scenario(
        name="full_build",
        does="everything from raw to what is published, with its tests",
        ours=whole,
        reach=Reach(900, "seconds"),
        prepare=made,
        size=PEOPLE,
        of="people",
        rounds=1,
    ),
    Scenario(
        name="one_percent_new",
        does="the same after a day that brought 1 % new rows",
        ours=a_day,
        beside="everything",
        yardstick=whole,
        reach=Reach(0.1),
        prepare=and_built,
        size=PEOPLE,
        of="people",
        rounds=1,
    ),
    Scenario(
        name="dashboards",
        does="20 questions of dashboards to the published file: the 95th percentile of 200 answers",
        ours=dashboards,
        reach=Reach(0.1, "seconds"),
        prepare=and_built,
        size=PEOPLE,
        of="people",
    ),
]
