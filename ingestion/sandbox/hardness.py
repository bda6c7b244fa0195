"""How hard the sandbox makes it to tell who is who, measured from what the vendors show.

The targets were set before any matcher or mart existed; they change only by a decision record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ingestion.sandbox.names import folded
from ingestion.sandbox.truth import ACCOUNTS

Tables = dict[str, pd.DataFrame]
_ADDRESSES = ("email", "alternative_email", "work_email", "work_email_after", "role_box")


@dataclass(frozen=True, slots=True)
class Level:
    """One measure of hardness and the least that the world must reach."""

    name: str
    at_least: float
    measure: Callable[[Tables, Tables], float]


def accounts(tables: Tables, truth: Tables) -> pd.DataFrame:
    """Return every account shown: system, account_key, person_uid, first and last name, e-mail."""
    parts = []
    for system, (table, key) in ACCOUNTS.items():
        rows = tables[table]
        named = "first_name" in rows
        parts.append(
            pd.DataFrame(
                {
                    "system": system,
                    "account_key": rows[key].astype(str),
                    "person_uid": rows["person_uid"],
                    "name": rows["first_name"] + " " + rows["last_name"] if named else rows["name"],
                    "email": rows["work_email" if table == "employees" else "email"],
                }
            )
        )
    found = pd.concat(parts, ignore_index=True)
    found = found[found["person_uid"].notna() & (found["name"].map(folded) != "scrubbedscrubbed")]
    found = found[found["name"] != "SCRUBBED"]
    return found.merge(truth["people"], on="person_uid", suffixes=("", "_true"))


def accounts_a_person(tables: Tables, truth: Tables) -> float:
    """Return the average number of accounts of those who have any."""
    shown = accounts(tables, truth)
    return len(shown) / shown["person_uid"].nunique()


def without_email(tables: Tables, truth: Tables) -> float:
    """Return the share of accounts that have no e-mail."""
    return float(accounts(tables, truth)["email"].isna().mean())


def with_typo(tables: Tables, truth: Tables) -> float:
    """Return the share of accounts whose name or e-mail is none that the person really has."""
    shown = accounts(tables, truth)
    return float((_wrong_name(shown) | _wrong_address(shown)).mean())


def shared_mailboxes(tables: Tables, truth: Tables) -> float:
    """Return the share of distinct e-mail values that more than one person uses."""
    shown = accounts(tables, truth).dropna(subset="email")
    users = shown.groupby(shown["email"].str.lower())["person_uid"].nunique()
    return float((users > 1).mean())


def twins_and_namesakes(tables: Tables, truth: Tables) -> float:
    """Return the share of people with a twin or a namesake in their household."""
    people = truth["people"]
    same_birth = people.duplicated(["household_uid", "birth_date"], keep=False)
    same_name = people.duplicated(["household_uid", "first_name", "last_name"], keep=False)
    return float((same_birth | same_name).mean())


def job_changers(tables: Tables, truth: Tables) -> float:
    """Return the share of people whom the CRM shows at two employers."""
    employed = tables["contacts"].dropna(subset="organisation_id")
    employers = employed.groupby("person_uid")["organisation_id"].nunique()
    return float((employers > 1).sum() / len(truth["people"]))


LEVELS = (
    Level("accounts a person", 1.8, accounts_a_person),
    Level("accounts without e-mail", 0.08, without_email),
    Level("accounts with a typo in name or address", 0.05, with_typo),
    Level("distinct e-mail values that are shared mailboxes", 0.003, shared_mailboxes),
    Level("people with a twin or namesake at home", 0.01, twins_and_namesakes),
    Level("people who changed employer", 0.03, job_changers),
)


def measure(tables: Tables, truth: Tables) -> pd.DataFrame:
    """Return each level's target and what the tables of one instant reach."""
    rows = [(level.name, level.at_least, level.measure(tables, truth)) for level in LEVELS]
    return pd.DataFrame(rows, columns=["level", "target", "measured"])


def _wrong_name(shown: pd.DataFrame) -> pd.Series:
    """Return where the name is not the person's, whatever its order, accents or alphabet."""
    first, last = shown["first_name"].map(folded), shown["last_name"].map(folded)
    other = shown["other_last_name"].map(lambda name: folded(name or ""))
    written = shown["name"].str.replace(",", "").map(folded)
    right = (written == first + last) | (written == last + first) | (written == first)
    return ~(right | ((other != "") & (written == first + other)))


def _wrong_address(shown: pd.DataFrame) -> pd.Series:
    known = pd.Series(False, index=shown.index)
    for address in _ADDRESSES:
        column = f"{address}_true" if f"{address}_true" in shown else address
        known |= shown["email"] == shown[column]
    at_work = shown["system"].isin(["hr", "support"]) & shown["email"].str.endswith(
        "northlight.example", na=False
    )
    on_staff_list = shown["email"].str.endswith("northlight.example", na=False)
    return ~(known | at_work | on_staff_list) & shown["email"].notna()
