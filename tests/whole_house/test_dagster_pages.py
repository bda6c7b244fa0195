"""What Dagster's pages show: every asset in the group of its stage, and said in full."""

import re
from pathlib import Path

import dagster as dg
import dagster_webserver
import pytest

from ingestion.connector import discover
from orchestration.commands.run import instance
from orchestration.jobs import assemble
from orchestration.settings import ROOT, Settings, lent, read
from tests.whole_house.conftest import House

pytestmark = pytest.mark.slow
STAGES = {
    "sources", "registries", "contracts", "identity", "redacted", "labels", "intermediate", "marts",
    "restricted", "published", "ops",
}  # fmt: skip


@pytest.fixture(scope="module")
def current(built: House) -> Settings:
    return read(built.environment)


@pytest.fixture(scope="module")
def definitions(current: Settings) -> dg.Definitions:
    return assemble(current, discover())


@pytest.fixture(scope="module")
def specs(definitions: dg.Definitions) -> list[dg.AssetSpec]:
    return list(definitions.resolve_all_asset_specs())


def named(specs: list[dg.AssetSpec]) -> set[str]:
    return {spec.key.to_user_string() for spec in specs}


def test_every_asset_stands_in_the_group_of_its_stage(specs: list[dg.AssetSpec]) -> None:
    assert {str(spec.group_name).split("/")[0] for spec in specs} == STAGES


def test_every_asset_has_an_owner_a_description_and_a_page(specs: list[dg.AssetSpec]) -> None:
    assert named([s for s in specs if not s.owners]) == set()
    assert named([s for s in specs if not s.description]) == set()
    assert named([s for s in specs if "docs" not in s.metadata]) == set()
    pages = {spec.metadata["docs"].value for spec in specs}
    assert {page for page in pages if not (ROOT / page).exists()} == set()


def test_a_model_has_the_owner_of_its_folder(specs: list[dg.AssetSpec]) -> None:
    of = {spec.key.to_user_string(): [*spec.owners] for spec in specs}
    engineers, bi = ["data-engineering@example.org"], ["bi@example.org"]
    assert of["contracts/tickets"] == of["zendesk/tickets"] == of["ops/verdict"] == engineers
    assert of["main/pub_scorecard"] == of["registry/audiences"] == of["published/site"] == bi


def test_every_asset_has_kinds_and_dagster_an_icon_for_each(specs: list[dg.AssetSpec]) -> None:
    pages = Path(dagster_webserver.__file__).parent / "webapp"
    [icons] = {
        frozenset(re.findall(r'[{,]"?([a-z0-9-]+)"?:\{icon:', text))
        for file in pages.rglob("*.js")
        if "duckdb:{icon:" in (text := file.read_text())
    }
    assert named([s for s in specs if not s.kinds]) == set()
    assert {kind for spec in specs for kind in spec.kinds} - icons == set()


def test_what_is_published_leads_to_its_entry_in_the_dictionary(
    current: Settings, specs: list[dg.AssetSpec]
) -> None:
    entries = set(
        re.findall(r'id="(pub_\w+)"', (current.site.parent / "dictionary.html").read_text())
    )
    told = {spec.key.path[-1]: spec.metadata.get("dictionary") for spec in specs}
    assert {name for name, where in told.items() if where} == entries
    here = told["pub_scorecard"]
    assert isinstance(here, dg.PathMetadataValue)
    assert here.value == f"{current.site.parent.as_uri()}/dictionary.html#pub_scorecard"


def test_every_check_says_what_it_promises(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    silent = [key for key in graph.asset_check_keys if not graph.get_check_spec(key).description]
    assert silent == []


def test_a_run_leaves_rows_and_seconds_that_dagster_can_plot(
    current: Settings, specs: list[dg.AssetSpec]
) -> None:
    """A view has no rows of its own to count; what stands in the ledger takes no time of its own."""
    with lent(current.environment), instance(current) as on:
        records = on.get_asset_records([spec.key for spec in specs])
    left = {
        record.asset_entry.asset_key: record.asset_entry.last_materialization.asset_materialization.metadata
        for record in records
    }
    number = dg.IntMetadataValue | dg.FloatMetadataValue
    without_rows = [
        s for s in specs if not isinstance(left[s.key].get("dagster/row_count"), number)
    ]
    without_seconds = [s for s in specs if not isinstance(left[s.key].get("seconds"), number)]

    no_tables = {"published/site", "ops/verdict"}
    assert named(without_rows) == named([s for s in specs if "view" in s.kinds]) | no_tables
    assert {spec.group_name for spec in without_seconds} == {"ops"}
