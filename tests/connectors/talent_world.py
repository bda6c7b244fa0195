"""A handful of applications, known by heart: what any system of recruiting shows of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from frames import frame

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)

CANDIDATES = {
    "candidate_id": "int", "person_uid": "str", "first_name": "str", "last_name": "str",
    "email": "str", "phone": "str", "created_at": "time", "updated_at": "time",
    "anonymized_at": "time", "visible_from": "time",
}  # fmt: skip
APPLICATIONS = {
    "application_id": "int", "candidate_id": "int", "job_id": "int", "origin": "str",
    "stage": "str", "reason": "str", "created_at": "time", "updated_at": "time",
    "decided_at": "time", "deleted_at": "time", "visible_from": "time",
}  # fmt: skip
STAGES = {"application_id": "int", "stage": "str", "entered_at": "time", "visible_from": "time"}
OFFERS = {
    "offer_id": "int", "application_id": "int", "status": "str", "created_at": "time",
    "approved_at": "time", "sent_at": "time", "signed_at": "time", "updated_at": "time",
    "visible_from": "time",
}  # fmt: skip


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def candidate(number: int, changed: datetime = START, **other: Any) -> dict[str, Any]:
    return {
        "candidate_id": number, "person_uid": f"P{number}", "first_name": "Zoë",
        "last_name": "Łukasz", "email": f"c{number}@example.org", "phone": "+4930123456",
        "created_at": START, "updated_at": changed, "visible_from": changed, **other,
    }  # fmt: skip


def application(number: int, changed: datetime | None = None, **other: Any) -> dict[str, Any]:
    changed = changed or after(number)
    return {
        "application_id": number, "candidate_id": number, "job_id": 3, "origin": "applied",
        "stage": "applied", "created_at": after(number), "updated_at": changed,
        "visible_from": changed, **other,
    }  # fmt: skip


def entry(number: int, stage: str, minutes: float) -> dict[str, Any]:
    at = after(minutes)
    return {"application_id": number, "stage": stage, "entered_at": at, "visible_from": at}


def offer(number: int, status: str = "draft", **other: Any) -> dict[str, Any]:
    return {
        "offer_id": number, "application_id": number, "status": status, "created_at": after(300),
        "updated_at": after(300), "visible_from": after(300), **other,
    }  # fmt: skip


def tables(**records: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the small world's tables, those named replaced."""
    over = {"decided_at": after(900), "visible_from": after(900)}
    default = {
        "candidates": [candidate(number) for number in range(1, 5)],
        "applications": [
            application(1, after(900), stage="offer", reason="hired", **over),
            application(2, after(900), stage="phone", reason="withdrew", **over),
            application(3, stage="offer"),
            application(4),
            # The second application of somebody.
            application(5, candidate_id=4),
        ],
        "application_stages": [
            *(entry(number, "applied", number) for number in range(1, 6)),
            entry(1, "phone", 60), entry(1, "on_site", 120), entry(1, "offer", 240),
            entry(2, "phone", 90), entry(3, "offer", 250),
        ],
        "job_offers": [
            offer(1, "signed", approved_at=after(310), sent_at=after(320), signed_at=after(600)),
            offer(3, "sent", approved_at=after(310), sent_at=after(330)),
        ],
    }  # fmt: skip
    kinds = {
        "candidates": CANDIDATES,
        "applications": APPLICATIONS,
        "application_stages": STAGES,
        "job_offers": OFFERS,
    }
    return {name: frame(kinds[name], (default | records)[name]) for name in kinds}
