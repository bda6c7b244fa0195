"""The emulator speaks as YouTube's documentation does."""

import httpx
import pytest
import youtube_world as studio

from ingestion.connectors.youtube.emulator import app

KEY = {"X-Goog-Api-Key": "sandbox"}
CHANNEL = "UCNorthlightSandbox00000"
THREADS = {"part": "snippet,replies", "allThreadsRelatedToChannelId": CHANNEL, "order": "time",
           "textFormat": "plainText"}  # fmt: skip


@pytest.fixture
def ask(serve):
    def asking(world, faults=None, headers=KEY, **made):
        url = serve(app(lambda: world, faults, **made))
        return lambda path, **params: httpx.get(
            f"{url}/youtube/v3/{path}", params=params, headers=headers
        )

    return asking


def reason(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["errors"][0]["reason"]


def test_threads_come_newest_first_with_five_replies_and_the_last_page_has_no_token(ask) -> None:
    asked = ask(studio.tables())
    first = asked("commentThreads", **THREADS, maxResults=2).json()
    last = asked("commentThreads", **THREADS, maxResults=2, pageToken=first["nextPageToken"]).json()

    assert [item["id"] for item in first["items"]] == ["UgC", "UgB"]
    assert [item["id"] for item in last["items"]] == ["UgA"]
    assert "nextPageToken" not in last
    assert "replies" not in first["items"][1]
    thread = last["items"][0]
    assert thread["snippet"]["totalReplyCount"] == 7
    assert [reply["id"] for reply in thread["replies"]["comments"]] == [
        f"UgA.{n}" for n in (6, 5, 4, 3, 2)
    ]
    replies = asked("comments", part="snippet", parentId="UgA", textFormat="plainText").json()
    assert [row["id"] for row in replies["items"]] == [f"UgA.{n}" for n in range(6, -1, -1)]
    assert "videoId" not in replies["items"][0]["snippet"]


def test_counts_are_texts_and_subscribers_have_three_figures(ask) -> None:
    (item,) = ask(studio.tables())("channels", part="statistics", id=f"{CHANNEL},UCx").json()[
        "items"
    ]

    assert item["statistics"]["subscriberCount"] == "41200"
    assert item["statistics"]["viewCount"] == "5412345"


def test_refusals_say_why(ask) -> None:
    class Faults:
        quota = 1

    assert reason(ask(studio.tables(), headers={})("channels", part="statistics")) == (
        403,
        "forbidden",
    )
    asked = ask(studio.tables(), Faults())
    assert asked("commentThreads", **THREADS).status_code == 200
    assert reason(asked("commentThreads", **THREADS)) == (403, "quotaExceeded")
    asked = ask(studio.tables())
    assert reason(asked("commentThreads", **THREADS, maxResults=101)) == (400, "badRequest")
    assert reason(asked("commentThreads", **THREADS, pageToken="forged")) == (400, "badRequest")
    nobody = asked("comments", part="snippet", parentId="UgZ", textFormat="plainText")
    assert reason(nobody) == (404, "parentCommentNotFound")
