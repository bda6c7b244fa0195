"""Business minutes a second time: every opening as a stretch of real time, nothing cumulative."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from reference_events import ZONE, registry

Row = dict[str, Any]


def utc(local: datetime, zone: ZoneInfo) -> datetime:
    """Return a time on a wall clock as a naive UTC moment."""
    return local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Schedule:
    """One schedule: its zone, the versions of its hours by weekday, its holidays."""

    zone: ZoneInfo
    hours: dict[int, list[tuple[date, list[tuple[int, int]]]]]
    holidays: frozenset[date]

    @cached_property
    def begins(self) -> datetime:
        """Return the first UTC midnight at which the schedule was in force."""
        first = min(since for versions in self.hours.values() for since, _ in versions)
        started = utc(datetime.combine(first, datetime.min.time()), self.zone)
        midnight = datetime.combine(started.date(), datetime.min.time())
        return midnight if midnight == started else midnight + timedelta(days=1)

    def midnight(self, day: date) -> datetime:
        """Return when a local day begins, as a UTC moment."""
        return utc(datetime.combine(day, datetime.min.time()), self.zone)

    def openings(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the openings of a local day as UTC moments."""
        versions = [v for v in self.hours.get(day.isoweekday(), ()) if v[0] <= day]
        if day in self.holidays or not versions:
            return
        for opens, closes in max(versions)[1]:
            midnight = datetime.combine(day, datetime.min.time())
            yield tuple(  # type: ignore[misc]
                utc(midnight + timedelta(minutes=minute), self.zone) for minute in (opens, closes)
            )

    def minutes(self, start: datetime, stop: datetime) -> float | None:
        """Return the minutes of a stretch in which it was open, None from before its hours."""
        if start < self.begins:
            return None
        total, day = 0.0, start.date() - timedelta(days=1)
        while day <= stop.date() + timedelta(days=1):
            for opens, closes in self.openings(day):
                inside = min(stop, closes) - max(start, opens)
                total += max(inside.total_seconds() / 60, 0.0)
            day += timedelta(days=1)
        return total

    def is_open(self, moment: datetime) -> bool:
        days = (moment.date() + timedelta(days=n) for n in (-1, 0, 1))
        return any(opens <= moment < closes for day in days for opens, closes in self.openings(day))


def schedules(zones: list[Row], hours: list[Row], holidays: list[Row]) -> dict[str, Schedule]:
    """Return every schedule of the registries."""
    found = {}
    for row in zones:
        versions: dict[int, dict[date, list[tuple[int, int]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for opening in hours:
            if opening["schedule"] == row["schedule"]:
                since = date.fromisoformat(opening["valid_from"])
                version = versions[int(opening["weekday"])][since]
                if opening["opens_minute"]:
                    version.append((int(opening["opens_minute"]), int(opening["closes_minute"])))
        found[row["schedule"]] = Schedule(
            ZoneInfo(row["time_zone"]) if row["time_zone"] else ZONE,
            {weekday: list(known.items()) for weekday, known in versions.items()},
            frozenset(
                date.fromisoformat(holiday["holiday_date"])
                for holiday in holidays
                if holiday["schedule"] == row["schedule"]
            ),
        )
    return found


SCHEDULES = schedules(registry("schedules"), registry("business_hours"), registry("holidays"))
ORGANISATION = Schedule(ZONE, {}, frozenset())
BY_TYPE = {row["touchpoint_type"]: row for row in registry("support_types")}


def schedule_of(touchpoint_type: str | None) -> Schedule:
    """Return the schedule on which the clocks of a ticket of this type run."""
    return SCHEDULES[(BY_TYPE.get(touchpoint_type or "") or {}).get("schedule") or "default"]
