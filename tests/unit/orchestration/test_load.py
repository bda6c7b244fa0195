from dataclasses import replace

import dagster as dg
import duckdb
import pytest
import requests

from orchestration.commands.run import accepting
from orchestration.house import House
from orchestration.load import build_load
from orchestration.published import build_verdict
from orchestration.standing import problems, stands
from tests.unit.orchestration.toys import row, toy


def refuse():
    answer = requests.Response()
    answer.status_code = 401
    answer.request = requests.Request("GET", "http://vendor.example/things").prepare()
    raise requests.HTTPError(response=answer)


@pytest.fixture
def run(current):
    """Load toy vendors as Dagster does, in the folder of this test."""

    def load(*connectors, selection=None, accepted=()):
        on = {connector.name: connector for connector in connectors}
        here = replace(current, sources=tuple(on), kind="organisation")
        result = dg.materialize(
            [build_load(here, on), build_verdict(here)],
            resources={"house": House(lock_file=str(here.data / "run.lock"))},
            raise_on_error=False,
            selection=selection,
            run_config=accepting(accepted),
        )
        return here, result

    return load


def told(result, source: str, what: str):
    [event] = [
        event.step_materialization_data.materialization
        for event in result.get_asset_materialization_events()
        if event.asset_key == dg.AssetKey([source, "things"])
    ]
    return event.metadata[what].value


def checks(result) -> dict[str, bool]:
    evaluations = result.get_asset_check_evaluations()
    return {"/".join(e.asset_key.path): e.passed for e in evaluations}


def test_each_raw_table_is_an_asset_with_its_rows_and_what_was_new(run) -> None:
    _, first = run(toy("tick", lambda: [row(1), row(2)]))
    assert first.success
    assert told(first, "tick", "dagster/row_count") == 2
    assert told(first, "tick", "new") == 2
    _, again = run(toy("tick", lambda: [row(1), row(2, "changed"), row(3)]))
    assert told(again, "tick", "dagster/row_count") == 3
    assert [told(again, "tick", name) for name in ("new", "changed", "unchanged")] == [1, 1, 1]


def test_a_vendor_that_fails_stands_as_it_was_and_the_others_load(run) -> None:
    run(toy("tick", lambda: [row(1)]), toy("tock", lambda: [row(1)]))
    here, result = run(toy("tick", refuse), toy("tock", lambda: [row(1), row(2)]))
    assert told(result, "tick", "outcome") == "stood as it was"
    assert "rejected the credential (401)" in told(result, "tick", "problem")
    assert told(result, "tick", "dagster/row_count") == 1
    assert told(result, "tock", "dagster/row_count") == 2
    assert checks(result) == {
        "tick/things": False,
        "tick/quarantine": False,
        "tock/things": True,
        "tock/quarantine": True,
    }
    assert [stand.source for stand in stands(here) if stand.problem] == ["tick"]


def test_a_bug_while_one_vendor_settles_stops_no_other(run) -> None:
    buggy = toy("tick", lambda: [row(1)])
    buggy = replace(buggy, tables=(replace(buggy.tables[0], time="no_such_column"),))
    here, result = run(buggy, toy("tock", lambda: [row(1), row(2)]))
    assert told(result, "tick", "problem").startswith("tick: BinderException: ")
    assert told(result, "tock", "dagster/row_count") == 2
    assert [stand.source for stand in stands(here) if stand.problem] == ["tick"]
    assert not result.success


def test_the_verdict_fails_such_a_run_in_the_vendors_words(run) -> None:
    here, result = run(toy("tick", refuse))
    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert failure.step_key == "ops__verdict"
    assert failure.step_failure_data.user_failure_data.description == problems(here)[0]
    assert not result.success


def test_a_package_the_door_refuses_changes_nothing(run) -> None:
    run(toy("tick", lambda: [row(1)]))
    _, result = run(toy("tick", lambda: [row(2, at="2100-01-01T00:00:00Z")]))
    assert told(result, "tick", "dagster/row_count") == 1
    assert "1 of 1 rows have at after tomorrow" in told(result, "tick", "problem")
    _, mended = run(toy("tick", lambda: [row(2)]))
    assert told(mended, "tick", "dagster/row_count") == 2
    assert mended.success


def test_a_full_list_that_lost_its_half_stops_its_vendor_until_a_person_accepts_it(run) -> None:
    def listed(vendor: str, rows: int):
        return toy(vendor, lambda: [row(number) for number in range(rows)], is_whole=True)

    run(listed("tick", 30), listed("tock", 30))
    _, result = run(listed("tick", 10), listed("tock", 31))
    assert told(result, "tick", "outcome") == "stood as it was"
    problem = told(result, "tick", "problem")
    assert "(things: the list holds 10 rows and held 30 in its last good load)" in problem
    assert problem.endswith("then run `ax load tick`, which takes the load as it is with --accept")
    assert told(result, "tock", "dagster/row_count") == 31
    assert checks(result)["tick/things"] is False
    assert not result.success

    _, taken = run(listed("tick", 10), listed("tock", 31), accepted=["tick"])
    assert taken.success
    assert told(taken, "tick", "outcome") == "loaded"
    [check] = [c for c in taken.get_asset_check_evaluations() if not c.passed]
    assert check.severity == dg.AssetCheckSeverity.WARN
    assert check.description == "things: the list holds 10 rows and held 30 in its last good load"

    _, again = run(listed("tick", 10), listed("tock", 31))
    assert again.success
    assert all(checks(again).values())


def test_one_vendor_can_be_loaded_alone(run) -> None:
    both = toy("tick", lambda: [row(1)]), toy("tock", lambda: [row(1)])
    here, result = run(*both, selection=[dg.AssetKey(["tock", "things"])])
    assert result.success
    assert [stand.source for stand in stands(here)] == ["tock"]


def test_a_source_that_was_never_loaded_still_has_its_empty_tables(run) -> None:
    both = toy("tick", lambda: [row(1)]), toy("tock", lambda: [row(1)])
    here, _ = run(*both, selection=[dg.AssetKey(["tock", "things"])])
    with duckdb.connect(str(here.warehouse)) as db:
        assert db.execute("select count(*) from raw_tick.things").fetchone() == (0,)
