"""App Store: the reviews of apps (preview)."""

from collections.abc import Iterator
from functools import partial

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator

from ingestion.client import session
from ingestion.connector import Column, Connector, Table
from ingestion.landing import Page, Scope, end_of
from ingestion.paging import Row, settled

PAGE = 200

REVIEWS = Table(
    name="reviews",
    key=("id",),
    time="created_date",
    is_whole=True,
    description="Reviews of apps; who wrote one is left at the vendor.",
    columns={
        "id": Column("string"),
        "app_id": Column("string"),
        "rating": Column("bigint", path="attributes.rating"),
        "title": Column("string", path="attributes.title"),
        "body": Column("string", path="attributes.body"),
        "territory": Column("string", path="attributes.territory"),
        "created_date": Column("timestamp", path="attributes.createdDate"),
    },
)


@dlt.source(name="app_store", section="app_store")
def app_store_source(
    base_url: str = dlt.config.value,
    access_token: str = dlt.secrets.value,
    apps: str = dlt.config.value,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the App Store tables this house models; `apps` are ids of apps, commas between."""
    client = RESTClient(
        base_url=base_url, auth=BearerTokenAuth(access_token), session=session(base_url)
    )
    yield dlt.resource(reviews, name=REVIEWS.name)(client, [app.strip() for app in apps.split(",")])


def reviews(client: RESTClient, apps: list[str]) -> Iterator[list[Row] | Page]:
    """Yield all reviews: an edited one keeps its date, and nothing tells of one that is gone."""
    for app in apps:
        for page in settled(partial(pages, client, app)):
            yield [row | {"app_id": app} for row in page]
    yield end_of(REVIEWS, Scope({}, "gone", erases=True))


def pages(client: RESTClient, app: str) -> Iterator[list[Row]]:
    """Yield the pages of the reviews of an app, each link followed on the same host alone."""
    yield from client.paginate(
        f"v1/apps/{app}/customerReviews",
        params={"sort": "-createdDate", "limit": PAGE},
        paginator=JSONLinkPaginator(next_url_path="links.next"),
        data_selector="data",
    )


connector = Connector(
    name="app_store",
    title="App Store",
    tables=(REVIEWS,),
    source=app_store_source,
    settings=("base_url", "access_token", "apps"),
    sandbox={"access_token": "sandbox", "apps": "1234567890"},
)
