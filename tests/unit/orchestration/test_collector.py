"""Python's collector does not go through what stays, over and over, while it is loaded."""

import subprocess
import sys

import pytest

COUNTED = """
import gc
begun = []
gc.callbacks.append(lambda phase, info: begun.append(phase == "start"))
import {module}
print(sum(begun))
"""


@pytest.mark.parametrize("module", ["orchestration.dbt", "orchestration.definitions"])
def test_what_stays_is_seldom_collected_while_it_is_loaded(module: str) -> None:
    command = [sys.executable, "-c", COUNTED.format(module=module)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert int(said) < 30  # every 700 objects, as Python does by itself, it were hundreds
