"""What a run computes follows what is new: counted, for counts do not wobble as seconds do."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import standing
from orchestration.settings import read
from tests.proof.equality import contents
from tests.whole_house.conftest import House

pytestmark = pytest.mark.slow
# One visit is scored anew. Sources tell at each load that they were asked, so what shows how fresh
# a figure is (metric values among them) is built too.
BUILT = {"contracts": 5, "marts": 61}  # at most
# Rows read by such a run and by one of everything, at most: what says how fresh metric values are
# reads the most.
ROWS_SCANNED = {"visit": 2_520_000, "everything": 5_550_000}


@pytest.fixture(scope="module")
def one_visit_later(
    built: House, tmp_path_factory: pytest.TempPathFactory
) -> tuple[House, list[str]]:
    """The built house after two runs that each found a visit scored anew, and what they said.

    The first also reads what the first publication told once and for all; the second is as any.
    """
    data = tmp_path_factory.mktemp("visit") / "data"
    shutil.copytree(built.data, data, symlinks=True)
    house, said = House(data), []
    for score in (1, 2):
        house.warehouse(
            f"update raw_files.audit_visits set score = {score}, _dlt_load_id = '999999999{score}.9' "
            "where rowid = (select min(rowid) from raw_files.audit_visits where score > 2)"
        )
        said.append(house.green("run"))
    return house, said


def nodes(house: House, stage: str) -> list[dict[str, Any]]:
    """Return what dbt built of a stage when it last ran."""
    told = json.loads((house.data / "dbt" / f"run_results_{stage}.json").read_text())
    return [
        each for each in told["results"] if each["unique_id"].split(".")[0] in ("model", "seed")
    ]


def rows_scanned(house: House, models: list[dict[str, Any]], scratch: Path) -> int:
    """Return how many rows DuckDB reads from tables to answer these models once."""
    shutil.copytree(house.data / "warehouse", scratch)
    total = 0
    with duckdb.connect(str(scratch / "warehouse.duckdb")) as db:
        db.execute(f"attach '{scratch / 'publication.duckdb'}' as publication")
        db.execute(
            "set threads = 1; set TimeZone = 'UTC'"
        )  # so that the count is the same each time
        for each in models:
            sql = each.get("compiled_code") or ""
            if sql and not sql.lstrip().startswith("#"):  # a model in Python
                [(_, plan)] = db.execute(f"explain (analyze, format json) {sql}").fetchall()
                total += json.loads(plan)["cumulative_rows_scanned"]
    return total


def test_a_second_run_finds_nothing_new_and_computes_nothing(built: House) -> None:
    before = sorted((built.data / "dbt").glob("run_results*"))
    kept = [file.stat().st_mtime_ns for file in before]
    done = built.ax("run", "--json")
    told = json.loads(done.stdout)

    assert done.returncode == 0
    assert "nothing is new" in done.stderr, "progress is told beside the JSON"
    assert "models and registries are built" not in done.stderr
    assert [file.stat().st_mtime_ns for file in before] == kept, "dbt did not run"
    assert told["problems"] == []
    assert {row["source"] for row in told["sources"]} == {row["source"] for row in told["tables"]}
    assert [each["is_served"] for each in told["publications"]].count(True) == 1
    published = built.published(
        "select value from pub_metric_values where metric = 'nps' and audience = 'customer' "
        "and segment = 'all' and period_kind = 'quarter' order by period_start desc limit 1"
    )
    nps = [line for line in told["scorecard"]["lines"]
           if (line["audience"], line["metric"]) == ("customer", "nps")]  # fmt: skip
    assert [(line["value"],) for line in nps] == published


def test_one_changed_record_builds_what_it_reaches_and_says_so(one_visit_later) -> None:
    house, said = one_visit_later
    of_both = [
        re.findall(r"(\d+) of \d+ models and registries are built, as (.*) are new", each)
        for each in said
    ]
    built = {stage: len(nodes(house, stage)) for stage in BUILT}

    assert all(0 < built[stage] <= BUILT[stage] for stage in BUILT), built
    assert [int(count) for count, _ in of_both[1]] == [*built.values()]
    assert "stand, for nothing that they read is new" in said[1]
    # Of many names some are told: those of what came from a source first.
    for told in of_both:
        assert "raw_files.audit_visits" in told[0][1]
        assert "contracts.audit_visits" in told[1][1]


def test_it_reads_as_few_rows_as_it_did(built: House, one_visit_later, tmp_path: Path) -> None:
    house, _ = one_visit_later
    scanned = {
        name: rows_scanned(of, [n for stage in BUILT for n in nodes(of, stage)], tmp_path / name)
        for name, of in (("visit", house), ("everything", built))
    }
    assert all(0 < scanned[name] <= most for name, most in ROWS_SCANNED.items()), scanned


@pytest.mark.proof
def test_what_stands_is_as_if_it_were_built_anew(one_visit_later) -> None:
    house, _ = one_visit_later
    before = contents(house.data)
    standing.forget(read(house.environment))
    said = house.green("run")

    assert "no earlier build is known" in said
    assert contents(house.data) == before
