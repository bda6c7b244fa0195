"""The people who work for the organisation: what HR knows of them, when, and how wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox import flaws
from ingestion.sandbox.clock import DAY, HISTORY_START, HOUR, NEVER, days, seconds_of
from ingestion.sandbox.draws import Draws
from ingestion.sandbox.names import LAST_NAMES, each_folded
from ingestion.sandbox.people import Population
from ingestion.sandbox.versions import Columns, timeline

WORK_HOST = "northlight.example"
SITES = ("London", "Berlin", "Lyon", "Kraków", "Remote")


@dataclass(frozen=True, slots=True)
class Department:
    """A unit of the organisation; care departments answer tickets."""

    name: str
    division: str
    job: str
    weight: float
    answers_tickets: bool = False


DEPARTMENTS = (
    Department("Care North", "Service", "Care Agent", 16, True),
    Department("Care South", "Service", "Care Agent", 11, True),
    Department("Care East", "Service", "Care Agent", 10, True),
    Department("Care West", "Service", "Care Agent", 9, True),
    Department("Care Partners", "Service", "Partner Agent", 6, True),
    Department("Care Fans", "Service", "Fan Agent", 6, True),
    Department("Sales", "Commercial", "Account Manager", 9),
    Department("Marketing", "Commercial", "Marketer", 6),
    Department("Ticketing", "Commercial", "Ticket Clerk", 5),
    Department("Membership", "Commercial", "Membership Clerk", 3),
    Department("Logistics", "Operations", "Warehouse Worker", 7),
    Department("Stores", "Operations", "Store Assistant", 5),
    Department("IT", "Corporate", "Engineer", 3),
    Department("Finance", "Corporate", "Accountant", 2),
    Department("People", "Corporate", "People Partner", 1.2),
    Department("Foundation", "Corporate", "Programme Lead", 0.8),
)
# Who answers for an audience holds one of these titles, or heads a department named like a role of
# the registry. Nobody here is Channel Director, Venue Director and more: those roles are vacant.
LEADERS = (
    "Chief People Officer",
    "Chief Customer Officer",
    "Head of Fan Experience",
    "Head of Service",
    "Head of Retention",
    "Head of Subscriptions",
    "Head of Communications",
    "Head of Giving",
)
HEADED_AS_OWNED = ("Sales", "Marketing", "Ticketing", "Membership", "People")
CARE_TEAMS = [i for i, department in enumerate(DEPARTMENTS) if department.answers_tickets]
WITHOUT_WORK_MAIL = ("Logistics", "Stores")
_NAMES, _DIVISIONS, _JOBS = (
    np.array([getattr(d, name) for d in DEPARTMENTS], dtype=object)
    for name in ("name", "division", "job")
)
_DRAWS = (
    "department site boss recorded promotion promotion_wait promotion_recorded transfer"
    " transfer_wait transfer_recorded department_after boss_after wrong wrong_department corrected"
    " moves_site moved_site site_wait marries marriage_wait married_name personal mobile typo"
    " typo_at termination leave_recorded part_time part_time_wait no_work_mail contract"
)

_KEPT = (
    "employee_id",
    "employee_number",
    "first_name",
    "work_email",
    "personal_email",
    "mobile_phone",
)


@dataclass(frozen=True, slots=True)
class Workforce:
    """Everyone who ever worked here, one array position per employee, in order of arrival."""

    who: np.ndarray
    hired: np.ndarray
    leaves: np.ndarray
    columns: Columns

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def department_at(self, moment: np.ndarray | int) -> np.ndarray:
        """Return each employee's true department number at a moment."""
        moved = self.columns["transferred"] <= moment
        return np.where(moved, self.columns["department_after"], self.columns["department"])

    def at_work(self, moment: np.ndarray | int) -> np.ndarray:
        """Return who is employed at a moment."""
        return (self.hired <= moment) & (moment < self.leaves)


def make_workforce(population: Population) -> Workforce:
    """Return the careers of all employees."""
    who = np.flatnonzero(population.since["employee"] < NEVER)
    draws = population.draws("workforce", _DRAWS).take(who)
    hired, leaves = population.since["employee"][who], population.until["employee"][who]
    is_manager = population.since["manager"][who] < NEVER
    department = draws.index("department", len(DEPARTMENTS), [d.weight for d in DEPARTMENTS])
    after = draws.index("department_after", len(DEPARTMENTS), [d.weight for d in DEPARTMENTS])
    counted = np.maximum(hired, seconds_of(HISTORY_START))
    promoted = _sometime(draws, "promotion", 0.25, counted + 150 * DAY, 500, leaves)
    transferred = _sometime(draws, "transfer", 0.14, counted + 90 * DAY, 500, leaves)
    transferred = np.where(is_manager | (after == department), NEVER, transferred)
    ordinal = np.arange(len(who))
    columns: Columns = {
        "ordinal": ordinal,
        "employee_id": 101 + ordinal,
        "employee_number": np.array([f"E{10_001 + n}" for n in ordinal], dtype=object),
        "department": department,
        "department_after": after,
        "is_manager": is_manager,
        "promoted": promoted,
        "transferred": transferred,
        "wrong_department": draws.index("wrong_department", len(DEPARTMENTS)),
        "is_wrong": draws.chance("wrong", 0.05),
        "hire_recorded": hired - draws.between("recorded", 1, 15) * DAY + 9 * HOUR,
        "married": _marriages(population, who, draws, leaves),
    }
    columns["title"] = _manager_titles(is_manager, department)
    columns["boss"] = _bosses(columns, department, draws["boss"])
    columns["boss_after"] = _bosses(columns, after, draws["boss_after"])
    columns["corrected"] = np.where(
        columns["is_wrong"],
        columns["hire_recorded"] + draws.between("corrected", 6, 45) * DAY + 2 * HOUR,
        NEVER,
    )
    columns.update(_contact_details(population, who, draws, department))
    return Workforce(who, hired, leaves, columns | _recording(draws, promoted, transferred, leaves))


def _sometime(
    draws: Draws, name: str, share: float, earliest: np.ndarray, mean: int, before: np.ndarray
) -> np.ndarray:
    moment = (earliest + draws.waiting(f"{name}_wait", mean * DAY)) // DAY * DAY
    return np.where(draws.chance(name, share) & (moment < before - 20 * DAY), moment, NEVER)


def _marriages(
    population: Population, who: np.ndarray, draws: Draws, leaves: np.ndarray
) -> np.ndarray:
    earliest = np.maximum(population.since["employee"][who], seconds_of(HISTORY_START))
    wait = earliest + 60 * DAY + draws.waiting("marriage_wait", 400 * DAY)
    married = np.where(draws.chance("marries", 0.06) & (wait < leaves), wait, NEVER)
    other = draws.choice("married_name", LAST_NAMES["en"].split())
    names = population["last_name"][who]
    population.columns["other_last_name"] = np.full(len(population), None, dtype=object)
    both = flaws.only(names + "-" + other, married < NEVER)
    population.columns["other_last_name"][who] = both
    return married


def _manager_titles(is_manager: np.ndarray, department: np.ndarray) -> np.ndarray:
    """Return what each would be called as a manager: the first lead what no department is for."""
    titles: np.ndarray = "Head of " + _NAMES[department]
    leading = np.flatnonzero(is_manager & ~np.isin(_NAMES[department], HEADED_AS_OWNED))
    for row, title in zip(leading, LEADERS, strict=False):
        titles[row] = title
    return titles


def _bosses(columns: Columns, department: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Return each employee's boss: a manager of the department, else the first manager of all."""
    managers = np.flatnonzero(columns["is_manager"])
    bosses = np.full(len(department), managers[0])
    for number in range(len(DEPARTMENTS)):
        own = managers[columns["department"][managers] == number]
        rows = department == number
        if len(own):
            bosses[rows] = own[(luck[rows] * len(own)).astype(np.int64)]
    bosses[columns["is_manager"]] = managers[0]
    return bosses


def _contact_details(
    population: Population, who: np.ndarray, draws: Draws, department: np.ndarray
) -> Columns:
    first, last = population["first_name"][who], population["last_name"][who]
    local = each_folded(first) + "." + each_folded(last)
    seen: dict[str, int] = {}
    mails = []
    for name in local:
        seen[name] = seen.get(name, 0) + 1
        mails.append(f"{name}{seen[name] if seen[name] > 1 else ''}@{WORK_HOST}")
    manual = np.isin(_NAMES[department], WITHOUT_WORK_MAIL)
    work = flaws.without(np.array(mails, dtype=object), manual | draws.chance("no_work_mail", 0.02))
    personal = flaws.without(population["email"][who], ~draws.chance("personal", 0.6))
    slips = draws.chance("typo", flaws.SHARE_OF_TYPOS)
    phone = flaws.without(population["phone"][who], ~draws.chance("mobile", 0.7))
    return {
        "first_name": first,
        "last_name": flaws.mistyped(last, slips, draws, "typo_at"),
        "work_email": work,
        "personal_email": personal,
        "mobile_phone": phone,
        "site": draws.index("site", len(SITES), [5, 4, 3, 3, 2]),
    }


def _recording(
    draws: Draws, promoted: np.ndarray, transferred: np.ndarray, leaves: np.ndarray
) -> Columns:
    """Return when HR typed each change: some weeks ahead, some days late."""

    def recorded(moment: np.ndarray, name: str) -> np.ndarray:
        typed = moment + draws.between(name, -30, 12) * DAY + 10 * HOUR
        return np.where(moment < NEVER, typed, NEVER)

    kinds = ["Voluntary", "Involuntary", "End of fixed term"]
    return {
        "promotion_recorded": recorded(promoted, "promotion_recorded"),
        "transfer_recorded": recorded(transferred, "transfer_recorded"),
        "leave_recorded": recorded(leaves, "leave_recorded"),
        "termination_type": draws.choice("termination", kinds, [65, 22, 13]),
        "part_time": _sometime(
            draws, "part_time", 0.08, leaves * 0 + seconds_of(HISTORY_START), 500, leaves
        ),
        "is_contractor": draws.chance("contract", 0.06),
    }


def job_title(workforce: Workforce, department: np.ndarray, senior: np.ndarray) -> np.ndarray:
    """Return the job titles that go with a department and a promotion."""
    title = np.where(senior, "Senior " + _JOBS[department], _JOBS[department])
    return np.where(workforce["is_manager"], workforce["title"], title)


def employees_table(population: Population, force: Workforce) -> tuple[Columns, np.ndarray]:
    """Return the HR records and when each version shows, mistaken duplicates included."""
    changes = [
        force["corrected"],
        np.maximum(force["promoted"], force["promotion_recorded"]),
        np.maximum(force["transferred"], force["transfer_recorded"]),
        force["married"],
        force["leave_recorded"],
        np.where(force.leaves < NEVER, np.maximum(force.leaves, force["leave_recorded"]), NEVER),
    ]
    row, at = timeline(force["hire_recorded"], changes)
    moved = at >= changes[2][row]
    department = np.where(moved, force["department_after"][row], force["department"][row])
    wrong = force["is_wrong"][row] & (at < force["corrected"][row]) & ~moved
    department = np.where(wrong, force["wrong_department"][row], department)
    senior = at >= changes[1][row]
    title = np.where(senior, "Senior " + _JOBS[department], _JOBS[department])
    title = np.where(force["is_manager"][row], force["title"][row], title)
    boss = np.where(moved, force["boss_after"][row], force["boss"][row])
    other_name = population["other_last_name"][force.who][row]
    typed = at >= force["leave_recorded"][row]
    columns = {name: force[name][row] for name in _KEPT} | {
        "person_uid": population["person_uid"][force.who][row],
        "last_name": np.where(at >= force["married"][row], other_name, force["last_name"][row]),
        "hire_date": days(force.hired)[row],
        "termination_date": flaws.only(days(force.leaves)[row], typed),
        "status": np.where(at >= changes[5][row], "Inactive", "Active").astype(object),
        "department": _NAMES[department],
        "division": _DIVISIONS[department],
        "job_title": title,
        "location": np.array(SITES, dtype=object)[force["site"][row]],
        "supervisor_id": np.where(boss == row, -1, force["employee_id"][boss]),
        "updated_at": at,
        "deleted": np.zeros(len(row), dtype=bool),
    }
    return _with_duplicates(columns, force, row)


def _with_duplicates(
    columns: Columns, force: Workforce, row: np.ndarray
) -> tuple[Columns, np.ndarray]:
    """Add the records that HR opened twice and deleted three weeks later."""
    first = np.r_[True, row[1:] != row[:-1]]
    twice = np.flatnonzero(first & (force["ordinal"][row] % 40 == 11))
    copies = np.concatenate([np.arange(len(row)), twice, twice])
    result = {name: values[copies] for name, values in columns.items()}
    added = np.arange(len(row), len(copies))
    opened, deleted = added[: len(twice)], added[len(twice) :]
    result["employee_id"][added] += 90_000
    result["updated_at"][opened] += 2 * DAY
    result["updated_at"][deleted] += 23 * DAY
    result["deleted"][deleted] = True
    boss = result["supervisor_id"]
    result["supervisor_id"] = flaws.without(boss, boss < 0)
    return result, result["updated_at"]


def jobs_table(force: Workforce) -> tuple[Columns, np.ndarray]:
    """Return the dated job rows: hire, correction of the same date, promotion, transfer."""
    everyone = np.arange(len(force.who))
    no_one = np.zeros(len(everyone), dtype=bool)
    wrong = np.where(force["is_wrong"], force["wrong_department"], force["department"])
    moved = force["transferred"] < force["promoted"]
    after_move = np.where(moved, force["department_after"], force["department"])
    senior = force["promoted"] < force["transferred"]
    rows = [
        (0, wrong, no_one, force["boss"], force.hired, force["hire_recorded"]),
        (1, force["department"], no_one, force["boss"], force.hired, force["corrected"]),
        (2, after_move, ~no_one, np.where(moved, force["boss_after"], force["boss"]),
         force["promoted"], force["promotion_recorded"]),
        (3, force["department_after"], senior, force["boss_after"],
         force["transferred"], force["transfer_recorded"]),
    ]  # fmt: skip
    parts = []
    for number, department, is_senior, boss, dated, recorded in rows:
        columns = {
            "row_id": force["employee_id"] * 10 + number,
            "employee_id": force["employee_id"],
            "date": days(dated),
            "department": _NAMES[department],
            "division": _DIVISIONS[department],
            "job_title": job_title(force, department, is_senior),
            "location": np.array(SITES, dtype=object)[force["site"]],
            "reports_to": flaws.without(force["employee_id"][boss], boss == everyone),
            "recorded_at": recorded,
        }
        parts.append({name: values[recorded < NEVER] for name, values in columns.items()})
    return _with_edits(_joined(parts), force)


def _with_edits(columns: Columns, force: Workforce) -> tuple[Columns, np.ndarray]:
    """Add a later version to a few rows whose location HR typed over in place."""
    edited = np.flatnonzero(columns["row_id"] % 370 == 0)
    copies = np.concatenate([np.arange(len(columns["row_id"])), edited])
    result = {name: values[copies] for name, values in columns.items()}
    result["location"][-len(edited) or len(copies) :] = "Remote"
    result["recorded_at"][-len(edited) or len(copies) :] += 33 * DAY
    return result, result["recorded_at"]


def statuses_table(force: Workforce) -> tuple[Columns, np.ndarray]:
    """Return the dated employment status rows."""
    size = len(force.who)
    start = np.where(force["is_contractor"], "Contractor", "Full-Time").astype(object)
    part_time = np.full(size, "Part-Time", dtype=object)
    ended = np.full(size, "Terminated", dtype=object)
    nothing = np.full(size, None, dtype=object)
    rows = [
        (0, start, nothing, force.hired, force["hire_recorded"]),
        (1, part_time, nothing, force["part_time"], force["part_time"]),
        (2, ended, force["termination_type"], force.leaves, force["leave_recorded"]),
    ]
    parts = []
    for number, status, kind, dated, recorded in rows:
        columns = {
            "row_id": force["employee_id"] * 10 + number,
            "employee_id": force["employee_id"],
            "date": days(dated),
            "employment_status": status,
            "termination_type": kind,
            "recorded_at": recorded,
        }
        parts.append({name: values[recorded < NEVER] for name, values in columns.items()})
    columns = _joined(parts)
    return columns, columns["recorded_at"]


def _joined(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
