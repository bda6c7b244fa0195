"""What is true of the sandbox and shown by no API: people, accounts, effects, true values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ingestion.sandbox import audiences, culture, effects
from ingestion.sandbox.people import Population
from ingestion.sandbox.surveys import Asked
from ingestion.sandbox.true_values import true_values
from ingestion.sandbox.versions import Columns
from ingestion.sandbox.workforce import Workforce

# system -> (table, its key)
ACCOUNTS = {
    "crm": ("contacts", "contact_id"),
    "survey": ("survey_contacts", "contact_id"),
    "hr": ("employees", "employee_id"),
    "support": ("support_users", "user_id"),
    "files": ("memberships_file", "member_number"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """All that the truth is derived from."""

    population: Population
    force: Workforce
    asked: Asked
    bought: Columns
    moods: np.ndarray
    months: int
    horizon: int


def frames(known: Known, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return every frame of the truth."""
    return {
        "people": known.population.frame(),
        "memberships": audiences.memberships(known.population, known.horizon),
        "account_person": account_person(tables),
        "shop_buyers": shop_buyers(tables),
        "effects": effects.planted_effects(),
        "choices": culture.choices_frame(),
        "true_values": true_values(
            known.population, known.force, known.asked, known.bought, known.moods, known.months
        ),
    }


def shop_buyers(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return who bought under each e-mail as typed at the till; a shared one has several people."""
    bought = tables["orders"][["email", "person_uid"]].dropna().drop_duplicates()
    return bought.reset_index(drop=True)


def account_person(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return whose account each one is, of all there ever were; an order is no account."""
    parts = []
    for system, (table, key) in ACCOUNTS.items():
        found = tables[table][[key, "person_uid"]].drop_duplicates(key)
        found = found[found["person_uid"].notna()]
        keys = found[key].astype(str).astype(object)
        parts.append(
            pd.DataFrame({"system": system, "account_key": keys, "person_uid": found["person_uid"]})
        )
    return pd.concat(parts, ignore_index=True)
