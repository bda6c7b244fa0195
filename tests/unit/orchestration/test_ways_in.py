"""The ways in that docs/bi.md tells of, on a published file: SQLAlchemy, pandas, Parquet."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.published_file import audience, measured, publish

ASKED = "select audience, period_start, value, low, n, status from pub_metric_values order by value"


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(
        tmp_path_factory.mktemp("ways") / "marts.duckdb",
        audiences=[audience("fan", 1), audience("donor", 2)],
        metric_values=[measured("fan", "nps", 12.5, low=3.0), measured("donor", "nps", 40.0)],
    )


@pytest.fixture
def engine(marts: Path) -> Iterator[sa.Engine]:
    made = sa.create_engine(f"duckdb:///{marts}?access_mode=read_only")
    yield made
    made.dispose()


def test_sqlalchemy_reads_and_is_refused_to_write(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        rows = connection.execute(sa.text(ASKED)).all()
        assert rows[0] == ("fan", date(2026, 1, 1), 12.5, 3.0, 120, "ok")
        with pytest.raises(DBAPIError, match="read-only mode"):
            connection.execute(sa.text("delete from pub_metric_values"))
    assert "pub_metric_values" in sa.inspect(engine).get_table_names()


def test_pandas_reads_by_every_way_the_same(engine: sa.Engine, marts: Path) -> None:
    exported = marts.with_name("pub_metric_values.parquet")
    with duckdb.connect(str(marts), read_only=True) as db:
        direct = db.sql(ASKED).df()
        db.sql(ASKED).write_parquet(str(exported))

    for found in (direct, pd.read_sql(ASKED, engine), pd.read_parquet(exported)):
        assert found["value"].tolist() == [12.5, 40.0]
        assert pd.isna(found["low"].iloc[1])
        assert pd.to_datetime(found["period_start"]).dt.date.tolist() == [date(2026, 1, 1)] * 2
        assert {name: found[name].dtype.kind for name in ("value", "low")} == {
            "value": "f",
            "low": "f",
        }
