"""What is said of a test that failed: how many rows, which, and nothing of anybody."""

from typing import Any

import duckdb
import pytest

from orchestration import keys
from orchestration.complaints import in_a_line
from orchestration.failing_rows import explain

EMAIL, PERSON = "ann.planted@example.org", "Ann Planted"
MODEL, OTHER = "model.house.tickets", "model.house.calls"
CLASSES: dict[str, dict[str, str]] = {
    "ticket_id": {"class": "quasi_identifier"},
    "account_id": {"class": "quasi_identifier"},
    "full_name": {"class": "direct_identifier"},
    "birth_date": {"class": "quasi_identifier"},
    "body": {"class": "free_text"},
    "score": {"class": "sensitive"},
    "channel": {"class": "none"},
    "source": {"class": "none"},
    "person_key": {"class": "quasi_identifier", "why": "A pseudonym."},
}


def table_of(classes: dict[str, dict[str, str]]) -> dict[str, Any]:
    columns = {name: {"config": {"meta": meta}} for name, meta in classes.items()}
    return {"resource_type": "model", "columns": columns}


def generic(name: str, **arguments: Any) -> dict[str, Any]:
    return {
        "name": name, "meta": {}, "attached_node": MODEL, "depends_on": {"nodes": [MODEL]},
        "test_metadata": {"name": name, "kwargs": arguments},
    }  # fmt: skip


def singular(**classes: str) -> dict[str, Any]:
    return {"name": "odd", "meta": {"classes": classes}, "depends_on": {"nodes": [MODEL]}}


@pytest.fixture
def explained(tmp_path):
    """Return what is said of a test, given the rows it finds."""
    keys.ensure(tmp_path)

    def of(test: dict[str, Any], rows: str, failures: int = 1) -> tuple[str, dict[str, Any]]:
        table, other = table_of(CLASSES), table_of({"channel": {"class": "sensitive"}})
        held = generic("one_row_per", columns=["ticket_id", "channel", "person_key"])
        manifest = {
            "nodes": {MODEL: table, OTHER: other, "test.held": held, "test.it": test},
            "sources": {},
        }
        result = {
            "unique_id": "test.it", "compiled_code": rows, "failures": failures, "message": "",
        }  # fmt: skip
        with duckdb.connect() as db:
            said, shown = explain(db, manifest, tmp_path, result)
        return said, {**shown, "sample": records(shown)}

    return of


def records(shown: dict[str, Any]) -> list[dict[str, Any]]:
    return [record.data for record in shown["sample"].records] if "sample" in shown else []


def pseudonym(folder, value: str) -> str:
    return keys.pseudonyms(folder, "operations", [value])[0][:12]


def test_a_key_is_told_by_its_pseudonym_also_where_it_is_an_address(explained, tmp_path) -> None:
    test = generic("is_key", column_name="ticket_id")
    said, shown = explained(test, f"select '{EMAIL}' as failing_key, 2 as row_count", 1)

    assert said == "1 row should not be there"
    assert "dbt show --log-level-file none --select is_key;" in shown["remedy"]
    assert shown["sample"] == [{"failing_key": pseudonym(tmp_path, EMAIL), "row_count": 2}]
    assert EMAIL not in said + str(shown)


def test_beside_a_key_is_told_who_sent_it(explained, tmp_path) -> None:
    rows = "select 't1' as failing_key, 'desk' as source, 2 as row_count"
    _, shown = explained(generic("is_key", column_name="ticket_id", of="source"), rows)

    assert shown["sample"] == [
        {"failing_key": pseudonym(tmp_path, "t1"), "source": "desk", "row_count": 2}
    ]


def test_of_a_whole_row_only_the_key_is_shown(explained, tmp_path) -> None:
    rows = (
        f"select 'has a channel' as broken_promise, 't1' as ticket_id, '{EMAIL}' as account_id, "
        f"'{PERSON}' as full_name, date '1980-01-01' as birth_date, '{EMAIL}' as body, 7 as score, "
        "'phone' as channel, 'a1b2' as person_key"
    )
    said, shown = explained(generic("rows_hold", promises={}), rows)

    assert said == "1 row should not be there: has a channel (1)"
    assert shown["sample"] == [
        {
            "broken_promise": "has a channel", "ticket_id": pseudonym(tmp_path, "t1"),
            "channel": "phone", "person_key": "a1b2",
        }
    ]  # fmt: skip
    assert shown["not_shown"] == "account_id, full_name, birth_date, body, score"
    assert not [value for value in (EMAIL, PERSON, "1980") if value in said + str(shown)]


def test_of_many_rows_a_few_of_each_promise_are_shown(explained) -> None:
    rows = "select if(i < 90, 'one', 'two') as broken_promise, 't' || i as ticket_id from range(99) r(i)"
    said, shown = explained(generic("rows_hold", promises={}), rows, 99)

    assert said == "99 rows should not be there: one (90), two (9)"
    assert [record["broken_promise"] for record in shown["sample"]] == ["one"] * 5 + ["two"] * 5


@pytest.mark.parametrize("odd", [EMAIL, PERSON, "+49 170 1234567", "x" * 99])
def test_what_should_be_a_word_of_a_registry_and_is_none_is_not_shown(explained, odd) -> None:
    said, shown = explained(singular(), f"select '{odd}' as channel")

    assert shown["sample"] == [{"channel": "(no word of a registry)"}]
    assert odd not in said + str(shown)


def test_a_column_that_nobody_classed_is_not_shown(explained) -> None:
    rows = f"select '{EMAIL}' as problem, 'web' as channel"

    assert explained(singular(), rows)[1]["sample"] == [{"channel": "web"}]
    assert explained(singular(), rows)[1]["not_shown"] == "problem"


def test_a_test_may_class_the_columns_it_makes(explained) -> None:
    _, shown = explained(singular(problem="none"), "select 'no_owner' as problem")
    assert shown["sample"] == [{"problem": "no_owner"}]


def test_two_tables_with_one_column_show_what_both_permit(explained) -> None:
    test = singular()
    test["depends_on"] = {"nodes": [MODEL, OTHER]}
    _, shown = explained(test, "select 'web' as channel, 'a1b2' as person_key")
    assert shown["sample"] == [{"person_key": "a1b2"}]
    assert shown["not_shown"] == "channel"


@pytest.mark.parametrize(
    "complaint",
    [
        f"Conversion Error: Could not convert string '{EMAIL}' to INT64",
        f"Conversion Error: Could not convert string 'Ann O'{PERSON}' to INT64",
        f'Conversion Error: invalid date field format: "{EMAIL}", expected format is (YYYY-MM-DD)',
        f'Constraint Error: Duplicate key "email: {EMAIL}" violates unique constraint',
        f"Runtime Error in model numbers (models/numbers.sql)\n  Invalid Input Error: '{EMAIL}\n'",
    ],
)
def test_a_complaint_of_the_database_is_told_without_the_value(complaint: str) -> None:
    said = in_a_line(complaint)
    assert not [value for value in (EMAIL, PERSON) if value in said]
    assert said.startswith(complaint[:18])
    assert "Error: " in said


@pytest.mark.parametrize(
    "complaint",
    [
        'Binder Error: Referenced column "scor" not found in FROM clause!',
        'IO Error: Could not set lock on file "/data/warehouse.duckdb": held by PID 12',
        "Got 2 results, configured to fail if != 0",
        "2 of 3 START test it's_kept",
    ],
)
def test_a_complaint_of_the_code_is_told_in_full(complaint: str) -> None:
    assert in_a_line(complaint) == complaint
