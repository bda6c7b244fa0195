"""Who is who, on a real DuckDB file."""

from datetime import datetime

import pytest

from identity import normalise
from tests.unit.identity.conftest import House


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
    assert house.run("select merged_into from identity.person_ids where person_id = 'person2'") == [
        ("person1",)
    ]


def test_a_split_leaves_the_id_with_the_smallest_account(house: House) -> None:
    house.add("crm:1", email="a@example.org")
    house.add("support:1", email="a@example.org")
    house.resolve()
    house.change("support:1", email="other@example.org")
    house.resolve()

    assert house.persons() == {"crm:1": "person1", "support:1": "person2"}
    history = house.run(
        "select person_id, valid_to is null from identity.person_bindings "
        "where account_id = 'support:1' order by valid_from"
    )
    assert history == [("person1", False), ("person2", True)]


def test_a_value_that_too_many_share_joins_nobody(house: House) -> None:
    for n in range(21):
        house.add(f"crm:{n}", email="everybody@example.org")
    house.resolve()

    assert len(house.groups()) == 21
    assert house.contested() == {("email", 21, "too many accounts")}


def test_a_shared_mailbox_joins_those_whose_names_agree_and_nobody_without_a_name(
    house: House,
) -> None:
    house.add("crm:1", email="the.ruiz@example.org", first_name="Ana", last_name="Ruiz")
    house.add("support:1", email="the.ruiz@example.org", full_name="Anna Ruiz")
    house.add("crm:2", email="the.ruiz@example.org", first_name="Luis", last_name="Ruiz")
    house.add("files:2", email="the.ruiz@example.org", full_name="Ruiz, Luis")
    house.add("survey:3", email="the.ruiz@example.org")
    house.resolve()

    assert house.groups() == {
        frozenset({"crm:1", "support:1"}),
        frozenset({"crm:2", "files:2"}),
        frozenset({"survey:3"}),
    }
    assert house.contested() == {("email", 5, "names disagree")}


def test_twins_of_one_mailbox_are_told_apart_by_name_and_father_and_son_by_birth(
    house: House,
) -> None:
    house.add("crm:1", email="x@example.org", first_name="Eva", birth_date="1990-05-05")
    house.add("crm:2", email="x@example.org", first_name="Iris", birth_date="1990-05-05")
    house.add("crm:3", phone="+4930123456", first_name="Karl", birth_date="1950-01-02")
    house.add("crm:4", phone="+4930123456", first_name="Karl", birth_date="1981-11-23")
    house.resolve()

    assert len(house.groups()) == 4


def test_names_of_other_scripts_and_accents_agree(house: House) -> None:
    house.add("crm:1", phone="+35988346262", first_name="Любомир", last_name="Русев")
    house.add("support:1", phone="+35988346262", full_name="Lyubomir Rusev")
    house.resolve()

    assert len(house.groups()) == 1


def test_the_same_name_and_birth_date_or_organisation_are_enough(house: House) -> None:
    house.add("crm:1", first_name="Ana", last_name="Müller", birth_date="1970-02-03")
    house.add("files:1", full_name="Muller, Ana", birth_date="1970-02-03")
    house.company("crm:o1", name="Acme", domain="acme.example", country="DE")
    house.company("support:o1", name="ACME GmbH", country="DE")
    house.company("crm:o2", name="Other", domain="other.example", country="DE")
    house.add("crm:2", first_name="Bo", last_name="Ek", organisation_id="crm:o1")
    house.add("support:2", full_name="Bo Ek", organisation_id="support:o1")
    house.add("survey:2", full_name="Bo Ek", email="bo@acme.example")
    house.add("crm:4", first_name="Bo", last_name="Ek", organisation_id="crm:o2")
    house.resolve()

    assert house.groups() == {
        frozenset({"crm:1", "files:1"}),
        frozenset({"crm:2", "support:2", "survey:2"}),
        frozenset({"crm:4"}),
    }


def test_in_a_large_organisation_a_name_is_not_enough(house: House) -> None:
    house.company("crm:o1", name="Acme", country="DE")
    for n in range(101):
        house.add(f"crm:{n}", first_name="Bo", last_name=f"Ek{n % 60}", organisation_id="crm:o1")
    house.resolve()

    assert len(house.groups()) == 101


def test_companies_meet_over_number_domain_and_name_and_split_where_numbers_contradict(
    house: House,
) -> None:
    house.company("crm:1", name="Müller Sports GmbH", domain="https://www.mueller.example/shop")
    house.company("support:1", domain="mueller.example", name="Mueller", country="DE")
    house.company("crm:2", name="Alfa, S.p.A.", country="IT", domain="gmail.com")
    house.company("files:2", name="ALFA", country="it", registration_number="IT 123")
    house.company("files:3", name="Alfa", country="FR", registration_number="FR-9")
    house.company("crm:4", domain="group.example", registration_number="1", country="DE")
    house.company("files:4", domain="group.example", registration_number="2", country="DE")
    house.resolve()
    groups: dict[object, set[object]] = {}
    for account, company in house.run(
        "select account_id, organisation_id from identity.account_organisations"
    ):
        groups.setdefault(company, set()).add(account)

    assert sorted(map(sorted, groups.values())) == [
        ["crm:1", "support:1"], ["crm:2", "files:2"], ["crm:4"], ["files:3"], ["files:4"],
    ]  # fmt: skip
    names = house.run("select name from identity.organisations where accounts = 2 order by 1")
    assert len(names) == 2


def test_a_company_is_described_by_what_its_accounts_said_last(house: House) -> None:
    house.company(
        "crm:1", registration_number="7", name="Alfa Ltd", country="IT", is_deleted=True,
        created_at="2024-02-01", updated_at="2025-05-01",
    )  # fmt: skip
    house.company(
        "files:1", registration_number="7", country="IT", name="Alfa", domain="alfa.example",
        organisation_kind="dealer", is_deleted=False,
        created_at="2023-01-01", updated_at="2024-01-01",
    )  # fmt: skip
    house.company("files:2", registration_number="7", country="IT", name="ALFA")
    house.company("crm:4", name="Alone", is_deleted=True, created_at="2025-03-01")
    house.resolve()

    assert house.run(
        """
        select name, domain, organisation_kind, country, accounts, sources, is_deleted,
            cast(first_seen_at as date)::varchar
        from identity.organisations order by name
        """
    ) == [
        ("Alfa Ltd", "alfa.example", "dealer", "IT", 3, 2, False, "2023-01-01"),
        ("Alone", None, None, None, 1, 1, True, "2025-03-01"),
    ]


def test_a_chain_between_two_employee_numbers_loses_its_weakest_links(house: House) -> None:
    house.add("hr:1", employee_number="E1", email="a@example.org")
    house.add("crm:1", email="a@example.org", phone="+4930123456")
    house.add("support:2", phone="+4930123456", email="b@example.org")
    house.add("hr:2", employee_number="E2", email="b@example.org")
    house.resolve()

    assert house.groups() == {frozenset({"hr:1", "crm:1"}), frozenset({"support:2", "hr:2"})}


def test_nobody_gets_larger_than_a_person_can_be(house: House) -> None:
    for n in range(40):
        house.add(f"crm:{n:02}", email=f"{n}@example.org", phone=f"+493010000{n:02}")
        house.add(f"support:{n:02}", email=f"{n}@example.org", phone=f"+493010000{n + 1:02}")
    figures = house.resolve()

    assert figures["largest_person"] == 2
    assert len(house.groups()) == 40


def test_a_million_rows_with_one_value_end_soon_and_as_nobody(house: House) -> None:
    house.run(
        "insert into contracts.person_observations (source, account_id, email, phone, first_name) "
        "select 'crm', 'crm:' || i, 'reception.desk@example.org', '+4930123456', repeat('x', 10000)"
        " from range(20_000) as t(i)"
    )
    assert house.resolve()["persons"] == 20_000
    assert house.contested() == {
        ("email", 20_000, "too many accounts"),
        ("phone", 20_000, "too many accounts"),
    }


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


def test_a_key_that_two_systems_know_means_the_system_that_is_usually_meant(house: House) -> None:
    house.add("zendesk:6", external_id="1000")
    house.add("hubspot:1000")
    house.add("zendesk:7", external_id="1001")
    house.add("hubspot:1001")
    house.add("bamboohr:1001")
    house.resolve()
    assert frozenset({"zendesk:7", "hubspot:1001"}) in house.groups()
    assert frozenset({"bamboohr:1001"}) in house.groups()


def test_attributes_come_from_undated_accounts_too(house: House) -> None:
    house.add("files:1", email="ann@x.org", country="PL", language="pl")
    house.add("hubspot:1", email="ann@x.org", country="DE", updated_at=datetime(2026, 1, 1))
    house.resolve()
    assert house.run("select country, language from identity.persons") == [("DE", "pl")]


def test_what_describes_a_person_follows_a_later_run(house: House) -> None:
    house.add("crm:1", email="a@example.org", language="de", is_deleted=False)
    house.add("crm:2", email="b@example.org", language="fr", is_deleted=False)
    house.resolve()
    house.change("crm:1", language="pl", is_deleted=True, updated_at=datetime(2026, 2, 1))
    house.resolve()
    described = "select language, is_deleted, accounts from identity.persons order by all"
    assert house.run(described) == [("fr", False, 1), ("pl", True, 1)]

    house.change("crm:2", email="a@example.org")
    house.resolve()
    assert house.run(described) == [("pl", False, 2)]


def test_contacts_are_those_of_the_account_that_changed_last_and_lives(house: House) -> None:
    house.add("crm:1", email="a@example.org", first_name="Ann", last_name="Lee",
              phone="+4930123456", updated_at=datetime(2026, 1, 1))  # fmt: skip
    house.add("shop:1", email="new@example.org", phone="+4930123456", full_name="Ann M. Lee",
              updated_at=datetime(2026, 2, 1))  # fmt: skip
    house.add("survey:1", email="a@example.org", updated_at=datetime(2026, 3, 1), is_deleted=True)
    house.add("crm:2", email="b@example.org")
    house.resolve()
    reached = "select display_name, email, phone from identity.contacts order by email"
    assert house.run(reached) == [
        (None, "b@example.org", None),
        ("Ann M. Lee", "new@example.org", "+4930123456"),
    ]

    house.change("shop:1", is_deleted=True)
    house.change("crm:2", is_deleted=True)
    house.resolve()
    assert house.run(reached) == [("Ann Lee", "a@example.org", "+4930123456")]


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
