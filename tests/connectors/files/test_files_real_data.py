"""Real files through the documented examples: what lands is what their README says of them."""

import shutil

import pytest
from drop_box import CHECKOUT, Box, new_box

from ingestion.pipeline import Load
from tests import real_files

EXAMPLES = CHECKOUT / "docs" / "examples" / "files"
FILES = [
    "crm/telco_customer_churn.csv",
    "survey/sfo_customer_survey_2014.csv.gz",
    "survey/sfo_customer_survey_2015.csv.gz",
    "survey/sfo_customer_survey_2016.csv.gz",
    "hr/ibm_hr_attrition_synthetic.csv",
    "tickets/cfpb_complaints_sample.csv.gz",
    "identity/fake_1000.csv",
]
pytestmark = real_files.needs_them


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Box, Load]:
    """Every real file, loaded once."""
    box = new_box(tmp_path_factory.mktemp("real"))
    for file in FILES:
        shutil.copy(real_files.FOLDER / file, box.inbox)
    shutil.copytree(EXAMPLES, box.root / "mappings", dirs_exist_ok=True)
    return box, box.load()


# Each fact of the README, and where raw says it.
FACTS: dict[str, tuple[str, list[tuple[object, ...]]]] = {
    "customers and how many had left": (
        """
        select count(*), count_if(is_ended), round(100 * avg(is_ended::int), 3)
        from raw_files.membership_evidence
        """,
        [(7043, 1869, 26.537)],
    ),
    "share that had left by contract": (
        """
        select attributes ->> 'contract', round(100 * avg(is_ended::int), 2)
        from raw_files.membership_evidence group by 1 order by 1
        """,
        [("Month-to-month", 42.71), ("One year", 11.27), ("Two year", 2.83)],
    ),
    "charges and their blanks": (
        """
        select sum((attributes ->> 'monthly_charges')::decimal(9, 2))::varchar,
            count_if((attributes ->> 'total_charges') is null)
        from raw_files.person_observations where mapping = 'telco_customers'
        """,
        [("456116.60", 11)],
    ),
    "blanks as the table of files counts them": (
        "select blank from raw_files.files where mapping = 'telco_customers'",
        [('{"attributes.total_charges": 11}',)],
    ),
    "satisfaction of passengers by year": (
        """
        select year(answered_at), count(answer_value), round(avg(answer_value), 3)
        from raw_files.survey_answers where instrument = 'sfo_overall' group by 1 order by 1
        """,
        [(2014, 2677, 3.996), (2015, 2810, 4.048), (2016, 2919, 4.038)],
    ),
    "codes that mean missing": (
        "select landed, missing from raw_files.files where contract = 'survey_answers' order by 1",
        [
            (1470, "{}"),
            (2818, '{"answer_value": {"0": 111, "6": 30}}'),
            (2958, '{"answer_value": {"0": 108, "6": 40}}'),
            (3087, '{"answer_value": {"0": 133, "6": 35}}'),
        ],
    ),
    "employees and how many had left": (
        """
        select count(*), count_if(is_ended), round(100 * avg(is_ended::int), 2)
        from raw_files.employments
        """,
        [(1470, 237, 16.12)],
    ),
    "share that had left by department": (
        """
        select department, round(100 * avg(is_ended::int), 2)
        from raw_files.employments group by 1 order by 1
        """,
        [("Human Resources", 19.05), ("Research & Development", 13.84), ("Sales", 20.63)],
    ),
    "job satisfaction": (
        """
        select count(*), round(avg(answer_value), 4), any_value(confidentiality)
        from raw_files.survey_answers where mapping = 'ibm_satisfaction'
        """,
        [(1470, 2.7286, "confidential")],
    ),
    "complaints answered in time": (
        "select count(*), count_if(is_timely), count_if(not is_timely) from raw_files.tickets",
        [(6623, 6529, 94)],
    ),
    "days until the company had it": (
        """
        select round(avg(days), 3), median(days)::int, min(created_at)::date::varchar,
            max(created_at)::date::varchar
        from (
            select created_at, date_diff('second', created_at, forwarded_at) / 86400 as days
            from raw_files.tickets
        )
        """,
        [(1.584, 0, "2015-04-06", "2020-03-19")],
    ),
    "narratives and their tickets": (
        """
        select count(*), count(tickets.ticket_id)
        from raw_files.feedback_turns left join raw_files.tickets using (ticket_id)
        """,
        [(1532, 1532)],
    ),
    "records of people": (
        """
        select count(*), count(birth_date), count(email)
        from raw_files.person_observations where mapping = 'fake_people'
        """,
        [(1000, 1000, 789)],
    ),
}


@pytest.mark.parametrize(("query", "facts"), FACTS.values(), ids=FACTS.keys())
def test_raw_holds_what_the_readme_says(
    loaded: tuple[Box, Load], query: str, facts: list[tuple[object, ...]]
) -> None:
    assert loaded[0].query(query) == facts


def test_nothing_of_the_real_files_is_set_aside(loaded: tuple[Box, Load]) -> None:
    box, load = loaded

    assert load.problem is None
    assert sum(count.quarantined for count in load.tables) == 0
    assert box.query("select count(*) from raw_files.files") == [(10,)]


def test_pay_never_lands(loaded: tuple[Box, Load]) -> None:
    box, _ = loaded
    ibm = box.query(
        "select columns(*)::varchar from raw_files.employments where employee_number = '1'"
    )

    assert "5993" not in ibm[0]
    assert not any("Rate" in str(value) or "Income" in str(value) for value in ibm[0])


def test_loading_the_real_files_twice_changes_nothing(loaded: tuple[Box, Load]) -> None:
    box, _ = loaded
    for file in box.inbox.iterdir():
        file.touch()  # another time stamp is no other content

    again = box.load()

    assert (again.problem, again.touched) == (None, 0)
