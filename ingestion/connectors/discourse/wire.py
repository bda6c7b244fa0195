"""One record of each kind as Discourse writes it, undeclared keys included."""

from typing import Any

Row = dict[str, Any]

SYSTEM: Row = {
    "user_id": -1,
    "username": "system",
    "name": "system",
    "email": "no_email",
    "is_moderator": True,
    "created_at": "2023-05-02T09:00:00.000Z",
    "last_seen_at": None,
}


def user(row: Row, with_email: bool) -> Row:
    """Return an account as the list of those who look after the forum shows it."""
    email = {"email": row["email"], "secondary_emails": ["denied@example.org"]}
    return {
        "id": row["user_id"],
        "username": row["username"],
        "name": row["name"],
        "avatar_template": "/letter_avatar/{size}.png",
        **(email if with_email else {}),
        "active": True,
        "admin": row["user_id"] < 0,
        "moderator": row["is_moderator"],
        "last_seen_at": row["last_seen_at"],
        "last_emailed_at": None,
        "created_at": row["created_at"],
        "last_seen_age": 4_000.5,
        "last_emailed_age": None,
        "created_at_age": 9_000_000.25,
        "trust_level": 2,
        "manual_locked_trust_level": None,
        "title": None,
        "time_read": 1_200,
        "staged": False,
        "days_visited": 12,
        "posts_read_count": 340,
        "topics_entered": 60,
        "post_count": row.get("post_count", 0),
    }


def post(row: Row, author: Row | None) -> Row:
    """Return a post as the list of the newest shows it to somebody who looks after the forum."""
    author = author or {"username": None, "name": None, "is_moderator": False}
    return {
        "id": row["post_id"],
        "name": author["name"],
        "username": author["username"],
        "avatar_template": "/letter_avatar/{size}.png",
        "created_at": row["created_at"],
        "cooked": f"<p>{row['body']}</p>",
        "post_number": row["post_number"],
        "post_type": 1,
        "updated_at": row["updated_at"],
        "reply_count": 0,
        "reply_to_post_number": row["reply_to_post_number"],
        "quote_count": 0,
        "incoming_link_count": 0,
        "reads": 31,
        "readers_count": 30,
        "score": 6.2,
        "yours": False,
        "topic_id": row["topic_id"],
        "topic_slug": f"topic-{row['topic_id']}",
        "topic_title": f"Topic {row['topic_id']}",
        "topic_html_title": f"Topic {row['topic_id']}",
        "category_id": row["category_id"],
        "display_username": author["name"],
        "version": row["version"],
        "can_edit": True,
        "user_title": None,
        "raw": row["body"],
        "actions_summary": [{"id": 2, "count": row["likes"]}] if row["likes"] else [],
        "moderator": author["is_moderator"],
        "admin": False,
        "staff": author["is_moderator"],
        "user_id": row["user_id"] if author["username"] else None,
        "hidden": row["hidden"],
        "trust_level": 2,
        "deleted_at": None,
        "user_deleted": row["user_deleted"],
        "edit_reason": None,
        "can_view_edit_history": True,
        "wiki": False,
        "excerpt": row["body"][:40],
        **({"via_email": True} if row["post_id"] % 9 == 0 else {}),
    }


def like(row: Row, liker: Row, author: Row | None) -> Row:
    """Return a like as the stream of its giver's doings shows it."""
    author = author or {"user_id": None, "username": None, "name": None}
    return {
        "excerpt": row["body"][:300],
        "action_type": 1,
        "created_at": row["created_at"],
        "avatar_template": "/letter_avatar/{size}.png",
        "acting_avatar_template": "/letter_avatar/{size}.png",
        "slug": f"topic-{row['topic_id']}",
        "topic_id": row["topic_id"],
        "target_user_id": liker["user_id"],
        "target_name": liker["name"],
        "target_username": liker["username"],
        "post_number": row["post_number"],
        "post_id": row["post_id"],
        "reply_to_post_number": row["reply_to_post_number"],
        "username": author["username"],
        "name": author["name"],
        "user_id": author["user_id"],
        "acting_username": liker["username"],
        "acting_name": liker["name"],
        "acting_user_id": liker["user_id"],
        "title": f"Topic {row['topic_id']}",
        "deleted": False,
        "hidden": row["hidden"],
        "post_type": 1,
        "action_code": None,
        "edit_reason": None,
        "category_id": row["category_id"],
        "closed": False,
        "archived": False,
    }
