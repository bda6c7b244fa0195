"""A help desk small enough to know by heart."""

from typing import Any

import pandas as pd
from desk_world import AGENT, BOT, REQUESTER, START, after, event, frames_of, rating, ticket, user

__all__ = [
    "AGENT",
    "BOT",
    "REQUESTER",
    "START",
    "after",
    "event",
    "rating",
    "tables",
    "ticket",
    "user",
]


def tables(**records: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the desk's tables, those named replaced."""
    agent = user(AGENT, role="agent", name="Jo Care", employee_number="E-17")
    organization = {
        "organization_id": 46_500_000_000_031, "name": "Łódź GmbH",
        "domain_names": "example.org;mail.example.org", "created_at": START, "updated_at": START,
        "visible_from": START,
    }  # fmt: skip
    default = {
        "tickets": [ticket(n) for n in range(1, 6)],
        "support_users": [user(REQUESTER), agent],
        "support_organizations": [organization],
        "ticket_events": [
            event(100, 1, "created", 1, value="new"),
            event(101, 1, "comment", 2, actor_id=BOT, via="rule", value="We got it."),
            event(102, 1, "assignment", 3, actor_id=None, via="rule", value=str(AGENT)),
            event(103, 1, "comment", 9, actor_id=AGENT, value="Thank you, we are on it."),
            event(104, 1, "status", 9, actor_id=AGENT, value="pending", previous_value="new"),
        ],
        "satisfaction_ratings": [rating(7_700_000_001, 1, "good", comment="Schnell!")],
    }
    return frames_of(default | records)
