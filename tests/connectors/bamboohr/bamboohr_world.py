"""A small company by hand, in the columns of the world's tables."""

from typing import Any

import pandas as pd
from frames import frame

KINDS = {
    "employees": {
        "employee_id": "int",
        **dict.fromkeys(
            (
                "person_uid",
                "employee_number",
                "first_name",
                "last_name",
                "work_email",
                "personal_email",
                "mobile_phone",
                "hire_date",
                "termination_date",
                "status",
                "department",
                "division",
                "job_title",
                "location",
            ),
            "str",
        ),
        "supervisor_id": "Int",
        "updated_at": "time",
        "deleted": "bool",
    },
    "employee_jobs": {
        **dict.fromkeys(("row_id", "employee_id"), "int"),
        **dict.fromkeys(("date", "department", "division", "job_title", "location"), "str"),
        "reports_to": "Int",
        "recorded_at": "time",
    },
    "employee_statuses": {
        **dict.fromkeys(("row_id", "employee_id"), "int"),
        **dict.fromkeys(("date", "employment_status", "termination_type"), "str"),
        "recorded_at": "time",
    },
}


def employee(number: int, updated: str = "2026-01-10T09:00:00Z", **more: Any) -> dict[str, Any]:
    return {
        "employee_id": number,
        "employee_number": f"E{number}",
        "first_name": "Zoë",
        "last_name": f"Núñez {number}",
        "work_email": f"e{number}@work.example",
        "personal_email": f"private{number}@home.example",
        "mobile_phone": "+34600000000",
        "hire_date": "2026-01-01",
        "status": "Active",
        "department": "Care",
        "division": "Service",
        "job_title": "Agent",
        "location": "Lyon",
        "supervisor_id": None if number == 101 else 101,
        "updated_at": updated,
        "deleted": False,
        **more,
    }


def job(row_id: int, number: int, date: str, recorded: str, **more: Any) -> dict[str, Any]:
    return {
        "row_id": row_id,
        "employee_id": number,
        "date": date,
        "department": "Care",
        "division": "Service",
        "job_title": "Agent",
        "location": "Lyon",
        "reports_to": None if number == 101 else 101,
        "recorded_at": recorded,
        **more,
    }


def status(row_id: int, number: int, date: str, kind: str, recorded: str) -> dict[str, Any]:
    leaving = "Voluntary" if kind == "Terminated" else None
    return {
        "row_id": row_id,
        "employee_id": number,
        "date": date,
        "employment_status": kind,
        "termination_type": leaving,
        "recorded_at": recorded,
    }


def records() -> dict[str, list[dict[str, Any]]]:
    """Return a company of three, one of whom leaves in the future."""
    hired, early = "2026-01-01", "2026-01-10T09:00:00Z"
    return {
        "employees": [
            employee(101, termination_date="0000-00-00"),
            employee(102),
            employee(103, work_email=None, termination_date="2026-09-01"),
        ],
        "employee_jobs": [
            job(10, 101, hired, early, job_title="Head of Care"),
            job(20, 102, hired, early, department="Sales"),
            job(21, 102, hired, "2026-02-01T10:00:00Z"),
            job(30, 103, hired, early),
        ],
        "employee_statuses": [
            *(status(number, number, hired, "Full-Time", early) for number in (101, 102, 103)),
            status(1030, 103, "2026-09-01", "Terminated", "2026-06-29T08:00:00Z"),
        ],
    }


def frames_of(told: dict[str, list[dict[str, Any]]]) -> dict[str, pd.DataFrame]:
    return {name: frame(kinds, told[name]) for name, kinds in KINDS.items()}


def tables() -> dict[str, pd.DataFrame]:
    return frames_of(records())


class Company:
    """What the emulator shows, and can be told to show next."""

    def __init__(self) -> None:
        self.told = records()
        self.frames = frames_of(self.told)

    def __call__(self) -> dict[str, pd.DataFrame]:
        return self.frames

    def tell(self, table: str, key: str, *more: dict[str, Any]) -> None:
        """Add records, in place of those with the same key."""
        new = {record[key] for record in more}
        kept = [record for record in self.told[table] if record[key] not in new]
        self.told[table] = [*kept, *more]
        self.frames = frames_of(self.told)
