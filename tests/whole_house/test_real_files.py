"""Public files that nobody here made, through the whole house: each known fact is a published row."""

import shutil
from pathlib import Path

import pytest

from tests import real_files
from tests.whole_house.conftest import ROOT, House

pytestmark = [pytest.mark.proof, real_files.needs_them]
FILES = [
    "crm/telco_customer_churn.csv",
    "survey/sfo_customer_survey_2014.csv.gz",
    "survey/sfo_customer_survey_2015.csv.gz",
    "survey/sfo_customer_survey_2016.csv.gz",
    "hr/ibm_hr_attrition_synthetic.csv",
    "tickets/cfpb_complaints_sample.csv.gz",
]

# metric, period_kind, period_start's year, segment -> value, digits it is known to, numerator, n
FACTS = [
    ("churned_share", "snapshot", 2026, "all", 0.26537, 5, 1869, 7043),
    ("churned_share", "snapshot", 2026, "contract=Month-to-month", 0.4271, 4, 1655, 3875),
    ("churned_share", "snapshot", 2026, "contract=One%20year", 0.1127, 4, 166, 1473),
    ("churned_share", "snapshot", 2026, "contract=Two%20year", 0.0283, 4, 48, 1695),
    ("left_share", "snapshot", 2026, "all", 0.1612, 4, 237, 1470),
    ("left_share", "snapshot", 2026, "department=Sales", 0.2063, 4, 92, 446),
    ("left_share", "snapshot", 2026, "department=Research%20%26%20Development", 0.1384, 4, 133, 961),
    ("left_share", "snapshot", 2026, "department=Human%20Resources", 0.1905, 4, 12, 63),
    ("rating_mean", "year", 2014, "all", 3.996, 3, 10697, 2677),
    ("rating_mean", "year", 2015, "all", 4.048, 3, 11375, 2810),
    ("rating_mean", "year", 2016, "all", 4.038, 3, 11787, 2919),
    ("rating_mean", "snapshot", 2026, "instrument=ibm_job_satisfaction", 2.7286, 4, 4011, 1470),
    ("timely_response_rate", "snapshot", 2020, "all", 0.98581, 5, 6529, 6623),
    ("days_to_company", "snapshot", 2020, "all", 1.584, 3, 10491, 6623),
]  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    data = tmp_path_factory.mktemp("real")
    (data / "inbox").mkdir()
    for file in FILES:
        shutil.copyfile(real_files.FOLDER / file, data / "inbox" / Path(file).name)
    shutil.copytree(ROOT / "docs" / "examples" / "files", data / "mappings")
    house = House(data, sources="files")
    house.green("run")
    return house


@pytest.mark.parametrize(
    ("metric", "period", "year", "segment", "value", "digits", "numerator", "n"), FACTS
)
def test_a_known_fact_is_a_published_row(
    house: House,
    metric: str,
    period: str,
    year: int,
    segment: str,
    value: float,
    digits: int,
    numerator: int,
    n: int,
) -> None:
    rows = house.published(
        f"""
        select value, numerator, n, low <= value and value <= high from pub_metric_values
        where metric = '{metric}' and period_kind = '{period}' and segment = '{segment}'
            and year(period_start) = {year} and status = 'ok'
        """
    )

    assert len(rows) == 1
    assert round(rows[0][0], digits) == value
    assert rows[0][1:] == (numerator, n, True)


def test_nothing_is_invented_for_undated_files(house: House) -> None:
    assert house.published(
        "select count(*) from pub_metric_values "
        "where metric in ('nps', 'csat', 'first_response_minutes_p50') and value is not null"
    ) == [(0,)]


def test_what_a_mapping_declares_is_shown_as_declared(house: House) -> None:
    told = house.green("status", "--json")

    assert "2026-01-01" in told
    assert "sfo_overall" in told


def test_no_salary_came_in(house: House) -> None:
    columns = house.warehouse(
        "select count(*) from duckdb_columns() where lower(column_name) similar to "
        "'.*(monthlyincome|dailyrate|hourlyrate|monthlyrate|salary).*'"
    )
    assert columns == [(0,)]
    assert house.warehouse(
        "select count(*) from raw_files.employments where attributes::varchar like '%5993%'"
    ) == [(0,)]
