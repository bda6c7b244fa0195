"""`ax run` on the small sandbox, as its user would: first time, again, a day later, back."""

import json
from datetime import date

import duckdb
import pytest

from tests.whole_house.conftest import House

pytestmark = pytest.mark.slow


def test_the_first_run_publishes_a_file_exports_and_a_page(built: House) -> None:
    published = built.data / "published"
    relations = [name for (name,) in built.published("select table_name from duckdb_tables()")]
    exports = sorted(file.stem for file in (published / "parquet").glob("*.parquet"))

    assert relations
    assert all(name.startswith("pub_") for name in relations)
    assert exports == sorted(relations)
    assert "<h1" in (published / "scorecard.html").read_text()
    rows = duckdb.sql(f"from '{published}/parquet/pub_metric_values.parquet'").fetchall()
    assert len(rows) == built.published("select count(*) from pub_metric_values")[0][0]


def test_metric_values_have_the_promised_columns_in_their_order(built: House) -> None:
    columns = [name for name, *_ in built.published("describe pub_metric_values")]

    assert columns == [
        "audience", "metric", "definition_version", "period_kind", "period_start", "period_end",
        "segment", "value", "numerator", "denominator", "n", "n_eff", "low", "high",
        "value_weighted", "interval_method", "status", "as_of", "source_lag_minutes",
    ]  # fmt: skip


def test_every_metric_of_the_backbone_is_measured_somewhere(built: House) -> None:
    measured = {
        metric
        for (metric,) in built.published(
            "select distinct metric from pub_metric_values where value is not null"
        )
    }

    assert measured >= {
        "nps", "csat", "ces_mean", "ces_top", "response_rate", "first_response_minutes_p50",
        "first_response_minutes_p90", "resolution_minutes_p50", "resolution_minutes_p90",
        "first_response_minutes_p50_business", "repeat_customer_rate", "enps",
    }  # fmt: skip


def test_confidential_scores_are_published_by_wave_for_groups_of_five(built: House) -> None:
    rows = built.published(
        "select period_kind, min(n) from pub_metric_values "
        "where metric = 'enps' and value is not null group by all"
    )
    assert [kind for kind, _ in rows] == ["wave"]
    assert all(fewest >= 5 for _, fewest in rows)


def test_no_key_stands_in_sql_or_logs(built: House) -> None:
    keys = [file.read_text().strip() for file in (built.data / "keys").glob("*.key")]
    written = [f for f in built.data.rglob("*") if f.is_file() and f.parent.name != "keys"]

    assert len(keys) == 6
    assert all(len(key) == 64 for key in keys)
    for file in written:
        content = file.read_bytes()
        assert not any(key.encode() in content for key in keys), file


def test_again_a_day_later_and_back(built: House) -> None:
    said = built.green("run")
    assert "nothing is new" in said

    before = built.published("select max(as_of) from pub_metric_values")[0][0]
    built.green("sandbox", "advance", "--days", "1")
    built.green("run")
    after = built.published("select max(as_of) from pub_metric_values")[0][0]
    assert (after.date(), before.date()) == (date(2026, 7, 1), date(2026, 6, 30))

    status = json.loads(built.green("status", "--json"))
    assert "sources" in status

    built.green("rollback")
    assert built.published("select max(as_of) from pub_metric_values")[0][0] == before
    page = (built.data / "published" / "scorecard.html").read_text()
    assert "30 Jun 2026" in page.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")
    assert built.green("doctor")
