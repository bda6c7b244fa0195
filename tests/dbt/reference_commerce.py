"""Money, buyers and who stays, a second time from the definitions (domain, section 4)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from reference_events import TYPES, Event, House, Row, declared, local_day, placed, registry
from reference_lives import CONTRACTS, Deed, Lives, Period, Stood, kinds_of
from reference_periods import calendar

REPORTING_CURRENCY = "EUR"
RATES = sorted(
    (row["currency"], date.fromisoformat(row["valid_from"]), float(row["rate"]))
    for row in registry("exchange_rates")
)


def rate(currency: str | None, day: date | None) -> float | None:
    """Return the newest rate of that day that is no older than a year."""
    if currency == REPORTING_CURRENCY:
        return 1.0
    known = [
        worth
        for code, begins, worth in RATES
        if day and code == currency and begins <= day < begins + timedelta(days=366)
    ]
    return known[-1] if known else None


def money(row: Row) -> tuple[float | None, float | None]:
    """Return net revenue and margin of an order, None where one can not be told."""
    back = row["refunded_amount"]
    if back is None and row["status"] == "paid":
        back = 0.0
    worth = rate(row["currency"], local_day(row["ordered_at"]))
    if row["amount"] is None or back is None or worth is None:
        return None, None
    net, cost = row["amount"] - back, row["cost_amount"]
    return net * worth, None if cost is None else (net - cost) * worth


def sales(house: House) -> Iterator[Event]:
    """Yield the money of every order that came about."""
    for row in house.contracts["orders"]:
        is_visit = row["order_kind"] not in ("order", "donation") and row["amount"] is None
        if row["status"] not in ("paid", "refunded") or is_visit:
            continue
        family = TYPES.get(row["order_kind"] or "", {}).get("family")
        where = placed(house, row, row["account_id"], family, row["ordered_at"], row["audience"])
        for role, value in zip(("net_revenue", "margin"), money(row), strict=True):
            yield Event(
                event="sale",
                role=role,
                respondent=where["person"] or row["account_id"] or row["order_id"],
                value=value or 0.0,
                is_unknown=value is None,
                facts=declared(row),
                day=local_day(row["ordered_at"]),
                **where,
            )


def standing(
    role: str,
    period: Period,
    who: Stood,
    value: float,
    also: Iterable[str] = (),
    **facts: str | None,
) -> Event:
    """Return how a person stood over a period; `also` are further sources that say so."""
    return Event(
        event="standing",
        role=role,
        source=min(who.sources),
        audience=who.audience,
        family=who.family,
        person=who.person,
        respondent=who.person,
        value=value,
        facts=facts,
        period=period,
        sources=who.sources | frozenset(also),
    )


def buyers(happened: list[Event], today: date) -> Iterator[Event]:
    """Yield who bought in a year: whether twice, and how often."""
    for role in ("repeat_order", "order_frequency"):
        bought: dict[tuple[str, str, Period], list[Event]] = defaultdict(list)
        for event in happened:
            if (event.event, event.role) == ("order", "order") and event.person and event.day:
                for period in calendar("|".join(kinds_of(role)), event.day, today):
                    bought[event.audience, event.person, period].append(event)
        for (audience, person, period), orders in bought.items():
            sources = frozenset(order.source for order in orders)
            who = Stood(person, orders[0].family or "", audience, sources)
            times = len(orders)
            yield standing(
                role, period, who, float(times if role == "order_frequency" else times >= 2)
            )


def occasions(lives: Lives, person: str, family: str) -> list[Deed]:
    return [
        deed
        for deed in lives.by_person.get(person, ())
        if deed.family == family and deed.kind in ("order", "attendance")
    ]


def is_active(lives: Lives, person: str, family: str, moment: date) -> bool:
    """Return whether a contract ran or the last occasion was lately, by the person's own gaps."""
    if lives.has_contract(person, family, moment):
        return True
    days = sorted({d.day for d in occasions(lives, person, family) if d.day < moment})
    if not days:
        return False
    gaps = [(b - a).days for a, b in pairwise(days)]
    reach = max(90.0, 2 * median(gaps)) if gaps else 90.0
    return (moment - days[-1]).days <= reach


def measured(lives: Lives, moment: date) -> list[Stood]:
    """Return those whose activity could be seen: under contract, or after 90 days of records."""
    begun: dict[str, date] = {}
    for deed in lives.deeds:
        if deed.family and deed.kind in ("order", "attendance"):
            begun[deed.family] = min(begun.get(deed.family, date.max), deed.day)
    return [
        who
        for who in lives.standing[moment]
        if who.audience in CONTRACTS
        or (who.family in begun and (moment - begun[who.family]).days >= 90)
    ]


def told_by(lives: Lives, who: Stood) -> set[str]:
    return {deed.source for deed in occasions(lives, who.person, who.family)}


def active(lives: Lives) -> Iterator[Event]:
    """Yield who was active when a period ended."""
    for period in lives.periods("active"):
        for who in measured(lives, period[2]):
            value = is_active(lives, who.person, who.family, period[2])
            yield standing("active", period, who, float(value), told_by(lives, who))


def stayed(lives: Lives) -> Iterator[Event]:
    """Yield of those active when a period began whether they were when it ended."""
    for period in lives.periods("retained"):
        _, start, end = period
        for who in measured(lives, start):
            if is_active(lives, who.person, who.family, start):
                stays = is_active(lives, who.person, who.family, end)
                sources = told_by(lives, who)
                yield standing("retained", period, who, float(stays), sources)
                yield standing("churned", period, who, float(not stays), sources)
