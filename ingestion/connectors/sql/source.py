"""Tables and views of SQL databases, mapped by YAML to the input contracts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import dlt
from dlt.extract import DltResource

from ingestion.connector import Connector
from ingestion.connectors.sql.database import read_databases
from ingestion.connectors.sql.databases import Databases, Look
from ingestion.connectors.sql.record import DECLARED
from ingestion.landing import QUARANTINE, Page, arrow_schema, page_of
from ingestion.mapping.contracts import FILLABLE, WHOSE, raw_table
from ingestion.mapping.reading import pages

TABLES = {name: raw_table(of, "mapping", ("database",)) for name, of in FILLABLE.items()}


@dlt.source(name="sql", section="sql")
def sql_source(
    data_folder: str = "data", databases: str | None = None, as_of: str | None = None
) -> Iterator[DltResource]:
    """Yield a resource per contract that tables fill, and the table `tables` about them.

    `databases` is the folder of the organisation's YAML, `databases` in the `data_folder`
    where it is not set. The URL of each is a setting of its own: SOURCES__SQL__<NAME>__URL.
    """

    @cache
    def look() -> Look:
        found, problems = read_databases(Path(databases or f"{data_folder}/databases"))
        now = datetime.fromisoformat(as_of) if as_of else datetime.now(UTC)
        # dlt's working folder is thrown away before each load, with whatever a killed one left.
        scratch = Path(dlt.current.pipeline().working_dir)
        state = dlt.current.source_state()
        return Databases(state, now, scratch, url_of).look(found, problems)

    def contract_pages(name: str) -> Iterator[Page]:
        yield from pages(TABLES[name], name, look().readings, look().scopes)

    def declared_page() -> Iterator[Page]:
        aside = arrow_schema(QUARANTINE).empty_table()
        yield Page(page_of(DECLARED, look().rows), aside, problems=look().problems)

    for name in TABLES:
        yield dlt.resource(contract_pages(name), name=name)
    yield dlt.resource(declared_page(), name=DECLARED.name)


def url_of(database: str) -> str | None:
    """Return the secret where dlt looks for it."""
    url: str | None = dlt.secrets.get(f"sources.sql.{database}.url", str)
    return url


connector = Connector(
    name="sql",
    title="SQL databases",
    tables=(*TABLES.values(), DECLARED),
    source=sql_source,
    whose=WHOSE,
)
