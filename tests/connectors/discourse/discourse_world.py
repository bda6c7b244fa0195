"""The small community as a Discourse forum holds it."""

from community_world import FIRST, after, like, post, tables, user

__all__ = ["FIRST", "after", "like", "post", "tables", "user"]
