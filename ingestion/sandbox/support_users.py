"""Who is known to the help desk: requesters with their doubles, agents, a bot, and companies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox import flaws
from ingestion.sandbox.clock import DAY, HISTORY_START, NEVER, YEAR, seconds_of
from ingestion.sandbox.crm import Contacts
from ingestion.sandbox.draws import Draws
from ingestion.sandbox.effects import CARE_TEAM_NUMBERS
from ingestion.sandbox.organisations import Organisations
from ingestion.sandbox.people import Population
from ingestion.sandbox.versions import Columns, timeline
from ingestion.sandbox.workforce import Workforce

FIRST_USER_ID = 46_400_000_000_000
FIRST_AGENT_ID = 46_100_000_000_000
BOT_ID = 46_000_000_000_001
FIRST_ORGANIZATION_ID = 46_500_000_000_000
LOCALES = {"en": "en-GB", "pt": "pt-PT"}
_OUTSIDE = (
    "prospect",
    "lead",
    "customer",
    "subscriber",
    "fan",
    "dealer",
    "donor",
    "member",
    "media",
)
_DRAWS = (
    "exists wait no_email other_box typo_name typo_name_at typo_mail typo_mail_at fixed fixed_wait"
    " respelled phone phone_style linked merged merge_wait first_only"
)


@dataclass(frozen=True, slots=True)
class Desk:
    """All requesters of the help desk, one array position each, in the order of people."""

    who: np.ndarray
    created: np.ndarray
    ends: np.ndarray
    present: list[int]
    columns: Columns

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def known_by(self, month: int) -> int:
        """Return how many requesters belong to people who had arrived by the end of a month."""
        return int(np.searchsorted(self.who, self.present[month]))


def make_desk(population: Population, contacts: Contacts, organisations: Organisations) -> Desk:
    """Return everyone who may ask for help; some have two users, half of those get merged."""
    first = np.min([population.since[audience] for audience in _OUTSIDE], axis=0)
    known = population.draws("desk 0", _DRAWS)
    main = first + known.waiting("wait", 120 * DAY)
    main = np.where(known.chance("exists", 0.56) & (first < NEVER), main, NEVER)
    main = np.where(main < population["erased"], main, NEVER)
    again = population.draws("desk 1", _DRAWS)
    double = main + 20 * DAY + again.waiting("wait", 300 * DAY)
    double = np.where(again.chance("exists", 0.11) & (main < NEVER), double, NEVER)
    double = np.where(double < population["erased"], double, NEVER)
    merged = double + 15 * DAY + again.waiting("merge_wait", 200 * DAY)
    merged = np.where(again.chance("merged", 0.5) & (merged < population["erased"]), merged, NEVER)

    links = _linked_contacts(contacts, len(population))
    parts = []
    for slot, created, draws in ((0, main, known), (1, double, again)):
        who = np.flatnonzero(created < NEVER)
        columns = _user(population, slot, who, created[who], draws.take(who), links)
        columns["merged"] = merged[who] if slot else np.full(len(who), NEVER)
        parts.append(columns)
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((columns["slot"], columns["who"]))
    columns = {name: values[order] for name, values in columns.items()}
    columns["company"] = population["employer"][columns["who"]]
    columns["organization_id"] = _organization_of(columns["company"], organisations)
    present = [population.present(month) for month in range(population.months)]
    ends = np.minimum(columns["merged"], columns["erased"])
    return Desk(columns["who"], columns["created"], ends, present, columns)


def _linked_contacts(contacts: Contacts, people: int) -> np.ndarray:
    position = contacts.main_of_person(people)
    ids = contacts["contact_id"][np.maximum(position, 0)].astype(str).astype(object)
    return flaws.without(ids, position < 0)


def _user(
    population: Population,
    slot: int,
    who: np.ndarray,
    created: np.ndarray,
    draws: Draws,
    links: np.ndarray,
) -> Columns:
    plain = draws.chance("respelled", 0.2)
    first = flaws.respelled(population["first_name"][who], plain)
    last = flaws.respelled(population["last_name"][who], plain)
    slips = draws.chance("typo_name", flaws.SHARE_OF_TYPOS * 0.7)
    typed = flaws.mistyped(last, slips, draws, "typo_name_at")
    box = population["alternative_email"] if slot else population["email"]
    work = population["work_email"][who]
    uses_work = draws.chance("other_box", 0.6) & ~flaws.missing(work)
    email = np.where(uses_work, work, box[who])
    email = flaws.without(email, draws.chance("no_email", 0.45 if slot else 0.14))
    slips = draws.chance("typo_mail", flaws.SHARE_OF_TYPOS * 0.4)
    fixed = created + 10 * DAY + draws.waiting("fixed_wait", 200 * DAY)
    phone = flaws.phone_as_typed(population["phone"][who], draws, "phone_style")
    no_email = flaws.missing(email)
    return {
        "who": who,
        "slot": np.full(len(who), slot),
        "created": created,
        "user_id": FIRST_USER_ID + population["number"][who] * 1_009 + slot * 7,
        "winner_id": FIRST_USER_ID + population["number"][who] * 1_009,
        "name": np.where(draws.chance("first_only", 0.05), first, first + " " + last),
        "name_typed": np.where(draws.chance("first_only", 0.05), first, first + " " + typed),
        "email": email,
        "email_typed": flaws.mistyped(email, slips, draws, "typo_mail_at"),
        "fixed": np.where(draws.chance("fixed", 0.3), fixed, NEVER),
        "phone": flaws.without(phone, ~(no_email | draws.chance("phone", 0.35))),
        "external_id": flaws.only(links[who], draws.chance("linked", 0.35)),
        "erased": population["erased"][who],
    }


def _organization_of(company: np.ndarray, organisations: Organisations) -> np.ndarray:
    known = (company >= 0) & _has_support(np.maximum(company, 0))
    return flaws.only(FIRST_ORGANIZATION_ID + company * 31, known)


def _has_support(company: np.ndarray) -> np.ndarray:
    return company % 5 != 1


def users_table(population: Population, desk: Desk, force: Workforce) -> tuple[Columns, np.ndarray]:
    """Return the desk's users and when each version shows: requesters, agents and the bot."""
    parts = [_requesters(population, desk), _agents(population, force), _bot()]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return columns, columns["updated_at"]


def _requesters(population: Population, desk: Desk) -> Columns:
    row, at = timeline(desk.created, [desk["fixed"], desk["merged"], desk["erased"]])
    alive = (at <= desk["merged"][row]) | (at == desk["erased"][row])
    row, at = row[alive], at[alive]
    who = desk.who[row]
    fixed, erased = at >= desk["fixed"][row], at >= desk["erased"][row]
    merged = at >= desk["merged"][row]
    name = np.where(fixed, desk["name"][row], desk["name_typed"][row])
    email = np.where(fixed, desk["email"][row], desk["email_typed"][row])
    language = population.place["language"][who]
    return {
        "user_id": desk["user_id"][row],
        "person_uid": population["person_uid"][who],
        "name": np.where(erased, flaws.SCRUBBED, name),
        # The winner takes the address over, so the loser no longer has one.
        "email": flaws.without(email, erased | merged),
        "phone": flaws.without(desk["phone"][row], erased | merged),
        "role": np.full(len(row), "end-user", dtype=object),
        "organization_id": desk["organization_id"][row],
        "active": ~(merged | erased),
        "external_id": flaws.without(desk["external_id"][row], erased),
        "time_zone": population.place["time_zone"][who],
        "locale": np.array([LOCALES.get(code, code) for code in language], dtype=object),
        "created_at": desk.created[row],
        "updated_at": at,
        "merged": merged,
        "employee_number": np.full(len(row), None, dtype=object),
    }


def agent_id(force: Workforce) -> np.ndarray:
    """Return the user id that each employee has or would have as an agent."""
    return FIRST_AGENT_ID + force["employee_id"] * 1_013


def _agents(population: Population, force: Workforce) -> Columns:
    before, after = (np.isin(force[name], CARE_TEAM_NUMBERS) for name in
                     ("department", "department_after"))  # fmt: skip
    moves = force["transferred"] < NEVER
    rows = np.flatnonzero(before | (after & moves))
    starts = np.where(
        before, np.maximum(force.hired, seconds_of(HISTORY_START) - 2 * YEAR), force["transferred"]
    )
    stays = np.where(before & ~(moves & ~after), force.leaves, force["transferred"])
    stays = np.where(before, stays, force.leaves)
    created, ended = starts[rows], stays[rows]
    row, at = timeline(created, [ended])
    person = force.who[rows][row]
    name = force["first_name"][rows] + " " + force["last_name"][rows]
    size = len(row)
    nothing = np.full(size, None, dtype=object)
    return {
        "user_id": agent_id(force)[rows][row],
        "person_uid": population["person_uid"][person],
        "name": name[row],
        "email": force["work_email"][rows][row],
        "phone": nothing,
        "role": np.where(force["is_manager"][rows][row], "admin", "agent").astype(object),
        "organization_id": nothing,
        "active": at < ended[row],
        "external_id": nothing,
        "time_zone": population.place["time_zone"][person],
        "locale": np.full(size, "en-GB", dtype=object),
        "created_at": created[row],
        "updated_at": at,
        "merged": np.zeros(size, dtype=bool),
        "employee_number": force["employee_number"][rows][row],
    }


def _bot() -> Columns:
    start = np.array([seconds_of(HISTORY_START) - YEAR])
    texts = {
        "person_uid": None,
        "name": "Answer Bot",
        "email": None,
        "phone": None,
        "role": "agent",
        "organization_id": None,
        "external_id": None,
        "time_zone": "Europe/London",
        "locale": "en-GB",
        "employee_number": None,
    }
    columns = {name: np.array([text], dtype=object) for name, text in texts.items()}
    return columns | {
        "user_id": np.array([BOT_ID]),
        "active": np.array([True]),
        "merged": np.array([False]),
        "created_at": start,
        "updated_at": start,
    }


def organizations_table(organisations: Organisations) -> tuple[Columns, np.ndarray]:
    """Return the companies that the help desk knows."""
    numbers = np.flatnonzero(_has_support(np.arange(len(organisations))))
    created = np.maximum(organisations["created"][numbers], seconds_of(HISTORY_START) - 2 * YEAR)
    domains = organisations["domain"][numbers]
    columns = {
        "organization_id": FIRST_ORGANIZATION_ID + numbers * 31,
        "name": organisations["name"][numbers],
        "domain_names": np.where(numbers % 7 == 0, domains + ";mail." + domains, domains),
        "created_at": created,
        "updated_at": created,
    }
    return columns, created
