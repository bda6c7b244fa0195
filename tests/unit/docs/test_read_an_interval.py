"""The worked example of docs/read-an-interval.md is what the house's own models make of its answers."""

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import house_events
from benchmarks.small_worlds import Publication
from dashboards.figures import figure, interval, step, step_interval

PAGE = (Path(__file__).parents[3] / "docs" / "read-an-interval.md").read_text(encoding="utf-8")
UNIT = "score"
# A promoter, somebody passive, a detractor.
ANSWERS = (10.0, 7.0, 3.0)


def row(head: str) -> list[str]:
    """Return the cells of a row of a table after the one that names it."""
    [cells] = re.findall(rf"^\| {head} \|(.*)\|$", PAGE, re.MULTILINE)
    return [cell.strip() for cell in cells.split("|")]


def spoken(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def answers(day: date, counts: list[int]) -> list[dict[str, object]]:
    plain = {"event": "answer", "role": "nps", "audience": "customer", "observed_on": day,
             "scale_min": 0.0, "scale_max": 10.0, "has_struck": True}  # fmt: skip
    return [
        {**plain, "value": value, "respondent_id": f"{day} {value} {number}"}
        for value, count in zip(ANSWERS, counts, strict=True)
        for number in range(count)
    ]


def published(times: int) -> tuple[pd.DataFrame, pd.Series]:
    """Return the values of the two quarters, the earlier first, and the change between them."""
    days = {"autumn": house_events.BEFORE.date(), "winter": house_events.AFTER.date()}
    rows = [
        answer
        for quarter, day in days.items()
        for answer in answers(day, [times * int(count) for count in row(quarter)[:3]])
    ]
    values, changes = Publication().of(house_events.events(pd.DataFrame(rows)))
    [(_, change)] = changes.iterrows()
    return values.sort_values("period_start"), change


@pytest.fixture(scope="module")
def example() -> tuple[pd.DataFrame, pd.Series]:
    return published(1)


def test_each_quarter_is_counted_as_the_house_counts(example) -> None:
    for quarter, (_, value) in zip(("autumn", "winter"), example[0].iterrows(), strict=True):
        assert row(quarter)[3:] == [
            str(int(value.n)),
            figure(value.value, UNIT),
            interval(value.low, value.high, UNIT),
        ]


def test_the_change_is_judged_as_the_house_judges(example) -> None:
    for head, change in (
        ("as above", example[1]),
        ("ten times as many, the same shares", published(10)[1]),
    ):
        assert row(head) == [
            spoken(step(change.change, UNIT)),
            step_interval(change.low, change.high, UNIT),
            change.verdict,
            spoken(step(change.smallest_detectable, UNIT)),
        ]


def test_the_words_around_the_tables_are_true(example) -> None:
    values, change = example
    # "in every second quarter", "their intervals still overlap", "give or take 14"
    assert 0.4 < change.p_value < 0.55
    large = published(10)[0]
    assert large.high.iloc[0] > large.low.iloc[1]
    assert round((values.high.iloc[1] - values.low.iloc[1]) / 2) == 14
