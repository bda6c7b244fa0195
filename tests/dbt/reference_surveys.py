"""What of surveys counts, in plain Python (domain, sections 4 and 7): answers and invitations."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from reference_events import (
    INSTRUMENTS,
    METRICS,
    Event,
    House,
    Row,
    asked_alone,
    declared,
    local_day,
    placed,
)
from reference_lives import Purchases, deeds

HELD_BACK = ("sampled", "quarantined")
NOT_ITS_RESPONDENT = ("preview", "test", "spam", "duplicate")
NOT_FINISHED = ("dismissed", "partial")


def instrument_of(row: Row) -> Row:
    return INSTRUMENTS.get(row["instrument"] or "", {})


def where_lived(house: House, row: Row) -> Row:
    """Return who gave an answer and as which audience."""
    account = None if row["confidentiality"] == "anonymous" else row["account_id"]
    named = row["audience"] or asked_alone(row["instrument"])
    family = instrument_of(row).get("family")
    return placed(house, row, account, family, row["answered_at"], named) | {"account": account}


def takes(metric: Row, row: Row, family: str | None) -> bool:
    """Return whether a metric is made of answers like this one."""
    return (
        (metric["event"], metric["role"]) == ("answer", row["metric_role"])
        and family in metric["families"].split("|")
        and metric["scale_min"] in (None, f"{row['scale_min']:g}")
        and metric["scale_max"] in (None, f"{row['scale_max']:g}")
        and row["direction"] in (None, metric["direction"])
    )


def flaw(row: Row, family: str | None) -> str | None:
    """Return why an answer counts nowhere, whatever else the same person said."""
    status, role = row["response_status"], row["metric_role"]
    if status in NOT_ITS_RESPONDENT + NOT_FINISHED:
        return str(status)
    if status != "complete":
        return "unknown_status"
    if role == "comment":
        return "comment"
    if role in (None, "other") or None in (row["scale_min"], row["scale_max"]):
        return "undeclared"
    return misfit(row, family)


def misfit(row: Row, family: str | None) -> str | None:
    """Return what is wrong with the value of a finished answer to a declared question."""
    value = row["answer_value"]
    if value is None:
        return "out_of_scale" if declared(row).get("outside_scale") else "no_answer"
    if not row["scale_min"] <= value <= row["scale_max"]:
        return "out_of_scale"
    return None if any(takes(metric, row, family) for metric in METRICS) else "unmapped"


def question_of(row: Row) -> Any:
    return row["question_key"] or row["question_id"]


def repeated(rows: list[tuple[Row, str | None]]) -> set[str]:
    """Return the answers that repeat another on the same occasion; of those that would count."""
    occasions: dict[Any, list[Row]] = defaultdict(list)
    for row, account in rows:
        if account:
            dates = row["snapshot_date"] or local_day(row["answered_at"])
            occasion = row["wave_opened_on"] or row["ticket_id"] or dates
            occasions[account, row["instrument"], question_of(row), occasion].append(row)
    found: set[str] = set()
    for given in occasions.values():
        given.sort(key=lambda row: (row["answered_at"] or datetime.max, row["answer_id"]))
        found |= {row["answer_id"] for row in given[1:]}
    return found


def judged(house: House) -> list[tuple[Row, Row, str | None]]:
    """Return every answer with where it was lived and why it counts nowhere, None if it counts."""
    told = [(row, where_lived(house, row)) for row in house.contracts["survey_answers"]]
    first = [(row, where, flaw(row, where["family"])) for row, where in told]
    repeats = repeated([(row, where["account"]) for row, where, why in first if why is None])
    return [
        (row, where, "duplicate" if row["answer_id"] in repeats else why)
        for row, where, why in first
    ]


def pooled_as(row: Row) -> str:
    """Return with what an answer may be pooled: what was asked about the whole relation apart."""
    instrument = instrument_of(row)
    kind = instrument.get("feedback_kind") or "triggered"
    is_whole = instrument.get("relationship")
    if kind != "triggered":
        return str(kind)
    if row["metric_role"] in ("nps", "enps"):
        about_one = is_whole == "false" if is_whole else row["ticket_id"] is not None
        return "transactional" if about_one else "triggered"
    if row["metric_role"] in ("csat", "ces", "good_bad", "expectation") and is_whole == "true":
        return "relationship"
    return "triggered"


def answers(house: House) -> Iterator[Event]:
    purchases = Purchases(deeds(house))
    for row, where, why in judged(house):
        if why is not None:
            continue
        is_open = row["confidentiality"] == "identified"
        is_open_fan = where["family"] == "fan" and is_open
        placed = instrument_of(row) if is_open else {}
        person, account = where["person"], where["account"]
        yield Event(
            event="answer",
            role=row["metric_role"],
            source=row["source"],
            audience=where["audience"],
            family=where["family"],
            person=person,
            respondent=person or account or f"response:{row['response_id']}",
            value=row["answer_value"],
            facts={
                "instrument": row["instrument"],
                "department": house.department(person, row["wave_opened_on"]),
                "country": house.countries.get(person or ""),
                "buys": purchases.buys(person, local_day(row["answered_at"]))
                if is_open_fan
                else None,
                "journey": placed.get("journey"),
                "stage": placed.get("stage"),
                **declared(row),
            },
            day=local_day(row["answered_at"]),
            weight=row["weight"],
            scale=(row["scale_min"], row["scale_max"]),
            question=f"{row['instrument']}:{question_of(row)}",
            kind=pooled_as(row),
            is_protected=row["confidentiality"] != "identified",
            wave=(row["wave_opened_on"], row["wave_closed_on"]),
            snapshot=row["snapshot_date"],
        )


def invited(house: House, row: Row) -> Row:
    """Return who was chosen for an invitation and as which audience."""
    confidentiality = instrument_of(row).get("confidentiality") or "confidential"
    account = None if confidentiality == "anonymous" else row["account_id"]
    family = instrument_of(row).get("family")
    named = asked_alone(row["instrument"])
    chosen = row["sampled_at"] or row["sent_at"]
    where = placed(house, row, account, family, chosen, named)
    return where | {"account": account, "is_protected": confidentiality != "identified"}


def invitations(house: House) -> Iterator[Event]:
    """Yield whether somebody was sent what they were chosen for, and whether they answered."""
    for row in house.contracts["survey_invitations"]:
        if row["status"] is None:
            continue
        where = invited(house, row)
        chosen = row["sampled_at"] or row["sent_at"]
        is_sent = row["status"] not in HELD_BACK
        seen = [("contact", is_sent, chosen)]
        if is_sent and row["status"] != "bounced":
            seen.append(("invitation", row["status"] == "completed", row["sent_at"]))
        for role, happened, at in seen:
            yield Event(
                event="invitation",
                role=role,
                source=row["source"],
                audience=where["audience"],
                family=where["family"],
                person=where["person"],
                respondent=where["person"]
                or where["account"]
                or f"invitation:{row['invitation_id']}",
                value=float(happened),
                facts={"instrument": row["instrument"]},
                day=local_day(at),
                is_protected=where["is_protected"],
                wave=(row["wave_opened_on"], row["wave_closed_on"]),
            )
