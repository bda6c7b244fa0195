"""A new vendor is what `ax source new` writes and one word in the switchboard, and nothing else."""

import subprocess
import sys

import pytest

from tests.whole_house.conftest import House

pytestmark = pytest.mark.proof


def test_its_rows_are_in_raw_in_the_contract_and_recognised(later: House) -> None:
    ((raw,),) = later.warehouse("select count(*) from raw_boxoffice.contacts")
    accounts = "select count(*) from {} where starts_with(account_id, 'boxoffice:')"

    assert raw > 0
    assert later.warehouse(accounts.format("contracts.person_observations")) == [(raw,)]
    assert later.warehouse(accounts.format("identity.account_persons")) == [(raw,)]
    assert later.published(
        "select table_name from duckdb_tables() where table_name = 'pub_sources'"
    )


def test_the_others_are_there_as_before(later: House) -> None:
    sources = {source for (source,) in later.published("select source from pub_sources")}
    assert sources == {"hubspot", "boxoffice", "qualtrics", "bamboohr", "zendesk", "files"}


def test_status_and_check_know_it(later: House) -> None:
    assert "boxoffice" in later.green("status")
    assert later.green("source", "check", "boxoffice").strip() == "contacts: readable"


def test_its_own_tests_its_faults_and_the_rules_of_the_house_hold_at_once(later: House) -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/connectors",
            "tests/unit/ingestion/test_connectors.py", "tests/architecture",
            "-k", "(boxoffice and not walk) or architecture",
        ],
        cwd=later.root, env=later.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout

    linted = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "ingestion/connectors/boxoffice", "tests/connectors/boxoffice"],
        cwd=later.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Boxoffice", "Boxoffice is no name for a source"),
        ("ops", "ops is no name for a source"),
        ("zendesk", "zendesk is a source already"),
    ],
)
def test_a_name_that_will_not_do_is_said_and_nothing_is_written(
    later: House, name: str, sentence: str
) -> None:
    before = written(later)
    done = later.ax("source", "new", name)

    assert done.returncode == 1
    assert done.stderr.startswith(f"ax: {sentence}")
    assert written(later) == before


def written(house: House) -> set[str]:
    """Return the files of a checkout, but for what Python compiles."""
    return {str(file) for file in house.root.rglob("*") if "__pycache__" not in file.parts}
