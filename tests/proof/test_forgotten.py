"""A whole house forgets a person: found in every kind of store, then in none, also after a run."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.erasure import outside
from orchestration.reissue import pseudonyms
from orchestration.settings import read
from privacy.search import search
from privacy.subject import Subject, find
from tests.whole_house.conftest import House

pytestmark = pytest.mark.proof

# Whom most sources know, so that most kinds of rows are somebody's to take away.
KNOWN_BEST = """
select person_id from identity.account_persons
inner join contracts.person_observations using (account_id)
where person_id in (
    select person_id from marts.fct_touchpoints where is_publishable and not person_is_workforce
)
group by person_id order by count(distinct source) desc, count(*) desc, person_id limit 1
"""


def places(house: House, subject: Subject) -> set[str]:
    """Return the files in which a person stands, each with its relation."""
    current = read(house.environment)
    found = search(current.data, subject.everything, outside(current))
    return {f"{hit.file.suffix}:{hit.relation}" for hit in found}


def test_who_is_forgotten_stands_nowhere_also_after_the_next_run(
    house: House, tmp_path: Path, kept: Callable[..., None]
) -> None:
    house.green("run")
    person = house.warehouse(KNOWN_BEST)[0][0]
    with duckdb.connect(str(house.data / "warehouse" / "warehouse.duckdb")) as db:
        subject = find(db, person=person)
    marks = [value.text for value in pseudonyms(read(house.environment), subject).values]
    left = f"select count(*) from pub_touchpoints where person_key in {(*marks,)}"
    assert house.published(left)[0][0] > 0
    plant = next(value.text for value in subject.values if value.kind == "email")
    (house.data / "logs" / "planted.log").write_text(f"{plant} is odd\n")
    before = places(house, subject)
    assert {":".join(place) for place in [(".log", ""), (".duckdb", "raw_zendesk.users")]} <= before

    asked = tmp_path / "asked.txt"
    asked.write_text(f"{person}\n")
    house.green("forget", "--subject-file", str(asked))
    assert places(house, subject) == set()
    receipt = json.loads(next((house.data / "receipts").glob("*.json")).read_text())
    assert not subject.everything.are_in(json.dumps(receipt))
    assert house.published(left) == [(0,)]
    assert house.green("doctor")

    started = time.monotonic()
    house.green("run")
    assert places(house, subject) == set()
    accounts = [list(subject.accounts)]
    with duckdb.connect(str(house.data / "warehouse" / "warehouse.duckdb")) as db:
        sql = "select count(*) from {} where list_contains(?, account_id)"
        for relation in ("contracts.person_observations", "identity.person_bindings"):
            assert db.execute(sql.format(relation), accounts).fetchall() == [(0,)]
    kept(
        "a person forgotten",
        seconds=receipt["seconds"],
        relations=sum(relation["changed"] > 0 for relation in receipt["relations"]),
        rows=sum(relation["changed"] for relation in receipt["relations"]),
        places_before=len(before),
        places_after=0,
        next_run_seconds=round(time.monotonic() - started),
    )
