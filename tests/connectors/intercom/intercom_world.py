"""A help desk small enough to know by heart, as an Intercom workspace."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from frames import frame

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)

TICKETS = {
    "ticket_id": "int", "requester_id": "int", "assignee_id": "Int", "brand_id": "int",
    "channel": "str", "subject": "str", "description": "str", "priority": "str", "status": "str",
    "tags": "str", "topic": "str", "created_at": "time", "updated_at": "time",
    "generated_at": "time", "solved_at": "time", "is_test": "bool", "visible_from": "time",
}  # fmt: skip
USERS = {
    "user_id": "int", "name": "str", "email": "str", "phone": "str", "role": "str",
    "active": "bool", "external_id": "str", "locale": "str", "created_at": "time",
    "updated_at": "time", "merged": "bool", "visible_from": "time",
}  # fmt: skip
EVENTS = {
    "event_id": "int", "ticket_id": "int", "actor_id": "Int", "actor_role": "str",
    "event_type": "str", "is_public": "bool", "value": "str", "previous_value": "str",
    "created_at": "time", "via": "str", "visible_from": "time",
}  # fmt: skip
RATINGS = {
    "rating_id": "int", "ticket_id": "int", "requester_id": "int", "score": "str",
    "comment": "str", "created_at": "time", "updated_at": "time", "visible_from": "time",
}  # fmt: skip

REQUESTER, AGENT, BOT = 46_407_218_913_169, 46_100_000_000_007, 46_000_000_000_001


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def ticket(id_: int, changed: datetime | None = None, **other: Any) -> dict[str, Any]:
    changed = changed or after(id_)
    return {
        "ticket_id": id_, "requester_id": REQUESTER, "assignee_id": AGENT, "brand_id": 9001,
        "channel": "web", "subject": "Rechnung", "description": "Wo ist meine Rechnung? ✉️",
        "priority": "normal", "status": "open", "tags": "billing;vip", "topic": "billing",
        "created_at": after(id_), "updated_at": changed, "generated_at": changed,
        "is_test": False, "visible_from": changed, **other,
    }  # fmt: skip


def user(id_: int, changed: datetime = START, **other: Any) -> dict[str, Any]:
    return {
        "user_id": id_, "name": "Ida Lind", "email": f"u{id_}@example.org", "phone": "+4930123456",
        "role": "end-user", "active": True, "locale": "de", "created_at": START,
        "updated_at": changed, "merged": False, "visible_from": changed, **other,
    }  # fmt: skip


def agent(id_: int = AGENT, **other: Any) -> dict[str, Any]:
    return user(id_, role="agent", name="Jo Care", **other)


def event(id_: int, ticket_id: int, kind: str, minutes: float, **other: Any) -> dict[str, Any]:
    return {
        "event_id": id_, "ticket_id": ticket_id, "actor_id": REQUESTER, "actor_role": "end-user",
        "event_type": kind, "is_public": kind == "comment", "created_at": after(minutes),
        "via": "web", "visible_from": after(minutes), **other,
    }  # fmt: skip


def by_agent(id_: int, kind: str, minutes: float, **other: Any) -> dict[str, Any]:
    return event(id_, 1, kind, minutes, actor_id=AGENT, actor_role="agent", **other)


def rating(ticket_id: int, score: str, changed: datetime, **other: Any) -> dict[str, Any]:
    return {
        "rating_id": 7_700_000_000 + ticket_id, "ticket_id": ticket_id, "requester_id": REQUESTER,
        "score": score, "created_at": after(60), "updated_at": changed, "visible_from": changed,
        **other,
    }  # fmt: skip


def tables(**records: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the desk's tables, those named replaced."""
    bot = user(BOT, role="agent", name="Answer Bot", email=None)
    default = {
        "tickets": [ticket(n) for n in range(1, 6)],
        "support_users": [user(REQUESTER), user(REQUESTER + 7), agent(), agent(AGENT + 1), bot],
        "ticket_events": [
            event(100, 1, "created", 1, value="new"),
            event(101, 1, "comment", 2, actor_id=BOT, actor_role="bot", value="We got it."),
            event(102, 1, "assignment", 3, actor_id=None, actor_role="system", value=str(AGENT)),
            by_agent(103, "comment", 8, value="Checked with the warehouse.", is_public=False),
            by_agent(104, "comment", 9, value="Thank you, we are on it."),
            by_agent(105, "status", 9, value="pending", previous_value="new"),
            event(106, 1, "comment", 20, value="Danke!"),
            by_agent(107, "status", 30, value="solved", previous_value="pending"),
        ],
        "satisfaction_ratings": [rating(1, "good", after(90), comment="Schnell!")],
    }
    kinds = {
        "tickets": TICKETS,
        "support_users": USERS,
        "ticket_events": EVENTS,
        "satisfaction_ratings": RATINGS,
    }
    return {name: frame(kinds[name], (default | records)[name]) for name in kinds}
