"""One record of each kind as YouTube writes it, undeclared keys included."""

from typing import Any

Row = dict[str, Any]

INLINE = 5


def comment(row: Row, channel: str, in_thread: bool) -> Row:
    """Return a comment; asked for by its parent it does not say of which film."""
    parent = {"parentId": row["parent_id"]} if row["parent_id"] else {}
    film = {"videoId": row["video_id"]} if in_thread else {}
    return {
        "kind": "youtube#comment",
        "etag": f"etag-{row['comment_id']}",
        "id": row["comment_id"],
        "snippet": {
            "channelId": channel,
            **film,
            "textDisplay": row["body"],
            "textOriginal": row["body"],
            **parent,
            "authorDisplayName": row["author_name"],
            "authorProfileImageUrl": "https://denied.example/face.jpg",
            "authorChannelUrl": f"http://www.youtube.com/channel/{row['author_channel_id']}",
            "authorChannelId": {"value": row["author_channel_id"]},
            "canRate": True,
            "viewerRating": "none",
            "likeCount": row["like_count"],
            "publishedAt": row["published_at"],
            "updatedAt": row["updated_at"],
        },
    }


def thread(row: Row, replies: list[Row], channel: str) -> Row:
    """Return a thread: its first comment and, where there are any, the newest of its replies."""
    shown = [comment(reply, channel, in_thread=True) for reply in replies[:INLINE]]
    return {
        "kind": "youtube#commentThread",
        "etag": f"etag-thread-{row['comment_id']}",
        "id": row["comment_id"],
        "snippet": {
            "channelId": channel,
            "videoId": row["video_id"],
            "topLevelComment": comment(row, channel, in_thread=True),
            "canReply": True,
            "totalReplyCount": len(replies),
            "isPublic": True,
        },
        **({"replies": {"comments": shown}} if shown else {}),
    }


def channel(row: Row) -> Row:
    """Return a channel's counts: numbers as text, subscribers rounded down to three figures."""
    step = 10 ** max(0, len(str(row["subscribers"])) - 3)
    return {
        "kind": "youtube#channel",
        "etag": "etag-channel",
        "id": row["channel_id"],
        "statistics": {
            "viewCount": str(row["views"]),
            "subscriberCount": str(row["subscribers"] // step * step),
            "hiddenSubscriberCount": False,
            "videoCount": str(row["films"]),
        },
    }
