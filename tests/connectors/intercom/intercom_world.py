"""A help desk small enough to know by heart, as an Intercom workspace."""

from datetime import datetime
from typing import Any

import pandas as pd
from desk_world import AGENT, BOT, REQUESTER, START, after, event, frames_of, ticket, user

__all__ = ["AGENT", "BOT", "REQUESTER", "START", "after", "event", "tables", "ticket", "user"]


def agent(id_: int = AGENT, **other: Any) -> dict[str, Any]:
    return user(id_, role="agent", name="Jo Care", **other)


def by_agent(id_: int, kind: str, minutes: float, **other: Any) -> dict[str, Any]:
    return event(id_, 1, kind, minutes, actor_id=AGENT, actor_role="agent", **other)


def rating(ticket_id: int, score: str, changed: datetime, **other: Any) -> dict[str, Any]:
    return {
        "rating_id": 7_700_000_000 + ticket_id, "ticket_id": ticket_id, "requester_id": REQUESTER,
        "score": score, "created_at": after(60), "updated_at": changed, "visible_from": changed,
        **other,
    }  # fmt: skip


def tables(**records: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the desk's tables, those named replaced."""
    bot = user(BOT, role="agent", name="Answer Bot", email=None)
    default = {
        "tickets": [ticket(n) for n in range(1, 6)],
        "support_users": [user(REQUESTER), user(REQUESTER + 7), agent(), agent(AGENT + 1), bot],
        "ticket_events": [
            event(100, 1, "created", 1, value="new"),
            event(101, 1, "comment", 2, actor_id=BOT, actor_role="bot", value="We got it."),
            event(102, 1, "assignment", 3, actor_id=None, actor_role="system", value=str(AGENT)),
            by_agent(103, "comment", 8, value="Checked with the warehouse.", is_public=False),
            by_agent(104, "comment", 9, value="Thank you, we are on it."),
            by_agent(105, "status", 9, value="pending", previous_value="new"),
            event(106, 1, "comment", 20, value="Danke!"),
            by_agent(107, "status", 30, value="solved", previous_value="pending"),
        ],
        "satisfaction_ratings": [rating(1, "good", after(90), comment="Schnell!")],
    }
    return frames_of(default | records)
