"""Reviews enough for a page and one more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from frames import frame

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
FEEDBACK = {
    "submission_id": "int", "contact_id": "int", "value": "int", "survey_name": "str",
    "content": "str", "channel": "str", "submitted_at": "time", "updated_at": "time",
}  # fmt: skip
MANY = 51  # the last page holds one


def review(number: int, **other: Any) -> dict[str, Any]:
    """Return a review that has not changed since it was written."""
    at = START + timedelta(seconds=number // 50)
    return {
        "submission_id": number, "contact_id": 1, "value": 9, "survey_name": "Top",
        "content": "Schnell ✉️", "channel": "EMAIL", "submitted_at": at, "updated_at": at, **other,
    }  # fmt: skip


def tables(reviews: list[dict[str, Any]] | None = None) -> dict[str, pd.DataFrame]:
    """Return the vendor's tables."""
    given = [review(n) for n in range(1, MANY + 1)] if reviews is None else reviews
    return {"crm_feedback": frame(FEEDBACK, given)}
