"""What every connector owes to the people who set it up."""

from pathlib import Path

import pytest

import ingestion.connectors
from ingestion.connector import Connector, discover

FOLDER = Path(ingestion.connectors.__path__[0])


@pytest.mark.parametrize("connector", discover().values(), ids=lambda one: one.name)
def test_its_readme_names_each_setting(connector: Connector) -> None:
    text = (FOLDER / connector.name / "README.md").read_text()
    prefix = f"SOURCES__{connector.name.upper()}__"

    assert [name for name in connector.settings if f"{prefix}{name.upper()}" not in text] == []
