"""Reviews, as either vendor of them shows what the sandbox's CRM gathered."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from frames import frame

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
FEEDBACK = {
    "submission_id": "int", "contact_id": "int", "value": "int", "survey_name": "str",
    "content": "str", "channel": "str", "submitted_at": "time", "updated_at": "time",
}  # fmt: skip


def review(number: int, channel: str, **other: Any) -> dict[str, Any]:
    """Return a review that has not changed since it was written."""
    at = START + timedelta(seconds=number // 50)
    return {
        "submission_id": number, "contact_id": 1, "value": 9, "survey_name": "Top",
        "content": "Schnell ✉️", "channel": channel, "submitted_at": at, "updated_at": at, **other,
    }  # fmt: skip


def frames(reviews: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the vendor's tables."""
    return {"crm_feedback": frame(FEEDBACK, reviews)}
