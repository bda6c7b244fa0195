"""What every test shares: a skipped test is named and may be forbidden; proofs can be sampled."""

import hashlib
import os

import pytest

FORBIDDEN = bool(os.environ.get("AX_FORBID_SKIP"))


def pytest_addoption(parser):
    parser.addoption("--proof-sample", type=int, help="Run only so many of the proofs.")
    parser.addoption("--proof-seed", default="", help="What decides which; a commit rotates them.")


def pytest_collection_modifyitems(config, items):
    size, seed = config.getoption("--proof-sample"), config.getoption("--proof-seed")
    if size is None:
        return
    proofs = [item for item in items if item.get_closest_marker("proof")]
    proofs.sort(key=lambda item: hashlib.sha256(f"{seed}{item.nodeid}".encode()).digest())
    left_out = {item.nodeid for item in proofs[size:]}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
    items[:] = [item for item in items if item.nodeid not in left_out]


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
