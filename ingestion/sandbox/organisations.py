"""The organisations people work for, their mailboxes, and who moved from one to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox import flaws
from ingestion.sandbox.clock import DAY, HISTORY_START, NEVER, YEAR, seconds_of
from ingestion.sandbox.draws import Draws, stream
from ingestion.sandbox.names import LAST_NAMES, ORGANISATION_ENDINGS, PLACES, each_folded, folded
from ingestion.sandbox.people import Population
from ingestion.sandbox.versions import Columns, index_lag, timeline

FEWEST, PEOPLE_PER_ORGANISATION = 14, 20
FIRST_ORGANISATION_ID = 8_800_000_000
SHARE_WHO_CHANGE_JOB = 0.36
_COMPANY_DRAWS = "place last ending created renamed renamed_wait archived archived_wait owner"
_DRAWS = "works change change_wait employer employer_after role_box"


@dataclass(frozen=True, slots=True)
class Organisations:
    """All companies the organisation deals with; they were all there before history starts."""

    columns: Columns

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.columns["name"])


def make_organisations(seed: int, people: int) -> Organisations:
    """Return the companies; four in ten are dealers, one in ten a supplier."""
    size = max(FEWEST, people // PEOPLE_PER_ORGANISATION)
    names = _COMPANY_DRAWS.split()
    block = stream(seed, "organisations").random((size, len(names)))
    draws = Draws({name: block[:, i] for i, name in enumerate(names)})
    place = draws.index("place", len(PLACES), [p.weight for p in PLACES])
    number = np.arange(size)
    titles, domains = [], []
    for i, row in enumerate(place):
        language = PLACES[row].language
        lasts, endings = LAST_NAMES[language].split(), ORGANISATION_ENDINGS[language].split("|")
        last = lasts[int(draws["last"][i] * len(lasts))]
        ending = endings[int(draws["ending"][i] * len(endings))]
        titles.append(f"{last} {ending}")
        domains.append(f"{folded(last)}-{folded(ending)[:8]}{i + 1}.example")
    start = seconds_of(HISTORY_START)
    changed = start + draws.waiting("renamed_wait", 500 * DAY)
    closed = start + 200 * DAY + draws.waiting("archived_wait", 500 * DAY)
    kinds = np.array(["dealer", "customer", "dealer", "customer", "supplier"], dtype=object)
    kind = kinds[number % 5]
    return Organisations(
        {
            "organisation_id": FIRST_ORGANISATION_ID + number * 17,
            "name": np.array(titles, dtype=object),
            "domain": np.array(domains, dtype=object),
            "kind": kind,
            "country": np.array([p.country for p in PLACES], dtype=object)[place],
            "created": start - (draws["created"] * 3 * YEAR).astype(np.int64) - 3 * YEAR,
            "renamed": np.where(draws.chance("renamed", 0.04), changed, NEVER),
            "archived": np.where(
                draws.chance("archived", 0.03) & (kind != "dealer"), closed, NEVER
            ),
            "owner_luck": draws["owner"],
        }
    )


def assign_employers(population: Population, organisations: Organisations) -> None:
    """Give dealers, journalists and some buyers an employer, and some of them a later one."""
    draws = population.draws("employers", _DRAWS)
    is_dealer = population.since["dealer"] < NEVER
    is_media = population.since["media"] < NEVER
    buys_for_work = (population.since["lead"] < NEVER) & draws.chance("works", 0.15)
    employed = is_dealer | is_media | buys_for_work
    dealers = np.flatnonzero(organisations["kind"] == "dealer")
    others = np.flatnonzero(organisations["kind"] != "dealer")

    def employer(name: str) -> np.ndarray:
        one = dealers[draws.index(name, len(dealers))]
        return np.where(is_dealer, one, others[draws.index(name, len(others))])

    first, second = employer("employer"), employer("employer_after")
    moves = employed & (first != second) & draws.chance("change", SHARE_WHO_CHANGE_JOB)
    moved = population["arrival"] + 60 * DAY + (draws["change_wait"] * 900 * DAY).astype(np.int64)
    uses_role_box = employed & draws.chance("role_box", 0.07)
    population.columns.update(
        {
            "employer": np.where(employed, first, -1),
            "employer_after": np.where(moves, second, -1),
            "changed_job": np.where(moves, moved, NEVER),
            "work_email": _work_mail(population, organisations, np.where(employed, first, -1)),
            "work_email_after": _work_mail(population, organisations, np.where(moves, second, -1)),
            "role_box": flaws.only("info@" + organisations["domain"][first], uses_role_box),
        }
    )


def _work_mail(
    population: Population, organisations: Organisations, employer: np.ndarray
) -> np.ndarray:
    rows = np.flatnonzero(employer >= 0)
    first = each_folded(population["first_name"][rows])
    last = each_folded(population["last_name"][rows])
    mail = np.full(len(population), None, dtype=object)
    # The person's number tells colleagues of the same name apart without a look at who came later.
    twins = population["is_second"][rows]
    local = first + "." + last + np.where(twins, "2", "").astype(object)
    mail[rows] = local + "@" + organisations["domain"][employer[rows]]
    seen: dict[str, int] = {}
    for row in rows:
        count = seen[mail[row]] = seen.get(mail[row], 0) + 1
        if count > 1:
            mail[row] = mail[row].replace("@", f".{count}@")
    return mail


def organisations_table(
    organisations: Organisations, owner_ids: np.ndarray
) -> tuple[Columns, np.ndarray]:
    """Return the CRM's companies and when each version shows."""
    created = organisations["created"]
    renamed, archived = organisations["renamed"], organisations["archived"]
    row, at = timeline(created, [renamed, archived])
    name = organisations["name"][row]
    columns = {
        "organisation_id": organisations["organisation_id"][row],
        "name": np.where(at >= renamed[row], name + " Group", name),
        "domain": organisations["domain"][row],
        "kind": organisations["kind"][row],
        "country": organisations["country"][row],
        "owner_id": owner_ids[(organisations["owner_luck"][row] * len(owner_ids)).astype(int)],
        "created_at": created[row],
        "updated_at": at,
        "archived_at": np.where(at >= archived[row], archived[row], NEVER),
    }
    return columns, at + index_lag(at)
