"""One record of each kind as Mailchimp writes it, undeclared keys included."""

import hashlib
from typing import Any

Row = dict[str, Any]


def moment(text: str | None) -> str:
    """Return a time as Mailchimp writes it; one that never came is empty."""
    return f"{text.removesuffix('Z')}+00:00" if text else ""


def email_id(address: str) -> str:
    """Return the id that hangs on an address."""
    return hashlib.md5(address.lower().encode(), usedforsecurity=False).hexdigest()


def audience(id_: str, name: str, created: str, members: int) -> Row:
    """Return an audience."""
    return {
        "id": id_,
        "web_id": 1,
        "name": name,
        "contact": {"company": "Club", "city": "Berlin", "country": "DE"},
        "permission_reminder": "You signed up on our site.",
        "date_created": moment(created),
        "list_rating": 4,
        "stats": {"member_count": members},
    }


def member(row: Row) -> Row:
    """Return a member of an audience."""
    return {
        "id": email_id(row["email"]),
        "email_address": row["email"],
        "unique_email_id": f"{row['subscriber_id']:010x}",
        "contact_id": f"{row['subscriber_id']:032x}",
        "full_name": f"{row['first_name']} {row['last_name']}",
        "web_id": row["subscriber_id"],
        "email_type": "html",
        "status": row["status"],
        "consents_to_one_to_one_messaging": True,
        "merge_fields": {
            "FNAME": row["first_name"], "LNAME": row["last_name"], "IBAN": "DE02120300000000202051"
        },
        "stats": {"avg_open_rate": 0.2, "avg_click_rate": 0},
        "ip_opt": "198.51.100.7",
        "timestamp_opt": moment(row["confirmed_at"]),
        "member_rating": 2,
        "last_changed": moment(row["updated_at"]),
        "language": row["language"],
        "vip": False,
        "list_id": row["list_id"],
    }  # fmt: skip


def campaign(row: Row) -> Row:
    """Return a campaign that was sent."""
    return {
        "id": row["campaign_id"],
        "web_id": 7,
        "type": "regular",
        "status": "sent",
        "create_time": moment(row["sent_at"]),
        "emails_sent": row["emails_sent"],
        "send_time": moment(row["sent_at"]),
        "recipients": {"list_id": row["list_id"], "recipient_count": row["emails_sent"]},
        "settings": {"subject_line": row["title"], "title": row["title"], "from_name": "Club"},
    }


def report(campaign: str, list_: str, address: str, actions: list[Row]) -> Row:
    """Return what was done with one mail of a campaign."""
    return {
        "campaign_id": campaign,
        "list_id": list_,
        "list_is_active": True,
        "email_id": email_id(address),
        "email_address": address,
        "activity": [_action(row) for row in actions],
    }


def _action(row: Row) -> Row:
    spoken = {"action": row["action"], "timestamp": moment(row["occurred_at"])}
    if row["action"] == "bounce":
        return spoken | {"type": "hard"}
    link = {"url": "https://club.example/?token=17"} if row["action"] == "click" else {}
    return spoken | link | {"ip": "198.51.100.7"}
