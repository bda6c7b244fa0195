"""What else happens to a random ticket: people write again, wait, are handed on and come back."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

Row = dict[str, Any]
TOPICS = ["billing", "delivery", None]
MOVES = [
    {"event_type": "comment", "actor_role": "agent", "is_public": True},
    {"event_type": "comment", "actor_role": "agent", "is_public": False},
    {"event_type": "comment", "actor_role": "bot", "is_public": True},
    {"event_type": "comment", "actor_role": "end_user", "is_public": True},
    {"event_type": "comment", "actor_role": "end_user", "is_public": True},
    {"event_type": "status", "actor_role": "agent", "value": "pending"},
    {"event_type": "status", "actor_role": "agent", "value": "hold"},
    {"event_type": "status", "actor_role": "system", "value": "open"},
    {"event_type": "status", "actor_role": "agent", "value": "solved"},
    {"event_type": "priority", "actor_role": "agent", "value": "high", "previous_value": "low"},
    {"event_type": "priority", "actor_role": "agent", "value": "urgent"},
    {"event_type": "group", "actor_role": "system", "value": "desk:a"},
    {"event_type": "group", "actor_role": "agent", "value": "desk:b", "previous_value": "desk:a"},
    {"event_type": "assignment", "actor_role": "agent", "value": "desk:1"},
    {"event_type": "assignment", "actor_role": "agent", "value": "desk:2"},
]


def more(seed: Sequence[int], ticket: Row, told: list[Row]) -> tuple[Row, list[Row]]:
    """Return a ticket that half of the time has a longer story, the status as that story ends."""
    rng = np.random.default_rng([*seed, 1])
    ticket = ticket | {
        "topic": TOPICS[int(rng.integers(len(TOPICS)))],
        "is_merged": bool(rng.random() < 0.05),
    }
    if rng.random() < 0.5:
        return ticket, told
    told = [*told, *moves(rng, ticket)]
    in_order = sorted(told, key=lambda row: (row["occurred_at"], row["ticket_event_id"]))
    statuses = [row["value"] for row in in_order if row["event_type"] == "status"]
    last = statuses[-1] if statuses else ticket["status"]
    return ticket | {"status": {"hold": "pending"}.get(last, last)}, told


def moves(rng: np.random.Generator, ticket: Row) -> Iterator[Row]:
    for n in range(int(rng.integers(1, 9))):
        move = MOVES[int(rng.integers(len(MOVES)))]
        later = timedelta(minutes=int(rng.integers(0, 600)) * 30)
        yield {
            "source": "zendesk",
            "ticket_id": ticket["ticket_id"],
            "ticket_event_id": f"{ticket['ticket_id']}-more{n}",
            "actor_account_id": "zendesk:agent",
            "occurred_at": ticket["created_at"] + later,
            **move,
        }


def sessions(seed: Sequence[int], people: int) -> Iterator[Row]:
    """Yield what the people of a world looked up themselves."""
    rng = np.random.default_rng([*seed, 2])
    for n in range(people * 2):
        yield {
            "source": "zendesk",
            "touchpoint_id": f"w{seed[-1]}-session-{n}",
            "account_id": f"world:{seed[-1]}-{int(rng.integers(people))}",
            "touchpoint_type": ["article_view", "bot_session", "support_ticket"][n % 3],
            "direction": "inbound",
            "occurred_at": datetime(2024, 1, 1) + timedelta(hours=int(rng.integers(8760))),
        }
