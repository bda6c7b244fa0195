"""One record of each kind as Intercom writes it, undeclared keys included."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

Row = dict[str, Any]

STATES = {"new": "open", "open": "open", "pending": "snoozed"}
BRANDS = {9001: "Customers", 9002: "Dealers", 9003: "Fans"}
SOURCE_TYPES = {"web": "conversation", "email": "email", "chat": "whatsapp", "voice": "phone_call"}
AUTHORS = {"end-user": "user", "agent": "admin", "bot": "bot", "system": "bot"}
OPERATOR = "46000000000001"
DAY = 86_400


def contact_id(user_id: int) -> str:
    """Return the id of a contact, 24 hexadecimal digits."""
    return f"{user_id:024x}"


def contact(row: Row) -> Row:
    """Return a user or, without an id from elsewhere, a lead."""
    return {
        "type": "contact",
        "id": contact_id(row["user_id"]),
        "workspace_id": "sandbox",
        "external_id": row["external_id"],
        "role": "user" if row["external_id"] or row["email"] else "lead",
        "email": row["email"],
        "phone": row["phone"],
        "name": row["name"],
        "avatar": None,
        "owner_id": None,
        "has_hard_bounced": False,
        "unsubscribed_from_emails": False,
        "created_at": epoch(row["created_at"]),
        "updated_at": epoch(row["updated_at"]),
        "signed_up_at": epoch(row["created_at"]),
        "last_seen_at": None,
        "language_override": row["locale"],
        "browser_language": None,
        "location": {"type": "location", "country": None, "region": None, "city": None},
        "custom_attributes": {"plan": "pro", "salary": "90000"},
        "tags": {"type": "list", "data": [], "total_count": 0, "has_more": False},
        "companies": {"type": "list", "data": [], "total_count": 0, "has_more": False},
    }


def admin(row: Row) -> Row:
    """Return a teammate."""
    return {
        "type": "admin",
        "id": str(row["user_id"]),
        "name": row["name"],
        "email": row["email"],
        "job_title": "Care",
        "away_mode_enabled": False,
        "has_inbox_seat": True,
        "team_ids": [],
    }


def conversation(row: Row) -> Row:
    """Return a conversation as a search finds it, without its parts."""
    closed = row["status"] in ("solved", "closed")
    pending = row["status"] == "pending"
    contacts = [{"type": "contact", "id": contact_id(row["requester_id"]), "external_id": None}]
    tags = [tag for tag in (row["tags"] or "").split(";") if tag]
    return {
        "type": "conversation",
        "id": str(row["ticket_id"]),
        "created_at": epoch(row["created_at"]),
        "updated_at": row["changed"],
        "waiting_since": None,
        "snoozed_until": row["changed"] + DAY if pending else None,
        "title": row["subject"],
        "source": _source(row),
        "contacts": {"type": "contact.list", "contacts": contacts},
        "teammates": {"type": "admin.list", "admins": []},
        "open": not closed,
        "state": STATES.get(row["status"], "closed"),
        "read": True,
        "priority": "priority" if row["priority"] in ("high", "urgent") else "not_priority",
        "admin_assignee_id": row["assignee_id"],
        "team_assignee_id": None,
        "tags": {"type": "tag.list", "tags": [{"type": "tag", "id": t, "name": t} for t in tags]},
        "custom_attributes": {
            "Brand": BRANDS[row["brand_id"]],
            "Topic": row["topic"],
            "Order number": "A-17",
        },
        "conversation_rating": _rating(row),
        "statistics": {
            "type": "conversation_statistics",
            "last_close_at": epoch(row["solved_at"]) if row["solved_at"] else None,
        },
        "ai_agent_participated": False,
    }


def opened(row: Row, events: list[Row], plain: bool) -> Row:
    """Return a conversation as it is read alone, with its parts."""
    said = [part for event in events for part in _parts(event, plain)]
    whole = conversation(row)
    whole["source"]["body"] = _text(row["description"], plain)
    whole["conversation_parts"] = {
        "type": "conversation_part.list",
        "conversation_parts": said[:500],
        "total_count": len(said),
    }
    return whole


def epoch(moment: str) -> int:
    """Return a time of the world in seconds since 1970."""
    return int(datetime.fromisoformat(moment).timestamp())


def _source(row: Row) -> Row:
    return {
        "type": SOURCE_TYPES[row["channel"]],
        "id": str(row["ticket_id"]),
        "delivered_as": "customer_initiated",
        "subject": row["subject"],
        "body": _text(row["description"], plain=False),
        "author": {
            "type": "user",
            "id": contact_id(row["requester_id"]),
            "name": "Someone",
            "email": "someone@sandbox.example",
        },
        "attachments": [],
        "url": None,
        "redacted": False,
    }


def _rating(row: Row) -> Row | None:
    """Return stars for the good and bad of the world; one that was only offered is empty."""
    if not row["score"]:
        return None
    stars = {"good": 5 - row["ticket_id"] % 2, "bad": 1 + row["ticket_id"] % 2}
    return {
        "rating": stars.get(row["score"]),
        "remark": row["comment"],
        "created_at": epoch(row["rated_at"]),
        "contact": {"type": "contact", "id": contact_id(row["rated_by"]), "external_id": None},
        "teammate": {"type": "admin", "id": str(row["assignee_id"])},
    }


def _parts(event: Row, plain: bool) -> Iterator[Row]:
    """Yield the part that an event becomes; what Intercom does not know becomes none."""
    kind, value = event["event_type"], event["value"]
    part: Row = {
        "type": "conversation_part",
        "id": str(event["event_id"]),
        "body": None,
        "created_at": epoch(event["created_at"]),
        "updated_at": epoch(event["created_at"]),
        "notified_at": epoch(event["created_at"]),
        "assigned_to": None,
        "author": _author(event),
        "attachments": [],
        "external_id": None,
        "redacted": False,
    }
    if kind == "comment":
        part_type = "comment" if event["is_public"] else "note"
        yield part | {"part_type": part_type, "body": _text(value, plain)}
    elif kind == "assignment":
        yield part | {"part_type": "assignment", "assigned_to": {"type": "admin", "id": value}}
    elif kind == "status" and value in ("open", "pending"):
        yield part | {"part_type": "open" if value == "open" else "snoozed"}
    elif kind == "status" and (value, event["previous_value"]) != ("closed", "solved"):
        yield part | {"part_type": "close"}


def _author(event: Row) -> Row:
    kind = AUTHORS[event["actor_role"]]
    actor = event["actor_id"]
    ids = {"user": contact_id(actor or 0), "admin": str(actor), "bot": OPERATOR}
    name = "Operator" if kind == "bot" else "Someone"
    return {
        "type": kind,
        "id": ids[kind],
        "name": name,
        "email": f"{kind}@sandbox.example",
        "from_ai_agent": False,
    }


def _text(text: str | None, plain: bool) -> str | None:
    return text if plain or text is None else f"<p>{text}</p>"
