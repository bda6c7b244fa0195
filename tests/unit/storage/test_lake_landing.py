"""Landing in a lake promises what landing in a file does; the same tests say so."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion.pipeline import Landing
from storage import Lake
from tests.unit.ingestion.test_pipeline import (
    test_a_failure_on_a_later_page_leaves_rows_and_cursor_as_they_were,
    test_a_refused_package_is_set_aside_whole,
    test_every_declared_table_exists_even_when_nothing_came,
    test_every_row_is_counted_once_as_one_thing,
    test_the_ledger_tells_good_loads_and_problems,
)

pytestmark = pytest.mark.slow
__all__ = [
    "test_a_failure_on_a_later_page_leaves_rows_and_cursor_as_they_were",
    "test_a_refused_package_is_set_aside_whole",
    "test_every_declared_table_exists_even_when_nothing_came",
    "test_every_row_is_counted_once_as_one_thing",
    "test_the_ledger_tells_good_loads_and_problems",
]


@pytest.fixture
def landing(lake: Lake, tmp_path: Path) -> Landing:
    return Landing(lake, tmp_path / "dlt", datetime(2026, 6, 30, tzinfo=UTC))
