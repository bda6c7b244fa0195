"""dbt's adapter for Spark, with the house's SQL translated at its edge."""

from pathlib import Path

from dbt.adapters.base import AdapterPlugin

from dbt.adapters.axspark.impl import AxSparkAdapter, AxSparkCredentials

Plugin = AdapterPlugin(
    adapter=AxSparkAdapter,  # type: ignore[arg-type]
    credentials=AxSparkCredentials,
    include_path=str(Path(__file__).parent),
    dependencies=["spark"],
)
