"""The golden tickets of support, exact to the half minute, on the models' own SQL."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import contract_tables
import duckdb
import pytest
from reference_schedules import schedules

GOLDEN = Path(__file__).parent / "golden" / "support"
MODELS = [
    "int_business_days",
    "int_tickets",
    "int_tickets__story",
    "int_tickets__milestones",
    "int_tickets__statuses",
    "int_tickets__turns",
    "int_tickets__clocks",
    "int_tickets__attributes",
    "int_tickets__clocks_as_of",
    "int_tickets__requester_wait",
    "int_tickets__contacts",
    "int_tickets__handovers",
    "int_tickets__handling",
    "int_ticket_targets",
    "fct_tickets",
    "fct_ticket_clocks",
]
REGISTRIES = {
    "schedules": "schedule varchar, label varchar, time_zone varchar",
    "business_hours": (
        "schedule varchar, valid_from date, weekday bigint, opens_minute bigint, "
        "closes_minute bigint"
    ),
    "holidays": "schedule varchar, holiday_date date, label varchar",
    "support_types": "touchpoint_type varchar, schedule varchar, is_self_service boolean",
    "sla_targets": (
        "touchpoint_type varchar, priority varchar, clock varchar, minutes_kind varchar, "
        "valid_from date, target_minutes double"
    ),
}
ACTORS = {
    "agent": ("agent", "desk:1"),
    "agent2": ("agent", "desk:2"),
    "bot": ("bot", "desk:bot"),
    "requester": ("end_user", "{account}"),
    "requester_who_is_an_agent": ("agent", "{account}"),
    "colleague": ("end_user", "crm:colleague"),
    "system": ("system", None),
}


def rows(name: str) -> list[dict[str, str | None]]:
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8") as lines:
        return [{k: v or None for k, v in row.items()} for row in csv.DictReader(lines)]


EXPECTED = rows("expected")


def account(ticket: str | None) -> str:
    return f"crm:{ticket}"


def tickets() -> Iterator[dict[str, Any]]:
    for row in rows("tickets"):
        times = {
            at: row[at] and datetime.fromisoformat(row[at]) for at in ("created_at", "solved_at")
        }
        flags = {flag: row[flag] == "true" for flag in ("is_merged", "is_test", "is_deleted")}
        yield {**row, **times, **flags, "source": "desk", "account_id": account(row["ticket_id"])}


def events() -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows("events")):
        role, who = ACTORS[row["actor"] or ""]
        is_said = row["what"] in ("comment", "note")
        yield {
            "source": "desk",
            "ticket_id": row["ticket_id"],
            "ticket_event_id": f"{number:04}",
            "actor_role": role,
            "actor_account_id": who and who.format(account=account(row["ticket_id"])),
            "event_type": "comment" if is_said else row["what"],
            "is_public": row["what"] == "comment" if is_said else None,
            "value": row["value"],
            "previous_value": row["previous_value"],
            "occurred_at": datetime.fromisoformat(row["occurred_at"] or ""),
        }


def fill(db: duckdb.DuckDBPyConnection) -> None:
    """Write the golden registries and contracts; everybody lives as the customer they are."""
    for schema in ("registry", "contracts", "intermediate", "marts"):
        db.execute(f"create schema warehouse.{schema}")
    db.execute("use warehouse")
    for name, columns in REGISTRIES.items():
        db.execute(f"create table registry.{name} ({columns})")
        db.execute(f"insert into registry.{name} from read_csv('{GOLDEN / name}.csv', header=true)")
    contracts = contract_tables.contracts()
    for name, found in (("tickets", tickets()), ("ticket_events", events())):
        key = {"tickets": "ticket_id", "ticket_events": "ticket_event_id"}[name]
        contract_tables.create(db, name, contracts[name])
        contract_tables.fill(db, name, contract_tables.complete([*found], contracts[name], key))
    db.execute(
        "create table intermediate.int_experiences as select 'ticket' as experience_kind, "
        "ticket_id as experience_id, account_id, account_id as person_id, 'customer' as family, "
        "'customer' as audience from contracts.tickets"
    )


@pytest.fixture(scope="session")
def desk(built: Any) -> Iterator[duckdb.DuckDBPyConnection]:
    """Run the models of support, as dbt compiled them, over the golden tickets."""
    nodes = json.loads(built.manifest.read_text(encoding="utf-8"))["nodes"].values()
    known = {node["name"]: node for node in nodes if node["resource_type"] == "model"}
    with duckdb.connect() as db:
        db.execute("set TimeZone = 'UTC'")
        db.execute("attach ':memory:' as warehouse")
        fill(db)
        for model in MODELS:
            node = known[model]
            compiled = built.folder / "target" / "compiled" / "ax_warehouse"
            sql = (compiled / node["original_file_path"]).read_text(encoding="utf-8")
            db.execute(f"create table {node['relation_name']} as {sql}")
        yield db


def figure(desk: duckdb.DuckDBPyConnection, ticket: str, name: str) -> Any:
    """Return a column of fct_tickets, or of a clock of it: `clock[:turn].column`."""
    if "." not in name:
        query, known = f"select {name} from marts.fct_tickets where ticket_id = ?", [ticket]
    else:
        clock, _, column = name.partition(".")
        clock, _, turn = clock.partition(":")
        query = (
            f"select {column} from marts.fct_ticket_clocks "
            "where ticket_id = ? and clock = ? and turn_number = ?"
        )
        known = [ticket, clock, turn or "0"]
    [[found]] = desk.execute(query, known).fetchall()
    return found


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row['ticket_id']} {row['figure']}")
def test_a_ticket_is_timed_as_by_hand(
    row: dict[str, str | None], desk: duckdb.DuckDBPyConnection
) -> None:
    found = figure(desk, row["ticket_id"] or "", row["figure"] or "")
    wanted = row["expected"]
    if isinstance(found, bool):
        assert str(found).lower() == wanted, row["why"]
    elif isinstance(found, str) or found is None:
        assert found == wanted, row["why"]
    else:
        assert float(found) == pytest.approx(float(wanted or "nan"), abs=1e-9), row["why"]


def test_sixty_tickets_and_more_are_worked_out_by_hand() -> None:
    assert len({row["ticket_id"] for row in EXPECTED}) >= 60
    assert {row["ticket_id"] for row in rows("tickets")} == {row["ticket_id"] for row in EXPECTED}


def test_business_minutes_are_the_same_when_every_opening_is_walked(
    desk: duckdb.DuckDBPyConnection,
) -> None:
    """The cumulative calendar against one that walks from opening to opening."""
    known = schedules(rows("schedules"), rows("business_hours"), rows("holidays"))
    found = desk.execute(
        "select schedule, started_at, stopped_at, business_minutes, ticket_id "
        "from intermediate.int_tickets__clocks "
        "inner join intermediate.int_tickets__milestones using (ticket_id)"
    ).fetchall()
    wrong = [
        (ticket, started, minutes)
        for schedule, started, stopped, minutes, ticket in found
        if (None if minutes is None else pytest.approx(float(minutes), abs=1e-9))
        != known[schedule].minutes(started, stopped)
    ]
    assert len(found) > 300
    assert not wrong, wrong[:5]


def test_a_case_is_what_one_person_writes_within_seven_days(
    published: list[dict[str, Any]],
) -> None:
    """Its interval is drawn from persons and held against the reference."""
    [row] = [
        row
        for row in published
        if (row["audience"], row["metric"], row["period_kind"], str(row["period_start"]))
        == ("member", "contacts_per_case", "quarter", "2025-10-01")
    ]
    assert (row["value"], row["n"], row["numerator"]) == (pytest.approx(7 / 6), 6, 7)
    assert row["interval_method"] == "cluster_bootstrap"


def test_a_week_of_support_is_what_the_metrics_say(
    built: Any, published: list[dict[str, Any]]
) -> None:
    weeks = built.rows("from publication.pub_support_weekly")
    by_key = {
        (row["audience"], row["period_start"], row["metric"]): row
        for row in published
        if row["period_kind"] == "week" and row["segment"] == "all"
    }
    wrong, hidden = [], 0
    for week in weeks:
        for metric in [name.removesuffix("_status") for name in week if name.endswith("_status")]:
            row = by_key.get((week["audience"], week["week_start"], metric), {})
            hidden += row.get("status") == "suppressed"
            for name, column in (
                ("value", metric),
                ("n", f"{metric}_n"),
                ("status", f"{metric}_status"),
            ):
                if week[column] != row.get(name):
                    wrong.append((week["audience"], week["week_start"], column))
    assert len(weeks) > 500
    assert hidden > 500
    assert not wrong, wrong[:5]
    [week] = [
        w for w in weeks if w["audience"] == "member" and str(w["week_start"]) == "2025-11-03"
    ]
    assert (week["tickets"], week["backlog"], week["one_touch_rate"]) == (7, 1.0, 0.5)
