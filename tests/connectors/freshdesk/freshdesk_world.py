"""A help desk small enough to know by heart, as the sandbox's tables hold it."""

from datetime import datetime
from typing import Any

import desk_world
import pandas as pd
from desk_world import AGENT, BOT, REQUESTER, START, after, event, frames_of, rating, ticket

__all__ = ["AGENT", "BOT", "REQUESTER", "START", "after", "rating", "tables", "ticket"]


def user(id_: int, changed: datetime = START, **other: Any) -> dict[str, Any]:
    return desk_world.user(id_, changed, **{"time_zone": "Berlin"} | other)


def comment(id_: int, ticket_id: int, minutes: float, **other: Any) -> dict[str, Any]:
    return event(id_, ticket_id, "comment", minutes, **{"value": "Danke!"} | other)


def organization(id_: int, **other: Any) -> dict[str, Any]:
    return {
        "organization_id": id_, "name": "Łódź GmbH", "domain_names": "example.org;mail.example.org",
        "created_at": START, "updated_at": START, "visible_from": START, **other,
    }  # fmt: skip


def tables(**records: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the desk's tables, those named replaced."""
    default = {
        "tickets": [ticket(n) for n in range(1, 6)],
        "support_users": [user(REQUESTER), user(AGENT, role="agent", name="Jo Care")],
        "support_organizations": [organization(46_500_000_000_031)],
        "ticket_events": [
            comment(100, 1, 1, event_type="created", value="new"),
            comment(101, 1, 2, actor_id=BOT, actor_role="bot", via="rule", value="We got it."),
            comment(102, 1, 8, actor_id=AGENT, actor_role="agent", is_public=False, value="?"),
            comment(103, 1, 9, actor_id=AGENT, actor_role="agent", value="We are on it."),
            comment(104, 1, 12),
        ],
        "satisfaction_ratings": [
            rating(7_700_000_001, 1, "good", comment="Schnell!"),
            rating(7_700_000_002, 2, "offered"),
        ],
    }
    return frames_of(default | records)
