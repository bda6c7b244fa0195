"""A CRM small enough to know by heart."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from frames import frame

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)

CONTACTS = {
    "contact_id": "int", "person_uid": "str", "organisation_id": "Int", "first_name": "str",
    "last_name": "str", "email": "str", "phone": "str", "city": "str", "country": "str",
    "language": "str", "birth_date": "str", "lifecycle_stage": "str", "audience_roles": "str",
    "opted_out": "bool", "owner_id": "int", "created_at": "time", "updated_at": "time",
    "archived_at": "time", "archive_reason": "str", "merged_into": "Int", "merged_ids": "str",
    "visible_from": "time",
}  # fmt: skip
ORGANISATIONS = {
    "organisation_id": "int", "name": "str", "domain": "str", "kind": "str", "country": "str",
    "owner_id": "int", "created_at": "time", "updated_at": "time", "archived_at": "time",
    "visible_from": "time",
}  # fmt: skip
OWNERS = {
    "owner_id": "int", "email": "str", "first_name": "str", "last_name": "str",
    "created_at": "time", "updated_at": "time", "archived": "bool", "visible_from": "time",
}  # fmt: skip
DEALS = {
    "deal_id": "int", "contact_id": "int", "organisation_id": "Int", "pipeline": "str",
    "stage": "str", "name": "str", "amount": "float", "currency": "str", "owner_id": "int",
    "created_at": "time", "updated_at": "time", "close_at": "time",
    "entered_appointment_at": "time", "entered_qualified_at": "time",
    "entered_contract_at": "time", "entered_won_at": "time", "entered_lost_at": "time",
    "archived_at": "time", "visible_from": "time",
}  # fmt: skip
FEEDBACK = {
    "submission_id": "int", "contact_id": "int", "survey_name": "str", "survey_type": "str",
    "value": "int", "response_group": "str", "content": "str", "channel": "str",
    "submitted_at": "time", "updated_at": "time", "visible_from": "time",
}  # fmt: skip

FIRST, COMPANY, OWNER = 20_100_000_000, 5_000_000_001, 410_001


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def contact(number: int, changed: datetime | None = None, **other: Any) -> dict[str, Any]:
    changed = changed or after(number)
    return {
        "contact_id": FIRST + number, "first_name": "Zoë", "last_name": "Müller",
        "email": f"c{number}@example.org", "phone": "+49 30 123456", "city": "Köln",
        "country": "DE", "language": "de", "lifecycle_stage": "customer",
        "audience_roles": "fan;donor", "opted_out": False, "owner_id": OWNER,
        "created_at": after(number), "updated_at": changed, "visible_from": changed, **other,
    }  # fmt: skip


def deal(number: int, **other: Any) -> dict[str, Any]:
    return {
        "deal_id": 70_000_000_000 + number, "contact_id": FIRST + 1, "organisation_id": COMPANY,
        "pipeline": "default", "stage": "closedwon", "name": "Renewal", "amount": 1200.5,
        "currency": "EUR", "owner_id": OWNER, "created_at": after(0), "updated_at": after(500),
        "close_at": after(500), "entered_appointment_at": after(0),
        "entered_qualified_at": after(100), "entered_won_at": after(500),
        "visible_from": after(500), **other,
    }  # fmt: skip


def submission(number: int, value: int, **other: Any) -> dict[str, Any]:
    return {
        "submission_id": 90_000 + number, "contact_id": FIRST + 1, "survey_name": "Website NPS",
        "survey_type": "NPS", "value": value, "response_group": "PROMOTER", "channel": "web",
        "submitted_at": after(60), "updated_at": after(60), "visible_from": after(60), **other,
    }  # fmt: skip


def tables(**records: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the CRM's tables, those named replaced."""
    company = {
        "organisation_id": COMPANY, "name": "Łódź GmbH", "domain": "example.org",
        "kind": "dealer", "country": "PL", "owner_id": OWNER, "created_at": START,
        "updated_at": START, "visible_from": START,
    }  # fmt: skip
    owner = {
        "owner_id": OWNER, "email": "jo@crm.example", "first_name": "Jo", "last_name": "Care",
        "created_at": START, "updated_at": START, "archived": False, "visible_from": START,
    }  # fmt: skip
    default = {
        "contacts": [contact(1, organisation_id=COMPANY), *(contact(n) for n in range(2, 6))],
        "organisations": [company],
        "crm_owners": [owner],
        "deals": [deal(1)],
        "crm_feedback": [submission(1, 10, content="Très bien")],
    }
    kinds = {
        "contacts": CONTACTS,
        "organisations": ORGANISATIONS,
        "crm_owners": OWNERS,
        "deals": DEALS,
        "crm_feedback": FEEDBACK,
    }
    return {name: frame(kinds[name], (default | records)[name]) for name in kinds}
