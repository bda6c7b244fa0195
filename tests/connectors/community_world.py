"""A forum and a channel small enough to know by heart."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from frames import frame

from ingestion.sandbox.versions import TABLES

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
FIRST = 101  # the number of the first account


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def user(id_: int, joined: datetime = START, **other: Any) -> dict[str, Any]:
    return {
        "user_id": id_, "person_uid": f"P{id_}", "username": f"zoe{id_}", "name": "Zoë Łukasz",
        "email": f"zoe{id_}@example.org", "is_moderator": False, "created_at": joined,
        "updated_at": joined, **other,
    }  # fmt: skip


def post(id_: int, written: datetime | None = None, **other: Any) -> dict[str, Any]:
    written = written or after(id_)
    return {
        "post_id": id_, "topic_id": 7, "post_number": id_, "user_id": FIRST, "category_id": 4,
        "version": 1, "reply_to_post_number": None, "body": f"Was für ein Abend! {id_} ⚽",
        "hidden": False, "user_deleted": False, "created_at": written, "updated_at": written,
        **other,
    }  # fmt: skip


def like(post_id: int, user_id: int = FIRST + 1, given: datetime | None = None, **other: Any):
    given = given or after(500 + post_id)
    return {"post_id": post_id, "user_id": user_id, "created_at": given, "undone_at": None, **other}


def comment(id_: str, minutes: float, parent: str | None = None, **other: Any) -> dict[str, Any]:
    return {
        "comment_id": id_, "parent_id": parent, "video_id": "film0000001", "like_count": 2,
        "author_channel_id": "UCviewer1", "person_uid": "P1", "author_name": "@zoe",
        "body": f"Gänsehaut {id_} 🎬", "published_at": after(minutes), "updated_at": after(minutes),
        **other,
    }  # fmt: skip


def channel(subscribers: int = 41_283, **other: Any) -> dict[str, Any]:
    return {
        "channel_id": "UCNorthlightSandbox00000", "title": "Northlight", "films": 181,
        "subscribers": subscribers, "views": 5_412_345, "updated_at": START, **other,
    }  # fmt: skip


def tables(**records: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the community's tables, those named replaced."""
    default = {
        "community_users": [user(FIRST), user(FIRST + 1), user(FIRST + 2, is_moderator=True)],
        "community_posts": [
            post(11),
            post(12, version=2, updated_at=after(90)),
            post(14, hidden=True),
            post(15, user_deleted=True, body="(post deleted by author)", version=2),
            post(18, user_id=FIRST + 2),
        ],
        "community_likes": [like(11), like(12), like(18), like(14, undone_at=after(600))],
        "film_comments": [
            comment("UgA", 1),
            comment("UgB", 2, updated_at=after(70)),
            comment("UgC", 3),
            *(comment(f"UgA.{n}", 10 + n, "UgA", author_channel_id="UCv2") for n in range(7)),
            comment("UgC.1", 30, "UgC", author_channel_id="UCNorthlightSandbox00000"),
        ],
        "film_channels": [channel()],
    }
    return {name: frame(TABLES[name].columns, (default | records)[name]) for name in default}
