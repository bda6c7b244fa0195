"""How Typeform's responses are walked: newest first, from token to token."""

from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus

from dlt.sources.helpers.rest_client import RESTClient

from ingestion.surveys import Row

PAGE = 1_000
NEVER = "0001-01-01T00:00:00Z"  # of what was not submitted
# What the vendor may answer to the token of a response that was deleted on the way.
TOKEN_IS_GONE = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND)


def responses(
    client: RESTClient, form_id: str, kind: str, since: datetime | None, until: datetime | None
) -> Iterator[list[Row]]:
    """Yield the pages of a form's responses of one kind, from `until` back to `since`.

    None is from now on, and back to the first: what is handed in while all of it is read would
    otherwise be on no page.

    Only the first page is asked for by time. A token leads on from there in the order in which the
    vendor took the responses in, so that none falls between two pages of one second. Where the
    token's response was deleted meanwhile, the walk goes on by time from the page it ended.
    """
    window = {"since": second(since)} if since else {}
    token, last = None, second(until) if until else None
    while True:
        place = {"before": token} if token else window | ({"until": last} if last else {})
        asked = {"page_size": PAGE, "response_type": kind, **place}
        answer = client.get(f"forms/{form_id}/responses", params=asked)
        if token and answer.status_code in TOKEN_IS_GONE:
            token = None
            continue
        answer.raise_for_status()
        body = answer.json()
        page = body["items"]
        yield page
        if is_last(body) or (since and is_older(page, since)):
            return
        token = page[-1]["token"]
        last = max((at[:19] for at in times(page)), default=last)


def is_last(body: Row) -> bool:
    """Return whether nothing follows a page; how many a query finds may count its token or not."""
    found = body.get("total_items")
    return not body["items"] or (found is not None and len(body["items"]) >= found)


def is_older(page: list[Row], since: datetime) -> bool:
    """Return whether all of a page lies before `since`; one late response is no sign of the end."""
    seen = times(page)
    return bool(seen) and max(seen)[:19] < second(since)


def times(page: list[Row]) -> list[str]:
    """Return when the responses of a page were submitted, of those that were."""
    told = (item.get("submitted_at") for item in page if isinstance(item, dict))
    return [at for at in told if at and at != NEVER]


def second(moment: datetime) -> str:
    """Return a moment as the vendor takes it: UTC, whole seconds, no offset."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}"
