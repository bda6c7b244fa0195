"""The lines that page and terminal share."""

from datetime import date
from pathlib import Path

import pytest

from dashboards.errors import UnreadablePublication
from dashboards.lines import Line, headline, scorecard_lines, unmeasured_audiences
from tests.published_file import audience, changed, lively, measured, metrics, publish


def lines_by_key(file: Path) -> dict[tuple[str, str], Line]:
    return {(line.audience, line.metric): line for line in scorecard_lines(file)}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Line]:
    return lines_by_key(lively(tmp_path_factory.mktemp("lively") / "marts.duckdb"))


def test_lines_come_by_rank(house: dict[tuple[str, str], Line]) -> None:
    ranks = [line.rank for line in house.values()]

    assert ranks == sorted(ranks, key=lambda rank: rank or 0)
    assert ranks[0] == 1


def test_a_number_comes_with_its_interval_and_its_change(
    house: dict[tuple[str, str], Line],
) -> None:
    line = house["customer", "nps"]

    assert (line.value, line.low, line.high, line.n) == (31.2, 25.4, 36.9, 842)
    assert (line.shown_value, line.shown_interval) == ("+31", "[+25, +37]")
    assert (line.change, line.tone) == ("down 9\u00a0points [−15, −4]", "worse")
    assert (line.owner, line.target, line.status) == ("Chief Customer Officer", 40.0, "ok")


def test_falling_minutes_are_better(house: dict[tuple[str, str], Line]) -> None:
    line = house["customer", "resolution_minutes_p50"]

    assert (line.verdict, line.tone) == ("down", "better")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (("customer", "nps"), "ok"),
        (("dealer", "nps"), "few answers"),
        (("dealer", "resolution_minutes_p50"), "few cases"),
        (("dealer", "ces_top"), "hidden: too few people"),
        (("employee", "csat"), "not measured"),
        (("subscriber", "nps"), "stale since 25 Jun 2026"),
        (("lead", "resolution_minutes_p50"), "too early to say"),
    ],
)
def test_every_status_is_said_in_words(
    house: dict[tuple[str, str], Line], key: tuple[str, str], words: str
) -> None:
    assert house[key].status.replace("\u00a0", " ") == words


def test_what_shows_no_clear_change_says_so_and_what_has_no_pair_too(
    house: dict[tuple[str, str], Line],
) -> None:
    assert house["customer", "ces_top"].change == "no clear change"
    assert house["fan", "resolution_minutes_p50"].change == "not compared"
    assert house["dealer", "ces_top"].change == ""


def test_an_audience_that_nobody_measures_is_left_out_and_counted(tmp_path: Path) -> None:
    file = publish(
        tmp_path / "marts.duckdb",
        audiences=[audience("seen", 2), audience("unseen", 1), audience("absent", 3)],
        metrics=metrics("nps", "csat", "response_rate"),
        metric_values=[
            measured("seen", "nps", 10.0),
            measured("unseen", "nps", None, status="not_measured"),
            measured("unseen", "response_rate", 0.0),
        ],
    )

    assert [(line.audience, line.metric) for line in scorecard_lines(file)] == [
        ("seen", "csat"),
        ("seen", "nps"),
    ]
    assert unmeasured_audiences(file) == ["Unseen", "Absent"]


def test_a_hidden_audience_is_measured(tmp_path: Path) -> None:
    file = publish(
        tmp_path / "marts.duckdb",
        audiences=[audience("few", 1)],
        metrics=metrics("nps"),
        metric_values=[measured("few", "nps", None, status="suppressed")],
    )

    assert unmeasured_audiences(file) == []
    assert [line.status for line in scorecard_lines(file)] == ["hidden: too few people"]


def test_the_latest_closed_quarter_speaks_before_newer_days_and_months(tmp_path: Path) -> None:
    month = {"period_kind": "month", "period_start": date(2026, 5, 1)}
    before = {"period_start": date(2025, 10, 1), "period_end": date(2026, 1, 1)}
    file = publish(
        tmp_path / "marts.duckdb",
        audiences=[audience("customer", 1)],
        metrics=metrics("nps"),
        metric_values=[
            measured("customer", "nps", 1.0, **month),
            measured("customer", "nps", 2.0),
            measured("customer", "nps", 3.0, **before),
            measured("customer", "nps", 4.0, segment="country=DE"),
        ],
    )

    assert [line.value for line in scorecard_lines(file)] == [2.0]


def test_a_change_of_another_period_is_not_put_beside_the_number(tmp_path: Path) -> None:
    file = publish(
        tmp_path / "marts.duckdb",
        audiences=[audience("customer", 1)],
        metrics=metrics("nps"),
        metric_values=[measured("customer", "nps", 2.0)],
        metric_changes=[changed("customer", "nps", 9.0, "up", period_start=date(2025, 7, 1))],
    )

    assert [line.change for line in scorecard_lines(file)] == ["not compared"]


def test_a_metric_that_is_no_headline_stands_in_where_no_headline_is_measured(
    tmp_path: Path,
) -> None:
    snapshot = {"period_kind": "snapshot", "period_start": date(2026, 6, 30)}
    file = publish(
        tmp_path / "marts.duckdb",
        audiences=[audience("customer", 1)],
        metrics=metrics("nps", "churned_share", "resolution_minutes_p50"),
        metric_values=[
            measured("customer", "nps", None, status="not_measured"),
            measured("customer", "churned_share", 0.14, **snapshot),
        ],
    )
    lines = scorecard_lines(file)
    shown = headline(lines, "outcome")

    assert shown is not None
    assert (shown.metric, shown.shown_value) == ("churned_share", "14\u00a0%")
    assert {line.metric for line in lines} == {"nps", "churned_share", "resolution_minutes_p50"}


@pytest.mark.parametrize(
    "left", [{"owner_role": "vacant"}, {"owner_role": "Head", "owner_status": "vacant"}]
)
def test_an_owner_who_left_is_no_owner(tmp_path: Path, left: dict[str, str]) -> None:
    file = publish(
        tmp_path / "marts.duckdb",
        audiences=[audience("customer", 1, **left)],
        metrics=metrics("nps"),
        metric_values=[measured("customer", "nps", 2.0)],
    )

    assert [line.owner for line in scorecard_lines(file)] == [None]


def test_a_file_that_is_no_publication_is_refused_with_a_remedy(tmp_path: Path) -> None:
    broken = tmp_path / "marts.duckdb"
    broken.write_bytes(b"not a database")

    for file in (broken, tmp_path / "missing.duckdb"):
        with pytest.raises(UnreadablePublication, match="ax run"):
            scorecard_lines(file)
