"""Who applied for work here: candidates, their applications on the way, the offers made to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox import flaws
from ingestion.sandbox.clock import DAY, HOUR, NEVER
from ingestion.sandbox.people import Population
from ingestion.sandbox.versions import Columns, timeline

FIRST_CANDIDATE_ID, FIRST_APPLICATION_ID = 71_000_000, 82_000_000
JOBS = 12
LEAD, APPLIED, PHONE, ON_SITE, OFFER = STAGES = ("lead", "applied", "phone", "on_site", "offer")
HIRED = "hired"
# How far those who are not hired come: turned down on paper, after a call, a visit, an offer.
_REACH = (45, 25, 18, 12)
_REASONS = ("underqualified", "withdrew", "position filled", "offer declined")
# Some are forgotten because the time is up for which a refused candidate may be kept.
KEPT_DAYS, FORGOTTEN = 400, 0.3
_DRAWS = (
    "sourced lead_wait origin reach pace reason job twice again until_again double merges"
    " merge_wait deleted delete_wait forgotten phone phone_style typo_mail typo_mail_at fixed"
    " fixed_wait typo_name typo_name_at"
)


@dataclass(frozen=True, slots=True)
class Applications:
    """Every application, one array position each; a person has one or two, from `second` on.

    `person` is the position in the population, `row` that among the people who applied.
    """

    person: np.ndarray
    row: np.ndarray
    second: int
    columns: Columns

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]


def make_applications(population: Population) -> Applications:
    """Return every application; nobody is erased while one is open."""
    since, until = population.since["candidate"], population.until["candidate"]
    who = np.flatnonzero((since < NEVER) & (until < population["erased"]))
    draws = population.draws("applications", _DRAWS).take(who)
    again = np.flatnonzero(draws.chance("twice", 0.3))
    row = np.concatenate([np.arange(len(who)), again])
    second = np.arange(len(row)) >= len(who)
    person, drawn = who[row], draws.take(row)
    span = (until - since)[person]

    def share(of: np.ndarray) -> np.ndarray:
        return since[person] + (of * span).astype(np.int64)

    # The second application begins later and is over sooner.
    applied = np.where(second, share(0.05 + 0.1 * drawn["again"]), since[person])
    decided = np.where(second, share(0.5 + 0.4 * drawn["until_again"]), until[person])
    hired = ~second & population["is_employee"][person]
    reach = drawn.index("reach", len(_REACH), _REACH)
    reach = np.where(hired, 3, np.where(second, np.minimum(reach, 2), reach))
    took = decided - applied

    def reached(least: int, of: np.ndarray) -> np.ndarray:
        return np.where(reach >= least, applied + (of * took).astype(np.int64), NEVER)

    sourced = ~second & drawn.chance("sourced", 0.3)
    lead = applied - 3 * DAY - (drawn["lead_wait"] * 12 * DAY).astype(np.int64)
    created = np.where(sourced, lead, applied)
    spoilt = ~hired & drawn.chance("deleted", np.where(second, 0.12, 0.02))
    double = second & drawn.chance("double", 0.4)
    merges = double & ~spoilt & drawn.chance("merges", 0.6)
    declined = np.where(reach == 3, _REASONS[3], drawn.choice("reason", _REASONS[:3]))
    columns: Columns = {
        "application_id": FIRST_APPLICATION_ID + person * 10 + second,
        "own_candidate_id": FIRST_CANDIDATE_ID + person * 10,
        "candidate_id": FIRST_CANDIDATE_ID + person * 10 + double,
        "is_double": double,
        "job_id": 1 + (drawn.index("job", JOBS) + second) % JOBS,
        "origin": np.where(
            sourced, "sourced", drawn.choice("origin", ["applied", "referred", "agency"], [7, 2, 1])
        ).astype(object),
        "created": created,
        LEAD: np.where(sourced, created, NEVER),
        APPLIED: applied,
        PHONE: reached(1, 0.10 + 0.10 * drawn["pace"]),
        ON_SITE: reached(2, 0.30 + 0.15 * drawn["pace"]),
        OFFER: reached(3, 0.55 + 0.15 * drawn["pace"]),
        "approved": reached(3, 0.60 + 0.15 * drawn["pace"]),
        "sent": reached(3, 0.63 + 0.15 * drawn["pace"]),
        "signed": np.where(hired, applied + (0.85 * took).astype(np.int64), NEVER),
        "decided": decided,
        "reason": np.where(hired, HIRED, declined).astype(object),
        "merged": np.where(
            merges, applied + DAY + drawn.waiting("merge_wait", 30 * DAY), NEVER
        ),
        "deleted": np.where(spoilt, created + drawn.between("delete_wait", DAY, 20 * DAY), NEVER),
    }  # fmt: skip
    return Applications(person, row, len(who), columns)


def candidates_table(
    population: Population, applications: Applications
) -> tuple[Columns, np.ndarray]:
    """Return the candidates' versions; who is known twice has two records until they are merged."""
    first = np.arange(applications.second)
    who = applications.person[first]
    draws = population.draws("applications", _DRAWS).take(who)
    double = np.flatnonzero(applications["is_double"])
    record = np.concatenate([first, double])
    drawn = draws.take(applications.row[record])
    person, is_double = applications.person[record], applications["is_double"][record]

    created, merged = applications["created"][record], applications["merged"][record]
    fixed = np.where(
        drawn.chance("fixed", 0.5), created + DAY + drawn.waiting("fixed_wait", 20 * DAY), NEVER
    )
    until = population.until["candidate"][person]
    kept = until + KEPT_DAYS * DAY
    expires = drawn.chance("forgotten", FORGOTTEN) & ~population["is_employee"][person]
    forgotten = np.minimum(np.where(expires, kept, NEVER), population["erased"][person])
    row, at = timeline(created, [fixed, forgotten, merged], merged)

    email = np.where(
        is_double, population["alternative_email"][person], population["email"][person]
    )
    slips = drawn.chance("typo_mail", flaws.SHARE_OF_TYPOS)
    typed = flaws.mistyped(email, slips, drawn, "typo_mail_at")
    last = flaws.mistyped(
        population["last_name"][person],
        drawn.chance("typo_name", flaws.SHARE_OF_TYPOS),
        drawn,
        "typo_name_at",
    )
    phone = flaws.without(population["phone"][person], drawn.chance("phone", 0.3))
    phone = flaws.phone_as_typed(phone, drawn, "phone_style")
    gone = at >= forgotten[row]
    columns = {
        "candidate_id": applications["candidate_id"][record][row],
        "person_uid": population["person_uid"][person][row],
        "first_name": flaws.without(population["first_name"][person][row], gone),
        "last_name": flaws.without(last[row], gone),
        "email": flaws.without(np.where(at >= fixed[row], email[row], typed[row]), gone),
        "phone": flaws.without(phone[row], gone),
        "created_at": created[row],
        "updated_at": at,
        "anonymized_at": np.where(gone, forgotten[row], NEVER),
        "is_gone": at >= merged[row],
    }
    return columns, at


def applications_table(applications: Applications) -> tuple[Columns, np.ndarray]:
    """Return the applications' versions: each stage, the end, a merge, a removal as a mistake."""
    moves = [applications[stage] for stage in STAGES]
    ends = [applications[name] for name in ("decided", "merged", "deleted")]
    decided, merged, deleted = ends
    row, at = timeline(applications["created"], [*moves, *ends], deleted)
    stage = np.full(len(row), None, dtype=object)
    for name, entered in zip(STAGES, moves, strict=True):
        stage = np.where(at >= entered[row], name, stage)
    over = at >= decided[row]
    columns = {
        "application_id": applications["application_id"][row],
        "candidate_id": np.where(
            at >= merged[row],
            applications["own_candidate_id"][row],
            applications["candidate_id"][row],
        ),
        "job_id": applications["job_id"][row],
        "origin": applications["origin"][row],
        "stage": stage,
        "reason": flaws.only(applications["reason"][row], over),
        "created_at": applications["created"][row],
        "updated_at": at,
        "decided_at": np.where(over, decided[row], NEVER),
        "deleted_at": np.where(at >= deleted[row], deleted[row], NEVER),
    }
    return columns, at


def stages_table(applications: Applications) -> tuple[Columns, np.ndarray]:
    """Return when each application entered each stage, up to its end."""
    entered = np.column_stack([applications[stage] for stage in STAGES])
    row, stage = np.nonzero(entered < applications["deleted"][:, None])
    at = entered[row, stage]
    row, stage, at = (part[at < NEVER] for part in (row, stage, at))
    columns = {
        "application_id": applications["application_id"][row],
        "stage": np.array(STAGES, dtype=object)[stage],
        "entered_at": at,
    }
    return columns, at


def offers_table(applications: Applications) -> tuple[Columns, np.ndarray]:
    """Return the offers' versions: drafted, approved, sent and, by who is hired, signed."""
    made = np.flatnonzero(applications[OFFER] < applications["deleted"])
    created = applications[OFFER][made] + HOUR
    steps = {name: applications[name][made] for name in ("approved", "sent", "signed")}
    row, at = timeline(created, list(steps.values()), applications["deleted"][made])
    status = np.full(len(row), "draft", dtype=object)
    for name, reached in steps.items():
        status = np.where(at >= reached[row], name, status)
    columns = {
        "offer_id": applications["application_id"][made][row],
        "application_id": applications["application_id"][made][row],
        "status": status,
        "created_at": created[row],
        **{
            f"{name}_at": np.where(at >= reached[row], reached[row], NEVER)
            for name, reached in steps.items()
        },
        "updated_at": at,
    }
    return columns, at
