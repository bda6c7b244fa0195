"""Fans who never buy: how they moved, apart from those who buy, and what may be told of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
import reference_listening as reference

from benchmarks.house_sql import HouseSql, tables

DAY = pa.date32()
GIVEN = {
    "int_metric_periods": {"period_kind": pa.string(), "period_start": DAY, "period_end": DAY},
    "int_fan_movements": {
        "period_kind": pa.string(), "period_start": DAY, "has_superfans": pa.bool_(),
        "person_id": pa.string(), "from_state": pa.string(), "to_state": pa.string(),
        "buys": pa.string(),
    },
    "int_persons__purchases": {
        "person_id": pa.string(), "first_bought_on": DAY, "known_from": DAY,
    },
    "int_fan_engagement": {"person_id": pa.string(), "audience": pa.string(), "moment": DAY},
    "fct_metric_values": {
        "metric": pa.string(), "audience": pa.string(), "period_kind": pa.string(),
        "period_end": DAY, "segment": pa.string(), "status": pa.string(),
    },
}  # fmt: skip
EARLY, FIRST, SECOND, THIRD, LAST, FEW_BEFORE, FEW_AFTER = (
    date(2024, 10, 1), date(2025, 1, 1), date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1),
    date(2026, 1, 1), date(2026, 4, 1),
)  # fmt: skip
QUARTERS = (EARLY, FIRST, SECOND, THIRD, LAST, FEW_BEFORE, FEW_AFTER)
ENDS = dict(zip(QUARTERS, (*QUARTERS[1:], date(2026, 7, 1)), strict=True))


def moved(
    start: date, before: str, after: str, buys: str, people: int, has_superfans: bool = True
) -> Iterator[dict[str, Any]]:
    for n in range(people):
        yield {"period_kind": "quarter", "period_start": start, "has_superfans": has_superfans,
               "person_id": f"{before}-{after}-{buys}-{n}", "from_state": before,
               "to_state": after, "buys": buys}  # fmt: skip


def members(people: int, moment: date) -> Iterator[dict[str, Any]]:
    for n in range(people):
        yield {"person_id": f"{moment}-{n}", "audience": "member", "moment": moment}


def hidden(moment: date) -> dict[str, Any]:
    return {"metric": "fan_engagement_without_purchase", "audience": "member", "segment": "buys=no",
            "period_kind": "quarter", "period_end": moment, "status": "suppressed"}  # fmt: skip


def movement(known_from: date | None = FIRST) -> pd.DataFrame:
    """Seven quarters, of which purchases are on record from the second on.

    In the second 40 fans never bought, of whom 10 rise and 5 leave, ten had bought, of whom 5
    leave, and six join. In the third the metrics hide four members who never bought; five of them
    would be enough. In the fourth four of those who never bought leave, and three join. In the fifth
    nobody can be seen to be a superfan, and one buyer leaves. In the sixth four who never bought were superfans before, in the seventh after.
    """
    rows = [
        *moved(FIRST, "fan", "fan", "no", 25),
        *moved(FIRST, "fan", "superfan", "no", 10),
        *moved(FIRST, "fan", "left", "no", 5),
        *moved(FIRST, "fan", "fan", "yes", 5),
        *moved(FIRST, "fan", "left", "yes", 5),
        *moved(FIRST, "joined", "follower", "no", 6),
        *moved(SECOND, "fan", "fan", "no", 60),
        *moved(THIRD, "fan", "fan", "no", 60),
        *moved(THIRD, "fan", "left", "no", 4),
        *moved(THIRD, "joined", "fan", "no", 3),
        *moved(THIRD, "fan", "fan", "yes", 60),
        *moved(LAST, "fan", "fan", "no", 60, has_superfans=False),
        *moved(LAST, "fan", "fan", "yes", 60, has_superfans=False),
        *moved(LAST, "fan", "left", "yes", 1, has_superfans=False),
        *moved(FEW_BEFORE, "superfan", "fan", "no", 4),
        *moved(FEW_BEFORE, "fan", "fan", "no", 60),
        *moved(FEW_BEFORE, "fan", "fan", "yes", 60),
        *moved(FEW_AFTER, "fan", "superfan", "no", 4),
        *moved(FEW_AFTER, "fan", "fan", "no", 60),
        *moved(FEW_AFTER, "fan", "fan", "yes", 60),
    ]
    given = {
        "int_metric_periods": [
            {"period_kind": "quarter", "period_start": start, "period_end": end}
            for start, end in ENDS.items()
        ],
        "int_fan_movements": rows,
        "int_persons__purchases": [
            {"person_id": who, "known_from": known_from}
            for who in {
                row["person_id"]
                for row in [*members(5, FIRST), *members(4, SECOND), *members(3, LAST)]
            }
        ],
        "int_fan_engagement": [*members(5, FIRST), *members(4, SECOND), *members(3, LAST)],
        "fct_metric_values": [
            hidden(FIRST),
            hidden(SECOND),
            hidden(LAST) | {"metric": "superfan_share"},
        ],
    }
    with HouseSql(tables(GIVEN, given)) as house:
        rows = house.rows("fct_fan_movement")
    keys = ["start", "buys", "from_state", "to_state"]
    return rows.assign(start=rows["period_start"].dt.date).set_index(keys).sort_index()


@pytest.fixture(scope="module")
def by_hand() -> pd.DataFrame:
    return movement()


@pytest.mark.parametrize(
    ("buys", "before", "after", "people", "of", "status"),
    [
        ("no", "fan", "fan", 25, 40, "ok"),
        ("no", "fan", "superfan", 10, 40, "ok"),
        ("no", "fan", "left", 5, 40, "ok"),
        ("no", "fan", "follower", 0, 40, "ok"),
        ("yes", "fan", "left", 5, 10, "low_n"),
        ("yes", "fan", "superfan", 0, 10, "low_n"),
        ("no", "joined", "follower", 6, 6, "low_n"),
    ],
)
def test_those_who_never_bought_move_apart_from_those_who_did(
    buys: str, before: str, after: str, people: int, of: int, status: str, by_hand: Any
) -> None:
    row = by_hand.loc[(FIRST, buys, before, after)]
    assert (row["people"], row["people_before"], row["status"]) == (people, of, status)
    share = reference.Share(people, of)
    assert (row["share"], row["share_low"], row["share_high"]) == pytest.approx(
        (share.value, share.bound(-1), share.bound(+1)), abs=1e-9
    )


def test_nobody_was_a_superfan_before_and_nobody_joins_only_to_leave(by_hand: Any) -> None:
    assert by_hand.loc[(FIRST, "no", "superfan", "fan"), "status"] == "not_measured"
    assert (FIRST, "no", "joined", "left") not in by_hand.index
    assert len(by_hand.loc[FIRST]) == 30


FIGURES = ["people", "people_before", "share", "share_low", "share_high"]


@pytest.mark.parametrize("start", [SECOND, FEW_BEFORE, FEW_AFTER])
def test_a_handful_that_would_be_left_hides_all_of_its_period(start: date, by_hand: Any) -> None:
    """All less the others are four: of the audiences that are shown, or of who was or is so."""
    rows = by_hand.loc[start]
    assert set(rows["status"]) == {"suppressed"}
    assert rows[FIGURES].isna().all(axis=None)


def test_a_handful_that_moved_hides_its_group_alone(by_hand: Any) -> None:
    """How many left less how many joined may be had from all fans; neither can."""
    for start, buys, others in ((THIRD, "no", "yes"), (LAST, "yes", "no")):
        rows = by_hand.loc[(start, buys)]
        assert set(rows["status"]) == {"suppressed"}
        assert rows[FIGURES].isna().all(axis=None)
        assert by_hand.loc[(start, others, "fan", "fan"), "people"] == 60


def test_where_superfans_can_not_be_seen_nothing_is_said_of_them(by_hand: Any) -> None:
    rows = by_hand.loc[(LAST, "no")].reset_index()
    is_of_superfans = (rows["from_state"] == "superfan") | (rows["to_state"] == "superfan")
    assert set(rows[is_of_superfans]["status"]) == {"not_measured"}
    assert by_hand.loc[(LAST, "no", "fan", "fan"), "people"] == 60
    assert pd.isna(by_hand.loc[(LAST, "no", "fan", "superfan"), "people"])


def test_before_purchases_are_on_record_nobody_is_known_not_to_buy(by_hand: Any) -> None:
    assert set(by_hand.index.get_level_values("start")) == set(QUARTERS) - {EARLY}
    for known_from in (None, date(2026, 7, 1)):
        rows = movement(known_from)
        assert set(rows.index.get_level_values("start")) == {FEW_AFTER}
        assert set(rows["status"]) == {"not_measured"}
        assert rows["people"].isna().all()
