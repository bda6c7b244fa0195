"""What counts as evidence that two accounts are one: seeds that a reader can argue with."""

import csv
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import duckdb

SEEDS = Path(__file__).parents[1] / "dbt_project" / "seeds"
FILES = ("identity_identifiers", "identity_blocklist", "identity_mail_providers")

# No real person or company in the field has more accounts than this; a larger group is a fault.
LARGEST = 50
# Accounts of an organisation in which two people of one full name are not to be expected: with a
# chance of one in some thousands that two names are the same, a hundred make about one pair.
LARGEST_ORGANISATION = 100

DECISION = "decision"
ALONE = "alone"


class Identifier(NamedTuple):
    """A kind of identifier: accounts that share a value of it are linked.

    `most_accounts` caps one value: above it the value is contested and links nobody.
    `is_strong` marks kinds of which there is only one: two values in one group contradict.
    `names_must_agree` lets a shared value link only accounts whose names and birth dates agree.
    """

    kind: str
    most_accounts: int
    is_strong: bool
    names_must_agree: bool


class Provider(NamedTuple):
    """How a mail provider reads the local part of an address."""

    stands_for: str
    ignores_dots: bool
    ignores_plus: bool


@cache
def identifiers(subject: str) -> tuple[Identifier, ...]:
    """Return the kinds of identifier of `person` or `organisation`, the most trusted first."""
    rows = [row for row in _seed("identity_identifiers") if row["subject"] == subject]
    return tuple(
        Identifier(
            row["kind"],
            int(row["most_accounts"]),
            row["is_strong"] == "true",
            row["names_must_agree"] == "true",
        )
        for row in sorted(rows, key=lambda row: int(row["position"]))
    )


@cache
def blocked(kind: str) -> frozenset[str]:
    """Return the values of a kind that identify nobody: `any`, `mailbox`, `email`, `domain`..."""
    return frozenset(row["value"] for row in _seed("identity_blocklist") if row["kind"] == kind)


@cache
def providers() -> dict[str, Provider]:
    """Return the mail providers whose rules for dots and plus tags are documented, by domain."""
    return {
        row["domain"]: Provider(
            row["stands_for"], row["ignores_dots"] == "true", row["ignores_plus"] == "true"
        )
        for row in _seed("identity_mail_providers")
    }


def fingerprint() -> str:
    """Return a hash of all rules and of the code that applies them: when it changes, all is new.

    DuckDB's version is of it, for hashes that it made are kept.
    """
    files = [SEEDS / f"{name}.csv" for name in FILES]
    files += sorted(Path(__file__).parent.glob("*.py"))
    applied = [duckdb.__version__.encode(), *(file.read_bytes() for file in files)]
    return hashlib.sha256(b"".join(applied)).hexdigest()[:16]


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
