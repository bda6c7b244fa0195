"""Google Business Profile: the reviews of places (preview)."""

from collections.abc import Iterator
from functools import partial

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from ingestion.client import session
from ingestion.connector import Column, Connector, Table
from ingestion.landing import Page, Scope, end_of
from ingestion.paging import Row, settled

PAGE = 50

REVIEWS = Table(
    name="reviews",
    key=("name",),
    time="update_time",
    is_whole=True,
    description="Reviews of places; who wrote one is left at the vendor.",
    columns={
        "name": Column("string"),
        "star_rating": Column("string", path="starRating"),
        # Stars may be given without a word.
        "comment": Column("string", optional=True),
        "create_time": Column("timestamp", path="createTime"),
        "update_time": Column("timestamp", path="updateTime"),
    },
)


@dlt.source(name="google_business", section="google_business")
def google_business_source(
    base_url: str = dlt.config.value,
    access_token: str = dlt.secrets.value,
    locations: str = dlt.config.value,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Google Business Profile tables this house models.

    `locations` are the places to read, such as `accounts/1/locations/2`, with commas between.
    """
    client = RESTClient(
        base_url=base_url, auth=BearerTokenAuth(access_token), session=session(base_url)
    )
    places = [place.strip() for place in locations.split(",")]
    yield dlt.resource(reviews, name=REVIEWS.name)(client, places)


def reviews(client: RESTClient, places: list[str]) -> Iterator[list[Row] | Page]:
    """Yield all reviews: nothing tells of one that was deleted but its absence."""
    for place in places:
        yield from settled(partial(pages, client, place), "name")
    yield end_of(REVIEWS, Scope({}, "gone", erases=True))


def pages(client: RESTClient, place: str) -> Iterator[list[Row]]:
    """Yield the pages of the reviews of a place."""
    yield from client.paginate(
        f"v4/{place}/reviews",
        params={"pageSize": PAGE},
        paginator=JSONResponseCursorPaginator(
            cursor_path="nextPageToken", cursor_param="pageToken"
        ),
        data_selector="reviews",
    )


connector = Connector(
    name="google_business",
    title="Google Business Profile",
    tables=(REVIEWS,),
    source=google_business_source,
    settings=("base_url", "access_token", "locations"),
    sandbox={"access_token": "sandbox", "locations": "accounts/1/locations/2"},
)
