"""What the help desk's exports show of tickets: versions, events and satisfaction ratings."""

from __future__ import annotations

import numpy as np

from ingestion.sandbox import effects, flaws, phrases
from ingestion.sandbox.clock import DAY, HOUR, MINUTE, NEVER
from ingestion.sandbox.people import Population
from ingestion.sandbox.support import CHANNELS, Tickets
from ingestion.sandbox.support_users import BOT_ID, Desk, agent_id
from ingestion.sandbox.versions import Columns, timeline
from ingestion.sandbox.workforce import Workforce

FIRST_RATING_ID = 7_700_000_000
GOOD_ABOVE = -0.75
_STEPS = (
    ("replied", "pending"),
    ("came_back", "open"),
    ("solved", "solved"),
    ("reopened", "open"),
    ("solved_again", "solved"),
    ("closed", "closed"),
    ("deleted", "deleted"),
)
_EXTRA_TAGS = np.array(["", "vip", "vip;callback", "gift", "autumn_sale"], dtype=object)


def arrival(tickets: Tickets) -> np.ndarray:
    """Return when each ticket reached the desk: a few were noted on paper and typed in late."""
    late = 2 * DAY + (tickets.draws["generated"] * 5 * DAY).astype(np.int64)
    return tickets["created"] + np.where(tickets.draws.chance("late", 0.015), late, 0)


def tickets_table(tickets: Tickets, desk: Desk, force: Workforce) -> tuple[Columns, np.ndarray]:
    """Return the tickets' versions and when each shows.

    Closing is the system's doing: it moves ``generated_at`` and leaves ``updated_at`` alone.
    """
    assigned = assignment(tickets)
    user_merged = desk["merged"][tickets.user]
    steps = [tickets[name] for name, _ in _STEPS]
    scrubbed = np.where(
        tickets.draws.chance("reassigned", 0.5), tickets["deleted"] + 30 * DAY, NEVER
    )
    last = np.where(
        tickets["deleted"] < NEVER, np.maximum(tickets["deleted"], scrubbed % NEVER), NEVER
    )
    row, at = timeline(tickets["created"], [assigned, *steps, user_merged, scrubbed], last)
    status = np.full(len(row), "new", dtype=object)
    touched = tickets["created"][row]
    for name, label in _STEPS:
        moment = tickets[name][row]
        reached = at >= moment
        status = np.where(reached, label, status)
        if label != "closed":
            touched = np.where(reached, np.maximum(touched, moment), touched)
    solved = np.where(
        at >= tickets["solved_again"][row], tickets["solved_again"][row], tickets["solved"][row]
    )
    generated = np.maximum(at, arrival(tickets)[row])
    is_scrubbed = at >= scrubbed[row]
    moved = at >= user_merged[row]
    user = tickets.user[row]
    columns = {
        "ticket_id": tickets["ticket_id"][row],
        "requester_id": np.where(moved, desk["winner_id"][user], desk["user_id"][user]),
        "assignee_id": flaws.only(agent_id(force)[tickets["agent"][row]], at >= assigned[row]),
        "organization_id": desk["organization_id"][user],
        "brand_id": tickets["brand_id"][row],
        "channel": np.array(CHANNELS, dtype=object)[tickets["channel"][row]],
        "subject": np.where(is_scrubbed, flaws.SCRUBBED, tickets["subject"][row]),
        "description": np.where(is_scrubbed, flaws.SCRUBBED, tickets["description"][row]),
        "priority": tickets["priority"][row],
        "status": status,
        "tags": _tags(tickets, row, at),
        "topic": tickets["topic"][row],
        "created_at": tickets["created"][row],
        "updated_at": touched,
        "generated_at": generated,
        "solved_at": np.where(at >= tickets["solved"][row], solved, NEVER),
        "is_test": tickets["is_test"][row],
    }
    return columns, generated


def _tags(tickets: Tickets, row: np.ndarray, at: np.ndarray) -> np.ndarray:
    extra = _EXTRA_TAGS[tickets.draws.index("tags", len(_EXTRA_TAGS), [80, 8, 2, 5, 5])][row]
    tags = tickets["topic"][row] + np.where(extra == "", "", ";" + extra)
    tags = tags + np.where(tickets["is_test"][row], ";test", "").astype(object)
    merged = tickets["is_merged"][row] & (at >= tickets["closed"][row])
    return tags + np.where(merged, ";closed_by_merge", "").astype(object)


def assignment(tickets: Tickets) -> np.ndarray:
    """Return when each ticket found its agent."""
    replied = np.where(
        tickets["replied"] < NEVER, tickets["replied"], tickets["created"] + 2 * HOUR
    )
    return tickets["created"] + ((replied - tickets["created"]) * 0.3).astype(np.int64)


def handed_on(tickets: Tickets) -> np.ndarray:
    """Return which tickets somebody else had before the agent who answered."""
    return tickets.draws.chance("other", 0.06) & (tickets["agent"] != tickets["second_agent"])


def events_table(tickets: Tickets, desk: Desk, force: Workforce) -> tuple[Columns, np.ndarray]:
    """Return every event of every ticket; events never change."""
    draws, ids = tickets.draws, agent_id(force)
    agent, second = ids[tickets["agent"]], ids[tickets["second_agent"]]
    requester = desk["user_id"][tickets.user]
    writes = np.isin(tickets["channel"], [0, 1])
    bot = np.where(draws.chance("bot", 0.4) & writes, tickets["created"] + MINUTE, NEVER)
    swapped = handed_on(tickets)
    assigned = assignment(tickets)
    first_agent, before = np.where(swapped, second, agent), np.where(swapped, assigned - 20, NEVER)
    swapped_from = flaws.only(first_agent, swapped)
    text, title = tickets["description"], tickets["subject"]
    note = np.where(draws.chance("note", 0.2), tickets["replied"] - 30, NEVER)
    followed = np.where(tickets["came_back"] < NEVER, tickets["solved"] - MINUTE, NEVER)
    reply = np.where(
        tickets["is_merged"], "Merged into another request.", "Thank you, we are on it."
    )
    is_merged = tickets["is_merged"]
    closed_by_merge = np.where(is_merged, tickets["closed"], NEVER)
    closed = np.where(is_merged, NEVER, tickets["closed"])
    kinds = [
        (tickets["created"], requester, "end-user", "created", True, "new", None, "channel"),
        (bot, BOT_ID, "bot", "comment", True, "We received your message.", None, "rule"),
        (before, None, "system", "assignment", False, first_agent, None, "rule"),
        (assigned, None, "system", "assignment", False, agent, swapped_from, "rule"),
        (note, agent, "agent", "comment", False, "Checked with the warehouse.", None, "web"),
        (tickets["replied"], agent, "agent", "comment", True, reply, None, "web"),
        (tickets["replied"], agent, "agent", "status", False, "pending", "new", "web"),
        (tickets["came_back"], requester, "end-user", "comment", True, text, None, "email"),
        (followed, agent, "agent", "comment", True, "Here is what we did.", None, "web"),
        (tickets["solved"], agent, "agent", "status", False, "solved",
         np.where(tickets["came_back"] < NEVER, "open", "pending"), "web"),
        (tickets["reopened"], requester, "end-user", "comment", True, title, None, "email"),
        (tickets["reopened"], requester, "end-user", "status", False, "open", "solved", "email"),
        (tickets["solved_again"], agent, "agent", "comment", True, "Sorted out now.", None, "web"),
        (tickets["solved_again"], agent, "agent", "status", False, "solved", "open", "web"),
        (closed, None, "system", "status", False, "closed", "solved", "rule"),
        (closed_by_merge, agent, "agent", "status", False, "closed", "pending", "api"),
    ]  # fmt: skip
    parts = [_event(tickets, number, *kind) for number, kind in enumerate(kinds)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((columns["event_id"], columns["created_at"]))
    columns = {name: values[order] for name, values in columns.items()}
    return columns, np.maximum(columns["created_at"], columns.pop("arrived"))


def _event(
    tickets: Tickets, number: int, at: np.ndarray, actor: object, role: str, kind: str,
    is_public: bool, value: object, previous: object, via: str,
) -> Columns:  # fmt: skip
    rows = np.flatnonzero(at < np.minimum(NEVER, tickets["deleted"]))

    def spread(what: object, text: bool) -> np.ndarray:
        values = what if isinstance(what, np.ndarray) else np.full(len(tickets), what, dtype=object)
        values = values[rows]
        if not text:
            return values.astype(object)
        return np.array([None if v is None else str(v) for v in values], dtype=object)

    channels = np.array(["web", "email", "api", "api"], dtype=object)[tickets["channel"]]
    return {
        "event_id": tickets["ticket_id"][rows] * 100 + number,
        "ticket_id": tickets["ticket_id"][rows],
        "actor_id": spread(actor, text=False),
        "actor_role": np.full(len(rows), role, dtype=object),
        "event_type": np.full(len(rows), kind, dtype=object),
        "is_public": np.full(len(rows), is_public),
        "value": spread(value, text=True),
        "previous_value": spread(previous, text=True),
        "created_at": at[rows],
        "via": channels[rows] if via == "channel" else np.full(len(rows), via, dtype=object),
        "arrived": arrival(tickets)[rows],
    }


def latent(tickets: Tickets, population: Population) -> np.ndarray:
    """Return how satisfied each requester was with the help: level, wait, team, trait and mood."""
    return (
        help_level(tickets)
        + population["satisfaction_trait"][tickets.who]
        + effects.MOOD_SD * tickets.draws.normal("csat")
    )


def help_level(tickets: Tickets) -> np.ndarray:
    """Return the level of satisfaction that a ticket's wait and team lead to."""
    relative = tickets["wait_minutes"] / effects.USUAL_FIRST_RESPONSE_MINUTES
    return (
        effects.CSAT_LEVEL
        - effects.CSAT_PER_LOG_WAIT * np.log(relative)
        + effects.ENGAGEMENT_SPOILS * tickets["mood"]
    )


def ratings_table(
    tickets: Tickets, desk: Desk, force: Workforce, population: Population
) -> tuple[Columns, np.ndarray]:
    """Return the desk's own good-or-bad ratings: offered with the solution, answered by some."""
    draws = tickets.draws
    offered = np.where(
        draws.chance("rated", 0.45) & ~tickets["is_test"], tickets["solved"] + HOUR, NEVER
    )
    offered = np.where(offered < tickets["deleted"], offered, NEVER)
    rows = np.flatnonzero(offered < NEVER)
    draws = draws.take(rows)
    answers = offered[rows] + draws.waiting("rating_wait", 2 * DAY)
    answers = np.where(draws.chance("rating", 0.45), answers, NEVER)
    good = latent(tickets, population)[rows] > GOOD_ABOVE
    comments = phrases.comments(
        tickets["language"][rows],
        np.where(good, phrases.GOOD, phrases.BAD),
        draws,
        "comment_a",
        "comment_b",
    )
    reason = draws.choice("other", ["Took too long", "Not resolved", "Unfriendly", None])
    row, at = timeline(offered[rows], [answers])
    answered = at >= answers[row]
    says = answered & draws.chance("says", 0.35)[row]
    columns = {
        "rating_id": FIRST_RATING_ID + tickets["ticket_id"][rows][row],
        "ticket_id": tickets["ticket_id"][rows][row],
        "requester_id": desk["user_id"][tickets.user[rows]][row],
        "assignee_id": agent_id(force)[tickets["agent"][rows]][row],
        "score": np.where(answered, np.where(good[row], "good", "bad"), "offered").astype(object),
        "comment": flaws.only(comments[row], says),
        "reason": flaws.only(reason[row], answered & ~good[row]),
        "created_at": offered[rows][row],
        "updated_at": at,
    }
    return columns, at
