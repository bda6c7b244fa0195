"""The closed loop on people whose story is told by hand (golden/loop), and on random worlds."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import reference_loop
import reference_triggers
from contract_tables import complete, contracts
from reference_events import AUDIENCES, House, registry

from benchmarks.house_sql import HouseSql

GOLDEN = Path(__file__).parent / "golden" / "loop"
AS_OF = "2026-06-30T00:00:00"
ARROW = {
    "string": pa.string(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
Row = dict[str, Any]
PROMISED = {"nps_confidential": "confidential", "nps_anonymous": "anonymous"}
ON_TICKET = {
    "reply": {"event_type": "comment", "is_public": True},
    "note": {"event_type": "comment", "is_public": False},
    "solved": {"event_type": "status", "value": "solved"},
    "open": {"event_type": "status", "value": "open"},
    "assigned": {"event_type": "assignment", "value": "desk:1"},
}
FLAGS = {"minor": "is_minor", "gone": "is_deleted", "tester": "is_test"}
# Published figures of waves: of a unit below zero, above, hidden, of everybody, of an anonymous one.
FIGURES = [
    ("enps", "employee", "department=Service", (2026, 1, 12), (2026, 2, 2), "ok", -20.0),
    ("enps", "employee", "department=Service", (2026, 4, 13), (2026, 5, 4), "ok", 5.0),
    ("enps", "employee", "department=Ops", (2026, 4, 13), (2026, 5, 4), "low_n", -1.0),
    ("enps", "employee", "department=Sales", (2026, 4, 13), (2026, 5, 4), "suppressed", None),
    ("enps", "employee", "department=HR", (2026, 4, 13), (2026, 5, 4), "not_mature", -50.0),
    ("enps", "employee", "all", (2026, 4, 13), (2026, 5, 4), "ok", -20.0),
    ("enps", "candidate", "department=Service", (2026, 4, 13), (2026, 5, 4), "ok", -20.0),
    ("csat", "employee", "department=Service", (2026, 4, 13), (2026, 5, 4), "ok", -20.0),
]


def read(name: str) -> list[dict[str, str | None]]:
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8") as lines:
        return [{k: v or None for k, v in row.items()} for row in csv.DictReader(lines)]


STORY, EXPECTED = read("story"), read("expected")


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def table(rows: list[Row], **columns: str) -> pa.Table:
    schema = pa.schema([(name, ARROW[kind]) for name, kind in columns.items()])
    return pa.Table.from_pylist(rows, schema=schema)


def contract(name: str, key: str, rows: list[Row]) -> pa.Table:
    columns = contracts()[name]
    return table(complete(rows, columns, key), **columns)


def answers() -> Iterator[Row]:
    """Yield the answers; those of one person at one moment are one response."""
    seen: dict[tuple[str, str], int] = {}
    for n, row in enumerate(STORY):
        role = (row["what"] or "").split("_")[0]
        if role not in ("nps", "csat"):
            continue
        who, at = row["who"] or "", row["at"] or ""
        number = seen.setdefault((who, at), 1 + sum(w == who for w, _ in seen))
        is_dealer = row["what"] == "nps_dealer"
        yield {
            "source": "survey",
            "answer_id": f"{n:03}",
            "response_id": f"{who}/{number}",
            "person_id": None if who == "nobody" else who,
            "account_id": who,
            "family": "partner" if is_dealer else "customer",
            "audience": "dealer" if is_dealer else "customer",
            "ticket_id": row["ticket"],
            "instrument": "ticket_survey" if role == "csat" else "customer_nps",
            "metric_role": role,
            "scale_min": 0.0 if role == "nps" else 1.0,
            "scale_max": 10.0 if role == "nps" else 5.0,
            "answer_value": float(row["value"] or "nan"),
            "answered_at": moment(at),
            "confidentiality": PROMISED.get(row["what"] or "", "identified"),
            "excluded_as": "partial" if row["what"] == "nps_excluded" else None,
        }


def reviews() -> Iterator[Row]:
    number = 0
    for row in STORY:
        if not (row["what"] or "").startswith("stars"):
            continue
        number += 1
        stars, most = map(float, (row["value"] or "").split("/"))
        yield {
            "source": "reviews",
            "turn_id": f"{row['who']}-{number}",
            "person_id": row["who"],
            "account_id": row["who"],
            "family": "customer",
            "audience": "customer",
            "feedback_kind": "triggered" if row["what"] == "stars_asked" else "unsolicited",
            "stars": stars,
            "stars_max": most,
            "is_protected": False,
            "occurred_at": moment(row["at"]),
        }


def tickets() -> Iterator[tuple[Row, list[Row]]]:
    for created in STORY:
        if created["what"] not in ("ticket", "ticket_by_us"):
            continue
        begun: Row = {
            "event_type": "created",
            "actor_role": "agent" if created["what"] == "ticket_by_us" else "end_user",
            "actor_account_id": "desk:1" if created["what"] == "ticket_by_us" else created["who"],
            "occurred_at": moment(created["at"]),
        }
        told = [begun]
        for row in STORY:
            if row["ticket"] == created["ticket"] and row["what"] in ON_TICKET:
                said = {"actor_role": "agent", "actor_account_id": "desk:1"}
                told.append({**said, **ON_TICKET[row["what"]], "occurred_at": moment(row["at"])})
        last = [e["value"] for e in told if e["event_type"] == "status"]
        yield (
            {
                "source": "desk",
                "ticket_id": created["ticket"],
                "account_id": created["who"],
                "touchpoint_type": "support_ticket",
                "topic": "billing",
                "status": last[-1] if last else "open",
                "created_at": moment(created["at"]),
            },
            [
                {"source": "desk", "ticket_id": created["ticket"],
                 "ticket_event_id": f"{created['ticket']}-{n}", **event}
                for n, event in enumerate(told)
            ],
        )  # fmt: skip


def activities() -> Iterator[Row]:
    for n, row in enumerate(STORY):
        if row["what"] in ("task", "call", "email", "meeting"):
            yield {
                "source": "crm",
                "activity_id": f"{n:03}",
                "account_id": row["who"],
                "activity_type": row["what"],
                "occurred_at": moment(row["at"]),
                "completed_at": moment(row["done_at"]),
            }


def given() -> dict[str, pa.Table]:
    """Return the story in the place of the models that the loop reads."""
    people = sorted({row["who"] or "" for row in STORY} - {"nobody"})
    of_tickets = list(tickets())
    text = dict.fromkeys(("source", "person_id", "account_id", "family", "audience"), "string")
    return {
        "tickets": contract("tickets", "ticket_id", [ticket for ticket, _ in of_tickets]),
        "ticket_events": contract(
            "ticket_events", "ticket_event_id", [e for _, told in of_tickets for e in told]
        ),
        "activities": contract("activities", "activity_id", list(activities())),
        "int_experiences": table(
            [
                {"experience_kind": "ticket", "experience_id": t["ticket_id"],
                 "account_id": t["account_id"], "person_id": t["account_id"],
                 "family": "customer", "audience": "customer"}
                for t, _ in of_tickets
            ],
            **dict.fromkeys(("experience_kind", "experience_id", "account_id", "person_id",
                             "family", "audience"), "string"),
        ),
        "int_survey_answers__judged": table(
            list(answers()),
            **text,
            **dict.fromkeys(("answer_id", "response_id", "ticket_id", "instrument", "metric_role",
                             "confidentiality", "excluded_as"), "string"),
            **dict.fromkeys(("scale_min", "scale_max", "answer_value"), "double"),
            answered_at="timestamp",
        ),
        "int_feedback_turns__as_lived": table(
            list(reviews()),
            **text,
            **dict.fromkeys(("turn_id", "instrument", "journey", "stage", "feedback_kind"), "string"),
            stars="double", stars_max="double", is_protected="boolean", occurred_at="timestamp",
        ),
        "int_persons": table(
            [
                {"person_id": who} | {f: FLAGS.get(who) == f for f in FLAGS.values()}
                for who in people
            ],
            person_id="string", is_minor="boolean", is_deleted="boolean", is_test="boolean",
        ),
        "identity.account_persons": table(
            [{"account_id": who, "person_id": who} for who in people],
            account_id="string", person_id="string",
        ),
        "int_feedback_turns": table([], turn_id="string", response_id="string"),
        "int_feedback_labels": table([], turn_id="string", label_kind="string", label="string"),
        "int_owner_roles": table(
            [{"owner_role": "Head of Service", "owner_status": "vacant"}],
            owner_role="string", owner_status="string",
        ),
        "dim_person_contactability": table(
            [
                {"person_id": who, "purpose": purpose,
                 "may_be_contacted": (who, purpose) != ("refused", "contact")}
                for who in people for purpose in ("contact", "survey")
            ],
            person_id="string", purpose="string", may_be_contacted="boolean",
        ),
        "fct_metric_values": table(
            [
                {"metric": metric, "audience": audience, "segment": segment, "period_kind": "wave",
                 "period_start": date(*start), "period_end": date(*end), "status": status,
                 "value": value}
                for metric, audience, segment, start, end, status, value in FIGURES
            ],
            metric="string", audience="string", segment="string", period_kind="string",
            period_start="date", period_end="date", status="string", value="double",
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def house() -> Iterator[HouseSql]:
    with HouseSql(given(), AS_OF) as made:
        yield made


@pytest.fixture(scope="module")
def cases(house: HouseSql) -> dict[str, Row]:
    house.rows("fct_closed_loop_cases")
    found = house.db.execute("from fct_closed_loop_cases")
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {row["case_id"]: row for row in rows}


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row['case']} {row['figure']}")
def test_a_case_is_what_a_hand_makes_of_it(row: Row, cases: dict[str, Row]) -> None:
    found = cases[row["case"]][row["figure"]]
    wanted = row["expected"]
    if isinstance(found, bool):
        assert str(found).lower() == wanted, row["why"]
    elif isinstance(found, float):
        assert found == pytest.approx(float(wanted or "nan"), abs=1e-9), row["why"]
    else:
        assert (None if found is None else str(found)) == wanted, row["why"]


def test_nothing_else_opens_a_case(cases: dict[str, Row]) -> None:
    """Of passives, minors, the deleted, tests, the confidential, the anonymous: none."""
    owners = {case.split(":", 1)[1] for case in cases}
    assert set(cases) == {row["case"] for row in EXPECTED}
    assert not any(name.split("/")[0] in (*FLAGS, "nobody", "in_confidence") for name in owners)


FIGURES_OF_A_CASE = ("rule", "audience", "owner_role", "detected_at", "due_at", "reopened_at",
                     "measured_again_at", "next_score", *(f"{s}_at" for s in reference_loop.STATES))  # fmt: skip


def test_random_worlds_have_the_cases_that_the_definitions_give(built: Any, expected: Any) -> None:
    house: House = expected.house
    found = {
        row["case_id"]: row for row in built.rows("from warehouse.intermediate.int_loop_cases")
    }
    wanted = {case.key: case for case in reference_loop.cases(house)}
    assert set(found) == set(wanted)
    wrong = []
    for key, case in wanted.items():
        owner = case.rule["owner_role"] or owner_of(case)
        after = case.next or (None, None)
        figures = (case.rule["rule"], case.audience, owner, case.detected, case.due, case.reopened,
                   *after, *(case.first(state) for state in reference_loop.STATES))  # fmt: skip
        for name, want in zip(FIGURES_OF_A_CASE, figures, strict=True):
            if found[key][name] != want:
                wrong.append((key, name, found[key][name], want))
    assert not wrong, wrong[:5]
    for state in (*reference_loop.STATES, "reopened", "measured_again"):
        assert sum(row[f"{state}_at"] is not None for row in found.values()) > 10, state
    assert {case.trigger for case in wanted.values()} == {"answer", "promise"}


def owner_of(case: reference_triggers.Case) -> str | None:
    stages = {
        (row["journey"], row["stage"]): row["owner_role"] for row in registry("journey_stages")
    }
    audience = AUDIENCES.get(case.audience) or {}
    return stages.get(case.place) or audience.get("owner_role")


def test_the_queue_is_what_is_open_and_may_be_acted_on_in_order(house: HouseSql) -> None:
    house.rows("fct_action_queue")
    queue = house.db.execute(
        "select case_id, owner_role, is_overdue, is_reopened from fct_action_queue order by position"
    ).fetchall()
    assert [row[0] for row in queue] == [
        "figure:enps:employee:department=Ops:2026-04-13",
        "answer:dealer/1",
        "answer:own_matter/1",
        "answer:after_ticket/1",
        "promise:t1",
        "answer:acted/1",
        "answer:both_bad/1",
        "stars:reviewer-1",
        "answer:before/1",
        "answer:meeting/1",
        "answer:again/2",
        "answer:picked_up/1",
        "answer:planned/1",
    ]
    assert queue[3] == ("answer:after_ticket/1", "vacant", True, True)
    assert queue[-1][2] is False
