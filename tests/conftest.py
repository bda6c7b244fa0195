"""What every test shares: a skipped test is named, and may be forbidden."""

import os

import pytest

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


# They start servers, Dagster, dbt or a whole run; `make check` leaves them to `make test`.
SLOW_FOLDERS = {"connectors", "dbt", "orchestration", "whole_house"}


def pytest_collection_modifyitems(items):
    for item in items:
        if SLOW_FOLDERS & set(item.path.parts):
            item.add_marker(pytest.mark.slow)
