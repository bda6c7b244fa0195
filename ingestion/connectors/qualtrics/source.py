"""Qualtrics over its v3 API: who is asked, what is asked, who was invited, what was answered."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import APIKeyAuth
from dlt.sources.rest_api import rest_api_resources
from dlt.sources.rest_api.typing import ClientConfig, RESTAPIConfig

from ingestion.connector import Connector
from ingestion.connectors.qualtrics.envelope import NextPage, refuse_errors
from ingestion.connectors.qualtrics.export import HOOKS, export
from ingestion.connectors.qualtrics.minimise import (
    ANONYMOUS,
    keep_of_invitations,
    keep_of_response,
)
from ingestion.connectors.qualtrics.tables import TABLES

ELEMENTS = "result.elements"
BEGINNING = "2000-01-01T00:00:00Z"
# A started session is recorded up to a week after its last click, also when the link has expired.
LATE_SESSIONS = timedelta(days=8)

log = logging.getLogger(__name__)


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
    reading = Reading(
        client=RESTClient(base_url, auth=auth, paginator=NextPage(), data_selector=ELEMENTS),
        declared=surveys or {},
        until=datetime.fromisoformat(as_of).astimezone(UTC) if as_of else datetime.now(UTC),
        lookback=timedelta(days=lookback_days),
        whole_every=timedelta(days=whole_every_days),
        export_minutes=export_minutes,
    )
    client: ClientConfig = {"base_url": base_url, "auth": auth, "paginator": NextPage()}
    yield from rest_api_resources(lists(client, reading))
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

    @cached_property
    def surveys(self) -> dict[str, str]:
        """The declared surveys that the token may see, with their confidentiality."""
        pages = self.client.paginate("surveys", hooks=HOOKS)
        listed = {survey["id"] for page in pages for survey in page}
        if unseen := self.declared.keys() - listed:
            log.warning("qualtrics: declared, but not visible: %s", ", ".join(sorted(unseen)))
        return {survey: kind for survey, kind in self.declared.items() if survey in listed}


def lists(client: ClientConfig, reading: Reading) -> RESTAPIConfig:
    """Return what is read whole in every run; the vendor has no filter by change for it."""
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
            {"name": "directories", "endpoint": {"path": "directories"}, "selected": False},
            {
                "name": "mailing_lists",
                "endpoint": {
                    "path": "directories/{resources.directories.directoryId}/mailinglists"
                },
                "include_from_parent": ["directoryId"],
                "selected": False,
            },
            {
                "name": "contacts",
                "endpoint": {
                    "path": (
                        "directories/{resources.mailing_lists._directories_directoryId}"
                        "/mailinglists/{resources.mailing_lists.mailingListId}/contacts"
                    ),
                    "params": {"pageSize": 500},
                },
                "include_from_parent": ["mailingListId"],
            },
        ],
    }


def invitations(reading: Reading) -> Iterator[list[dict[str, Any]]]:
    """Yield the histories of the distributions that can have changed since the last run."""
    state = dlt.current.resource_state()
    for survey_id, confidentiality in reading.surveys.items():
        key = f"{survey_id}:{confidentiality}"
        for page in reading.client.paginate(
            "distributions", params={"surveyId": survey_id}, hooks=HOOKS
        ):
            for distribution in page:
                if _may_have_moved(distribution, state.get(key)):
                    yield from _history(reading.client, distribution, confidentiality)
        state[key] = reading.until.isoformat()


def _may_have_moved(distribution: Mapping[str, Any], read_until: str | None) -> bool:
    expires = distribution["surveyLink"].get("expirationDate")
    if not (expires and read_until):
        return True
    last_sign = max(map(datetime.fromisoformat, (expires, distribution["modifiedDate"])))
    return last_sign >= datetime.fromisoformat(read_until) - LATE_SESSIONS


def _history(
    client: RESTClient, distribution: Mapping[str, Any], confidentiality: str
) -> Iterator[list[dict[str, Any]]]:
    path = f"distributions/{distribution['id']}/history"
    of_this = {
        "distributionId": distribution["id"],
        "surveyId": distribution["surveyLink"]["surveyId"],
    }
    pages = ([row | of_this for row in page] for page in client.paginate(path, hooks=HOOKS))
    if confidentiality == ANONYMOUS:
        yield keep_of_invitations([row for page in pages for row in page])
    else:
        yield from pages


def responses(reading: Reading) -> Iterator[list[Any]]:
    """Yield the responses recorded since the last run, and again those of the lookback.

    A survey that is new, or declared with another confidentiality than before, is read from its
    beginning, so that what may no longer be kept is overwritten.
    """
    state = dlt.current.resource_state()
    for survey_id, confidentiality in reading.surveys.items():
        key = f"{survey_id}:{confidentiality}"
        since, read_whole = _since(state.get(key), reading)
        until = reading.until.isoformat()
        for page in export(
            reading.client, survey_id, since, _instant(reading.until), reading.export_minutes
        ):
            yield [keep_of_response(record, survey_id, confidentiality) for record in page]
        state[key] = {"read_until": until, "read_whole": read_whole}


def _since(read: Mapping[str, str] | None, reading: Reading) -> tuple[str, str]:
    """Return from when to read, and when everything was read last."""
    if read is not None:
        whole = datetime.fromisoformat(read["read_whole"])
        if reading.until - whole < reading.whole_every:
            since = datetime.fromisoformat(read["read_until"]) - reading.lookback
            return _instant(since), read["read_whole"]
    return BEGINNING, reading.until.isoformat()


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


connector = Connector(
    name="qualtrics",
    title="Qualtrics",
    tables=TABLES,
    source=qualtrics_source,
    settings=("base_url", "api_token"),
    sandbox={"api_token": "sandbox"},
)
