"""Personio (v2), a preview: the persons of a company."""

from collections.abc import Iterator
from typing import Any

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import OAuth2ClientCredentials
from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator

from ingestion.client import session
from ingestion.connector import Column, Connector, Table, Whose
from ingestion.landing import Page, Scope, end_of

PAGE = 50

# All but the id come only where the credential may read them.
PERSONS = Table(
    name="persons",
    key=("id",),
    columns={
        "id": Column("string"),
        "first_name": Column("string", optional=True),
        "last_name": Column("string", optional=True),
        "email": Column("string", optional=True),
        "status": Column("string", optional=True),
        "created_at": Column("timestamp", optional=True),
        "updated_at": Column("timestamp", optional=True),
    },
    description="People who work or worked here; of one who is gone only the id is left.",
    time="updated_at",
    is_whole=True,
)


@dlt.source(name="personio", section="personio")
def personio_source(
    base_url: str = dlt.config.value,
    client_id: str = dlt.secrets.value,
    client_secret: str = dlt.secrets.value,
) -> Iterator[DltResource]:
    """Yield the Personio tables this house models."""
    asking = session(base_url)
    client = RESTClient(
        base_url=base_url,
        auth=OAuth2ClientCredentials(
            access_token_url=f"{base_url.rstrip('/')}/v2/auth/token",
            client_id=client_id,
            client_secret=client_secret,
            session=asking,
        ),
        session=asking,
        paginator=JSONLinkPaginator(next_url_path="_meta.links.next.href"),
        data_selector="_data",
    )
    yield dlt.resource(persons, name=PERSONS.name)(client)


def persons(client: RESTClient) -> Iterator[list[dict[str, Any]] | Page]:
    """Yield everyone; no list tells of who was removed, so who is not there is gone."""
    yield from client.paginate("v2/persons", params={"limit": PAGE})
    yield end_of(PERSONS, Scope({}, "gone", erases=True))


connector = Connector(
    name="personio",
    title="Personio",
    tables=(PERSONS,),
    source=personio_source,
    whose={"persons": Whose("id")},
    settings=("base_url", "client_id", "client_secret"),
    sandbox={"client_id": "sandbox", "client_secret": "sandbox"},
)
