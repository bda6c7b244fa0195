"""A publication that is broken off: killed at any step, or the disk full at any step."""

import resource
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration import publish
from tests.unit.orchestration.test_publish import read_parquet, read_serving

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
PUBLISHER = Path(__file__).with_name("dying_publisher.py")


def publisher(current, how: str, step: int = 0, limit: int = 0) -> subprocess.CompletedProcess:
    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, str(PUBLISHER), str(current.data), how, str(step)],
        env={"PYTHONPATH": str(current.root), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        preexec_fn=small_disk if limit else None,
    )


@pytest.fixture
def steps(current, built) -> list[str]:
    """Publish twice, so that a third takes every step, dropping a former one too; return them."""
    built(1)
    publish.publish(current, AS_OF, {})
    built(2)
    return publisher(current, "watch").stdout.splitlines()


def test_a_publication_has_the_steps_that_are_broken_off_below(steps) -> None:
    kinds = {step.split()[0] for step in steps}
    assert kinds >= {"open", "shutil.copyfile", "os.rename", "os.fsync", "os.symlink", "os.mkdir"}
    assert len(steps) > 15


@pytest.mark.parametrize("limit", [1, 4096, 100_000])
def test_a_full_disk_leaves_the_last_good_publication_and_says_so(current, steps, limit) -> None:
    done = publisher(current, "watch", limit=limit)
    assert done.returncode == 1
    assert "can not be written" in done.stdout
    assert "Traceback" not in done.stderr
    assert read_serving(current) == read_parquet(current) == [2]
    assert publish.is_whole(current)
    publish.publish(current, AS_OF, {})
    assert publish.is_whole(current)


@pytest.mark.parametrize("how", ["kill", "full"])
def test_broken_off_at_any_step_readers_have_a_whole_publication_and_the_next_one_works(
    how, current, built, steps, tmp_path
) -> None:
    built(3)
    kept = tmp_path / "kept"
    shutil.copytree(current.data, kept, symlinks=True)
    seen = []
    for step in range(1, len(steps) + 1):
        shutil.rmtree(current.data)
        shutil.copytree(kept, current.data, symlinks=True)
        done = publisher(current, how, step)
        assert done.returncode in ((-signal.SIGKILL,) if how == "kill" else (0, 1)), done.stderr
        assert publish.is_whole(current), steps[step - 1]
        seen += read_parquet(current)
        publish.publish(current, AS_OF, {})
        assert publish.is_whole(current)
        assert read_parquet(current) == [3]
        assert not list(current.published.rglob(".*"))
    assert read_serving(current) == [3]
    # The one before up to the one rename, the new one from there on.
    assert {*seen} == {2, 3}
    assert seen == sorted(seen)
