"""The house's own schedule over a job that does nothing, for Dagster's scheduler to load."""

import dagster as dg

from orchestration.settings import read
from orchestration.triggers import build_schedule


@dg.job(name="main")
def nothing() -> None:
    """Do nothing."""


defs = dg.Definitions(
    jobs=[nothing], schedules=[build_schedule(read({"AX_SOURCES": "files"}), "main")]
)
