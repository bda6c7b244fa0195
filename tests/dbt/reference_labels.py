"""What was said, as metrics count it: its labels and its stars (domain, sections 3, 4 and 7)."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from reference_events import INSTRUMENTS, TYPES, Event, House, Row, local_day, placed, registry
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from labelling.languages import identify

GOLDEN_LABELLERS = Path(__file__).parent / "golden" / "labellers.csv"
FEELS = {
    (row["journey"], row["stage"]): row["intended_emotion"] for row in registry("journey_stages")
}
WORTH = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
VADER = "3.3.2"


def measured() -> set[tuple[str, str, str, str]]:
    """Return labeller, version, kind and language of everybody who was measured."""
    with GOLDEN_LABELLERS.open(encoding="utf-8") as lines:
        known = [*registry("labellers"), *csv.DictReader(lines)]
    return {
        (row["labeller"], row["version"], row["label_kind"], row["language"])
        for row in known
        if row["macro_f1"]
    }


@cache
def sounds(body: str) -> str | None:
    """Return how an English text sounds, by the thresholds of VADER's authors."""
    if identify(body, ("de", "en")) != "en":
        return None
    score = SentimentIntensityAnalyzer().polarity_scores(body)["compound"]
    return "positive" if score >= 0.05 else "negative" if score <= -0.05 else "neutral"


def said(house: House) -> Iterator[tuple[Row, Event, str | None]]:
    """Yield each turn, as an event without a value, with the emotion that its stage intends."""
    tickets = {row["ticket_id"]: row for row in house.contracts["tickets"]}
    waves = {
        row["response_id"]: (row["wave_opened_on"], row["wave_closed_on"])
        for row in house.contracts["survey_answers"]
        if row["wave_opened_on"]
    }
    for row in house.contracts["feedback_turns"]:
        ticket = tickets.get(row["ticket_id"]) or {}
        about = TYPES.get(row["touchpoint_type"] or ticket.get("touchpoint_type") or "", {})
        instrument = INSTRUMENTS.get(row["instrument"] or "", {})
        promise = instrument.get("confidentiality")
        account = None if promise == "anonymous" else row["account_id"]
        family = instrument.get("family") or about.get("family")
        named = row["audience"] or ticket.get("audience")
        where = placed(house, row, account, family, row["occurred_at"], named)
        event = Event(
            event="",
            role="",
            respondent=where["person"] or account or f"turn:{row['turn_id']}",
            value=0.0,
            facts={"feedback": row["feedback_kind"]},
            day=local_day(row["occurred_at"]),
            kind=row["feedback_kind"],
            is_protected=bool(row["instrument"]) and promise != "identified",
            wave=waves.get(row["response_id"], (None, None)),
            **where,
        )
        yield row, event, FEELS.get((about.get("journey"), about.get("stage")))


def given(house: House) -> Iterator[Row]:
    """Yield the labels that sources send and those that VADER gives."""
    yield from house.contracts["feedback_labels"]
    for row in house.contracts["feedback_turns"]:
        if row["body"] and (sound := sounds(row["body"])):
            yield {
                "turn_id": row["turn_id"],
                "label_kind": "sentiment",
                "label": sound,
                "labeller": "vader",
                "labeller_version": VADER,
                "language": "en",
            }


def labels(house: House) -> Iterator[Event]:
    known = measured()
    turns = {row["turn_id"]: (event, feels) for row, event, feels in said(house)}
    for label in given(house):
        who, language = (label["labeller"], label["labeller_version"]), label["language"]
        if label["turn_id"] not in turns or (*who, label["label_kind"], language) not in known:
            continue
        event, feels = turns[label["turn_id"]]
        facts = {**event.facts, "labeller": "-".join(who), "language": language}
        event = replace(event, event="label", facts=facts)
        if label["label_kind"] == "sentiment":
            value = WORTH[label["label"]]
            yield replace(event, role="sentiment", value=value, scale=(-1.0, 1.0))
            yield replace(event, role="sentiment_negative", value=float(value < 0))
        elif label["label_kind"] == "emotion":
            yield replace(event, role="emotion_unmapped", value=float(not feels))
            if feels:
                same = float(label["label"] == feels)
                yield replace(event, role="intended_emotion", value=same)


def stars(house: House) -> Iterator[Event]:
    for row, event, _ in said(house):
        if row["stars_max"] != 5 or not row["stars"] or not 1 <= row["stars"] <= 5:
            continue
        event = replace(event, event="stars")
        yield replace(event, role="stars", value=row["stars"], scale=(1.0, 5.0))
        for number in range(1, 6):
            is_this = float(int(row["stars"]) == number)
            yield replace(event, role=f"stars_{number}", value=is_this)
