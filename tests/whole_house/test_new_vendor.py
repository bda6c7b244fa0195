"""A new vendor is two folders of one name and one word in the switchboard, and nothing else."""

import pytest

from tests.whole_house.conftest import House

pytestmark = pytest.mark.slow


def test_its_rows_are_in_raw_in_the_contract_and_published(later: House) -> None:
    assert later.warehouse("select count(*) from raw_till.visits") == [(7,)]
    assert later.warehouse("select count(*) from contracts.touchpoints where source = 'till'") == [
        (7,)
    ]
    assert later.published("select count(*) > 0 from pub_touchpoints where channel = 'in_person'")


def test_the_others_are_there_as_before(later: House) -> None:
    sources = {source for (source,) in later.published("select source from pub_sources")}
    assert sources == {"hubspot", "till", "qualtrics", "bamboohr", "zendesk", "files"}


def test_status_knows_it(later: House) -> None:
    assert "till" in later.green("status")
