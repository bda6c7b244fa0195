"""What was published of promised confidentiality is noted once, as it was first told."""

import re
from pathlib import Path

import duckdb
import pytest

from ingestion import ledger
from orchestration.settings import ROOT
from orchestration.told import TOLD_ONCE, Once, remember_told

MODELS = ROOT / "dbt_project" / "models"

ROWS = {
    "pub_metric_values": """
        select 'employee' as audience, 'enps' as metric, 1 as definition_version,
            'wave' as period_kind, date '2025-02-03' as period_start, segment, status,
            is_protected, value, n_eff
        from (values
            ('all', 'stale', true, {0}, 12.0), ('department=Lab', 'suppressed', true, null, null),
            ('department=HR', 'not_mature', true, null, null), ('country=DE', 'ok', false, {0}, 40.0)
        ) as cells (segment, status, is_protected, value, n_eff)
    """,
    "pub_survey_nonresponse": """
        select instrument, 'wave' as period_kind, date '2025-02-03' as period_start, measure, level,
            status, is_protected, {0} as value, 12.0 as n_eff
        from (values
            ('pulse', 'profile', 'DE', 'ok', true), ('pulse', 'profile', 'FR', 'low_n', true),
            ('pulse', 'late', null, 'not_mature', true), ('panel', 'profile', 'DE', 'ok', false)
        ) as rows (instrument, measure, level, status, is_protected)
    """,
    "pub_survey_exclusions": """
        select instrument, 'q1' as question, 'wave' as period_kind,
            date '2025-02-03' as period_start, outcome, status, is_protected,
            cast({0} as bigint) as answers
        from (values
            (null, 'counted', 'ok', true), (null, 'partial', 'suppressed', true),
            ('panel', 'counted', 'ok', false)
        ) as rows (instrument, outcome, status, is_protected)
    """,
    "pub_culture": """
        select instrument, question, 'mean' as measure, date '2025-01-01' as period_start, status,
            is_protected, cast({0} as double) as value
        from (values
            ('culture', 'one', 'ok', true), ('culture', 'two', 'suppressed', true),
            ('panel', 'one', 'ok', false)
        ) as rows (instrument, question, status, is_protected)
    """,
    "pub_alignment": """
        select 'culture' as instrument, question, date '2025-01-01' as period_start, status,
            is_protected, cast({0} as double) as agreement
        from (values
            ('one', 'ok', true), ('two', 'suppressed', true), ('three', 'ok', false)
        ) as rows (question, status, is_protected)
    """,
}
TOLD = {
    "published_once": 2,
    "nonresponse_told": 2,
    "exclusions_told": 2,
    "culture_told": 2,
    "alignment_told": 2,
}


def serve(folder: Path, value: int, models: dict[str, str] = ROWS) -> Path:
    """Publish the rows with this value."""
    serving = folder / "marts.duckdb"
    serving.unlink(missing_ok=True)
    with duckdb.connect(str(serving)) as db:
        for name, sql in models.items():
            db.execute(f"create table {name} as {sql.format(value)}")
    return serving


@pytest.fixture
def db(tmp_path: Path):
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as db:
        ledger.ensure(db)
        yield db


def noted(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return {
        once.memory: db.execute(f"select count(*) from ops.{once.memory}").fetchall()[0][0]
        for once in TOLD_ONCE
    }


def test_what_readers_have_is_noted_once_and_not_again(db, tmp_path) -> None:
    assert remember_told(db, serve(tmp_path, 40)) == 10
    assert noted(db) == TOLD

    assert remember_told(db, serve(tmp_path, 41)) == 0
    assert noted(db) == TOLD
    values = (
        "select value, status from ops.published_once where segment = 'all' union all "
        "select value, status from ops.nonresponse_told where level = 'DE' union all "
        "select answers, status from ops.exclusions_told where outcome = 'counted' union all "
        "select value, status from ops.culture_told where question = 'one' union all "
        "select agreement, status from ops.alignment_told where question = 'one'"
    )
    assert db.execute(values).fetchall() == [(40, "low_n"), *[(40, "ok")] * 4]


def test_a_publication_that_does_not_say_what_is_protected_is_not_noted(db, tmp_path) -> None:
    older = {"pub_metric_values": "select 1 as value, 'ok' as status"}
    assert remember_told(db, serve(tmp_path, 40, older)) == 0
    assert remember_told(db, tmp_path / "none.duckdb") == 0


@pytest.mark.parametrize("once", TOLD_ONCE, ids=lambda once: once.model)
def test_what_is_told_at_once_is_the_same_where_it_is_noted_and_where_it_is_built(
    once: Once,
) -> None:
    published = (MODELS / "published" / f"{once.model}.sql").read_text()
    [mart] = re.findall(r"ref\('(\w+)'\)", published)
    [built] = (MODELS / "marts").rglob(f"{mart}.sql")
    [keys] = re.findall(r"told_once\('told', 'computed', \[(.*?)\]", built.read_text(), re.DOTALL)
    # All that is noted is protected.
    assert set(re.findall(r"'(\w+)'", keys)) - {"is_protected"} == set(once.key)
