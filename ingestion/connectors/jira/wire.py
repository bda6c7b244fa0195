"""One record of each kind as Jira writes it, undeclared keys included."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]

# Who asks has this zone; all times are told in it.
ZONE = ZoneInfo("America/Los_Angeles")
PROJECTS = {9001: ("10001", "CARE"), 9002: ("10002", "DEAL"), 9003: ("10003", "FAN")}
STATUSES = {
    "new": ("10010", "Waiting for support", "new"),
    "open": ("10011", "In progress", "indeterminate"),
    "pending": ("10012", "Waiting for customer", "indeterminate"),
    "hold": ("10013", "On hold", "indeterminate"),
    "solved": ("10014", "Resolved", "done"),
    "closed": ("10015", "Closed", "done"),
}
PRIORITIES = {"urgent": "1", "high": "2", "normal": "3", "low": "4"}
CHANNELS = {"web": "portal", "email": "email", "chat": "chat", "voice": "jira"}
TOPIC, ORGANIZATIONS = "customfield_10050", "customfield_10002"
SATISFACTION, RATED = "customfield_10027", "customfield_10028"
BOT = "app"


def moment(text: str | None) -> str | None:
    """Return a time as Jira writes it: in the asking user's zone, to the millisecond."""
    if text is None:
        return None
    local = datetime.fromisoformat(text).astimezone(ZONE)
    return f"{local:%Y-%m-%dT%H:%M:%S}.000{local:%z}"


def document(text: str | None) -> Row | None:
    """Return a text in the Atlassian Document Format, a paragraph a line."""
    if text is None:
        return None
    lines = [{"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []}
             for line in text.split("\n")]  # fmt: skip
    return {"type": "doc", "version": 1, "content": lines}


def account_id(user_id: int) -> str:
    """Return the id of an account."""
    return f"712020:{user_id:016x}"


def user(row: Row) -> Row:
    """Return a person as every record names one; of an erased one nothing is left."""
    kind = "customer" if row["role"] == "end-user" else "atlassian"
    is_erased = row["name"] == "SCRUBBED"
    spoken = {
        "self": f"https://sandbox.example/rest/api/3/user?accountId={account_id(row['user_id'])}",
        "accountId": account_id(row["user_id"]),
        "avatarUrls": {"48x48": "https://sandbox.example/avatar.png"},
        "displayName": "Former user" if is_erased else row["name"],
        "active": row["active"],
        "timeZone": row["time_zone"],
        "accountType": kind if row["role"] != BOT else "app",
    }
    return spoken | ({"emailAddress": row["email"]} if row["email"] else {})


def status(name: str) -> Row:
    """Return a status with its category."""
    id_, title, category = STATUSES[name]
    return {
        "self": f"https://sandbox.example/rest/api/3/status/{id_}",
        "description": "",
        "name": title,
        "id": id_,
        "statusCategory": {"id": 2, "key": category, "colorName": "blue-gray", "name": title},
    }


def organization(row: Row) -> Row:
    """Return an organisation as the list and the field name it."""
    return {
        "id": str(row["organization_id"]),
        "uuid": f"{row['organization_id']:032x}",
        "name": row["name"],
        "scimManaged": False,
        "_links": {"self": "https://sandbox.example/rest/servicedeskapi/organization/1"},
    }


def issue(row: Row, people: dict[int, Row], organizations: dict[int, Row]) -> Row:
    """Return an issue with all its fields; which of them are given out the search says."""
    project, key = PROJECTS[row["brand_id"]]
    tags = [tag for tag in (row["tags"] or "").split(";") if tag]
    is_done = row["status"] in ("solved", "closed")
    is_merged = "closed_by_merge" in tags
    resolution = {"id": "10002", "name": "Duplicate"} if is_merged else {"id": "10000"}
    asker = people.get(row["requester_id"])
    typed_in = row["channel"] == "voice"
    firm = organizations.get(row["organization_id"])
    priority = PRIORITIES.get(row["priority"])
    fields = {
        "summary": row["subject"],
        "issuetype": {"id": "10005", "name": "Service request", "subtask": False},
        "project": {"id": project, "key": key, "projectTypeKey": "service_desk"},
        "reporter": asker,
        "creator": people.get(row["assignee_id"]) if typed_in else asker,
        "assignee": people.get(row["assignee_id"]),
        "priority": {"id": priority, "name": row["priority"]} if priority else None,
        "status": status(row["status"]),
        "resolution": resolution if is_done else None,
        "resolutiondate": moment(row["solved_at"] or row["changed_at"]) if is_done else None,
        "labels": [tag for tag in tags if tag != "closed_by_merge"],
        "description": document(row["description"]),
        "created": moment(row["created_at"]),
        "updated": moment(row["changed_at"]),
        TOPIC: {"id": "1", "value": row["topic"]} if row["topic"] else None,
        ORGANIZATIONS: [organization(firm)] if firm else [],
        SATISFACTION: None,
        RATED: moment(row["rated_at"]),
        "customfield_10099": "DE02120300000000202051",
    }
    return {
        "expand": "operations,editmeta,changelog",
        "id": str(row["ticket_id"]),
        "self": f"https://sandbox.example/rest/api/3/issue/{row['ticket_id']}",
        "key": f"{key}-{row['ticket_id']}",
        "fields": fields,
        "properties": {"request.channel.type": {"value": CHANNELS.get(row["channel"], "api")}},
    }


def comment(row: Row, people: dict[int, Row]) -> Row:
    """Return a comment; what the house keeps for itself is not public."""
    return {
        "id": str(row["event_id"]),
        "author": people.get(row["actor_id"]),
        "updateAuthor": people.get(row["actor_id"]),
        "body": document(row["value"]),
        "created": moment(row["created_at"]),
        "updated": moment(row["created_at"]),
        "jsdPublic": row["is_public"],
    }


def history(row: Row, people: dict[int, Row]) -> Row:
    """Return an entry of the history: a new status or assignee, and a field nobody declared."""
    if row["event_type"] == "status":
        old, new = (STATUSES.get(row[name]) for name in ("previous_value", "value"))
        item = _item("status", old and old[:2], new and new[:2])
    else:
        before, after = (
            (account_id(int(float(row[name]))), "Care") if row[name] else None
            for name in ("previous_value", "value")
        )
        item = _item("assignee", before, after)
    spoken = {
        "id": str(row["event_id"]),
        "created": moment(row["created_at"]),
        "items": [item, _item("summary", None, None)],
    }
    author = people.get(row["actor_id"])
    return spoken | ({"author": author} if author else {})


def _item(field: str, old: tuple[str, str] | None, new: tuple[str, str] | None) -> Row:
    return {
        "field": field,
        "fieldtype": "jira",
        "fieldId": field,
        "from": old and old[0],
        "fromString": old and old[1],
        "to": new and new[0],
        "toString": new and new[1],
    }


def feedback(row: Row) -> Row:
    """Return how satisfied somebody was, as stars."""
    stars = (5 if row["rating_id"] % 2 else 4) if row["score"] == "good" else 1
    said = {"comment": {"body": row["comment"]}} if row["comment"] else {}
    return {"type": "csat", "rating": stars} | said
