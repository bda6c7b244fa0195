"""What people said they would do and what they did, in plain Python (domain, section 4)."""

from collections import defaultdict
from datetime import date, timedelta
from math import sqrt
from typing import Any

from reference_events import local_day, registry
from reference_listening import Share, newcombe, quarter

Z = 1.959964
INTENTIONS = registry("intentions")
CONTRACTS = {row["audience"] for row in registry("contract_audiences")}
Row = dict[str, Any]
Cell = tuple[str, str, date]


def fits(intention: Row, answer: Row) -> bool:
    """Return whether an answer says something about an intention."""
    return answer["metric_role"] == intention["metric_role"] and intention["question_key"] in (
        None,
        answer["question_key"],
    )


def first_said(answers: list[Row]) -> dict[Cell, dict[str, Row]]:
    """Return the first answer of each person by audience, intention and quarter."""
    found: dict[Cell, dict[str, Row]] = defaultdict(dict)
    for row in sorted(answers, key=lambda row: (row["answered_at"], row["answer_id"])):
        if row["excluded_as"] or row["confidentiality"] != "identified" or not row["person_id"]:
            continue
        for intention in INTENTIONS:
            if fits(intention, row):
                cell = row["audience"], intention["intention"], quarter(row["answered_at"])
                found[cell].setdefault(row["person_id"], row)
    return found


def did(
    intention: Row, answer: Row, deeds: set[tuple[str, str, date]], memberships: list[Row]
) -> bool:
    """Return whether the deed followed within the days after that of the answer."""
    day = local_day(answer["answered_at"]) or date.min
    who, days = answer["person_id"], int(intention["window_days"])
    if intention["deed"] == "renewal":
        ends = day + timedelta(days=days)
        return any(
            row["person_id"] == who
            and row["audience"] in CONTRACTS
            and (local_day(row["valid_from"]) or date.min) <= ends
            and ends < (local_day(row["valid_to"]) or date.max)
            for row in memberships
        )
    return any(
        (who, intention["deed"], day + timedelta(days=n)) in deeds for n in range(1, days + 1)
    )


def figures(said: list[tuple[bool, bool]]) -> Row:
    """Return gap, follow-through and lift of (said, did) pairs, each with its interval."""
    people = len(said)
    unkept = sum(would and not has for would, has in said)
    unsaid = sum(has and not would for would, has in said)
    gap = (unkept - unsaid) / people
    middle = (unkept - unsaid) / (people + 2)
    error = sqrt(unkept + unsaid + 1 - (unkept - unsaid) ** 2 / (people + 2)) / (people + 2)
    found: Row = {
        "people": people,
        "people_said": sum(would for would, _ in said),
        "gap": gap,
        "gap_low": max(-1.0, min(gap, middle - Z * error)),
        "gap_high": min(1.0, max(gap, middle + Z * error)),
    }
    kept = Share(sum(has for would, has in said if would), found["people_said"])
    others = Share(unsaid, people - found["people_said"])
    found |= {"follow_through": kept.value, "follow_through_low": kept.bound(-1)}
    if kept.all and others.all:
        found |= dict(zip(("lift", "lift_low", "lift_high"), newcombe(kept, others), strict=True))
    return found
