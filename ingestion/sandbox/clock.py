"""Time in the sandbox: seconds since 1970 UTC while it is computed, stamps once it is shown.

Months are numbered from the start of history (0 is July 2023), so a quarter is month // 3 and no
date arithmetic is needed in the simulation.
"""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd

from ingestion.sandbox.state import HISTORY_START

MINUTE, HOUR, DAY = 60, 3_600, 86_400
YEAR = 365 * DAY
# Later than any horizon, so that "it never happens" and "it has not happened yet" compare alike.
NEVER = 1 << 40


def month_number(day: date) -> int:
    """Return the number of the month that holds ``day``; July 2023 is 0."""
    return (day.year - HISTORY_START.year) * 12 + day.month - HISTORY_START.month


def month_start(month: int | np.ndarray) -> np.ndarray:
    """Return the first second of each numbered month."""
    months = np.datetime64(HISTORY_START, "M") + np.asarray(month)
    return months.astype("datetime64[s]").astype(np.int64)


def month_of(seconds: np.ndarray) -> np.ndarray:
    """Return the number of the month in which each second lies."""
    months = np.asarray(seconds).astype("datetime64[s]").astype("datetime64[M]")
    return (months - np.datetime64(HISTORY_START, "M")).astype(np.int64)


def seconds_of(moment: date | datetime) -> int:
    """Return a moment as seconds since 1970; a plain date is its midnight in UTC."""
    if not isinstance(moment, datetime):
        return int(np.datetime64(moment, "s").astype(np.int64))
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone; give it one, for example +00:00.")
    return int(moment.timestamp())


def quarter_bounds(quarter: int) -> tuple[date, date]:
    """Return the first day of a numbered quarter and the first day after it."""
    first, after = month_start(np.array([quarter * 3, quarter * 3 + 3]))
    return _day(first), _day(after)


def stamps(seconds: np.ndarray) -> pd.DatetimeIndex:
    """Return seconds as UTC stamps of microsecond unit; what never happens is NaT."""
    seconds = np.asarray(seconds, dtype=np.int64)
    moments = seconds.astype("datetime64[s]").astype("datetime64[us]")
    moments[seconds >= NEVER] = np.datetime64("NaT")
    return pd.DatetimeIndex(moments).tz_localize("UTC")


def days(seconds: np.ndarray) -> np.ndarray:
    """Return seconds as ISO dates in text; what never happens is None."""
    seconds = np.asarray(seconds, dtype=np.int64)
    never = seconds >= NEVER
    text = np.datetime_as_string(np.where(never, 0, seconds).astype("datetime64[s]"), unit="D")
    shown: np.ndarray = text.astype(object)
    shown[never] = None
    return shown


def _day(seconds: np.int64) -> date:
    return np.datetime64(int(seconds), "s").astype("datetime64[D]").astype(date)
