"""dbt's own command line in a process of the house: `ax-dbt` is `dbt`, with our collector's pace.

What dbt loads stays as long as its process, as the package says of ours.
"""

from dbt.cli.main import cli

__all__ = ["cli"]
