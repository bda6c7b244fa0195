"""The emulator speaks as Discourse's own source does."""

import discourse_world as forum
import httpx
import pytest

from ingestion.connectors.discourse.emulator import app

HEADERS = {"Api-Key": "sandbox", "Api-Username": "system"}


@pytest.fixture
def ask(serve):
    def asking(world, faults=None, headers=HEADERS, **made):
        url = serve(app(lambda: world, faults, **made))
        return lambda path, **params: httpx.get(f"{url}/{path}", params=params, headers=headers)

    return asking


def ids(answer) -> list[int]:
    return [row["id"] for row in answer.json()["latest_posts"]]


def test_who_is_not_let_in_and_who_asks_too_often_hears_it_in_the_vendors_words(ask) -> None:
    class Faults:
        quota = 1

    foreign = ask(forum.tables(), headers=HEADERS | {"Api-Key": "other"})("posts.json")
    assert (foreign.status_code, foreign.json()["error_type"]) == (403, "invalid_access")
    asked = ask(forum.tables(), Faults())
    refused = [asked("posts.json") for _ in range(3)][-1]
    assert (refused.status_code, refused.json()["error_type"]) == (429, "rate_limit")
    assert refused.json()["extras"]["wait_seconds"] > 0
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert ask(forum.tables())("t/1.json").json()["error_type"] == "not_found"


def test_a_new_forum_looks_for_fifty_posts_and_an_old_one_among_fifty_numbers(ask) -> None:
    world = forum.tables(community_posts=[forum.post(n) for n in (*range(1, 60), 200)])
    new, old = ask(world), ask(world, is_old=True)

    assert ids(new("posts.json")) == [200, *range(59, 10, -1)]
    assert ids(new("posts.json", before=11)) == list(range(10, 0, -1))
    assert ids(new("posts.json", before=1)) == []
    assert ids(old("posts.json")) == [200]
    assert ids(old("posts.json", before=150)) == []
    assert ids(old("posts.json", before=59)) == list(range(59, 9, -1))


def test_accounts_come_newest_first_and_addresses_only_where_asked_for(ask) -> None:
    late = forum.user(90, forum.after(5))
    asked = ask(forum.tables(community_users=[forum.user(101), forum.user(102), late]))
    shown = asked("admin/users/list/new.json", page=1, show_emails="true").json()

    assert [row["id"] for row in shown] == [90, 101, 102, -1]
    assert "email" not in asked("admin/users/list/new.json").json()[0]
    assert asked("admin/users/list/new.json", page=2).json() == []
    assert shown[1]["last_seen_at"] == "2026-06-01T08:15:00.000Z"


def test_likes_are_told_by_who_gave_them_without_those_undone_or_of_what_is_gone(ask) -> None:
    asked = ask(forum.tables(community_likes=[forum.like(11), forum.like(14, undone_at=forum.after(9)),
                                              forum.like(99), forum.like(12)]))  # fmt: skip
    given = asked("user_actions.json", username="zoe102", filter=1).json()["user_actions"]

    assert [(row["post_id"], row["acting_user_id"]) for row in given] == [(12, 102), (11, 102)]
    assert asked("user_actions.json", username="nobody", filter=1).status_code == 404
    assert asked("user_actions.json", username="zoe102").status_code == 400
