"""What is added to an asset: its owner and the pages that tell of it."""

from dataclasses import replace
from typing import Any

import dagster as dg
import pytest

from orchestration.stages import told

MANIFEST = {
    "groups": {
        name: {"name": name, "owner": {"email": f"{name}@example.org"}}
        for name in ("bi", "data_engineering")
    }
}
SAID = "What readers have.\n\n#### Raw SQL:\nselect 1"


@pytest.fixture
def spec_of(current):
    """Return the spec of an asset as it is told, of a house whose site has an address or none."""

    def of(group: str, site_url: str | None = None, **facts: Any) -> dg.AssetSpec:
        spec = dg.AssetSpec(["main", "pub_x"], group_name=group, description=SAID, **facts)

        @dg.multi_asset(specs=[spec], name="x")
        def made() -> None:
            return None

        [asset] = told(replace(current, site_url=site_url), MANIFEST, [made])
        [found] = asset.specs
        return found

    return of


def test_what_no_model_makes_is_owned_by_its_stage_and_a_model_as_it_says(spec_of) -> None:
    assert [*spec_of("published").owners] == ["bi@example.org"]
    assert [*spec_of("sources/files").owners] == ["data_engineering@example.org"]
    assert [*spec_of("published", owners=["team:own"]).owners] == ["team:own"]


def test_a_part_of_a_stage_has_the_nearest_page(spec_of) -> None:
    assert spec_of("marts/fans").metadata["docs"].value == "docs/fans.md"
    assert spec_of("marts/something_new").metadata["docs"].value == "docs/bi.md"
    assert "docs" not in spec_of("something_new").metadata


def test_the_dictionary_is_a_link_where_the_site_is_served(spec_of) -> None:
    spec = spec_of("published", "https://ax.example.org/site/")
    link = "https://ax.example.org/site/dictionary.html#pub_x"

    assert spec.metadata["dictionary"] == dg.MetadataValue.url(link)
    assert spec.description == (
        f"What readers have.\n\n[In the dictionary]({link})\n\n#### Raw SQL:\nselect 1"
    )


def test_and_an_address_to_copy_where_it_is_not(spec_of, current) -> None:
    spec = spec_of("published")

    assert spec.metadata["dictionary"].value == (
        f"file://{current.data}/published/site/dictionary.html#pub_x"
    )
    assert spec.description == SAID
