"""An org small enough to know by heart: the CRM that HubSpot shows, the desk that Zendesk shows."""

from datetime import datetime
from typing import Any

import pandas as pd
from small_worlds import world_of

from ingestion.connectors.salesforce.wire import salesforce_id

crm, desk = world_of("hubspot"), world_of("zendesk")

FIRST, COMPANY, OWNER, after = crm.FIRST, crm.COMPANY, crm.OWNER, crm.after
PEOPLE = ("accounts", "contacts", "leads")
CRM = ("contacts", "organisations", "crm_owners", "deals")
DESK = ("tickets", "support_users", "ticket_events")


def contact(person: int, changed: datetime | None = None, **other: Any) -> dict[str, Any]:
    """Return the contact of a person; ids count people in tens."""
    row: dict[str, Any] = crm.contact(person * 10, changed or after(person), **other)
    return row | {"created_at": after(0), "email": f"c{person}@example.org"}


def lead(person: int, changed: datetime | None = None, **other: Any) -> dict[str, Any]:
    """Return the lead of an even person, who is a contact as well."""
    row = contact(person, changed, **other)
    return row | {"contact_id": row["contact_id"] + 1, "last_name": "Müler"}


def contact_id(person: int) -> str:
    return salesforce_id("Contact", FIRST + person * 10)


def lead_id(person: int) -> str:
    return salesforce_id("Lead", FIRST + person * 10 + 1)


def deal(number: int, **other: Any) -> dict[str, Any]:
    row: dict[str, Any] = crm.deal(number, **({"contact_id": FIRST + 10} | other))
    return row


def tables(**records: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the org's tables, those named replaced."""
    default = {
        "contacts": [
            contact(1, organisation_id=COMPANY),
            *(contact(n) for n in range(2, 5)),
            lead(2),
        ],
        "deals": [
            deal(1),
            deal(2, stage="contractsent", entered_won_at=None, close_at=None,
                 entered_contract_at=after(300)),
        ],
        "support_users": [
            desk.user(desk.REQUESTER, email="C1@example.org"),
            desk.user(desk.AGENT, role="agent", name="Jo Care", email="jo@desk.example",
                      employee_number="E-17"),
            desk.user(desk.BOT, role="agent", name="Bot", email=None),
        ],
    }  # fmt: skip
    given = default | records
    shown = crm.tables(**{name: given[name] for name in CRM if name in given})
    shown |= desk.tables(**{name: given[name] for name in DESK if name in given})
    return {name: shown[name] for name in (*CRM, *DESK)}
