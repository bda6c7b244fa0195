"""A model takes the place of its former self whole, or the former stays (decision 33)."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import yaml
from contract_tables import PROJECT

from orchestration.project import DBT

Run = Callable[..., "subprocess.CompletedProcess[str]"]
PYTHON = """
def model(dbt, session):
    dbt.config(materialized="table")
    return {made}
"""
ALL = "select bee, hive, swarm from bees, hives, swarms order by all"
KINDS = """
select table_name, 'table' from duckdb_tables()
union all select view_name, 'view' from duckdb_views() where not internal order by all
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A dbt project of this profile with nothing but the macro."""
    folder = tmp_path / "dbt_project"
    shutil.copytree(PROJECT / "macros" / "materializations", folder / "macros")
    shutil.copyfile(PROJECT / "profiles.yml", folder / "profiles.yml")
    (folder / "models").mkdir()
    told = {"name": "ax_warehouse", "version": "1.0", "profile": "ax_warehouse"}
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(told))
    (folder.parent / "data" / "warehouse").mkdir(parents=True)
    return folder


@pytest.fixture
def run(project: Path) -> Run:
    """Write models over those that are there, build all of them; first a table, a view and Python's."""

    def build(bees: str, hives: str, swarms: str) -> "subprocess.CompletedProcess[str]":
        files = {"bees.sql": bees, "hives.sql": hives, "swarms.py": PYTHON.format(made=swarms)}
        for name, text in files.items():
            (project / "models" / name).write_text(text)
        return subprocess.run(
            [DBT, "--no-use-colors", "run"],
            cwd=project,
            env=os.environ | {"AX_DATA_DIR": str(project.parent / "data")},
            capture_output=True,
            text=True,
            check=False,
        )

    first = build(
        "{{ config(materialized='table', post_hook='insert into {{ this }} values (3)') }} select 1 as bee",
        "select 1 as hive",
        "session.sql('select 1 as swarm')",
    )
    assert first.returncode == 0, first.stdout
    return build


def asked(project: Path, sql: str) -> list[tuple[object, ...]]:
    file = project.parent / "data" / "warehouse" / "warehouse.duckdb"
    with duckdb.connect(str(file), read_only=True) as db:
        return db.execute(sql).fetchall()


def test_each_takes_the_place_of_its_former_self_of_whatever_kind(run: Run, project: Path) -> None:
    assert asked(project, ALL) == [(1, 1, 1), (3, 1, 1)]  # a hook after the model is heard
    again = run(
        "select 2 as bee",
        "{{ config(materialized='table', indexes=[{'columns': ['hive']}]) }} select 2 as hive",
        "session.sql('select 2 as swarm').df()",
    )
    assert again.returncode == 0, again.stdout
    assert asked(project, ALL) == [(2, 2, 2)]
    assert asked(project, KINDS) == [("bees", "view"), ("hives", "table"), ("swarms", "table")]
    assert asked(project, "select table_name from duckdb_indexes()") == [("hives",)]


def test_one_that_fails_leaves_its_former_self(run: Run, project: Path) -> None:
    broken = run(
        "{{ config(materialized='table') }} select cast('wax' as integer) as bee",
        "select nothing as hive",
        "session.sql('select nothing as swarm')",
    )
    assert "ERROR=3" in broken.stdout
    assert asked(project, ALL) == [(1, 1, 1), (3, 1, 1)]
    assert asked(project, KINDS) == [("bees", "table"), ("hives", "view"), ("swarms", "table")]


def test_what_a_killed_one_left_beside_is_in_nobodys_way(run: Run, project: Path) -> None:
    with duckdb.connect(str(project.parent / "data" / "warehouse" / "warehouse.duckdb")) as db:
        db.execute("create table swarms__dbt_tmp as select 0 as swarm")
    again = run("select 4 as bee", "select 4 as hive", "session.sql('select 4 as swarm')")
    assert again.returncode == 0, again.stdout
    assert asked(project, ALL) == [(4, 4, 4)]
    assert [name for name, _ in asked(project, KINDS)] == ["bees", "hives", "swarms"]
