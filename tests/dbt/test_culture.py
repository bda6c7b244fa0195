"""What those inside say of the organisation: figures by hand, and what is not told."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import culture
from benchmarks.house_sql import HouseSql, python_model

ESTIMATES = python_model("int_alignment_estimates")
# Three departments of four, none of one mind: 3 + 1, 1 + 3 and 2 + 2.
COUNTS = np.array([[3, 1], [1, 3], [2, 2]])


def asked(role: str, people: list[str], values: list[float], **more: str) -> pd.DataFrame:
    return culture.answers(
        {"metric_role": role, "person_id": people, "answer_value": values, "question_key": "help"}
        | more
    )


def test_agreement_is_that_of_two_people_drawn() -> None:
    between, within = ESTIMATES.agreements(COUNTS / 4, np.array([4, 4, 4]))
    # (3*1 + 1*3)/16, (3*2 + 1*2)/16 and (1*2 + 3*2)/16; and pairs of one department that agree,
    # 3 of 6, 3 of 6 and 2 of 6.
    assert between == pytest.approx((6 + 8 + 8) / 48)
    assert within == pytest.approx((3 + 3 + 2) / 18)


def test_a_question_is_drawn_the_same_whoever_else_is_asked() -> None:
    first, again = ESTIMATES.alignment(COUNTS, "one"), ESTIMATES.alignment(COUNTS, "one")
    other = ESTIMATES.alignment(COUNTS, "two")
    assert first == again
    assert first["agreement"] == other["agreement"]
    assert first != other
    assert first["low"] <= first["agreement"] <= first["high"]
    assert first["difference_low"] <= first["difference"] <= first["difference_high"]


def cells(counts: dict[str, list[int]], left_out: tuple[str, ...] = ()) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"department": name, "is_left_out": name in left_out, "code": code, "people": people}
            for name, of in counts.items()
            for code, people in enumerate(of, start=1)
            if people
        ]
    )


def test_what_is_told_of_three_departments() -> None:
    counts = {"Lab": [9, 1], "Shop": [1, 9], "Desk": [10, 0], "Attic": [0, 4]}
    found = ESTIMATES.told(cells(counts, left_out=("Attic",)), {1: "Quick", 2: "Warm"}, "seed")
    assert (found["departments"], found["people"], found["status"]) == (3, 30, "ok")
    assert (found["most_common"], found["most_common_share"]) == ("Quick", pytest.approx(2 / 3))
    assert found["verdict"] == "departments differ"
    tied = ESTIMATES.told(cells({"a": [5, 5], "b": [5, 5], "c": [5, 5]}), {1: "Quick"}, "seed")
    assert (tied["most_common"], tied["verdict"]) == ("Quick, 2", "no clear difference")


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        # Of two departments one is told by the other.
        ({"Lab": [9, 1], "Shop": [1, 9], "Desk": [4, 0]}, "fewer than three departments"),
        # Whoever knows that all of a department of nine agree knows what each of them said.
        ({"Lab": [20, 0], "Shop": [0, 20], "Attic": [9, 0]}, "of one mind"),
    ],
)
def test_what_is_not_told_of_departments(counts: dict[str, list[int]], reason: str) -> None:
    found = ESTIMATES.told(cells(counts, left_out=("Desk",)), {}, "seed")
    assert found["status"] == "suppressed"
    assert reason in found["reason"]
    assert set(found) == {"status", "reason"}


def house(inside: list[float], outside: list[tuple[str, float]]) -> HouseSql:
    """Return the marts over what those inside believe of help, and what customers answered."""
    believed = asked("belief", [f"i{n}" for n in range(len(inside))], inside,
                     instrument="c", audience="employee")  # fmt: skip
    answered = asked("csat", [who for who, _ in outside], [value for _, value in outside],
                     instrument="t", audience="customer")  # fmt: skip
    return culture.house(
        int_survey_answers__judged=culture.answers(
            dict(pd.concat([believed, answered], ignore_index=True))
        ),
        beliefs=[{"question_key": "help", "audience": "customer"}],
        survey_items=[
            {"question_key": "help", "metric_role": "csat", "scale_min": 1.0, "scale_max": 5.0}
        ],
        audiences=[{"audience": "customer", "minimum_group": 5, "is_minor": False}],
        int_instruments__protection=[{"instrument": "c", "minimum_group": 5}],
    )


def test_intervals_and_what_answers_of_one_person_are_worth_by_hand() -> None:
    # Of five answers by a, b, c, d, d the mean is 3.2; residuals by person 1.8, 1.8, -1.2, -2.4, so
    # deff = (13.68 x 4/3 / 25) / (2.16 / 4).
    customers = [("a", 5.0), ("b", 5.0), ("c", 2.0), ("d", 2.0), ("d", 2.0)]
    with house([4, 4, 5, 3, 4, 4], customers) as made:
        told = made.rows("fct_culture").set_index("measure")
        heard = made.rows("int_perception_answers").set_index("measure")
        gap = made.rows("fct_perception_gap").set_index("measure")
    # 3/5 added to each of five points: 33 / 9, and a variance of 131 / 9 - (33 / 9)^2.
    error = ((131 / 9 - (33 / 9) ** 2) / 9) ** 0.5
    assert told.loc["mean", "std_error"] == pytest.approx(error)
    assert told.loc["mean", "low"] == pytest.approx(33 / 9 - 1.959964 * error)
    assert heard["n_eff"].tolist() == pytest.approx([5 / 1.3511111111] * 2)
    # Four customers are too few, however often they answered.
    assert gap["status"].tolist() == ["suppressed"] * 2
    assert gap["answered"].isna().all()


def wilson(share: float, n: float) -> tuple[float, float]:
    z2 = 1.959964**2
    reach = 1.959964 * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5
    return tuple((share + z2 / (2 * n) + sign * reach) / (1 + z2 / n) for sign in (-1, 1))


def test_a_gap_of_shares_has_newcombes_interval_and_one_of_means_the_sum_of_errors() -> None:
    inside = [4.0] * 80 + [1.0] * 20
    customers = [(f"c{n}", 5.0 if n < 60 else 2.0) for n in range(100)]
    with house(inside, customers) as made:
        gap = made.rows("fct_perception_gap").set_index("measure")
    (low, high), (other_low, other_high) = wilson(0.8, 100), wilson(0.6, 100)
    share = gap.loc["top_share"]
    assert share["gap"] == pytest.approx(0.2)
    assert share["low"] == pytest.approx(0.2 - np.hypot(0.8 - low, other_high - 0.6), abs=1e-6)
    assert share["high"] == pytest.approx(0.2 + np.hypot(high - 0.8, 0.6 - other_low), abs=1e-6)

    # 3/5 added to each of the five points.
    def error(values: list[float]) -> float:
        n = len(values) + 3
        mean = (sum(values) + 0.6 * 15) / n
        return ((sum(v * v for v in values) + 0.6 * 55) / n - mean**2) ** 0.5 / n**0.5

    errors = np.hypot(error(inside), error([value for _, value in customers]))
    assert gap.loc["mean", "gap"] == pytest.approx(3.4 - 3.8)
    assert gap.loc["mean", "high"] == pytest.approx(-0.4 + 1.959964 * errors)
    assert gap["verdict"].to_dict() == {"top_share": "believed higher", "mean": "believed lower"}
