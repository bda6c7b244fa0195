"""Greenhouse (Harvest v3), a preview: candidates and their applications."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dlt
from dlt.common.configuration import configspec
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import OAuth2ClientCredentials
from dlt.sources.helpers.rest_client.paginators import HeaderLinkPaginator

from ingestion.client import session
from ingestion.connector import Column, Connector, Table, Whose
from ingestion.window import clock, window

# Lists trail the records by minutes.
LOOKBACK = timedelta(hours=1)
PAGE = 500

CANDIDATES = Table(
    name="candidates",
    key=("id",),
    columns={
        "id": Column("bigint"),
        "first_name": Column("string"),
        "last_name": Column("string"),
        "email_addresses": Column("json", optional=True),
        "phone_numbers": Column("json", optional=True),
        "created_at": Column("timestamp"),
        "updated_at": Column("timestamp"),
    },
    description="People who applied or were looked for.",
    time="updated_at",
)
APPLICATIONS = Table(
    name="applications",
    key=("id",),
    columns={
        "id": Column("bigint"),
        "candidate_id": Column("bigint"),
        "job_id": Column("bigint", optional=True),
        "status": Column("string"),
        "applied_at": Column("timestamp", optional=True),
        "created_at": Column("timestamp"),
        "updated_at": Column("timestamp"),
    },
    description="Applications of candidates, as they stand.",
    time="updated_at",
)


@dlt.source(name="greenhouse", section="greenhouse")
def greenhouse_source(
    base_url: str = dlt.config.value,
    client_id: str = dlt.secrets.value,
    client_secret: str = dlt.secrets.value,
    token_url: str | None = None,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Greenhouse tables this house models.

    `token_url` is where the token is given, `/token` under `base_url` by default. `as_of` is the
    run's clock: ISO 8601 with an offset, the present by default.
    """
    now = clock(as_of)
    token_url = token_url or f"{base_url.rstrip('/')}/token"
    client = RESTClient(
        base_url=base_url,
        auth=Grant(
            access_token_url=token_url,
            client_id=client_id,
            client_secret=client_secret,
            session=session(token_url),
        ),
        session=session(base_url),
        paginator=HeaderLinkPaginator(),
    )
    for table in (CANDIDATES, APPLICATIONS):
        yield dlt.resource(changed, name=table.name)(client, table.name, now)


@configspec
class Grant(OAuth2ClientCredentials):
    """A token for client id and secret, which go into the header; it says when it ends."""

    def build_access_token_request(self) -> dict[str, Any]:
        """Return what is posted for a token."""
        secret = b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        return {
            "headers": {"Authorization": f"Basic {secret}"},
            "data": {"grant_type": "client_credentials"},
            "allow_redirects": False,
        }

    def parse_expiration_in_seconds(self, response_json: Any) -> int:
        """Return how long a token is good."""
        ends = datetime.fromisoformat(response_json["expires_at"])
        return int((ends - datetime.now(UTC)).total_seconds())


def changed(client: RESTClient, name: str, now: datetime) -> Iterator[list[dict[str, Any]]]:
    """Yield what changed since the last run; after the first page the cursor alone is sent."""
    with window(now, LOOKBACK) as read:
        since = {"updated_at": f"gte|{read.since:%Y-%m-%dT%H:%M:%SZ}"} if read.since else {}
        yield from client.paginate(name, params={"per_page": PAGE, **since})


connector = Connector(
    name="greenhouse",
    title="Greenhouse",
    tables=(CANDIDATES, APPLICATIONS),
    source=greenhouse_source,
    whose={
        "candidates": Whose("id"),
        "applications": Whose("candidate_id"),
    },
    settings=("base_url", "client_id", "client_secret"),
    sandbox={"client_id": "sandbox", "client_secret": "sandbox"},
)
