"""A load against its source's own history: what is caught, and who is not alarmed."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from ingestion import ledger
from tests.unit.quality.habit_world import ACCOUNTS, DESK, TICKETS, Desk, Fault, Row, counted


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with a habit: twelve daily loads, none of which was odd."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    assert desk.loads(12) == []
    return desk


def each(**change: object) -> Fault:
    """Return a fault that changes every row; a function gets the row's own value."""

    def lay(rows: list[Row], _: datetime) -> list[Row]:
        return [
            {**row, **{k: v(row[k]) if callable(v) else v for k, v in change.items()}}
            for row in rows
        ]

    return lay


def later(hours: float) -> object:
    return lambda at: at + timedelta(hours=hours)


FAULTS: dict[str, tuple[Fault, str]] = {
    "nulls": (each(score=None), "score is empty in 100%"),
    "duplicates": (
        lambda rows, _: rows + [{**row, "id": row["id"] + 10**9} for row in rows],
        "a row repeats another under a new key in 33%",
    ),
    "no volume": (lambda rows, _: rows[:2], "2 rows that are new or changed came"),
    "time zone": (each(created_at=later(-8), updated_at=later(-8)), "the hour of"),
    "one time in another zone": (each(created_at=later(5)), "created_at lies after updated_at"),
    "one time an hour late": (
        each(updated_at=later(3)),
        "the minutes from created_at to updated_at is above 127",
    ),
    "halved scale": (each(score=lambda s: s // 2), "score is above"),
    "scale to a hundred": (each(score=lambda s: s * 10), "score is above 10"),
    "drift": (each(status="closed"), "status is 'closed'"),
    "a new value": (each(status="fermé"), "status is another value in 100%"),
    "broken reference": (each(account_id=lambda i: i + 10**9), "account_id is unknown in accounts"),
    "future": (each(created_at=later(24 * 30)), "created_at lies after the clock"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_refused_and_the_sentence_says_what_came_and_what_was_expected(
    settled: Desk, name: str
) -> None:
    fault, sentence = FAULTS[name]

    findings = settled.load(fault=fault)

    assert any(sentence in finding for finding in findings), findings
    assert all(finding.startswith("tickets: ") for finding in findings)
    assert all("earlier loads let expect" in finding for finding in findings), findings


def test_half_of_what_is_read_again_may_not_be_left_out(settled: Desk) -> None:
    assert settled.load(held=(40, 20)) == [
        "tickets: a row that is known did not come again in 50% of 40 rows; "
        "12 earlier loads let expect 0% to 25%"
    ]


def known(desk: Desk, rows: int) -> list[Row]:
    with duckdb.connect(str(desk.warehouse)) as db:
        db.execute("set TimeZone = 'UTC'")
        return db.execute(
            "select * exclude (_content_hash, _deleted_reason) from raw_desk.tickets "
            f"order by id limit {rows}"
        ).to_arrow_table().to_pylist()  # fmt: skip


def test_what_is_known_keeps_its_values(settled: Desk) -> None:
    # Nothing about these notes is odd but that they were others: as many, as long, as filled.
    again = [{**row, "note": row["note"].replace("x", "y")} for row in known(settled, 40)]

    findings = settled.load(fault=lambda rows, _: rows + again)

    assert [said for said in findings if "note of a known row came changed in 50% of 80" in said]


def test_what_is_known_is_not_gone_at_once(settled: Desk) -> None:
    gone = [{**row, "_deleted_reason": "not listed"} for row in known(settled, 40)]

    findings = settled.load(fault=lambda rows, _: rows + gone)

    assert findings == [
        "tickets: a row that is known is gone in 50% of 80 rows; "
        "12 earlier loads let expect 0% to 25%"
    ]


@pytest.mark.parametrize(("still", "twice"), [(0, 0), (400, 400)], ids=["all", "one of two"])
def test_a_file_that_did_not_change_is_not_missed(
    settled: Desk, tmp_path: Path, still: int, twice: int
) -> None:
    desk = settled.copy(tmp_path)
    for rows in [(1_000, 400)] * 9 + [(still, twice)]:
        desk.now += timedelta(days=1)
        counts = [counted("accounts", 0, rows[0], twice=rows[1])]
        assert desk.door(DESK, {}, {}, desk.now, counts) == []
        with duckdb.connect(str(desk.warehouse)) as db:
            ledger.write_load(db, "desk", desk.now, counts)
        desk.door.remember("desk", desk.now)


def test_a_wave_that_nobody_has_answered_yet_is_no_drift(settled: Desk, tmp_path: Path) -> None:
    assert settled.copy(tmp_path).load(a_day=400, fault=each(score=None)) == []


def test_what_is_known_does_not_come_again_under_a_new_key(settled: Desk) -> None:
    again = [{**row, "id": row["id"] + 10**9} for row in known(settled, 400)]

    findings = settled.load(fault=lambda rows, _: rows + again)

    assert [said for said in findings if "repeats another under a new key in 83% of 480" in said]


def test_a_wave_whose_rows_are_all_alike_repeats_nobody(settled: Desk, tmp_path: Path) -> None:
    desk = settled.copy(tmp_path)
    desk.connector = replace(DESK, tables=(ACCOUNTS, replace(TICKETS, stream="status")))

    def wave(rows: list[Row], _: datetime) -> list[Row]:
        return rows + [{**rows[0], "id": 10**9 + i, "status": "anonymous"} for i in range(60)]

    assert desk.load(fault=wave) == []


def test_what_is_refused_leaves_the_habit_as_it_was(settled: Desk) -> None:
    with duckdb.connect(str(settled.warehouse)) as db:
        count = "select count(*) from ops.load_profiles"
        before = db.execute(count).fetchall()
        settled.load(fault=FAULTS["drift"][0])
    with duckdb.connect(str(settled.warehouse)) as db:
        assert db.execute(count).fetchall() == before
        status, reason = db.execute("select status, reason from ops.table_health").fetchall()[0]
    assert status == "odd"
    assert "status is 'closed'" in reason


def test_a_source_that_fell_silent_is_told(settled: Desk) -> None:
    findings = settled.load(days=6, a_day=0)
    assert len(findings) == 1
    assert "nothing newer than" in findings[0]
    assert not any("nothing newer" in said for said in settled.load(days=1, a_day=0))


def test_with_few_loads_nothing_is_expected_and_it_is_said(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.loads(3) == []
    assert desk.load(fault=FAULTS["drift"][0]) == []
    with duckdb.connect(str(desk.warehouse)) as db:
        assert db.execute("select status, reason from ops.table_health").fetchall() == [
            ("no_habit_yet", "fewer than 7 earlier loads over a like span; nothing is expected yet")
        ]


DAY = {"days": 1}
# {who: (loads before, loads that may not alarm, tickets a day)}; None begins from a daily habit.
CADENCES: dict[str, tuple[int | None, list[dict[str, float]], int]] = {
    "weekly, and a week left out": (None, [{"days": 7}] * 9 + [{"days": 14}, {"days": 7}], 6),
    "the first after a month": (None, [{"days": 31}, DAY, DAY], 40),
    "after a long weekend": (None, [{"days": 4}, DAY], 40),
    "quiet on one day": (None, [{"days": 1, "a_day": 26}, DAY], 40),
    "three a day": (0, [DAY] * 20, 3),
}


@pytest.mark.parametrize("who", CADENCES)
def test_nobody_is_alarmed_for_when_they_load(settled: Desk, tmp_path: Path, who: str) -> None:
    before, loads, a_day = CADENCES[who]
    desk = Desk(tmp_path, a_day) if before == 0 else settled.copy(tmp_path, a_day)
    assert [finding for load in loads for finding in desk.load(**load)] == []


def test_what_a_person_accepted_is_usual_from_then_on(settled: Desk, tmp_path: Path) -> None:
    desk = settled.copy(tmp_path)
    changed = each(score=lambda s: s * 10)
    assert desk.load(fault=changed) != []
    assert desk.load(fault=changed, accept=True) != []
    assert desk.loads(2, fault=changed) == []
    assert desk.loads(2) == []


def test_a_profile_holds_counts_and_nobody(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.loads(2, fault=each(note="Wanda Nowak"))
    with duckdb.connect(str(desk.warehouse)) as db:
        kept = str(db.execute("from ops.load_profiles").fetchall()) + str(
            db.execute("from ops.table_health").fetchall()
        )
    assert "'open'" in kept.replace('"', "'")
    assert "Wanda" not in kept
