"""Two audiences small enough to know by heart, and what was sent to them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from frames import frame

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
FANS, CLUB = "fans0a1b2c", "club3d4e5f"

SUBSCRIBERS = {
    "subscriber_id": "int", "list_id": "str", "person_uid": "str", "email": "str",
    "first_name": "str", "last_name": "str", "language": "str", "status": "str",
    "confirmed_at": "time", "updated_at": "time", "visible_from": "time",
}  # fmt: skip
CAMPAIGNS = {
    "campaign_id": "str", "list_id": "str", "title": "str", "emails_sent": "int",
    "sent_at": "time", "visible_from": "time",
}  # fmt: skip
ACTIVITY = {
    "activity_id": "int", "campaign_id": "str", "subscriber_id": "int", "email": "str",
    "action": "str", "occurred_at": "time", "visible_from": "time",
}  # fmt: skip


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def subscriber(number: int, changed: datetime | None = None, **other: Any) -> dict[str, Any]:
    changed = changed or after(number)
    return {
        "subscriber_id": number, "list_id": FANS, "person_uid": f"P{number}",
        "email": f"Fan{number}@example.org", "first_name": "Zoë", "last_name": "Łukasz",
        "language": "de", "status": "subscribed", "confirmed_at": START, "updated_at": changed,
        "visible_from": changed, **other,
    }  # fmt: skip


def campaign(number: int, sent: datetime = START, **other: Any) -> dict[str, Any]:
    return {
        "campaign_id": f"c{number}", "list_id": FANS, "title": f"Fan news {number}",
        "emails_sent": 5, "sent_at": sent, "visible_from": sent, **other,
    }  # fmt: skip


def did(number: int, subscriber: int, action: str, at: datetime, **other: Any) -> dict[str, Any]:
    return {
        "activity_id": number, "campaign_id": "c1", "subscriber_id": subscriber,
        "email": f"Fan{subscriber}@example.org", "action": action, "occurred_at": at,
        "visible_from": at, **other,
    }  # fmt: skip


def tables(**records: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the account's tables, those named replaced."""
    default = {
        "subscribers": [
            *(subscriber(number) for number in range(1, 5)),
            subscriber(5, status="archived"),
            subscriber(6, list_id=CLUB, status="pending", confirmed_at=None),
        ],
        "campaigns": [campaign(1), campaign(2, after(60), list_id=CLUB)],
        "campaign_activity": [
            did(1, 1, "open", after(5)),
            did(2, 1, "click", after(6)),
            did(3, 2, "bounce", after(1)),
        ],
    }
    kinds = {"subscribers": SUBSCRIBERS, "campaigns": CAMPAIGNS, "campaign_activity": ACTIVITY}
    return {name: frame(kinds[name], (default | records)[name]) for name in kinds}
