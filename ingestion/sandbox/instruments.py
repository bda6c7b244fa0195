"""The survey tool's set-up: surveys, their questions, mailing lists and who is on them.

Survey and question ids are constants, so that a registry can name them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from ingestion.sandbox import flaws
from ingestion.sandbox.clock import DAY, HISTORY_START, NEVER, YEAR, seconds_of
from ingestion.sandbox.crm import Contacts
from ingestion.sandbox.draws import Draws
from ingestion.sandbox.people import Population
from ingestion.sandbox.support import Tickets
from ingestion.sandbox.versions import Columns, timeline
from ingestion.sandbox.workforce import Workforce


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey: its id, the list it goes to (None: open link) and its questions by role."""

    survey_id: str
    name: str
    instrument: str
    mailing_list: str | None
    questions: tuple[tuple[str, str, str], ...]


# What may be chosen where the choices have words of their own.
EXPERIENCES = ("Easy and quick", "Personal and warm", "Exciting", "Reliable", "Good value")
VALUED = ("Our people", "Our prices", "Our range", "Our speed")
CHOICES = {("SV_culture", "QID1"): EXPERIENCES, ("SV_culture", "QID2"): VALUED}
_AREAS = (
    "culture",
    "employee experience",
    "listening",
    "understanding",
    "acting on what we hear",
    "technology and tools",
    "strategy",
    "journey mapping",
    "leadership",
)
_COMMENT = ("QID2", "comment", "What is the main reason for your answer?")
_RECOMMEND = "How likely are you to recommend {}?"


def _relationship(key: str, name: str, mailing_list: str, what: str) -> Survey:
    questions = (("QID1", "nps", _RECOMMEND.format(what)), _COMMENT)
    return Survey(f"SV_{key}", name, key, mailing_list, questions)


SURVEYS = (
    _relationship(
        "customer_nps", "Customer relationship survey", "CG_customers", "Northlight to a friend"
    ),
    _relationship("fan_nps", "Fan pulse", "CG_fans", "a match day to a friend"),
    _relationship("dealer_nps", "Dealer survey", "CG_dealers", "Northlight to another dealer"),
    _relationship("donor_nps", "Donor survey", "CG_donors", "giving to our foundation"),
    Survey(
        "SV_ticket_csat",
        "After your request",
        "ticket_csat",
        "CG_support",
        (
            ("QID1", "csat", "How satisfied are you with the help you received?"),
            _COMMENT,
            ("QID3", "ces", "Northlight made it easy to get my request handled."),
            ("QID4", "expectation", "Was that better or worse than you expected, or as expected?"),
        ),
    ),
    Survey(
        "SV_employee_pulse",
        "Employee pulse",
        "employee_pulse",
        "CG_employees",
        (
            ("QID1", "enps", _RECOMMEND.format("Northlight as a place to work")),
            _COMMENT,
            ("QID3", "rating", "I have what I need to do my work well."),
            ("QID4", "rating", "My opinion counts here."),
        ),
    ),
    Survey(
        "SV_candidate_csat",
        "Candidate feedback",
        "candidate_csat",
        None,
        (
            ("QID1", "csat", "How satisfied are you with how your application was handled?"),
            _COMMENT,
        ),
    ),
    Survey(
        "SV_culture",
        "Culture and experience",
        "culture_survey",
        "CG_employees",
        (
            ("QID1", "rating", "What experience do we try to deliver?"),
            ("QID2", "rating", "What do customers value most in us?"),
            ("QID3", "csat", "How satisfied are customers with the help that they receive?"),
            ("QID4", "nps", "How likely are customers to recommend Northlight to a friend?"),
            ("QID5", "rating", "We know what customers feel at every step."),
            ("QID6", "rating", "We decide with our customers' experience in mind."),
            ("QID7", "rating", "Departments work together for the customer."),
            ("QID8", "rating", "Whoever meets a problem is free to put it right at once."),
        ),
    ),
    Survey(
        "SV_maturity",
        "Maturity assessment",
        "maturity_assessment",
        "CG_employees",
        tuple(
            (f"QID{number}", "rating", f"How grown up are we in {area}, from 1 to 5?")
            for number, area in enumerate(_AREAS, start=1)
        ),
    ),
)
SURVEY_IDS = np.array([survey.survey_id for survey in SURVEYS], dtype=object)
CUSTOMER, FAN, DEALER, DONOR, TICKET, PULSE, CANDIDATE, CULTURE, MATURITY = range(len(SURVEYS))
_SCALES = {
    "nps": (0, 10),
    "enps": (0, 10),
    "csat": (1, 5),
    "ces": (1, 7),
    "expectation": (-1, 1),
    "rating": (1, 5),
}
_SELECTORS = {
    "nps": "NPS",
    "enps": "NPS",
    "comment": "SL",
    "csat": "SAVR",
    "ces": "SAVR",
    "expectation": "SAVR",
    "rating": "SAVR",
}
_LIST_DRAWS = (
    "joins no_email typo_name typo_name_at typo_mail typo_mail_at fixed fixed_wait phone"
    " phone_style linked unsubscribes unsubscribe_wait wait"
)
# The share of each audience that was ever put on its mailing list.
_PANELS = (
    (CUSTOMER, "customer", 0.62),
    (FAN, "fan", 0.60),
    (DEALER, "dealer", 0.97),
    (DONOR, "donor", 0.95),
    (TICKET, None, 1.0),
    (PULSE, "employee", 1.0),
)


@dataclass(frozen=True, slots=True)
class Panel:
    """Everyone on any mailing list, one array position per list and person."""

    who: np.ndarray
    survey: np.ndarray
    columns: Columns
    position: dict[int, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]


def make_panel(
    population: Population, contacts: Contacts, force: Workforce, tickets: Tickets
) -> Panel:
    """Return the members of all mailing lists."""
    solved = np.full(len(population), NEVER)
    np.minimum.at(solved, tickets.who, tickets["solved"])
    parts, position, size = [], {}, 0
    for survey, audience, share in _PANELS:
        draws = population.draws(f"panel {survey}", _LIST_DRAWS)
        since = solved if audience is None else population.since[audience]
        delay = 0 if survey == TICKET else draws.between("wait", 3_600, 2 * DAY)
        joins = (
            draws.chance("joins", share) & (since < NEVER) & (since + delay < population["erased"])
        )
        who = np.flatnonzero(joins)
        parts.append(
            _members(population, contacts, survey, who, (since + delay)[who], draws.take(who))
        )
        position[survey] = np.full(len(population), -1)
        position[survey][who] = size + np.arange(len(who))
        size += len(who)
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    panel = Panel(columns["who"], columns["survey"], columns, position)
    _as_staff(panel, force)
    return panel


def _members(
    population: Population, contacts: Contacts, survey: int, who: np.ndarray, since: np.ndarray,
    draws: Draws,
) -> Columns:  # fmt: skip
    main = contacts.main_of_person(len(population))[who]
    ids = contacts["contact_id"][np.maximum(main, 0)].astype(str).astype(object)
    linked = (main >= 0) & draws.chance("linked", 0.7) & (survey != PULSE)
    work = population["work_email"][who]
    private = population["email"][who]
    email = np.where((survey == DEALER) & ~flaws.missing(work), work, private)
    email = flaws.without(email, draws.chance("no_email", 0.06))
    first, last = population["first_name"][who], population["last_name"][who]
    name_slips = draws.chance("typo_name", flaws.SHARE_OF_TYPOS * 0.6)
    mail_slips = draws.chance("typo_mail", flaws.SHARE_OF_TYPOS * 0.3)
    phone = flaws.phone_as_typed(population["phone"][who], draws, "phone_style")
    no_email = flaws.missing(email)
    fixed = since + 20 * DAY + draws.waiting("fixed_wait", 200 * DAY)
    unsubscribed = since + 30 * DAY + draws.waiting("unsubscribe_wait", 900 * DAY)
    code = "CFADTE"[survey] if survey < 6 else "X"
    return {
        "who": who,
        "survey": np.full(len(who), survey),
        "since": since,
        "contact_id": np.array([f"CID_{code}{n * 7919 + 100_003:09d}" for n in who], dtype=object),
        "first_name": first,
        "last_name": last,
        "last_typed": flaws.mistyped(last, name_slips, draws, "typo_name_at"),
        "email": email,
        "email_typed": flaws.mistyped(email, mail_slips, draws, "typo_mail_at"),
        "mail_is_wrong": mail_slips & ~no_email,
        "phone": flaws.without(phone, ~(no_email | draws.chance("phone", 0.3))),
        "fixed": np.where(draws.chance("fixed", 0.3), fixed, NEVER),
        "external_reference": np.where(linked, ids, ""),
        "language": population.place["language"][who],
        "unsubscribed": np.where(
            draws.chance("unsubscribes", 0.08) & (survey != PULSE), unsubscribed, NEVER
        ),
        "erased": population["erased"][who],
    }


def _as_staff(panel: Panel, force: Workforce) -> None:
    """Put work details in the place of private ones on the employees' list."""
    rows = np.flatnonzero(panel.survey == PULSE)
    # Both are in the order of people, but only some employees are on the list.
    staff = np.searchsorted(force.who, panel.who[rows])
    work = force["work_email"][staff]
    email = np.where(flaws.missing(work), panel["email"][rows], work)
    for name in ("email", "email_typed"):
        panel[name][rows] = email
    panel["mail_is_wrong"][rows] = False
    panel["external_reference"][rows] = force["employee_number"][staff]


def panel_table(panel: Panel, population: Population) -> tuple[Columns, np.ndarray]:
    """Return the contacts of all lists and when each version shows; the erased ones are gone."""
    row, at = timeline(
        panel["since"], [panel["fixed"], panel["unsubscribed"], panel["erased"]], panel["erased"]
    )
    fixed = at >= panel["fixed"][row]
    columns = {
        name: panel[name][row]
        for name in ("contact_id", "first_name", "phone", "language", "external_reference")
    } | {
        "mailing_list_id": np.array([s.mailing_list for s in SURVEYS], dtype=object)[
            panel.survey[row]
        ],
        "person_uid": population["person_uid"][panel.who[row]],
        "last_name": np.where(fixed, panel["last_name"][row], panel["last_typed"][row]),
        "email": np.where(fixed, panel["email"][row], panel["email_typed"][row]),
        "unsubscribed": at >= panel["unsubscribed"][row],
        "created_at": panel["since"][row],
        "updated_at": at,
        "is_gone": at >= panel["erased"][row],
    }
    return columns, at


def surveys_table() -> tuple[Columns, np.ndarray]:
    """Return the surveys; all were set up before history starts."""
    created = np.full(len(SURVEYS), seconds_of(HISTORY_START) - YEAR)
    columns = {
        "survey_id": SURVEY_IDS,
        "name": np.array([survey.name for survey in SURVEYS], dtype=object),
        "instrument": np.array([survey.instrument for survey in SURVEYS], dtype=object),
        "is_active": np.ones(len(SURVEYS), dtype=bool),
        "created_at": created,
        "updated_at": created,
    }
    return columns, created


def questions_table() -> tuple[Columns, np.ndarray]:
    """Return the questions with the recode and label of each choice."""
    rows = [(survey, *question) for survey in SURVEYS for question in survey.questions]
    choices = [_choices(survey.survey_id, *question) for survey, *question, _ in rows]
    columns = {
        "survey_id": np.array([survey.survey_id for survey, *_ in rows], dtype=object),
        "question_id": np.array([question for _, question, _, _ in rows], dtype=object),
        "text": np.array([text for *_, text in rows], dtype=object),
        "question_type": np.array(
            ["TE" if role == "comment" else "MC" for _, _, role, _ in rows], dtype=object
        ),
        "selector": np.array([_SELECTORS[role] for _, _, role, _ in rows], dtype=object),
        "choices": np.array(choices, dtype=object),
        "role": np.array([role for _, _, role, _ in rows], dtype=object),
    }
    return columns, np.full(len(rows), seconds_of(HISTORY_START) - YEAR)


def _choices(survey_id: str, question_id: str, role: str) -> str:
    words = CHOICES.get((survey_id, question_id))
    if words:
        return json.dumps({str(code): word for code, word in enumerate(words, start=1)})
    if role not in _SCALES:
        return "{}"
    low, high = _SCALES[role]
    return json.dumps({str(value): str(value) for value in range(low, high + 1)})
