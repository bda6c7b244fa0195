"""The whole job beside the same one by what people pick instead (`benchmarks.usual`)."""

import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

from benchmarks.commands import AX, BIN, done
from benchmarks.scenario import Reach, Scenario, Timed
from ingestion.sandbox import state

JOB = [str(BIN / "dagster"), "job", "execute", "-m", "benchmarks.usual", "-j", "usual"]
DAY = [AX, "sandbox", "advance", "--days", "1"]


def ours_first(folder: Path, size: int) -> Timed:
    """Run in a folder that holds nothing but how many people the sandbox has."""
    house = _empty(folder / "ours", size)
    return lambda: done([AX, "run"], house)


def theirs_first(folder: Path, size: int) -> Timed:
    """Run the usual job in such a folder."""
    house = _empty(folder / "theirs", size)
    return lambda: usual(house)


def ours_next(folder: Path, _: int) -> Timed:
    """Run with one more day in the sandbox."""
    done(DAY, folder / "ours")
    return lambda: done([AX, "run"], folder / "ours")


def theirs_next(folder: Path, _: int) -> Timed:
    """Run the usual job with one more day in the sandbox."""
    done(DAY, folder / "theirs")
    return lambda: usual(folder / "theirs")


def usual(house: Path) -> None:
    """Run the usual job while the sandbox answers."""
    code = "import sys; from pathlib import Path; from benchmarks.scenarios.usual import serve_and"
    done([sys.executable, "-c", f"{code}; serve_and(Path(sys.argv[1]))", str(house)], house)


def serve_and(house: Path) -> None:
    """Run the usual job in this environment, which says where the house is."""
    from ingestion.connector import discover
    from orchestration.declarations import declarations
    from orchestration.project import dbt_environment
    from orchestration.sandbox import lending
    from orchestration.settings import claim, lent, settings

    current = settings()
    for folder in (current.warehouse.parent, current.data / "dagster", current.work):
        folder.mkdir(parents=True, exist_ok=True)
    claim(current)  # the sandbox's clock, not the wall's: the same day as in the other house
    on = [discover()[name] for name in current.sources]
    with ExitStack() as stack:
        stack.enter_context(lent(declarations(current)))
        stack.enter_context(lending(current, on))
        done(JOB, house, **dbt_environment(current))


def _empty(house: Path, people: int) -> Path:
    shutil.rmtree(house, ignore_errors=True)
    house.mkdir(parents=True)
    state.write(house, state.State(people))
    return house


def both_have_run(folder: Path, size: int) -> None:
    """Have both houses after a first run."""
    for name, ready in (("ours", ours_first), ("theirs", theirs_first)):
        if not (folder / name).exists():
            ready(folder, size)()


SCENARIOS = [
    Scenario(
        name="usual_first",
        does="the whole job on the default sandbox, first time",
        ours=ours_first,
        beside="dlt with its defaults, dbt with full refresh, the multiprocess executor",
        yardstick=theirs_first,
        reach=Reach(1 / 5),
        size=state.PEOPLE,
        of="people",
        rounds=1,
    ),
    Scenario(
        name="usual_next",
        does="the whole job with one more day of the sandbox",
        ours=ours_next,
        beside="dlt with its defaults, dbt with full refresh, the multiprocess executor",
        yardstick=theirs_next,
        reach=Reach(1 / 10),
        prepare=both_have_run,
        size=state.PEOPLE,
        of="people",
        rounds=1,
    ),
]
