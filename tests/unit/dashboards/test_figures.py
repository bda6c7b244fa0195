"""Every unit reads the same wherever it is shown."""

from datetime import date

import pytest

from dashboards.figures import counted, cut, figure, interval, lag, listed, name, period, step
from dashboards.figures import step_interval as ends


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (12.4, "score", "+12"),
        (-4.0, "score", "−4"),
        (0.2, "score", "0"),
        (-0.2, "score", "0"),
        (0.63, "share", "63 %"),
        (0.0, "share", "0 %"),
        (1.0, "share", "100 %"),
        (0.996, "share", "99.6 %"),
        (0.004, "share", "0.4 %"),
        (0.0001, "share", "under 0.1 %"),
        (0.99999, "share", "over 99.9 %"),
        (0.0, "minutes", "0 min"),
        (0.3, "minutes", "under 1 min"),
        (35.0, "minutes", "35 min"),
        (250.0, "minutes", "4 h 10 min"),
        (240.0, "minutes", "4 h"),
        (599.6, "minutes", "10 h"),
        (1249.0, "minutes", "21 h"),
        (1439.0, "minutes", "1 d"),
        (5618.0, "minutes", "3 d 22 h"),
        (17_280.0, "minutes", "12 d"),
        (3.42, "days", "3.4 days"),
        (1.0, "days", "1 day"),
        (33.6, "days", "34 days"),
        (4.212, "points", "4.21"),
        (1234.4, "count", "1 234"),
        (-0.3, "money", "0"),
        (-12345.6, "money", "−12 346"),
        (4.2, "per_hundred", "4.2 per 100"),
        (0.126, "per_year", "0.13 a year"),
        (1.75, "rate", "1.75"),
        (7.0, "a unit of next year", "7.00"),
        (None, "score", ""),
    ],
)
def test_a_value_reads_in_the_words_of_its_unit(value: float | None, unit: str, words: str) -> None:
    assert figure(value, unit).replace("\u00a0", " ") == words


def test_an_interval_says_which_end_was_not_seen() -> None:
    assert interval(-4.2, 12.0, "score") == "[−4, +12]"
    assert interval(60.0, None, "minutes") == "[1\u00a0h, no upper end]"
    assert interval(None, 60.0, "minutes") == "[no lower end, 1\u00a0h]"
    assert interval(None, None, "minutes") == "no interval"


def test_a_change_has_a_size_and_signed_ends() -> None:
    assert step(-9.1, "score") == "9\u00a0points"
    assert step(0.063, "share") == "6\u00a0points"
    assert step(-12.0, "count") == "12"
    assert step(-310.0, "minutes") == "5\u00a0h\u00a010\u00a0min"
    assert ends(-14.6, -3.6, "score") == "[−15, −4]"
    assert ends(-0.02, 0.1, "share") == "[−2, 10]"
    assert ends(-50.0, -20.0, "minutes") == "[−50\u00a0min, −20\u00a0min]"


def test_a_change_that_is_called_one_never_reads_as_zero() -> None:
    assert step(0.3, "score") == "0.3\u00a0points"
    assert ends(0.1, 0.5, "score") == "[0.1, 0.5]"


@pytest.mark.parametrize(
    ("kind", "start", "end", "words"),
    [
        ("quarter", date(2026, 1, 1), date(2026, 4, 1), "Q1 2026"),
        ("wave", date(2026, 1, 1), date(2026, 4, 1), "wave of Jan to Mar 2026"),
        ("month", date(2025, 12, 1), date(2026, 1, 1), "Dec 2025"),
        ("year", date(2025, 1, 1), date(2026, 1, 1), "2025"),
        ("week", date(2026, 1, 5), date(2026, 1, 12), "week of 5 Jan 2026"),
        ("day", date(2026, 1, 5), date(2026, 1, 6), "5 Jan 2026"),
        ("snapshot", date(2026, 6, 30), date(2026, 7, 1), "on 30 Jun 2026"),
        ("trailing_90", date(2026, 3, 3), date(2026, 6, 1), "90 days to 31 May 2026"),
    ],
)
def test_a_period_reads_as_people_say_it(kind: str, start: date, end: date, words: str) -> None:
    assert period(kind, start, end).replace("\u00a0", " ") == words


def test_a_lag_is_told_coarsely() -> None:
    told = [lag(minutes).replace("\u00a0", " ") for minutes in (5, 60, 1500, 2880, 4321)]

    assert told == ["5 min", "1 hour", "25 hours", "2 days", "3 days"]


def test_counts_and_lists_read_as_english() -> None:
    assert counted(1, "source") == "1\u00a0source"
    assert counted(1310, "person", "people") == "1\u00a0310\u00a0people"
    assert listed(["A"]) == "A"
    assert listed(["A", "B"]) == "A and B"
    assert listed(["A", "B", "C", "D", "E"]) == "A, B, C and 2 more"


def test_a_name_cannot_turn_or_break_the_sentence_around_it() -> None:
    hostile = name("مشجعون\u202e\u2069\n\x00")

    assert hostile == "\u2068مشجعون\u2069"
    assert cut("a\u202eb\n c\t\x07d", 40) == "a b c d"
    assert name("x" * 200) == "x" * 31 + "…"
    assert cut("季節券持有者", 6) == "季節…"


def test_an_interval_does_not_repeat_the_words_of_its_value() -> None:
    assert interval(0.8, 2.4, "per_hundred") == "[0.8, 2.4]"
    assert interval(0.02, None, "per_year") == "[0.02, no upper end]"
