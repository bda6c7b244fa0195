"""Where Spark gives a wrong answer without a word: the trap is shown, then that the house is not in it."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlglot import exp

from orchestration.project import DBT
from tests.spark.cluster import Cluster
from translation.spark import translated
from translation.trees import Untranslatable

pytestmark = pytest.mark.spark

STRATEGY = "{{ config(materialized='incremental', incremental_strategy='%s', unique_key='id') }}"


def no_table(table: exp.Table) -> list[str]:
    raise AssertionError(table)


@pytest.fixture
def ask(cluster: Cluster) -> Callable[[str], list[tuple[Any, ...]]]:
    """Ask Spark in its own words."""
    return lambda sql: [tuple(row) for row in cluster.session.sql(sql).collect()]


@pytest.fixture
def ask_ours(ask: Any) -> Callable[[str], list[tuple[Any, ...]]]:
    """Ask Spark what is written for DuckDB."""
    return lambda sql: ask(translated(sql, no_table))


def duck(sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as db:
        db.execute("set TimeZone = 'UTC'")
        return db.execute(sql).fetchall()


def project(folder: Path, models: dict[str, str]) -> Path:
    """Write a dbt project of its own for the cluster, with the house's adapter."""
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text("name: trap\nprofile: trap\nmodel-paths: [models]\n")
    (folder / "profiles.yml").write_text(
        "trap:\n  target: spark\n  outputs:\n    spark: "
        "{type: axspark, method: session, host: \"{{ env_var('SPARK_REMOTE') }}\", schema: trap, threads: 1, lake: lake}\n"
    )
    for name, sql in models.items():
        (folder / "models" / f"{name}.sql").write_text(sql)
    return folder


@pytest.fixture
def dbt(cluster: Cluster, tmp_path: Path) -> Callable[..., str]:
    """Run dbt in a project of its own on the cluster; return what it said."""

    def run(at: Path, *words: str) -> str:
        done = subprocess.run(
            [DBT, "--no-use-colors", *words],
            cwd=at,
            env={**os.environ, "SPARK_REMOTE": cluster.remote, "DO_NOT_TRACK": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout

    return run


def test_a_filtered_overwrite_loses_the_rest_of_its_partitions(ask: Any) -> None:
    ask("create schema if not exists trap")
    ask("drop table if exists trap.journeys")
    ask(
        "create table trap.journeys using parquet partitioned by (month) as "
        "select id, 1 + id div 10 as month from range(30)"
    )
    # What an incremental model does that filters rows and replaces the partitions they are in.
    ask(
        "insert overwrite table trap.journeys partition (month) "
        "select id, month from (select id, 1 + id div 10 as month from range(30)) where id >= 25"
    )
    assert ask("select count(*) from trap.journeys") == [(25,)]


def test_the_house_has_no_strategy_that_overwrites(dbt: Any, tmp_path: Path) -> None:
    at = project(tmp_path, {"kept": STRATEGY % "insert_overwrite" + " select 1 as id"})
    assert "may lose rows on Spark" in dbt(at, "run")


def test_what_is_kept_is_replaced_by_its_key_alone(dbt: Any, ask: Any, tmp_path: Path) -> None:
    rows = (
        "{% if is_incremental() %} select 25 as id, 'new' as said, 1 as more union all select 30, 'new', 2"
        "{% else %} select unnest(range(30)) as id, 'old' as said {% endif %}"
    )
    at = project(tmp_path, {"kept": STRATEGY % "delete+insert" + rows})
    ask("drop table if exists trap.kept")
    for _ in range(2):
        assert "Completed successfully" in dbt(at, "run")
    assert ask("select count(*), count(distinct id) from trap.kept") == [(31, 31)]
    assert ask("select id, said, more from trap.kept where said = 'new' order by id") == [
        (25, "new", 1),
        (30, "new", 2),
    ]


def test_a_float_has_seven_digits_and_a_double_of_the_house_has_sixteen(
    ask: Any, ask_ours: Any
) -> None:
    assert ask("select cast(119.31333333 as float)")[0][0] != 119.31333333
    sql = "select cast(119.31333333 as double) as minutes"
    assert ask_ours(sql) == duck(sql) == [(119.31333333,)]


def test_no_column_of_the_house_is_a_float() -> None:
    models = Path(__file__).parents[2] / "dbt_project" / "models"
    asked = [file for file in models.rglob("*.sql") if " as float" in file.read_text().lower()]
    assert not asked


def test_a_mean_of_decimals_is_rounded_unless_they_are_doubles(ask: Any, ask_ours: Any) -> None:
    rows = "from (values (1.0), (0.0), (0.0)) as t (share)"
    assert float(ask(f"select avg(share) {rows}")[0][0]) == 0.33333
    sql = f"select avg(share) as share {rows}"
    assert ask_ours(sql) == duck(sql) == [(1 / 3,)]


def test_a_quotient_of_decimals_is_rounded_unless_they_are_doubles(ask: Any, ask_ours: Any) -> None:
    assert float(ask("select 2.0 / 3.0")[0][0]) != 2 / 3
    assert ask_ours("select 2.0 / 3.0 as share") == duck("select 2.0 / 3.0 as share") == [(2 / 3,)]


def test_nulls_come_first_unless_it_is_said(ask: Any, ask_ours: Any) -> None:
    sql = "select row_number() over (order by x) as place, x from (values (1), (null)) as t (x) order by x"
    assert ask(sql)[0] == (1, None)
    assert ask_ours(sql) == duck(sql) == [(1, 1), (2, None)]


def test_a_moment_is_read_in_the_zone_of_the_session(
    ask: Any, ask_ours: Any, cluster: Cluster
) -> None:
    sql = "select cast(timestamp '2026-06-30 23:30:00' as varchar) as moment, date_trunc('day', timestamp '2026-06-30 23:30:00') as day"
    late = "select cast(cast('2026-06-30T23:30:00Z' as timestamp) as date)"
    cluster.session.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    try:
        assert str(ask(late)[0][0]) == "2026-07-01"
    finally:
        cluster.session.conf.set("spark.sql.session.timeZone", "UTC")
    assert str(ask(late)[0][0]) == "2026-06-30"
    assert ask_ours(sql)[0][0] == duck(sql)[0][0]


def test_a_bad_cast_and_an_overflow_are_errors_where_dbt_spark_makes_them_null(
    ask: Any, cluster: Cluster
) -> None:
    wrong = ("select cast('twelve' as int)", "select 1000000000 * 10", "select 1 / 0")
    cluster.session.conf.set("spark.sql.ansi.enabled", "false")  # what dbt-spark 1.11 sets
    try:
        assert [ask(sql) for sql in wrong] == [[(None,)], [(1410065408,)], [(None,)]]
    finally:
        cluster.session.conf.set("spark.sql.ansi.enabled", "true")
    for sql in wrong:
        with pytest.raises(
            Exception, match=r"CAST_INVALID_INPUT|ARITHMETIC_OVERFLOW|DIVIDE_BY_ZERO"
        ):
            ask(sql)


def test_dbt_asks_with_the_settings_that_keep_it_out_of_both() -> None:
    from dbt.adapters.axspark.impl import AxSparkCredentials  # of the extra

    said = AxSparkCredentials(method="session", host="sc://here", schema="main", database=None)
    asked = {"spark.sql.ansi.enabled": "true", "spark.sql.session.timeZone": "UTC"}
    assert said.server_side_parameters.items() >= asked.items()


def test_a_number_of_rows_without_an_order_is_refused() -> None:
    # A CTE is made anew where it is read: two readers would not number its rows alike.
    with pytest.raises(Untranslatable, match="row_number without an order"):
        translated("select row_number() over () as number from t", no_table)


SOURCES = "sources: [{name: raw_box, schema: raw_box, tables: [{name: tickets}, {name: nothing}]}]"


def staging(folder: Path, table: str) -> Path:
    """Write a project that keeps what a table of the lake in `folder` has."""
    source = f"{{{{ source('raw_box', '{table}') }}}}"
    kept = f"{{{{ config(materialized='table') }}}} select * from {source}"
    at = project(folder, {f"stg_{table}": kept})
    (at / "models" / "sources.yml").write_text(SOURCES)
    profile = at / "profiles.yml"
    profile.write_text(profile.read_text().replace("lake: lake", f"lake: {at / 'lake'}"))
    return at


def write(file: Path, query: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as db:
        db.execute(f"copy ({query}) to '{file}' (format parquet)")


def test_a_column_that_came_later_is_seen(dbt: Any, ask: Any, tmp_path: Path) -> None:
    at = staging(tmp_path, "tickets")
    lake = at / "lake" / "raw_box" / "tickets"
    write(lake / "1.parquet", "select 1 as id")
    assert "Completed successfully" in dbt(at, "run")
    write(lake / "2.parquet", "select 2 as id, 'late' as channel")
    # The table that stands has the columns it was made with.
    ask("refresh table raw_box.tickets")
    assert ask("select * from raw_box.tickets order by id") == [(1,), (2,)]
    assert "Completed successfully" in dbt(at, "run")
    assert ask("select id, channel from trap.stg_tickets order by id") == [(1, None), (2, "late")]


def test_a_source_that_sent_no_row_is_empty_and_one_without_a_file_is_named(
    dbt: Any, ask: Any, tmp_path: Path
) -> None:
    at = staging(tmp_path, "nothing")
    assert "raw_box`.`nothing" in dbt(at, "run")
    write(at / "lake" / "raw_box" / "nothing" / "1.parquet", "select 1 as id, 'a' as b where false")
    assert "Completed successfully" in dbt(at, "run")
    assert ask("select count(*) from trap.stg_nothing") == [(0,)]
    assert [row[:2] for row in ask("describe trap.stg_nothing")] == [("id", "int"), ("b", "string")]
