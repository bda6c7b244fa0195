"""Loyalty under stress: the interval by hand, and who is on which side."""

from typing import Any

import pandas as pd
import pytest

from benchmarks import loyalty_under_stress


def people(stratum: str, stresses: list[str], count: int, stayed: int) -> pd.DataFrame:
    """Return so many people of an audience and stratum, of whom the first stayed."""
    return pd.DataFrame(
        {
            "audience": "customer",
            "stratum": stratum,
            "person_id": [f"{stratum}-{stresses}-{n}" for n in range(count)],
            "stresses": [stresses] * count,
            "is_retained": [n < stayed for n in range(count)],
        }
    )


def bad_csat(*groups: pd.DataFrame) -> dict[str, Any]:
    """Return the row of bad CSAT."""
    found = loyalty_under_stress.mart(pd.concat(groups, ignore_index=True))
    [row] = found[found["stress"] == "bad_csat"].to_dict("records")
    return row


STRESSED = [people("a", ["bad_csat"], 20, 6), people("b", ["bad_csat"], 20, 10)]
CALM = [people("a", [], 10, 8), people("b", [], 20, 10)]


def test_the_interval_is_linearised_over_persons() -> None:
    """By hand: 16 of 40 stayed; of their others 0.8 and 0.5, each for half of them."""
    row = bad_csat(*STRESSED, *CALM)
    assert row["retention"] == pytest.approx(0.4)
    assert row["retention_matched"] == pytest.approx(0.65)
    assert row["difference"] == pytest.approx(-0.25)
    # (stayed - share of the others + 0.25) / 40: 6 x 0.45, 14 x -0.55, 10 x 0.75, 10 x -0.25.
    lived = 6 * 0.45**2 + 14 * 0.55**2 + 10 * 0.75**2 + 10 * 0.25**2
    # (stayed - share) x stressed / others, widened by n / (n - 1): 20 / 10 of ten, 20 / 20 of twenty.
    others = 4 * (10 / 9) * (8 * 0.2**2 + 2 * 0.8**2) + (20 / 19) * 20 * 0.5**2
    error = ((lived + others) / 40**2 * 70 / 69) ** 0.5
    assert row["low"] == pytest.approx(-0.25 - 1.959964 * error)
    assert row["high"] == pytest.approx(-0.25 + 1.959964 * error)
    assert row["smallest_detectable"] == pytest.approx(2.801585 * error)
    assert (row["finding"], row["status"]) == ("stayed less", "ok")


def test_a_person_of_many_months_counts_once_in_the_error() -> None:
    """The same months of half as many people: each pulls twice, so the interval is wider."""
    months = pd.concat([*STRESSED, *CALM], ignore_index=True)
    twice = pd.concat([months, months], ignore_index=True)
    once, again = (bad_csat(each) for each in (months, twice))
    width = [row["high"] - row["low"] for row in (once, again)]
    assert again["difference"] == pytest.approx(once["difference"])
    # Of twice as many others one is nearer to the mean of the rest; persons are no more than before.
    assert width[1] == pytest.approx(width[0], rel=0.02)
    assert again["persons_stressed"] == once["persons_stressed"]


def test_without_two_others_of_the_same_kind_nobody_is_compared() -> None:
    alone = [people("c", ["bad_csat"], 10, 0), people("c", [], 1, 1)]
    with_them, without = bad_csat(*STRESSED, *CALM, *alone), bad_csat(*STRESSED, *CALM)
    assert with_them["matched_share"] == pytest.approx(40 / 50)
    same = ["difference", "low", "high", "persons_stressed", "persons_matched"]
    assert [with_them[name] for name in same] == pytest.approx([without[name] for name in same])


def test_who_lived_another_stress_is_nobodys_other() -> None:
    other = people("a", ["broken_promise"], 30, 0)
    same = ["difference", "low", "high", "persons_stressed", "persons_matched"]
    with_them, without = bad_csat(*STRESSED, *CALM, other), bad_csat(*STRESSED, *CALM)
    assert [with_them[name] for name in same] == pytest.approx([without[name] for name in same])


@pytest.mark.parametrize(
    ("stressed", "calm", "status"), [(29, 40, "low_n"), (40, 29, "low_n"), (30, 30, "ok")]
)
def test_thirty_on_either_side_are_told_of(stressed: int, calm: int, status: str) -> None:
    row = bad_csat(people("a", ["bad_csat"], stressed, 15), people("a", [], calm, 15))
    assert row["status"] == status
    assert pd.isna(row["persons_stressed"]) is (status != "ok")


def test_all_alike_are_not_told_of() -> None:
    row = bad_csat(people("a", ["bad_csat"], 40, 40), people("a", [], 40, 40))
    assert row["status"] == "low_n"
    assert pd.isna(row["retention"])
