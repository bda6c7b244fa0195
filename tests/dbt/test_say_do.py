"""What people said they would do, and what they did in windows that were fixed in advance."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
import reference_say_do as reference

from benchmarks.house_sql import AS_OF, HouseSql, tables
from benchmarks.say_do import GIVEN

Q1, ASKED = date(2026, 1, 1), datetime(2026, 1, 10, 12)


def house(as_of: str = AS_OF, **given: list[dict[str, Any]]) -> HouseSql:
    return HouseSql(tables(GIVEN, given), as_of)


def answer(who: str, value: float, at: datetime = ASKED, **more: Any) -> dict[str, Any]:
    return {"answer_id": f"{who} {at} {value}", "person_id": who, "audience": "customer",
            "instrument": "customer_nps", "metric_role": "nps", "answer_value": value,
            "confidentiality": "identified", "answered_at": at} | more  # fmt: skip


def shared(who: str, day: date) -> dict[str, Any]:
    return {"person_id": who, "record": "touchpoint", "deed_kind": "share", "activity": "advocate",
            "happened_on": day}  # fmt: skip


LONG_AGO = shared("somebody", date(2025, 1, 1))


@pytest.fixture(scope="module")
def windows() -> dict[str, tuple[bool, bool]]:
    """Who said on 10 January that they would recommend, and who did within 90 days: to 10 April."""
    answers = [answer(who, 9) for who in
               ("same_day", "next_day", "last_day", "too_late", "before", "never")]  # fmt: skip
    answers += [
        answer("passive", 8),
        answer("changed_mind", 3),
        answer("changed_mind", 10, ASKED + timedelta(days=9)),
        answer("late_evening", 9, datetime(2026, 1, 10, 23, 30)),
        answer("protected", 9, confidentiality="confidential"),
        answer("twice_sent", 9, excluded_as="duplicate"),
        answer("nobody", 9, person_id=None),
        answer("passer_by", 9, instrument="website_nps"),
    ]
    days = {"same_day": date(2026, 1, 10), "next_day": date(2026, 1, 11),
            "last_day": date(2026, 4, 10), "too_late": date(2026, 4, 11),
            "before": date(2026, 1, 9), "passive": date(2026, 2, 1),
            "late_evening": date(2026, 1, 11)}  # fmt: skip
    with house(
        int_survey_answers__judged=answers,
        int_deeds=[shared(who, day) for who, day in days.items()],
    ) as made:
        rows = made.rows("int_intentions")
    return {row.person_id: (row.said, row.did) for row in rows.itertuples()}


@pytest.mark.parametrize(
    ("who", "said", "did"),
    [
        ("same_day", True, False),
        ("next_day", True, True),
        ("last_day", True, True),
        ("too_late", True, False),
        ("before", True, False),
        ("never", True, False),
        ("passive", False, True),
        ("changed_mind", False, False),
        # Half past eleven in UTC is the next day in Berlin: so this was done on the day itself.
        ("late_evening", True, False),
    ],
)
def test_a_window_is_the_ninety_days_after(who: str, said: bool, did: bool, windows: Any) -> None:
    assert windows[who] == (said, did)


def test_who_can_not_be_followed_is_not_counted(windows: Any) -> None:
    assert {"protected", "twice_sent", "nobody", "passer_by"}.isdisjoint(windows)
    assert len(windows) == 9


def test_a_contract_that_runs_as_the_window_ends_is_a_renewal() -> None:
    asked = {"metric_role": "rating", "question_key": "would_renew"}
    ends = datetime(2026, 1, 10, 12)
    answers = [
        answer(who, 5, datetime(2025, 1, 10, 12), **asked) for who in ("runs", "over", "fan")
    ]
    members = [
        {"person_id": "runs", "audience": "member", "valid_to": ends + timedelta(days=1)},
        {"person_id": "over", "audience": "member", "valid_to": ends},
        {"person_id": "fan", "audience": "fan"},
    ]
    with house(int_survey_answers__judged=answers, int_memberships=members) as made:
        rows = made.rows("int_intentions")
    assert dict(zip(rows["person_id"], rows["did"], strict=True)) == {
        "runs": True,
        "over": False,
        "fan": False,
    }


def asked(audience: str, *groups: tuple[int, float, bool], at: datetime = ASKED) -> Any:
    """Return answers and deeds of groups: how many people, what they answered, whether they did."""
    answers, deeds = [], []
    for group, (people, value, has_done) in enumerate(groups):
        for n in range(people):
            who = f"{audience}{at:%m}-{group}-{n}"
            answers.append(answer(who, value, at, audience=audience))
            deeds += [shared(who, at.date() + timedelta(days=5))] if has_done else []
    return answers, deeds


@pytest.fixture(scope="module")
def figures() -> dict[tuple[str, date], dict[str, Any]]:
    """Twenty customers said they would recommend, of whom 6 did, ten did not, of whom 1 did."""
    parts = [
        asked("customer", (6, 9, True), (14, 10, False), (1, 3, True), (9, 7, False)),
        asked("customer", (20, 9, True), (20, 3, False), at=datetime(2026, 4, 10)),
        asked("fan", (16, 9, True), (4, 3, False)),
        asked("donor", (12, 9, True)),
        asked("superfan", (10, 9, True), (10, 3, False)),
        asked("member", (20, 9, True), (20, 3, False), at=datetime(2024, 11, 1)),
    ]
    hidden = {"metric": "nps", "audience": "superfan", "period_kind": "quarter", "segment": "all",
              "period_start": Q1, "status": "suppressed"}  # fmt: skip
    with house(
        int_survey_answers__judged=[row for answers, _ in parts for row in answers],
        int_deeds=[LONG_AGO, *(row for _, deeds in parts[:5] for row in deeds)],
        fct_metric_values=[hidden],
    ) as made:
        rows = made.rows("fct_say_do").to_dict("records")
    return {(row["audience"], row["period_start"].date()): row for row in rows}


def test_gap_follow_through_and_lift_are_as_by_hand(figures: Any) -> None:
    row = figures["customer", Q1]
    assert row["said_share"] == pytest.approx(20 / 30)
    assert row["did_share"] == pytest.approx(7 / 30)
    # 14 said and did not, 1 did and had not said.
    assert row["gap"] == pytest.approx(13 / 30)
    error = (15 + 1 - 13**2 / 32) ** 0.5 / 32
    assert row["gap_low"] == pytest.approx(13 / 32 - 1.959964 * error)
    assert row["follow_through"] == pytest.approx(0.3)
    assert row["lift"] == pytest.approx(0.3 - 0.1)
    # Wilson: 6 of 20 0.1455 to 0.5190, 1 of 10 0.0179 to 0.4042.
    assert row["follow_through_low"] == pytest.approx(0.1455, abs=5e-5)
    assert row["lift_low"] == pytest.approx(0.2 - np.hypot(0.1545, 0.3042), abs=1e-4)
    assert row["lift_high"] == pytest.approx(0.2 + np.hypot(0.2190, 0.0821), abs=1e-4)
    assert row["status"] == "ok"


@pytest.mark.parametrize(
    ("audience", "quarter", "status", "why"),
    [
        ("customer", date(2026, 4, 1), "not_mature", "the quarter is not over for 90 days"),
        ("fan", Q1, "suppressed", "four did not say so"),
        ("superfan", Q1, "suppressed", "their NPS of the quarter is hidden"),
        ("member", date(2024, 10, 1), "not_measured", "no deed is on record before 2025"),
    ],
)
def test_what_may_not_be_shown_shows_nothing(
    audience: str, quarter: date, status: str, why: str, figures: Any
) -> None:
    row = figures[audience, quarter]
    assert row["status"] == status, why
    assert all(pd.isna(row[name]) for name in ("people", "gap", "follow_through", "lift"))


@pytest.mark.parametrize(
    ("as_of", "status"), [("2026-06-29T12:00:00", "not_mature"), ("2026-06-30T00:00:00", "ok")]
)
def test_a_quarter_is_told_once_its_last_window_is_over(as_of: str, status: str) -> None:
    """Who said so on 31 March has until 29 June."""
    answers, deeds = asked("customer", (20, 9, True), (20, 3, False))
    with house(as_of, int_survey_answers__judged=answers, int_deeds=[LONG_AGO, *deeds]) as made:
        rows = made.rows("fct_say_do")
    assert list(rows["status"]) == [status]


def test_where_everybody_said_so_there_is_no_lift(figures: Any) -> None:
    row = figures["donor", Q1]
    assert (row["status"], row["follow_through"]) == ("low_n", 1.0)
    assert pd.isna(row["lift"])


@pytest.mark.parametrize("seed", range(2))
def test_figures_are_what_a_second_count_gives(seed: int) -> None:
    rng = np.random.default_rng([seed, 27])

    def moment(first: datetime, days: int) -> datetime:
        return first + timedelta(minutes=int(rng.integers(days * 1440)))

    people = [f"p{n}" for n in range(160)]
    keys = [
        ("nps", None),
        ("rating", "would_renew"),
        ("rating", "would_buy_again"),
        ("rating", "x"),
    ]
    answers = []
    for n in range(900):
        role, question = keys[int(rng.integers(4))]
        top = 10 if role == "nps" else 5
        answers.append(
            answer(
                str(rng.choice(people)), float(rng.integers(1, top + 1)),
                moment(datetime(2024, 10, 1), 480), answer_id=f"a{n}", metric_role=role,
                question_key=question, audience=["customer", "fan"][int(rng.integers(2))],
                confidentiality="identified" if rng.random() < 0.9 else "confidential",
                excluded_as="partial" if rng.random() < 0.05 else None,
            )
        )  # fmt: skip
    deeds = [
        {"person_id": str(rng.choice(people)), "happened_on": moment(datetime(2024, 9, 1), 600).date()}
        | [{"record": "order", "deed_kind": "order", "activity": "purchase"},
           {"record": "touchpoint", "deed_kind": "share", "activity": "advocate"},
           {"record": "order", "deed_kind": "donation", "activity": None}][int(rng.integers(3))]
        for _ in range(250)
    ]  # fmt: skip
    deeds += [LONG_AGO | {"happened_on": date(2024, 1, 1)},
              LONG_AGO | {"record": "order", "deed_kind": "order", "activity": "purchase",
                          "happened_on": date(2024, 1, 1)}]  # fmt: skip
    members = [
        {"person_id": who, "audience": "member", "valid_from": moment(datetime(2024, 1, 1), 300),
         "valid_to": moment(datetime(2025, 6, 1), 500) if rng.random() < 0.7 else None}
        for who in people[:90]
    ]  # fmt: skip
    with house(
        int_survey_answers__judged=answers, int_deeds=deeds, int_memberships=members
    ) as made:
        rows = made.rows("fct_say_do").to_dict("records")
    found = {(r["audience"], r["intention"], r["period_start"].date()): r for r in rows}
    done = {
        (d["person_id"], kind, d["happened_on"])
        for d in deeds
        for kind, is_so in (
            ("advocate", d["activity"] == "advocate"),
            ("purchase", d["deed_kind"] == "order"),
        )
        if is_so
    }
    wanted = reference.first_said(answers)
    assert found.keys() == wanted.keys()
    shown = 0
    for cell, said in wanted.items():
        [intention] = [i for i in reference.INTENTIONS if i["intention"] == cell[1]]
        pairs = [
            (row["answer_value"] >= float(intention["said_from"]),
             reference.did(intention, row, done, members))
            for row in said.values()
        ]  # fmt: skip
        row = found[cell]
        if row["status"] not in ("ok", "low_n"):
            continue
        shown += 1
        for name, want in reference.figures(pairs).items():
            assert row[name] == (want if want is None else pytest.approx(want, abs=1e-12)), (
                cell,
                name,
            )
    assert shown > 8
