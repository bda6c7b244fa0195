"""What every connector owes to the people who set it up."""

from pathlib import Path

import pytest

import ingestion.connectors
from ingestion.connector import Connector, discover

FOLDER = Path(ingestion.connectors.__path__[0])
DOCS = FOLDER.parents[1] / "docs"


@pytest.mark.parametrize("connector", discover().values(), ids=lambda one: one.name)
def test_its_readme_names_each_setting(connector: Connector) -> None:
    text = (FOLDER / connector.name / "README.md").read_text()
    prefix = f"SOURCES__{connector.name.upper()}__"

    assert [name for name in connector.settings if f"{prefix}{name.upper()}" not in text] == []


def test_the_page_of_sources_says_of_each_what_supports_it() -> None:
    text = (DOCS / "sources.md").read_text()
    rows = {
        line.split("`")[1]: line.split("|") for line in text.splitlines() if "README.md)" in line
    }

    assert set(rows) == set(discover())
    assert all(cells[-2].strip() for cells in rows.values())
