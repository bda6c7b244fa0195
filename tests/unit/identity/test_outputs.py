"""What identity counts for others, without a value of anybody."""

import duckdb

from identity import review
from tests.unit.identity.conftest import House


def test_how_many_persons_share_a_value_is_counted_by_kind(house: House) -> None:
    house.add("crm:1", email="ann@x.org", phone="+49301234567", first_name="Ann", last_name="Lee")
    house.add("web:1", email="ann@x.org", first_name="Ann", last_name="Lee")
    house.add("web:2", phone="+49301234567", first_name="Ben", last_name="Lee")
    house.add("web:3", email="cem@x.org")
    house.resolve()

    assert house.run("from identity.identifier_quality order by kind") == [
        ("email", 2, 1, 1.0, 1),
        ("phone", 1, 1, 2.0, 2),
    ]


def test_as_many_reviews_are_open_as_the_queue_shows(house: House) -> None:
    house.add("crm:1", email="desk@x.org", employee_number="E-1")
    house.add("crm:2", email="desk@x.org", employee_number="E-2")
    house.resolve()

    with duckdb.connect(str(house.path)) as db:
        _, waiting = review.cases(db, 10)
    assert house.run("select sum(cases) from identity.open_reviews") == [(waiting,)] == [(1,)]


def test_runs_that_changed_something_are_numbered(house: House) -> None:
    house.add("crm:1", email="ann@x.org")
    house.resolve()
    house.resolve()
    house.add("web:1", email="ben@x.org")
    house.resolve()

    assert house.run("select number, accounts, minted, moved from identity.churn") == [
        (1, 1, 1, 0),
        (2, 2, 1, 0),
    ]


def test_a_person_who_is_written_anew_is_there_once(house: House) -> None:
    house.add("crm:1", email="ann@x.org", first_name="Ann", last_name="Lee")
    house.resolve()
    house.add("web:1", email="ann@x.org", first_name="Ann", last_name="Lee")
    house.resolve()

    assert house.run("select accounts from identity.persons") == [(2,)]
    assert house.run("select display_name, email from identity.contacts") == [
        ("Ann Lee", "ann@x.org")
    ]
