"""Who is who, on a real DuckDB file."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import duckdb
import pytest

from identity import normalise, resolve

COLUMNS = (
    "source varchar, account_id varchar, email varchar, phone varchar, employee_number varchar, "
    "member_number varchar, external_id varchar, merged_into_account_id varchar, country varchar, "
    "language varchar, birth_date date, is_deleted boolean, is_test boolean, "
    "created_at timestamp, updated_at timestamp"
)


class House:
    """A warehouse with accounts, and ids minted in order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ids: Iterator[str] = (f"person{n}" for n in count(1))
        self.day = count(1)
        self._run(
            f"create schema contracts; create table contracts.person_observations ({COLUMNS})"
        )

    def _run(self, sql: str, values: list[object] | None = None) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.path)) as db:
            return db.execute(sql, values or []).fetchall()

    def add(self, account: str, **facts: object) -> None:
        facts = {"source": account.split(":")[0], "account_id": account, **facts}
        names, marks = ", ".join(facts), ", ".join("?" * len(facts))
        self._run(
            f"insert into contracts.person_observations ({names}) values ({marks})",
            list(facts.values()),
        )

    def change(self, account: str, **facts: object) -> None:
        for name, value in facts.items():
            self._run(
                f"update contracts.person_observations set {name} = ? where account_id = ?",
                [value, account],
            )

    def resolve(self) -> dict[str, int | float]:
        return resolve(self.path, datetime(2026, 6, next(self.day)), self.ids)

    def persons(self) -> dict[object, object]:
        return dict(self._run("select account_id, person_id from identity.account_persons"))  # type: ignore[arg-type]

    def groups(self) -> set[frozenset[object]]:
        by_person: dict[object, set[object]] = {}
        for account, person in self.persons().items():
            by_person.setdefault(person, set()).add(account)
        return {frozenset(group) for group in by_person.values()}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "warehouse.duckdb")


def test_accounts_meet_over_email_phone_and_number_however_typed(house: House) -> None:
    house.add("crm:1", email="Ana.Ruiz@Example.org ", country="DE")
    house.add("support:1", email="ana.ruiz@example.ORG", phone="030 123456", country="DE")
    house.add("survey:1", phone="+49 30 123456")
    house.add("hr:1", employee_number="E7", email="ana@work.example")
    house.add("support:2", employee_number="E7")
    house.add("crm:2", email="someone.else@example.org")
    house.resolve()

    assert house.groups() == {
        frozenset({"crm:1", "support:1", "survey:1"}),
        frozenset({"hr:1", "support:2"}),
        frozenset({"crm:2"}),
    }


def test_ids_stay_when_everything_is_resolved_again(house: House) -> None:
    house.add("crm:1", email="a@example.org")
    house.add("crm:2", email="b@example.org")
    house.resolve()
    first = house.persons()

    figures = house.resolve()

    assert house.persons() == first
    assert (figures["minted"], figures["moved"]) == (0, 0)


def test_when_two_persons_turn_out_one_the_older_id_lives(house: House) -> None:
    house.add("crm:1", email="a@example.org")
    house.add("crm:2", email="b@example.org")
    house.resolve()
    house.add("support:1", email="b@example.org", phone="+4930123456")
    house.change("crm:1", phone="+4930123456")
    house.resolve()

    assert set(house.persons().values()) == {"person1"}
    assert house._run(
        "select merged_into from identity.person_ids where person_id = 'person2'"
    ) == [("person1",)]


def test_a_split_leaves_the_id_with_the_smallest_account(house: House) -> None:
    house.add("crm:1", email="a@example.org")
    house.add("support:1", email="a@example.org")
    house.resolve()
    house.change("support:1", email="other@example.org")
    house.resolve()

    assert house.persons() == {"crm:1": "person1", "support:1": "person2"}
    history = house._run(
        "select person_id, valid_to is null from identity.bindings "
        "where account_id = 'support:1' order by valid_from"
    )
    assert history == [("person1", False), ("person2", True)]


def test_a_value_that_too_many_share_joins_nobody(house: House) -> None:
    for n in range(7):
        house.add(f"crm:{n}", email="household@example.org")
    house.resolve()

    assert len(house.groups()) == 7
    assert house._run("select kind, accounts, reason from identity.contested_values") == [
        ("email", 7, "too many accounts")
    ]


def test_contradicting_employee_numbers_are_never_joined_by_a_mailbox(house: House) -> None:
    house.add("hr:1", employee_number="E1", email="team@example.org")
    house.add("hr:2", employee_number="E2", email="desk7@example.org")
    house.add("support:1", email="desk7@example.org", employee_number="E1")
    house.resolve()

    assert frozenset({"hr:1", "support:1"}) in house.groups()
    assert frozenset({"hr:2"}) in house.groups()


def test_a_merge_at_the_source_and_a_key_of_another_system_join(house: House) -> None:
    house.add("hubspot:1")
    house.add("hubspot:2", merged_into_account_id="hubspot:1")
    house.add("zendesk:9", external_id="1")
    house.resolve()

    assert house.groups() == {frozenset({"hubspot:1", "hubspot:2", "zendesk:9"})}


def test_a_key_that_two_systems_know_points_to_the_likelier_one(house: House) -> None:
    house.add("zendesk:7", external_id="1001")
    house.add("hubspot:1001")
    house.add("bamboohr:1001")
    house.resolve()
    assert house.groups() == {
        frozenset({"zendesk:7", "hubspot:1001"}),
        frozenset({"bamboohr:1001"}),
    }


def test_attributes_come_from_undated_accounts_too(house: House) -> None:
    house.add("files:1", email="ann@x.org", country="PL", language="pl")
    house.add("hubspot:1", email="ann@x.org", country="DE", updated_at=datetime(2026, 1, 1))
    house.resolve()
    assert house._run("select country, language from identity.persons") == [("DE", "pl")]


def test_a_long_chain_ends_and_is_one_person(house: House) -> None:
    for n in range(60):
        house.add(f"crm:{n:03}", email=f"{n}@example.org", phone=f"+49301000{n:03}")
        house.add(f"support:{n:03}", email=f"{n}@example.org", phone=f"+49301000{n + 1:03}")
    house.resolve()

    assert len(house.groups()) == 1


def test_accounts_without_any_identifier_are_persons_of_their_own(house: House) -> None:
    house.add("files:1")
    house.add("files:2")

    assert house.resolve()["persons"] == 2


def test_an_empty_house_has_nobody(house: House) -> None:
    assert house.resolve()["persons"] == 0


@pytest.mark.parametrize(
    "value", ["", " ", "null", "-1", "N/A", "not an address", "info@example.org", "x" * 10_000]
)
def test_what_identifies_nobody_is_no_email(value: str) -> None:
    assert normalise.email(value) is None


@pytest.mark.parametrize(("typed", "country"), [("12", "DE"), ("phone", "DE"), ("030 1", None)])
def test_what_can_not_be_dialled_is_no_phone(typed: str, country: str | None) -> None:
    assert normalise.phone(typed, country) is None
