"""EX to CX: the estimate against what others compute, and the panel that the SQL makes."""

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from benchmarks import ex_to_cx
from benchmarks.house_sql import HouseSql, python_model, tables

model = python_model("fct_ex_to_cx")
WAVES = [date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1), date(2024, 10, 1),
         date(2025, 1, 1), date(2025, 4, 1), date(2025, 7, 1)]  # fmt: skip
TEAMS, ASKED = 18, 5


def rows(teams: int, waves: int, seed: int = 1, effect: float = 0.5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        [(f"t{t:02}", pd.Timestamp(2024, 1 + w, 1)) for t in range(teams) for w in range(waves)],
        columns=["team", "wave"],
    )
    table["ex"], table["later"] = rng.normal(size=(2, len(table)))
    table["cx"] = effect * table["ex"] + rng.normal(size=len(table))
    return table


def regression(table: pd.DataFrame, *of: str) -> tuple[float, float]:
    """Return slope and clustered error of the first column by the textbook: the whole sandwich.

    Teams and waves are columns of their own; one wave is left out.
    """
    design = np.column_stack(
        [table[[*of]], pd.get_dummies(table["team"]), pd.get_dummies(table["wave"]).iloc[:, 1:]]
    ).astype(float)
    bread = np.linalg.inv(design.T @ design)
    slopes = bread @ design.T @ table["cx"].to_numpy()
    error = table["cx"].to_numpy() - design @ slopes
    scores = pd.DataFrame(design * error[:, None]).groupby(table["team"].to_numpy()).sum()
    meat = scores.T.to_numpy() @ scores.to_numpy()
    return float(slopes[0]), float((bread @ meat @ bread)[0, 0] ** 0.5)


def test_the_effect_is_what_is_left_of_two_teams_and_two_waves() -> None:
    """By hand: cx goes from 10 to 14 where ex rose by 4, from 20 to 21 where it rose by 2."""
    first, second = pd.Timestamp(2024, 1, 1), pd.Timestamp(2024, 4, 1)
    table = pd.DataFrame(
        [("a", first, 1, 10), ("a", second, 5, 14), ("b", first, 7, 20), ("b", second, 9, 21)],
        columns=["team", "wave", "ex", "cx"],
    )
    found = model.coefficient(table, "ex", [])
    assert found["effect"] == pytest.approx((4 - 1) / (4 - 2))
    # Two teams can be turned round in no way that would refuse anything.
    assert (found["low"], found["high"]) == (-np.inf, np.inf)


def test_effect_and_error_are_those_of_a_regression_on_teams_and_waves() -> None:
    table = rows(16, 4).drop(index=[3, 17, 40])
    slope, error = regression(table, "ex", "later")
    columns = np.column_stack(
        [pd.get_dummies(table["team"]), pd.get_dummies(table["wave"]), table[["later"]]]
    ).astype(float)
    basis = model.independent(columns)
    x, y = (model.left(basis, table[name].to_numpy()[:, None])[:, 0] for name in ("ex", "cx"))
    test = model.Bootstrap(x, y, basis, np.asarray(pd.get_dummies(table["team"]), dtype=float))
    assert test.effect == pytest.approx(slope)
    assert test.error == pytest.approx(error)
    assert model.coefficient(table, "ex", ["later"])["effect"] == test.effect


@pytest.mark.parametrize("null", [0.0, 0.4])
def test_the_bootstrap_turns_round_the_residuals_of_the_null_team_by_team(null: float) -> None:
    """The long way: under the null estimate, turn round, and estimate again, draw by draw."""
    table = rows(15, 3)
    held = np.column_stack([pd.get_dummies(table["team"]), pd.get_dummies(table["wave"])])
    teams = np.asarray(pd.get_dummies(table["team"]), dtype=float)
    x, y = table["ex"].to_numpy(), table["cx"].to_numpy()

    def statistic(outcome: np.ndarray) -> float:
        design = np.column_stack([x, held]).astype(float)
        slope, *_ = np.linalg.lstsq(design, outcome, rcond=None)
        error = outcome - design @ slope
        own = x - held @ np.linalg.lstsq(held.astype(float), x, rcond=None)[0]
        scores = teams.T @ (own * error)
        return float((slope[0] - null) / (np.sqrt(scores @ scores) / (own @ own)))

    levels = np.linalg.lstsq(held.astype(float), y - null * x, rcond=None)[0]
    fitted = null * x + held @ levels
    signs = np.random.default_rng(model.SEED).choice((-1.0, 1.0), (15, model.DRAWS))
    found = abs(statistic(y))
    drawn = [abs(statistic(fitted + (teams @ turn) * (y - fitted))) for turn in signs.T]
    expected = (1 + sum(each >= found - 1e-9 for each in drawn)) / (model.DRAWS + 1)
    basis = model.independent(held.astype(float))
    parts = (model.left(basis, column[:, None])[:, 0] for column in (x, y))
    assert model.Bootstrap(*parts, basis, teams).p_value(null) == pytest.approx(expected)


def test_the_interval_is_every_effect_that_is_not_refused() -> None:
    table = rows(20, 5)
    found = model.coefficient(table, "ex", [])
    held = np.column_stack([pd.get_dummies(table["team"]), pd.get_dummies(table["wave"])])
    basis = model.independent(held.astype(float))
    x, y = (model.left(basis, table[name].to_numpy()[:, None])[:, 0] for name in ("ex", "cx"))
    test = model.Bootstrap(x, y, basis, np.asarray(pd.get_dummies(table["team"]), dtype=float))
    width = found["high"] - found["low"]
    for end, side in ((found["low"], -1), (found["high"], 1)):
        assert test.p_value(end - side * 0.02 * width) >= 0.05
        assert test.p_value(end + side * 0.02 * width) < 0.05


@pytest.mark.parametrize(
    ("teams", "waves", "change", "reason"),
    [
        (14, 8, {}, "fewer than 15 teams with both"),
        (15, 2, {}, "fewer than 3 waves with both"),
        (15, 3, {"later": np.nan}, "too few waves for the placebo"),
        (15, 3, {"ex": 1.0}, "what people say moves alike in all teams, or in one alone"),
    ],
)
def test_without_what_it_takes_there_is_no_estimate_and_a_reason(
    teams: int, waves: int, change: dict[str, float], reason: str
) -> None:
    found = model.effect(rows(teams, waves).assign(**change))
    assert (found["finding"], found["reason"]) == ("not enough data", reason)
    assert (found["teams"], found["waves"]) == (teams, waves)
    assert "effect" not in found


def test_a_team_of_one_wave_and_a_wave_of_one_team_say_nothing() -> None:
    table = pd.concat(
        [
            rows(15, 3),
            pd.DataFrame([("once", pd.Timestamp(2024, 1, 1), 99.0, 99.0, 0.0),
                          ("t00", pd.Timestamp(2024, 9, 1), 99.0, 99.0, 0.0)],
                         columns=["team", "wave", "ex", "cx", "later"]),
        ]
    )  # fmt: skip
    alone, beside = model.effect(rows(15, 3)), model.effect(table)
    assert beside == alone


def test_where_the_placebo_goes_with_it_nothing_is_claimed() -> None:
    table = rows(24, 8, effect=0.0)
    table["cx"] += table["ex"] + table["later"]
    found = model.effect(table)
    assert found["p_value"] < 0.05
    assert found["placebo"] == pytest.approx(1, abs=0.3)
    assert found["finding"] == "goes both ways"


@pytest.fixture(scope="module")
def organisation() -> tuple[pd.DataFrame, HouseSql]:
    """Return what the teams of an organisation said and gave, and its tables.

    18 teams of one agent, five customers each in each wave; the 17th serves four, and of the 18th
    what people say is hidden.
    """
    rng = np.random.default_rng(3)
    said = rng.integers(-40, 40, (TEAMS, len(WAVES)))
    pleased = rng.integers(0, 3, said.shape)
    pleased[:, 1:] += (said[:, :-1] > 0) * 2
    asked = [4 if t == 16 else ASKED for t in range(TEAMS)]
    served = [
        (t, w, n, f"{t}-{w}-{n}")
        for t in range(TEAMS)
        for w in range(len(WAVES))
        for n in range(asked[t])
    ]
    stamp = pa.timestamp("us")
    day = pa.date32()
    string, number = pa.string(), pa.float64()
    given = {
        "int_survey_answers__judged": {
            "response_id": string, "ticket_id": string, "family": string, "metric_role": string,
            "scale_min": number, "scale_max": number, "wave_opened_on": day,
            "excluded_as": string,
        },
        "int_tickets": {"ticket_id": string, "assignee_account_id": string},
        "identity.account_persons": {"account_id": string, "person_id": string},
        "int_employments__units_at_wave": {
            "person_id": string, "wave_opened_on": day, "department": string,
        },
        "int_metric_events__answers": {
            "event": string, "role": string, "record_id": string, "family": string,
            "audience": string, "person_id": string, "account_id": string, "value": number,
            "scale_min": number, "scale_max": number, "feedback_kind": string,
            "is_protected": pa.bool_(), "observed_on": day,
        },
        "int_metric_events__support": {"event": string},
        "int_metric_events__tickets": {"event": string, "has_struck": pa.bool_()},
        "fct_metric_values": {
            "audience": string, "metric": string, "segment": string, "period_kind": string,
            "period_start": day, "value": number, "status": string, "as_of": stamp,
        },
    }  # fmt: skip
    csat = {"scale_min": 1.0, "scale_max": 5.0}
    contents: dict[str, Any] = {
        "int_survey_answers__judged": [
            {"response_id": f"r{key}", "ticket_id": f"t{key}", "family": "customer",
             "metric_role": "csat", **csat}
            for *_, key in served
        ] + [
            {"response_id": f"w{w}", "family": "workforce", "metric_role": "enps",
             "scale_min": 0.0, "scale_max": 10.0, "wave_opened_on": wave}
            for w, wave in enumerate(WAVES)
        ],
        "int_tickets": [
            {"ticket_id": f"t{key}", "assignee_account_id": f"desk:{t}"} for t, _, _, key in served
        ],
        "identity.account_persons": [
            {"account_id": f"desk:{t}", "person_id": f"agent{t}"} for t in range(TEAMS)
        ],
        "int_employments__units_at_wave": [
            {"person_id": f"agent{t}", "wave_opened_on": wave, "department": f"Care & {t}"}
            for t in range(TEAMS) for wave in WAVES
        ],
        "int_metric_events__answers": [
            {"event": "answer", "role": "csat", "record_id": f"response:r{key}",
             "family": "customer", "audience": "customer", "person_id": f"c{key}",
             "value": 5.0 if n < pleased[t, w] else 2.0, **csat, "feedback_kind": "triggered",
             "is_protected": False, "observed_on": WAVES[w]}
            for t, w, n, key in served
        ],
        "fct_metric_values": [
            {"audience": "employee", "metric": "enps", "segment": f"department=Care%20%26%20{t}",
             "period_kind": "wave", "period_start": wave,
             "value": None if t == 17 else float(said[t, w]),
             "status": "suppressed" if t == 17 else "low_n", "as_of": datetime(2026, 1, 1)}
            for t in range(TEAMS) for w, wave in enumerate(WAVES)
        ],
    }  # fmt: skip
    panel = pd.DataFrame(
        [
            (f"{t}", w, float(said[t, w]), pleased[t, w + 1] / ASKED)
            for t in range(16)
            # What follows the last wave but one goes on until a wave that nobody has opened yet.
            for w in range(len(WAVES) - 2)
        ],
        columns=["team", "wave", "ex", "cx"],
    )
    return panel, HouseSql(tables(given, contents))


class Project:
    """What dbt hands a model in Python, over the tables of a house."""

    def __init__(self, house: HouseSql) -> None:
        self.house = house

    def config(self, **_: Any) -> None:
        """Take the configuration, which is dbt's own affair."""

    def ref(self, name: str) -> Any:
        self.house.rows(name)
        return self.house.db.table(name)


def test_the_panel_is_of_the_wave_after_and_of_teams_with_enough_on_either_side(
    organisation: tuple[pd.DataFrame, HouseSql],
) -> None:
    panel, house = organisation
    rows = {row["cx_metric"]: row for row in model.model(Project(house), None).to_pylist()}
    found = rows["csat"]
    slope, _ = regression(panel, "ex")
    assert (found["teams"], found["waves"]) == (16, 5)
    assert (found["first_wave"], found["last_wave"]) == (WAVES[0], WAVES[4])
    assert found["effect"] == pytest.approx(slope, rel=1e-9)
    assert found["finding"] == "higher"
    assert found["low"] < found["effect"] < found["high"]
    # Nobody asked these customers how easy it was.
    assert rows["ces_top"]["reason"] == "fewer than 15 teams with both"
    assert rows["ces_top"]["effect"] is None


def test_no_row_of_a_team_is_told(organisation: tuple[pd.DataFrame, HouseSql]) -> None:
    _, house = organisation
    found = model.model(Project(house), None)
    assert found.num_rows == house.query("from experience_links", "experience_links").shape[0]
    assert "Care" not in str(found.to_pylist())


def test_a_shuffled_organisation_of_the_proof_is_one_of_the_same_figures() -> None:
    """The twin deals whole histories: what is said and what is served are the same, apart."""
    planted, twin = (ex_to_cx.drawn(5, (15, 3), rough=False, twin=t) for t in (False, True))
    assert planted["cx"].equals(twin["cx"])
    assert sorted(planted["ex"]) == sorted(twin["ex"])
    assert not planted["ex"].equals(twin["ex"])


def test_a_small_organisation_is_told_nothing_and_why(built: Any) -> None:
    found = built.rows("from publication.pub_ex_to_cx")
    assert {row["finding"] for row in found} == {"not enough data"}
    assert {row["reason"] for row in found} == {"fewer than 15 teams with both"}
