"""The small world of applications as Lever holds it."""

from talent_world import after, application, candidate, entry, offer, tables

from ingestion.connectors.lever.wire import uid

__all__ = ["after", "application", "candidate", "entry", "offer", "tables", "uid"]
