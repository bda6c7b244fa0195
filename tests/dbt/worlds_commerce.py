"""What the people of the random worlds buy, visit, post and share, and who follows on a platform."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

Row = dict[str, Any]
SEED = 20260410
FIRST, DAYS = datetime(2024, 1, 1), 720
CURRENCIES = ["EUR", "EUR", "USD", "GBP", "XTS"]
BUYS = {
    "prospect": ("order", "subscriber"),
    "lead": ("order", "subscriber"),
    "lapsed_customer": ("order", "subscriber"),
    "athlete": ("attendance", "member"),
    "community_member": ("attendance", "member"),
    "follower": ("attendance", "member"),
    "investor": ("donation", None),
    "sponsor": ("donation", None),
}
ACTS = ["content", "content", "community_post", "community_post", "referral", "share"]


class Commerce:
    """The doings of one world: dense in some, rare in others."""

    def __init__(self, audience: str, number: int, people: int) -> None:
        self.audience, self.number, self.people = audience, number, people
        self.rng = np.random.default_rng([SEED, number, 1])
        self.kind, self.contract = BUYS[audience]
        self.often = int(self.rng.integers(2, 12))

    def account(self, person: int) -> str:
        return f"world:{self.number}-{person}"

    def moment(self) -> datetime:
        return FIRST + timedelta(seconds=int(self.rng.integers(DAYS * 86400)))

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def memberships(self) -> Iterator[Row]:
        for person in range(self.people):
            named = [self.audience] * int(self.rng.integers(1, 3))
            named += [self.contract] if self.contract and self.chance(0.4) else []
            named += ["junior_fan"] if self.contract == "member" and self.chance(0.1) else []
            for n, audience in enumerate(named):
                begins = self.moment()
                yield {
                    "source": "hubspot" if self.chance(0.7) else "qualtrics",
                    "evidence_id": f"w{self.number}-stood-{person}-{n}",
                    "account_id": self.account(person),
                    "audience": audience,
                    "valid_from": None if self.chance(0.2) else begins,
                    "valid_to": begins + timedelta(days=int(self.rng.integers(1, 500)))
                    if self.chance(0.6)
                    else None,
                }

    def orders(self) -> Iterator[Row]:
        has_all_rates = self.number % 2 == 0
        for n in range(self.people * self.often):
            currency = CURRENCIES[int(self.rng.integers(4 if has_all_rates else 5))]
            status = str(self.rng.choice(["paid", "paid", "paid", "refunded", "cancelled"]))
            amount = round(float(self.rng.uniform(5, 200)), 2)
            person = int(self.rng.integers(self.people)) if self.chance(0.95) else None
            yield {
                "source": "hubspot",
                "order_id": f"w{self.number}-{n}",
                "account_id": None if person is None else self.account(person),
                "order_kind": self.kind,
                "status": status,
                "ordered_at": self.moment(),
                "amount": amount if self.chance(0.98) else None,
                "currency": currency,
                "refunded_amount": round(amount / 2, 2) if status == "refunded" else None,
                "cost_amount": round(amount * 0.6, 2) if self.chance(0.99) else None,
                "audience": self.audience if self.chance(0.5) else None,
            }

    def touchpoints(self) -> Iterator[Row]:
        # Enough of them in two worlds that some are superfans.
        often = self.often * {"athlete": 20, "follower": 10}.get(self.audience, 1)
        for n in range(self.people * often if self.contract == "member" else 0):
            yield {
                "source": "hubspot",
                "touchpoint_id": f"w{self.number}-act-{n}",
                "account_id": self.account(int(self.rng.integers(self.people))),
                "touchpoint_type": ACTS[int(self.rng.integers(len(ACTS)))],
                "channel": "web",
                "direction": "inbound",
                "occurred_at": self.moment(),
            }

    def reviews(self) -> Iterator[Row]:
        for n in range(self.people):
            yield {
                "source": "zendesk",
                "turn_id": f"review-w{self.number}-{n}",
                "account_id": self.account(int(self.rng.integers(self.people))),
                "feedback_kind": "unsolicited" if self.chance(0.9) else "always_on",
                "stars": float(self.rng.integers(1, 6)) if self.chance(0.9) else None,
                "stars_max": 5.0,
                "occurred_at": self.moment(),
            }

    def counts(self) -> Iterator[Row]:
        for platform in ("a", "b"):
            people, day = int(self.rng.integers(100, 1000)), date(2024, 1, 10)
            while day < date(2025, 8, 1):
                day += timedelta(days=int(self.rng.integers(1, 12)))
                joined, left = int(self.rng.integers(0, 90)), int(self.rng.integers(0, 60))
                people += joined - left
                yield {
                    "source": "hubspot",
                    "count_id": f"w{self.number}-{platform}-{day}",
                    "audience": self.audience,
                    "platform": platform,
                    "counted_on": day,
                    "people": people,
                    "joined": joined if self.chance(0.9) else None,
                    "left_count": left,
                }


def rows(audience: str, number: int, people: int) -> dict[str, list[Row]]:
    """Return the rows of one world by input contract; none where nothing is bought."""
    if audience not in BUYS:
        return {}
    world = Commerce(audience, number, people)
    return {
        "membership_evidence": list(world.memberships()),
        "orders": list(world.orders()),
        "touchpoints": list(world.touchpoints()),
        "feedback_turns": list(world.reviews()),
        "audience_counts": list(world.counts()) if world.contract else [],
    }
