"""How SurveyMonkey writes what the sandbox's surveys hold."""

from hashlib import blake2b
from typing import Any

Row = dict[str, Any]

FAMILIES = {
    "nps": ("matrix", "rating"),
    "enps": ("matrix", "rating"),
    "csat": ("matrix", "rating"),
    "ces": ("matrix", "rating"),
    "rating": ("matrix", "rating"),
    "expectation": ("single_choice", "vertical"),
    "comment": ("open_ended", "essay"),
}


def number(of: str) -> str:
    """Return a number, as the vendor writes its ids, for an id of the sandbox."""
    return str(int.from_bytes(blake2b(of.encode(), digest_size=5).digest()) + 10**12)


def question_id(survey_id: str, key: str) -> str:
    """Return the id of a question."""
    return number(f"{survey_id} {key.removesuffix('_TEXT')}")


def row_id(survey_id: str, key: str) -> str:
    """Return the id of the one row of a rating."""
    return number(f"{survey_id} {key} row")


def choice_id(survey_id: str, key: str, code: Any) -> str:
    """Return the id of a choice."""
    return number(f"{survey_id} {key} {code}")


def utc(moment: str) -> str:
    """Return a time with its offset written out."""
    return moment.replace("Z", "+00:00")


def survey(row: Row, count: int) -> Row:
    """Return a survey; its date is that of its design."""
    id_ = number(row["survey_id"])
    return {
        "id": id_,
        "title": row["name"],
        "nickname": "",
        "language": "en",
        "href": f"https://api.surveymonkey.example/v3/surveys/{id_}",
        "response_count": count,
        "date_created": utc(row["created_at"]),
        "date_modified": utc(row["updated_at"]),
    }


def details(shown: Row, survey_id: str, questions: list[Row]) -> Row:
    """Return a survey with its one page of questions."""
    intro = {"id": number(f"{survey_id} intro"), "family": "presentation", "headings": []}
    page = {"id": number(f"{survey_id} page"), "title": "", "position": 1}
    asked = [_question(survey_id, question) for question in questions]
    return shown | {"page_count": 1, "pages": [page | {"questions": [intro, *asked]}]}


def _question(survey_id: str, question: Row) -> Row:
    key = question["question_id"]
    family, subtype = FAMILIES[question["role"]]
    answers: Row = {}
    if family != "open_ended":
        answers["choices"] = [
            {"id": choice_id(survey_id, key, code), "text": label}
            | ({"weight": int(code)} if family == "matrix" else {})
            for code, label in question["choices"].items()
        ]
    if family == "matrix":
        answers["rows"] = [{"id": row_id(survey_id, key), "text": ""}]
    return {
        "id": question_id(survey_id, key),
        "family": family,
        "subtype": subtype,
        "headings": [{"heading": question["text"]}],
        "validation": None,
        **({"answers": answers} if answers else {}),
    }


def collectors(row: Row) -> list[Row]:
    """Return the ways by which a survey is handed out."""
    return [
        {
            "id": number(f"{row['survey_id']} {kind}"),
            "name": name,
            "type": kind,
            "status": "open" if row["is_active"] else "closed",
            "date_created": utc(row["created_at"]),
            "date_modified": utc(row["updated_at"]),
        }
        for kind, name in (("weblink", "Web link"), ("email", "Invitation by mail"))
    ]


def response(row: Row, roles: dict[str, str]) -> Row:
    """Return a response of the bulk list."""
    survey_id, handed_over = row["survey_id"], dict(row["handed_over"])
    email = handed_over.pop("email", "")
    questions = [
        _answer(survey_id, key, roles.get(key.removesuffix("_TEXT"), "comment"), value)
        for key, value in row["answers"].items()
    ]
    return {
        "id": number(row["response_id"]),
        "survey_id": number(survey_id),
        "collector_id": number(f"{survey_id} {'email' if handed_over or email else 'weblink'}"),
        "recipient_id": number(row["contact_id"]) if row["contact_id"] else "",
        "email_address": email,
        "first_name": "",
        "last_name": "",
        "ip_address": row["ip_address"],
        "response_status": "completed" if row["finished"] else "partial",
        "collection_mode": "default",
        "total_time": row["duration"],
        "date_created": utc(row["started_at"]),
        "date_modified": utc(row["changed"]),
        "custom_variables": handed_over,
        "custom_value": "",
        "edit_url": f"https://sandbox.example/r/?sm={number(row['response_id'])}",
        "analyze_url": f"https://sandbox.example/analyze/{number(row['response_id'])}",
        "logic_path": {},
        "page_path": [],
        "metadata": {"contact": {"email": {"type": "string", "value": email}} if email else {}},
        "pages": [{"id": number(f"{survey_id} page"), "questions": questions}],
    }


def _answer(survey_id: str, key: str, role: str, value: Any) -> Row:
    family = FAMILIES[role][0]
    answer: Row = {"text": value}
    if family != "open_ended":
        answer = {"choice_id": choice_id(survey_id, key, value)}
    if family == "matrix":
        answer |= {"row_id": row_id(survey_id, key), "choice_metadata": {"weight": str(value)}}
    return {"id": question_id(survey_id, key), "answers": [answer]}
