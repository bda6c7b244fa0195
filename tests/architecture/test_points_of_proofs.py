"""The points at which proofs kill a run are functions that there are: a name that moved is told here."""

import functools
import importlib

import pytest

from tests.proof.points import POINTS, Point


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point.module}:{point.function}")
def test_the_function_at_which_a_run_is_killed_is_there(point: Point) -> None:
    module = importlib.import_module(point.module)
    assert callable(functools.reduce(getattr, point.function.split("."), module))
