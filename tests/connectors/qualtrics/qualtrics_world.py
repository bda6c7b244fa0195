"""A small Qualtrics account by hand, in the columns of the world's tables."""

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
from frames import frame

SURVEYS = {
    "SV_customer_nps": "identified",
    "SV_employee_pulse": "confidential",
    "SV_candidate_csat": "anonymous",
}
DECLARED = json.dumps(SURVEYS)
SECRET = "CID_secret"

KINDS = {
    "surveys": {
        **dict.fromkeys(("survey_id", "name", "instrument"), "str"),
        "is_active": "bool",
        **dict.fromkeys(("created_at", "updated_at"), "time"),
    },
    "survey_questions": dict.fromkeys(
        ("survey_id", "question_id", "text", "question_type", "selector", "choices", "role"), "str"
    ),
    "survey_contacts": {
        **dict.fromkeys(
            (
                "contact_id",
                "mailing_list_id",
                "person_uid",
                "first_name",
                "last_name",
                "email",
                "phone",
                "language",
                "external_reference",
            ),
            "str",
        ),
        "unsubscribed": "bool",
        **dict.fromkeys(("created_at", "updated_at"), "time"),
    },
    "distributions": {
        **dict.fromkeys(("distribution_id", "survey_id", "mailing_list_id"), "str"),
        **dict.fromkeys(("sent_at", "closes_at", "created_at", "updated_at"), "time"),
    },
    "survey_invitations": {
        **dict.fromkeys(("distribution_id", "contact_id", "status", "response_id"), "str"),
        **dict.fromkeys(("sent_at", "opened_at", "started_at", "completed_at"), "time"),
    },
    "survey_responses": {
        **dict.fromkeys(
            (
                "response_id",
                "survey_id",
                "contact_id",
                "distribution_id",
                "ip_address",
                "language",
                "answers",
            ),
            "str",
        ),
        **dict.fromkeys(("status", "finished", "duration"), "int"),
        "ticket_id": "Int",
        **dict.fromkeys(("started_at", "ended_at", "recorded_at"), "time"),
    },
}


def survey(survey_id: str, updated: str = "2026-01-01") -> dict[str, Any]:
    return {
        "survey_id": survey_id,
        "name": f"Survey {survey_id}",
        "is_active": True,
        "created_at": "2025-01-01",
        "updated_at": updated,
    }


def contact(contact_id: str, mailing_list: str = "CG_customers") -> dict[str, Any]:
    return {
        "contact_id": contact_id,
        "mailing_list_id": mailing_list,
        "first_name": "Zoë",
        "last_name": f"Núñez {contact_id}",
        "email": f"{contact_id.lower()}@example.org",
        "language": "es",
        "external_reference": "",
        "unsubscribed": False,
    }


def invitation(distribution_id: str, contact_id: str, status: str, **more: Any) -> dict[str, Any]:
    return {
        "distribution_id": distribution_id,
        "contact_id": contact_id,
        "status": status,
        "sent_at": "2026-06-01T08:00:00Z",
        **more,
    }


def response(response_id: str, survey_id: str, recorded: str, **more: Any) -> dict[str, Any]:
    answers = more.pop("answers", {"QID1": 9, "QID2_TEXT": "Schnell & gut 👍"})
    return {
        "response_id": response_id,
        "survey_id": survey_id,
        "ip_address": "203.0.113.7",
        "language": "de",
        "answers": json.dumps(answers),
        "status": 0,
        "finished": 1,
        "duration": 70,
        **dict.fromkeys(("started_at", "ended_at", "recorded_at"), pd.Timestamp(recorded)),
        **more,
    }


def records() -> dict[str, list[dict[str, Any]]]:
    """Return an account with one mailing each to a customer, an employee and a candidate."""
    customer = {"contact_id": "CID_1", "distribution_id": "EMD_1", "ticket_id": 4711}
    employee = {"contact_id": "CID_2", "distribution_id": "EMD_2"}
    candidate = {"contact_id": SECRET, "distribution_id": "EMD_3"}
    return {
        "surveys": [survey(survey_id) for survey_id in (*SURVEYS, "SV_undeclared")],
        "survey_questions": [
            {
                "survey_id": survey_id,
                "question_id": question_id,
                "text": "How likely?" if kind == "MC" else "Why?",
                "question_type": kind,
                "selector": "NPS" if kind == "MC" else "SL",
                "choices": json.dumps({str(code): str(code) for code in range(11)})
                if kind == "MC"
                else "{}",
            }
            for survey_id in SURVEYS
            for question_id, kind in (("QID1", "MC"), ("QID2", "TE"))
        ],
        "survey_contacts": [contact("CID_1"), contact("CID_2", "CG_employees"), contact("CID_4")],
        "distributions": [
            {
                "distribution_id": f"EMD_{number}",
                "survey_id": survey_id,
                "mailing_list_id": "CG_customers",
                "sent_at": "2026-06-01T08:00:00Z",
                "closes_at": "2026-07-01T08:00:00Z",
                "created_at": "2026-06-01T08:00:00Z",
                "updated_at": "2026-06-01T08:00:00Z",
            }
            for number, survey_id in enumerate(SURVEYS, start=1)
        ],
        "survey_invitations": [
            invitation("EMD_1", "CID_1", "Finished", response_id="R_1",
                       opened_at="2026-06-02T09:00:00Z", started_at="2026-06-02T09:01:00Z",
                       completed_at="2026-06-02T09:02:00Z"),
            invitation("EMD_1", "CID_4", "Bounced"),
            invitation("EMD_2", "CID_2", "Started", started_at="2026-06-03T09:01:00Z"),
            invitation("EMD_3", SECRET, "Finished", response_id="R_3",
                       completed_at="2026-06-04T10:00:00Z"),
            invitation("EMD_3", "CID_secret_too", "Sent"),
        ],
        "survey_responses": [
            response("R_1", "SV_customer_nps", "2026-06-02T09:02:00.204Z", **customer),
            response("R_2", "SV_employee_pulse", "2026-06-29T10:00:00Z", finished=0, **employee),
            response("R_3", "SV_candidate_csat", "2026-06-28T23:59:59Z", **candidate),
            response("R_4", "SV_undeclared", "2026-06-28T10:00:00Z"),
        ],
    }  # fmt: skip


def frames_of(told: dict[str, list[dict[str, Any]]]) -> dict[str, pd.DataFrame]:
    return {name: frame(kinds, told[name]) for name, kinds in KINDS.items()}


def tables() -> dict[str, pd.DataFrame]:
    return frames_of(records())


class Account:
    """What the emulator shows, and can be told to show next."""

    def __init__(self) -> None:
        self.told = records()
        self.frames = frames_of(self.told)

    def __call__(self) -> dict[str, pd.DataFrame]:
        return self.frames

    def tell(self, table: str, *more: dict[str, Any], key: str | None = None) -> None:
        """Add records, in place of those with the same key."""
        new = {record[key] for record in more} if key else set()
        kept = [record for record in self.told[table] if not key or record[key] not in new]
        self.told[table] = [*kept, *more]
        self.frames = frames_of(self.told)

    def forget(self, table: str, key: str, value: str) -> None:
        """Take a record away without a trace."""
        self.told[table] = [record for record in self.told[table] if record[key] != value]
        self.frames = frames_of(self.told)


def everything(query: Callable[[str], list[Any]], *but: str) -> str:
    """Return all that raw holds of Qualtrics as text, but for the tables named."""
    names = query(
        "select table_name from duckdb_tables() where schema_name = 'raw_qualtrics'"
        " and not starts_with(table_name, '_dlt')"
    )
    wanted = [name for (name,) in names if name not in but]
    return "\n".join(str(query(f"select * from raw_qualtrics.{name}")) for name in wanted)
