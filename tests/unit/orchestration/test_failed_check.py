"""A real run of dbt through Dagster that fails: what is written down of it, and what is not."""

from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
import yaml

from orchestration import keys
from orchestration.house import House
from orchestration.models import build_models
from orchestration.project import prepare
from orchestration.settings import Settings
from tests.unit.orchestration.toys import toy_house
from tests.whole_house.planted import leaks

EMAIL, PERSON = "ann.planted@example.org", "Ann Planted-Person"
CLASSES = {
    "ticket_id": "quasi_identifier", "full_name": "direct_identifier", "channel": "none", "body": "free_text",
    "source": "none",
}  # fmt: skip
# One is kept by every row: the other is broken all the same.
PROMISES = {"it_says_something": "body is not null", "it_has_a_channel": "channel is not null"}
KEY = [{"is_key": {"arguments": {"of": "source"}}}]
FILES = {
    "models/contracts/tickets.sql": "select * from planted.tickets",
    "models/contracts/numbers.sql": (
        "{{ config(materialized='table') }} select cast(full_name as integer) as n from planted.tickets"
    ),
    "models/marts/nothing.sql": "select 1 as one",
    "models/contracts/tickets.yml": yaml.safe_dump({
        "models": [{
            "name": "tickets",
            "data_tests": [{"rows_hold": {"name": "kept", "arguments": {"promises": PROMISES}}}],
            "columns": [
                {"name": name, "config": {"meta": {"class": kind}}, "data_tests": KEY if name == "ticket_id" else []}
                for name, kind in CLASSES.items()
            ],
        }]
    }),
}  # fmt: skip


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A house of two models, over rows that are about somebody and break what is promised."""
    current = toy_house(tmp_path_factory.mktemp("toy"), FILES)
    with duckdb.connect(str(current.warehouse)) as db:
        db.execute("create schema planted")
        db.execute(
            "create table planted.tickets as "
            "select ? as ticket_id, ? as full_name, null as channel, ? as body, "
            "'desk' as source from range(2)",
            [EMAIL, PERSON, f"{PERSON}, {EMAIL}"],
        )
    return current


@pytest.fixture(scope="module")
def failed(
    current: Settings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dg.ExecuteInProcessResult]:
    folder = tmp_path_factory.mktemp("dagster")
    [contracts, _] = build_models(current, prepare(current))
    house = House(lock_file=str(folder / "run.lock"))
    with dg.instance_for_test(temp_dir=str(folder)) as instance:
        result = dg.materialize(
            [contracts], instance=instance, resources={"house": house}, raise_on_error=False
        )
    return folder, result


def check(result: dg.ExecuteInProcessResult, name: str) -> Any:
    [found] = [e for e in result.get_asset_check_evaluations() if e.check_name == name]
    return found


def test_a_failed_check_says_how_many_rows_and_which(failed, current) -> None:
    _, result = failed
    key, promise = check(result, "is_key_tickets_ticket_id__source"), check(result, "kept")
    [ticket] = keys.pseudonyms(current.keys, "operations", [EMAIL])

    assert (key.passed, promise.passed) == (False, False)
    assert key.description == "1 row should not be there"
    assert [row.data for row in key.metadata["sample"].records] == [
        {"failing_key": ticket[:12], "source": "desk", "row_count": 2}
    ]
    assert promise.description == "2 rows should not be there: it_has_a_channel (2)"
    assert promise.metadata["dagster_dbt/failed_row_count"].value == 2
    assert [row.data for row in promise.metadata["sample"].records] == [
        {"broken_promise": "it_has_a_channel", "ticket_id": ticket[:12], "source": "desk"}
    ]
    assert promise.metadata["not_shown"].value == "full_name, channel, body"


def test_nothing_of_anybody_is_written_down_of_it(failed, current) -> None:
    folder, result = failed
    [failure] = [event for event in result.all_events if event.is_step_failure]
    said = failure.step_failure_data.user_failure_data.description

    assert "numbers (" in said
    assert "Could not convert string '…'" in said
    assert leaks(["it_has_a_channel"], folder) != {}, "the event log is somewhere else"
    assert leaks([EMAIL, PERSON], folder) == {}
