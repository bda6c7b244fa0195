"""What is new reaches some models; the others stand, and what is published is as if all were built."""

from collections.abc import Callable
from typing import Any

import dagster as dg
import duckdb
import pytest
import yaml

from ingestion import ledger
from orchestration import affected, standing
from orchestration.house import House
from orchestration.models import build_models
from orchestration.project import prepare
from orchestration.settings import Settings
from tests.unit.orchestration.test_publish import AS_OF
from tests.unit.orchestration.toys import toy_house

TABLE = "{{ config(materialized='table') }} "
FILES = {
    "models/sources.yml": yaml.safe_dump({
        "sources": [
            {"name": name, "schema": f"raw_{name}", "tables": [{"name": "things"}]} for name in ("ants", "bees")
        ]
    }),
    **{
        f"models/contracts/{name}.sql": f"{TABLE} select id, size from {{{{ source('{name}', 'things') }}}}"
        for name in ("ants", "bees")
    },
    "models/contracts/known.yml": yaml.safe_dump({
        "models": [{"name": "ants", "columns": [{"name": "id", "data_tests": ["not_null"]}]}]
    }),
    "models/marts/ant_sizes.sql": TABLE + "select sum(size) as size from {{ ref('ants') }}",
    "models/marts/bee_sizes.sql": TABLE + "select sum(size) as size from {{ ref('bees') }}",
    "models/marts/sizes.sql": (
        TABLE + "select * from {{ ref('ant_sizes') }} union all select * from {{ ref('bee_sizes') }}"
    ),
    # Reads a contract and a mart: it is asked when either is new, and not before both are there.
    "tests/bees_add_up.sql": (
        "{{ config(meta={'dagster': {'ref': {'name': 'bee_sizes'}}}) }} select 1 from (select coalesce(sum(size), 0) as size from {{ ref('bees') }}) "
        "where size <> (select size from {{ ref('bee_sizes') }})"
    ),
}  # fmt: skip
CONTRACTS, MARTS = {"ants", "bees"}, {"ant_sizes", "bee_sizes", "sizes"}


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    current = toy_house(tmp_path_factory.mktemp("toy"), FILES, "ants,bees")
    with duckdb.connect(str(current.warehouse)) as db:
        ledger.ensure(db)
        ledger.write_clock(db, AS_OF)
        for name in ("ants", "bees"):
            db.execute(f"create schema raw_{name}")
            db.execute(
                f"create table raw_{name}.things as "
                "select i as id, i * 10 as size, '100' as _dlt_load_id from range(3) as _(i)"
            )
    return current


@pytest.fixture(scope="module")
def run(current: Settings, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Any]:
    """Return what runs both stages, and gives what was built, what stood and what was asked."""
    folder = tmp_path_factory.mktemp("dagster")
    stages = build_models(current, prepare(current))

    def both() -> dict[str, set[str]]:
        house = House(lock_file=str(folder / "run.lock"))
        with dg.instance_for_test(temp_dir=str(folder)) as instance:
            done = dg.materialize(
                stages, instance=instance, resources={"house": house}, raise_on_error=False
            )
        told: dict[str, set[str]] = {"built": set(), "stood": set()}
        for event in done.get_asset_materialization_events():
            stood = "outcome" in event.materialization.metadata
            told["stood" if stood else "built"].add(event.asset_key.path[-1])
        asked = {check.check_name for check in done.get_asset_check_evaluations()}
        return {**told, "asked": asked, "failed": {"run"} if not done.success else set()}

    return both


def warehouse(current: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(current.warehouse)) as db:
        return db.execute(sql).fetchall()


def test_each_run_builds_what_is_new_and_what_reads_it(current, run) -> None:
    all_of_it = {"built": CONTRACTS | MARTS, "stood": set(), "failed": set()}
    tests = {"not_null_ants_id", "bees_add_up"}
    assert run() == {**all_of_it, "asked": tests}
    assert run() == {
        "built": set(), "stood": CONTRACTS | MARTS, "failed": set(), "asked": set()
    }  # fmt: skip

    warehouse(current, "insert into raw_bees.things values (3, 7, '101')")
    assert run() == {
        "built": {"bees", "bee_sizes", "sizes"}, "stood": {"ants", "ant_sizes"},
        "failed": set(), "asked": {"bees_add_up"},
    }  # fmt: skip
    assert warehouse(current, "from sizes order by all") == [(30,), (37,)]

    # A new load of what was known: the contract is built, and as it holds the same nothing else.
    warehouse(current, "update raw_bees.things set _dlt_load_id = '102' where id = 3")
    assert run() == {
        "built": {"bees"}, "stood": {"ants", *MARTS}, "failed": set(), "asked": set()
    }  # fmt: skip

    # What fails is built anew, with all of its stage, until it holds.
    warehouse(current, "insert into raw_ants.things values (null, 1, '103')")
    assert run()["failed"] == {"run"}
    warehouse(current, "update raw_ants.things set id = 4 where id is null")
    healed = run()
    assert (healed["built"], healed["stood"]) == (CONTRACTS | {"ant_sizes", "sizes"}, {"bee_sizes"})
    assert warehouse(current, "from sizes order by all") == [(31,), (37,)]

    # Rows were changed where they lie, as by an erasure: no load says so.
    warehouse(current, "update raw_ants.things set size = 0")
    standing.forget(current)
    assert run()["built"] == CONTRACTS | MARTS
    assert warehouse(current, "from sizes order by all") == [(0,), (37,)]


def test_in_its_job_too_a_stage_puts_its_keys_together_once(current) -> None:
    stages = build_models(current, prepare(current))
    job = dg.define_asset_job("some", dg.AssetSelection.all() - dg.AssetSelection.assets("sizes"))
    resources = {"house": House(lock_file=str(current.data / "run.lock"))}
    made = dg.Definitions(stages, jobs=[job], resources=resources).resolve_job_def("some")
    asked = [made.asset_layer.get(dg.AssetKey(name)).assets_def for name in ("bees", "bee_sizes")]
    for stage in asked:
        assert stage.asset_and_check_keys is stage.asset_and_check_keys
    assert asked[1].asset_and_check_keys == {
        dg.AssetKey("ant_sizes"), dg.AssetKey("bee_sizes"), *asked[1].check_keys
    }  # fmt: skip


@pytest.fixture
def planned(current: Settings, run: Callable[[], Any]) -> Callable[[], affected.Plan]:
    """A stage of marts that is built; return what it would build now."""
    run()
    manifest = prepare(current)
    nodes = {f"model.ax_warehouse.{name}" for name in MARTS}

    def plan() -> affected.Plan:
        return affected.plan(current, manifest, "marts", nodes, {"test.ax_warehouse.bees_add_up"})

    assert plan().built == set()
    return plan


def built(plan: affected.Plan) -> set[str]:
    return {node.split(".")[-1] for node in plan.built}


def test_a_relation_that_is_gone_is_made_again_with_what_reads_it(current, planned) -> None:
    warehouse(current, "drop table ant_sizes")
    assert built(planned()) == {"ant_sizes", "sizes"}
    assert str(planned()) == (
        "2 of 3 models and registries are built, as main.ant_sizes is new; "
        "1 stand, for nothing that they read is new"
    )


def test_another_key_or_program_makes_all_anew(current, planned) -> None:
    [key] = current.keys.glob("cx.key")
    kept = key.read_text()
    key.write_text("another".ljust(64, "."))
    assert built(planned()) == MARTS
    key.write_text(kept)
    assert built(planned()) == set()

    program = current.root / "identity" / "rule.py"
    program.parent.mkdir()
    program.write_text("")
    assert built(planned()) == MARTS
    program.unlink()


def test_a_build_that_is_broken_off_is_known_for_nothing(current, planned) -> None:
    affected.begin(current, "marts")
    assert built(planned()) == MARTS
    assert str(planned()) == "all 3 models and registries are built: no earlier build is known"
