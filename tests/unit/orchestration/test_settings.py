import dataclasses
import os

import pytest

from orchestration.errors import HouseError, NothingOn, WrongKind
from orchestration.settings import ROOT, claim, folder_kind, lent, read
from storage import Lake

VENDORS = ("hubspot", "qualtrics", "bamboohr", "zendesk", "files")


def test_without_any_variable_the_switchboard_of_the_project_says_what_is_on() -> None:
    assert read({}).sources == VENDORS
    assert read({}).data == ROOT / "data"


def test_a_folder_may_have_other_sources_than_the_switchboard() -> None:
    assert read({"AX_SOURCES": " hubspot, files "}).sources == ("hubspot", "files")


def test_with_nothing_configured_the_sandbox_is_the_source() -> None:
    assert read({}).kind == "sandbox"


def test_one_configured_vendor_makes_it_the_organisations_run() -> None:
    assert read({"SOURCES__ZENDESK__BASE_URL": "https://x.example"}).kind == "organisation"


def test_a_credential_of_a_vendor_that_is_off_does_not_count() -> None:
    environ = {"SOURCES__ZENDESK__BASE_URL": "https://x.example", "AX_SOURCES": "hubspot"}
    assert read(environ).kind == "sandbox"


def test_files_alone_are_always_the_organisations_own() -> None:
    assert read({"AX_SOURCES": "files"}).kind == "organisation"


def test_a_credential_in_dlts_own_file_counts(tmp_path) -> None:
    (tmp_path / "dbt_project").mkdir()
    project = (ROOT / "dbt_project" / "dbt_project.yml").read_text()
    (tmp_path / "dbt_project" / "dbt_project.yml").write_text(project)
    assert read({}, tmp_path).kind == "sandbox"
    (tmp_path / ".dlt").mkdir()
    (tmp_path / ".dlt" / "secrets.toml").write_text('[sources.hubspot]\naccess_token = "t"\n')
    assert read({}, tmp_path).kind == "organisation"


def test_the_first_load_says_whose_folder_it_is_and_the_other_kind_is_refused(tmp_path) -> None:
    sandbox = read({"AX_DATA_DIR": str(tmp_path)})
    claim(sandbox)
    claim(sandbox)
    assert folder_kind(sandbox) == "sandbox"
    with pytest.raises(WrongKind, match=r"belongs to the sandbox .* set AX_DATA_DIR"):
        claim(dataclasses.replace(sandbox, kind="organisation"))


def test_no_source_at_all_is_refused_with_the_remedy(tmp_path) -> None:
    (tmp_path / "dbt_project").mkdir()
    (tmp_path / "dbt_project" / "dbt_project.yml").write_text(
        "vars: {switchboard: {}, time_zone: UTC}\n"
    )
    with pytest.raises(NothingOn, match="AX_SOURCES"):
        read({}, tmp_path)


def test_lent_variables_are_given_back() -> None:
    os.environ["AX_TEST_LENT"] = "before"
    with lent({"AX_TEST_LENT": "during", "AX_TEST_NEW": "during"}):
        assert os.environ["AX_TEST_LENT"] == os.environ["AX_TEST_NEW"] == "during"
    assert os.environ.pop("AX_TEST_LENT") == "before"
    assert "AX_TEST_NEW" not in os.environ


LAKE = {
    "AX_TARGET": "ducklake",
    "AX_LAKE_CATALOG": "postgresql://ax@db.example/lake",
    "AX_LAKE_FILES": "/shared/lake",
}


def test_the_warehouse_is_a_file_unless_a_lake_is_chosen(tmp_path) -> None:
    assert read({"AX_DATA_DIR": str(tmp_path)}).warehouse == tmp_path / "warehouse/warehouse.duckdb"
    current = read(LAKE)
    assert current.warehouse == Lake("postgresql://ax@db.example/lake", "/shared/lake")
    dbt_is_told = {"AX_DBT_TARGET": "ducklake", **{n: LAKE[n] for n in LAKE if n != "AX_TARGET"}}
    assert dbt_is_told.items() <= current.environment.items()


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"AX_TARGET": "duckduck"}, r"AX_TARGET is 'duckduck'; use one of duckdb, ducklake"),
        ({"AX_TARGET": "ducklake"}, r"needs AX_LAKE_CATALOG .* and AX_LAKE_FILES"),
        ({**LAKE, "AX_LAKE_FILES": ""}, r"needs AX_LAKE_CATALOG .* and AX_LAKE_FILES"),
        ({**LAKE, "AX_LAKE_FILES": "s3://lake/files"}, r"name a folder that every machine mounts"),
        ({**LAKE, "AX_LAKE_CATALOG": "dbname=lake"}, r"not of the form postgresql://"),
        (
            {**LAKE, "AX_LAKE_CATALOG": "postgresql://ax:s3cret@h/l"},
            r"holds a password; .*PGPASSWORD",
        ),
        ({**LAKE, "AX_LAKE_CATALOG": "postgresql://h/l?password=s3cret"}, r"holds a password"),
    ],
)
def test_a_lake_that_is_half_said_is_refused_with_the_remedy(said, refused) -> None:
    with pytest.raises(HouseError, match=refused) as problem:
        read(said)
    assert "s3cret" not in str(problem.value)
