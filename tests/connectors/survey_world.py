"""Surveys small enough to know by heart, for every vendor that shows the sandbox's."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from frames import frame

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
CUSTOMERS, STAFF, CANDIDATES = "SV_customer_nps", "SV_employee_pulse", "SV_candidate_csat"

SURVEYS = {
    "survey_id": "str", "name": "str", "instrument": "str", "is_active": "bool",
    "created_at": "time", "updated_at": "time", "visible_from": "time",
}  # fmt: skip
QUESTIONS = dict.fromkeys(
    ("survey_id", "question_id", "text", "question_type", "selector", "choices", "role"), "str"
)
CONTACTS = dict.fromkeys(
    ("contact_id", "mailing_list_id", "person_uid", "email", "external_reference"), "str"
)
RESPONSES = {
    **dict.fromkeys(
        ("response_id", "survey_id", "contact_id", "ip_address", "language", "answers"), "str"
    ),
    **dict.fromkeys(("status", "finished", "duration"), "int"),
    "ticket_id": "Int",
    **dict.fromkeys(("started_at", "ended_at", "recorded_at", "visible_from"), "time"),
}


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def survey(survey_id: str, **other: Any) -> dict[str, Any]:
    return {
        "survey_id": survey_id, "name": f"Survey {survey_id}", "is_active": True,
        **dict.fromkeys(("created_at", "updated_at", "visible_from"), datetime(2025, 1, 1, tzinfo=UTC)),
        **other,
    }  # fmt: skip


def question(survey_id: str, question_id: str, role: str) -> dict[str, Any]:
    scales = {"nps": (0, 10), "enps": (0, 10), "csat": (1, 5), "expectation": (-1, 1)}
    low, high = scales.get(role, (0, -1))
    return {
        "survey_id": survey_id, "question_id": question_id, "text": f"{role}?", "role": role,
        "choices": json.dumps({str(code): str(code) for code in range(low, high + 1)}),
    }  # fmt: skip


def contact(contact_id: str, mailing_list: str, reference: str) -> dict[str, Any]:
    return {
        "contact_id": contact_id, "mailing_list_id": mailing_list, "external_reference": reference,
        "email": f"{contact_id.lower()}@example.org",
    }  # fmt: skip


def response(
    number: int, survey_id: str = CUSTOMERS, at: datetime | None = None, **other: Any
) -> dict[str, Any]:
    at = at or after(number)
    answers = other.pop("answers", {"QID1": 4, "QID2_TEXT": "Schnell & gut 👍"})
    return {
        "response_id": f"R_{number:04d}", "survey_id": survey_id, "contact_id": "CID_1",
        "ip_address": "203.0.113.7", "language": "de", "answers": json.dumps(answers), "status": 0,
        "finished": 1, "duration": 70, "started_at": at - timedelta(minutes=2), "ended_at": at,
        "recorded_at": at, "visible_from": at, **other,
    }  # fmt: skip


def tables(**records: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the surveys' tables, those named replaced."""
    default = {
        "surveys": [survey(id_) for id_ in (CUSTOMERS, STAFF, CANDIDATES, "SV_undeclared")],
        "survey_questions": [
            question(survey_id, *asked)
            for survey_id, role in ((CUSTOMERS, "nps"), (STAFF, "enps"), (CANDIDATES, "csat"))
            for asked in (("QID1", role), ("QID2", "comment"), ("QID4", "expectation"))
        ],
        "survey_contacts": [
            contact("CID_1", "CG_customers", "7001"),
            contact("CID_2", "CG_employees", "E42"),
        ],
        "survey_responses": [
            *(response(number) for number in range(1, 6)),
            response(6, contact_id="CID_1", ticket_id=4711, answers={"QID1": 9, "QID4": -1}),
            response(7, finished=0, answers={"QID1": 3}),
            response(8, STAFF, contact_id="CID_2"),
            # An open link, into which somebody put all the same whom it went to.
            response(9, CANDIDATES, contact_id="CID_1", ticket_id=42424242),
            response(10, "SV_undeclared"),
        ],
    }
    kinds = {
        "surveys": SURVEYS,
        "survey_questions": QUESTIONS,
        "survey_contacts": CONTACTS,
        "survey_responses": RESPONSES,
    }
    return {name: frame(kinds[name], (default | records)[name]) for name in kinds}
