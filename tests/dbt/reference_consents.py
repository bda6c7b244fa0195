"""What people said of being contacted, worked out in Python from the same rows."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]
BARRED = ("is_minor", "minor"), ("is_workforce", "workforce"), ("is_deleted", "deleted"), ("is_test", "test")  # fmt: skip


def refuses(said: Iterable[Row], as_of: datetime) -> bool:
    """Tell whether what one account said of one purpose ends with a refusal."""
    statements = list(said)
    refusals = [row for row in statements if row["state"] != "granted"]
    if not refusals or any(row["valid_from"] is None for row in refusals):
        return bool(refusals)
    last = max(row["valid_from"] for row in refusals)
    return not any(
        row["state"] == "granted" and row["valid_from"] and last < row["valid_from"] <= as_of
        for row in statements
    )


def grants(said: Iterable[Row], as_of: datetime) -> bool:
    """Tell whether one account has granted something that holds by now."""
    return any(
        row["state"] == "granted" and (row["valid_from"] is None or row["valid_from"] <= as_of)
        for row in said
    )


def standing(
    accounts: Mapping[str, str], consents: list[Row], known: set[str], as_of: datetime
) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Return what persons refused and what they granted, by any of their accounts."""
    refused: set[tuple[str, str]] = set()
    granted: set[tuple[str, str]] = set()
    for account, person in accounts.items():
        mine = [row for row in consents if row["account_id"] == account]
        for purpose in known:
            of_it = [row for row in mine if row["purpose"] == purpose]
            if purpose == "contact":
                of_it += [r for r in mine if r["purpose"] not in known and r["state"] != "granted"]
            if refuses(of_it, as_of):
                refused.add((person, purpose))
            elif grants(of_it, as_of):
                granted.add((person, purpose))
    return refused, granted - refused


def contactability(
    persons: Iterable[Row],
    accounts: Mapping[str, str],
    consents: list[Row],
    purposes: list[Row],
    as_of: datetime,
) -> dict[tuple[str, str], str | None]:
    """Return why a person may not be contacted for a purpose; None where they may."""
    known = {row["purpose"] for row in purposes}
    refused, granted = standing(accounts, consents, known, as_of)

    def why_not(person: Row, purpose: Row) -> str | None:
        who = person["person_id"]
        if any((who, bar) in refused for bar in purpose["barred_by"].split()):
            return "refused"
        reasons = [reason for flag, reason in BARRED if person[flag]]
        if not reasons and purpose["needs_consent"] and (who, purpose["purpose"]) not in granted:
            reasons = ["no_consent"]
        return reasons[0] if reasons else None

    return {(p["person_id"], row["purpose"]): why_not(p, row) for p in persons for row in purposes}
