"""What is worked out in steps is what is worked out at once, in whatever order it arrives."""

import random
from datetime import datetime

import duckdb
import pytest

from identity import journal
from identity.rules import LARGEST_ORGANISATION
from identity.subjects import PERSON
from tests.unit.identity.conftest import House

AT = datetime(2026, 1, 1)
# What must be the same whatever the steps; who got which id, and when, may differ.
TOLD = (
    "select account_id, other_account_id, kind, value from identity.person_links order by all",
    "select account_id, evidence from identity.account_persons order by all",
    "select * exclude (person_id) from identity.persons order by all",
    "select * exclude (person_id) from identity.contacts order by all",
    "from identity.identifier_quality order by all",
)
GIVEN = ["Ana", "Anna", "Luis", "Eva", "Jörg", None]


def decide(house: House, action: str, *pairs: tuple[str, str]) -> int:
    with duckdb.connect(str(house.path)) as db:
        decided = [(action, one, other) for one, other in pairs]
        return journal.decide(db, PERSON, decided, "operator", AT, "seen")


def undo(house: House, number: int) -> int:
    with duckdb.connect(str(house.path)) as db:
        return journal.undo(db, number, "operator", AT, "seen again")


def account(dice: random.Random) -> dict[str, object]:
    """A person of few: accounts meet, disagree and contradict all the time."""
    return {
        "first_name": dice.choice(GIVEN),
        "last_name": dice.choice(["Ruiz", "Ek", None]),
        "email": dice.choice([None, *(f"{n}@example.org" for n in range(12))]),
        "phone": dice.choice([None, None, *(f"+4930123{n:03}" for n in range(12))]),
        "employee_number": dice.choice([None] * 8 + ["E1", "E2", "E3"]),
        "birth_date": dice.choice([None, "1990-05-05", "1961-11-30"]),
        "external_id": dice.choice([None] * 4 + [str(n) for n in range(30)]),
    }


def step(house: House, dice: random.Random, known: dict[str, dict[str, object]]) -> None:
    """Add some accounts, change some and remove some."""
    for _ in range(dice.randint(1, 8)):
        key = f"{dice.choice(['crm', 'support', 'hr'])}:{dice.randint(0, 29)}"
        facts = account(dice)
        if key in known and dice.random() < 0.3:
            house.remove(key)
            del known[key]
        elif key in known:
            house.change(key, **facts)
            known[key] = facts
        else:
            house.add(key, **facts)
            known[key] = facts


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(4, 8))]
)
def test_in_steps_it_comes_to_the_same_as_at_once(seed: int, house: House, another: House) -> None:
    dice = random.Random(seed)
    known: dict[str, dict[str, object]] = {}
    for _ in range(6):
        step(house, dice, known)
        house.resolve()
        decidable = sorted(known)
        if len(decidable) > 4 and dice.random() < 0.7:
            pair = dice.sample(decidable, 2)
            try:
                decide(house, dice.choice(["merge", "detach"]), (pair[0], pair[1]))
            except journal.Contradiction:
                continue
    house.resolve()

    for key, facts in sorted(known.items(), key=lambda item: dice.random()):
        another.add(key, **facts)
    another.resolve()
    decisions = house.run("select * from identity.decisions")
    for row in decisions:
        marks = ", ".join("?" * len(row))
        another.run(f"insert into identity.decisions values ({marks})", list(row))
    another.resolve()

    assert house.groups() == another.groups()
    assert house.contested() == another.contested()
    for told in TOLD:
        assert house.run(told) == another.run(told)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_history_has_no_overlap_and_every_id_ever_given_resolves(seed: int, house: House) -> None:
    dice = random.Random(100 + seed)
    known: dict[str, dict[str, object]] = {}
    for _ in range(8):
        step(house, dice, known)
        house.resolve()

    current = house.run(
        "select account_id, person_id, evidence, valid_from from identity.person_bindings "
        "where valid_to is null order by 1"
    )
    assert [row[0] for row in current] == sorted(known)
    assert current == house.run("from identity.account_persons order by 1")
    assert not house.run(
        "select 1 from identity.person_bindings as a inner join identity.person_bindings as b "
        "on a.account_id = b.account_id and a.rowid <> b.rowid and a.valid_from <= b.valid_from "
        "and coalesce(a.valid_to, timestamp '9999-01-01') > b.valid_from"
    )
    living = "select person_id from identity.person_ids where merged_into is null"
    assert not house.run(
        "select 1 from identity.person_bindings where valid_to is null "
        f"and person_id not in ({living})"
    )
    assert not house.run(
        "select 1 from identity.person_ids where merged_into is not null "
        "and merged_into not in (select person_id from identity.person_ids)"
    )


def test_new_rules_change_no_id(house: House) -> None:
    dice, known = random.Random(7), dict[str, dict[str, object]]()
    for _ in range(4):
        step(house, dice, known)
    house.resolve()
    before = house.persons()
    house.run("update identity.rules_applied set fingerprint = 'of former rules'")

    figures = house.resolve()

    assert house.persons() == before
    assert (figures["minted"], figures["moved"], figures["merged"]) == (0, 0, 0)


def test_an_account_that_was_away_comes_back_as_who_it_was(house: House) -> None:
    house.add("crm:1", email="a@example.org")
    house.add("crm:2", email="b@example.org")
    house.resolve()
    before = house.persons()
    house.remove("crm:2")
    house.resolve()
    house.add("crm:2", email="b@example.org")
    house.resolve()

    assert house.persons() == before


def test_a_key_that_comes_before_the_account_it_means_links_when_that_arrives(
    house: House,
) -> None:
    house.add("zendesk:9", external_id="1")
    house.resolve()
    house.add("hubspot:1")
    house.resolve()
    assert len(house.groups()) == 1

    house.remove("hubspot:1")
    house.resolve()
    assert house.groups() == {frozenset({"zendesk:9"})}


def test_who_did_not_change_is_parted_where_the_organisation_grew_too_large(house: House) -> None:
    house.company("crm:o1", name="Acme", country="DE")
    for n in (1, 2):
        house.add(f"crm:{n}", first_name="Bo", last_name="Ek", organisation_id="crm:o1")
    house.resolve()
    assert house.groups() == {frozenset({"crm:1", "crm:2"})}

    for n in range(3, 3 + LARGEST_ORGANISATION):
        house.add(f"crm:{n}", first_name="Bo", last_name=f"Ek{n}", organisation_id="crm:o1")
    house.resolve()
    assert len(house.groups()) == LARGEST_ORGANISATION + 2


def test_a_small_change_reaches_only_the_group_it_touches(house: House) -> None:
    for n in range(50):
        house.add(f"crm:{n}", email=f"{n}@example.org")
        house.add(f"support:{n}", email=f"{n}@example.org")
    house.resolve()
    house.add("survey:1", email="7@example.org")
    figures = house.resolve()

    assert figures["reached"] == 3
    assert house.resolve()["reached"] == 0


def test_what_was_merged_and_detached_is_as_if_it_never_was(house: House) -> None:
    house.add("crm:1", email="a@example.org")
    house.add("crm:2", email="b@example.org")
    house.add("support:2", email="b@example.org")
    house.resolve()
    before = house.persons()

    number = decide(house, "merge", ("crm:1", "crm:2"))
    house.resolve()
    assert len(house.groups()) == 1
    decide(house, "detach", ("crm:1", "crm:2"))
    house.resolve()
    assert house.persons() == before

    undo(house, number)
    house.resolve()
    assert house.persons() == before


def test_the_rules_respect_what_was_decided(house: House) -> None:
    house.add("crm:1", email="a@example.org")
    house.add("crm:2", email="a@example.org")
    house.add("crm:3", email="c@example.org")
    house.resolve()
    number = decide(house, "detach", ("crm:1", "crm:2"))
    decide(house, "merge", ("crm:2", "crm:3"))
    house.resolve()
    house.add("support:1", email="a@example.org")
    house.resolve()

    assert frozenset({"crm:2", "crm:3"}) in house.groups()
    assert not any({"crm:1", "crm:2"} <= group for group in house.groups())

    undo(house, number)
    house.resolve()
    assert any({"crm:1", "crm:2"} <= group for group in house.groups())


def test_a_decision_that_contradicts_another_is_refused_with_both_named(house: House) -> None:
    for n in (1, 2, 3):
        house.add(f"crm:{n}")
    house.resolve()
    decide(house, "merge", ("crm:1", "crm:2"))
    decide(house, "merge", ("crm:2", "crm:3"))

    with pytest.raises(journal.Contradiction) as refused:
        decide(house, "detach", ("crm:1", "crm:3"))
    assert "2 (merge crm:2 and crm:3)" in str(refused.value)
    assert "3 (detach crm:1 and crm:3)" in str(refused.value)
    assert house.run("select max(number) from identity.decisions") == [(2,)]


def test_a_journal_that_contradicts_itself_stops_the_run(house: House) -> None:
    house.add("crm:1")
    house.add("crm:2")
    house.add("crm:3")
    house.resolve()
    rows = [(1, "merge", "crm:1", "crm:2"), (2, "merge", "crm:2", "crm:3"),
            (3, "reject", "crm:1", "crm:3")]  # fmt: skip
    for number, action, one, other in rows:
        house.run(
            "insert into identity.decisions values (?, ?, 'person', ?, ?, null, null, 'me', ?, '')",
            [number, action, one, other, AT],
        )
    before = house.persons()
    with pytest.raises(journal.Contradiction, match=r"2 .*3 "):
        house.resolve()
    assert house.persons() == before


def test_a_decision_on_an_unknown_account_says_how_accounts_are_named(house: House) -> None:
    house.add("crm:1")
    house.resolve()
    with pytest.raises(journal.IdentityError, match="there is no account crm:2"):
        decide(house, "merge", ("crm:1", "crm:2"))


def test_an_excluded_value_links_nobody_until_it_is_included_again(house: House) -> None:
    house.add("crm:1", phone="+4930123456")
    house.add("crm:2", phone="+4930123456")
    house.resolve()
    with duckdb.connect(str(house.path)) as db:
        number = journal.decide_value(
            db, PERSON, "exclude", "phone", "+4930123456", "operator", AT, "a switchboard"
        )
    house.resolve()
    assert len(house.groups()) == 2
    assert house.contested() == {("phone", 2, "excluded")}

    undo(house, number)
    house.resolve()
    assert len(house.groups()) == 1
