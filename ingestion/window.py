"""The window of changes that a run reads of a resource; nothing falls between two of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import dlt


def clock(as_of: str | None) -> datetime:
    """Return a run's clock in UTC: `as_of` (ISO 8601 with an offset), the present by default."""
    return datetime.fromisoformat(as_of).astimezone(UTC) if as_of else datetime.now(UTC)


def is_due(last: str | None, now: datetime, every: timedelta) -> bool:
    """Return whether everything is to be read again: it never was, or `every` ago or longer."""
    return last is None or now - datetime.fromisoformat(last) >= every


@dataclass(frozen=True, slots=True)
class Window:
    """Both ends are read: `since`, which is None where everything is read, to `until`."""

    since: datetime | None
    until: datetime


@contextmanager
def window(until: datetime, lookback: timedelta) -> Iterator[Window]:
    """Give the window that follows what the resource has read, for use inside the resource.

    `until` is fixed before the first request, so what changes meanwhile belongs to the next run.
    `lookback` is how late the vendor may show a change. The resource has read up to `until` once
    the block ends in peace; dlt keeps that with the rows it loads, so a run that fails changes
    nothing.
    """
    state = dlt.current.resource_state()
    read_until = state.get("window_until")
    yield Window(datetime.fromisoformat(read_until) - lookback if read_until else None, until)
    state["window_until"] = until.isoformat()
