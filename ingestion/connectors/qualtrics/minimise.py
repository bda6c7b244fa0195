"""What of a response or an invitation may land; the rest is dropped here and counted by name.

A dropped key stays in the row as a name without a value: landing counts it among the undeclared,
so that the ledger shows what was sent and not kept.
"""

import re
from typing import Any

ANONYMOUS = "anonymous"
# The name under which the ledger counts the rows of anonymous surveys that carried a person's key.
DROPPED_FOR_ANONYMITY = "dropped_for_anonymity"

# Answers, but not what a meta-info question writes down about the device.
ANSWER = re.compile(r"QID\d+(?!.*_(BROWSER|VERSION|OS|RESOLUTION)$)")
ABOUT_THE_RESPONSE = frozenset(
    (
        "startDate",
        "endDate",
        "recordedDate",
        "status",
        "progress",
        "duration",
        "finished",
        "distributionChannel",
        "userLanguage",
    )
)
# Embedded data that a survey's flow has to set; they lead back to a person.
EMBEDDED_DATA = frozenset({"contactId", "distributionId", "ticketId"})
SAYS_NOTHING_NEW = frozenset({"_recordId", "values"})
KEYS_OF_AN_INVITED_PERSON = ("contactId", "contactLookupId", "responseId", "surveyLink")


def keep_of_response(record: Any, survey_id: str, confidentiality: str) -> Any:
    """Return one exported response as a flat row of what may land; what is no response as it is."""
    if not isinstance(record, dict) or not isinstance(record.get("values"), dict):
        return "not a response"
    values = record["values"]
    anonymous = confidentiality == ANONYMOUS
    wanted = ABOUT_THE_RESPONSE if anonymous else ABOUT_THE_RESPONSE | EMBEDDED_DATA
    answers = {key: value for key, value in values.items() if ANSWER.match(key)}
    known = {key: value for key, value in values.items() if key in wanted}
    dropped = (record.keys() | values.keys()) - answers.keys() - known.keys() - SAYS_NOTHING_NEW
    row = dict.fromkeys(dropped) | known
    if anonymous and any(values.get(key) for key in dropped):
        row[DROPPED_FOR_ANONYMITY] = None
    return row | {
        "responseId": record.get("responseId"),
        "surveyId": survey_id,
        "values": answers,
    }


def keep_of_invitations(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the invitations of an anonymous survey with a number in place of the person.

    They are numbered in the order of what happened to them, so that the number tells nothing about
    who it was and reading the same distribution again gives the same numbers.
    """
    nameless = [
        row
        | dict.fromkeys(KEYS_OF_AN_INVITED_PERSON)
        | ({DROPPED_FOR_ANONYMITY: None} if row.get("contactId") else {})
        for row in rows
    ]
    nameless.sort(key=lambda row: [str(row[key]) for key in sorted(row)])
    for number, row in enumerate(nameless, start=1):
        row["contactId"] = f"{ANONYMOUS}-{number:06d}"
    return nameless
