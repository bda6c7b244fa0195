"""Files dropped in an inbox folder, mapped by YAML to the input contracts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import dlt
from dlt.extract import DltResource

from ingestion.connector import Connector
from ingestion.connectors.files.catalogue import own_folder, read_catalogue
from ingestion.connectors.files.inbox import Inbox, Look
from ingestion.connectors.files.record import FILES
from ingestion.landing import QUARANTINE, Page, arrow_schema, page_of
from ingestion.mapping.contracts import FILLABLE, WHOSE, raw_table
from ingestion.mapping.reading import pages

TABLES = {name: raw_table(of, "file_name", ("file_name",)) for name, of in FILLABLE.items()}


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
        yield from pages(TABLES[name], name, look().readings, look().scopes)

    def file_pages() -> Iterator[Page]:
        if look().files or look().problems:
            aside = arrow_schema(QUARANTINE).empty_table()
            yield Page(page_of(FILES, look().files), aside, problems=look().problems)

    for name in TABLES:
        yield dlt.resource(contract_pages(name), name=name)
    yield dlt.resource(file_pages(), name=FILES.name)


connector = Connector(
    name="files",
    title="Files in the inbox",
    tables=(*TABLES.values(), FILES),
    source=files_source,
    whose=WHOSE,
)
