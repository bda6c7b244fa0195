"""A shop small enough to know by heart: what any vendor of commerce shows of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from frames import frame

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)

ORDERS = {
    "order_id": "str", "kind": "str", "person_uid": "str", "email": "str", "name": "str",
    "time_zone": "str", "currency": "str", "status": "str", "location": "str", "amount": "float",
    "refunded_amount": "float", "cost": "float", "delivery_rating": "Int", "ordered_at": "time",
    "updated_at": "time", "visible_from": "time",
}  # fmt: skip
MEMBERS = {
    "member_number": "str", "person_uid": "str", "email": "str", "name": "str", "kind": "str",
    "valid_from": "str", "valid_to": "str", "updated_at": "time", "visible_from": "time",
}  # fmt: skip
ERASURES = {"person_uid": "str", "erased_at": "time", "visible_from": "time"}


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def order(number: int, changed: datetime | None = None, **other: Any) -> dict[str, Any]:
    changed = changed or other.get("ordered_at") or after(number)
    return {
        "order_id": f"O{number:04d}", "kind": "order", "person_uid": f"P{number}",
        "email": f"buyer{number}@example.org", "name": "Zoë Łukasz", "time_zone": "Europe/Berlin",
        "currency": "EUR", "status": "paid", "location": "Webshop", "amount": 19.9,
        "refunded_amount": 0.0, "cost": 8.0, "delivery_rating": None, "ordered_at": after(number),
        "updated_at": changed, "visible_from": changed, **other,
    }  # fmt: skip


def member(number: int, changed: datetime = START, **other: Any) -> dict[str, Any]:
    return {
        "member_number": f"M{number:04d}", "person_uid": f"P{number}",
        "email": f"buyer{number}@example.org", "name": "Zoë Łukasz", "kind": "member",
        "valid_from": "2026-06-01", "valid_to": "2027-06-01", "updated_at": changed,
        "visible_from": changed, **other,
    }  # fmt: skip


def erasure(number: int, at: datetime) -> dict[str, Any]:
    return {"person_uid": f"P{number}", "erased_at": at, "visible_from": at}


def tables(**records: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the shop's tables, those named replaced."""
    default = {
        "orders": [
            *(order(number) for number in range(1, 4)),
            order(4, after(90), status="refunded", refunded_amount=9.95),
            order(5, after(95), status="cancelled"),
            order(6, kind="donation", amount=50.0, currency="GBP"),
            order(7, kind="attendance", email="guest@example.org", name="Gast"),
            order(8, kind="attendance", email=None, name="Nobody"),
            # By its number this one was not refunded but disputed.
            order(13, after(99), status="refunded", refunded_amount=19.9),
        ],
        "memberships_file": [member(1), member(9, kind="season_ticket_holder")],
        "erasures": [],
    }
    kinds = {"orders": ORDERS, "memberships_file": MEMBERS, "erasures": ERASURES}
    return {name: frame(kinds[name], (default | records)[name]) for name in kinds}
