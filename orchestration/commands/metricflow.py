"""`ax mf`: MetricFlow's commands on this house's warehouse."""

import importlib.util

import typer

from orchestration.errors import NoMetricFlow, NothingLoaded
from orchestration.project import prepare
from orchestration.settings import settings


def mf(context: typer.Context) -> None:
    """Ask the semantic layer, as MetricFlow's own `mf` would: ax mf query --metrics nps ..."""
    current = settings()
    if importlib.util.find_spec("dbt_metricflow") is None:
        raise NoMetricFlow()
    if not current.warehouse.exists():
        raise NothingLoaded(current.warehouse)
    prepare(current)
    from orchestration import metricflow

    metricflow.run(current, context.args)
