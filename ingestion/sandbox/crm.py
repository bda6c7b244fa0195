"""The CRM: contacts with duplicates, merges, archiving and erasure, and the owners of records."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox import flaws
from ingestion.sandbox.clock import DAY, HISTORY_START, HOUR, NEVER, seconds_of
from ingestion.sandbox.draws import Draws
from ingestion.sandbox.organisations import Organisations
from ingestion.sandbox.people import Population, never
from ingestion.sandbox.versions import Columns, index_lag, timeline
from ingestion.sandbox.workforce import Workforce

FIRST_CONTACT_ID = 20_100_000_000
FIRST_OWNER_ID = 410_001
PEOPLE_PER_OWNER = 250
STAGES = {
    "subscriber": "subscriber",
    "prospect": "prospect",
    "lead": "lead",
    "customer": "customer",
    "lapsed_customer": "lapsed",
}
ROLES = (
    "fan",
    "superfan",
    "member",
    "donor",
    "dealer",
    "media",
    "alumnus",
    "volunteer",
    "candidate",
)
MAIN, DUPLICATE, NEW_EMPLOYER = 0, 1, 2
_DRAWS = (
    "exists wait no_email typo_name typo_name_at typo_mail typo_mail_at fixed fixed_wait respelled"
    " other_box box opts_out opt_out_wait phone phone_wait phone_style birth archived archive_wait"
    " merged merge_wait owner owner_change owner_wait owner_after delay"
)

_CHANGES = (
    "fixed",
    "phone_known",
    "opted_out",
    "owner_changed",
    "absorbed",
    "archived",
    "merged",
    "erased",
)


@dataclass(frozen=True, slots=True)
class Contacts:
    """All CRM contacts, one array position each; a person has up to three."""

    who: np.ndarray
    slot: np.ndarray
    columns: Columns

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def main_of_person(self, size: int) -> np.ndarray:
        """Return for each person the position of the main contact, -1 where there is none."""
        position = np.full(size, -1)
        main = np.flatnonzero(self.slot == MAIN)
        position[self.who[main]] = main
        return position


def owner_ids(people: int) -> np.ndarray:
    """Return the ids of those who own CRM records."""
    return FIRST_OWNER_ID + np.arange(max(4, people // PEOPLE_PER_OWNER)) * 3


def owners_table(people: int, force: Workforce) -> tuple[Columns, np.ndarray]:
    """Return the CRM's owners: the longest-serving employees; one who leaves is archived."""
    ids = owner_ids(people)
    rows = np.arange(len(ids))
    created = np.full(len(ids), seconds_of(HISTORY_START) - 900 * DAY)
    left = force.leaves[rows] + 3 * HOUR
    row, at = timeline(created, [left])
    columns = {
        "owner_id": ids[row],
        "email": force["work_email"][row],
        "first_name": force["first_name"][row],
        "last_name": force["last_name"][row],
        "created_at": created[row],
        "updated_at": at,
        "archived": at >= left[row],
    }
    return columns, at + index_lag(at)


def erasures(population: Population) -> np.ndarray:
    """Return when each person was erased at their own request; almost always never."""
    draws = population.draws("erasure", "asks wait")
    asked = population["arrival"] + 250 * DAY + draws.waiting("wait", 500 * DAY)
    wants = draws.chance("asks", 0.012) & ~population["is_employee"]
    return np.where(wants, asked, NEVER)


def make_contacts(population: Population, organisations: Organisations) -> Contacts:
    """Return every contact with its flaws, its changes and its end."""
    outside = [*STAGES, *ROLES]
    earliest = np.min([population.since[audience] for audience in outside], axis=0)
    parts = []
    previous = never(population)
    for slot in (MAIN, DUPLICATE, NEW_EMPLOYER):
        draws = population.draws(f"contact {slot}", _DRAWS)
        created = _created(population, slot, draws, earliest, previous)
        created = np.where(created < population["erased"], created, NEVER)
        previous = created if slot == MAIN else previous
        who = np.flatnonzero(created < NEVER)
        parts.append(_slot(population, slot, who, created[who], draws.take(who)))
    who = np.concatenate([part.pop("who") for part in parts])
    slots = np.concatenate([part.pop("slot") for part in parts])
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    columns["contact_id"] = FIRST_CONTACT_ID + who * 10 + slots
    employer = np.where(
        slots == NEW_EMPLOYER, population["employer_after"][who], population["employer"][who]
    )
    columns["organisation"] = employer
    columns["organisation_id"] = flaws.without(
        organisations["organisation_id"][np.maximum(employer, 0)], employer < 0
    )
    contacts = Contacts(who, slots, columns)
    _settle_merges(contacts, len(population))
    return contacts


def _created(
    population: Population, slot: int, draws: Draws, earliest: np.ndarray, main: np.ndarray
) -> np.ndarray:
    if slot == MAIN:
        known = draws.chance("exists", 0.97) & (earliest < NEVER)
        return np.where(known, earliest + draws.waiting("wait", DAY), NEVER)
    if slot == DUPLICATE:
        again = main + 10 * DAY + draws.waiting("wait", 350 * DAY)
        return np.where(draws.chance("exists", 0.18) & (main < NEVER), again, NEVER)
    moved = population["changed_job"] + draws.between("wait", DAY, 30 * DAY)
    exists = (moved < NEVER) & (main < NEVER) & draws.chance("exists", 0.95)
    return np.where(exists & (moved > main + DAY), moved, NEVER)


def _mailbox(population: Population, slot: int, who: np.ndarray, draws: Draws) -> np.ndarray:
    private, work = population["email"][who], population["work_email"][who]
    if slot == NEW_EMPLOYER:
        return population["work_email_after"][who]
    if slot == DUPLICATE:
        return np.where(
            draws.chance("other_box", 0.65), population["alternative_email"][who], private
        )
    box = population["role_box"][who]
    own = np.where(flaws.missing(work), private, work)
    return np.where(flaws.missing(box), own, box)


def _slot(
    population: Population, slot: int, who: np.ndarray, created: np.ndarray, draws: Draws
) -> Columns:
    first, last = population["first_name"][who], population["last_name"][who]
    plain = draws.chance("respelled", 0.4 if slot == DUPLICATE else 0.08)
    share = flaws.SHARE_OF_TYPOS * (2 if slot == DUPLICATE else 0.75)
    slips, in_first = draws.chance("typo_name", share), draws.chance("box", 0.4)
    no_email = draws.chance("no_email", 0.4 if slot == DUPLICATE else 0.11)
    email = flaws.without(_mailbox(population, slot, who, draws), no_email)
    phone = flaws.phone_as_typed(population["phone"][who], draws, "phone_style")
    fixed = created + 15 * DAY + draws.waiting("fixed_wait", 200 * DAY)
    archived = created + 90 * DAY + draws.waiting("archive_wait", 500 * DAY)
    if slot == MAIN:
        moved = population["changed_job"][who] + 60 * DAY
        archived = np.where(population["changed_job"][who] < NEVER, moved, archived)
    leaves_crm = draws.chance(
        "archived", np.where(population["employer_after"][who] >= 0, 0.4, 0.03)
    )
    merged = created + 20 * DAY + draws.waiting("merge_wait", 250 * DAY)
    return {
        "who": who,
        "slot": np.full(len(who), slot),
        "created": created,
        "first_name": flaws.respelled(first, plain),
        "last_name": flaws.respelled(last, plain),
        "first_typed": flaws.mistyped(
            flaws.respelled(first, plain), slips & in_first, draws, "typo_name_at"
        ),
        "last_typed": flaws.mistyped(
            flaws.respelled(last, plain), slips & ~in_first, draws, "typo_name_at"
        ),
        "email": email,
        "email_typed": flaws.mistyped(
            email, draws.chance("typo_mail", share * 0.6), draws, "typo_mail_at"
        ),
        "fixed": np.where(draws.chance("fixed", 0.3), fixed, NEVER),
        "phone": flaws.without(phone, ~draws.chance("phone", 0.65)),
        "phone_known": np.where(
            draws.chance("phone", 0.1), created + draws.waiting("phone_wait", 300 * DAY), created
        ),
        "birth_date": flaws.without(population["birth_date"][who], ~draws.chance("birth", 0.45)),
        "opted_out": np.where(
            draws.chance("opts_out", 0.1), created + draws.waiting("opt_out_wait", 700 * DAY), NEVER
        ),
        "archived": np.where(leaves_crm, archived, NEVER),
        "merged": np.where(draws.chance("merged", 0.4 if slot == DUPLICATE else 0), merged, NEVER),
        "erased": population["erased"][who],
        "owner": draws["owner"],
        "owner_after": draws["owner_after"],
        "owner_changed": np.where(
            draws.chance("owner_change", 0.08),
            created + draws.waiting("owner_wait", 600 * DAY),
            NEVER,
        ),
        "delay": draws.between("delay", 60, 2 * DAY),
    }


def _settle_merges(contacts: Contacts, people: int) -> None:
    """Let a merge happen only while both sides live; note it on the winner as well."""
    winner = contacts.main_of_person(people)[contacts.who]
    merged = contacts["merged"]
    other_end = np.minimum(contacts["archived"], contacts["erased"])
    blocked = (winner < 0) | (merged >= other_end[winner]) | (merged >= other_end)
    merged = np.where(blocked, NEVER, merged)
    absorbed = np.full(len(merged), NEVER)
    losers = np.flatnonzero(merged < NEVER)
    absorbed[winner[losers]] = merged[losers]
    loser_id = np.full(len(merged), None, dtype=object)
    loser_id[winner[losers]] = contacts["contact_id"][losers].astype(str).astype(object)
    contacts.columns.update(
        {
            "merged": merged,
            "merged_into": flaws.only(contacts["contact_id"][winner], merged < NEVER),
            "absorbed": absorbed,
            "absorbed_id": loser_id,
            "ends": np.minimum(np.minimum(contacts["archived"], merged), contacts["erased"]),
        }
    )


def contacts_table(
    population: Population, contacts: Contacts, owners: np.ndarray
) -> tuple[Columns, np.ndarray]:
    """Return the contacts' versions and when each shows.

    A merged loser has ``merged_into`` and no ``archive_reason``; an erased contact reads SCRUBBED
    for thirty days and is then gone.
    """
    gone = np.where(contacts["erased"] < NEVER, contacts["erased"] + 30 * DAY, NEVER)
    # Erasure outlives archiving and merging: it still reaches the archived record.
    last = np.where(contacts["erased"] < NEVER, gone, contacts["ends"])
    steps = [contacts[name] for name in _CHANGES]
    steps += [moment for _, moment in _belonging(population, contacts, starts=True)]
    steps += [moment for _, moment in _belonging(population, contacts, starts=False)]
    row, at = timeline(contacts["created"], [*steps, gone], last)
    still = (at <= contacts["ends"][row]) | (at == gone[row]) | (at == contacts["erased"][row])
    row, at = row[still], at[still]
    scrubbed = at >= contacts["erased"][row]
    columns = _as_known(population, contacts, row, at, owners)
    for name in ("first_name", "last_name"):
        columns[name] = np.where(scrubbed, flaws.SCRUBBED, columns[name])
    for name in ("email", "phone", "city", "birth_date"):
        columns[name] = flaws.without(columns[name], scrubbed)
    columns["is_gone"] = at >= gone[row]
    return columns, at + index_lag(at)


def _belonging(
    population: Population, contacts: Contacts, starts: bool
) -> list[tuple[str, np.ndarray]]:
    """Return when the CRM learns that each audience begins or ends, some time after it did."""
    intervals = population.since if starts else population.until
    return [
        (audience, intervals[audience][contacts.who] + contacts["delay"])
        for audience in (*STAGES, *ROLES)
    ]


def _as_known(
    population: Population, contacts: Contacts, row: np.ndarray, at: np.ndarray, owners: np.ndarray
) -> Columns:
    who = contacts.who[row]
    is_fixed = at >= contacts["fixed"][row]
    changed = at >= contacts["owner_changed"][row]
    luck = np.where(changed, contacts["owner_after"][row], contacts["owner"][row])
    archived, erased = contacts["archived"][row], contacts["erased"][row]
    ended = np.minimum(contacts["ends"][row], erased)
    reason = np.where(at >= erased, "erased", np.where(at >= archived, "archived", "")).astype(
        object
    )
    absorbed = at >= contacts["absorbed"][row]
    return {
        "contact_id": contacts["contact_id"][row],
        "person_uid": population["person_uid"][who],
        "organisation_id": contacts["organisation_id"][row],
        "first_name": np.where(is_fixed, contacts["first_name"][row], contacts["first_typed"][row]),
        "last_name": np.where(is_fixed, contacts["last_name"][row], contacts["last_typed"][row]),
        "email": np.where(is_fixed, contacts["email"][row], contacts["email_typed"][row]),
        "phone": flaws.without(contacts["phone"][row], at < contacts["phone_known"][row]),
        **{name: population.place[name][who] for name in ("city", "country", "language")},
        "birth_date": contacts["birth_date"][row],
        **_standing(population, contacts, row, at),
        "opted_out": at >= contacts["opted_out"][row],
        "owner_id": owners[(luck * len(owners)).astype(np.int64)],
        "created_at": contacts["created"][row],
        "updated_at": at,
        "archived_at": np.where(at >= ended, ended, NEVER),
        "archive_reason": flaws.without(reason, (reason == "") | (at >= contacts["merged"][row])),
        "merged_into": flaws.only(contacts["merged_into"][row], at >= contacts["merged"][row]),
        "merged_ids": flaws.only(contacts["absorbed_id"][row], absorbed),
    }


def _standing(
    population: Population, contacts: Contacts, row: np.ndarray, at: np.ndarray
) -> Columns:
    """Return lifecycle stage and roles as the CRM knows them at each instant."""
    starts = dict(_belonging(population, contacts, starts=True))
    ends = dict(_belonging(population, contacts, starts=False))
    active = {a: (starts[a][row] <= at) & (at < ends[a][row]) for a in starts}
    # A contact is opened because of its first role, before the slower bookkeeping comes round.
    at_birth = at == contacts["created"][row]
    for audience, since in population.since.items():
        if audience in active:
            known = (since[contacts.who[row]] <= at) & (
                at < population.until[audience][contacts.who[row]]
            )
            active[audience] |= at_birth & known
    stage = np.full(len(row), "other", dtype=object)
    for audience, label in STAGES.items():
        stage[active[audience]] = label
    roles = np.full(len(row), "", dtype=object)
    for audience in ROLES:
        roles = np.where(active[audience], roles + ";" + audience, roles)
    stripped = {text: text.removeprefix(";") for text in set(roles)}
    return {
        "lifecycle_stage": stage,
        "audience_roles": np.array([stripped[text] for text in roles], dtype=object),
    }
