"""Killed at a named point of a run, the next run comes to what an undisturbed one comes to.

Each point is one test: a house after its first run, a day later, killed there with all that it had
started, and run again. One such house and one undisturbed run serve all points of a session.
"""

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from orchestration import publish
from orchestration.settings import read
from tests.proof.equality import contents
from tests.proof.points import POINTS, Point
from tests.whole_house.conftest import ROOT, House, small_sandbox

pytestmark = pytest.mark.proof
DYING = Path(__file__).parent / "dying"
PEOPLE, SOURCES = 100, "files,zendesk"


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house after its first run, whose sandbox then moved on by a day."""
    small = small_sandbox(tmp_path_factory.mktemp("crash") / "data", people=PEOPLE)
    house = House(small.data, small.root, SOURCES)
    house.green("run")
    house.green("sandbox", "advance", "--days", "1")
    shutil.copytree(house.data, house.data.with_name("base"), symlinks=True)
    return house


def again(house: House) -> None:
    """Put the house back to where it was before the second run, at the same place."""
    shutil.rmtree(house.data)
    shutil.copytree(house.data.with_name("base"), house.data, symlinks=True)


def run(house: House, points: list[Point], is_deadly: bool) -> dict[str, str]:
    """Run the house; return which of the points a process came by, with its command."""
    marks = house.data.with_name("marks")
    shutil.rmtree(marks, ignore_errors=True)
    marks.mkdir()
    asked = {
        "points": [asdict(point) for point in points],
        "marks": str(marks),
        "is_deadly": is_deadly,
    }
    path = f"{DYING}:{house.environment['PYTHONPATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "orchestration", "run"],
        cwd=ROOT,
        env={**house.environment, "AX_DIE_AT": json.dumps(asked), "PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert done.returncode == (-signal.SIGKILL if is_deadly else 0)
    return {points[int(file.name)].name: file.read_text() for file in marks.iterdir()}


@pytest.fixture(scope="session")
def undisturbed_run(base: House) -> tuple[dict[str, str], dict[str, tuple[int, str]]]:
    """Which points a run comes by that nobody disturbs, and what it comes to."""
    return run(base, POINTS, is_deadly=False), contents(base.data)


@pytest.fixture
def a_day_later(base: House, undisturbed_run: object) -> House:
    again(base)
    return base


def test_an_undisturbed_run_comes_by_every_point(
    undisturbed_run: tuple[dict[str, str], object],
) -> None:
    places = {(p.module, p.function, p.when, p.call, p.on) for p in POINTS}
    assert len(places) == len({point.name for point in POINTS}) == len(POINTS) >= 40
    passed, _ = undisturbed_run
    assert [point.name for point in POINTS if point.name not in passed] == []


@pytest.mark.parametrize("point", POINTS, ids=lambda point: re.sub(r"\W+", "_", point.name))
def test_killed_here_the_next_run_comes_to_the_same(
    point: Point,
    a_day_later: House,
    undisturbed_run: tuple[object, dict[str, tuple[int, str]]],
    kept: Callable[..., None],
) -> None:
    house, (_, expected) = a_day_later, undisturbed_run
    [died_in] = run(house, [point], is_deadly=True).values()
    current = read(house.environment)
    assert publish.is_whole(current), "readers lost their publication"

    house.green("run")

    assert contents(house.data) == expected
    assert publish.is_whole(current)
    kept(f"killed at {point.name}", died_in=Path(died_in).name, equal=True)
