"""What of a response may land; the rest is dropped here and counted by name."""

from collections.abc import Iterator
from typing import Any

from ingestion.surveys import HANDED_OVER, Questions, Row, minimised

ABOUT_THE_RESPONSE = frozenset(
    {"id", "response_status", "collection_mode", "total_time", "date_created", "date_modified"}
)
# A collector may be a mailing to one person.
KEYS = frozenset({*HANDED_OVER, "collector_id"})
# Questions that ask who somebody is, or for what can not be looked into.
ABOUT_A_PERSON = frozenset({"demographic", "file_upload"})


def questions_of(details: Row) -> Iterator[Row]:
    """Yield the questions of a survey, without its headings and pictures."""
    for page in details.get("pages") or []:
        for question in page.get("questions") or []:
            if question.get("family") != "presentation":
                headings = [str(part.get("heading")) for part in question.get("headings") or []]
                yield question | {"question_text": " ".join(headings)}


def questions(details: Row) -> Questions:
    """Return which questions a survey has, and which of them ask who somebody is."""
    asked = list(questions_of(details))
    personal = [question.get("id") for question in asked if _is_about_a_person(question)]
    return Questions([question.get("id") for question in asked], personal)


def keep_of_response(response: Any, survey_id: str, confidentiality: str, asked: Questions) -> Any:
    """Return one response as a flat row of what may land; what is no response as none."""
    try:
        answers, dropped = _answers(response, confidentiality, asked)
        told = _beside(response) | dropped
    except (AttributeError, KeyError, TypeError):
        return "not a response"
    kept = minimised(told, ABOUT_THE_RESPONSE, KEYS, confidentiality)
    return kept | {"survey_id": survey_id, "answers": answers}


def _is_about_a_person(question: Row) -> bool:
    shown = question.get("display_options") or {}
    kinds = {
        str(kind)
        for kind in (question.get("family"), question.get("subtype"), shown.get("display_type"))
    }
    validated = (question.get("validation") or {}).get("type")
    return bool(ABOUT_A_PERSON & kinds) or validated == "email"


def _beside(response: Row) -> Row:
    """Return what a response tells beside its answers; whose it is, from the custom variables."""
    aside = ("pages", "survey_id", "custom_variables")
    told = {name: value for name, value in response.items() if name not in aside}
    given = response.get("custom_variables") or {}
    more = {f"custom_variables.{name}": given[name] for name in given.keys() - set(HANDED_OVER)}
    told |= more | {name: given.get(name) for name in HANDED_OVER}
    return told | {"email": told["email"] or told.get("email_address")}


def _answers(response: Row, confidentiality: str, asked: Questions) -> tuple[Row, Row]:
    answers: Row = {}
    dropped: Row = {}
    for page in response.get("pages") or []:
        for question in page.get("questions") or []:
            may_land = asked.may_land(question["id"], confidentiality)
            for answer in question["answers"]:
                if not may_land:
                    dropped["answer.about_a_person"] = True
                else:
                    key = _key(question["id"], answer)
                    said = _value(answer)
                    before = answers.get(key)
                    answers[key] = said if before is None else [*_listed(before), said]
    return answers, dropped


def _key(question_id: str, answer: Row) -> str:
    """Return under what an answer stands: its question, and what of it the vendor asks apart."""
    parts = (answer.get(name) for name in ("row_id", "col_id", "other_id"))
    return "_".join([question_id, *(part for part in parts if part)])


def _value(answer: Row) -> Any:
    """Return the weight of what was chosen where it has one, else the text, else the choice."""
    weight = (answer.get("choice_metadata") or {}).get("weight")
    if weight is not None:
        return weight
    return answer.get("text") or answer.get("choice_id")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
