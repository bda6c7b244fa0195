"""The five sentences hold however much or little there is."""

from pathlib import Path
from typing import Any

import pytest

from dashboards.published import read
from dashboards.sentences import sentences
from tests.published_file import (
    audience,
    changed,
    crowd,
    lively,
    measured,
    metrics,
    publish,
    source,
)


def said(file: Path) -> dict[str, str]:
    words = {sentence.key: sentence.text for sentence in sentences(read(file))}
    return {key: text.replace("\u00a0", " ") for key, text in words.items()}


def one(tmp_path: Path, who: dict[str, Any], **tables: Any) -> dict[str, str]:
    return said(publish(tmp_path / "marts.duckdb", audiences=[who], **tables))


def test_an_empty_house_is_told_as_empty(tmp_path: Path) -> None:
    assert said(publish(tmp_path / "marts.duckdb")) == {
        "changed": "Nothing can be compared yet: no headline number has two closed periods in a "
        "row.",
        "same": "As nothing can be compared yet, nothing can be called steady either.",
        "blind": "No audience is registered, so nobody's experience can be seen.",
        "late": "No source is switched on, so nothing can be late.",
        "first": "Register a first audience and switch on a first source; until then no rule "
        "applies.",
    }


def test_a_lively_house_is_told_as_it_is(tmp_path: Path) -> None:
    assert said(lively(tmp_path / "marts.duckdb")) == {
        "changed": "3 of 7 headline comparisons moved beyond noise: Net Promoter Score of "
        "Customers fell by 9 points (95 % interval 4 to 15), which is worse; Time to resolution "
        "(median) of Customers fell by 5 h 10 min (95 % interval 2 h 20 min to 8 h), which is "
        "better; Net Promoter Score of Fans rose by 7 points (95 % interval 2 to 13), which is "
        "better.",
        "same": "4 of 7 headline comparisons show no clear change. For Customers the smallest "
        "change in Net Promoter Score that we could count on seeing is 8 points.",
        "blind": "Of our 12 top audiences, 2 have nothing measured (Prospects and Attendees) and 2 "
        "have numbers hidden as too few people stand behind them (Dealers and Superfans).",
        "late": "Stopped: qualtrics (last good load 5 days ago); behind: files (3 days); 1 "
        "headline number is stale.",
        "first": "Get qualtrics loading again: the export answered 500 three times; it is tried "
        "again. (Rule 1 of 5: a source that stands still comes before all else.)",
    }


@pytest.mark.parametrize("count", [1, 2, 12, 60])
def test_sentences_count_only_the_audiences_there_are(tmp_path: Path, count: int) -> None:
    words = said(crowd(tmp_path / "marts.duckdb", count, owner_role=None))

    total = min(count, 12)
    if count == 1:
        assert words["blind"] == "Audience 1, our only audience, has no owner."
    else:
        assert words["blind"].startswith(f"Of our {total} top audiences, {total} have no owner (")
    assert words["changed"].startswith(f"All {4 * count} headline comparisons moved")
    assert words["same"] == "Every headline number that could be compared has changed."
    assert all(text.endswith((".", ".)")) for text in words.values())


def test_one_audience_with_everything_missing_is_one_sentence(tmp_path: Path) -> None:
    words = one(tmp_path, audience("fan", 1, owner_role=None, journey=None))

    assert words["blind"] == (
        "Fan, our only audience, has no owner, no journey and nothing measured."
    )


def test_a_role_that_nobody_holds_is_told_from_none(tmp_path: Path) -> None:
    file = publish(
        tmp_path / "marts.duckdb",
        audiences=[
            audience("customer", 1, owner_status="held"),
            audience("dealer", 2, owner_status="vacant"),
            audience("fan", 3, owner_role=None, owner_status="none"),
        ],
        sources=[source("hubspot")],
    )
    words = said(file)

    assert (
        "1 has no owner (Fan), 1 has an owner's role that nobody holds (Dealer)" in words["blind"]
    )
    assert words["first"].startswith(
        "Fill the role that owns Dealer (rank 2): nobody holds it any more. (Rule 2 of 5"
    )


def test_a_single_comparison_is_counted_as_one(tmp_path: Path) -> None:
    words = one(
        tmp_path,
        audience("customer", 1),
        metrics=metrics("nps"),
        metric_values=[measured("customer", "nps", 2.0)],
        metric_changes=[changed("customer", "nps", -4.0, "no clear change")],
        sources=[source("hubspot")],
    )

    assert words["changed"] == "Nothing moved beyond noise in 1 headline comparison."
    assert words["same"] == "1 of 1 headline comparison shows no clear change."
    assert words["blind"] == (
        "Customer, our only audience, has an owner, a journey and something measured."
    )
    assert words["late"] == "Every source is fresh: each was loaded within a day of this page."
    assert words["first"] == "Nothing presses: none of the five rules applies. Keep listening."


def test_stale_numbers_keep_a_house_from_being_called_fresh(tmp_path: Path) -> None:
    stale = {"status": "stale", "source_lag_minutes": 9000}
    words = one(
        tmp_path,
        audience("customer", 1),
        metrics=metrics("nps"),
        metric_values=[measured("customer", "nps", 2.0, **stale)],
        sources=[source("hubspot")],
    )

    assert words["late"] == "1 headline number is stale."


def test_touchpoints_of_nobody_known_are_no_audience(tmp_path: Path) -> None:
    words = one(
        tmp_path,
        audience("customer", 1),
        metrics=metrics("nps"),
        metric_values=[measured("unassigned", "nps", 2.0)],
        metric_changes=[changed("unassigned", "nps", -40.0, "down", low=-50, high=-30)],
    )

    assert words["changed"].startswith("Nothing can be compared yet")


# Each house breaks one more rule than the one after it, so each rule speaks in its turn.
NPS = {"metrics": metrics("nps", "response_rate")}
FALL = {"metric_changes": [changed("customer", "nps", -9, "down", low=-15, high=-4)]}
RATE = measured("customer", "response_rate", 0.08, low=0.05, high=0.12)
SCORE = measured("customer", "nps", 31.0)


@pytest.mark.parametrize(
    ("who", "tables", "words"),
    [
        (
            {"owner_role": None},
            {"sources": [source("zendesk", 60, "401 from the vendor")], **FALL},
            "Get zendesk loading again: 401 from the vendor. (Rule 1 of 5",
        ),
        ({}, {"sources": []}, "Switch on a first source: none is on. (Rule 1 of 5"),
        (
            {"owner_role": None},
            FALL,
            "Name an owner for Customer (rank 1): nobody answers for it. (Rule 2 of 5",
        ),
        (
            {},
            FALL,
            "Find out why Net Promoter Score of Customer fell by 9 points; this is for Head of "
            "Everything. (Rule 3 of 5",
        ),
        (
            {},
            {"metric_values": [RATE]},
            "Start measuring Customer (rank 1): we have no number for it. (Rule 4 of 5",
        ),
        (
            {},
            {},
            "Win more answers from Customer (rank 1): 8 % [5 %, 12 %] of those asked answer. "
            "(Rule 5 of 5: fewer than 20 % answer.)",
        ),
    ],
)
def test_the_first_rule_that_finds_something_speaks(
    tmp_path: Path, who: dict[str, Any], tables: dict[str, Any], words: str
) -> None:
    house = {"metric_values": [SCORE, RATE], "sources": [source("zendesk")], **NPS, **tables}

    assert one(tmp_path, audience("customer", 1, **who), **house)["first"].startswith(words)
