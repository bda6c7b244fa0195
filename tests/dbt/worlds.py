"""Twenty small random worlds, one an audience, in the two years before the golden set."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import worlds_commerce
import worlds_loop
import worlds_support

Row = dict[str, Any]
SEED = 20260410
AUDIENCES = [
    "media",
    "influencer",
    "volunteer",
    "neighbour",
    "regulator",
    "student",
    "applicant",
    "guardian",
    "alumnus",
    "investor",
    "sponsor",
    "research_funder",
    "reseller_partner",
    "supplier",
    "athlete",
    "community_member",
    "follower",
    "prospect",
    "lead",
    "lapsed_customer",
]
COUNTRIES = ["DE", "FR", "PL", "Åland", None]
JOURNEYS = [
    ("buyer", ["aware", "consider", "evaluate", "buy"]),
    ("partner", ["recruit", "onboard", "sell_or_supply", "review", "renew"]),
    ("media", ["meet", "brief", "cover", "correct", "return"]),
]
CHANNELS = ["web", "email", "chat", None]
FIRST, LAST = datetime(2024, 1, 1), datetime(2024, 12, 31)


class World:
    """An audience with its own size, its own share of repeaters and its own habits."""

    def __init__(self, audience: str, number: int) -> None:
        self.audience = audience
        self.number = number
        self.rng = np.random.default_rng([SEED, number])
        self.people = int(self.rng.integers(1, 30))
        self.size = int(self.rng.integers(1, 60))
        self.is_uniform = number % 7 == 3  # everybody answers alike

    def someone(self) -> str | None:
        if self.rng.random() < 0.05:
            return None
        return f"world:{self.number}-{int(self.rng.integers(self.people))}"

    def moment(self) -> datetime:
        span = int((LAST - FIRST).total_seconds())
        return FIRST + timedelta(seconds=int(self.rng.integers(span)))

    def pick(self, values: list[str | None]) -> str | None:
        return values[int(self.rng.integers(len(values)))]

    def answers(self) -> Iterator[Row]:
        roles = [("nps", 0, 10), ("csat", 1, 5), ("ces", 1, 7), ("rating", 1, 5)]
        for n in range(self.size * 3):
            role, low, high = roles[int(self.rng.integers(len(roles)))]
            value = high if self.is_uniform else int(self.rng.integers(low, high + 1))
            country = self.pick(COUNTRIES)
            key = f"w{self.number}-{n}"
            yield {
                "source": "qualtrics",
                "answer_id": key,
                "response_id": key,
                "question_id": f"Q{role}",
                "account_id": self.someone(),
                "instrument": f"survey_{int(self.rng.integers(2))}",
                "metric_role": role,
                "scale_min": float(low),
                "scale_max": float(high),
                "confidentiality": "anonymous" if self.number % 5 == 4 else "identified",
                "answer_value": float(value),
                "response_status": "complete",
                "answered_at": self.moment(),
                "audience": self.audience,
                "attributes": f'{{"country": "{country}"}}' if country else None,
                "weight": self.weight(),
            }

    def weight(self) -> float | None:
        """All of some worlds' answers have a weight, some of others', none of the rest."""
        often = {0: 1.0, 1: 0.9}.get(self.number % 3, 0.0)
        return float(self.rng.uniform(0.2, 3)) if self.rng.random() < often else None

    def tickets(self) -> Iterator[tuple[Row, list[Row]]]:
        for n in range(self.size):
            key = f"w{self.number}-{n}"
            created = self.moment()
            wait = timedelta(minutes=int(self.rng.integers(0, 40)) * 30)
            is_solved = bool(self.rng.random() < 0.8)
            ticket = {
                "source": "zendesk",
                "ticket_id": key,
                "account_id": self.someone(),
                "touchpoint_type": "support_ticket",
                "channel": self.pick(CHANNELS),
                "priority": self.pick(["low", "high", None]),
                "status": "solved" if is_solved else "open",
                "created_at": created,
                "audience": self.audience,
                "is_timely": None if self.rng.random() < 0.2 else bool(self.rng.random() < 0.7),
                "forwarded_at": created + wait if self.rng.random() < 0.5 else None,
            }
            told = list(self.story(key, created, wait, is_solved))
            yield worlds_support.more([SEED, self.number, n], ticket, told)

    def story(
        self, ticket: str, created: datetime, wait: timedelta, is_solved: bool
    ) -> Iterator[Row]:
        base = {"source": "zendesk", "ticket_id": ticket, "actor_account_id": "zendesk:agent"}
        yield base | {
            "ticket_event_id": f"{ticket}-0",
            "actor_role": "system",
            "event_type": "created",
            "occurred_at": created,
        }
        if self.rng.random() < 0.85:
            yield base | {
                "ticket_event_id": f"{ticket}-1",
                "actor_role": "agent",
                "event_type": "comment",
                "is_public": True,
                "occurred_at": created + wait,
            }
        if is_solved:
            yield base | {
                "ticket_event_id": f"{ticket}-2",
                "actor_role": "agent",
                "event_type": "status",
                "value": "solved",
                "occurred_at": created + 3 * wait,
            }

    def records(self) -> Iterator[Row]:
        for n in range(self.size):
            yield {
                "source": "files",
                "evidence_id": f"w{self.number}-{n}",
                "audience": self.audience,
                "is_ended": bool(self.rng.random() < 0.3),
                "snapshot_date": date(2024, 12, 31),
                "attributes": f'{{"contract": "{self.pick(["a=b", "c;d", "é", None])}"}}',
            }

    def steps(self) -> Iterator[Row]:
        """Deals and the like that go to and fro, some with two people, some at one instant."""
        journey, stages = JOURNEYS[self.number % len(JOURNEYS)]
        for n in range(self.size):
            people = {self.someone(), self.someone() if n % 5 == 0 else None} - {None}
            at, place = self.moment(), int(self.rng.integers(2))
            outcome = [None, "won", "lost"][int(self.rng.integers(3))]
            path = []
            for _ in range(int(self.rng.integers(1, 5))):
                path.append((stages[place % len(stages)], at))
                at += timedelta(hours=12 * int(self.rng.integers(0, 160)))
                place += int(self.rng.choice([-1, 1, 1, 1, 2]))
            is_told = bool(self.rng.random() < 0.8)
            for step, (stage, entered) in enumerate(path):
                for person in sorted(p for p in people if p) or [None]:
                    yield {
                        "source": "hubspot",
                        "stage_event_id": f"w{self.number}-{n}-{step}-{person}",
                        "account_id": person,
                        "subject_id": f"w{self.number}-{n}",
                        "journey": journey,
                        "stage": stage,
                        "entered_at": entered,
                        "outcome": outcome,
                        "decided_at": at if outcome and is_told else None,
                        "audience": self.audience,
                    }


def rows() -> dict[str, list[Row]]:
    """Return the rows of all worlds by input contract."""
    found: dict[str, list[Row]] = {
        name: []
        for name in (
            "survey_answers",
            "tickets",
            "ticket_events",
            "membership_evidence",
            "stage_events",
            "touchpoints",
            "activities",
        )
    }
    for number, audience in enumerate(AUDIENCES):
        world = World(audience, number)
        found["survey_answers"] += world.answers()
        found["membership_evidence"] += world.records()
        found["touchpoints"] += worlds_support.sessions([SEED, number], world.people)
        found["activities"] += worlds_loop.activities([SEED, number], world.people)
        for n, (ticket, story) in enumerate(world.tickets()):
            found["tickets"].append(ticket)
            found["ticket_events"] += worlds_loop.opened_by_us([SEED, number, n], story)
        found["stage_events"] += world.steps()
        for contract, bought in worlds_commerce.rows(audience, number, world.people).items():
            found.setdefault(contract, []).extend(bought)
    found["person_observations"] = [
        {"source": "hubspot", "account_id": f"world:{number}-{n}", "country": "DE"}
        for number in range(len(AUDIENCES))
        for n in range(30)
    ]
    return found


def together(*made: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Return the rows of several makers by input contract."""
    return {name: [row for rows in made for row in rows.get(name, [])] for name in
            {name for rows in made for name in rows}}  # fmt: skip
