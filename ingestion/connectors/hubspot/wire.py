"""One record of each kind as HubSpot writes it: properties are text or null, whatever they mean."""

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]

COMPANY_TYPES = {"customer": "CUSTOMER", "dealer": "RESELLER", "supplier": "VENDOR"}
DEAL_STAGES = {
    "appointmentscheduled": "entered_appointment_at",
    "qualifiedtobuy": "entered_qualified_at",
    "contractsent": "entered_contract_at",
    "closedwon": "entered_won_at",
    "closedlost": "entered_lost_at",
}
PATHS = {"contacts": "0-1", "companies": "0-2", "deals": "0-3", "feedback_submissions": "0-19"}


def record(kind: str, row: Row, asked: list[str]) -> Row:
    """Return a record with the properties asked for; unknown ones are left out, as HubSpot does."""
    properties = {name: _text(value) for name, value in PROPERTIES[kind](row).items()}
    always = ("hs_object_id", MODIFIED[kind], "createdate")
    spoken = {
        "id": str(row["id"]),
        "properties": {name: properties[name] for name in [*always, *asked] if name in properties},
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
        "archived": row["archived_at"] is not None,
        "url": f"https://app.hubspot.com/contacts/1/record/{PATHS[kind]}/{row['id']}",
    }
    return spoken | ({"archivedAt": row["archived_at"]} if row["archived_at"] else {})


def owner(row: Row) -> Row:
    """Return a user who owns records."""
    return {
        "id": str(row["owner_id"]),
        "email": row["email"],
        "type": "PERSON",
        "firstName": row["first_name"],
        "lastName": row["last_name"],
        "userId": row["owner_id"] + 9_000_000,
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
        "archived": row["archived"],
        "teams": [],
    }


def _contact(row: Row) -> Row:
    return {
        **_dates(row, "lastmodifieddate"),
        "firstname": row["first_name"],
        "lastname": row["last_name"],
        "email": row["email"],
        "phone": row["phone"],
        "city": row["city"],
        "country": row["country"],
        "hs_language": row["language"],
        "date_of_birth": row["birth_date"],
        "lifecyclestage": row["lifecycle_stage"],
        "audience_roles": row["audience_roles"],
        "hs_email_optout": row["opted_out"],
        "hubspot_owner_id": row["owner_id"],
        "hs_merged_object_ids": row["merged_ids"],
        "salary": "90000",
    }


def _company(row: Row) -> Row:
    return {
        **_dates(row, "hs_lastmodifieddate"),
        "name": row["name"],
        "domain": row["domain"],
        "country": row["country"],
        "type": COMPANY_TYPES.get(row["kind"]),
        "hubspot_owner_id": row["owner_id"],
        "hs_merged_object_ids": None,
    }


def _deal(row: Row) -> Row:
    return {
        **_dates(row, "hs_lastmodifieddate"),
        "dealname": row["name"],
        "pipeline": row["pipeline"],
        "dealstage": row["stage"],
        "amount": row["amount"],
        "deal_currency_code": row["currency"],
        "hubspot_owner_id": row["owner_id"],
        "closedate": row["close_at"],
        "hs_is_closed_won": row["stage"] == "closedwon",
        "hs_is_closed_lost": row["stage"] == "closedlost",
        **{f"hs_v2_date_entered_{stage}": row[column] for stage, column in DEAL_STAGES.items()},
    }


def _submission(row: Row) -> Row:
    return {
        **_dates(row, "hs_lastmodifieddate"),
        "hs_survey_name": row["survey_name"],
        "hs_survey_type": row["survey_type"],
        "hs_survey_channel": row["channel"],
        "hs_value": row["value"],
        "hs_response_group": row["response_group"],
        "hs_content": row["content"],
        "hs_contact_id": row["contact_id"],
        "hs_submission_timestamp": row["created_at"],
    }


PROPERTIES: dict[str, Callable[[Row], Row]] = {
    "contacts": _contact,
    "companies": _company,
    "deals": _deal,
    "feedback_submissions": _submission,
}
MODIFIED = {kind: "hs_lastmodifieddate" for kind in PROPERTIES} | {"contacts": "lastmodifieddate"}


def _dates(row: Row, modified: str) -> Row:
    return {
        "createdate": row["created_at"],
        modified: row["updated_at"],
        "hs_object_id": row["id"],
    }


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
