"""Qualtrics over its v3 API: who is asked, what is asked, who was invited, what was answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import APIKeyAuth
from dlt.sources.rest_api import rest_api_resources
from dlt.sources.rest_api.typing import ClientConfig, RESTAPIConfig

from ingestion.client import session
from ingestion.connector import Connector, Whose
from ingestion.connectors.qualtrics.envelope import NextPage, refuse_errors
from ingestion.connectors.qualtrics.export import HOOKS, export
from ingestion.connectors.qualtrics.minimise import keep_of_invitations, keep_of_response
from ingestion.connectors.qualtrics.tables import CONTACTS, INVITATIONS, RESPONSES, TABLES
from ingestion.landing import Page, Scope, end_of
from ingestion.surveys import ANONYMOUS, visible
from ingestion.window import clock

ELEMENTS = "result.elements"
BEGINNING = "2000-01-01T00:00:00Z"
# A started session is recorded up to a week after its last click, also when the link has expired.
LATE_SESSIONS = timedelta(days=8)


@dlt.source(name="qualtrics", section="qualtrics")
def qualtrics_source(
    base_url: str = dlt.config.value,
    api_token: str = dlt.secrets.value,
    surveys: dict[str, str] | None = None,
    lookback_days: float = 2.0,
    whole_every_days: float = 28.0,
    export_minutes: float = 30.0,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Qualtrics tables this house models.

    `surveys` maps the id of each survey to export to its confidentiality; any other is listed in
    the table `surveys` and left alone. Responses may be edited: those of the last `lookback_days`
    are read again in each run, all of them every `whole_every_days`. `as_of` is where the window
    to read ends: the present, unless it is set.
    """
    auth = APIKeyAuth(name="X-API-TOKEN", api_key=api_token, location="header")
    asking = session(base_url)
    reading = Reading(
        client=RESTClient(
            base_url, auth=auth, paginator=NextPage(), data_selector=ELEMENTS, session=asking
        ),
        declared=surveys or {},
        until=clock(as_of),
        lookback=timedelta(days=lookback_days),
        whole_every=timedelta(days=whole_every_days),
        export_minutes=export_minutes,
    )
    client: ClientConfig = {
        "base_url": base_url,
        "auth": auth,
        "paginator": NextPage(),
        "session": asking,
    }
    yield from rest_api_resources(lists(client, reading))
    yield dlt.resource(contacts, name="contacts")(reading)
    yield dlt.resource(invitations, name="invitations")(reading)
    yield dlt.resource(responses, name="responses")(reading)


@dataclass(frozen=True)
class Reading:
    """One run's reading of an account: which surveys, and how far; fixed before it starts."""

    client: RESTClient
    declared: Mapping[str, str]
    until: datetime
    lookback: timedelta
    whole_every: timedelta
    export_minutes: float

    def pages(self, path: str, **query: Any) -> Iterator[list[dict[str, Any]]]:
        """Yield the pages of a list."""
        yield from self.client.paginate(path, params=query, hooks=HOOKS)

    def listed(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Yield the entries of a list."""
        for page in self.pages(path, **query):
            yield from page

    @cached_property
    def surveys(self) -> dict[str, str]:
        """The declared surveys that the token may see, with their confidentiality."""
        return visible("qualtrics", self.declared, self.listed("surveys"))


def lists(client: ClientConfig, reading: Reading) -> RESTAPIConfig:
    """Return what is listed anew in every run; the vendor can not filter it by change."""
    declared_surveys = dlt.resource(
        lambda: [[{"id": survey} for survey in reading.surveys]],  # one page
        name="declared_surveys",
        selected=False,
    )
    return {
        "client": client,
        "resource_defaults": {
            "endpoint": {"data_selector": ELEMENTS, "response_actions": [refuse_errors]}
        },
        "resources": [
            {"name": "surveys", "endpoint": {"path": "surveys"}},
            declared_surveys,
            {
                "name": "survey_questions",
                "endpoint": {
                    "path": "survey-definitions/{resources.declared_surveys.id}/questions"
                },
                "include_from_parent": ["id"],
            },
            {
                "name": "distributions",
                "endpoint": {
                    "path": "distributions",
                    "params": {"surveyId": "{resources.declared_surveys.id}"},
                },
            },
        ],
    }


def contacts(reading: Reading) -> Iterator[list[dict[str, Any]] | Page]:
    """Yield everyone on every mailing list; who is on none any more is gone."""
    for directory in reading.listed("directories"):
        lists = f"directories/{directory['directoryId']}/mailinglists"
        for mailing_list in reading.listed(lists):
            of_list = {"mailingListId": mailing_list["mailingListId"]}
            for page in reading.pages(f"{lists}/{of_list['mailingListId']}/contacts", pageSize=500):
                yield [row | of_list for row in page]
    yield end_of(CONTACTS, Scope({}, "vanished", erases=True))


def invitations(reading: Reading) -> Iterator[list[dict[str, Any]] | Page]:
    """Yield the histories of the distributions that can have changed since the last run."""
    state = dlt.current.resource_state()
    for survey_id, confidentiality in reading.surveys.items():
        key = f"{survey_id}:{confidentiality}"
        for distribution in reading.listed("distributions", surveyId=survey_id):
            if _may_have_moved(distribution, state.get(key)):
                yield from _history(reading, distribution, confidentiality)
        state[key] = reading.until.isoformat()


def _may_have_moved(distribution: Mapping[str, Any], read_until: str | None) -> bool:
    expires = distribution["surveyLink"].get("expirationDate")
    if not (expires and read_until):
        return True
    last_sign = max(map(datetime.fromisoformat, (expires, distribution["modifiedDate"])))
    return last_sign >= datetime.fromisoformat(read_until) - LATE_SESSIONS


def _history(
    reading: Reading, distribution: Mapping[str, Any], confidentiality: str
) -> Iterator[list[dict[str, Any]] | Page]:
    of_this = {
        "distributionId": distribution["id"],
        "surveyId": distribution["surveyLink"]["surveyId"],
    }
    history = reading.pages(f"distributions/{distribution['id']}/history")
    pages = ([row | of_this for row in page] for page in history)
    if confidentiality == ANONYMOUS:
        yield keep_of_invitations([row for page in pages for row in page])
    else:
        yield from pages
    scope = Scope({"distribution_id": distribution["id"]}, "vanished", erases=True)
    yield end_of(INVITATIONS, scope)


def responses(reading: Reading) -> Iterator[list[Any] | Page]:
    """Yield the responses recorded since the last run, and again those of the lookback.

    All of them are read once in a while, and when a survey is new or declared with another
    confidentiality than before: then what may no longer be kept is overwritten, and what the
    vendor does not have any more is gone.
    """
    state = dlt.current.resource_state()
    for survey_id, confidentiality in reading.surveys.items():
        key = f"{survey_id}:{confidentiality}"
        window = Window.after(state.get(key), reading)
        for page in export(
            reading.client, survey_id, window.since, _instant(reading.until), reading.export_minutes
        ):
            yield [keep_of_response(record, survey_id, confidentiality) for record in page]
        if window.is_whole:
            yield end_of(RESPONSES, Scope({"survey_id": survey_id}, "vanished", erases=True))
        state[key] = {"read_until": reading.until.isoformat(), "read_whole": window.read_whole}


class Window(NamedTuple):
    """From when responses are read, and when all of them were read last."""

    since: str
    read_whole: str
    is_whole: bool

    @classmethod
    def after(cls, read: Mapping[str, str] | None, reading: Reading) -> "Window":
        """Return the window that follows what has been read."""
        if read is not None:
            age = reading.until - datetime.fromisoformat(read["read_whole"])
            if age < reading.whole_every:
                since = datetime.fromisoformat(read["read_until"]) - reading.lookback
                return cls(_instant(since), read["read_whole"], is_whole=False)
        return cls(BEGINNING, reading.until.isoformat(), is_whole=True)


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


connector = Connector(
    name="qualtrics",
    title="Qualtrics",
    tables=TABLES,
    source=qualtrics_source,
    whose={
        "contacts": Whose("contact_id"),
        "invitations": Whose("contact_id"),
        "responses": Whose("contact_id"),
    },
    settings=("base_url", "api_token"),
    sandbox={"api_token": "sandbox"},
)
