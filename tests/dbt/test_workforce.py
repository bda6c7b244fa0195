"""The workforce: histories that hold, what was known when, and figures that name nobody."""

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import contract_tables
import duckdb
import pytest
from conftest import AS_OF

from ingestion import ledger
from orchestration.project import DBT

HISTORIES = {
    "fct_employments": "update {table} set known_to = null where employment_id = 'wfc1-first'",
    "dim_unit_history": "insert into {table} by name select * replace (valid_to + 1 as valid_to) "
    "from (select * replace (date '2023-12-01' as valid_from, date '2024-01-01' as valid_to) "
    "from {table} where unit = 'Depot')",
    "bridge_person_audiences": "insert into {table} select * from {table} where audience = 'donor'",
    "bridge_person_identifier": "update {table} set valid_to = '2026-04-11' where not is_current",
    "dim_audience_history": "insert into {table} select * from {table} where audience = 'fan'",
}
HOLDS_FOR_NO_TIME = {
    "fct_employments": "update {table} set valid_to = valid_from where employment_id = 'wff1'",
    "dim_unit_history": "update {table} set valid_to = valid_from where unit = 'Depot'",
    "bridge_person_audiences": "update {table} set valid_to = valid_from "
    "where audience = 'subscriber'",
    "dim_audience_history": "update {table} set valid_to = valid_from where audience = 'fan'",
}
CURRENT = {
    "fct_employments": "update {table} set is_current = true where employment_id = 'wfh1'",
    "dim_unit_history": "update {table} set is_current = not is_current where unit = 'Depot'",
    "bridge_person_audiences": "update {table} set is_current = false where audience = 'donor'",
    "dim_audience_history": "insert into {table} select * replace "
    "(valid_from - interval 1 year as valid_from, valid_from as valid_to) from {table}",
    "bridge_person_identifier": "update {table} set is_current = true",
}


@pytest.mark.parametrize(
    ("mart", "damage"),
    [*HISTORIES.items(), *HOLDS_FOR_NO_TIME.items(), *CURRENT.items()],
)
def test_a_history_that_is_damaged_is_noticed(
    mart: str, damage: str, broken: Callable[[str, str], list[Any]]
) -> None:
    assert broken(f"{mart}_is_history", "select 1") == []
    assert broken(f"{mart}_is_history", damage.format(table=f"warehouse.marts.{mart}"))


@pytest.mark.parametrize("table", ["int_tickets__attributes", "int_employments__units"])
def test_stretches_between_that_overlap_are_noticed(
    table: str, broken: Callable[[str, str], list[Any]]
) -> None:
    damage = f"insert into warehouse.intermediate.{table} from warehouse.intermediate.{table}"
    assert broken(f"{table}_is_history", "select 1") == []
    assert broken(f"{table}_is_history", damage)


def test_stretches_of_a_membership_that_touch_would_have_to_be_one(
    broken: Callable[[str, str], list[Any]],
) -> None:
    table = "warehouse.marts.bridge_person_audiences"
    damage = (
        f"update {table} set valid_to = '2026-04-01', is_current = false; "
        f"insert into {table} select * replace ('2026-04-01' as valid_from, "
        f"timestamp '2026-04-02' as valid_to) from {table} where audience = 'subscriber'"
    )
    found = broken("bridge_person_audiences_is_history", damage)
    assert {row[0] for row in found} == {"two overlap"}


@pytest.mark.parametrize(
    ("moment", "known"),
    [
        ("2025-10-01 08:00:00", None),
        ("2025-10-20 07:59:59", None),
        ("2025-10-20 08:00:00", "2025-11-01"),
        ("2026-01-10 07:59:59", "2025-11-01"),
        ("2026-01-10 08:00:00", None),
    ],
)
def test_what_was_known_at_a_moment_can_be_asked(
    moment: str, known: str | None, built: Any
) -> None:
    rows = built.rows(
        f"""
        select cast(valid_to as varchar) as valid_to from warehouse.marts.fct_employments
        where account_id = 'bamboohr:wfc1'
        and coalesce(known_from <= '{moment}', true) and coalesce('{moment}' < known_to, true)
        """
    )
    assert rows == [{"valid_to": known}]


def test_a_hire_to_come_is_known_and_not_current(built: Any) -> None:
    rows = built.rows(
        "select is_current, valid_from > '2026-04-10' as is_to_come "
        "from warehouse.marts.fct_employments where employment_id = 'wfh1'"
    )
    assert rows == [{"is_current": False, "is_to_come": True}]


@pytest.fixture
def run_again(built: Any, tmp_path: Path) -> Callable[[str, str], list[tuple[Any, ...]]]:
    """Return what the registry's history says after an edit of the registry and one more run."""
    shutil.copytree(built.folder, tmp_path / "house")
    warehouse = tmp_path / "house" / "warehouse" / "warehouse.duckdb"

    def run(as_of: str, edit: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(warehouse)) as db:
            db.execute(edit)
            # The clock of the warehouse, for another `--vars` has dbt parse everything anew.
            ledger.write_clock(db, datetime.fromisoformat(as_of))
        done = subprocess.run(
            [
                DBT, "--no-use-colors", "--log-level-file", "none", "build", "--full-refresh",
                "--select", "dim_audience_history",
            ],
            cwd=contract_tables.PROJECT,
            env=os.environ
            | {
                "AX_DATA_DIR": str(tmp_path / "house"),
                "DBT_TARGET_PATH": str(tmp_path / "house" / "target"),
                "DBT_LOG_PATH": str(tmp_path / "house" / "logs"),
            },
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-4000:]
        with duckdb.connect(str(warehouse), read_only=True) as db:
            return db.execute(
                "select audience, owner_role, cast(valid_from as varchar), "
                "cast(valid_to as varchar), is_current from marts.dim_audience_history "
                "where audience in ('fan', 'athlete', 'jury') order by audience, valid_from"
            ).fetchall()

    return run


def test_the_registry_is_told_over_time_whatever_is_refreshed(
    run_again: Callable[[str, str], list[tuple[Any, ...]]],
) -> None:
    first, second, third = str(AS_OF), "2026-04-20 06:00:00", "2026-05-01 06:00:00"
    owner = "Head of Fan Experience"
    kept = ("athlete", None, first, None, True)

    assert run_again("2026-04-15T06:00:00", "select 1") == [kept, ("fan", owner, first, None, True)]

    changed = run_again(
        "2026-04-20T06:00:00",
        "update registry.audiences set owner_role = 'Head of Fans' where audience = 'fan'; "
        "insert into registry.audiences by name "
        "select * replace ('jury' as audience, 99 as rank) from registry.audiences "
        "where audience = 'athlete'",
    )
    assert changed == [
        kept,
        ("fan", owner, first, second, False),
        ("fan", "Head of Fans", second, None, True),
        ("jury", None, second, None, True),
    ]

    # Changed once more at the same clock: only the last word counts.
    changed = run_again(
        "2026-04-20T06:00:00",
        "update registry.audiences set owner_role = null where audience = 'fan'",
    )
    assert changed[1:3] == [
        ("fan", owner, first, second, False),
        ("fan", None, second, None, True),
    ]

    changed = run_again(
        "2026-05-01T06:00:00", "delete from registry.audiences where audience = 'jury'"
    )
    assert changed[-1] == ("jury", None, second, third, False)


def test_the_wide_table_says_what_the_long_one_says(built: Any) -> None:
    columns = {
        "headcount": ("employee", "headcount"),
        "tenure_days": ("employee", "tenure"),
        "turnover": ("employee", "turnover"),
        "absence_rate": ("employee", "absence_rate"),
        "time_to_hire_days": ("candidate", "time_to_hire_days_p50"),
        "onboarding_rate": ("new_hire", "onboarding_rate"),
    }
    wide = built.rows("from publication.pub_workforce")
    long = {
        (row["audience"], row["metric"], row["period_start"], row["segment"]): row
        for row in built.rows("from publication.pub_metric_values where period_kind = 'quarter'")
    }
    compared = 0
    for row in wide:
        for name, (audience, metric) in columns.items():
            cell = long.get((audience, metric, row["quarter_start"], row["segment"]))
            compared += cell is not None
            assert (row[name], row[f"{name}_status"]) == (
                (cell["value"], cell["status"]) if cell else (None, "not_measured")
            )
    assert compared > 100


def test_an_enps_stands_in_the_quarter_in_which_its_wave_closed(built: Any) -> None:
    wave = built.rows(
        "select value, cast(date_trunc('quarter', period_end - interval 1 day) as date) as quarter "
        "from publication.pub_metric_values where metric = 'enps' and audience = 'employee' "
        "and segment = 'all' and value is not null order by period_start"
    )
    wide = built.rows(
        "select quarter_start, enps from publication.pub_workforce "
        "where segment = 'all' and enps is not null order by quarter_start"
    )
    assert wave
    assert [row["enps"] for row in wide] == [row["value"] for row in wave]
    assert [row["quarter_start"] for row in wide] == [row["quarter"] for row in wave]


def test_who_left_why_is_not_guessed(built: Any) -> None:
    """Somebody left on the first of January and the record does not say why."""
    rows = built.rows(
        "select turnover, turnover_voluntary, turnover_voluntary_status "
        "from publication.pub_workforce where quarter_start = '2026-01-01' and segment = 'all'"
    )
    assert rows[0]["turnover"] > 0
    assert (rows[0]["turnover_voluntary"], rows[0]["turnover_voluntary_status"]) == (
        None,
        "not_measured",
    )


def test_the_cost_of_a_leaving_is_that_of_its_role(built: Any) -> None:
    """By hand: 6000 of a warehouse worker and 24000 of an account manager; a fixed term is none."""
    [cell] = built.rows(
        "from warehouse.intermediate.int_metric_estimates where metric = 'turnover_cost' "
        "and segment = 'department=Depot' and period_kind = 'quarter' "
        "and period_start = '2025-10-01'"
    )
    assert (cell["value"], cell["has_unknown"]) == (30000.0, False)
    [after] = built.rows(
        "from warehouse.intermediate.int_metric_estimates where metric = 'turnover_cost' "
        "and segment = 'department=Depot' and period_kind = 'quarter' "
        "and period_start = '2026-01-01'"
    )
    # Somebody left a role that no record names.
    assert (after["value"], after["has_unknown"]) == (None, True)


def test_what_leavers_cost_is_hidden_where_turnover_is_and_never_left_over(built: Any) -> None:
    """A total would, with the leavers left over, tell how many left each hidden department."""
    rows = built.rows(
        "select metric, period_kind, period_start, segment, status, "
        "coalesce(value, numerator, denominator, n) is not null as is_told "
        "from publication.pub_metric_values where audience = 'employee' "
        "and metric in ('turnover', 'turnover_cost') and period_kind in ('quarter', 'year')"
    )
    of = {
        metric: {
            (row["period_kind"], row["period_start"], row["segment"]): row
            for row in rows
            if row["metric"] == metric
        }
        for metric in ("turnover", "turnover_cost")
    }
    hidden = {key for key, row in of["turnover"].items() if row["status"] == "suppressed"}
    whole = {key for key, row in of["turnover_cost"].items() if row["is_told"]}
    assert hidden
    assert whole
    assert not whole & hidden
    assert not {key for key in whole if key[2] == "all"} & {(*key[:2], "all") for key in hidden}
    assert not any("all others" in key[2] for key in of["turnover_cost"])


def test_nothing_that_is_published_leads_to_somebody_of_the_workforce(built: Any) -> None:
    names = {
        value
        for row in built.rows(
            "select account_id, employee_number, email from warehouse.contracts.person_observations"
            " where source = 'bamboohr'"
        )
        for value in row.values()
        if value
    }
    names |= {
        row["person_id"]
        for row in built.rows(
            "select person_id from warehouse.marts.dim_persons where is_workforce"
        )
    }
    names |= {
        row["id"]
        for row in built.rows(
            "select employment_version_id as id from warehouse.marts.fct_employments union all "
            "select employment_id from warehouse.marts.fct_employments"
        )
    }
    columns = built.rows(
        "select table_name, column_name from information_schema.columns "
        "where table_catalog = 'publication' and data_type = 'VARCHAR'"
    )
    assert {"pub_workforce", "pub_metric_values"} <= {row["table_name"] for row in columns}
    told = {
        f"{column['table_name']}.{column['column_name']}"
        for column in columns
        for row in built.rows(
            f"select distinct {column['column_name']} as value "
            f"from publication.{column['table_name']}"
        )
        if row["value"] in names
    }
    assert told == set()


def test_every_figure_of_the_workforce_is_of_five_people_or_more(built: Any, expected: Any) -> None:
    few = [
        row
        for row in built.rows(
            "select metric, segment, n from publication.pub_metric_values "
            "where audience in ('employee', 'candidate', 'new_hire', 'manager') and n < 5"
        )
    ]
    assert few == []
