"""A warehouse that holds nothing but what people wrote."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
CONTRACT = ROOT / "dbt_project" / "models" / "contracts" / "feedback_turns.yml"
EXPECTED = ("bg", "de", "en", "es", "fr", "it", "pl", "pt")


def columns() -> str:
    model = yaml.safe_load(CONTRACT.read_text())["models"][0]
    return ", ".join(f"{column['name']} {column['data_type']}" for column in model["columns"])


def write(db: duckdb.DuckDBPyConnection, *turns: dict[str, Any]) -> None:
    for turn in turns:
        row = {"source": "support", "source_record_id": turn["turn_id"], **turn}
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        db.execute(f"delete from contracts.feedback_turns where turn_id = '{turn['turn_id']}'")
        db.execute(
            f"insert into contracts.feedback_turns ({names}) values ({marks})", [*row.values()]
        )


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as db:
        db.execute(f"create schema contracts; create table contracts.feedback_turns ({columns()})")
    return file


@pytest.fixture
def said(warehouse: Path) -> Callable[..., None]:
    """Write turns as turn_id=body."""

    def say(**bodies: str | None) -> None:
        with duckdb.connect(str(warehouse)) as db:
            write(db, *({"turn_id": key, "body": body} for key, body in bodies.items()))

    return say


@pytest.fixture
def rows(warehouse: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    def ask(query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(warehouse)) as db:
            return db.execute(query).fetchall()

    return ask
