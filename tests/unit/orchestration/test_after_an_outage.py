"""After the machine was off: what was missed is made up for once, what was killed blocks nothing."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.test_utils import create_test_daemon_workspace_context, freeze_time
from dagster._core.workspace.load_target import PythonFileTarget
from dagster._scheduler.scheduler import launch_scheduled_runs

from orchestration import triggers
from orchestration.lock import locked

MORNING = Path(__file__).with_name("morning.py")


@pytest.fixture
def instance(tmp_path):
    # Runs are kept in the queue: what is asked is which are requested, not what they do.
    queue = {"module": "dagster._core.run_coordinator", "class": "QueuedRunCoordinator"}
    with dg.instance_for_test(
        temp_dir=str(tmp_path), overrides={"run_coordinator": queue}
    ) as instance:
        yield instance


def test_mornings_that_were_missed_while_the_machine_was_off_are_caught_up_once(instance) -> None:
    zone = ZoneInfo("Europe/Berlin")
    target = PythonFileTarget(
        python_file=str(MORNING), attribute=None, working_directory=None, location_name="house"
    )
    logger = logging.getLogger("scheduler")

    def wake(workspace, day: int, hour: int) -> int:
        """Let the scheduler look at the clock twice; return how many runs it has asked for."""
        now = datetime(2026, 6, day, hour, tzinfo=zone).astimezone(UTC)
        for minutes in (0, 1):
            with freeze_time(now + timedelta(minutes=minutes)):
                at = now + timedelta(minutes=minutes)
                # An empty dictionary: a scheduler that was just started remembers nothing.
                list(launch_scheduled_runs(workspace, logger, at, {}))
        return len(instance.get_runs())

    with create_test_daemon_workspace_context(target, instance) as workspace:
        assert wake(workspace, day=1, hour=18) == 0
        assert wake(workspace, day=2, hour=6) == 1
        # Off until the sixth: four mornings were missed, one run makes up for them.
        assert wake(workspace, day=6, hour=9) == 2
        assert wake(workspace, day=6, hour=20) == 2
        assert wake(workspace, day=7, hour=6) == 3


def test_a_run_that_was_killed_is_failed_and_one_that_works_is_left_alone(current) -> None:
    @dg.job(name="main")
    def main() -> None:
        pass

    sensor = triggers.build_killed_sensor(current, "main")
    started = dg.DagsterRunStatus.STARTED
    with dg.instance_for_test() as instance:

        def look(cursor: str | None) -> str | None:
            context = dg.build_sensor_context(instance=instance, cursor=cursor)
            sensor(context)
            return context.cursor

        run = instance.create_run_for_job(main, status=started)
        with locked(current.data / "run.lock"):
            cursor = look(look(None))
        assert instance.get_run_by_id(run.run_id).status == started
        cursor = look(cursor)
        assert instance.get_run_by_id(run.run_id).status == started, "it may have begun just now"
        look(cursor)
        assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE
