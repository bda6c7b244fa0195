"""The adapter follows dbt-spark; dbt asks for a version."""

from dbt.adapters.spark.__version__ import version

__all__ = ["version"]
