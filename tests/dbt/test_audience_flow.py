"""Who moved between audiences: counted as the definitions say, and no handful told of."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
import reference_flow as reference
import reference_listening
from reference_events import EVER, House, local_day
from reference_values import Warehouse

from benchmarks.house_sql import HouseSql, tables

DAY, MOMENT = pa.date32(), pa.timestamp("us")
GIVEN = {
    "int_metric_periods": {"period_kind": pa.string(), "period_start": DAY, "period_end": DAY},
    "int_persons": {"person_id": pa.string(), "is_deleted": pa.bool_(), "is_test": pa.bool_()},
    "int_memberships": {
        "person_id": pa.string(), "audience": pa.string(), "valid_from": MOMENT, "valid_to": MOMENT,
    },
}  # fmt: skip
STARTS = [date(2016 + n // 4, 1 + 3 * (n % 4), 1) for n in range(41)]
QUARTERS = list(pairwise(STARTS))
FIGURES = ["people", "people_left", "share", "share_low", "share_high"]
Rows = dict[date, dict[reference.Cell, dict[str, Any]]]


def published(stretches: list[reference.Stretch], quarters: Any = QUARTERS) -> Rows:
    """Return the rows of the mart by quarter and cell."""
    given = {
        "int_metric_periods": [
            {"period_kind": "quarter", "period_start": start, "period_end": end}
            for start, end in quarters
        ],
        "int_persons": [
            {"person_id": who, "is_deleted": False, "is_test": False}
            for who in {person for person, *_ in stretches}
        ],
        "int_memberships": [
            {
                "person_id": who,
                "audience": audience,
                "valid_from": noon(begins),
                "valid_to": noon(ends),
            }
            for who, audience, begins, ends in stretches
        ],
    }
    with HouseSql(tables(GIVEN, given)) as house:
        rows = house.rows("fct_audience_flow")
    return by_quarter(rows.astype(object).where(rows.notna(), None).to_dict("records"))


def by_quarter(rows: list[dict[str, Any]]) -> Rows:
    found: Rows = {}
    for row in rows:
        start = pd.Timestamp(row["quarter_start"]).date()
        found.setdefault(start, {})[(row["from_audience"], row["to_audience"])] = row
    return found


def noon(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, 12) if day else None


def group(count: int, name: str, *held: tuple[str, date | None, date | None]) -> Iterator[Any]:
    """Yield what so many people were in, all alike."""
    for n in range(count):
        yield from ((f"{name}{n}", *stretch) for stretch in held)


Q1, Q2, Q3 = date(2025, 1, 1), date(2025, 4, 1), date(2025, 7, 1)
MAY = date(2025, 5, 5)


@pytest.fixture(scope="module")
def by_hand() -> dict[reference.Cell, dict[str, Any]]:
    """The second quarter of 2025: 40 leads of whom 20 become customers, 12 of them leads no more.

    Ten come back to the leads whom they left for a week, six become customers from nowhere, ten
    customers leave for nowhere, all of whom some source dates; of donors none does.
    """
    stretches = [
        *group(12, "moves", ("lead", Q1, MAY), ("customer", MAY, None)),
        *group(8, "adds", ("lead", Q1, None), ("customer", MAY, None)),
        *group(10, "returns", ("lead", Q1, MAY), ("lead", date(2025, 5, 12), None)),
        *group(10, "stays", ("lead", Q1, None)),
        *group(6, "comes", ("customer", Q2, date(2025, 6, 1))),
        *group(10, "goes", ("customer", Q1, Q2)),
        *group(50, "gives", ("donor", None, None), ("customer", Q1, None)),
        *group(9, "works", ("employee", Q1, MAY), ("former_employee", MAY, None)),
    ]
    return published(stretches, [(Q1, Q2), (Q2, Q3)])[Q2]


@pytest.mark.parametrize(
    ("cell", "people", "of", "left", "status"),
    [
        (("lead", "customer"), 20, 40, 12, "ok"),
        (("lead", "lead"), 28, 40, 0, "ok"),
        (("customer", "customer"), 50, 60, 0, "ok"),
        (("customer", "nowhere"), 10, 60, 10, "ok"),
        # Of who joined customers at all; that they left again takes nothing from it.
        (("nowhere", "customer"), 6, 26, None, "low_n"),
    ],
)
def test_who_moved_is_counted_once_a_pair(
    cell: reference.Cell, people: int, of: int, left: int | None, status: str, by_hand: Any
) -> None:
    row = by_hand[cell]
    assert (row["people"], row["people_before"], row["people_left"]) == (people, of, left)
    assert (row["status"], row["reason"]) == (status, None)
    share = reference_listening.Share(people, of)
    assert (row["share"], row["share_low"], row["share_high"]) == pytest.approx(
        (share.value, share.bound(-1), share.bound(+1)), abs=1e-9
    )


def test_what_no_source_dates_is_not_measured_and_says_so(by_hand: Any) -> None:
    assert by_hand[("nowhere", "donor")]["reason"] == "no source says since when"
    assert by_hand[("donor", "nowhere")]["reason"] == "no source says until when"
    stayed = by_hand[("donor", "donor")]
    assert (stayed["status"], stayed["people_before"], stayed["people"]) == (
        "not_measured",
        50,
        None,
    )


def test_nothing_is_told_of_the_workforce(by_hand: Any) -> None:
    """Nor does somebody come from nowhere, or go there, by what they are at work."""
    about = {cell: row for cell, row in by_hand.items() if set(cell) & reference.WORKFORCE}
    assert {a for a, _ in about} == reference.WORKFORCE
    for (before, after), row in about.items():
        assert before == after
        assert (row["status"], row["reason"], row["people_before"]) == (
            "suppressed",
            "workforce",
            None,
        )


def test_an_audience_without_anybody_has_one_row_that_says_so(by_hand: Any) -> None:
    assert by_hand[("sponsor", "sponsor")]["reason"] == "nobody"
    assert [cell for cell in by_hand if "sponsor" in cell] == [("sponsor", "sponsor")]


def ever(*audiences: str) -> tuple[Any, ...]:
    return tuple((audience, Q1, None) for audience in audiences)


def joins(*audiences: str) -> tuple[Any, ...]:
    return tuple((audience, MAY, None) for audience in audiences)


def leaves(*audiences: str) -> tuple[Any, ...]:
    return tuple((audience, Q1, MAY) for audience in audiences)


# Of n people, what hides a row beside which everything is of many: (the row, who else there is).
HANDFULS = {
    "moved so": (
        ("lead", "customer"),
        [(40, ever("lead")), (20, joins("customer"))],
        [(*ever("lead"), *joins("customer"))],
    ),
    "were there and did not move": (
        ("lead", "customer"),
        [(40, (*ever("lead"), *joins("customer"))), (20, joins("customer"))],
        [ever("lead")],
    ),
    "left with it": (
        ("lead", "customer"),
        [(40, ever("lead")), (40, (*ever("lead"), *joins("customer"))), (20, leaves("lead"))],
        [(*leaves("lead"), *joins("customer"))],
    ),
    "moved and stayed": (
        ("lead", "customer"),
        [(40, ever("lead")), (40, (*leaves("lead"), *joins("customer")))],
        [(*ever("lead"), *joins("customer"))],
    ),
    "left without it": (
        ("lead", "customer"),
        [(40, ever("lead")), (40, (*leaves("lead"), *joins("customer")))],
        [leaves("lead")],
    ),
    "stayed without it": (
        ("lead", "customer"),
        [(40, (*ever("lead"), *joins("customer"))), (40, leaves("lead"))],
        [ever("lead")],
    ),
    "joined without having been there": (
        ("lead", "customer"),
        [(40, ever("lead", "donor")), (30, (*ever("lead", "donor"), *joins("customer")))],
        [(*ever("lead"), *joins("customer")), (*ever("donor"), *joins("customer"))],
    ),
    "are what the flow of the audience above has more": (
        ("superfan", "donor"),
        [(40, ever("fan")), (40, ever("fan", "superfan")), (20, joins("donor")),
         (40, (*ever("fan", "superfan"), *joins("donor")))],
        [(*ever("fan"), *joins("donor"))],
    ),
    "are what the flow to the audience above has more": (
        ("lead", "subscriber"),
        [(40, ever("lead")), (40, (*ever("lead"), *joins("customer", "subscriber")))],
        [(*ever("lead"), *joins("customer"))],
    ),
    "left what others joined": (
        ("lead", "customer"),
        [(40, ever("customer", "lead")), (40, (*ever("lead"), *joins("customer"))),
         (20, joins("customer"))],
        [(*ever("donor"), *leaves("customer"))],
    ),
    "left what others came to from nowhere": (
        ("nowhere", "customer"),
        [(40, ever("customer")), (20, joins("customer"))],
        [(*ever("donor"), *leaves("customer"))],
    ),
    "joined what others stayed in": (
        ("customer", "customer"),
        [(40, ever("customer")), (20, leaves("customer"))],
        [joins("customer")],
    ),
    "left what others stayed in": (
        ("customer", "customer"),
        [(40, ever("customer"))],
        [(*ever("donor"), *leaves("customer"))],
    ),
    "joined from what is hidden alone": (
        ("lead", "customer"),
        [(40, ever("lead", "donor")), (20, (*ever("lead"), *joins("customer"))),
         (30, (*ever("donor"), *joins("customer")))],
        [joins("customer")],
    ),
    "are all there is": (("customer", "customer"), [], [ever("customer")]),
    "are what the audience above has more": (
        ("superfan", "superfan"), [(40, ever("fan", "superfan"))], [ever("fan")],
    ),
    "were what the audience above has more": (
        ("superfan", "superfan"), [(40, ever("fan", "superfan"))], [leaves("fan")],
    ),
    "became what the audience above has more": (
        ("superfan", "superfan"), [(40, ever("fan", "superfan"))], [joins("fan")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HANDFULS)
def test_a_handful_hides_a_row_and_five_do_not(name: str) -> None:
    """The handful: who ..."""
    cell, others, few = HANDFULS[name]
    dates = date(2024, 10, 1), date(2024, 12, 1)
    # Both ends of every audience are on record.
    past = [
        (f"was-{audience}", audience, *dates)
        for audience in ("lead", "customer", "subscriber", "donor", "fan", "superfan")
    ]
    for count, is_shown in ((4, False), (5, True)):
        stretches: list[reference.Stretch] = [*past]
        for n, (many, held) in enumerate(others):
            stretches += group(many, f"others{n}-", *held)
        for n, held in enumerate(few):
            stretches += group(count, f"few{n}-", *held)
        row = published(stretches, [(Q2, Q3)])[Q2][cell]
        assert (row["status"] != "suppressed") is is_shown, row
        assert (row["people"] is not None) is is_shown


AUDIENCES = (
    "prospect", "lead", "customer", "subscriber", "fan", "superfan", "junior_fan", "donor", "member",
    "employee",
)  # fmt: skip


def lives(seed: int) -> list[reference.Stretch]:
    """Return random memberships over ten years; some audiences are joined by handfuls, some by many."""
    draw = random.Random(seed)
    often = {audience: draw.choice((1, 4, 12)) for audience in AUDIENCES}
    stretches: list[reference.Stretch] = []
    for n in range(900):
        audience = draw.choices(AUDIENCES, [often[a] for a in AUDIENCES])[0]
        day = STARTS[0] + timedelta(draw.randrange(-900, 3600))
        for _ in range(draw.randrange(1, 5)):
            ends = day + timedelta(draw.choice((40, 200, 900)))
            begins = None if audience == "donor" else day
            stretches.append((f"{seed}-{n}", audience, begins, draw.choice((ends, None))))
            # One joins the next while in the last, or as it ends, or at another time.
            audience = draw.choices(AUDIENCES, [often[a] for a in AUDIENCES])[0]
            day = draw.choice((ends, ends, day + timedelta(draw.randrange(400))))
    return reference.merged(stretches)


@pytest.fixture(scope="module")
def worlds() -> list[tuple[reference.Quarter, dict[reference.Cell, dict[str, Any]]]]:
    """Quarters of random lives, with what was published of each."""
    found = []
    for seed in range(2):
        stretches = lives(seed)
        rows = published(stretches)
        found += [
            (reference.quarter(stretches, start, end), rows[start]) for start, end in QUARTERS
        ]
    return found


def test_every_figure_of_random_lives_is_that_of_the_definition(worlds: Any) -> None:
    shown = 0
    for people, rows in worlds:
        assert people.cells() <= set(rows)
        for cell, row in rows.items():
            if row["people"] is None:
                assert {row[name] for name in FIGURES} == {None}
                continue
            shown += 1
            moved, frame = people.moved(cell), people.framed(cell)
            assert (row["people"], row["people_before"]) == (len(moved), len(frame)), cell
            assert row["people_left"] in (None, len(people.left(cell)))
            assert row["share"] == pytest.approx(len(moved) / len(frame))
    assert shown > 250


def test_no_handful_is_told_directly_or_by_subtraction(worlds: Any) -> None:
    tells = [
        (how, cell, count)
        for people, rows in worlds
        for how, cell, count in reference.told(people, rows)
        if 0 < count < reference.least(*cell)
    ]
    assert not tells, (Counter(how for how, *_ in tells), tells[:5])


def test_the_attack_finds_handfuls_where_all_is_shown(worlds: Any) -> None:
    """Each way of being told would be found: none of them holds for want of a case."""
    told = Counter()
    for people, rows in worlds:
        bare = {
            cell: row | {"people": 1, "people_before": 1, "people_left": 1}
            for cell, row in rows.items()
            if cell in people.cells()
        }
        told += Counter(
            how
            for how, cell, count in reference.told(people, bare)
            if 0 < count < reference.least(*cell)
        )
    assert set(told) == {
        "size", "above", "moved", "others", "left", "stayed", "left otherwise",
        "stayed and did not join", "joined from elsewhere", "joined not from there", "left, by sizes",
    } - {"joined from elsewhere"}  # fmt: skip


def memberships(house: House) -> Iterator[reference.Stretch]:
    for person, held in house.members.items():
        for audience, begins, ends in held:
            dated = (
                None if bound == ever else local_day(bound)
                for bound, ever in zip((begins, ends), EVER, strict=True)
            )
            yield (person, audience, *dated)  # type: ignore[misc]


def test_the_golden_house_shows_what_its_contracts_say(built: Any, expected: Warehouse) -> None:
    rows = by_quarter(built.rows("from publication.pub_audience_flow"))
    gone = {
        row["person_id"]
        for row in built.rows("from warehouse.identity.persons where is_deleted or is_test")
    }
    stretches = reference.merged([s for s in memberships(expected.house) if s[0] not in gone])
    cells = 0
    for start, found in rows.items():
        people = reference.quarter(stretches, start, found[next(iter(found))]["quarter_end"])
        for cell, row in found.items():
            if row["people"] is not None:
                cells += 1
                assert (row["people"], row["people_before"]) == (
                    len(people.moved(cell)), len(people.framed(cell)),
                ), (start, cell)  # fmt: skip
        assert not [t for t in reference.told(people, found) if 0 < t[2] < reference.least(*t[1])]
    assert cells
