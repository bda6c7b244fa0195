"""SurveyMonkey through the pipeline: all of it, once, for as few requests as that takes."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from faulty import Faulty, Rewritten, Turning
from small_worlds import AS_OF
from survey_world import CANDIDATES, STAFF
from surveymonkey_world import CUSTOMER_ID, DECLARED, number, response, survey, tables

from ingestion.connectors.surveymonkey import paging, source
from ingestion.connectors.surveymonkey.emulator import app

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
BULK = "/responses/bulk"
KNOWN = {number(f"R_{n:04d}"): n for n in range(40)}


@pytest.fixture
def small_pages(monkeypatch) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)


class Shown:
    """Surveys that change; `asked` are the endings of the paths that were asked for."""

    def __init__(self, serve, **records) -> None:
        self.asked: list[str] = []
        self.now = {"survey_responses": [response(n) for n in range(1, 8)], **records}
        self.tell()
        self.app = app(lambda: self.frames, None)
        watched = Faulty(self.app, 0, hits=lambda _, path: self.asked.append(path) or False)
        self.url = serve(watched)

    def tell(self, *more, without=(), **records) -> None:
        """Show more responses in place of those with the same id, some no longer."""
        gone = {row["response_id"] for row in more} | {f"R_{n:04d}" for n in without}
        kept = [row for row in self.now["survey_responses"] if row["response_id"] not in gone]
        self.now |= {"survey_responses": [*kept, *more], **records}
        self.frames = tables(**self.now)

    def requests(self) -> list[str]:
        asked, self.asked[:] = [path.split("/")[-1] for path in self.asked], []
        return asked


@pytest.fixture
def shown(serve):
    return Shown(serve)


def landed(query) -> list[int]:
    rows = query("select response_id from raw_surveymonkey.responses where _deleted_reason is null")
    return sorted(KNOWN[id_] for (id_,) in rows)


def test_a_load_is_the_vendors_truth_row_for_row(
    small_pages, serve, load_from, query, counts
) -> None:
    world = tables()
    first = counts(load_from("surveymonkey", serve(app(lambda: world, None)), surveys=DECLARED))

    assert first == {
        "surveys": (4, 0, 0),
        "survey_questions": (9, 0, 0),
        "collectors": (6, 0, 0),
        "responses": (9, 0, 0),
    }
    told = query(
        "select response_id, survey_id, response_status, created_at, updated_at, contact_id,"
        " employee_number, email, ticket_id, answers from raw_surveymonkey.responses"
    )
    told = {KNOWN[row[0]]: row[1:] for row in told}
    for n, true in enumerate(world["survey_responses"].head(9).itertuples(), start=1):
        *facts, answers = told[n]
        assert facts[:4] == [
            number(true.survey_id), "completed" if true.finished else "partial",
            true.started_at, true.recorded_at,
        ]  # fmt: skip
        given = json.loads(true.answers)
        asked = f"{number(f'{true.survey_id} QID1')}_{number(f'{true.survey_id} QID1 row')}"
        assert json.loads(answers)[asked] == str(given["QID1"])
        comment = json.loads(answers).get(number(f"{true.survey_id} QID2"))
        assert comment == given.get("QID2_TEXT")
    assert told[6][4:8] == ("7001", None, "cid_1@example.org", "4711")
    assert told[8][4:8] == (None, "E42", "cid_2@example.org", None)
    expectation = number("SV_customer_nps QID4")
    assert json.loads(told[6][8])[expectation] == number("SV_customer_nps QID4 -1")


def test_nothing_that_leads_to_a_person_lands_of_an_anonymous_survey(
    serve, load_from, query, warehouse
) -> None:
    world = tables()

    def ask_more(body):
        if body.get("id") == number(CANDIDATES):
            who = {"id": "1", "family": "demographic", "headings": [{"heading": "Who?"}]}
            mail = {"id": "2", "family": "open_ended", "validation": {"type": "email"}}
            file = {"id": "4", "family": "open_ended", "subtype": "single",
                    "display_options": {"display_type": "file_upload"}}  # fmt: skip
            body["pages"][0]["questions"] += [who, mail, file]
        for row in body.get("data", []):
            for page in row.get("pages", []):
                page["questions"] += [
                    {"id": id_, "answers": [{"row_id": "9", "text": "zoe@secret.org"}]}
                    for id_ in ("1", "2", "4", "3")  # the last was removed from the survey
                ]
                row["custom_variables"] |= {"note": "secret"}
        return body

    surveys = json.dumps({number(CANDIDATES): "anonymous"})
    loaded = load_from(
        "surveymonkey", serve(Rewritten(app(lambda: world, None), ask_more)), surveys=surveys
    )

    ((*keys, answers),) = query(
        "select collector_id, contact_id, employee_number, email, ticket_id, json_keys(answers)"
        " from raw_surveymonkey.responses"
    )
    assert keys == [None] * 5
    assert {key.split("_")[0] for key in answers} == {
        number(f"{CANDIDATES} {key}") for key in ("QID1", "QID2")
    }
    files = [path.read_bytes() for path in warehouse.parent.parent.rglob("*") if path.is_file()]
    assert files
    recipient = number("CID_1").encode()
    for key in (b"ecret", b"42424242", b"7001", b"203.0.113.7", b"cid_1@", recipient):
        assert not [1 for file in files if key in file]
    (found,) = (count for count in loaded.tables if count.table == "responses")
    dropped = {"dropped_for_anonymity", "ip_address", "email_address", "answer.about_a_person"}
    assert dropped <= found.undeclared.keys()


def test_a_survey_without_news_costs_no_request(shown, load_from, query, counts) -> None:
    first = ["surveys", "details", "collectors", "bulk"]
    load_from("surveymonkey", shown.url)
    # Read whole: once more for what was edited meanwhile.
    assert sorted(shown.requests()) == sorted([*first, "bulk"])

    load_from("surveymonkey", shown.url, as_of=AS_OF + DAY)
    assert shown.requests() == ["surveys"]

    shown.tell(response(9, at=AS_OF + DAY))
    load_from("surveymonkey", shown.url, as_of=AS_OF + 2 * DAY)
    assert sorted(shown.requests()) == sorted(first)
    assert 9 in landed(query)

    edited = [survey("SV_customer_nps", updated_at=AS_OF, name="Renamed")]
    shown.tell(surveys=edited, survey_questions=[])
    load_from("surveymonkey", shown.url, as_of=AS_OF + 3 * DAY)
    assert query("select distinct _deleted_reason from raw_surveymonkey.survey_questions") == [
        ("removed",)
    ]
    assert query("select title from raw_surveymonkey.surveys where id = ?", CUSTOMER_ID) == [
        ("Renamed",)
    ]


def test_a_partial_response_is_completed_later_though_the_survey_says_nothing_new(
    shown, load_from, query
) -> None:
    begun = response(9, at=AS_OF - HOUR, finished=0, answers={"QID1": 3})
    shown.tell(begun)
    load_from("surveymonkey", shown.url)
    shown.requests()

    shown.tell(begun | {"finished": 1, "recorded_at": AS_OF + DAY, "visible_from": AS_OF + DAY})
    load_from("surveymonkey", shown.url, as_of=AS_OF + 13 * DAY)
    assert shown.requests() == ["surveys", "bulk"]
    assert query(
        "select response_status, updated_at from raw_surveymonkey.responses where response_id = ?",
        number("R_0009"),
    ) == [("completed", AS_OF + DAY)]

    # Two weeks after it was begun nobody waits for it any more.
    load_from("surveymonkey", shown.url, as_of=AS_OF + 14 * DAY)
    assert shown.requests() == ["surveys"]


def test_many_of_one_second_and_late_ones_are_read_over_every_page(
    small_pages, serve, load_from, query
) -> None:
    crowd = 5  # with one of the second before, so that an edge of a page lies within
    crowded = [response(n, at=AS_OF - HOUR) for n in range(1, crowd + 1)]
    around = [response(20, at=AS_OF - HOUR - SECOND), response(21, at=AS_OF - HOUR + SECOND)]
    shown = Shown(serve, survey_responses=[*crowded, *around])
    load_from("surveymonkey", shown.url)
    assert landed(query) == [*range(1, crowd + 1), 20, 21]

    shown.tell(
        response(22, at=AS_OF - HOUR),  # shown late, and in the first second of the lookback
        response(23, at=AS_OF),
        response(24, at=AS_OF + 2 * DAY),  # too new for this run
    )
    load_from("surveymonkey", shown.url, as_of=AS_OF + DAY)
    assert landed(query) == [*range(1, crowd + 1), 20, 21, 22, 23]


@pytest.mark.parametrize("moment", [2, 3], ids=["second page", "third page"])
def test_what_changes_on_the_way_pulls_nobody_over_the_edge_of_a_page(
    moment, small_pages, serve, load_from, query
) -> None:
    one_second = [response(n, at=AS_OF - HOUR) for n in range(1, 8)]
    shown = Shown(serve, survey_responses=one_second)
    order = sorted(KNOWN, key=str)
    first = next(KNOWN[id_] for id_ in order if KNOWN[id_] in range(1, 8))

    def edit() -> None:
        shown.tell(response(first, at=AS_OF + HOUR, answers={"QID1": 1}))

    load_from("surveymonkey", serve(Turning(shown.app, BULK, moment, edit)))
    assert landed(query) == list(range(1, 8))


def test_deleted_and_edited_responses_are_found_and_leave_a_key(shown, load_from, query) -> None:
    load_from("surveymonkey", shown.url)
    shown.tell(without=[2])  # fewer than before
    load_from("surveymonkey", shown.url, as_of=AS_OF + DAY)
    assert landed(query) == [1, 3, 4, 5, 6, 7]

    shown.tell(response(9, at=AS_OF + DAY), without=[3])  # as many as before
    load_from("surveymonkey", shown.url, as_of=AS_OF + 29 * DAY)
    assert landed(query) == [1, 4, 5, 6, 7, 9]
    assert (
        query(
            "select contact_id, email, answers, _deleted_reason from raw_surveymonkey.responses"
            " where _deleted_reason is not null"
        )
        == [(None, None, None, "vanished")] * 2
    )


def test_where_the_days_requests_end_the_next_run_goes_on(
    shown, serve, load_from, query, caplog, monkeypatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 3)
    shown.tell(*(response(n) for n in range(8, 12)), response(20, STAFF))
    frames, seen = shown.frames, []
    surveys = json.dumps({CUSTOMER_ID: "identified", number(STAFF): "confidential"})
    for run in range(3):
        url = serve(app(lambda: frames, SimpleNamespace(quota=6)))
        loaded = load_from("surveymonkey", url, surveys=surveys, as_of=AS_OF + run * DAY)
        assert loaded.problem is None
        seen.append(landed(query))

    assert [len(found) for found in seen] == [7, 11, 12]
    assert caplog.text.count("today's requests are used up") == 3


def test_a_whole_reading_leaves_requests_for_what_is_new(shown, serve, load_from) -> None:
    load_from("surveymonkey", shown.url)
    asked: list[str] = []
    scarce = app(lambda: shown.frames, SimpleNamespace(quota=200))
    url = serve(Faulty(scarce, 0, hits=lambda _, path: asked.append(path) or False))
    load_from("surveymonkey", url, as_of=AS_OF + 30 * DAY)

    assert asked == ["/surveys"]


def test_a_whole_reading_that_the_quota_cut_comes_first_the_next_day(
    shown, serve, load_from, query, monkeypatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    monkeypatch.setattr(source, "LEFT_FOR_NEWS", 0)
    load_from("surveymonkey", shown.url)
    shown.tell(without=[5])  # fewer than before, so all of it is due
    for day, quota in ((1, 4), (2, 100)):
        url = serve(app(lambda: shown.frames, SimpleNamespace(quota=quota)))
        assert load_from("surveymonkey", url, as_of=AS_OF + day * DAY).problem is None

    assert landed(query) == [1, 2, 3, 4, 6, 7]


def test_a_misfit_is_set_aside_without_its_content_and_a_survey_without_an_id_is_a_sentence(
    shown, serve, load_from, query
) -> None:
    def spoil(body):
        if body.get("data") and "pages" in body["data"][0]:
            body["data"][0]["pages"] = [{"questions": ["secret"]}]
        return body

    def lose_an_id(body):
        if body.get("data") and "title" in body["data"][-1]:
            body["data"][-1].pop("id")
        return body

    loaded = load_from("surveymonkey", serve(Rewritten(shown.app, spoil)))
    broken = load_from("surveymonkey", serve(Rewritten(shown.app, lose_an_id)))

    (found,) = (table for table in loaded.tables if table.table == "responses")
    assert (loaded.problem, found.new, found.quarantined) == (None, 6, 1)
    assert query("select record from raw_surveymonkey.quarantine") == [("{}",)]
    assert broken.problem.startswith("surveymonkey: listed a survey without an id; see the")
