"""The data folder as a resource of Dagster: one run at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from orchestration.lock import locked


class House(dg.ConfigurableResource):
    """The data folder, held for as long as a run lasts."""

    lock_file: str

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["House"]:
        """Hold the folder's lock around every step of the run."""
        with locked(Path(self.lock_file)):
            yield self
