"""What the tests of the connector for Salesforce share."""

from dataclasses import replace

import pytest
import salesforce_world as org

from ingestion.connector import discover
from ingestion.connectors.salesforce import source


@pytest.fixture
def people_only(monkeypatch) -> None:
    """Read companies, contacts and leads alone: a window is the same whatever it holds."""
    kept = tuple(table for table in source.TABLES if table.name in org.PEOPLE)
    monkeypatch.setattr(source, "TABLES", kept)
    monkeypatch.setitem(discover(), "salesforce", replace(source.connector, tables=kept))
