"""An inbox for each test."""

from pathlib import Path

import pytest
from drop_box import ORDERS, Box, new_box


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    """An empty inbox whose only mapping is that of orders."""
    monkeypatch.delenv("SOURCES__FILES__MAPPINGS", raising=False)
    made = new_box(tmp_path)
    made.map("shop.yml", ORDERS)
    return made
