"""Who is who in the sandbox, held against its truth."""

from datetime import date

import duckdb
import pytest

from identity.evaluate import against_truth
from ingestion.sandbox.world import make_world
from tests.whole_house.conftest import PEOPLE, House

pytestmark = pytest.mark.slow
SYSTEMS = {"crm": "hubspot", "survey": "qualtrics", "hr": "bamboohr", "support": "zendesk",
           "files": "files:register"}  # fmt: skip


@pytest.fixture(scope="module")
def bound(built: House):
    """The warehouse with temp table `sides`: record, truth, found."""
    truth = make_world(people=PEOPLE, seed=20_260_630, until=date(2026, 6, 30)).truth
    accounts = truth["account_person"]
    accounts = accounts.assign(
        record=accounts["system"].map(SYSTEMS) + ":" + accounts["account_key"].astype(str)
    )
    with duckdb.connect(str(built.data / "warehouse" / "warehouse.duckdb")) as db:
        db.register("truth", accounts[["record", "person_uid"]].astype(object))
        db.execute(
            "create temp table sides as select record, person_uid as truth, person_id as found "
            "from truth inner join identity.account_persons on record = account_id"
        )
        yield db


def test_wrong_persons_are_rare_and_most_accounts_of_one_meet(bound) -> None:
    figures = against_truth(bound, "sides")

    assert figures["records"] > 2 * PEOPLE
    assert figures["precision"] >= 0.999
    # docs/identity.md tells why it is not 0.95: the others share nothing but a common name.
    assert figures["recall"] >= 0.8
    assert figures["largest"] <= 50


def test_nobody_has_two_employee_numbers(bound) -> None:
    assert not bound.execute(
        "select person_id from identity.account_persons "
        "inner join identity.person_identifiers using (account_id) "
        "where kind = 'employee_number' group by person_id having count(distinct value) > 1"
    ).fetchall()


def test_shared_mailboxes_of_the_world_are_found(bound) -> None:
    reasons = bound.execute("select distinct reason from identity.contested_values").fetchall()
    assert ("names disagree",) in reasons
