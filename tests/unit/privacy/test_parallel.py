"""Work by a process for each core: in order, no more taken than is needed, and nobody left behind."""

import gc
import math
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from privacy import parallel
from privacy.parallel import in_parallel

SLEEPERS = """
from privacy.parallel import in_parallel
asleep = "import time; print('at work', flush=True); time.sleep(600)"
list(in_parallel(exec, [asleep] * 4))
"""


def test_what_is_made_comes_in_the_order_of_the_batches() -> None:
    assert list(in_parallel(math.isqrt, range(100))) == [math.isqrt(n) for n in range(100)]


def test_batches_are_taken_as_they_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    taken = []

    def batches() -> Iterator[int]:
        for number in range(10):
            taken.append(number)
            yield number

    made = in_parallel(math.isqrt, batches())
    assert next(made) == 0
    assert len(taken) == parallel.WAITING + 1
    assert len(list(made)) == 9


def test_its_processes_look_for_garbage_as_seldom_as_it_does() -> None:
    before = gc.get_threshold()
    gc.set_threshold(54_321)
    try:
        (threshold,) = in_parallel(eval, ["__import__('gc').get_threshold()[0]"])
    finally:
        gc.set_threshold(*before)
    assert threshold == 54_321


def test_what_goes_wrong_in_a_process_is_told_here() -> None:
    with pytest.raises(ValueError, match="isqrt"):
        list(in_parallel(math.isqrt, [4, -1, 9]))


def test_who_is_killed_leaves_no_process_behind() -> None:
    """What they print to ends when the last of them has ended."""
    with subprocess.Popen(
        [sys.executable, "-c", SLEEPERS], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "at work\n"
        parent.kill()
        parent.communicate(timeout=60)
