"""People of a company, one more than a page holds."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd
from frames import frame

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
EMPLOYEES = {
    "employee_id": "int", "first_name": "str", "last_name": "str", "work_email": "str",
    "hire_date": "str", "termination_date": "str", "deleted": "bool", "updated_at": "time",
}  # fmt: skip


def employee(number: int, **other: Any) -> dict[str, Any]:
    return {
        "employee_id": number, "first_name": f"First{number}", "last_name": "Łoś",
        "work_email": f"e{number}@example.org", "hire_date": "2020-01-01", "deleted": False,
        "updated_at": START, **other,
    }  # fmt: skip


def tables(employees: list[dict[str, Any]] | None = None) -> dict[str, pd.DataFrame]:
    """Return the vendor's tables; without any other they hold 51 people."""
    return {"employees": frame(EMPLOYEES, employees or [employee(n) for n in range(1, 52)])}
