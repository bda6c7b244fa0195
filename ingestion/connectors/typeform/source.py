"""Typeform: forms, their questions, and what was answered, in part or whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import PageNumberPaginator

from ingestion.client import session
from ingestion.connector import Connector, Whose
from ingestion.connectors.typeform import paging
from ingestion.connectors.typeform.minimise import fields_of, keep_of_response, questions
from ingestion.connectors.typeform.tables import RESPONSES, TABLES
from ingestion.landing import Page, Scope, end_of
from ingestion.surveys import RESPONDENT, Row, visible
from ingestion.window import clock, is_due

FORMS_PAGE = 200
# How far back a run reads again what was there before. Responses show up minutes after they were
# given; by which of its times a partial one is found is not documented, so it gets a week.
# Partial ones are read first: one that is completed meanwhile is seen at least once.
LOOKBACK = {"partial": timedelta(days=7), "completed": timedelta(hours=1)}
# Deleted responses leave without a word; only a whole reading tells.
READ_WHOLE_EVERY = timedelta(days=7)


@dlt.source(name="typeform", section="typeform")
def typeform_source(
    base_url: str = dlt.config.value,
    access_token: str = dlt.secrets.value,
    surveys: dict[str, str] | None = None,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the Typeform tables this house models.

    `surveys` maps the id of each form to read to its confidentiality; any other is listed in the
    table `forms` and left alone. `as_of` is the run's clock: ISO 8601 with an offset, the present
    by default.
    """
    reading = Reading(
        client=RESTClient(
            base_url=base_url, auth=BearerTokenAuth(access_token), session=session(base_url)
        ),
        declared=surveys or {},
        until=clock(as_of),
    )
    yield dlt.resource(forms, name="forms")(reading.client)
    yield dlt.resource(form_fields, name="form_fields")(reading)
    yield dlt.resource(responses, name="responses")(reading)


@dataclass(frozen=True)
class Reading:
    """One run's reading of an account: which forms, and how far; fixed before it starts."""

    client: RESTClient
    declared: Mapping[str, str]
    until: datetime

    @cached_property
    def visible(self) -> dict[str, str]:
        """The declared forms that the token may see, with their confidentiality."""
        listed = (form for page in forms(self.client) for form in page)
        return visible("typeform", self.declared, listed)

    @cached_property
    def fields(self) -> dict[str, list[Row]]:
        """The questions of each of them."""
        return {form_id: list(fields_of(self._definition(form_id))) for form_id in self.visible}

    def _definition(self, form_id: str) -> Row:
        answer = self.client.get(f"forms/{form_id}")
        answer.raise_for_status()
        definition: Row = answer.json()
        return definition


def forms(client: RESTClient) -> Iterator[list[Row]]:
    """Yield the list of forms."""
    yield from client.paginate(
        "forms",
        params={"page_size": FORMS_PAGE},
        paginator=PageNumberPaginator(base_page=1, total_path="page_count"),
        data_selector="items",
    )


def form_fields(reading: Reading) -> Iterator[list[Row]]:
    """Yield the questions of the declared forms."""
    for form_id, fields in reading.fields.items():
        yield [field | {"form_id": form_id} for field in fields]


def responses(reading: Reading) -> Iterator[list[Any] | Page]:
    """Yield what was answered since the last run, and again what is within the lookback.

    All of it is read once in a while, and when a form is new or declared with another
    confidentiality than before: then what may no longer be kept is overwritten, and what the
    vendor does not have any more is gone.
    """
    state = dlt.current.resource_state()
    for form_id, confidentiality in reading.visible.items():
        key = f"{form_id}:{confidentiality}"
        read = state.get(key, {})
        is_whole = is_due(read.get("whole"), reading.until, READ_WHOLE_EVERY)
        asked = questions(reading.fields[form_id])
        for kind, lookback in LOOKBACK.items():
            since = None if is_whole else datetime.fromisoformat(read["until"]) - lookback
            bound = None if is_whole else reading.until
            for page in paging.responses(reading.client, form_id, kind, since, bound):
                yield [keep_of_response(item, form_id, confidentiality, asked) for item in page]
        if is_whole:
            yield end_of(RESPONSES, Scope({"form_id": form_id}, "vanished", erases=True))
        until = reading.until.isoformat()
        state[key] = {"until": until, "whole": until if is_whole else read["whole"]}


connector = Connector(
    name="typeform",
    title="Typeform",
    tables=TABLES,
    source=typeform_source,
    whose={"responses": Whose(RESPONDENT)},
    settings=("base_url", "access_token"),
    sandbox={"access_token": "sandbox"},
)
