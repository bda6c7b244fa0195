"""A help desk small enough to know by heart, for every vendor that shows the sandbox's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from frames import frame

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)

TICKETS = {
    "ticket_id": "int", "requester_id": "int", "assignee_id": "Int", "organization_id": "Int",
    "brand_id": "int", "channel": "str", "subject": "str", "description": "str", "priority": "str",
    "status": "str", "tags": "str", "topic": "str", "created_at": "time", "updated_at": "time",
    "generated_at": "time", "solved_at": "time", "is_test": "bool", "visible_from": "time",
}  # fmt: skip
USERS = {
    "user_id": "int", "person_uid": "str", "name": "str", "email": "str", "phone": "str",
    "role": "str", "organization_id": "Int", "active": "bool", "external_id": "str",
    "time_zone": "str", "locale": "str", "created_at": "time", "updated_at": "time",
    "merged": "bool", "employee_number": "str", "visible_from": "time",
}  # fmt: skip
ORGANIZATIONS = {
    "organization_id": "int", "name": "str", "domain_names": "str", "created_at": "time",
    "updated_at": "time", "visible_from": "time",
}  # fmt: skip
EVENTS = {
    "event_id": "int", "ticket_id": "int", "actor_id": "Int", "actor_role": "str",
    "event_type": "str", "is_public": "bool", "value": "str", "previous_value": "str",
    "created_at": "time", "via": "str", "visible_from": "time",
}  # fmt: skip
RATINGS = {
    "rating_id": "int", "ticket_id": "int", "requester_id": "int", "assignee_id": "Int",
    "score": "str", "comment": "str", "reason": "str", "created_at": "time", "updated_at": "time",
    "visible_from": "time",
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
        "role": "end-user", "active": True, "time_zone": "Europe/Berlin", "locale": "de",
        "created_at": START, "updated_at": changed, "merged": False, "visible_from": changed,
        **other,
    }  # fmt: skip


def event(id_: int, ticket_id: int, kind: str, minutes: float, **other: Any) -> dict[str, Any]:
    return {
        "event_id": id_, "ticket_id": ticket_id, "actor_id": REQUESTER, "actor_role": "end-user",
        "event_type": kind, "is_public": kind == "comment", "created_at": after(minutes),
        "via": "web", "visible_from": after(minutes), **other,
    }  # fmt: skip


def rating(id_: int, ticket_id: int, score: str, **other: Any) -> dict[str, Any]:
    return {
        "rating_id": id_, "ticket_id": ticket_id, "requester_id": REQUESTER, "assignee_id": AGENT,
        "score": score, "created_at": after(600), "updated_at": after(600),
        "visible_from": after(600), **other,
    }  # fmt: skip


def frames_of(records: dict[str, list[dict[str, Any]]]) -> dict[str, pd.DataFrame]:
    """Return the desk's tables as frames typed like the world's."""
    kinds = {
        "tickets": TICKETS,
        "support_users": USERS,
        "support_organizations": ORGANIZATIONS,
        "ticket_events": EVENTS,
        "satisfaction_ratings": RATINGS,
    }
    return {name: frame(kinds[name], rows) for name, rows in records.items()}
