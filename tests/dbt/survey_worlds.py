"""A random world of fans who are asked, and of answers with everything wrong that can be."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np

Row = dict[str, Any]
SEED = 20250101
SENT = datetime(2025, 1, 15, 8)
SENT_AGAIN = datetime(2025, 5, 15, 8)
PEOPLE, FEW = 260, 24
AUDIENCES = ("fan", "attendee", "superfan", "community_member")
COUNTRIES = ("DE", "FR", "PL", "MT", None)
UNANSWERED = ("sent", "opened", "started", "partial", "bounced", "sampled", "quarantined")
STATUSES = (*["complete"] * 9, "partial", "dismissed", "test", "spam", None)
ROLES = (
    ("nps", 0, 10, "up"),
    ("csat", 1, 5, None),
    ("ces", 1, 7, "up"),
    ("ces", 1, 5, "down"),
    ("ces_reversed", 1, 5, "down"),
    ("expectation", -1, 1, "up"),
    ("rating", 1, 5, "up"),
    ("rating", 1, 6, "down"),
    ("other", 0, 10, None),
    ("comment", None, None, None),
    ("nps", None, None, "up"),
)


def people(rng: np.random.Generator) -> Iterator[tuple[Row, Row]]:
    for n in range(PEOPLE):
        account = f"survey:{n}"
        country = COUNTRIES[int(rng.choice(5, p=[0.45, 0.3, 0.15, 0.04, 0.06]))]
        audience = AUDIENCES[int(rng.choice(4, p=[0.5, 0.3, 0.15, 0.05]))]
        yield (
            {"source": "hubspot", "account_id": account, "country": country},
            {"source": "hubspot", "evidence_id": account, "account_id": account,
             "audience": audience},
        )  # fmt: skip


def asked(
    rng: np.random.Generator, accounts: list[Row], sent: datetime
) -> Iterator[tuple[Row, Row | None]]:
    """Yield each invitation with the answer that it led to; the later ones like it less."""
    for person in accounts:
        key = f"{person['account_id']}-{sent:%m}"
        invitation = {
            "source": "qualtrics",
            "invitation_id": key,
            "account_id": person["account_id"],
            "instrument": "fan_nps",
            "sampled_at": sent if rng.random() < 0.7 else None,
            "sent_at": sent,
        }
        if rng.random() > (0.75 if person["country"] == "DE" else 0.4):
            status = str(rng.choice(UNANSWERED))
            held = status in ("sampled", "quarantined")
            yield (
                (
                    {**invitation, "status": status, "sampled_at": sent, "sent_at": None}
                    if held
                    else {**invitation, "status": status}
                ),
                None,
            )
            continue
        hours = int(rng.integers(1, 60))
        done = sent + timedelta(hours=hours)
        invitation |= {"status": "completed", "response_id": key}
        if rng.random() < 0.8:
            invitation["completed_at"] = done
        value = int(np.clip(rng.normal(9 - hours / 15, 2.5), 0, 11))
        yield invitation, None if rng.random() < 0.05 else answer(key, person, done, value)


def answer(key: str, person: Row, at: datetime, value: float | None) -> Row:
    return {
        "source": "qualtrics",
        "answer_id": key,
        "response_id": key,
        "question_id": "QID1",
        "question_key": "recommend_match_day",
        "direction": "up",
        "account_id": person["account_id"],
        "instrument": "fan_nps",
        "metric_role": "nps",
        "scale_min": 0.0,
        "scale_max": 10.0,
        "confidentiality": "identified",
        "answer_value": None if value is None else float(value),
        "response_status": "complete",
        "answered_at": at,
    }


def heaped(rng: np.random.Generator, accounts: list[Row]) -> Iterator[Row]:
    """Yield answers of a few people in a few days, so that many repeat one another."""
    for n in range(1_200):
        role, low, high, direction = ROLES[int(rng.integers(len(ROLES)))]
        scaled = low is not None and high is not None
        value = float(rng.integers(low, high + 2)) if scaled and rng.random() < 0.9 else None
        moment = datetime(2025, 8, 1) + timedelta(minutes=int(rng.integers(3 * 24 * 60)))
        yield answer(f"heap-{n}", accounts[int(rng.integers(4))], moment, value) | {
            "instrument": str(rng.choice(["fan_nps", "ticket_survey", "nobodys", "website_nps"])),
            "metric_role": role,
            "scale_min": low if low is None else float(low),
            "scale_max": high if high is None else float(high),
            "direction": direction if rng.random() < 0.9 else "down",
            "question_id": str(rng.choice([f"{role}_EN", f"{role}_DE"])),
            "question_key": role if rng.random() < 0.7 else None,
            "ticket_id": f"zendesk:heap{int(rng.integers(40))}" if rng.random() < 0.2 else None,
            "response_status": STATUSES[int(rng.integers(len(STATUSES)))],
            "attributes": '{"outside_scale": "99"}' if value is None and n % 2 else None,
        }


def rows() -> dict[str, list[Row]]:
    """Return the rows of this world by input contract."""
    rng = np.random.default_rng(SEED)
    known = list(people(rng))
    accounts = [account for account, _ in known]
    sendings = [*asked(rng, accounts, SENT), *asked(rng, accounts[:FEW], SENT_AGAIN)]
    return {
        "person_observations": accounts,
        "membership_evidence": [membership for _, membership in known],
        "survey_invitations": [invitation for invitation, _ in sendings],
        "survey_answers": [
            *(told for _, told in sendings if told is not None),
            *heaped(rng, accounts),
        ],
    }
