"""One record of each kind as Freshdesk writes it, undeclared keys included."""

from typing import Any

Row = dict[str, Any]

STATUS = {"open": 2, "new": 2, "pending": 3, "hold": 3, "solved": 4, "closed": 5}
PRIORITY = {"low": 1, "normal": 2, "high": 3, "urgent": 4}
SOURCE = {"email": 1, "web": 2, "voice": 3, "chat": 7, "outbound": 10}
REPLY, NOTE = 0, 2
SCORE = {"good": 103, "bad": -103}
SURVEY = 48_000_000_091
AUTOMATION = 48_000_000_500
# The sandbox's words for a merge, and the private note that Freshdesk leaves in their place.
MERGED = "Merged into another request."


def ticket(row: Row, included: list[str]) -> Row:
    """Return a ticket; its text and its milestones where they are included."""
    is_over = row["status"] == "closed"
    spoken = {
        "id": row["ticket_id"],
        "subject": row["subject"],
        # One in the trash keeps the status that it had.
        "status": STATUS.get(row["status"], STATUS["open"]),
        "priority": PRIORITY.get(row["priority"], PRIORITY["low"]),
        "source": SOURCE.get(row["channel"], SOURCE["web"]),
        "type": "Question",
        "requester_id": row["requester_id"],
        "responder_id": row["assignee_id"],
        "group_id": row.get("group_id"),
        "company_id": row["organization_id"],
        "product_id": row["brand_id"],
        "email_config_id": None,
        "cc_emails": [],
        "to_emails": None,
        "spam": row["status"] == "spam",
        "tags": [tag for tag in _split(row["tags"]) if tag != "closed_by_merge"],
        "custom_fields": {"cf_topic": row["topic"], "cf_iban": "DE02120300000000202051"},
        "due_by": row["created_at"],
        "fr_escalated": False,
        "created_at": row["created_at"],
        "updated_at": row["changed_at"],
    }
    if row["status"] == "deleted":
        spoken["deleted"] = True
    if "description" in included:
        spoken["description"] = f"<div>{row['description']}</div>"
        spoken["description_text"] = row["description"]
    if "stats" in included:
        spoken["stats"] = {
            "resolved_at": row["solved_at"],
            "first_responded_at": None,
            "closed_at": row["changed_at"] if is_over else None,
        }
    return spoken


def conversation(row: Row) -> Row:
    """Return a reply or a note."""
    is_merge = row["value"] == MERGED
    text = (
        f"This ticket is closed and merged into ticket {row['ticket_id'] - 1}"
        if is_merge
        else row["value"]
    )
    is_private = is_merge or not row["is_public"]
    return {
        "id": row["event_id"],
        "ticket_id": row["ticket_id"],
        "user_id": row["actor_id"],
        "incoming": row["actor_role"] == "end-user",
        "private": is_private,
        "source": NOTE if is_private else REPLY,
        "body": f"<div>{text}</div>",
        "body_text": text,
        "support_email": None,
        "to_emails": [],
        "attachments": [],
        "automation_id": AUTOMATION if row["via"] == "rule" else None,
        "auto_response": False,
        "created_at": row["created_at"],
        "updated_at": row["created_at"],
    }


def contact(row: Row) -> Row:
    """Return a contact; one in the trash says so."""
    spoken = {
        "id": row["user_id"],
        "active": row["active"],
        "address": None,
        "company_id": row["organization_id"],
        "description": None,
        "email": row["email"],
        "job_title": None,
        "language": row["locale"],
        "mobile": None,
        "name": row["name"],
        "phone": row["phone"],
        "time_zone": row["time_zone"],
        "twitter_id": None,
        "custom_fields": {"salary": "90000"},
        "unique_external_id": row["external_id"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }
    return spoken if row["active"] else spoken | {"deleted": True}


def company(row: Row) -> Row:
    """Return a company."""
    return {
        "id": row["organization_id"],
        "name": row["name"],
        "description": None,
        "note": None,
        "domains": _split(row["domain_names"]),
        "custom_fields": {},
        "health_score": None,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def agent(row: Row) -> Row:
    """Return an agent; who it is stands in `contact`."""
    return {
        "id": row["user_id"],
        "available": True,
        "occasional": False,
        "ticket_scope": 1,
        "type": "support_agent",
        "contact": {
            "active": True,
            "email": row["email"],
            "job_title": None,
            "language": row["locale"],
            "mobile": None,
            "name": row["name"],
            "phone": row["phone"],
            "time_zone": row["time_zone"],
        },
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def rating(row: Row) -> Row:
    """Return a rating that was given; Freshdesk has no row of one that was only asked for."""
    return {
        "id": row["rating_id"],
        "survey_id": SURVEY,
        "user_id": row["requester_id"],
        "agent_id": row["assignee_id"],
        "feedback": row["comment"],
        "group_id": None,
        "ticket_id": row["ticket_id"],
        "ratings": {"default_question": SCORE[row["score"]]},
        "created_at": row["updated_at"],
        "updated_at": row["updated_at"],
    }


def _split(text: str | None) -> list[str]:
    return [part for part in (text or "").split(";") if part]
