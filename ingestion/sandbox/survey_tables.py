"""What the survey tool's exports show: distributions, invitations, responses, with flaws."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np

from ingestion.sandbox import flaws, phrases
from ingestion.sandbox.clock import DAY, HOUR, NEVER
from ingestion.sandbox.draws import Draws
from ingestion.sandbox.instruments import CANDIDATE, PULSE, SURVEY_IDS, SURVEYS, TICKET, Panel
from ingestion.sandbox.people import Population
from ingestion.sandbox.support import Tickets
from ingestion.sandbox.surveys import Asked
from ingestion.sandbox.versions import Columns, timeline

PREVIEW, TEST, SPAM = 1, 2, 8
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_REMOVED = "[removed on request]"
# Of those asked, of the rows that answered, in which language: each one's answers as JSON.
Answers = Callable[[Asked, np.ndarray, np.ndarray], np.ndarray]


def distribution_ids(survey: np.ndarray, wave: np.ndarray) -> np.ndarray:
    """Return the id of the distribution that a wave of a survey went out with."""
    return np.array([f"EMD_{s}{w:03d}nl" for s, w in zip(survey, wave, strict=True)], dtype=object)


def response_ids(asked: Asked) -> np.ndarray:
    """Return an opaque id per person asked, the same whatever else the world holds."""
    survey, wave, who = asked["survey"], asked["wave"], asked["who"]
    mixed = ((survey * 1_000 + wave) * 10_000_000 + who).astype(np.uint64)
    mixed = mixed * np.uint64(0x9E3779B97F4A7C15)
    return np.array([_text_of(int(number)) for number in mixed], dtype=object)


def _text_of(number: int) -> str:
    letters = []
    while number:
        number, digit = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[digit])
    return "R_" + "".join(letters)


def distributions_table(asked: Asked) -> tuple[Columns, np.ndarray]:
    """Return one distribution per survey and wave."""
    key = asked["survey"] * 1_000 + asked["wave"]
    _, first = np.unique(key, return_index=True)
    survey, wave = asked["survey"][first], asked["wave"][first]
    created = asked["launched"][first]
    lists = np.array([s.mailing_list for s in SURVEYS], dtype=object)
    columns = {
        "distribution_id": distribution_ids(survey, wave),
        "survey_id": SURVEY_IDS[survey],
        "mailing_list_id": lists[survey],
        "sent_at": created,
        "closes_at": asked["closes"][first],
        "created_at": created,
        "updated_at": created,
    }
    order = np.argsort(created, kind="stable")
    return {name: values[order] for name, values in columns.items()}, created[order]


def invitations_table(asked: Asked, panel: Panel) -> tuple[Columns, np.ndarray]:
    """Return the invitations' versions: sent, then bounced, opened, started or finished."""
    rows = np.flatnonzero(asked["position"] >= 0)
    sent = asked["sent"][rows]
    wrong = (
        panel["mail_is_wrong"][asked["position"][rows]] & asked.draws.chance("english", 0.7)[rows]
    )
    bounces = (asked["bounced"][rows] | wrong) & ~asked["answered"][rows]
    bounced = np.where(bounces, sent + 120, NEVER)
    opened = np.where(bounces, NEVER, asked["opened"][rows])
    started, recorded = asked["started"][rows], asked["recorded"][rows]
    finished = np.where(asked["partial"][rows], NEVER, recorded)
    row, at = timeline(sent, [bounced, opened, started, recorded])
    status = np.full(len(row), "Sent", dtype=object)
    for moment, label in (
        (bounced, "Bounced"), (opened, "Opened"), (started, "Started"), (finished, "Finished")
    ):  # fmt: skip
        status = np.where(at >= moment[row], label, status)

    def known(moment: np.ndarray) -> np.ndarray:
        return np.where(at >= moment[row], moment[row], NEVER)

    ended = np.where(at >= finished[row], asked["ended"][rows][row], NEVER)
    ids = response_ids(asked)[rows][row]
    columns = {
        "distribution_id": distribution_ids(asked["survey"][rows], asked["wave"][rows])[row],
        "contact_id": panel["contact_id"][asked["position"][rows]][row],
        "status": status,
        "response_id": flaws.only(ids, at >= recorded[row]),
        "sent_at": sent[row],
        "opened_at": known(opened),
        "started_at": known(started),
        "completed_at": ended,
    }
    return columns, at


def responses_table(
    asked: Asked,
    panel: Panel,
    population: Population,
    tickets: Tickets,
    said: Answers | None = None,
) -> tuple[Columns, np.ndarray]:
    """Return the responses and when each version shows; `said` writes what they hold.

    Some people answer twice, some comments are removed later, a few responses vanish; tests,
    previews and spam stand beside the real ones.
    """
    rows = np.flatnonzero(asked["answered"])
    real = _real(asked, rows, panel, population, tickets)
    real["answers"] = (said or _answers)(asked, rows, real["language"])
    twice = np.flatnonzero(asked.draws.chance("twice", 0.009)[rows] & ~asked["partial"][rows])
    again = {name: values[twice].copy() for name, values in real.items()}
    again["response_id"] = again["response_id"] + "b"
    for name in ("started_at", "ended_at", "recorded_at", "shown"):
        again[name] += 2 * HOUR
    noise = _noise(real, asked.draws.take(rows))
    changed = _changed(real, asked.draws.take(rows))
    parts = [real, again, noise, *changed]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in real}
    return columns, columns.pop("shown")


def _real(
    asked: Asked, rows: np.ndarray, panel: Panel, population: Population, tickets: Tickets
) -> Columns:
    survey, who = asked["survey"][rows], asked["who"][rows]
    position = asked["position"][rows]
    draws = asked.draws.take(rows)
    own = population.place["language"][who]
    language = np.where(draws.chance("english", 0.1), "en", own)
    ticket = asked["ticket"][rows]
    host = (draws["ip"] * 762).astype(np.int64)
    nets = np.array(["192.0.2", "198.51.100", "203.0.113"], dtype=object)
    address = nets[host // 254] + "." + (host % 254 + 1).astype(str).astype(object)
    contact = flaws.only(panel["contact_id"][np.maximum(position, 0)], position >= 0)
    return {
        "response_id": response_ids(asked)[rows],
        "survey_id": SURVEY_IDS[survey],
        "contact_id": contact,
        "distribution_id": distribution_ids(survey, asked["wave"][rows]),
        "ip_address": address,
        "language": language,
        "status": np.zeros(len(rows), dtype=np.int64),
        "finished": (~asked["partial"][rows]).astype(np.int64),
        "duration": asked["duration"][rows],
        "ticket_id": flaws.only(tickets["ticket_id"][np.maximum(ticket, 0)], ticket >= 0),
        "started_at": asked["started"][rows],
        "ended_at": asked["ended"][rows],
        "recorded_at": asked["recorded"][rows],
        "shown": asked["recorded"][rows],
        "is_gone": np.zeros(len(rows), dtype=bool),
    }


def _answers(asked: Asked, rows: np.ndarray, language: np.ndarray) -> np.ndarray:
    """Return each response's answers as JSON; unhappy people write more often."""
    survey, score = asked["survey"][rows], asked["score"][rows]
    draws = asked.draws.take(rows)
    on_five = np.isin(survey, (TICKET, CANDIDATE))
    low, high = np.where(on_five, 2, 6), np.where(on_five, 4, 9)
    tone = np.where(score <= low, phrases.BAD, np.where(score >= high, phrases.GOOD, phrases.MIXED))
    writes = draws["spoken"] < np.array([0.34, 0.25, 0.6])[tone]
    comments = phrases.comments(language, tone, draws, "comment_a", "comment_b")
    partial = asked["partial"][rows]
    texts = []
    for i in range(len(rows)):
        answers: dict[str, int | str] = {"QID1": int(score[i])}
        if not partial[i]:
            if writes[i]:
                answers["QID2_TEXT"] = comments[i]
            if survey[i] == TICKET:
                answers["QID3"] = int(asked["ces"][rows[i]])
                answers["QID4"] = int(asked["expectation"][rows[i]])
            elif survey[i] == PULSE:
                answers["QID3"] = int(asked["rating_a"][rows[i]])
                answers["QID4"] = int(asked["rating_b"][rows[i]])
        texts.append(json.dumps(answers, ensure_ascii=False))
    return np.array(texts, dtype=object)


def _noise(real: Columns, draws: Draws) -> Columns:
    """Return previews, tests and spam: copies of real responses with no person behind them."""
    picked = np.flatnonzero(draws["changed_wait"] < 0.022)
    noise = {name: values[picked].copy() for name, values in real.items()}
    kind = (draws["changed_wait"][picked] / 0.022 * 3).astype(np.int64)
    noise["status"] = np.array([PREVIEW, TEST, SPAM])[kind]
    noise["response_id"] = noise["response_id"] + np.array(["p", "t", "s"], dtype=object)[kind]
    noise["contact_id"][:] = None
    noise["ticket_id"][:] = None
    noise["distribution_id"] = flaws.only(noise["distribution_id"], kind == 2)
    return noise


def _changed(real: Columns, draws: Draws) -> list[Columns]:
    """Return later versions: a comment taken out, a response deleted without trace."""
    wait = 3 * DAY + (draws["changed_wait"] * 40 * DAY).astype(np.int64)
    removed = np.flatnonzero(draws["changed"] < 0.006)
    edited = {name: values[removed].copy() for name, values in real.items()}
    edited["answers"] = np.array(
        [_without_comment(text) for text in edited["answers"]], dtype=object
    )
    vanished = np.flatnonzero((draws["vanished"] < 0.004) & (draws["changed"] >= 0.006))
    gone = {name: values[vanished].copy() for name, values in real.items()}
    gone["is_gone"][:] = True
    for part, rows in ((edited, removed), (gone, vanished)):
        part["shown"] = part["shown"] + wait[rows]
    return [edited, gone]


def _without_comment(text: str) -> str:
    answers = json.loads(text)
    if "QID2_TEXT" in answers:
        answers["QID2_TEXT"] = _REMOVED
    return json.dumps(answers, ensure_ascii=False)
