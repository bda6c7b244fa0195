"""The small community as YouTube shows it: one channel, and what is written under its films."""

from community_world import after, channel, comment, tables

__all__ = ["after", "channel", "comment", "tables"]
