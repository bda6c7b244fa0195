"""SurveyMonkey: surveys, their questions, collectors and responses, within a quota a day."""

import logging
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import Any

import dlt
from dlt.extract import DltResource
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.auth import BearerTokenAuth
from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator

from ingestion.client import session
from ingestion.connector import Connector, Whose
from ingestion.connectors.surveymonkey.minimise import (
    keep_of_response,
    questions,
    questions_of,
)
from ingestion.connectors.surveymonkey.paging import (
    BEGINNING,
    Quota,
    Walk,
    changed_at,
)
from ingestion.connectors.surveymonkey.tables import (
    COLLECTORS,
    RESPONSES,
    SURVEY_QUESTIONS,
    TABLES,
)
from ingestion.landing import Page, Scope, end_of
from ingestion.surveys import RESPONDENT, Questions, Row, visible
from ingestion.window import clock

MOST_SURVEYS, MOST_COLLECTORS = 1_000, 100
# Responses show up a little after they were given; nobody says by how much.
LOOKBACK = timedelta(hours=1)
# One that is begun may be finished later, which neither its survey's date nor its count need tell.
PARTIAL_IS_OPEN = timedelta(days=14)
# Edits of finished responses, and a deletion made good by a new response, show nowhere else.
READ_WHOLE_EVERY = timedelta(days=28)
# What a whole reading without another cause leaves of the day's requests for what is new.
LEFT_FOR_NEWS = 250
TO_OPEN = 2  # requests before the first response of a survey

log = logging.getLogger(__name__)


@dlt.source(name="surveymonkey", section="surveymonkey")
def surveymonkey_source(
    base_url: str = dlt.config.value,
    access_token: str = dlt.secrets.value,
    surveys: dict[str, str] | None = None,
    as_of: str | None = None,
) -> Iterator[DltResource]:
    """Yield the SurveyMonkey tables this house models.

    `surveys` maps the id of each survey to read to its confidentiality; any other is listed in the
    table `surveys` and left alone. `as_of` is the run's clock: ISO 8601 with an offset, the present
    by default.
    """
    quota = Quota()
    reading = Reading(
        client=RESTClient(
            base_url=base_url,
            auth=BearerTokenAuth(access_token),
            session=session(base_url, quota.keep),
            paginator=JSONLinkPaginator(next_url_path="links.next"),
            data_selector="data",
        ),
        declared=surveys or {},
        until=clock(as_of),
        quota=quota,
    )
    yield dlt.resource(listed, name="surveys")(reading)
    turns = Turns(in_turn(reading))
    for table in (SURVEY_QUESTIONS, COLLECTORS, RESPONSES):
        yield dlt.resource(pages_of, name=table.name)(turns, table.name)


@dataclass(frozen=True)
class Reading:
    """One run's reading of an account: which surveys, and how far; fixed before it starts."""

    client: RESTClient
    declared: Mapping[str, str]
    until: datetime
    quota: Quota

    @cached_property
    def pages(self) -> list[list[Row]]:
        """The list of surveys, asked for once."""
        asked = {
            "per_page": MOST_SURVEYS,
            "sort_by": "date_modified",
            "sort_order": "asc",
            "include": "response_count,date_created,date_modified",
        }
        return list(self.listed("surveys", asked))

    def listed(self, path: str, asked: Mapping[str, Any]) -> Iterator[list[Row]]:
        """Yield the pages of a list."""
        yield from self.client.paginate(path, params=dict(asked))


@dataclass(slots=True)
class Survey:
    """A survey that may be read in this run.

    `seen` are its date and its number of responses as listed now; `read` is what earlier runs left
    to know of it, and where this one leaves what the next has to know. `details` and `collectors`
    are there where they may have changed.
    """

    reading: Reading
    id: str
    confidentiality: str
    seen: list[Any]
    read: Row
    details: Row | None = None
    collectors: list[list[Row]] | None = None

    @property
    def is_new(self) -> bool:
        """Whether its date or its number of responses is another than when it was read."""
        return None in self.seen or self.read.get("seen") != self.seen

    @property
    def is_open(self) -> bool:
        """Whether it has responses that may still be finished."""
        return "begun" in self.read and self._age("begun") < PARTIAL_IS_OPEN

    @property
    def is_due(self) -> bool:
        """Whether it is to be read whole: at first, once in a while, and when it has fewer.

        Or when the quota cut such a reading; one that is cut twice is larger than a day.
        """
        had = (self.read.get("seen") or [None, None])[1] or 0
        is_fewer = self.seen[1] is not None and self.seen[1] < had
        if is_fewer or "whole" not in self.read or self.read.get("is_cut"):
            return True
        return self._age("whole") >= READ_WHOLE_EVERY

    @property
    def leave(self) -> int:
        """How many requests its reading leaves for others."""
        return 0 if self.is_new or self.is_open else LEFT_FOR_NEWS

    def _age(self, name: str) -> timedelta:
        return self.reading.until - datetime.fromisoformat(self.read[name])


@dataclass(frozen=True)
class Turns:
    """What is read survey by survey, handed out by table.

    dlt pulls its resources by turns, so on their own they would open every survey before the first
    was read, and a short quota would serve none of them.
    """

    read: Iterator[tuple[str, Any]]
    waiting: defaultdict[str, deque[Any]] = field(default_factory=lambda: defaultdict(deque))


def pages_of(turns: Turns, table: str) -> Iterator[Any]:
    """Yield the pages of one table; those of others wait until they are asked for."""
    while True:
        while turns.waiting[table]:
            yield turns.waiting[table].popleft()
        if (following := next(turns.read, None)) is None:
            return
        name, page = following
        turns.waiting[name].append(page)


def in_turn(reading: Reading) -> Iterator[tuple[str, Any]]:
    """Yield all of one survey, each page with the name of its table, before the next is opened."""
    for survey in opened(reading):
        for table, read in (
            (SURVEY_QUESTIONS, survey_questions),
            (COLLECTORS, collectors),
            (RESPONSES, responses),
        ):
            for page in read(survey):
                yield table.name, page


def listed(reading: Reading) -> Iterator[list[Row]]:
    """Yield every survey that the token may see."""
    yield from reading.pages


def opened(reading: Reading) -> Iterator[Survey]:
    """Yield the surveys to be read, those with news first.

    One that says nothing new and has nothing open costs no request.
    """
    kept = dlt.current.source_state().setdefault("surveys", {})
    rows = [row for page in reading.pages for row in page]
    declared = visible("surveymonkey", reading.declared, rows)
    seen = {row["id"]: [row.get("date_modified"), row.get("response_count")] for row in rows}
    surveys = [
        Survey(reading, id_, kind, seen[id_], kept.setdefault(f"{id_}:{kind}", {}))
        for id_, kind in declared.items()
    ]
    due = [survey for survey in surveys if survey.leave == 0 or survey.is_due]
    for survey in sorted(due, key=lambda survey: (not survey.read.get("is_cut"), survey.leave)):
        if not reading.quota.leaves(max(survey.leave, TO_OPEN)):
            return warn(survey)
        if survey.is_new:
            look_at(survey)
        yield survey


def look_at(survey: Survey) -> None:
    """Read what a survey asks and how it was handed out."""
    answer = survey.reading.client.get(f"surveys/{survey.id}/details")
    answer.raise_for_status()
    survey.details = answer.json()
    survey.read["questions"] = list(questions(survey.details))
    asked = {"per_page": MOST_COLLECTORS, "include": "type,status"}
    survey.collectors = list(survey.reading.listed(f"surveys/{survey.id}/collectors", asked))


def warn(survey: Survey) -> None:
    """Say that the next run goes on where this one has to stop."""
    log.warning("surveymonkey: today's requests are used up; survey %s goes on in the next run",
                survey.id)  # fmt: skip


def survey_questions(survey: Survey) -> Iterator[list[Row] | Page]:
    """Yield the questions of a survey; one that is not there any more is removed."""
    if survey.details is not None:
        yield [row | {"survey_id": survey.id} for row in questions_of(survey.details)]
        yield end_of(SURVEY_QUESTIONS, Scope({"survey_id": survey.id}, "removed"))


def collectors(survey: Survey) -> Iterator[list[Row] | Page]:
    """Yield the collectors of a survey."""
    if survey.collectors is not None:
        for page in survey.collectors:
            yield [row | {"survey_id": survey.id} for row in page]
        yield end_of(COLLECTORS, Scope({"survey_id": survey.id}, "deleted"))


def responses(survey: Survey) -> Iterator[list[Any] | Page]:
    """Yield what was answered or changed since the last run, and again that of the lookback.

    A whole reading overwrites what may no longer be kept, and what the vendor does not have any
    more is gone.
    """
    reading, read, is_whole = survey.reading, survey.read, survey.is_due
    since = BEGINNING if is_whole else datetime.fromisoformat(read["since"])
    walk = Walk(reading.client, survey.id, since, reading.until, reading.quota)
    pages = walk.pages(survey.leave)
    if is_whole:
        pages = chain(pages, edited_since(survey, walk))
    asked = Questions(*read["questions"])
    for page in pages:
        note_partials(read, page)
        yield [keep_of_response(row, survey.id, survey.confidentiality, asked) for row in page]
    if walk.is_done and is_whole:
        yield end_of(RESPONSES, Scope({"survey_id": survey.id}, "vanished", erases=True))
    if not walk.is_done:
        warn(survey)
    read["seen"] = survey.seen if walk.is_done else None
    read["since"] = (reading.until - LOOKBACK if walk.is_done else walk.since).isoformat()
    if is_whole and not walk.is_done and "whole" in read and not read.get("is_cut"):
        read["is_cut"] = True  # the next run begins with it, from the beginning
    elif is_whole:
        read |= {"whole": reading.until.isoformat(), "is_cut": False}


def edited_since(survey: Survey, walk: Walk) -> Iterator[list[Any]]:
    """Yield what was edited while all of it was read: it left the window and is there."""
    if walk.is_done:
        reading = survey.reading
        after = Walk(reading.client, survey.id, reading.until, None, reading.quota)
        yield from after.pages(survey.leave)
        walk.is_done = after.is_done


def note_partials(read: Row, page: list[Any]) -> None:
    """Note when the newest response of a page that may still be finished changed last."""
    for row in page:
        at = changed_at(row)
        if at and row.get("response_status") == "partial":
            begun = read.get("begun")
            read["begun"] = max(filter(None, (begun, at.isoformat())))


connector = Connector(
    name="surveymonkey",
    title="SurveyMonkey",
    tables=TABLES,
    source=surveymonkey_source,
    whose={"responses": Whose(RESPONDENT)},
    settings=("base_url", "access_token"),
    sandbox={"access_token": "sandbox"},
)
