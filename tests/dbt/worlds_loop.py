"""What is done about the people of a random world: tasks, calls and mails, and tickets that we open."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

Row = dict[str, Any]
TYPES = ["task", "call", "email", "meeting"]


def activities(seed: Sequence[int], people: int) -> Iterator[Row]:
    """Yield what agents did or planned towards the people of a world."""
    rng = np.random.default_rng([*seed, 4])
    for n in range(people * 12):
        begun = datetime(2024, 1, 1) + timedelta(minutes=int(rng.integers(8760 * 60)))
        is_done = bool(rng.random() < 0.6)
        yield {
            "source": "salesforce",
            "activity_id": f"w{seed[-1]}-activity-{n}",
            "account_id": f"world:{seed[-1]}-{int(rng.integers(people))}",
            "actor_account_id": "salesforce:agent",
            "activity_type": TYPES[int(rng.integers(len(TYPES)))],
            "occurred_at": begun,
            "completed_at": begun + timedelta(hours=int(rng.integers(0, 400))) if is_done else None,
        }


def opened_by_us(seed: Sequence[int], told: list[Row]) -> list[Row]:
    """Return the story of a ticket that an agent opens one time in four."""
    if np.random.default_rng([*seed, 5]).random() >= 0.25:
        return told
    return [
        {**row, "actor_role": "agent"} if row["event_type"] == "created" else row for row in told
    ]
