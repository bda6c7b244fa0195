"""The small world of applications as Greenhouse holds it."""

from talent_world import after, application, candidate, tables

__all__ = ["after", "application", "candidate", "tables"]
