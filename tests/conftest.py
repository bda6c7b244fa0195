"""What every test shares: what was skipped or found is told, and what a proof found is kept."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "proofs.json"

FORBIDDEN = bool(os.environ.get("AX_FORBID_SKIP"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if FORBIDDEN and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} skipped where nothing may: {call.excinfo.value}"
    return report


def pytest_terminal_summary(terminalreporter):
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.write_line(f"skipped {report.nodeid}: {reason}")
    for report in terminalreporter.stats.get("passed", []):
        for name, found in report.user_properties:
            terminalreporter.write_line(f"{name}: {found}")


# They start servers, Dagster, dbt or a whole run; `make check` leaves them to `make test`.
SLOW_FOLDERS = {"connectors", "dbt", "orchestration", "whole_house"}
# Their tests share one warehouse that takes a minute to build: one process runs them all, and begins
# with them, so that the others have something to do beside it until the end.
TOGETHER = ("whole_house", "dbt")


def pytest_collection_modifyitems(items):
    for item in items:
        if SLOW_FOLDERS & set(item.path.parts):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: [folder not in item.path.parts for folder in TOGETHER])


class ByWarehouse(LoadScopeScheduling):
    """Hand out tests file by file, those that share a warehouse to one process."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return next((folder for folder in TOGETHER if folder in file.split("/")), file)


def pytest_xdist_auto_num_workers(config):
    """One more than cores: what waits for a server, a browser or a child leaves its core to another."""
    return (os.cpu_count() or 1) + 1


def pytest_xdist_make_scheduler(config, log):
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # by number of tests, which is not what takes the time
    return ByWarehouse(config, log)


@pytest.fixture(scope="session")
def kept() -> Iterator[Callable[..., None]]:
    """Keep a finding under its proof's name; AX_KEEP_RESULTS=0 leaves the committed file alone."""
    found: dict[str, Any] = {}
    yield lambda name, **finding: found.update({name: finding})
    if os.environ.get("AX_KEEP_RESULTS") != "0" and found:
        before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        commit = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True
        ).stdout.strip()
        now = {name: {**finding, "commit": commit} for name, finding in found.items()}
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps({**before, **now}, indent=2, sort_keys=True) + "\n")
