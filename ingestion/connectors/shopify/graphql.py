"""How Shopify's GraphQL API is asked: by cost, and with its errors inside a success."""

import logging
import time
from collections.abc import Iterable, Iterator
from typing import Any

from dlt.sources.helpers.rest_client import RESTClient

from ingestion.client import session
from ingestion.errors import VendorFault

Row = dict[str, Any]

ATTEMPTS = 5
LONGEST_WAIT = 60.0  # seconds
GRANT = "grant the scopes named in the connector's README"
REMEDIES = {
    "ACCESS_DENIED": GRANT,
    "MAX_COST_EXCEEDED": "ask for less at a time with the setting page_size",
}

log = logging.getLogger(__name__)


class Admin:
    """The Admin API of one shop in one version."""

    def __init__(self, base_url: str, access_token: str, api_version: str) -> None:
        self.client = RESTClient(
            base_url,
            headers={"X-Shopify-Access-Token": access_token},
            session=session(base_url),
        )
        self.path = f"admin/api/{api_version}/graphql.json"
        self.api_version = api_version

    def ask(self, query: str, **variables: Any) -> Row:
        """Return the data of an answer; wait where the cost of the query is not there yet."""
        for _ in range(ATTEMPTS):
            response = self.client.post(self.path, json={"query": query, "variables": variables})
            response.raise_for_status()
            self._compare(response.headers.get("X-Shopify-API-Version"))
            body = response.json()
            errors = body.get("errors")
            if not errors:
                return body["data"]
            if "THROTTLED" not in codes(errors):
                raise refusal(errors)
            time.sleep(wait(body))
        raise VendorFault(
            "shopify",
            "still limits the rate after every retry (THROTTLED)",
            "wait for the quota to reset or ask for less at a time with the setting page_size",
        )

    def pages(self, name: str, query: str, **variables: Any) -> Iterator[list[Row]]:
        """Yield the pages of one connection, walked by its cursor."""
        after = None
        while True:
            found = self.ask(query, after=after, **variables)[name]
            yield found["nodes"]
            if not found["pageInfo"]["hasNextPage"]:
                return
            after = found["pageInfo"]["endCursor"]

    def _compare(self, served: str | None) -> None:
        if served and served != self.api_version:
            log.warning("shopify: version %s of the API is gone, %s answered; set api_version",
                        self.api_version, served)  # fmt: skip


def connection(name: str, paths: Iterable[str]) -> str:
    """Return the query for one page of a connection, oldest change first."""
    return f"""query page($first: Int!, $after: String, $filter: String) {{
  {name}(first: $first, after: $after, query: $filter, sortKey: UPDATED_AT) {{
    nodes {{ {selection(paths)} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""


def selection(paths: Iterable[str]) -> str:
    """Return dotted paths as the fields of a query."""
    tree: Row = {}
    for path in paths:
        branch = tree
        for field in path.split("."):
            branch = branch.setdefault(field, {})
    return _written(tree)


def _written(tree: Row) -> str:
    fields = (f"{name} {{ {_written(of)} }}" if of else name for name, of in tree.items())
    return " ".join(fields)


def codes(errors: Any) -> set[str]:
    """Return the codes that errors carry; some are no more than a sentence."""
    of = errors if isinstance(errors, list) else []
    return {(error.get("extensions") or {}).get("code", "") for error in of}


def refusal(errors: Any) -> VendorFault:
    """Return errors inside a success as one sentence."""
    first = errors[0].get("message", "") if isinstance(errors, list) else str(errors)
    remedy = next(
        (REMEDIES[code] for code in sorted(codes(errors)) if code in REMEDIES),
        "check the connector's version of the API",
    )
    return VendorFault("shopify", f"refused the query: {' '.join(first.split())[:200]}", remedy)


def wait(body: Row) -> float:
    """Return the seconds until a throttled query can be paid for."""
    cost = (body.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    lacking = cost.get("requestedQueryCost", 0) - status.get("currentlyAvailable", 0)
    return min(max(lacking / status.get("restoreRate", 50), 0.0), LONGEST_WAIT)
