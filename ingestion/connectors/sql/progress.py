"""How far a cursor has come: the mark a run leaves, and the bound at which the next one begins.

A mark is the text of the greatest cursor value that a run found before it read the first row.
Nothing here is lost for a late row, a tie or a clock that runs ahead: the next run reads from the
mark minus the declared lateness, the value there included, and a mark never passes the run's clock.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

NUMBER = re.compile(r"[+-]?\d+([.]\d+)?")
AUTUMN = timedelta(hours=1)  # local clocks go back by as much once a year
WESTERNMOST = timedelta(hours=-12)  # where it is earliest, of times whose zone stands in each row


class UnfitCursor(ValueError):
    """A cursor that can not be followed: what is wrong, and the remedy."""


def mark_of(top: str, as_of: datetime, zone: str | None) -> str:
    """Return the greatest value found, or the clock where that is earlier."""
    time = _time(top)
    if time is None:
        return top
    if time.tzinfo:
        return top if time <= as_of else str(as_of.astimezone(time.tzinfo))
    now = as_of.astimezone(ZoneInfo(zone)) if zone else as_of.astimezone(UTC) + WESTERNMOST
    local = now.replace(tzinfo=None)
    return top if time <= local else str(local)


def start_of(mark: str, span: timedelta | int, zone: str | None) -> str:
    """Return the text of the first value to read again."""
    if NUMBER.fullmatch(mark):
        if isinstance(span, timedelta):
            raise UnfitCursor("holds numbers and `late` is a time", "say by how many it may lag")
        return str(Decimal(mark) - span)
    time = _time(mark)
    if not isinstance(span, timedelta):
        if time is None and not span:
            return mark
        raise UnfitCursor("holds no numbers and `late` is one", "say a time, like 2 hours")
    if time is None:
        raise UnfitCursor(f"holds neither numbers nor times ({mark[:40]!r})", "take another column")
    begins = time - span - (AUTUMN if not time.tzinfo and zone not in {"UTC", "Etc/UTC"} else NONE)
    # Whole seconds and days, without a T: where times are texts, these sort before what they begin.
    if len(mark) == len("2026-06-30"):
        return str(begins.date())
    return begins.isoformat(sep=" ", timespec="seconds")


NONE = timedelta(0)


def _time(text: str) -> datetime | None:
    if NUMBER.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
