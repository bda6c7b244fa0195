"""Files dropped in an inbox folder, mapped by YAML to the input contracts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import dlt
from dlt.extract import DltResource

from ingestion.connector import Connector
from ingestion.connectors.files.catalogue import own_folder, read_catalogue
from ingestion.connectors.files.contracts import FILLABLE, raw_table
from ingestion.connectors.files.inbox import Inbox, Look
from ingestion.connectors.files.record import FILES, as_arrow
from ingestion.landing import QUARANTINE, Page, arrow_schema

TABLES = tuple(raw_table(contract) for contract in FILLABLE.values())


@dlt.source(name="files", section="files")
def files_source(
    inbox: str = "data/inbox", mappings: str | None = None, as_of: str | None = None
) -> Iterator[DltResource]:
    """Yield a resource per contract that files fill, and the table `files` about the files.

    `mappings` is the organisation's own folder; where it is not set, `mappings` beside the inbox
    is taken if it exists. The mappings shipped for the sandbox are at hand in any case. `as_of` is
    the run's clock: the present, unless it is set.
    """

    @cache
    def look() -> Look:
        catalogue = read_catalogue(own_folder(Path(inbox), mappings))
        now = as_of or datetime.now(UTC).isoformat(timespec="seconds")
        # dlt's working folder is thrown away before each load, with whatever a killed one left.
        scratch = Path(dlt.current.pipeline().working_dir)
        return Inbox(Path(inbox), catalogue, dlt.current.source_state(), now, scratch).look()

    def contract_pages(name: str) -> Iterator[Page]:
        yield from pages(look(), name)

    def file_pages() -> Iterator[Page]:
        if look().files or look().problems:
            aside = arrow_schema(QUARANTINE).empty_table()
            yield Page(as_arrow(look().files), aside, problems=look().problems)

    for table in TABLES:
        yield dlt.resource(contract_pages(table.name), name=table.name)
    yield dlt.resource(file_pages(), name=FILES.name)


def pages(look: Look, contract: str) -> Iterator[Page]:
    """Yield what one look found for a contract: rows that fit, misfits, and what is gone."""
    nothing = arrow_schema(raw_table(FILLABLE[contract])).empty_table()
    aside = arrow_schema(QUARANTINE).empty_table()
    for reading in look.readings:
        if reading.mapping.contract == contract:
            for rows in reading.good():
                yield Page(rows, aside)
            yield Page(nothing, reading.bad(), reading.scope)
            reading.close()
    for name, scope in look.scopes:
        if name == contract:
            yield Page(nothing, aside, scope)


connector = Connector(
    name="files",
    title="Files in the inbox",
    tables=(*TABLES, FILES),
    source=files_source,
)
