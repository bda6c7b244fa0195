"""Typeform's responses through the pipeline: all of them, once, and of nobody more than promised."""

import json
from datetime import timedelta

import pytest
from faulty import Faulty, Rewritten, Turning
from small_worlds import AS_OF
from typeform_world import DECLARED, response, tables

from ingestion.connectors.typeform import paging
from ingestion.connectors.typeform.emulator import app

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
RESPONSES = "/customer_nps/responses"


@pytest.fixture
def small_pages(monkeypatch) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)


@pytest.fixture
def shown(serve):
    """Serve surveys that change: `now` holds the responses, `url` is where, `asked` what for."""

    class Shown:
        def __init__(self) -> None:
            self.now = [response(number) for number in range(1, 8)]
            self.asked: list[str] = []
            self.frames = (self.now, tables(survey_responses=self.now))
            self.app = app(self.tables, None)
            watched = Faulty(self.app, 0, hits=lambda _, path: self.asked.append(path) or False)
            self.url = serve(watched)

        def tables(self):
            if self.frames[0] is not self.now:
                self.frames = (self.now, tables(survey_responses=self.now))
            return self.frames[1]

        def without(self, *numbers: int) -> None:
            gone = {f"R_{number:04d}" for number in numbers}
            self.now = [row for row in self.now if row["response_id"] not in gone]

    return Shown()


def landed(query) -> list[int]:
    rows = query("select response_id from raw_typeform.responses where _deleted_reason is null")
    return sorted(int(id_[2:]) for (id_,) in rows)


def test_a_load_is_the_vendors_truth_row_for_row_and_the_next_changes_nothing(
    small_pages, serve, load_from, query, counts
) -> None:
    world = tables()
    url = serve(app(lambda: world, None))
    first, second = (counts(load_from("typeform", url, surveys=DECLARED)) for _ in range(2))

    assert first == {"forms": (4, 0, 0), "form_fields": (9, 0, 0), "responses": (9, 0, 0)}
    assert second == {"forms": (0, 0, 4), "form_fields": (0, 0, 9)}
    told = query(
        "select response_id, form_id, response_type, landed_at, submitted_at, contact_id,"
        " employee_number, email, ticket_id, answers from raw_typeform.responses order by 1"
    )
    for row, true in zip(told, world["survey_responses"].head(9).itertuples(), strict=True):
        assert row[:5] == (
            true.response_id, true.survey_id.removeprefix("SV_"),
            "completed" if true.finished else "partial",
            true.started_at, true.recorded_at if true.finished else None,
        )  # fmt: skip
        numbers = {key[-2:]: value for key, value in json.loads(row[-1]).items()}
        answers = json.loads(true.answers)
        assert numbers["q1"] == answers["QID1"]
        assert numbers.get("q2") == answers.get("QID2_TEXT")
    assert told[5][5:] == (
        "7001", None, "cid_1@example.org", "4711",
        '{"customer_nps_q1": 9, "customer_nps_q4": "Worse than expected"}',
    )  # fmt: skip
    assert told[7][5:9] == (None, "E42", "cid_2@example.org", None)


def test_nothing_that_leads_to_a_person_lands_of_an_anonymous_form(
    serve, load_from, query, warehouse
) -> None:
    world = tables()

    def ask_more(body):
        if "settings" in body and body["id"] == "candidate_csat":
            name = {"id": "name", "ref": "name", "type": "short_text", "title": "?"}
            who = {"id": "who", "type": "contact_info", "properties": {"fields": [name]}}
            body["fields"].append(who)
        for item in body.get("items", []):
            if "answers" in item:
                mail = {"field": {"id": "mail", "type": "email"}, "type": "email"}
                text = {"field": {"id": "name", "type": "short_text"}, "type": "text"}
                gone = {"field": {"id": "gone", "type": "short_text"}, "type": "text"}
                item["answers"] += [
                    mail | {"email": "zoe@secret.org"},
                    text | {"text": "Secret"},
                    gone | {"text": "Secret, of a question that was removed"},
                ]
                item["hidden"] |= {"response_id": "secret", "note": "secret"}
        return body

    url = serve(Rewritten(app(lambda: world, None), ask_more))
    surveys = '{"candidate_csat": "anonymous"}'
    loaded = load_from("typeform", url, surveys=surveys)

    assert query(
        "select response_id, contact_id, employee_number, email, ticket_id,"
        " json_keys(answers) from raw_typeform.responses"
    ) == [("R_0009", None, None, None, None, ["candidate_csat_q1", "candidate_csat_q2"])]
    folder = warehouse.parent.parent
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert files
    for key in (b"ecret", b"42424242", b"7001", b"203.0.113.7", b"Mozilla"):
        assert not [1 for file in files if key in file]
    (found,) = (count for count in loaded.tables if count.table == "responses")
    dropped = {"dropped_for_anonymity", "metadata", "answer.email", "answer.text", "hidden.note"}
    assert dropped <= found.undeclared.keys()

    # Of a form that becomes anonymous later the keys are overwritten.
    load_from("typeform", url, surveys='{"customer_nps": "identified"}')
    emails = "select distinct email from raw_typeform.responses where form_id = 'customer_nps'"
    assert query(emails) == [("cid_1@example.org",)]
    load_from("typeform", url, surveys='{"customer_nps": "anonymous"}')
    assert query(emails) == [(None,)]


def test_a_partial_response_is_completed_under_its_own_id(shown, load_from, query) -> None:
    begun = response(9, at=AS_OF - HOUR, finished=0, answers={"QID1": 3})
    shown.now = [*shown.now, begun, response(10, at=AS_OF - HOUR, finished=0)]
    load_from("typeform", shown.url)
    kinds = "select response_id, response_type, submitted_at from raw_typeform.responses"
    open_ones = " where response_id > 'R_0008' order by 1"
    assert query(kinds + open_ones) == [("R_0009", "partial", None), ("R_0010", "partial", None)]

    later = response(9, at=AS_OF + HOUR)
    shown.now = [*(row for row in shown.now if row is not begun), later]
    load_from("typeform", shown.url, as_of=AS_OF + DAY)
    assert query(kinds + open_ones) == [
        ("R_0009", "completed", AS_OF + HOUR),
        ("R_0010", "partial", None),
    ]


def test_one_that_is_completed_while_it_is_read_is_not_lost(shown, serve, load_from, query) -> None:
    begun = response(9, at=AS_OF - HOUR, finished=0)
    shown.now = [begun, response(10)]

    def complete() -> None:
        shown.now = [response(9, at=AS_OF - SECOND), response(10)]

    load_from("typeform", serve(Turning(shown.app, RESPONSES, 1, complete)))

    assert query("select response_id, response_type from raw_typeform.responses order by 1") == [
        ("R_0009", "completed"), ("R_0010", "completed"),
    ]  # fmt: skip


def test_a_form_without_an_id_is_a_broken_answer_in_one_sentence(serve, load_from) -> None:
    world = tables()

    def spoil(body):
        if "page_count" in body and "settings" in body["items"][0]:
            body["items"][-1].pop("id")
        return body

    loaded = load_from("typeform", serve(Rewritten(app(lambda: world, None), spoil)))

    assert loaded.problem.startswith("typeform: listed a survey without an id; see the vendor's")


def test_an_address_that_was_asked_for_names_who_hands_nothing_over_and_misfits_are_set_aside(
    serve, load_from, query
) -> None:
    world = tables(survey_responses=[response(n, contact_id=None) for n in (1, 2)])

    def ask(body):
        for item in body.get("items", []):
            mail = {"field": {"id": "mail", "type": "email"}, "type": "email"}
            item.setdefault("answers", []).append(mail | {"email": "zoe@example.org"})
        if body.get("items") and "token" in body["items"][0]:
            strange = {"response_id": "R_9", "token": "R_9", "answers": ["secret"]}
            body["items"].insert(0, strange)
        return body

    loaded = load_from("typeform", serve(Rewritten(app(lambda: world, None), ask)))

    (found,) = (table for table in loaded.tables if table.table == "responses")
    assert (loaded.problem, found.new, found.quarantined) == (None, 2, 1)
    assert query("select distinct email, json_keys(answers) from raw_typeform.responses") == [
        ("zoe@example.org", ["customer_nps_q1", "customer_nps_q2"])
    ]
    assert query("select record from raw_typeform.quarantine") == [("{}",)]


def test_many_of_one_second_are_read_over_every_page_and_late_ones_with_the_next_run(
    small_pages, shown, load_from, query
) -> None:
    crowd = 4  # so that the last page is full
    shown.now = [response(n, at=AS_OF - HOUR) for n in range(1, crowd + 1)]
    declared = '{"customer_nps": "identified", "gone": "identified"}'
    load_from("typeform", shown.url, surveys=declared)
    assert landed(query) == list(range(1, crowd + 1))
    # Nothing is opened but what is declared and there.
    assert {path.split("/")[2] for path in shown.asked if path != "/forms"} == {"customer_nps"}

    shown.now = [
        *shown.now,
        response(20, at=AS_OF - HOUR),  # shown late, and in the first second of the lookback
        response(21, at=AS_OF),
        response(22, at=AS_OF + 2 * DAY),  # too new for this run
    ]
    load_from("typeform", shown.url, surveys=declared, as_of=AS_OF + DAY)
    assert landed(query) == [*range(1, crowd + 1), 20, 21]


def test_the_walk_goes_on_where_the_response_of_its_token_was_deleted(
    small_pages, serve, shown, load_from, query
) -> None:
    # Answer 1 is of the partial ones, 2 the first page (7, 6) of the completed ones, 3 the second.
    turning = Turning(shown.app, RESPONSES, 2, lambda: shown.without(5, 6))
    loaded = load_from("typeform", serve(turning))

    assert loaded.problem is None
    assert landed(query) == [1, 2, 3, 4, 6, 7]


def test_deleted_responses_are_found_within_a_week_and_leave_a_key(
    small_pages, shown, load_from, query
) -> None:
    load_from("typeform", shown.url)
    shown.without(2, 3)
    shown.now = [*shown.now, *(response(n, at=AS_OF + n * HOUR) for n in (11, 12, 13))]
    shown.asked.clear()
    load_from("typeform", shown.url, as_of=AS_OF + 6 * DAY)
    # An increment ends with the page that lies before its lookback: (13, 12), (11, 7), (6, 5).
    assert sum(path.endswith(RESPONSES) for path in shown.asked) == 1 + 3
    assert landed(query) == [*range(1, 8), 11, 12, 13]

    load_from("typeform", shown.url, as_of=AS_OF + 7 * DAY)
    assert landed(query) == [1, 4, 5, 6, 7, 11, 12, 13]
    assert query(
        "select response_id, contact_id, email, answers, _deleted_reason from raw_typeform.responses"
        " where _deleted_reason is not null order by 1"
    ) == [(f"R_000{n}", None, None, None, "vanished") for n in (2, 3)]
