"""`ax run` on the small sandbox, as its user would: first time, again, a day later, back."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ingestion.connector import discover
from ingestion.pipeline import ensure_tables
from orchestration.project import DBT
from tests.column_classes import differences
from tests.column_classes import folders as models
from tests.whole_house.conftest import ROOT, House, small_sandbox

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


def test_ctrl_c_stops_at_once_in_one_sentence(tmp_path: Path) -> None:
    house = small_sandbox(tmp_path / "data")
    run = subprocess.Popen(
        [sys.executable, "-m", "orchestration", "run"],
        cwd=house.root,
        env=house.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    inbox = house.data / "inbox" / "orders.csv"
    deadline = time.monotonic() + 120
    while not inbox.exists() and time.monotonic() < deadline:  # until the sources are read
        time.sleep(0.2)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)

    assert run.returncode == 130
    assert "ax: stopped; nothing half-made was published" in said
    assert "the same command again goes on" in said
    assert "Traceback" not in said
    assert not (house.data / "published" / "marts.duckdb").exists()


def test_metric_values_have_the_promised_columns_in_their_order(built: House) -> None:
    columns = [name for name, *_ in built.published("describe pub_metric_values")]

    assert columns == [
        "audience", "metric", "definition_version", "period_kind", "period_start", "period_end",
        "segment", "value", "numerator", "denominator", "n", "n_eff", "low", "high",
        "value_weighted", "interval_method", "status", "as_of", "source_lag_minutes", "is_protected",
    ]  # fmt: skip


def test_every_metric_of_the_backbone_is_measured_somewhere(built: House) -> None:
    measured = {
        metric
        for (metric,) in built.published(
            # In so small a world some are measured and hidden everywhere.
            "select distinct metric from pub_metric_values where status <> 'not_measured'"
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


def test_a_record_is_told_by_the_newest_file_that_still_has_it(
    built: House, tmp_path: Path
) -> None:
    """An update wins over an older file, a vanished row is no longer true.

    No unit test of dbt: there the slices' macro does not see the contract's columns.
    """
    copy = shutil.copyfile(
        built.data / "warehouse" / "warehouse.duckdb", tmp_path / "warehouse.duckdb"
    )
    told = [
        ("shop:1", "may.csv", 10, None, None),
        ("shop:1", "june.csv", 12, "2026-06-02", None),
        ("shop:2", "june.csv", 20, None, None),
        ("shop:2", "may.csv", 21, None, "gone_from_file"),
        ("shop:3", "may.csv", 30, None, "gone_from_file"),
    ]
    with duckdb.connect(str(copy)) as db:
        db.execute("delete from raw_files.orders")
        db.executemany(
            "insert into raw_files.orders by name select ? as order_id, ? as file_name, "
            "? as amount, ?::timestamptz as updated_at, ? as _deleted_reason, '' as _dlt_load_id",
            told,
        )
        slice_ = db.execute("select order_id, amount, source from connectors.files__orders")
        assert sorted(slice_.fetchall()) == [
            ("files:shop:1", 12, "files"),
            ("files:shop:2", 20, "files"),
        ]


@pytest.mark.proof
def test_a_day_later_and_back(built: House, later: House) -> None:
    before, after = (
        house.published("select max(as_of) from pub_metric_values")[0][0]
        for house in (built, later)
    )
    assert (after.date(), before.date()) == (date(2026, 7, 1), date(2026, 6, 30))

    status = json.loads(later.green("status", "--json"))
    assert "sources" in status
    served = next(kept["id"] for kept in status["publications"] if kept["is_served"])

    later.green("rollback")
    assert later.published("select max(as_of) from pub_metric_values")[0][0] == before
    page = (later.data / "published" / "scorecard.html").read_text()
    assert "30 Jun 2026" in page.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")
    assert later.green("doctor")

    later.green("rollback", "--to", served)
    assert later.published("select max(as_of) from pub_metric_values")[0][0] == after


def test_the_unit_tests_of_slices_and_contracts_hold(built: House, tmp_path: Path) -> None:
    """Those of the models behind them run on golden contracts (tests/dbt), none in a run.

    Those of sources that are off too: dbt asks their staging for its columns, so it is built.
    """
    shutil.copytree(built.data / "warehouse", tmp_path / "warehouse")
    with duckdb.connect(str(tmp_path / "warehouse" / "warehouse.duckdb")) as db:
        ensure_tables(db, discover())
    folders, target = ("connectors", "contracts"), tmp_path / "dbt"
    select = [f"resource_type:unit_test,fqn:ax_warehouse.{folder}" for folder in folders]
    ours = {"AX_DATA_DIR": tmp_path, "DBT_TARGET_PATH": target, "DBT_LOG_PATH": target}

    done = subprocess.run(
        [
            DBT, "--quiet", "build", "--exclude-resource-type", "test",
            "--select", "fqn:ax_warehouse.connectors", *select,
        ],
        cwd=ROOT / "dbt_project",
        env=built.environment | {name: str(value) for name, value in ours.items()},
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]

    with duckdb.connect(str(tmp_path / "warehouse" / "warehouse.duckdb")) as db:
        columns = db.execute(
            "select table_name, list(column_name) from information_schema.columns "
            "where table_schema = 'connectors' group by all"
        ).fetchall()
    there = {model: set(names) for model, names in columns}
    assert there.keys() == {name for name, folder in models().items() if folder == "connectors"}
    assert differences(there) == {}

    results = json.loads((target / "run_results.json").read_text())["results"]
    declared = json.loads((target / "manifest.json").read_text())["unit_tests"]
    due = {key for key, test in declared.items() if {*folders} & {*test["fqn"]}}
    assert {row["unique_id"] for row in results if row["status"] == "pass"} == due
