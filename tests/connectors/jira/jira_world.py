"""A help desk small enough to know by heart, as a site of Jira Service Management."""

from datetime import datetime
from typing import Any

import pandas as pd
from desk_world import AGENT, BOT, REQUESTER, START, after, event, frames_of, rating, ticket, user

__all__ = ["AGENT", "BOT", "REQUESTER", "START", "after", "event", "rating", "tables", "ticket",
           "user"]  # fmt: skip

FIRM = 46_500_000_000_031


def agent(id_: int = AGENT, **other: Any) -> dict[str, Any]:
    return user(id_, **{"role": "agent", "name": "Jo Care", "employee_number": "E1"} | other)


def by_agent(id_: int, kind: str, minutes: float, **other: Any) -> dict[str, Any]:
    return event(id_, 1, kind, minutes, actor_id=AGENT, actor_role="agent", **other)


def organization(id_: int, name: str, changed: datetime = START) -> dict[str, Any]:
    return {
        "organization_id": id_, "name": name, "domain_names": "example.org", "created_at": START,
        "updated_at": changed, "visible_from": changed,
    }  # fmt: skip


def tables(**records: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the desk's tables, those named replaced."""
    default = {
        "tickets": [ticket(n) for n in range(1, 6)],
        "support_users": [user(REQUESTER), agent(), user(BOT, role="agent", email=None)],
        "support_organizations": [organization(FIRM, "Łódź GmbH"), organization(FIRM + 1, "Á")],
        "ticket_events": [
            event(100, 1, "created", 1, value="new"),
            event(101, 1, "comment", 2, actor_id=BOT, actor_role="bot", value="We got it."),
            event(102, 1, "assignment", 3, actor_id=None, actor_role="system", value=str(AGENT)),
            by_agent(103, "comment", 8, value="Checked with the warehouse.", is_public=False),
            by_agent(104, "comment", 9, value="Thank you,\nwe are on it."),
            by_agent(105, "status", 9, value="pending", previous_value="new"),
            event(106, 1, "comment", 20, value="Danke!"),
        ],
        "satisfaction_ratings": [],
    }
    return frames_of(default | records)
