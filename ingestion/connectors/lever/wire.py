"""One object of each kind as Lever writes it, undeclared keys included."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

Row = dict[str, Any]

# The first and the last are in every account; the others are the account's own.
STAGES = {
    "lead": ("lead-new", "New lead"),
    "applied": ("applicant-new", "New applicant"),
    "phone": ("2a4ed4c1-9d0b-4c8b-9e0c-5d2f7f0a1b31", "Phone screen"),
    "on_site": ("7c1f8e02-3b5d-4f6a-8a4e-0c9d2e6b7f42", "On-site interview"),
    "offer": ("offer", "Offer"),
}
REASONS = ("hired", "underqualified", "withdrew", "position filled", "offer declined")


def uid(kind: str, number: int | str) -> str:
    """Return the id of an object; all of Lever's are of this form, but for a few stages."""
    return str(uuid5(NAMESPACE_URL, f"https://northlight.example/{kind}/{number}"))


def stage(name: str) -> Row:
    """Return a stage of the pipeline."""
    id_, text = STAGES[name]
    return {"id": id_, "text": text}


def archive_reason(name: str) -> Row:
    """Return a reason to archive."""
    return {
        "id": uid("reason", name),
        "text": name.capitalize(),
        "status": "active",
        "type": "hired" if name == "hired" else "non-hired",
    }


def opportunity(row: Row, moves: list[Row]) -> Row:
    """Return an opportunity; what is shown of the person is the contact's, the same on each."""
    gone = row["anonymized"] is not None
    archived = {"reason": uid("reason", row["reason"]), "archivedAt": row["decided"]}
    return {
        "id": row["id"],
        "name": "Anonymized" if gone else f"{row['first_name']} {row['last_name']}",
        "headline": None if gone else "Denied Employer, Denied School",
        "contact": uid("contact", row["candidate_id"]),
        "stage": STAGES[row["stage"]][0],
        "stageChanges": [
            {
                "toStageId": STAGES[move["stage"]][0],
                "toStageIndex": list(STAGES).index(move["stage"]),
                "updatedAt": move["entered"],
                "userId": uid("user", "denied"),
            }
            for move in moves
        ],
        "confidentiality": "non-confidential",
        "location": None if gone else "1 Denied Street",
        "phones": [{"type": "mobile", "value": row["phone"]}] if row["phone"] else [],
        "emails": [row["email"]] if row["email"] else [],
        "links": [],
        "archived": archived if row["decided"] else None,
        "tags": ["denied"],
        "sources": ["Jobs site"],
        "sourcedBy": None,
        "origin": row["origin"],
        "owner": uid("user", "owner"),
        "followers": [],
        "applications": [uid("application", row["application_id"])],
        "createdAt": row["created"],
        "updatedAt": row["updated"],
        "lastInteractionAt": row["updated"],
        "lastAdvancedAt": moves[-1]["entered"] if moves else None,
        "snoozedUntil": None,
        "urls": {"list": "https://hire.lever.co/candidates", "show": "https://hire.lever.co/x"},
        "dataProtection": None,
        "isAnonymized": gone,
    }


def deleted(row: Row, moves: list[Row]) -> Row:
    """Return an opportunity as the list of deleted ones has it."""
    when = {"deletedBy": uid("user", "owner"), "deletedAt": row["deleted"]}
    return opportunity(row, moves) | when


def offer(row: Row) -> Row:
    """Return an offer with its fields, pay among them."""
    signed = row["signed"]
    candidate = {
        "role": "candidate",
        "name": "Denied Name",
        "email": "denied@example.org",
        "firstOpenedAt": None,
        "lastOpenedAt": None,
        "signedAt": signed,
        "signed": signed is not None,
    }
    return {
        "id": uid("offer", row["offer_id"]),
        "posting": uid("posting", "any"),
        "createdAt": row["created"],
        "creator": uid("user", "owner"),
        "status": row["status"],
        "fields": [{"text": "Salary amount", "identifier": "salary_amount", "value": 90_000}],
        "signatures": {"candidate": candidate} if row["sent"] else None,
        "approved": row["approved"] is not None,
        "approvedAt": row["approved"],
        "sentAt": row["sent"],
        "sentDocument": None,
        "signedDocument": None,
    }
