"""The story of a ticket, in plain Python: whose turn it was, when it was solved, who had it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from reference_events import House, Row

WEEK = timedelta(days=7)
OVER = ("solved", "closed")


@dataclass
class Story:
    """A ticket that tells its story: what happened at or after its creation, in order."""

    ticket: Row
    happened: list[Row]
    as_of: datetime

    def said(self, row: Row) -> str | None:
        """Return whether a comment is our reply or a request of their side."""
        if row["event_type"] != "comment" or not row["is_public"]:
            return None
        asks = row["actor_account_id"] is not None and (
            row["actor_account_id"] == self.ticket["account_id"]
        )
        if row["actor_role"] == "end_user" or asks:
            return "request"
        return "reply" if row["actor_role"] == "agent" else None

    @cached_property
    def is_over(self) -> bool:
        return self.ticket["status"] in OVER

    @cached_property
    def replies(self) -> list[datetime]:
        return [row["occurred_at"] for row in self.happened if self.said(row) == "reply"]

    @cached_property
    def statuses(self) -> list[tuple[datetime, str]]:
        """Return the status at each instant at which one was set, the last of an instant."""
        told: dict[datetime, str] = {}
        solved = [
            row for row in self.happened
            if row["event_type"] == "status" and row["value"] == "solved"
        ]  # fmt: skip
        itself = self.ticket["solved_at"]
        if not solved and self.is_over and itself and itself >= self.ticket["created_at"]:
            told[itself] = "solved"
        for row in self.happened:
            if row["event_type"] == "status" and row["value"]:
                told[row["occurred_at"]] = row["value"]
        return sorted(told.items())

    @cached_property
    def solutions(self) -> list[datetime]:
        """Return when it was solved, each time that somebody said so."""
        events = [
            row["occurred_at"]
            for row in self.happened
            if row["event_type"] == "status" and row["value"] == "solved"
        ]
        return sorted(events) or [at for at, status in self.statuses if status == "solved"]

    @cached_property
    def last_solved(self) -> datetime | None:
        return self.solutions[-1] if self.solutions and self.is_over else None

    @cached_property
    def first_solved(self) -> datetime | None:
        return self.solutions[0] if self.solutions else None

    @cached_property
    def end(self) -> datetime:
        """Return until when what has not come is known not to have come."""
        closings = [at for at, value in self.set_to("closed")] if self.is_over else []
        if self.last_solved:
            return self.last_solved
        is_closed = self.ticket["status"] == "closed"
        return max(closings) if closings and is_closed else self.as_of

    def set_to(self, value: str) -> list[tuple[datetime, str]]:
        return [
            (row["occurred_at"], row["value"])
            for row in self.happened
            if row["event_type"] == "status" and row["value"] == value
        ]

    def moments(self) -> Iterator[tuple[datetime, str]]:
        """Yield what weighs most at each instant: what ends a turn of ours, then what begins one."""
        weighs = ("reply", "stop", "creation", "request", "return")
        found: dict[datetime, set[str]] = defaultdict(set)
        found[self.ticket["created_at"]].add("creation")
        for row in self.happened:
            found[row["occurred_at"]].add(self.said(row) or "")
        before = None
        for at, status in self.statuses:
            if status in ("pending", *OVER):
                found[at].add("stop")
            elif before in ("pending", *OVER):
                found[at].add("return")
            before = status
        for at in sorted(found):
            known = found[at].intersection(weighs)
            if known:
                yield at, min(known, key=weighs.index)

    def turns(self) -> Iterator[tuple[datetime, datetime | None, str, bool]]:
        """Yield (begin, end, what began it, whether a reply ended it) of each turn of ours."""
        begun: tuple[datetime, str] | None = None
        for at, what in self.moments():
            is_end = what in ("reply", "stop")
            if begun and is_end:
                yield begun[0], at, begun[1], what == "reply"
            if is_end:
                begun = None
            elif not begun:
                begun = at, what
        if begun:
            yield begun[0], None, begun[1], False

    def open_stretches(self) -> list[tuple[datetime, datetime | None]]:
        """Return when it was open, half-open; nothing where nobody knows when it was over."""
        found: list[tuple[datetime, datetime | None]] = []
        since: datetime | None = self.ticket["created_at"]
        for at, status in self.statuses:
            if status in OVER and since is not None:
                found += [(since, at)] if at > since else []
                since = None
            elif status not in OVER and since is None:
                since = at
        return [*found, (since, None)] if since and not self.is_over else found

    def was(self, event_type: str, column: str, moment: datetime) -> str | None:
        """Return what an attribute of the ticket was at a moment."""
        changes = sorted(
            (row for row in self.happened if row["event_type"] == event_type),
            key=lambda row: (row["occurred_at"], row["ticket_event_id"]),
        )
        known = [row["value"] for row in changes if row["occurred_at"] <= moment]
        if known:
            return known[-1]
        return changes[0]["previous_value"] if changes else self.ticket[column]

    def transfers(self) -> int:
        """Return how often an assignee or a team was replaced by another."""
        total = 0
        for kind in ("assignment", "group"):
            held = None
            for row in self.happened:
                if row["event_type"] == kind and row["value"]:
                    held = held or row["previous_value"]
                    total += held not in (None, row["value"])
                    held = row["value"]
        return total

    def is_assigned(self) -> bool:
        named = (
            row["value"] for row in self.happened if row["event_type"] in ("assignment", "group")
        )
        return any(named) or bool(self.ticket["assignee_account_id"] or self.ticket["team"])

    def reopened_within_a_week(self) -> bool:
        before, first = None, self.first_solved
        for at, status in self.statuses:
            if status not in OVER and before in OVER and first and at > first:
                return at <= first + WEEK
            before = status
        return False


def counted(house: House) -> list[Row]:
    return [r for r in house.contracts["tickets"] if not (r["is_test"] or r["is_deleted"])]


def story(house: House, ticket: Row) -> Story | None:
    """Return the story of a ticket, None where its source tells none."""
    told = house.stories.get(ticket["ticket_id"])
    if not told:
        return None
    since = [row for row in told if row["occurred_at"] >= ticket["created_at"]]
    in_order = sorted(since, key=lambda row: (row["occurred_at"], row["ticket_event_id"]))
    return Story(ticket, in_order, house.as_of)
