"""What of a response or an invitation may land; the rest is dropped here and counted by name."""

import re
from typing import Any

from ingestion.surveys import ANONYMOUS, DROPPED_FOR_ANONYMITY, minimised

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
    answers = {key: value for key, value in values.items() if ANSWER.match(key)}
    told = {key: values[key] for key in values.keys() - answers.keys() - SAYS_NOTHING_NEW}
    beside = dict.fromkeys(record.keys() - SAYS_NOTHING_NEW)
    return beside | minimised(told, ABOUT_THE_RESPONSE, EMBEDDED_DATA, confidentiality) | {
        "responseId": record.get("responseId"),
        "surveyId": survey_id,
        "values": answers,
    }  # fmt: skip


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
