"""A warehouse that holds nothing but what people wrote."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks.contract_world import contracts, create
from labelling import label as labelling
from orchestration.redaction import READS
from privacy.redaction import redact

EXPECTED = ("bg", "de", "en", "es", "fr", "it", "pl", "pt")


def empty(db: duckdb.DuckDBPyConnection) -> None:
    """Make the contracts that redaction reads, and who is who, without a row."""
    db.execute("create schema contracts; create schema identity")
    known = contracts()
    for contract in READS:
        create(db, contract, known[contract])
    db.execute("create table identity.account_persons (account_id varchar, person_id varchar)")


def label(warehouse: Path, expected: Sequence[str], labellers: Any = None) -> dict[str, int]:
    """Redact, then label, as a run does."""
    redact(warehouse, expected)
    return labelling.label(warehouse, labellers)


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
        empty(db)
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
