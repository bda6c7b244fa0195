"""A warehouse with accounts and companies, on a real DuckDB file."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import duckdb
import pytest

from identity import resolve

PEOPLE = (
    "source varchar, account_id varchar, first_name varchar, last_name varchar, full_name varchar, "
    "email varchar, phone varchar, employee_number varchar, member_number varchar, "
    "external_id varchar, merged_into_account_id varchar, organisation_id varchar, "
    "country varchar, language varchar, birth_date date, is_deleted boolean, is_test boolean, "
    "created_at timestamp, updated_at timestamp"
)
COMPANIES = (
    "source varchar, organisation_id varchar, name varchar, domain varchar, "
    "organisation_kind varchar, registration_number varchar, country varchar, "
    "merged_into_organisation_id varchar, is_deleted boolean, created_at timestamp, "
    "updated_at timestamp"
)


class House:
    """A warehouse whose ids are minted in order and whose days follow one another."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ids: Iterator[str] = (f"person{n}" for n in count(1))
        self.day = count(1)
        # Kept open, for opening a file takes longer than what is done to it here.
        self.db = duckdb.connect(str(path))
        self.run(
            f"create schema contracts; create table contracts.person_observations ({PEOPLE}); "
            f"create table contracts.organisations ({COMPANIES})"
        )

    def run(self, sql: str, values: list[object] | None = None) -> list[tuple[object, ...]]:
        return self.db.execute(sql, values or []).fetchall()

    def add(self, account: str, **facts: object) -> None:
        self._insert("person_observations", {"account_id": account, **facts}, account)

    def company(self, organisation: str, **facts: object) -> None:
        self._insert("organisations", {"organisation_id": organisation, **facts}, organisation)

    def _insert(self, table: str, facts: dict[str, object], key: str) -> None:
        facts = {"source": key.split(":")[0], **facts}
        names, marks = ", ".join(facts), ", ".join("?" * len(facts))
        self.run(f"insert into contracts.{table} ({names}) values ({marks})", list(facts.values()))

    def change(self, account: str, **facts: object) -> None:
        for name, value in facts.items():
            self.run(
                f"update contracts.person_observations set {name} = ? where account_id = ?",
                [value, account],
            )

    def remove(self, account: str) -> None:
        self.run("delete from contracts.person_observations where account_id = ?", [account])

    def resolve(self) -> dict[str, int | float]:
        return resolve(self.path, datetime(2026, 1, 1).replace(day=next(self.day)), self.ids)

    def persons(self) -> dict[object, object]:
        return dict(self.run("select account_id, person_id from identity.account_persons"))  # type: ignore[arg-type]

    def groups(self) -> set[frozenset[object]]:
        by_person: dict[object, set[object]] = {}
        for account, person in self.persons().items():
            by_person.setdefault(person, set()).add(account)
        return {frozenset(group) for group in by_person.values()}

    def contested(self) -> set[tuple[object, ...]]:
        return set(self.run("select kind, accounts, reason from identity.contested_values"))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "warehouse.duckdb")


@pytest.fixture
def another(tmp_path: Path) -> House:
    return House(tmp_path / "another.duckdb")
