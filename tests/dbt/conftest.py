"""One warehouse for all tests here: golden and random contracts, built by dbt as in a run."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import contract_tables
import driver_world
import duckdb
import pytest
import survey_worlds
import worlds
from reference_events import House
from reference_values import Warehouse

from identity import resolve
from ingestion import ledger
from labelling.label import label
from orchestration.project import DBT
from privacy.redaction import redact

AS_OF = datetime(2026, 4, 10, 6)
FIRST_RUN = datetime(2026, 3, 1, 6)
LOADS = {"source": "string", "as_of": "timestamp", "status": "string", "problem": "string"}


@dataclass(frozen=True)
class Built:
    """A warehouse that dbt has built, with the rows that it was built from."""

    folder: Path
    contracts: dict[str, list[dict[str, Any]]]
    loads: list[dict[str, Any]]
    output: str
    as_of: datetime = AS_OF

    @property
    def manifest(self) -> Path:
        return self.folder / "target" / "manifest.json"

    @cached_property
    def reader(self) -> duckdb.DuckDBPyConnection:
        """The published file and the warehouse behind it, opened once for all who ask."""
        db = duckdb.connect()
        db.execute("set TimeZone = 'UTC'")
        for name in ("warehouse", "publication"):
            path = self.folder / "warehouse" / f"{name}.duckdb"
            db.execute(f"attach '{path}' as {name} (read_only)")
        return db

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Return what a query finds in the published file or the warehouse behind it."""
        found = self.reader.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def write_contracts(path: Path) -> dict[str, list[dict[str, Any]]]:
    made = worlds.together(driver_world.rows(), worlds.rows(), survey_worlds.rows())
    filled = {}
    with duckdb.connect(str(path)) as db:
        db.execute("create schema contracts")
        for contract, columns in contract_tables.contracts().items():
            contract_tables.create(db, contract, columns)
            rows = contract_tables.golden(contract, columns)
            rows += made.get(contract, [])
            filled[contract] = contract_tables.complete(
                rows, columns, contract_tables.KEYS.get(contract, "")
            )
            contract_tables.fill(db, contract, filled[contract])
    return filled


def write_ledger(path: Path) -> list[dict[str, Any]]:
    loads = contract_tables.golden("loads", LOADS)
    with duckdb.connect(str(path)) as db:
        db.execute("set TimeZone = 'UTC'")
        ledger.ensure(db)
        ledger.write_clock(db, AS_OF)
        for number, load in enumerate(loads, start=1):
            db.execute(
                "insert into ops.loads by name select ? as load_number, ? as source, "
                "?::timestamp as as_of, ? as status, ? as problem, 0 as quarantined",
                [number, load["source"], load["as_of"], load["status"], load.get("problem")],
            )
    return loads


def resolve_twice(warehouse: Path, ids: Iterator[str]) -> None:
    """Let one account be a stranger at first, so that identity has a history to tell."""
    known = "update contracts.person_observations set email = ? where account_id = 'qualtrics:de1'"
    for as_of, email in ((FIRST_RUN, "other@example.org"), (AS_OF, "DE1@example.org")):
        with duckdb.connect(str(warehouse)) as db:
            db.execute(known, [email])
        resolve(warehouse, as_of, ids)


def project_with_more_labellers(folder: Path) -> Path:
    """Return a copy of the project whose registry also knows the labellers of the golden set."""
    copy = shutil.copytree(
        contract_tables.PROJECT,
        folder / "project",
        ignore=shutil.ignore_patterns("target", "logs"),
        dirs_exist_ok=True,
    )
    more = (contract_tables.GOLDEN / "labellers.csv").read_text(encoding="utf-8").splitlines()[1:]
    with (copy / "seeds" / "labellers.csv").open("a", encoding="utf-8") as seed:
        seed.writelines(f"{line}\n" for line in more)
    return copy


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the warehouse once: contracts by hand, identity, then everything behind them."""
    folder = tmp_path_factory.mktemp("golden")
    (folder / "warehouse").mkdir()
    (folder / "keys").mkdir()
    (folder / "keys" / "cx.key").write_text("a key of the tests".ljust(64, ".") + "\n")
    warehouse = folder / "warehouse" / "warehouse.duckdb"
    contracts = write_contracts(warehouse)
    loads = write_ledger(warehouse)
    ids: Iterator[str] = (f"person{n}" for n in count(1))
    resolve_twice(warehouse, ids)
    redact(warehouse, contract_tables.LANGUAGES)
    label(warehouse)
    return Built(folder, contracts, loads, dbt_build(folder))


def dbt_build(folder: Path) -> str:
    """Build everything behind the contracts of a folder; return what dbt said."""
    done = subprocess.run(
        [
            DBT, "--no-use-colors", "--log-level-file", "none", "build", "--vars", f"{{as_of: {AS_OF.isoformat()}}}",
            "--exclude", "contracts", *connector_folders(),
        ],
        cwd=project_with_more_labellers(folder),
        env=os.environ
        | {
            "AX_DATA_DIR": str(folder),
            "AX_KEYS_DIR": str(folder / "keys"),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    return done.stdout


@pytest.fixture(scope="session")
def build_marts() -> Callable[[Path], str]:
    """Build everything behind the contracts of a folder, as the golden house is built."""
    return dbt_build


def connector_folders() -> list[str]:
    """Return the selectors of the vendors' slices: their raw tables are not here."""
    folders = (contract_tables.PROJECT / "models" / "connectors").iterdir()
    # Named by method: dbt takes a name that ends with .sql for a file.
    return [
        f"fqn:ax_warehouse.connectors.{f.name}"
        for f in sorted(folders)
        if f.is_dir() and f.name != "ops"
    ]


@pytest.fixture
def broken(built: Built, tmp_path: Path) -> Callable[[str, str], list[Any]]:
    """Return what dbt's check of that name finds after a damage to a copy of the warehouse."""
    nodes = json.loads(built.manifest.read_text(encoding="utf-8"))["nodes"].values()
    checks = {node["name"]: node for node in nodes if node["resource_type"] == "test"}

    def found(check: str, damage: str) -> list[Any]:
        compiled = built.folder.glob(f"target/compiled/**/{checks[check]['alias']}.sql")
        with duckdb.connect() as db:
            for name in ("warehouse", "publication"):
                copy = shutil.copy(built.folder / "warehouse" / f"{name}.duckdb", tmp_path)
                db.execute(f"attach '{copy}' as {name}")
            db.execute(damage)
            return db.execute(next(compiled).read_text(encoding="utf-8")).fetchall()

    return found


@pytest.fixture(scope="session")
def published(built: Built) -> list[dict[str, Any]]:
    """Return the rows of pub_metric_values."""
    return built.rows("from publication.pub_metric_values")


@pytest.fixture(scope="session")
def expected(built: Built) -> Warehouse:
    """Return what the definitions give for the same contracts."""
    accounts = built.rows("from warehouse.identity.account_persons")
    persons = built.rows("from warehouse.identity.persons")
    house = House(
        contracts=built.contracts,
        persons={row["account_id"]: row["person_id"] for row in accounts},
        countries={row["person_id"]: row["country"] for row in persons},
        as_of=AS_OF,
        births={row["person_id"]: row["birth_date"] for row in persons},
    )
    loaded: dict[str, datetime] = {}
    for load in built.loads:
        if load["status"] == "loaded":
            loaded[load["source"]] = max(loaded.get(load["source"], datetime.min), load["as_of"])
    lags = {s: (int((AS_OF - at).total_seconds() // 60), at) for s, at in loaded.items()}
    return Warehouse(house, lags)
