"""What any survey tool without a directory holds of the sandbox's surveys: its answers alone.

Links are sent by another system, which hands over whom they went to.
"""

import json
from typing import Any

from ingestion.sandbox.wire import Tables, rows

STAFF = "CG_employees"
PREVIEW = 1


def responses(tables: Tables) -> list[dict[str, Any]]:
    """Return what was answered: `handed_over`, `answers` by question, and the time of `changed`.

    Previews are not kept; tests and spam look like everybody else's.
    """
    frame = tables["survey_responses"]
    frame = frame[frame["status"] != PREVIEW]
    frame = frame.assign(changed=frame[["recorded_at", "visible_from"]].max(axis=1))
    people = {row["contact_id"]: _person(row) for row in rows(tables["survey_contacts"])}
    return [
        row
        | {
            "answers": json.loads(row["answers"]),
            "handed_over": {
                key: str(value)
                for key, value in (
                    *people.get(row["contact_id"], {}).items(),
                    ("ticket_id", row["ticket_id"]),
                )
                if value
            },
        }
        for row in rows(frame)
    ]


def _person(row: dict[str, Any]) -> dict[str, Any]:
    reference = "employee_number" if row["mailing_list_id"] == STAFF else "contact_id"
    return {reference: row["external_reference"], "email": row["email"]}


def questions(tables: Tables) -> dict[str, list[dict[str, Any]]]:
    """Return the questions of every survey: id, text, role, and {code: label} of its choices."""
    asked: dict[str, list[dict[str, Any]]] = {id_: [] for id_ in tables["surveys"]["survey_id"]}
    for row in rows(tables["survey_questions"]):
        asked[row["survey_id"]].append(row | {"choices": json.loads(row["choices"] or "{}")})
    return asked
