"""Who is in which stage of a journey, where nobody looks, and what is invested where."""

from datetime import datetime
from typing import Any

import pytest

JULY = "2025-07-01"


def steps(built: Any, subject: str) -> list[tuple[Any, ...]]:
    rows = built.rows(
        "select stage, phase, entered_at::varchar, exited_at::varchar, exit_kind, is_current, "
        "audience from warehouse.marts.bridge_person_journey_stage "
        f"where subject_id = '{subject}' order by entered_at, position"
    )
    return [tuple(row.values()) for row in rows]


def test_a_person_stays_until_the_next_stage_or_the_decision(built: Any) -> None:
    assert steps(built, "d1") == [
        ("consider", "before", f"{JULY} 10:00:00", "2025-07-10 10:00:00", "onward", False, "lead"),
        ("evaluate", "before", "2025-07-10 10:00:00", "2025-07-20 10:00:00", "onward", False, "lead"),
        ("buy", "during", "2025-07-20 10:00:00", "2025-07-20 10:00:00", "won", False, "lead"),
    ]  # fmt: skip


def test_who_comes_back_stays_again_and_who_is_there_has_no_exit(built: Any) -> None:
    assert [(row[0], row[4], row[5]) for row in steps(built, "d3")] == [
        ("consider", "onward", False),
        ("evaluate", "back", False),
        ("consider", "onward", False),
        ("evaluate", None, True),
    ]


def test_stages_of_one_instant_follow_one_another(built: Any) -> None:
    assert [(row[0], row[3], row[4]) for row in steps(built, "d6")] == [
        ("consider", f"{JULY} 10:00:00", "onward"),
        ("evaluate", "2025-07-31 10:00:00", "lost"),
    ]


def test_an_exit_that_nobody_dates_is_none(built: Any) -> None:
    last = [row for row in steps(built, "d7") if row[0] == "evaluate"]
    assert [(row[3], row[4], row[5]) for row in last] == [(None, "lost", False)] * 2


def test_an_expected_touchpoint_shows_that_somebody_was_there(built: Any) -> None:
    rows = built.rows(
        "select stage, subject_id, evidence, evidence_id, entered_at, exited_at, audience "
        "from warehouse.marts.bridge_person_journey_stage "
        "where evidence_id in ('order:de3-1', 'order:de3-2', 'touchpoint:own')"
    )
    assert sorted((r["stage"], r["evidence_id"], r["exited_at"]) for r in rows) == [
        ("buy", "order:de3-1", None),
        ("get_help", "touchpoint:own", None),
    ]
    assert {(r["subject_id"], r["evidence"], r["audience"]) for r in rows} == {
        (None, "touchpoint", "customer")
    }


def test_what_lies_ahead_of_the_clock_has_not_happened(built: Any) -> None:
    assert [row[0] for row in steps(built, "again")] == ["consider"]


@pytest.mark.parametrize(
    ("check", "damage"),
    [
        ("stage_stays_do_not_overlap", "set exited_at = exited_at + interval 1 second"),
        ("stage_stays_do_not_overlap", "set exited_at = exited_at - interval 1 second"),
        ("stage_stays_do_not_overlap", "set entered_at = entered_at + interval 1 day"),
        ("bridge_person_journey_stage_rows_hold", "set exited_at = null"),
        ("bridge_person_journey_stage_rows_hold", "set exited_at = '2025-01-01'"),
        ("bridge_person_journey_stage_rows_hold", "set exit_kind = null"),
        ("bridge_person_journey_stage_rows_hold", "set person_id = null"),
        ("bridge_person_journey_stage_rows_hold", "set evidence = 'hearsay'"),
        ("bridge_person_journey_stage_rows_hold", "set phase = 'later'"),
        ("is_key_bridge_person_journey_stage_evidence_id", "set evidence_id = 'the same'"),
    ],
)
def test_a_damaged_bridge_is_noticed(broken: Any, check: str, damage: str) -> None:
    bridge = "warehouse.marts.bridge_person_journey_stage"
    assert broken(check, "select 1") == []
    assert broken(check, f"update {bridge} {damage} where subject_id in ('d1', 'd3')") != []


def test_the_funnel_shows_the_metrics_side_by_side(built: Any) -> None:
    rows = built.rows(
        "from publication.pub_journey_funnel "
        f"where audience = 'lead' and period_start = '{JULY}' order by position"
    )
    assert [
        (r["stage"], r["entered"], r["converted"], r["skipped"], r["conversion_status"],
         r["stays"], r["median_days"], r["median_days_status"])
        for r in rows
    ] == [
        ("consider", 8, 6, 1, "low_n", 9, 10.0, "low_n"),
        ("evaluate", 6, 1, 0, "low_n", None, None, "suppressed"),
    ]  # fmt: skip
    young = built.rows(
        "select entered, conversion_status from publication.pub_journey_funnel "
        "where audience = 'lead' and stage = 'consider' and period_start = '2026-01-01'"
    )
    assert young == [{"entered": 6, "conversion_status": "not_mature"}]


def test_the_funnel_shows_nothing_that_the_metrics_hide(built: Any, published: Any) -> None:
    hidden = {
        (row["audience"], row["segment"], row["period_start"])
        for row in published
        if row["metric"] == "stage_conversion" and row["status"] == "suppressed"
    }
    rows = built.rows("from publication.pub_journey_funnel where conversion_status = 'suppressed'")
    of_quarters = {
        (row["audience"], f"journey={row['journey']};stage={row['stage']}", row["period_start"])
        for row in rows
    }
    assert of_quarters <= hidden
    assert of_quarters
    shown = ("entered", "converted", "conversion", "conversion_low", "conversion_high", "skipped")
    assert {row[name] for row in rows for name in shown} == {None}


def test_a_role_that_nobody_holds_is_vacant(built: Any) -> None:
    statuses = {
        row["audience"]: row["owner_status"] for row in built.rows("from publication.pub_audiences")
    }
    assert [statuses[who] for who in ("customer", "lead", "follower")] == [
        "held",
        "vacant",
        "none",
    ]


def test_coverage_tells_what_is_declared_from_what_is_seen(built: Any) -> None:
    row = built.rows("from publication.pub_audience_coverage where audience = 'customer'")[0]
    # Of five stages: onboard and get_help have an owner, one of them is there; get_help alone expects
    # and has touchpoints and a target. Three stages are asked about (get_help, use, recommend), and
    # customers answered. The one thing somebody wrote by themselves was in a ticket.
    assert {name: round(5 * row[name]) for name in row if name.endswith("_share")} == {
        "declared_owner_share": 2,
        "declared_touchpoints_share": 1,
        "declared_asked_share": 3,
        "declared_unsolicited_share": 0,
        "declared_target_share": 1,
        "evidenced_owner_share": 1,
        "evidenced_touchpoints_share": 1,
        "evidenced_asked_share": 3,
        "evidenced_unsolicited_share": 1,
    }
    assert row["declared"] == pytest.approx(7 / 25)
    assert row["evidenced"] == pytest.approx(6 / 20)
    assert row["coverage"] == pytest.approx(7 / 25)


def test_protected_answers_are_evidence_of_listening_from_the_minimum_group_on(built: Any) -> None:
    rows = built.rows(
        "select audience, has_asked_feedback from warehouse.marts.fct_stage_coverage "
        "where stage in ('perform', 'interview') and audience in ('employee', 'manager', "
        "'candidate')"
    )
    # 14 employees and 6 candidates answered, and 3 managers.
    assert {row["audience"]: row["has_asked_feedback"] for row in rows} == {
        "employee": True,
        "manager": False,
        "candidate": True,
    }


def test_what_a_journey_lacks_is_published(built: Any) -> None:
    gaps = built.rows("select * from publication.pub_journey_gaps")
    of = {(row["audience"], row["stage"], row["gap"]) for row in gaps}
    assert {gap for who, stage, gap in of if (who, stage) == ("lead", "buy")} == {
        "owner vacant",
        "no target",
        "no feedback",  # but touchpoints: leads of the random worlds order
    }
    assert {gap for who, stage, gap in of if (who, stage) == ("customer", "get_help")} == set()
    assert {gap for who, stage, gap in of if (who, stage) == ("customer", "renew")} == {
        "no owner",
        "no target",
        "no touchpoint seen",
        "no feedback",
    }
    assert {(stage, gap) for who, stage, gap in of if who == "regulator"} == {(None, "no journey")}


def balance(built: Any, audience: str, measure: str) -> dict[str, tuple[Any, ...]]:
    rows = built.rows(
        "select phase, value, persons, status from publication.pub_journey_balance "
        f"where audience = '{audience}' and measure = '{measure}'"
    )
    return {row["phase"]: (row["value"], row["persons"], row["status"]) for row in rows}


def test_the_balance_counts_by_phase(built: Any) -> None:
    lived = balance(built, "customer", "touchpoint")
    assert {phase: value for phase, (value, _, _) in lived.items()} == {
        "before": 0,
        "during": 8,
        "after": 22,  # six of them sessions of self-service
        "unplaced": 0,
    }
    assert balance(built, "customer", "invitation")["after"] == (16, 11, "ok")
    ended = balance(built, "lead", "ended_membership")
    assert ended == {
        "before": (6, 6, "ok"),
        "during": (0, 0, "ok"),
        "after": (0, 0, "ok"),
        "unplaced": (0, 0, "ok"),
    }


def test_the_balance_hides_what_few_did_and_says_what_nobody_declared(built: Any) -> None:
    for measure in ("repeat_order", "return"):
        found = set(balance(built, "customer", measure).values())
        assert found == {(None, None, "suppressed")}, measure
    assert set(balance(built, "customer", "cost").values()) == {(None, None, "not_measured")}
    assert set(balance(built, "employee", "response").values()) == {(None, None, "not_measured")}


def test_the_balance_is_of_one_year(built: Any) -> None:
    rows = built.rows("select distinct begins_at, as_of from publication.pub_journey_balance")
    assert rows == [{"begins_at": datetime(2025, 4, 10, 6), "as_of": datetime(2026, 4, 10, 6)}]
