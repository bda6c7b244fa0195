"""Who may be contacted, over random worlds: the models' SQL against a reference in Python."""

import csv
import random
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest
from contract_tables import PROJECT
from reference_consents import contactability

WORLDS = 60
AS_OF = datetime(2026, 4, 10, 6)
FLAGS = ("is_minor", "is_workforce", "is_deleted", "is_test")
MODELS = ("int_person_consents", "dim_person_contactability")
PURPOSES = [
    row | {"needs_consent": row["needs_consent"] == "true"}
    for row in csv.DictReader((PROJECT / "seeds" / "consent_purposes.csv").open(encoding="utf-8"))
]


def world(seed: int) -> tuple[list[dict[str, Any]], dict[str, str], list[dict[str, Any]]]:
    """Return persons, accounts and what these said: few values, so that they meet often."""
    draws = random.Random(seed)
    persons = [
        {"person_id": f"p{n}"} | {flag: draws.random() < 0.1 for flag in FLAGS} for n in range(12)
    ]
    accounts = {f"crm:{n}": draws.choice(persons)["person_id"] for n in range(24)}
    days = [None, *(AS_OF + timedelta(days=n) for n in (-400, -30, -1, 0, 1))]
    consents = [
        {
            "account_id": draws.choice([*accounts, "crm:nobody"]),
            "purpose": draws.choice([row["purpose"] for row in PURPOSES] + ["newsletter", None]),
            "state": draws.choice(["granted", "granted", "refused", "withdrawn", "objected", None]),
            "valid_from": draws.choice(days),
        }
        for _ in range(draws.choice([0, 30, 120]))
    ]
    return persons, accounts, consents


def answered(
    queries: dict[str, str],
    persons: list[dict[str, Any]],
    accounts: dict[str, str],
    consents: list[dict[str, Any]],
) -> dict[tuple[str, str], str | None]:
    """Return what the compiled models say."""
    with duckdb.connect() as db:
        db.execute(
            f"""
            attach ':memory:' as warehouse;
            create schema warehouse.registry; create schema warehouse.intermediate;
            create schema warehouse.contracts; create schema warehouse.marts;
            create table warehouse.registry.consent_purposes as
            from read_csv('{PROJECT}/seeds/consent_purposes.csv', header = true);
            create table warehouse.contracts.consents (
                account_id varchar, purpose varchar, state varchar, valid_from timestamp
            );
            create table warehouse.intermediate.int_person_bindings (
                account_id varchar, current_person_id varchar, valid_to timestamp
            );
            create table warehouse.intermediate.int_persons (
                person_id varchar, {", ".join(f"{flag} boolean" for flag in FLAGS)}
            );
            """
        )
        rows = {
            "contracts.consents": [list(row.values()) for row in consents],
            "intermediate.int_person_bindings": [[*bound, None] for bound in accounts.items()],
            "intermediate.int_persons": [list(row.values()) for row in persons],
        }
        for table, values in rows.items():
            if values:
                marks = ", ".join("?" for _ in values[0])
                db.executemany(f"insert into warehouse.{table} values ({marks})", values)
        for schema, model in zip(("intermediate", "marts"), MODELS, strict=True):
            db.execute(f"create table warehouse.{schema}.{model} as {queries[model]}")
        found = db.execute(
            "select person_id, purpose, why_not from warehouse.marts.dim_person_contactability"
        )
        return {(person, purpose): why for person, purpose, why in found.fetchall()}


@pytest.fixture(scope="session")
def queries(built: Any) -> dict[str, str]:
    return {
        model: next(built.folder.glob(f"target/compiled/**/{model}.sql")).read_text()
        for model in MODELS
    }


@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_models_agree_with_the_reference(queries: dict[str, str], seed: int) -> None:
    persons, accounts, consents = world(seed)
    assert answered(queries, persons, accounts, consents) == contactability(
        persons, accounts, consents, PURPOSES, AS_OF
    )


def test_the_worlds_have_every_answer() -> None:
    whys = [why for seed in range(WORLDS)
            for why in contactability(*world(seed), PURPOSES, AS_OF).values()]  # fmt: skip
    assert set(whys) == {None, "refused", "minor", "workforce", "deleted", "test", "no_consent"}


def test_nobody_who_is_not_to_be_contacted_has_an_address_behind_the_door(built: Any) -> None:
    stray = built.rows(
        "select person_id from warehouse.restricted.restricted_persons where person_id not in "
        "(select person_id from warehouse.marts.dim_person_contactability where may_be_contacted)"
    )
    reached = built.rows("select count(*) as persons from warehouse.restricted.restricted_persons")
    assert stray == []
    assert reached[0]["persons"] > 0
