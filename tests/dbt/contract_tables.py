"""Input contracts as empty typed tables, made from their YAML and filled with plain rows."""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow

from benchmarks.contract_world import PROJECT, contracts, create

Row = dict[str, Any]
__all__ = ["KEYS", "PROJECT", "complete", "contracts", "create", "fill", "golden"]
# The column that tells the records of a contract apart, of those that are filled here.
# In which people write to the organisation of the golden set.
LANGUAGES = ("de", "en")
KEYS = {
    "organisations": "organisation_id",
    "person_observations": "account_id",
    "membership_evidence": "evidence_id",
    "employments": "employment_id",
    "survey_answers": "answer_id",
    "survey_invitations": "invitation_id",
    "tickets": "ticket_id",
    "ticket_events": "ticket_event_id",
    "orders": "order_id",
    "touchpoints": "touchpoint_id",
    "feedback_turns": "turn_id",
    "stage_events": "stage_event_id",
    "work_events": "work_event_id",
    "audience_counts": "count_id",
    "feedback_labels": "label_id",
    "activities": "activity_id",
}
GOLDEN = Path(__file__).parent / "golden"
READ = {
    "string": str,
    "bigint": int,
    "double": float,
    "boolean": lambda text: text == "true",
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
}


def golden(contract: str, columns: dict[str, str]) -> list[Row]:
    """Return the rows of a golden file; `times` repeats a row with {n} counting from 1."""
    file = GOLDEN / f"{contract}.csv"
    if not file.exists():
        return []
    rows: list[Row] = []
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            times = int(row.pop("times", None) or 1)
            for n in range(1, times + 1):
                cells = {k: v.replace("{n}", str(n)) for k, v in row.items() if v}
                rows.append({k: READ[columns[k]](v) for k, v in cells.items()})
    return rows


def complete(rows: list[Row], columns: dict[str, str], key: str) -> list[Row]:
    """Return the rows with every column of the contract, None where nothing is given."""
    return [{**dict.fromkeys(columns), "source_record_id": row[key], **row} for row in rows]


def fill(db: duckdb.DuckDBPyConnection, contract: str, rows: list[Row]) -> None:
    if rows:
        delivered = pyarrow.Table.from_pylist(rows)  # noqa: F841 - DuckDB reads it by name
        db.execute(f"insert into contracts.{contract} by name from delivered")
