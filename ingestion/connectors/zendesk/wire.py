"""One record of each kind as Zendesk writes it, undeclared keys included."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

Row = dict[str, Any]

SYSTEM_USER = -1
TOPIC_FIELD = 46406130043793
SCRUBBED = "SCRUBBED"
CHANGED = {
    "status": "status",
    "assignment": "assignee_id",
    "group": "group_id",
    "priority": "priority",
}
VIA = {"web": "Web form", "email": "Mail", "api": "Web service", "rule": "Rule"}


def ticket(row: Row, site: str, included: list[str]) -> Row:
    """Return a ticket; `metric_sets` are put into it where they are included."""
    fields = [{"id": TOPIC_FIELD, "value": row["topic"]}]
    spoken = {
        "id": row["ticket_id"],
        "url": f"{site}/api/v2/tickets/{row['ticket_id']}.json",
        "external_id": None,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "generated_timestamp": _epoch(row["generated_at"]),
        "type": None,
        "subject": row["subject"],
        "raw_subject": row["subject"],
        "description": row["description"],
        "priority": row["priority"],
        "status": row["status"],
        "recipient": None,
        "requester_id": row["requester_id"],
        "submitter_id": row["requester_id"],
        "assignee_id": row["assignee_id"],
        "group_id": row.get("group_id"),
        "organization_id": row["organization_id"],
        "brand_id": row["brand_id"],
        "is_public": True,
        "tags": _split(row["tags"]),
        "custom_fields": fields,
        "fields": fields,
        "satisfaction_rating": {"score": "unoffered"},
        "via": {"channel": row["channel"], "source": {"from": {}, "to": {}, "rel": None}},
    }
    if "metric_sets" in included and row["status"] != "deleted":
        spoken["metric_set"] = {
            "ticket_id": row["ticket_id"],
            "created_at": row["created_at"],
            "solved_at": row["solved_at"],
        }
    return spoken


def user(row: Row, site: str, included: list[str]) -> Row:
    """Return an end user or an agent."""
    return {
        "id": row["user_id"],
        "url": f"{site}/api/v2/users/{row['user_id']}.json",
        "name": row["name"],
        "email": row["email"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "time_zone": row["time_zone"],
        "iana_time_zone": row["time_zone"],
        "phone": row["phone"],
        "shared_phone_number": None,
        "locale": row["locale"],
        "organization_id": row["organization_id"],
        "role": row["role"],
        "verified": True,
        "external_id": row["external_id"],
        "tags": [],
        "alias": "",
        "active": row["active"],
        "shared": False,
        "suspended": False,
        "notes": "",
        "details": "",
        "user_fields": {"employee_number": row["employee_number"], "salary": "90000"},
        "permanently_deleted": row["name"] == SCRUBBED,
    }


def organization(row: Row, site: str, included: list[str]) -> Row:
    """Return an organization."""
    return {
        "id": row["organization_id"],
        "url": f"{site}/api/v2/organizations/{row['organization_id']}.json",
        "name": row["name"],
        "domain_names": _split(row["domain_names"]),
        "shared_tickets": False,
        "external_id": None,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "tags": [],
        "details": "",
        "organization_fields": {},
    }


def ticket_event(row: Row, site: str, included: list[str]) -> Row:
    """Return one update of a ticket with what it changed as children."""
    return {
        "id": row["event_id"],
        "ticket_id": row["ticket_id"],
        "timestamp": _epoch(row["recorded"]),
        "created_at": row["created_at"],
        "updater_id": SYSTEM_USER if row["actor_id"] is None else row["actor_id"],
        "via": VIA[row["via"]],
        "system": {"client": "sandbox", "ip_address": "192.0.2.1", "location": "Sandbox"},
        "metadata": {},
        "event_type": "Audit",
        "child_events": _children(row, "comment_events" in included),
    }


def rating(row: Row, site: str, included: list[str]) -> Row:
    """Return a rating that was offered or given."""
    return {
        "id": row["rating_id"],
        "url": f"{site}/api/v2/satisfaction_ratings/{row['rating_id']}.json",
        "ticket_id": row["ticket_id"],
        "requester_id": row["requester_id"],
        "assignee_id": row["assignee_id"],
        "group_id": None,
        "score": row["score"],
        "comment": row["comment"],
        "reason": row["reason"],
        "reason_id": None,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


SPEAKERS: dict[str, Callable[[Row, str, list[str]], Row]] = {
    "tickets": ticket,
    "users": user,
    "organizations": organization,
    "ticket_events": ticket_event,
    "satisfaction_ratings": rating,
}


def _children(row: Row, with_text: bool) -> list[Row]:
    child = {"id": row["event_id"] * 10, "via": VIA[row["via"]], "via_reference_id": None}
    change = {**child, "event_type": "Change", "previous_value": row["previous_value"]}
    if row["event_type"] == "created":
        opened = {**child, "event_type": "Create", "status": "new", "priority": None}
        return [opened, _comment(row, row["description"], with_text, row["event_id"] * 10 + 1)]
    if row["event_type"] == "comment":
        return [_comment(row, row["value"], with_text, row["event_id"] * 10)]
    return [change | {CHANGED[row["event_type"]]: row["value"]}]


def _comment(row: Row, text: str | None, with_text: bool, id_: int) -> Row:
    comment = {"id": id_, "event_type": "Comment", "via_reference_id": None}
    if not with_text:
        return comment | {"comment_present": True, "comment_public": row["is_public"]}
    return comment | {
        "via": {"channel": row["via"], "source": {"from": {}, "to": {}, "rel": None}},
        "type": "Comment",
        "author_id": SYSTEM_USER if row["actor_id"] is None else row["actor_id"],
        "body": text,
        "html_body": f"<p>{text}</p>",
        "plain_body": text,
        "public": row["is_public"],
        "attachments": [],
        "audit_id": row["event_id"],
        "created_at": row["created_at"],
    }


def _split(text: str | None) -> list[str]:
    return [part for part in (text or "").split(";") if part]


def _epoch(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
