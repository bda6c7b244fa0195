"""Survey truth: what counts and why the rest does not, what is pooled, what non-response may change."""

import math
from collections import Counter
from datetime import date
from typing import Any

import pytest
from reference_nonresponse import Nonresponse, rake
from reference_surveys import judged, question_of
from reference_values import Warehouse

FIGURES = (
    "invited",
    "answered",
    "value",
    "baseline",
    "difference",
    "low",
    "high",
    "standardised_difference",
    "n_eff",
    "trimmed",
    "is_converged",
    "reason",
)
NONRESPONSE_KEY = (
    "instrument", "period_kind", "period_start", "measure", "metric", "margin", "level",
)  # fmt: skip
SUMMER = date(2025, 7, 1)


def test_every_answer_is_judged_as_defined(built: Any, expected: Warehouse) -> None:
    found = {
        row["answer_id"]: row["excluded_as"]
        for row in built.rows("from warehouse.intermediate.int_survey_answers__judged")
    }
    wanted = {row["answer_id"]: why for row, _, why in judged(expected.house)}
    assert found == wanted
    assert set(wanted.values()) >= {None, "duplicate", "undeclared", "unmapped", "no_answer"}
    assert sum(why == "duplicate" for why in wanted.values()) > 20


def test_received_is_counted_and_excluded_by_instrument(built: Any) -> None:
    received = Counter(row["instrument"] for row in built.contracts["survey_answers"])
    accounted = {
        row["instrument"]: row["answers"]
        for row in built.rows(
            "select instrument, sum(answers) as answers "
            "from warehouse.intermediate.int_survey_answer_exclusions group by instrument"
        )
    }
    counted = {
        row["instrument"]: row["answers"]
        for row in built.rows(
            "select json_extract_string(dimensions, 'instrument') as instrument, count(*) as answers "
            "from warehouse.intermediate.int_metric_events where event = 'answer' group by all"
        )
    }
    outcomes = {
        row["instrument"]: row["answers"]
        for row in built.rows(
            "select instrument, sum(answers) as answers "
            "from warehouse.intermediate.int_survey_answer_exclusions "
            "where outcome = 'counted' group by instrument"
        )
    }
    assert accounted == received
    assert outcomes == counted


def test_the_check_in_the_warehouse_sees_an_answer_that_is_lost(broken: Any) -> None:
    damage = (
        "delete from warehouse.intermediate.int_survey_answer_exclusions "
        "where outcome = 'spam' and instrument = 'customer_nps'"
    )
    assert broken("received_is_counted_or_excluded", damage)


def test_of_a_month_every_outcome_is_counted_and_handfuls_are_not_told(built: Any) -> None:
    of_the_month = "where instrument = 'customer_nps' and period_start = '2025-08-01'"
    rows = built.rows(
        f"select question, outcome, answers from warehouse.intermediate.int_survey_answer_exclusions {of_the_month}"
    )
    assert {(row["question"], row["outcome"]): row["answers"] for row in rows} == {
        ("recommend_company", "counted"): 1,
        ("recommend_company", "preview"): 1,
        ("recommend_company", "test"): 1,
        ("recommend_company", "spam"): 1,
        ("recommend_company", "duplicate"): 2,
        ("recommend_company", "partial"): 1,
        ("recommend_company", "dismissed"): 1,
        ("recommend_company", "no_answer"): 1,
        ("recommend_company", "out_of_scale"): 1,
        ("recommend_company", "unmapped"): 1,
        ("reason_for_answer", "comment"): 1,
        ("QID7", "undeclared"): 6,
    }
    told = built.rows(
        f"select question, answers, status from publication.pub_survey_exclusions {of_the_month}"
    )
    assert {(row["question"], row["answers"], row["status"]) for row in told} == {
        ("recommend_company", None, "suppressed"),
        ("reason_for_answer", None, "suppressed"),
        ("QID7", 6, "ok"),
    }


def test_two_who_broke_off_in_confidence_are_not_told(built: Any) -> None:
    """Nor is the rest of the wave, from which they could be had."""
    rows = built.rows(
        "select outcome, answers, status from publication.pub_survey_exclusions "
        "where instrument = 'employee_pulse' and period_start = '2026-01-12' order by outcome"
    )
    assert rows == [
        {"outcome": "counted", "answers": None, "status": "suppressed"},
        {"outcome": "partial", "answers": None, "status": "suppressed"},
    ]
    open_wave = built.rows(
        "from publication.pub_survey_exclusions where period_start = '2026-04-01'"
    )
    assert open_wave == []


def test_a_score_of_0_to_10_that_nobody_declared_counts_nowhere(built: Any) -> None:
    for pattern in ("sv-unknown%", "sv-old-effort%", "sv-turned"):
        events = built.rows(
            f"from warehouse.intermediate.int_metric_events where event_id like 'answer:{pattern}'"
        )
        assert events == []


def test_an_nps_after_a_ticket_stands_apart(published: list[dict[str, Any]]) -> None:
    spring = {
        row["segment"]: row["value"]
        for row in published
        if (row["audience"], row["metric"]) == ("customer", "nps")
        and (row["period_kind"], row["period_start"]) == ("quarter", date(2026, 1, 1))
    }
    assert spring["all"] == 25.0
    assert spring["feedback=transactional"] is None  # six who all gave the same answer


def test_how_stars_are_spread(built: Any) -> None:
    rows = built.rows(
        "select code, answers, share, status from publication.pub_rating_distribution "
        "where instrument = 'airport_survey' order by code"
    )
    assert [(row["code"], row["answers"]) for row in rows] == [
        (1, 0),
        (2, 1),
        (3, 1),
        (4, 2),
        (5, 2),
    ]
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    instruments = built.rows(
        "select distinct instrument from publication.pub_rating_distribution order by all"
    )
    assert "employee_pulse" not in {row["instrument"] for row in instruments}


@pytest.fixture(scope="module")
def nonresponse(built: Any) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {
        tuple(row[name] for name in NONRESPONSE_KEY): row
        for row in built.rows("from publication.pub_survey_nonresponse")
    }


def test_nonresponse_is_what_the_definitions_give(
    expected: Warehouse, nonresponse: dict[tuple[Any, ...], dict[str, Any]]
) -> None:
    wanted = Nonresponse(expected.house).rows
    assert set(nonresponse) == set(wanted)
    wrong = []
    for key, row in wanted.items():
        found = nonresponse[key]
        if found["status"] != row["status"]:
            wrong.append((key, "status", found["status"], row["status"]))
        for name in FIGURES:
            want = row.get(name)
            near = pytest.approx(want, rel=1e-9, abs=1e-9) if isinstance(want, float) else want
            if found[name] != near:
                wrong.append((key, name, found[name], want))
    assert not wrong, wrong[:5]
    assert {row["status"] for row in wanted.values()} == {
        "ok",
        "low_n",
        "suppressed",
        "not_mature",
        "not_measured",
    }


def test_the_dealers_of_summer_are_weighted_by_hand(
    nonresponse: dict[tuple[Any, ...], dict[str, Any]],
) -> None:
    """golden/README.md: 60 invited in equal parts, 12, 8, 6 and 4 answered."""
    place = ("dealer_nps", "quarter", SUMMER)
    row = nonresponse[(*place, "weighted", "nps", None, None)]
    assert (row["baseline"], row["value"]) == (pytest.approx(100 / 3), pytest.approx(25))
    assert (row["n_eff"], row["trimmed"], row["is_converged"]) == (pytest.approx(25.6), 0, True)
    dealers = nonresponse[(*place, "profile", None, "audience", "dealer")]
    assert (dealers["value"], dealers["baseline"]) == (pytest.approx(2 / 3), 0.5)
    assert dealers["standardised_difference"] == pytest.approx(
        (1 / 6) / math.sqrt((2 / 9 + 1 / 4) / 2)
    )
    late = nonresponse[(*place, "late", "nps", None, None)]
    assert (late["baseline"], late["value"], late["answered"]) == (100, pytest.approx(-60), 20)
    first = (11.5 / 13 - (10 / 13) ** 2) / 13
    last = (7.5 / 13 - (6 / 13) ** 2) / 13
    assert late["high"] == pytest.approx(-160 + 195.9964 * math.sqrt(first + last))
    assert late["reading"] == "association"


def test_in_confidence_only_groups_of_answerers_are_told(
    nonresponse: dict[tuple[Any, ...], dict[str, Any]],
) -> None:
    """One of Sales answered and five of Ops: they are told together, managers not at all."""
    told = {
        key[5:]: (row["answered"], row["invited"])
        for key, row in nonresponse.items()
        if key[:4] == ("employee_pulse", "wave", date(2025, 3, 3), "profile")
    }
    assert told == {
        ("department", "Service"): (9, 9),
        ("department", "other"): (6, 8),
        ("audience", "other"): (15, 17),
        ("country", "unknown"): (15, 17),
    }


def test_weights_are_right_in_every_level_before_they_are_trimmed(built: Any) -> None:
    place = "instrument, period_kind, period_start"
    for margin in ("audience", "country", "department"):
        rows = built.rows(
            f"""
            with cells as (
                select *, unnest(cell) as level
                from warehouse.intermediate.int_survey_raking
                where is_converged
            ), sums as (
                select {place}, metric, level, sum(untrimmed_weight * answerers) as size
                from cells where level like '{margin}=%'
                group by all
            ), invited as (
                select {place}, margin || '=' || counted_as as level, sum(invited) as size
                from warehouse.intermediate.int_survey_participation__levels
                where margin = '{margin}'
                group by all
            ), shares as (
                select *, size / sum(size) over (partition by {place}) as wanted from invited
            )
            select wanted, sums.size / sum(sums.size) over (partition by {place}, metric) as achieved
            from sums inner join shares using ({place}, level)
            """
        )
        assert rows
        assert [row for row in rows if abs(row["achieved"] - row["wanted"]) > 1e-6] == []


def test_weights_of_two_by_two_are_those_of_a_hand() -> None:
    """Rows and columns are independent here, so one round gives the product of both factors."""
    cells = Counter({("a", "x"): 12, ("a", "y"): 8, ("b", "x"): 6, ("b", "y"): 4})
    weights, is_converged = rake(cells, [{"a": 0.5, "b": 0.5}, {"x": 0.5, "y": 0.5}])
    assert is_converged
    assert weights == {
        ("a", "x"): pytest.approx(0.625),
        ("a", "y"): pytest.approx(0.9375),
        ("b", "x"): pytest.approx(1.25),
        ("b", "y"): pytest.approx(1.875),
    }


ANONYMOUS = "refused1"
CONFIDENTIAL = ("service2-w2", "sv-wave-service2", "pulse-yes-2", "sv-broken-off2", "applied2")


@pytest.fixture(scope="module")
def told(built: Any) -> dict[str, list[str]]:
    """Return what the tables of each layer say in rows that hold one of these records."""
    tables = built.rows(
        "select table_schema as layer, table_catalog || '.' || table_schema || '.' || table_name "
        "as name from information_schema.tables "
        "where table_schema in ('intermediate', 'marts', 'main')"
    )
    records = "|".join((ANONYMOUS, *CONFIDENTIAL))
    rows = built.rows(
        " union all ".join(
            f"select '{table['layer']}' as layer, said from "
            f"(select to_json(row_of)::varchar as said from {table['name']} as row_of) "
            f"where regexp_matches(said, '{records}')"
            for table in tables
        )
    )
    found: dict[str, list[str]] = {"intermediate": [], "marts": [], "main": []}
    for row in rows:
        found[row["layer"]].append(row["said"])
    return found


def test_an_anonymous_answer_meets_no_key_anywhere(built: Any, told: dict[str, list[str]]) -> None:
    """Two of them came with an account; from the contract on nothing holds both."""
    persons = built.rows(
        "select person_id from warehouse.identity.account_persons "
        "where account_id = 'bamboohr:service1'"
    )
    about = [said for rows in told.values() for said in rows if ANONYMOUS in said]
    keys = ("bamboohr:service1", f'"{persons[0]["person_id"]}"')
    assert about
    assert [said for said in about if any(key in said for key in keys)] == []


def test_nobody_of_a_confidential_survey_passes_the_intermediate_layer(
    told: dict[str, list[str]],
) -> None:
    for record in CONFIDENTIAL:
        assert any(record in said for said in told["intermediate"]), record
    assert told["marts"] == []
    assert told["main"] == []


def test_questions_of_one_key_are_one_question(expected: Warehouse) -> None:
    languages = [
        row for row in expected.house.contracts["survey_answers"]
        if row["answer_id"] in ("sv-german", "sv-english")
    ]  # fmt: skip
    assert {question_of(row) for row in languages} == {"recommend_company"}
