"""Whether anything is new is asked of raw itself and of what readers have."""

import duckdb
import pytest

from ingestion import ledger
from orchestration import publish, standing
from tests.unit.orchestration.test_publish import AS_OF, spoil


@pytest.fixture
def done(current, built):
    """A run that went through to the page."""
    current.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(current.warehouse)) as db:
        ledger.write_clock(db, AS_OF)
        db.execute("create schema raw_files")
        db.execute("create table raw_files.orders as select 1 as id, '100' as _dlt_load_id")
    built(1)
    publish.publish(current, AS_OF, {})
    for page in (current.page, current.site):
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("<h1>")
    standing.remember(current)
    assert standing.is_published(current)
    return current


@pytest.mark.parametrize(
    "arrives",
    [
        "insert into raw_files.orders values (2, '101')",
        "update raw_files.orders set _dlt_load_id = '101'",
    ],
    ids=["a new row", "a changed row"],
)
def test_what_is_in_raw_and_not_in_the_ledger_is_news(done, arrives) -> None:
    """A load that was killed before it wrote the ledger is read again as unchanged."""
    with duckdb.connect(str(done.warehouse)) as db:
        db.execute(arrives)
    assert not standing.is_published(done)


def test_what_dlt_notes_for_itself_is_no_news(done) -> None:
    with duckdb.connect(str(done.warehouse)) as db:
        db.execute("create table raw_files._dlt_pipeline_state as select '101' as _dlt_load_id")
        db.execute("create schema raw_files_staging")
        db.execute("create table raw_files_staging.orders (id bigint, _dlt_load_id varchar)")
    assert standing.is_published(done)


def test_what_is_served_and_no_longer_whole_is_published_anew(done) -> None:
    spoil(publish.served(done).file)
    assert not standing.is_published(done)
