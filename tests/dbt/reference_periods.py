"""The closed periods of the calendar, in plain Python (domain, section 4)."""

from datetime import date, timedelta
from functools import cache
from typing import Any


def counted(metric: dict[str, Any]) -> str:
    """Return the kinds in which a metric counts: a headline's window has one before it."""
    has_window = "trailing_90" in metric["periods"] and metric["is_headline"] == "true"
    return metric["periods"] + ("|preceding_90" if has_window else "")


def first_of(kind: str, day: date) -> date:
    """Return the first day of the calendar period in which the day lies."""
    return {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": date(day.year, day.month - (day.month - 1) % 3, 1),
        "year": date(day.year, 1, 1),
    }[kind]


def after(kind: str, start: date) -> date:
    """Return the day after a calendar period that begins with `start`."""
    days = {"day": 1, "week": 7}.get(kind)
    if days:
        return start + timedelta(days=days)
    months = start.month - 1 + {"month": 1, "quarter": 3, "year": 12}[kind]
    return date(start.year + months // 12, months % 12 + 1, 1)


@cache
def calendar(kinds: str, day: date, today: date) -> list[tuple[str, date, date]]:
    """Return the closed periods of those kinds in which the day lies."""
    found = []
    for kind in kinds.split("|"):
        if kind in ("wave", "snapshot"):
            continue
        if kind == "preceding_90":
            end = first_of("month", today) - timedelta(days=90)
            if end - timedelta(days=90) <= day < end:
                found.append((kind, end - timedelta(days=90), end))
            continue
        if kind.startswith("trailing_"):
            length = timedelta(days=int(kind.removeprefix("trailing_")))
            end = after("month", first_of("month", day))
            while end - length <= day:
                found.append((kind, end - length, end))
                end = after("month", end)
        else:
            start = first_of(kind, day)
            found.append((kind, start, after(kind, start)))
    return [period for period in found if period[2] <= today]
