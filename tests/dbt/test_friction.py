"""Effort that was seen: worked out by hand, a second time in Python, and beside the ease answered."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import contract_tables
import pyarrow as pa
import pytest
from reference_events import AUDIENCES, ZONE, registry
from reference_friction import quarter, steps, touchpoints
from reference_schedules import utc
from reference_values import Warehouse

from benchmarks.house_sql import HouseSql

GOLDEN = Path(__file__).parent / "golden" / "friction"
CONSIDERED = {"lee": "2026-01-01", "max": "2026-01-01", "nan": "2026-01-01", "pia": "2026-06-01", "ray": "2026-01-01"}  # fmt: skip
TYPES = {"string": pa.string(), "bigint": pa.int64(), "double": pa.float64(), "boolean": pa.bool_(),
         "date": pa.date32(), "timestamp": pa.timestamp("us")}  # fmt: skip


def rows(name: str) -> list[dict[str, Any]]:
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8") as lines:
        found = [{k: v or None for k, v in row.items()} for row in csv.DictReader(lines)]
    return [
        {
            k: utc(datetime.fromisoformat(v), ZONE) if v and k.endswith("_at") else v
            for k, v in row.items()
        }
        for row in found
    ]


def tickets() -> Iterator[dict[str, Any]]:
    for row in rows("tickets"):
        yield row | {"source": "desk", "account_id": row["person"], "is_test": bool(row["is_test"])}


def events() -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows("events")):
        is_reply = row["what"] == "reply"
        yield row | {
            "ticket_event_id": f"{number:03}",
            "event_type": "comment" if is_reply else row["what"],
            "actor_role": "agent",
            "is_public": True if is_reply else None,
        }


def orders() -> Iterator[dict[str, Any]]:
    fates = {"gave_back": "refunded", "kept": "paid", "called_off": "cancelled"}
    for name, status in fates.items():
        yield {"order_id": name, "source": "shop", "account_id": name, "order_kind": "order",
               "status": status, "ordered_at": datetime(2026, 3, 2)}  # fmt: skip


def stage_events() -> Iterator[dict[str, Any]]:
    later = {"max": ("2026-01-02", "evaluate"), "ray": ("2026-04-02", "evaluate")}
    for who, day in CONSIDERED.items():
        path = [(day, "consider"), *([later[who]] if who in later else [])]
        for at, stage in path:
            yield {"stage_event_id": f"{who}-{stage}", "source": "crm", "account_id": who,
                   "subject_id": who, "journey": "buyer", "stage": stage,
                   "entered_at": datetime.fromisoformat(at),
                   "outcome": "lost" if who == "nan" else None,
                   "decided_at": datetime(2026, 2, 1) if who == "nan" else None}  # fmt: skip


def table(contract: str, found: Iterator[dict[str, Any]]) -> pa.Table:
    columns = contract_tables.contracts()[contract]
    given = list(found)
    return pa.table(
        {c: pa.array([r.get(c) for r in given], type=TYPES[t]) for c, t in columns.items()}
    )


@pytest.fixture(scope="module")
def house() -> Iterator[HouseSql]:
    """The models of friction over the golden tickets, orders and steps; everybody is a customer."""
    contracts = {"tickets": tickets(), "ticket_events": events(), "orders": orders(),
                 "stage_events": stage_events(), "touchpoints": iter(())}  # fmt: skip
    given = {name: table(name, found) for name, found in contracts.items()}
    lived = [("ticket", r["ticket_id"], r["person"]) for r in rows("tickets")]
    lived += [("order", r["order_id"], r["account_id"]) for r in orders()]
    lived += [("stage", r["stage_event_id"], r["account_id"]) for r in stage_events()]
    given["int_experiences"] = pa.table(
        {
            "experience_kind": [kind for kind, _, _ in lived],
            "experience_id": [key for _, key, _ in lived],
            "account_id": [who for _, _, who in lived],
            "person_id": [who for _, _, who in lived],
            "family": ["customer"] * len(lived),
            "audience": ["customer"] * len(lived),
        }
    )
    with HouseSql(given) as made:
        yield made


def test_effort_is_seen_as_by_hand(house: HouseSql) -> None:
    found = {}
    for row in house.query(
        "select case record when 'step' then person_id || ':' || stage else record_id end as who, "
        "kind, signal, minutes, begun_at from int_frictions",
        "int_frictions",
    ).itertuples():
        lost = None if row.minutes != row.minutes else row.minutes
        begun = None if row.begun_at is None or row.begun_at != row.begun_at else row.begun_at
        found[row.who, row.kind] = (row.signal, lost, begun and begun.to_pydatetime())
    wanted = {
        (row["record_id"], row["kind"]): (
            float(row["signal"]),
            float(row["minutes"]) if row["minutes"] else None,
            row["begun_at"],
        )
        for row in rows("expected")
    }
    assert found == wanted


def test_the_minutes_of_a_ticket_are_those_of_its_first_friction(house: HouseSql) -> None:
    found = house.query(
        "select record_id, value from int_metric_events__friction where role = 'stage_minutes'",
        "int_metric_events__friction",
    )
    minutes = dict(zip(found["record_id"], found["value"], strict=True))
    assert (minutes["both"], minutes["again"], minutes["plain"]) == (45.0, 20.0, 0.0)
    assert {"silent", "nowhere", "tried", "kept"}.isdisjoint(minutes)


def test_effort_can_be_seen_on_orders_that_came_about(house: HouseSql) -> None:
    found = house.query(
        "select record_id, value from int_metric_events__friction "
        "where role = 'stage_friction' and dimensions like '%buy%'",
        "int_metric_events__friction",
    )
    wanted = {"gave_back": 1.0, "kept": 0.0}
    assert dict(zip(found["record_id"], found["value"], strict=True)) == wanted


def test_every_friction_is_what_the_records_show(built: Any, expected: Warehouse) -> None:
    house = expected.house
    wanted = {}
    for one in touchpoints(house):
        for kind, signal, since in one.frictions():
            lost = one.minutes(since) if one.record == "ticket" and since else None
            wanted[f"{one.record}:{one.key}:{kind}"] = (
                one.where["audience"], one.where["person"], *one.stage, signal, lost, since
            )  # fmt: skip
    found = {
        row["friction_id"]: (
            row["audience"], row["person_id"], row["journey"], row["stage"], row["signal"],
            row["minutes"], row["begun_at"],
        )
        for row in built.rows("from warehouse.marts.fct_frictions where record <> 'step'")
    }  # fmt: skip
    assert found.keys() ^ wanted.keys() == set()
    wrong = {
        key: (row, wanted[key])
        for key, row in found.items()
        if (*row[:5], row[6]) != (*wanted[key][:5], wanted[key][6])
        or row[5] != (None if wanted[key][5] is None else pytest.approx(wanted[key][5], abs=1e-6))
    }
    assert not wrong, dict(list(wrong.items())[:3])
    kinds = {key.rpartition(":")[2] for key in found}
    assert kinds == {row["kind"] for row in registry("friction_kinds")} - {"abandoned_step"}


def least(audience: str) -> int:
    known = AUDIENCES.get(audience) or {}
    return max(int(known.get("minimum_group") or 5), 10 if known.get("is_minor") == "true" else 5)


KINDS = {row["kind"]: row["record"] for row in registry("friction_kinds")}
Stage = tuple[str, str, str, date]


def stages_by_kind(found: Warehouse) -> tuple[dict[Stage, Any], dict[Stage, set[str]]]:
    """Return what was seen of each kind at a stage in a quarter, and on which records it could be."""
    seen: dict[Stage, Any] = defaultdict(lambda: defaultdict(list))
    records: dict[Stage, set[str]] = defaultdict(set)
    for one in touchpoints(found.house):
        cell = (one.where["audience"], *one.stage, quarter(one.at))
        records[cell].add(one.record)
        for kind, _, since in one.frictions():
            lost = one.minutes(since) if since else None
            seen[cell][kind].append((one.respondent, lost))
    return seen, records


def test_kinds_are_counted_and_hidden_as_defined(built: Any, expected: Warehouse) -> None:
    rows_of = defaultdict(dict)
    for row in built.rows("from publication.pub_friction"):
        cell = row["audience"], row["journey"], row["stage"], row["period_start"]
        rows_of[cell][row["kind"]] = row
    seen, records = stages_by_kind(expected)
    hidden = shown = beside = 0
    for cell, by_kind in rows_of.items():
        if "any" not in by_kind:
            continue
        wanted = {k: seen[cell][k] for k, record in KINDS.items() if record in records[cell]}
        assert by_kind.keys() - {"any", "abandoned_step"} == wanted.keys(), cell
        people = {k: len({who for who, _ in rows}) for k, rows in wanted.items()}
        small = {k for k, n in people.items() if 0 < n < least(cell[0])}
        others = sorted((n, k) for k, n in people.items() if n and k not in small)
        companion = {others[0][1]} if small and others else set()
        for kind, rows in wanted.items():
            row = by_kind[kind]
            if kind in small | companion or by_kind["any"]["status"] == "suppressed":
                assert row["status"] == "suppressed", (cell, kind)
                assert {row[n] for n in ("out_of", "seen", "minutes", "people")} == {None}
                hidden += 1
                beside += kind in companion
                continue
            assert row["status"] in ("ok", "not_mature", "stale"), (cell, kind)
            assert (row["seen"], row["people"]) == (len(rows), people[kind]), (cell, kind)
            if KINDS[kind] == "ticket":
                assert row["minutes"] == pytest.approx(sum(lost or 0 for _, lost in rows))
            shown += 1
    assert min(hidden, shown) > 50, (hidden, shown)
    assert beside > 5


def test_any_friction_is_what_the_metrics_say(built: Any, published: list[dict[str, Any]]) -> None:
    of_metrics = {
        (m["audience"], m["segment"], m["period_start"], m["metric"]): m
        for m in published
        if m["metric"].startswith("friction_") and m["period_kind"] == "quarter"
    }
    rows_of = built.rows("from publication.pub_friction where kind = 'any'")
    for row in rows_of:
        key = row["audience"], f"journey={row['journey']};stage={row['stage']}", row["period_start"]
        share = of_metrics[*key, "friction_share"]
        assert (row["share"], row["low"], row["high"], row["status"]) == tuple(
            share[name] for name in ("value", "low", "high", "status")
        )
        minutes = of_metrics.get((*key, "friction_minutes"))
        if minutes and share["status"] != "suppressed":
            assert row["minutes"] == minutes["value"]
    assert {row["status"] for row in rows_of} >= {"ok", "suppressed"}


def test_a_step_given_up_is_counted_once_its_window_is_over(
    built: Any, expected: Warehouse
) -> None:
    cells: dict[Stage, list[Any]] = defaultdict(list)
    for step in steps(expected.house):
        if step.where["family"] != "workforce":
            cells[(step.where["audience"], *step.stage, quarter(step.at))].append(step)
    found = {
        (row["audience"], row["journey"], row["stage"], row["period_start"]): row
        for row in built.rows("from publication.pub_friction where kind = 'abandoned_step'")
    }
    assert found.keys() == cells.keys()
    statuses = set()
    for cell, entered in cells.items():
        row, enough = found[cell], least(cell[0])
        groups = [
            {s.walker for s in entered if s.is_given_up},
            {s.walker for s in entered if not s.has_moved_on and not s.is_given_up},
        ]
        if len({s.walker for s in entered}) < enough or any(0 < len(g) < enough for g in groups):
            wanted = ("suppressed", None, None)
        else:
            is_early = any(s.is_open for s in entered) or cell[3] + timedelta(92) > date(
                2026, 4, 10
            )
            counts = (len(entered), sum(s.is_given_up for s in entered))
            wanted = ("not_mature" if is_early else "ok", *counts)
        assert (row["status"], row["out_of"], row["seen"]) == wanted, cell
        statuses.add(wanted[0])
    assert statuses >= {"ok", "suppressed"}
