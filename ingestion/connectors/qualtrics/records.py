"""The sandbox's tables as the records that a Qualtrics account would hold."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ingestion.sandbox import wire
from ingestion.sandbox.wire import Tables, json_values

DIRECTORY_ID = "POOL_sandbox"
OWNER_ID = "UR_sandbox"
# The vendor's words for what became of an invitation.
STATUS = {
    "Sent": "Success",
    "Bounced": "HardBounce",
    "Opened": "Opened",
    "Started": "SurveyStarted",
    "Finished": "SurveyFinished",
}
HEADQUARTERS = {"locationLatitude": "52.5200", "locationLongitude": "13.4050"}


@dataclass(frozen=True, slots=True)
class Responses:
    """The NDJSON lines of one survey, in the order in which they were recorded."""

    recorded: np.ndarray
    lines: Sequence[str]

    def between(self, start: datetime | None, end: datetime | None) -> Sequence[str]:
        """Return the lines recorded from `start`, inclusive, until `end`."""
        first = self._place(start, "left") if start else 0
        last = self._place(end, "right") if end else len(self.lines)
        return self.lines[first:last]

    def _place(self, moment: datetime, side: Any) -> int:
        return int(np.searchsorted(self.recorded, int(moment.timestamp() * 1_000_000), side=side))


class Records:
    """Everything one account shows at one instant; each kind is rendered when first asked for."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    @cached_property
    def surveys(self) -> list[dict[str, Any]]:
        columns = {
            "id": "survey_id",
            "name": "name",
            "isActive": "is_active",
            "creationDate": "created_at",
            "lastModified": "updated_at",
        }
        return [row | {"ownerId": OWNER_ID} for row in rows(self.tables["surveys"], columns)]

    @cached_property
    def questions(self) -> dict[str, list[dict[str, Any]]]:
        columns = {
            "survey_id": "survey_id",
            "QuestionID": "question_id",
            "QuestionText": "text",
            "QuestionType": "question_type",
            "Selector": "selector",
            "choices": "choices",
        }
        known: dict[str, list[dict[str, Any]]] = {survey["id"]: [] for survey in self.surveys}
        definitions = [_definition(row) for row in rows(self.tables["survey_questions"], columns)]
        return known | grouped(definitions, "survey_id")

    @cached_property
    def directories(self) -> list[dict[str, Any]]:
        size = len(self.tables["survey_contacts"])
        return [
            {
                "directoryId": DIRECTORY_ID,
                "name": "Sandbox",
                "contactCount": size,
                "isDefault": True,
            }
        ]

    @cached_property
    def mailing_lists(self) -> list[dict[str, Any]]:
        return [
            {
                "mailingListId": number,
                "name": number.removeprefix("CG_").replace("_", " "),
                "ownerId": OWNER_ID,
                "contactCount": len(members),
            }
            for number, members in self.contacts.items()
        ]

    @cached_property
    def contacts(self) -> dict[str, list[dict[str, Any]]]:
        columns = {
            "mailing_list_id": "mailing_list_id",
            "contactId": "contact_id",
            "firstName": "first_name",
            "lastName": "last_name",
            "email": "email",
            "phone": "phone",
            "extRef": "external_reference",
            "language": "language",
            "unsubscribed": "unsubscribed",
            "mailingListUnsubscribed": "unsubscribed",
        }
        return grouped(rows(self.tables["survey_contacts"], columns), "mailing_list_id")

    @cached_property
    def distributions(self) -> dict[str, list[dict[str, Any]]]:
        columns = {
            "id": "distribution_id",
            "surveyId": "survey_id",
            "mailingListId": "mailing_list_id",
            "expirationDate": "closes_at",
            "sendDate": "sent_at",
            "createdDate": "created_at",
            "modifiedDate": "updated_at",
        }
        served: dict[str, list[dict[str, Any]]] = {}
        for row in rows(self.tables["distributions"], columns):
            served.setdefault(row["surveyId"], []).append(_distribution(row))
        return served

    @cached_property
    def distribution_ids(self) -> set[str]:
        return set(self.tables["distributions"]["distribution_id"])

    @cached_property
    def history(self) -> dict[str, list[dict[str, Any]]]:
        columns = {
            "of": "distribution_id",
            "distributionId": "distribution_id",
            "contactId": "contact_id",
            "status": "status",
            "sentAt": "sent_at",
            "openedAt": "opened_at",
            "responseStartedAt": "started_at",
            "responseCompletedAt": "completed_at",
            "responseId": "response_id",
        }
        served = rows(self.tables["survey_invitations"], columns)
        for row in served:
            row["status"] = STATUS[row["status"]]
            row["contactLookupId"] = str(row["contactId"]).replace("CID_", "CGC_")
            row["surveyLink"] = f"https://sandbox.example/jfe/form/{row['contactLookupId']}"
            row |= {"contactFrequencyRuleId": None, "surveySessionId": None}
        return grouped(served, "of")

    @cached_property
    def responses(self) -> dict[str, Responses]:
        table = self.tables["survey_responses"].sort_values("recorded_at", kind="stable")
        lines = np.array(self._lines(table), dtype=object)
        recorded = table["recorded_at"].dt.tz_convert("UTC").dt.tz_localize(None)
        instants = recorded.to_numpy().astype("datetime64[us]").astype(np.int64)
        survey_ids = table["survey_id"].to_numpy(dtype=object)
        return {
            survey["id"]: Responses(instants[of], lines[of].tolist())
            for survey in self.surveys
            for of in [survey_ids == survey["id"]]
        }

    def _lines(self, table: pd.DataFrame) -> list[str]:
        columns = {
            "_recordId": "response_id",
            "startDate": "started_at",
            "endDate": "ended_at",
            "recordedDate": "recorded_at",
            "status": "status",
            "finished": "finished",
            "duration": "duration",
            "ipAddress": "ip_address",
        }
        embedded = {"contactId": "contact_id", "distributionId": "distribution_id"}
        people = self._recipients
        more = zip(
            rows(table, embedded),
            json_values(table["ticket_id"]),
            json_values(table["language"]),
            json_values(table["answers"]),
            strict=True,
        )
        return [
            _line(values, keys, people.get(keys["contactId"], {}), ticket, language, answers)
            for values, (keys, ticket, language, answers) in zip(
                rows(table, columns), more, strict=True
            )
        ]

    @cached_property
    def _recipients(self) -> dict[str, dict[str, Any]]:
        columns = {
            "contact_id": "contact_id",
            "recipientFirstName": "first_name",
            "recipientLastName": "last_name",
            "recipientEmail": "email",
            "externalDataReference": "external_reference",
        }
        return {row.pop("contact_id"): row for row in rows(self.tables["survey_contacts"], columns)}


def rows(frame: pd.DataFrame, columns: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a frame's rows under the vendor's names."""
    named = frame[list(columns.values())].set_axis(list(columns), axis=1)
    return wire.rows(named, milliseconds=True)


def grouped(items: Sequence[dict[str, Any]], key: str) -> dict[Any, list[dict[str, Any]]]:
    """Return the rows by the value of one key, which is taken out of them."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for item in items:
        groups.setdefault(item.pop(key), []).append(item)
    return groups


def _definition(row: dict[str, Any]) -> dict[str, Any]:
    labels: dict[str, str] = json.loads(row.pop("choices") or "{}")
    definition = row | {"DataExportTag": row["QuestionID"].replace("QID", "Q"), "Language": []}
    if labels:
        # Choices are numbered from 1; which code an answer carries is told apart from that.
        numbered = {str(place): code for place, code in enumerate(labels, start=1)}
        definition["Choices"] = {
            place: {"Display": labels[code]} for place, code in numbered.items()
        }
        definition["RecodeValues"] = numbered
    return definition


def _distribution(row: dict[str, Any]) -> dict[str, Any]:
    link = {"surveyId": row.pop("surveyId"), "expirationDate": row.pop("expirationDate")}
    return row | {
        "parentDistributionId": None,
        "ownerId": OWNER_ID,
        "requestType": "Invite",
        "requestStatus": "Done",
        "headers": {"fromEmail": "noreply@sandbox.example", "fromName": "Sandbox"},
        "recipients": {"mailingListId": row.pop("mailingListId"), "contactId": None},
        "surveyLink": link | {"linkType": "Individual"},
    }


def _line(
    values: dict[str, Any],
    keys: Mapping[str, Any],
    recipient: Mapping[str, Any],
    ticket: Any,
    language: str | None,
    answers: str,
) -> str:
    answered: dict[str, Any] = json.loads(answers)
    values |= {**HEADQUARTERS, **recipient, **{k: v for k, v in keys.items() if v}}
    if ticket is not None:
        values["ticketId"] = str(ticket)
    values |= {
        "progress": 100 if values["finished"] else 50,
        "distributionChannel": "email" if keys["distributionId"] else "anonymous",
        "userLanguage": (language or "en").upper(),
    }
    record = {
        "responseId": values["_recordId"],
        "values": values | answered,
        "labels": {"finished": str(bool(values["finished"]))},
        "displayedFields": list(answered),
        "displayedValues": {},
    }
    return json.dumps(record, ensure_ascii=False)
