"""Campaign mail: who takes the newsletters, what was sent, and who opened or clicked it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox import flaws
from ingestion.sandbox.clock import DAY, HOUR, MINUTE, NEVER, month_start
from ingestion.sandbox.crm import DUPLICATE, MAIN, Contacts
from ingestion.sandbox.draws import stream
from ingestion.sandbox.people import Population
from ingestion.sandbox.versions import Columns, timeline

FIRST_SUBSCRIBER_ID = 479_000_000
LISTS = ("fans0a1b2c", "club3d4e5f")
TITLES = ("Fan news", "Club news")
TAKES, OPENS, CLICKS = 0.6, 0.35, 0.25
# An open or click is told at once, or, now and then, only days later.
TOLD_LATE = 0.02
_DRAWS = (
    "takes wait pending unsubscribes unsubscribe_wait bounces bounce_wait archived archive_wait"
    " deleted delete_wait"
)
_STATES = (
    ("confirmed", "subscribed"),
    ("bounced", "cleaned"),
    ("unsubscribed", "unsubscribed"),
    ("archived", "archived"),
)


@dataclass(frozen=True, slots=True)
class Subscribers:
    """Everyone who ever took a newsletter, one array position each, in the order of joining."""

    columns: Columns

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def joined_by(self, moment: int) -> int:
        """Return how many had joined before a moment."""
        return int(np.searchsorted(self.columns["joined"], moment))


def make_subscribers(population: Population, contacts: Contacts) -> Subscribers:
    """Return the subscribers among the CRM's contacts; a list takes an address once."""
    parts = []
    for slot in (MAIN, DUPLICATE):
        rows = np.flatnonzero(contacts.slot == slot)
        rows = rows[~flaws.missing(contacts["email"][rows])]
        parts.append(_subscriber(population, contacts, slot, rows))
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((columns["number"], columns["joined"]))
    columns = {name: values[order] for name, values in columns.items()}
    taken: set[tuple[int, str]] = set()
    first = np.zeros(len(order), dtype=bool)
    for row, place in enumerate(zip(columns["list"], columns["email"], strict=True)):
        at = (int(place[0]), place[1].lower())
        first[row] = at not in taken and columns["joined"][row] < NEVER
        taken.add(at)
    return Subscribers({name: values[first] for name, values in columns.items()})


def _subscriber(population: Population, contacts: Contacts, slot: int, rows: np.ndarray) -> Columns:
    who = contacts.who[rows]
    draws = population.draws(f"newsletter {slot}", _DRAWS).take(who)
    joined = contacts["created"][rows] + HOUR + draws.waiting("wait", 40 * DAY)
    ends = np.minimum(contacts["ends"][rows], population["erased"][who])
    takes = draws.chance("takes", TAKES) & (joined < ends)
    pending = draws.chance("pending", 0.1)
    leaves = joined + DAY + draws.waiting("unsubscribe_wait", 500 * DAY)
    leaves = np.where(draws.chance("unsubscribes", 0.3), leaves, NEVER)
    bounced = joined + DAY + draws.waiting("bounce_wait", 600 * DAY)
    bounced = np.where(draws.chance("bounces", 0.05), bounced, NEVER)
    archived = joined + 30 * DAY + draws.waiting("archive_wait", 500 * DAY)
    archived = np.where(draws.chance("archived", 0.05), archived, NEVER)
    deleted = joined + 30 * DAY + draws.waiting("delete_wait", 500 * DAY)
    deleted = np.where(draws.chance("deleted", 0.03), deleted, NEVER)
    fan = population.since["fan"][who] <= joined
    return {
        "number": who * 10 + slot,
        "who": who,
        "list": np.where(fan, 0, 1),
        "joined": np.where(takes, joined, NEVER),
        "confirmed": np.where(pending, joined + 3 * HOUR, joined),
        "unsubscribed": np.minimum(leaves, contacts["opted_out"][rows] + 2 * HOUR),
        "bounced": bounced,
        "archived": archived,
        # Who is erased is deleted for good, and so is one now and then without a reason.
        "gone": np.minimum(deleted, population["erased"][who] + HOUR),
        "email": contacts["email"][rows],
        "email_typed": contacts["email_typed"][rows],
        "fixed": contacts["fixed"][rows],
        "first_name": contacts["first_typed"][rows],
        "last_name": contacts["last_typed"][rows],
        "language": population.place["language"][who],
    }


def _email_at(subscribers: Subscribers, row: np.ndarray, at: np.ndarray | int) -> np.ndarray:
    """Return the address of each subscriber at a moment; one with a slip may be mended later."""
    is_fixed = at >= subscribers["fixed"][row]
    return np.where(is_fixed, subscribers["email"][row], subscribers["email_typed"][row])


def subscribers_table(
    population: Population, subscribers: Subscribers
) -> tuple[Columns, np.ndarray]:
    """Return the subscribers' versions and when each shows; one who is deleted is just gone."""
    gone = subscribers["gone"]
    steps = [subscribers[name] for name, _ in _STATES]
    row, at = timeline(subscribers["joined"], [*steps, subscribers["fixed"], gone], gone)
    status = np.full(len(row), "pending", dtype=object)
    for name, label in _STATES:
        status = np.where(at >= subscribers[name][row], label, status)
    who = subscribers["who"][row]
    confirmed = subscribers["confirmed"][row]
    columns = {
        "subscriber_id": FIRST_SUBSCRIBER_ID + subscribers["number"][row],
        "list_id": np.array(LISTS, dtype=object)[subscribers["list"][row]],
        "person_uid": population["person_uid"][who],
        "email": _email_at(subscribers, row, at),
        **{name: subscribers[name][row] for name in ("first_name", "last_name", "language")},
        "status": status,
        "confirmed_at": np.where(at >= confirmed, confirmed, NEVER),
        "updated_at": at,
        "is_gone": at >= gone[row],
    }
    return columns, at


def _sent(month: int, list_: int) -> int:
    """Return when the newsletter of a month and list went out."""
    return int(month_start(month)) + (9 + 10 * list_) * DAY + 9 * HOUR


def _takes(subscribers: Subscribers, month: int, list_: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of all who had joined by a newsletter, and which of them get it."""
    sent = _sent(month, list_)
    known = np.arange(subscribers.joined_by(sent))
    gets = (subscribers["list"][known] == list_) & (subscribers["confirmed"][known] <= sent)
    for name in ("unsubscribed", "archived", "gone"):
        gets &= sent < subscribers[name][known]
    return known, gets & (sent < subscribers["bounced"][known] + 30 * DAY)


def campaigns_table(population: Population, subscribers: Subscribers) -> tuple[Columns, np.ndarray]:
    """Return one newsletter a month and list."""
    numbers = [(month, list_) for month in range(population.months) for list_ in range(len(LISTS))]
    sent = np.array([_sent(*number) for number in numbers])
    columns = {
        "campaign_id": np.array([_campaign_id(*number) for number in numbers], dtype=object),
        "list_id": np.array([LISTS[list_] for _, list_ in numbers], dtype=object),
        "title": np.array([f"{TITLES[list_]} {month + 1}" for month, list_ in numbers], object),
        "emails_sent": np.array([_takes(subscribers, *number)[1].sum() for number in numbers]),
        "sent_at": sent,
    }
    return columns, sent


def _campaign_id(month: int, list_: int) -> str:
    return f"c{month:07d}{list_}"


def activity_table(population: Population, subscribers: Subscribers) -> tuple[Columns, np.ndarray]:
    """Return who opened, clicked or could not be reached, and when the report tells of it."""
    parts = [
        _activity(population, subscribers, month, list_)
        for month in range(population.months)
        for list_ in range(len(LISTS))
    ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return columns, columns.pop("told")


def _activity(
    population: Population, subscribers: Subscribers, month: int, list_: int
) -> dict[str, np.ndarray]:
    known, gets = _takes(subscribers, month, list_)
    luck = stream(population.seed, f"campaign {list_}", month).random((len(known), 5)).T
    sent = _sent(month, list_)
    bounces = gets & (sent >= subscribers["bounced"][known])
    opens = gets & ~bounces & (luck[0] < OPENS)
    opened = sent + MINUTE + (-np.log1p(-luck[1]) * DAY).astype(np.int64)
    clicked = opened + 10 + (luck[2] * 20 * MINUTE).astype(np.int64)
    kinds = [
        ("bounce", bounces, np.full(len(known), sent + MINUTE)),
        ("open", opens, opened),
        ("click", opens & (luck[3] < CLICKS), clicked),
    ]
    number = (month * len(LISTS) + list_) * 10_000_000
    rows, parts = [known[mask] for _, mask, _ in kinds], []
    for kind, ((action, mask, at), row) in enumerate(zip(kinds, rows, strict=True)):
        late = np.where(luck[4][mask] < TOLD_LATE, 20 * HOUR, 0)
        parts.append(
            {
                "activity_id": number + row * 10 + kind,
                "campaign_id": np.full(len(row), _campaign_id(month, list_), dtype=object),
                "subscriber_id": FIRST_SUBSCRIBER_ID + subscribers["number"][row],
                "email": _email_at(subscribers, row, sent),
                "action": np.full(len(row), action, dtype=object),
                "occurred_at": at[mask],
                "told": at[mask] + late,
            }
        )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
