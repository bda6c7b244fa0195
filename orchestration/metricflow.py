"""MetricFlow as this house runs it; the one module that imports it, and with it dbt.

Its own `mf` asks the package index for a newer version at every start and has no switch for it,
looks for what dbt parsed in one folder only, and opens the warehouse to write. Here its commands
run without the first, read what dbt parsed for this data folder, and can only read.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from dbt_metricflow.cli.cli_configuration import CLIConfiguration
from dbt_metricflow.cli.dbt_connectors.dbt_config_accessor import (
    dbtArtifacts,
    get_adapter_by_type,
    parse_manifest_from_dbt_generated_manifest,
)
from dbt_metricflow.cli.main import cli as stock

from orchestration.project import SEMANTIC, dbt_environment, kept
from orchestration.settings import DUCKDB, DUCKLAKE, Settings, lent

READING = {DUCKDB: "reading", DUCKLAKE: "reading_ducklake"}  # by where tables are seen


class House(CLIConfiguration):
    """Where MetricFlow finds the project, its manifest and the warehouse of a data folder."""

    def __init__(self, current: Settings) -> None:
        super().__init__()
        self.current = current

    def setup(
        self,
        dbt_profiles_path: Path | None = None,
        dbt_project_path: Path | None = None,
        configure_file_logging: bool = True,
    ) -> None:
        """Set up for the house's project, from whatever folder it was started."""
        project = self.current.project
        super().setup(project, project, configure_file_logging)

    @property
    def dbt_artifacts(self) -> dbtArtifacts:
        """What dbt parsed for this data folder, and the connection to its warehouse."""
        if self._dbt_artifacts is None:
            metadata = self.dbt_project_metadata
            parsed = kept(self.current, SEMANTIC).read_text(encoding="utf-8")
            self._dbt_artifacts = dbtArtifacts(
                profile=metadata.profile,
                project=metadata.project,
                adapter=get_adapter_by_type(metadata.profile.credentials.type),
                semantic_manifest=parse_manifest_from_dbt_generated_manifest(parsed),
            )
        return self._dbt_artifacts


@contextmanager
def reading(current: Settings) -> Iterator[House]:
    """Lend the semantic layer of a data folder, whose warehouse it can read and not write."""
    with lent({**dbt_environment(current), **_reading(current)}):
        house = House(current)
        house.setup()
        yield house


def run(current: Settings, words: Sequence[str]) -> Any:
    """Run one of MetricFlow's commands; it ends the process, as its own command line does."""
    # The check for a newer version hangs on the group, not on its commands.
    commands = {name: each for name, each in stock.commands.items() if name != "tutorial"}
    group = click.Group("ax mf", commands=commands, help="MetricFlow on this house's warehouse.")
    with lent({**dbt_environment(current), **_reading(current)}):
        return group.main([*words], prog_name="ax mf", obj=House(current))


def _reading(current: Settings) -> dict[str, str]:
    return {"AX_DBT_TARGET": READING[current.seen_in]}
