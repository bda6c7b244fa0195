"""How a source asks its vendor: one host alone, patiently, and never in circles."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from dlt.sources.helpers.requests import Client, Session
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from tenacity import wait_random

from ingestion.errors import AnotherHost, InCircles

# A page is asked for once; an export's list or a batch may be asked for again by several tables.
MOST_ALIKE = 10


def session(base_url: str, look: Callable[[Response], None] | None = None) -> Session:
    """Return a session for the vendor at `base_url`, to be handed to dlt's `RESTClient`.

    dlt's own retries stand: 429 and 5xx, time-outs and broken connections, `Retry-After` in seconds
    or as a date, each wait capped (`RUNTIME__REQUEST_MAX_RETRY_DELAY`). Here each wait is spread a
    little, so that clients which were refused together do not come back together. `look` sees every
    answer and what it tells of a quota; hooks of the session would not, as `RESTClient` puts others
    in their place when it walks pages.

    Raises, from its requests:
        AnotherHost: a link or redirect of the server leads elsewhere; no credential goes there.
        InCircles: the server has us ask for the same page again and again.
    """
    made = Client(raise_for_status=False).session
    for scheme in ("http://", "https://"):
        made.mount(scheme, OneHost(base_url, look))
    retrying = made.send.retry  # type: ignore[attr-defined]
    retrying.wait += wait_random(0, retrying.wait.multiplier)
    return made


class OneHost(HTTPAdapter):
    """Send requests to the host of `base_url` and to no other."""

    def __init__(self, base_url: str, look: Callable[[Response], None] | None) -> None:
        super().__init__()
        self.look = look
        self.origin = urlsplit(base_url)[:2]
        self.seen: Counter[int] = Counter()

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Send a request as it was prepared."""
        parts = urlsplit(request.url or "")
        if parts[:2] != self.origin:
            raise AnotherHost(str(parts.hostname))
        response = super().send(request, *args, **kwargs)
        if self.look:
            self.look(response)
        # What has neither query nor body, such as whether an export is done, may be asked often.
        if response.ok and (parts.query or request.body):
            asked = hash((request.method, request.url, request.body))
            self.seen[asked] += 1
            if self.seen[asked] > MOST_ALIKE:
                raise InCircles(parts.path)
        return response
