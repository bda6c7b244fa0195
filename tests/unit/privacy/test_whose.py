"""Every raw table says whose its rows are, in columns that it has."""

import duckdb
import pytest

from ingestion.connector import Connector, discover
from ingestion.landing import arrow_schema

# Tables in which nobody is: catalogues, counts, companies, and reviews without an author's key.
NOBODYS = {
    "app_store.reviews", "google_business.reviews", "freshdesk.companies", "jira.statuses",
    "jira.organizations", "lever.stages", "lever.archive_reasons", "mailchimp.lists",
    "mailchimp.campaigns", "qualtrics.surveys", "qualtrics.survey_questions",
    "qualtrics.distributions", "surveymonkey.surveys", "surveymonkey.survey_questions",
    "surveymonkey.collectors", "typeform.forms", "typeform.form_fields",
    "youtube.channel_statistics", "zendesk.organizations", "files.files", "sql.tables",
    *(f"{source}.{contract}" for source in ("files", "sql")
      for contract in ("organisations", "survey_questions", "audience_counts", "audit_visits")),
}  # fmt: skip
CONNECTORS = list(discover().values())


def test_a_table_is_somebodys_or_is_known_to_be_nobodys() -> None:
    silent = {
        f"{connector.name}.{table.name}"
        for connector in CONNECTORS
        for table in connector.tables
        if table.name not in connector.whose
    }
    assert silent == NOBODYS


@pytest.mark.parametrize("connector", CONNECTORS, ids=lambda connector: connector.name)
def test_what_is_said_can_be_asked_of_the_table(connector: Connector) -> None:
    with duckdb.connect() as db:
        for name, whose in connector.whose.items():
            db.register(name, arrow_schema(connector.table(name)).empty_table())
            columns = connector.table(name).columns
            assert {*whose.part_of, *whose.mentions} <= columns.keys(), name
            assert whose.at is None or whose.at in columns, name
            if whose.own:
                db.execute(f"select cast(({whose.own}) as varchar) from {name}")
            for parent in whose.part_of.values():
                table, column = parent.split(".")
                assert column in connector.table(table).columns, name
                assert table in connector.whose, name
