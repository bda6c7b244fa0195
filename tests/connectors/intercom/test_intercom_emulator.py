"""The emulator speaks as Intercom's specification and recorded answers do."""

import base64
from datetime import UTC, datetime, timedelta

import httpx
import intercom_world as desk
import pytest

from ingestion.connectors.intercom import paging
from ingestion.connectors.intercom.emulator import ZONE, app

HEADERS = {"Authorization": "Bearer sandbox", "Intercom-Version": "2.15"}


@pytest.fixture
def ask(serve):
    """Ask an emulator over a world; a body makes it a POST."""

    def asking(world, faults=None, headers=HEADERS):
        url = serve(app(lambda: world, faults))

        def ask(path, body=None, **params):
            method = "POST" if body else "GET"
            return httpx.request(method, f"{url}/{path}", json=body, params=params, headers=headers)

        return ask

    return asking


def ids(answer, rows="data"):
    return [row["id"] for row in answer.json()[rows]]


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        (HEADERS | {"Authorization": "Bearer other"}, 401, "unauthorized"),
        (HEADERS | {"Intercom-Version": "0.1"}, 400, "parameter_invalid"),
        ({"Authorization": "Bearer sandbox"}, 400, "parameter_invalid"),
    ],
)
def test_who_is_not_let_in_gets_the_vendors_error(ask, headers, status, code) -> None:
    answer = ask(desk.tables(), headers=headers)("admins")

    assert answer.status_code == status
    assert answer.json()["type"] == "error.list"
    assert [error["code"] for error in answer.json()["errors"]] == [code]


def test_a_search_is_walked_by_starting_after_and_its_last_page_has_no_next(ask) -> None:
    asked = ask(desk.tables(tickets=[desk.ticket(n) for n in range(1, 6)]))
    body = paging.everything()
    body["pagination"]["per_page"] = 2
    walked = []
    while True:
        page = asked("conversations/search", body).json()
        walked.append([row["id"] for row in page["conversations"]])
        if "next" not in page["pages"]:
            break
        body["pagination"]["starting_after"] = page["pages"]["next"]["starting_after"]

    assert walked == [["1", "2"], ["3", "4"], ["5"]]
    assert page["total_count"] == 5
    assert page["pages"]["total_pages"] == 3
    assert "conversation_parts" not in page["conversations"][0]


def test_a_cursor_that_was_touched_is_refused(ask) -> None:
    body = paging.everything()
    body["pagination"]["starting_after"] = base64.b64encode(b"[17,1]").decode()

    assert ask(desk.tables())("contacts/search", body).status_code == 400


def test_a_date_of_contacts_is_a_whole_day_of_the_workspace_and_of_conversations_a_second(
    ask,
) -> None:
    noon = datetime(2026, 6, 10, 12, tzinfo=ZONE)
    moments = [noon, noon + timedelta(hours=1), noon + timedelta(days=1)]
    asked = ask(
        desk.tables(
            support_users=[desk.user(n, at.astimezone(UTC)) for n, at in enumerate(moments, 1)],
            tickets=[desk.ticket(n, at.astimezone(UTC)) for n, at in enumerate(moments, 7)],
            satisfaction_ratings=[],
        )
    )
    body = paging.search("updated_at", int(noon.timestamp()))

    assert [int(id_, 16) for id_ in ids(asked("contacts/search", body))] == [3]
    assert ids(asked("conversations/search", body), "conversations") == ["8", "9"]
    body["query"]["value"][0]["operator"] = "="
    assert [int(id_, 16) for id_ in ids(asked("contacts/search", body))] == [1, 2]
    body["query"]["value"][0]["operator"] = ">="
    assert asked("contacts/search", body).status_code == 400


def test_a_conversation_read_alone_tells_what_was_said_and_done(ask) -> None:
    whole = ask(desk.tables())("conversations/1", display_as="plaintext").json()
    html = ask(desk.tables())("conversations/1").json()

    parts = whole["conversation_parts"]["conversation_parts"]
    assert [(part["part_type"], part["author"]["type"]) for part in parts] == [
        ("comment", "bot"),
        ("assignment", "bot"),
        ("note", "admin"),
        ("comment", "admin"),
        ("snoozed", "admin"),
        ("comment", "user"),
        ("close", "admin"),
    ]
    assert parts[1]["assigned_to"] == {"type": "admin", "id": str(desk.AGENT)}
    assert whole["source"]["body"] == "Wo ist meine Rechnung? ✉️"
    assert html["source"]["body"] == "<p>Wo ist meine Rechnung? ✉️</p>"
    assert whole["conversation_rating"]["rating"] in (4, 5)


def test_what_was_deleted_merged_or_erased_is_nowhere(ask) -> None:
    asked = ask(
        desk.tables(
            tickets=[desk.ticket(1, status="deleted"), desk.ticket(2)],
            support_users=[
                desk.user(11),
                desk.user(12, active=False, merged=True),
                desk.agent(13, active=False),
                desk.agent(14),
            ],
        )
    )
    everything = paging.everything()

    assert ids(asked("conversations/search", everything), "conversations") == ["2"]
    assert asked("conversations/1").status_code == 404
    assert [int(id_, 16) for id_ in ids(asked("contacts/search", everything))] == [11]
    assert ids(asked("admins"), "admins") == ["14"]


def test_the_quota_is_told_and_kept(ask) -> None:
    class Faults:
        quota = 2

    asked = ask(desk.tables(), Faults())
    told = [asked("admins") for _ in range(5)]

    assert told[0].headers["x-ratelimit-limit"] == "2"
    refused = next(answer for answer in told if answer.status_code == 429)
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert int(refused.headers["x-ratelimit-reset"]) % 10 == 0
    assert refused.json()["errors"][0]["code"] == "rate_limit_exceeded"
