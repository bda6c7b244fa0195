"""Die at a named point: a Python that has this folder on its path kills its process group there.

AX_DIE_AT is a JSON object: `points` (tests/proof/points.py), `marks`, a folder where each point that
a process comes by leaves a file of its number, and `is_deadly`: whether it then dies. The product
knows nothing of it: a function is wrapped as its module is imported.
"""

import functools
import importlib.abc
import importlib.machinery
import json
import os
import signal
import sys
import threading
from pathlib import Path

ASKED = json.loads(os.environ["AX_DIE_AT"])
POINTS = list(enumerate(ASKED["points"]))
NAMES = ("name", "pipeline_name", "node.name", "connector.name", "table.name", "_file_path")


def come_by(number):
    Path(ASKED["marks"], str(number)).write_text(sys.argv[0])
    if ASKED["is_deadly"]:
        os.killpg(0, signal.SIGKILL)


def names(argument):
    yield argument
    for path in NAMES:
        yield functools.reduce(
            lambda found, part: getattr(found, part, None), path.split("."), argument
        )


def is_about(wanted, arguments):
    found = (name for argument in arguments for name in names(argument))
    return wanted is None or any(isinstance(name, str) and wanted in name for name in found)


def watched(function, number, point):
    calls, lock = [], threading.Lock()

    @functools.wraps(function)
    def run(*arguments, **options):
        with lock:
            calls.extend([None] * is_about(point["on"], (*arguments, *options.values())))
            is_it = len(calls) == point["call"] and not run.is_over
            run.is_over |= is_it
        if is_it and point["when"] == "before":
            come_by(number)
        result = function(*arguments, **options)
        if is_it and point["when"] == "after":
            come_by(number)
        return result

    run.is_over = False
    return run


class Loader(importlib.abc.Loader):
    def __init__(self, real):
        self.real = real

    def __getattr__(self, name):
        return getattr(self.real, name)

    def create_module(self, spec):
        return self.real.create_module(spec)

    def exec_module(self, module):
        self.real.exec_module(module)
        for number, point in POINTS:
            if point["module"] == module.__name__:
                *owners, name = point["function"].split(".")
                owner = functools.reduce(getattr, owners, module)
                setattr(owner, name, watched(getattr(owner, name), number, point))


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if not any(point["module"] == name for _, point in POINTS):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        spec.loader = Loader(spec.loader)
        return spec


sys.meta_path.insert(0, Finder())
