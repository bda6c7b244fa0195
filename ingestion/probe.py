"""One cheap look at a vendor: which tables can be read with this credential, which not and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import dlt
from dlt.common.configuration.container import Container
from dlt.common.pipeline import StateInjectableContext

from ingestion.connector import Connector
from ingestion.faults import explain


@dataclass(frozen=True, slots=True)
class Probed:
    """What became of one table: `problem` is the sentence a person reads, or None."""

    table: str
    has_rows: bool
    problem: str | None


def probe(connector: Connector, as_of: datetime) -> Iterator[Probed]:
    """Read the first page of every table and throw it away; nothing lands and no cursor moves.

    Raises:
        IngestionError: the source can not even begin, as where a setting is missing.
    """
    dlt.config[f"sources.{connector.name}.as_of"] = as_of.isoformat()
    try:
        source = connector.source()
    except Exception as failure:
        raise explain(connector.name, failure) from failure
    for table in connector.tables:
        try:
            # As if nothing had ever been read, whatever this process loaded before.
            with Container().injectable_context(StateInjectableContext(state={})):
                first = next(iter(source.with_resources(table.name).add_limit(1)), None)
        except Exception as failure:
            yield Probed(table.name, False, str(explain(connector.name, failure)))
        else:
            yield Probed(table.name, first is not None, None)
