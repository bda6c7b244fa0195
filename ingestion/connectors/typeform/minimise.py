"""What of a response may land; the rest is dropped here and counted by name."""

from collections.abc import Iterator
from typing import Any

from ingestion.surveys import HANDED_OVER, Questions, Row, minimised

ABOUT_THE_RESPONSE = frozenset({"response_id", "response_type", "landed_at", "submitted_at"})
# Questions, and types of answers, that say who somebody is or hold what can not be looked into.
ABOUT_A_PERSON = frozenset(
    {
        "address",
        "contact_info",
        "email",
        "file_upload",
        "file_url",
        "payment",
        "phone_number",
        "url",
        "website",
    }
)


def fields_of(definition: Row) -> Iterator[Row]:
    """Yield the questions of a form, those of a group in its place."""
    yield from _fields(definition.get("fields") or [], is_about_a_person=False)


def _fields(fields: list[Row], is_about_a_person: bool) -> Iterator[Row]:
    for field in fields:
        personal = is_about_a_person or field.get("type") in ABOUT_A_PERSON
        if nested := (field.get("properties") or {}).get("fields"):
            yield from _fields(nested, personal)
        else:
            yield field | {"is_about_a_person": personal}


def questions(fields: list[Row]) -> Questions:
    """Return which questions a form has, and which of them ask who somebody is."""
    personal = [field.get("id") for field in fields if field["is_about_a_person"]]
    return Questions([field.get("id") for field in fields], personal)


def keep_of_response(item: Any, form_id: str, confidentiality: str, asked: Questions) -> Any:
    """Return one response as a flat row of what may land; what is no response as none."""
    try:
        answers, dropped = _answers(item, confidentiality, asked)
        told = _beside(item) | dropped
    except (AttributeError, KeyError, TypeError):
        return "not a response"
    told["email"] = told["email"] or dropped.get("answer.email")
    kept = minimised(told, ABOUT_THE_RESPONSE, HANDED_OVER, confidentiality)
    return kept | {"form_id": form_id, "answers": answers}


def _beside(item: Row) -> Row:
    """Return what a response tells beside its answers; whose it is, from the hidden fields."""
    told = {name: value for name, value in item.items() if name not in ("answers", "hidden")}
    hidden = item.get("hidden") or {}
    more = {f"hidden.{name}": hidden[name] for name in hidden.keys() - set(HANDED_OVER)}
    return told | more | {name: hidden.get(name) for name in HANDED_OVER}


def _answers(item: Row, confidentiality: str, asked: Questions) -> tuple[Row, Row]:
    answers, dropped = {}, {}
    for answer in item.get("answers") or []:
        field, kind = answer["field"], answer["type"]
        is_personal = ABOUT_A_PERSON & {kind, field.get("type")}
        if is_personal or not asked.may_land(field["id"], confidentiality):
            dropped[f"answer.{kind}"] = answer[kind]
        else:
            answers[field["id"]] = _value(answer[kind])
    return answers, dropped


def _value(given: Any) -> Any:
    """Return a number, a text, or the labels of what was chosen."""
    if not isinstance(given, dict):
        return given
    if "labels" in given:
        return [*given["labels"], *([given["other"]] if given.get("other") else [])]
    return given.get("label", given.get("other"))
