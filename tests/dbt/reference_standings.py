"""How everybody stood over each closed period, in plain Python (domain, section 4)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from reference_events import METRICS, Event, House
from reference_periods import calendar
from reference_workforce import workforce

Period = tuple[str, date, date]


def standing(role: str, period: Period, seen: list[Event], value: float) -> Event:
    """Return how the person of these events stood over a period."""
    first = seen[0]
    return Event(
        event="standing",
        role=role,
        source=first.source,
        audience=first.audience,
        family=first.family,
        person=first.person,
        respondent=first.respondent,
        value=value,
        facts={},
        period=period,
        sources=frozenset(event.source for event in seen),
    )


def kinds_of(role: str) -> str:
    """Return the period kinds of every metric of a role, joined by |."""
    named = [metric["periods"] for metric in METRICS if metric["role"] == role]
    return "|".join(sorted({kind for periods in named for kind in periods.split("|")}))


def repeat_orders(happened: list[Event], today: date) -> Iterator[Event]:
    bought: dict[tuple[str, str, Period], list[Event]] = defaultdict(list)
    for event in happened:
        if (event.event, event.role) == ("order", "order") and event.person and event.day:
            for period in calendar(kinds_of("repeat_order"), event.day, today):
                bought[event.audience, event.person, period].append(event)
    for (_, _, period), orders in bought.items():
        yield standing("repeat_order", period, orders, float(len(orders) >= 2))


def standings(house: House, happened: list[Event], today: date) -> list[Event]:
    """Return every standing of the metrics over distinct persons."""
    return [*repeat_orders(happened, today), *workforce(house, happened, today)]
