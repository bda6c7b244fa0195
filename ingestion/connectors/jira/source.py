"""Jira Service Management: requests, what was said and changed in them, people, satisfaction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import HttpBasicAuth
from dlt.sources.helpers.rest_client.paginators import SinglePagePaginator
from requests import HTTPError
from requests.auth import AuthBase

from ingestion.client import session
from ingestion.connector import Connector, Table, Whose
from ingestion.connectors.jira.document import text_of
from ingestion.connectors.jira.paging import (
    DESK,
    PLATFORM,
    changed_since,
    found,
    listed,
    service_projects,
)
from ingestion.connectors.jira.tables import (
    CHANGES,
    COMMENTS,
    FEEDBACK,
    ISSUES,
    ORGANIZATIONS,
    STATUSES,
    TABLES,
    USERS,
)
from ingestion.errors import demanded
from ingestion.landing import Page, Scope, end_of
from ingestion.oauth import Bought, RefreshToken
from ingestion.paging import Row
from ingestion.window import clock, is_due, window

# How far the search may trail the records; more than the hour that comes twice a year.
LOOKBACK = timedelta(hours=12)
# A request that was deleted leaves every search without a word; only a whole reading tells.
READ_WHOLE_EVERY = timedelta(days=7)
# Satisfaction may be told this long after the last change of a request, which it need not move.
RATED_WITHIN = timedelta(days=14)
# fmt: off
FIELDS = [
    "project", "reporter", "creator", "assignee", "priority", "status", "resolution",
    "resolutiondate", "labels", "description", "created", "updated", "comment",
]
# fmt: on
CHANGED = ("status", "assignee", "priority")


@dataclass(slots=True)
class Site:
    """What one run reads of one site; `fields` are the ids of custom fields by what they hold."""

    client: RESTClient
    now: datetime
    fields: dict[str, str | None]
    channel_property: str
    # Whether this run reads every request there is.
    is_whole: bool = False


class End:
    """Comes after the last page of a reading of everything."""


Found = list[Row] | End


@dlt.source(name="jira", section="jira")
def jira_source(
    base_url: str = dlt.config.value,
    email: str | None = dlt.config.value,
    api_token: str | None = dlt.secrets.value,
    client_id: str | None = dlt.secrets.value,
    client_secret: str | None = dlt.secrets.value,
    refresh_token: str | None = dlt.secrets.value,
    token_url: str = "https://auth.atlassian.com/oauth/token",
    keys_dir: str | None = dlt.config.value,
    topic_field: str | None = None,
    organizations_field: str | None = None,
    rated_field: str | None = None,
    channel_property: str = "request.channel.type",
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Jira Service Management tables this house models.

    The fields are ids of custom fields, such as `customfield_10002`: the topic, the customers'
    organisations, the date of satisfaction; no other lands. With a `refresh_token` requests are
    signed as the app `client_id`, and what rotates is kept in `keys_dir`. `as_of` is the run's
    clock: ISO 8601 with an offset, the present by default.
    """
    auth: AuthBase = (
        Bought(
            RefreshToken(
                "jira", token_url, keys_dir, refresh_token=refresh_token,
                client_id=client_id, client_secret=client_secret,
            )
        )
        if refresh_token
        else credential(email, api_token)
    )  # fmt: skip
    site = Site(
        client=RESTClient(
            base_url=base_url,
            auth=auth,
            session=session(base_url),
            paginator=SinglePagePaginator(),
        ),
        now=clock(as_of),
        fields={"topic": topic_field, "organization": organizations_field, "rated": rated_field},
        channel_property=channel_property,
    )
    yield dlt.resource(full_list, name=STATUSES.name)(
        STATUSES, lambda: site.client.paginate(f"{PLATFORM}/status")
    )
    yield dlt.resource(full_list, name=ORGANIZATIONS.name)(
        ORGANIZATIONS, lambda: listed(site.client, DESK, "organization")
    )
    searched = dlt.resource(search, name="search", selected=False)(site)
    yield searched
    yield told(ISSUES, searched, lambda issues: iter([[declared(row, site) for row in issues]]))
    yield told(CHANGES, searched, lambda issues: iter([changes(site.client, issues)]))
    yield told(COMMENTS, searched, lambda issues: comments(site, issues))
    yield told(USERS, searched, people(site.client))
    yield dlt.resource(feedback, name=FEEDBACK.name)(site)


def credential(email: str | None, api_token: str | None) -> AuthBase:
    """Return how to sign requests by e-mail and API token."""
    given = demanded("jira", email=email, api_token=api_token)
    return HttpBasicAuth(given["email"], given["api_token"])


def full_list(table: Table, pages: Callable[[], Iterator[list[Row]]]) -> Iterator[list[Row] | Page]:
    """Yield a list that is read whole; what left it becomes a tombstone."""
    yield from pages()
    yield end_of(table, Scope({}, "deleted"))


def search(site: Site) -> Iterator[Found]:
    """Yield the requests that changed, or all of them and an end."""
    with window(site.now, LOOKBACK) as read:
        state = dlt.current.resource_state()
        site.is_whole = is_due(state.get("read_whole"), site.now, READ_WHOLE_EVERY)
        jql = service_projects(site.client)
        if read.since and not site.is_whole:
            jql += f" AND {changed_since(site.client, read.since)}"
        yield from found(
            site.client, jql, [*FIELDS, *filter(None, site.fields.values())],
            expand="changelog", properties=[site.channel_property],
        )  # fmt: skip
        if site.is_whole:
            yield End()
            state["read_whole"] = site.now.isoformat()


def told(
    table: Table, of: DltResource, tell: Callable[[list[Row]], Iterator[list[Row] | Page]]
) -> DltResource:
    """Return a table of what the requests that were found tell; a whole reading tells all."""

    def pages(item: Found) -> Iterator[list[Row] | Page]:
        if isinstance(item, End):
            yield end_of(table, Scope({}, "gone", erases=True))
        else:
            yield from tell(item)

    return dlt.transformer(pages, data_from=of, name=table.name)


def declared(issue: Row, site: Site) -> Row:
    """Put what lies in custom fields, properties and documents where the table looks for it."""
    fields = issue["fields"]
    picked = {name: fields.get(field) if field else None for name, field in site.fields.items()}
    topic, organizations = picked["topic"], picked["organization"] or []
    channel = (issue.get("properties") or {}).get(site.channel_property) or {}
    return issue | {
        # A choice from a list is an object.
        "topic": topic.get("value") if isinstance(topic, dict) else topic,
        "organization_id": organizations[0]["id"] if organizations else None,
        "channel": channel.get("value"),
        "description": text_of(fields.get("description")),
    }


def changes(client: RESTClient, issues: list[Row]) -> list[Row]:
    """Return the declared changes of issues."""
    return [
        {
            "history_id": history["id"],
            "field": item.get("fieldId") or item["field"],
            "issue_id": issue["id"],
            "author": history.get("author"),
            "from": item.get("from"),
            "to": item.get("to"),
            "created": history["created"],
        }
        for issue in issues
        for history in histories(client, issue)
        for item in history["items"]
        if (item.get("fieldId") or item["field"]) in CHANGED
    ]


def histories(client: RESTClient, issue: Row) -> list[Row]:
    """Return all of an issue's history; a search gives out its last entries."""
    log = issue["changelog"] = issue.get("changelog") or {"histories": []}
    return all_of(client, issue, "changelog", log, shown="histories", rows="values")


def comments_of(client: RESTClient, issue: Row) -> list[Row]:
    """Return all of an issue's comments; a search gives out some."""
    fields = issue["fields"]
    given = fields["comment"] = fields.get("comment") or {"comments": []}
    return all_of(client, issue, "comment", given, shown="comments", rows="comments")


def all_of(
    client: RESTClient, issue: Row, path: str, given: Row, *, shown: str, rows: str
) -> list[Row]:
    """Return the rows that came with an issue, or fetch them where these may not be all.

    They are kept with the issue, as several tables ask; of one that is gone there are none.
    """
    if given.get("total", len(given[shown]) + 1) > len(given[shown]):
        try:
            pages = list(listed(client, PLATFORM, f"issue/{issue['id']}/{path}", rows))
        except HTTPError as refused:
            if refused.response is None or refused.response.status_code != HTTPStatus.NOT_FOUND:
                raise
            pages = []
        given[shown] = [row for page in pages for row in page]
        given["total"] = len(given[shown])
    whole: list[Row] = given[shown]
    return whole


def comments(site: Site, issues: list[Row]) -> Iterator[list[Row] | Page]:
    """Yield the comments of issues; what raw holds beside them was removed."""
    for issue in issues:
        yield [
            comment | {"issue_id": issue["id"], "body": text_of(comment.get("body"))}
            for comment in comments_of(site.client, issue)
        ]
        if not site.is_whole:
            yield end_of(COMMENTS, Scope({"issue_id": issue["id"]}, "deleted", erases=True))


def people(client: RESTClient) -> Callable[[list[Row]], Iterator[list[Row]]]:
    """Return a step that tells of whoever had a part in issues, each person once as seen last."""
    known: dict[str, Row] = {}

    def met(issues: list[Row]) -> Iterator[list[Row]]:
        parts = [part for issue in issues for part in had_a_part(client, issue) if part]
        fresh = {part["accountId"]: part for part in parts if known.get(part["accountId"]) != part}
        known.update(fresh)
        yield list(fresh.values())

    return met


def had_a_part(client: RESTClient, issue: Row) -> list[Row | None]:
    """Return everybody whom an issue names."""
    fields = issue["fields"]
    return [
        *(history.get("author") for history in histories(client, issue)),
        *(comment.get("author") for comment in comments_of(client, issue)),
        *(fields.get(role) for role in ("creator", "assignee", "reporter")),
    ]


def feedback(site: Site) -> Iterator[list[Row]]:
    """Yield what customers said of requests that are done, asked again for some time."""
    rated = site.fields["rated"]
    with window(site.now, RATED_WITHIN) as read:
        jql = f"{service_projects(site.client)} AND statusCategory = Done"
        if read.since:
            jql += f" AND {changed_since(site.client, read.since)}"
        for issues in found(site.client, jql, [rated or "updated"]):
            # Where the date is known, nobody needs to be asked in vain.
            asked = [row for row in issues if not rated or row["fields"].get(rated)]
            given = [(issue, feedback_on(site.client, issue["id"])) for issue in asked]
            yield [
                said | {"issue_id": issue["id"], "rated_at": issue["fields"].get(rated)}
                for issue, said in given
                if said and said.get("rating") is not None
            ]


def feedback_on(client: RESTClient, issue: str) -> Row | None:
    """Return what was said of a request, None where nothing was."""
    answer = client.get(f"{DESK}/request/{issue}/feedback")
    if answer.status_code == HTTPStatus.NOT_FOUND:
        return None
    answer.raise_for_status()
    said: Row = answer.json()
    return said


connector = Connector(
    name="jira",
    title="Jira Service Management",
    tables=TABLES,
    source=jira_source,
    whose={
        "users": Whose("account_id"),
        "issues": Whose("reporter_id", mentions=("creator_id", "assignee_id")),
        "changes": Whose(
            part_of={"issue_id": "issues.id"}, mentions=("author_id", "from_id", "to_id")
        ),
        "comments": Whose(part_of={"issue_id": "issues.id"}, mentions=("author_id",)),
        "feedback": Whose(part_of={"issue_id": "issues.id"}),
    },
    settings=("base_url", "email", "api_token"),
    sandbox={
        "email": "agent@sandbox.example",
        "api_token": "sandbox",
        "topic_field": "customfield_10050",
        "organizations_field": "customfield_10002",
        "rated_field": "customfield_10028",
    },
)
