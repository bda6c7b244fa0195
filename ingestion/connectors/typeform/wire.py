"""How Typeform writes what the sandbox's surveys hold."""

from typing import Any

Row = dict[str, Any]

NEVER = "0001-01-01T00:00:00Z"
TYPES = {
    "nps": "nps",
    "enps": "opinion_scale",
    "csat": "rating",
    "ces": "opinion_scale",
    "rating": "opinion_scale",
    "expectation": "multiple_choice",
    "comment": "long_text",
}
LABELS = {"-1": "Worse than expected", "0": "As expected", "1": "Better than expected"}


def form_id(survey_id: str) -> str:
    """Return the id under which a survey is a form."""
    return survey_id.removeprefix("SV_")


def field_id(survey_id: str, question_id: str) -> str:
    """Return the id of a question; it is the only one of that id in the whole account."""
    return f"{form_id(survey_id)}_{question_id.replace('QID', 'q').removesuffix('_TEXT')}"


def form(survey: Row, questions: list[Row]) -> Row:
    """Return a form's definition."""
    id_ = form_id(survey["survey_id"])
    return {
        "id": id_,
        "type": "form",
        "title": survey["name"],
        "created_at": survey["created_at"],
        "last_updated_at": survey["updated_at"],
        "settings": {"language": "en", "is_public": survey["is_active"]},
        "hidden": ["contact_id", "employee_number", "email", "ticket_id"],
        "fields": [
            {
                "id": field_id(survey["survey_id"], question["question_id"]),
                "ref": f"{id_}-{question['role']}",
                "type": TYPES[question["role"]],
                "title": question["text"],
                "properties": _properties(question),
            }
            for question in questions
        ],
        "_links": {"display": f"https://sandbox.example/to/{id_}"},
    }


def _properties(question: Row) -> Row:
    if TYPES[question["role"]] != "multiple_choice":
        return {}
    return {"choices": [{"ref": code, "label": LABELS[code]} for code in question["choices"]]}


def listed(definition: Row) -> Row:
    """Return a form as the list shows it."""
    shown = ("id", "type", "title", "created_at", "last_updated_at", "settings", "_links")
    return {name: definition[name] for name in shown}


def response(row: Row, questions: list[Row]) -> Row:
    """Return a response; one that was not submitted has the beginning of time for it."""
    is_completed = bool(row["finished"])
    roles = {question["question_id"]: question["role"] for question in questions}
    return {
        "landing_id": row["response_id"],
        "token": row["response_id"],
        "response_id": row["response_id"],
        "response_type": "completed" if is_completed else "partial",
        "landed_at": row["started_at"],
        "submitted_at": row["recorded_at"] if is_completed else NEVER,
        "metadata": {
            "user_agent": "Mozilla/5.0 (sandbox)",
            "platform": "mobile",
            "referer": f"https://sandbox.example/to/{form_id(row['survey_id'])}",
            "network_id": f"net-{row['ip_address']}",
            "browser": "default",
        },
        "hidden": row["handed_over"],
        "calculated": {"score": 0},
        "variables": [],
        "answers": [
            _answer(row["survey_id"], key, roles.get(key.removesuffix("_TEXT"), "comment"), value)
            for key, value in row["answers"].items()
        ],
        "thankyou_screen_ref": "default_tys",
    }


def _answer(survey_id: str, key: str, role: str, value: Any) -> Row:
    type_ = TYPES[role]
    field = {"id": field_id(survey_id, key), "type": type_, "ref": f"{form_id(survey_id)}-{role}"}
    if type_ == "multiple_choice":
        return {"field": field, "type": "choice", "choice": {"label": LABELS[str(value)]}}
    kind = "text" if type_ == "long_text" else "number"
    return {"field": field, "type": kind, kind: value}
